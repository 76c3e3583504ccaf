// lictor repl: questions to a bundle, and tries of rules, one entry after another.
#include <algorithm>

#include "cli/command.h"
#include "cli/repl/line_reader.h"
#include "cli/repl/repl.h"
#include "cli/report.h"

namespace lictor::cli {
namespace {

struct Options {
  BundleArguments bundle;
  std::string format;
};

std::string history_file() {
  std::string cache = default_cache_dir();
  return cache.empty() ? "" : cache + "/repl_history";
}

/// Reads until an entry is whole. False: the input is at its end and nothing was begun.
bool read_entry(LineReader& reader, std::string& entry) {
  entry.clear();
  std::string line;
  for (;;) {
    LineReader::Got got = reader.read(entry.empty() ? "lictor> " : "   ...> ", line);
    if (got == LineReader::Got::kEnd) return !entry.empty();
    if (got == LineReader::Got::kInterrupted) {
      entry.clear();
      continue;
    }
    bool ends = trimmed(line).empty() || entry.size() + line.size() > LineReader::kMostLine;
    if (entry.empty() && trimmed(line).empty()) continue;
    entry += (entry.empty() ? "" : "\n") + line;
    if (ends || is_complete(entry)) return true;
  }
}

int run_repl(const Options& options, Output& output) {
  Repl repl(options.bundle, options.format, output);
  if (int code = repl.load(); code != kExitOk) return code;
  LineReader reader([&] { return repl.words(); }, history_file());
  if (reader.is_terminal()) output.message("lictor " LICTOR_VERSION "; :help shows what can be entered, :quit ends\n");
  bool fine = true;
  std::string entry;
  while (!repl.is_over() && read_entry(reader, entry)) {
    reader.remember(entry);
    if (entry.size() > LineReader::kMostLine) {
      report(Error{ErrorKind::kLimit, "the entry has more than a mebibyte", {}}, nullptr, "text", output);
      fine = false;
      continue;
    }
    fine &= repl.enter(entry);
    if (!output.flush()) return kExitInternal;
  }
  // A person has seen what went wrong; a script learns it at the end.
  return fine || reader.is_terminal() ? kExitOk : kExitUnreadable;
}

}  // namespace

void add_repl(CLI::App& command, Run& run) {
  auto options = std::make_shared<Options>();
  add_bundle_options(command, options->bundle, false);
  add_choice(command, "--format", options->format, {"text", "json", "csv"}, "how to show answers");
  set_examples(command,
               "lictor repl\n"
               "lictor repl -b policies/atom --facts facts.json\n"
               "echo 'complexity(action, _, 2)' | lictor repl -b policies/atom --format csv\n"
               "# exit code: 0, or 3 when entries that were piped in had mistakes");
  on_chosen<Options>(command, run, options, run_repl);
}

}  // namespace lictor::cli
