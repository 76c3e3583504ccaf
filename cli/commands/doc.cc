// lictor doc: reference pages of a bundle as static HTML.
#include <fmt/format.h>

#include <filesystem>

#include "cli/command.h"
#include "cli/doc/pages.h"
#include "cli/files.h"
#include "cli/options.h"
#include "cli/report.h"
#include "grammar/format.h"
#include "grammar/parse.h"
#include "host/bundle_files.h"

namespace lictor::cli {
namespace fs = std::filesystem;
namespace {

struct Options {
  std::vector<std::string> paths;
  std::string folder;
};

/// Pages show policies in the canonical layout, however they are written.
std::string laid_out(const SourceText& text) {
  SourceMap sources;
  uint32_t file = sources.add(text.name, text.text);
  Diagnostics diagnostics(sources);
  SyntaxTree tree = parse(sources, file, diagnostics);
  return diagnostics.has_errors() ? text.text : format(tree);
}

Result<void> write_page(const fs::path& path, const std::string& text) {
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  if (error) {
    return fail(ErrorKind::kUnavailable,
                fmt::format("`{}` cannot be made: {}", path.parent_path().string(), error.message()));
  }
  bool there = fs::exists(fs::symlink_status(path, error));
  return there ? replace_file(path.string(), text) : make_file(path.string(), text);
}

int run_doc(const Options& options, Output& output) {
  Result<std::vector<std::string>> paths = bundle_paths(options.paths);
  if (!paths) return report(paths.error(), nullptr, "text", output);
  // As it is written first: mistakes are shown at the places where their author finds them.
  Result<Bundle> written = load_bundle(*paths);
  if (!written) return report(written.error(), nullptr, "text", output);
  if (!written->ok) {
    return report(Error{ErrorKind::kInvalid, "", written->diagnostics}, written->analysis.sources.get(), "text",
                  output);
  }
  Result<BundleFiles> files = read_bundle_files(*paths, {});
  if (!files) return report(files.error(), nullptr, "text", output);
  for (SourceText& text : files->policies) text.text = laid_out(text);
  Bundle bundle = analyze_bundle(std::move(*files), {.references = true});
  bundle.name = written->name;
  std::map<std::string, std::string> pages = doc_pages(bundle);
  for (const auto& [path, text] : pages) {
    if (Result<void> done = write_page(fs::path(options.folder) / path, text); !done)
      return report(done.error(), nullptr, "text", output);
  }
  output.message(fmt::format("wrote {} in {}; begin with {}\n", plural(pages.size(), "page"), printable(options.folder),
                             printable((fs::path(options.folder) / "index.html").string())));
  return kExitOk;
}

}  // namespace

void add_doc(CLI::App& command, Run& run) {
  auto options = std::make_shared<Options>();
  command.add_option("-b,--bundle", options->paths, "a bundle's folder, or a .lictor file (may be repeated)")
      ->option_text("PATH")
      ->allow_extra_args(false);
  command.add_option("-o,--output", options->folder, "the folder for the pages; it is made if need be")
      ->option_text("DIR")
      ->required();
  set_examples(command,
               "lictor doc -b policies/atom -o reference\n"
               "lictor doc -o build/doc");
  on_chosen<Options>(command, run, options, run_doc);
}

}  // namespace lictor::cli
