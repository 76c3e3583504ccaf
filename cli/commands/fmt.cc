// lictor fmt: the one canonical layout. A file that cannot be read or parsed is left as it is, and said so.
#include <fmt/format.h>

#include "cli/command.h"
#include "cli/diff.h"
#include "cli/files.h"
#include "cli/options.h"
#include "cli/path_groups.h"
#include "cli/report.h"
#include "grammar/format.h"
#include "grammar/limits.h"
#include "grammar/parse.h"

namespace lictor::cli {
namespace {

struct Options {
  std::vector<std::string> paths;
  bool check = false;
  bool diff = false;
};

/// The text of a file before and after. kInvalid: it has syntax errors, which have been shown.
struct Formatted {
  std::string before;
  std::string after;
};

Result<Formatted> format_file(const std::string& path, Output& output) {
  Result<std::string> text = read_file(path, Limits{}.file_bytes);
  if (!text) return std::unexpected(text.error());
  SourceMap sources;
  uint32_t file = sources.add(path == "-" ? "<stdin>" : path, *text);
  Diagnostics diagnostics(sources);
  SyntaxTree tree = parse(sources, file, diagnostics);
  if (diagnostics.has_errors()) {
    output.message(diagnostics_text(diagnostics.sorted(), sources, output.message_color()));
    return fail(ErrorKind::kInvalid, fmt::format("`{}` has syntax errors and was left as it is", path));
  }
  return Formatted{std::move(*text), format(tree)};
}

std::string painted_diff(const std::string& diff, const Output& output) {
  if (!output.data_color()) return diff;
  std::string out;
  for (size_t begin = 0; begin < diff.size();) {
    size_t end = std::min(diff.find('\n', begin), diff.size());
    std::string line = diff.substr(begin, end - begin);
    bool head = line.starts_with("---") || line.starts_with("+++");
    Tone tone = head                    ? Tone::kBold
                : line.starts_with('@') ? Tone::kAccent
                : line.starts_with('+') ? Tone::kGood
                : line.starts_with('-') ? Tone::kBad
                                        : Tone::kPlain;
    out += output.paint(tone, line) + "\n";
    begin = end + 1;
  }
  return out;
}

int fmt_file(const Options& options, const std::string& path, uint64_t& changed, Output& output) {
  Result<Formatted> text = format_file(path, output);
  if (!text) return report(text.error(), nullptr, "text", output);
  bool differs = text->before != text->after;
  if (differs) ++changed;
  if (options.diff) {
    output.data(painted_diff(unified_diff(text->before, text->after, path, path), output));
  } else if (options.check) {
    if (differs) output.data(printable(path) + "\n");
  } else if (path == "-") {
    output.data(text->after);
  } else if (differs) {
    if (Result<void> replaced = replace_file(path, text->after); !replaced)
      return report(replaced.error(), nullptr, "text", output);
    output.data(printable(path) + "\n");
  }
  return kExitOk;
}

int run_fmt(const Options& options, Output& output) {
  Result<std::vector<std::string>> files = policy_files(options.paths);
  if (!files) return report(files.error(), nullptr, "text", output);
  int worst = kExitOk;
  uint64_t changed = 0;
  for (const std::string& path : *files) worst = std::max(worst, fmt_file(options, path, changed, output));
  if (worst != kExitOk) return worst;
  bool only_shown = options.check || options.diff;
  if (only_shown && changed > 0)
    output.message(fmt::format("{} of {} would be laid out otherwise\n", changed, plural(files->size(), "file")));
  return only_shown && changed > 0 ? kExitFindings : kExitOk;
}

}  // namespace

void add_fmt(CLI::App& command, Run& run) {
  auto options = std::make_shared<Options>();
  command.add_option("PATH", options->paths, "files, folders, or - for standard input (default: here)");
  CLI::Option* check = command.add_flag("--check", options->check, "change nothing; name the files that would change");
  command.add_flag("--diff", options->diff, "change nothing; show what would change")->excludes(check);
  set_examples(command,
               "lictor fmt .\n"
               "lictor fmt --check policies\n"
               "lictor fmt --diff access.lictor\n"
               "lictor fmt - < access.lictor\n"
               "# exit code of --check and --diff: 0 nothing would change, 1 something would; 3 a file cannot be read");
  on_chosen<Options>(command, run, options, run_fmt);
}

}  // namespace lictor::cli
