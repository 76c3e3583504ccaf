// lictor init [DIR]: a new bundle, small enough to read in a minute, that passes check and test.
#include <fmt/format.h>

#include <filesystem>

#include "cli/command.h"
#include "cli/files.h"
#include "cli/report.h"

namespace lictor::cli {
namespace {

struct Options {
  std::string folder = ".";
};

struct NewFile {
  std::string path;
  std::string text;
};

constexpr std::string_view kPolicy = R"(/// Who may do what with which document.
module documents

enum Level { guest < member < owner }

entity User { level: Level }
entity Document { author: User, sealed: bool = false }

/// What each action needs at least.
relation needs(action: string, level: Level) key(action) {
  ("read",   guest)
  ("edit",   member)
  ("delete", owner)
}

request Access { user: User, document: Document, action: string }

decision access(r: Access) {
  default deny "nothing allows {r.user} to {r.action}"

  allow level: "a {r.user.level} may {r.action}"
    if needs(r.action, n), r.user.level >= n.
  allow author: "authors may edit what they wrote"
    if r.action == "edit", r.document.author == r.user.
  deny sealed: "the document is sealed"
    if r.document.sealed, r.action != "read".
}
)";

constexpr std::string_view kTests = R"(module documents_test
use documents (User, Document, access)

test "a guest reads, and no more" {
  given User("ann", level: guest), User("bob", level: owner)
  given Document("plan", author: "bob")
  expect access(user: "ann", document: "plan", action: "read") allow level
  expect access(user: "ann", document: "plan", action: "edit") deny default
}

test "authors edit, unless the document is sealed" {
  given User("ann", level: guest)
  given Document("diary", author: "ann"), Document("will", author: "ann", sealed: true)
  expect access(user: "ann", document: "diary", action: "edit") allow author
  expect access(user: "ann", document: "will", action: "edit") deny sealed reason "the document is sealed"
}
)";

constexpr std::string_view kFacts = R"({
  "entities": {
    "User": {"ann": {"level": "guest"}, "bob": {"level": "owner"}},
    "Document": {"plan": {"author": "bob"}, "diary": {"author": "ann"}, "will": {"author": "bob", "sealed": true}}
  }
}
)";

constexpr std::string_view kRequest = R"({"user": "ann", "document": "plan", "action": "edit"}
)";

/// A name for lictor.toml: the folder's, without what does not belong into a name.
std::string bundle_name(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::path full = std::filesystem::weakly_canonical(folder, error);
  std::string out;
  for (char c : (error ? folder : full).filename().string()) {
    bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    if (plain) out += c;
  }
  return out.empty() ? "documents" : out;
}

std::vector<NewFile> new_files(const std::filesystem::path& folder) {
  return {{"lictor.toml", fmt::format("name = \"{}\"\nversion = \"0.1.0\"\n", bundle_name(folder))},
          {"documents.lictor", std::string(kPolicy)},
          {"documents_test.lictor", std::string(kTests)},
          {"facts.json", std::string(kFacts)},
          {"request.json", std::string(kRequest)}};
}

Result<void> make_bundle(const std::filesystem::path& folder, const std::vector<NewFile>& files) {
  std::error_code error;
  if (std::filesystem::exists(folder, error) && !std::filesystem::is_directory(folder, error))
    return fail(ErrorKind::kUsage, fmt::format("`{}` is a file; name a folder", folder.string()));
  for (const NewFile& file : files) {
    if (std::filesystem::exists(std::filesystem::symlink_status(folder / file.path, error))) {
      return fail(ErrorKind::kUsage,
                  fmt::format("`{}` exists already; nothing was written", (folder / file.path).string()));
    }
  }
  std::filesystem::create_directories(folder, error);
  if (error)
    return fail(ErrorKind::kUnavailable, fmt::format("`{}` cannot be made: {}", folder.string(), error.message()));
  for (const NewFile& file : files) {
    if (Result<void> made = make_file((folder / file.path).string(), file.text); !made) return made;
  }
  return {};
}

int run_init(const Options& options, Output& output) {
  std::vector<NewFile> files = new_files(options.folder);
  if (Result<void> made = make_bundle(options.folder, files); !made)
    return report(made.error(), nullptr, "text", output);
  std::string out = fmt::format("A new bundle in {}:\n", printable(options.folder));
  for (const NewFile& file : files) out += fmt::format("  {}\n", file.path);
  std::string enter = options.folder == "." ? "" : fmt::format("  cd {}\n", printable(options.folder));
  output.data(out);
  output.message(
      fmt::format("\nNext:\n{}  lictor check .\n  lictor test .\n"
                  "  lictor eval -b . --facts facts.json -r request.json --explain\n",
                  enter));
  return kExitOk;
}

}  // namespace

void add_init(CLI::App& command, Run& run) {
  auto options = std::make_shared<Options>();
  command.add_option("DIR", options->folder, "where; it is made if need be (default: here)");
  set_examples(command, "lictor init\nlictor init policies/documents");
  on_chosen<Options>(command, run, options, run_init);
}

}  // namespace lictor::cli
