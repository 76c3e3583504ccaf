// lictor test: runs the tests of bundles and shows what differs.
#include <fmt/format.h>

#include <re2/re2.h>
#include <charconv>

#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/path_groups.h"
#include "cli/report.h"
#include "cli/session.h"
#include "cli/test_labels.h"
#include "cli/test_report.h"
#include "cli/test_suite.h"
#include "cli/watch.h"

namespace lictor::cli {
namespace {

struct Options {
  std::vector<std::string> paths;
  std::string filter;
  std::string format;
  uint64_t seed = 1, requests = 200;
  bool coverage = false, watch = false;
  size_t threads = 0;
  std::vector<std::string> labels, facts;
  std::string accuracy;
  EngineArguments engine;
};

TestEngine engine_of(const std::string& name) {
  if (name == "jit") return TestEngine::kJit;
  return name == "both" ? TestEngine::kBoth : TestEngine::kInterpreter;
}

Result<std::unique_ptr<RE2>> compile_filter(const std::string& pattern) {
  RE2::Options quiet;
  quiet.set_log_errors(false);
  quiet.set_max_mem(1 << 20);
  auto filter = std::make_unique<RE2>(pattern, quiet);
  if (filter->ok()) return filter;
  return fail(ErrorKind::kUsage, fmt::format("`--filter` is no regular expression: {}", filter->error()));
}

/// The bundles; where one cannot be loaded or has errors, that has been shown and `code` says how to end.
std::vector<Bundle> load_all(const Options& options, Output& output, int& code) {
  std::vector<Bundle> bundles;
  LoadOptions load;
  load.tests = true;
  for (const auto& group : bundle_groups(options.paths)) {
    Result<Bundle> bundle = load_bundle(group, load);
    if (!bundle || !bundle->ok) {
      Error error = bundle ? Error{ErrorKind::kInvalid, count_findings(bundle->diagnostics), bundle->diagnostics}
                           : bundle.error();
      code = report(error, bundle ? bundle->analysis.sources.get() : nullptr, options.format, output);
      return {};
    }
    report_warnings(bundle->diagnostics, *bundle->analysis.sources, output);
    bundles.push_back(std::move(*bundle));
  }
  return bundles;
}

std::string report_text(const TestReport& report, const Options& options, const Output& output) {
  if (options.format == "json") return tests_json(report);
  if (options.format == "junit") return tests_junit(report);
  if (options.format == "tap") return tests_tap(report);
  return (report.coverage ? coverage_text(*report.coverage, output) : "") +
         tests_summary(report, options.engine.engine, output);
}

/// "95%", "0.95": a share between 0 and 1.
Result<double> share_of(const std::string& text) {
  std::string digits = text.ends_with('%') ? text.substr(0, text.size() - 1) : text;
  double value = -1;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (text.ends_with('%')) value /= 100;
  bool good = error == std::errc() && end == digits.data() + digits.size() && value >= 0 && value <= 1;
  if (good) return value;
  return fail(ErrorKind::kUsage, fmt::format("`--min-accuracy {}`: write a share such as 95% or 0.95", text));
}

/// The answers to labelled requests instead of tests.
int run_labels(const Options& options, Output& output) {
  Result<double> least = share_of(options.accuracy);
  if (!least) return report(least.error(), nullptr, options.format, output);
  if (options.format != "text" && options.format != "json") {
    return report({ErrorKind::kUsage, "`--labels` are shown as text or json", {}}, nullptr, "text", output);
  }
  std::vector<std::vector<std::string>> groups = bundle_groups(options.paths);
  if (groups.size() != 1) {
    return report({ErrorKind::kUsage, "`--labels` are for one bundle: name one", {}}, nullptr, "text", output);
  }
  BundleArguments arguments;
  arguments.paths = groups[0];
  arguments.facts = options.facts;
  int code = kExitInternal;
  std::string engine = options.engine.engine == "both" ? "jit" : options.engine.engine;
  Session* session =
      open_session(arguments, engine_options(engine, options.engine.no_jit), options.format, output, code);
  if (session == nullptr) return code;
  LabelReport found;
  for (const std::string& file : options.labels) {
    Result<void> judged = judge_labels(*session, file, found);
    if (!judged) return report(judged.error(), session->bundle.analysis.sources.get(), options.format, output);
  }
  output.data(options.format == "json" ? labels_json(found) : labels_text(found, *least, output));
  return found.accuracy() >= *least ? kExitOk : kExitFindings;
}

std::vector<std::string> dependency_folders(const std::vector<Bundle>& bundles) {
  std::vector<std::string> out;
  for (const Bundle& bundle : bundles) {
    if (!bundle.dependencies) continue;
    for (const Dependency& one : bundle.dependencies->all) out.push_back(one.root);
  }
  return out;
}

/// Loads and tests once. `stop`: see SuiteOptions. `folders`: gets those of dependencies.
int run_once(const Options& options, const RE2& filter, const std::atomic<bool>* stop, Output& output,
             std::vector<std::string>& folders) {
  if (!options.labels.empty()) return run_labels(options, output);
  int code = kExitOk;
  std::vector<Bundle> bundles = load_all(options, output, code);
  if (code != kExitOk) return code;
  folders = dependency_folders(bundles);
  SuiteOptions run{.test = {.engine = engine_of(options.engine.engine),
                            .requests = options.requests,
                            .seed = options.seed,
                            .no_jit = options.engine.no_jit},
                   .coverage = options.coverage,
                   .threads = options.threads,
                   .selects = {},
                   .stop = stop};
  if (!options.filter.empty()) run.selects = [&](const Test& test) { return RE2::PartialMatch(test.title, filter); };
  TestReport found = run_tests(bundles, run, [&](const TestOutcome& test) {
    if (options.format == "text") output.data(failed_test_text(test, output));
  });
  if (found.stopped) return kExitOk;
  if (found.tests.empty() && found.skipped > 0) {
    return report({ErrorKind::kUsage,
                   fmt::format("`--filter {}` matches none of {}", options.filter, plural(found.skipped, "test")),
                   {}},
                  nullptr, "text", output);
  }
  output.data(report_text(found, options, output));
  return found.failed() > 0 ? kExitFindings : kExitOk;
}

int run_watched(const Options& options, const RE2& filter, Output& output) {
  if (options.format != "text") {
    return report({ErrorKind::kUsage, "`--watch` shows text: leave out `--format " + options.format + "`", {}}, nullptr,
                  "text", output);
  }
  std::vector<std::string> paths = options.paths.empty() ? std::vector<std::string>{"."} : options.paths;
  paths.insert(paths.end(), options.labels.begin(), options.labels.end());
  paths.insert(paths.end(), options.facts.begin(), options.facts.end());
  std::vector<std::string> folders;  // kept while a bundle has errors: what mends it may lie there
  auto once = [&](const std::atomic<bool>& stop) {
    int code = run_once(options, filter, &stop, output, folders);
    return WatchedRun{code, folders};
  };
  return watch(paths, once, output);
}

int run_tests_or_watch(const Options& options, Output& output) {
  Result<std::unique_ptr<RE2>> filter = compile_filter(options.filter);
  if (!filter) return report(filter.error(), nullptr, "text", output);
  std::vector<std::string> unused;
  return options.watch ? run_watched(options, **filter, output) : run_once(options, **filter, nullptr, output, unused);
}

}  // namespace

void add_test(CLI::App& command, Run& run) {
  auto options = std::make_shared<Options>();
  command.add_option("PATH", options->paths, "folders, each a bundle; or the files of one bundle (default: here)");
  command.add_option("--filter", options->filter, "only tests whose title this regular expression finds")
      ->option_text("RE");
  CLI::Option* labels =
      command.add_option("--labels", options->labels, "judge these labelled requests (JSON Lines) instead of tests")
          ->option_text("FILE...");
  command.add_option("--min-accuracy", options->accuracy, "share of labels that must be met (default: 100%)")
      ->option_text("SHARE")
      ->default_val("100%")
      ->needs(labels);
  command.add_option("--facts", options->facts, "with --labels: facts as `eval` has them")
      ->option_text("FILE...")
      ->needs(labels);
  command.add_option("--requests", options->requests, "requests that `for all` tries (default: 200)")
      ->option_text("N")
      ->check(CLI::Range(uint64_t{1}, uint64_t{1'000'000}));
  command.add_option("--seed", options->seed, "of the requests that `for all` makes (default: 1)")->option_text("N");
  command.add_flag("--coverage", options->coverage, "say which clauses, rules and conditions no test has seen");
  command
      .add_option(
          "-j,--jobs", options->threads,
          "threads (default: one for each core, where the tests are worth it); results are the same with any number")
      ->option_text("N")
      ->check(CLI::Range(size_t{1}, size_t{1024}));
  command.add_flag("--watch", options->watch, "run again when a policy, lictor.toml or a data file changes");
  add_engine_options(command, options->engine, {"interp", "jit", "both"});
  add_choice(command, "--format", options->format, {"text", "json", "junit", "tap"}, "how to show the results");
  set_examples(command,
               "lictor test .\n"
               "lictor test policies/atom --filter '^a student' --engine both\n"
               "lictor test . --coverage\n"
               "lictor test . --watch\n"
               "lictor test . --labels cases.jsonl --min-accuracy 95%\n"
               "lictor test . --format junit > tests.xml\n"
               "# exit code: 0 all passed, 1 some failed, 3 a bundle cannot be read or has errors");
  on_chosen<Options>(command, run, options, run_tests_or_watch);
}

}  // namespace lictor::cli
