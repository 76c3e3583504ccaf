// lictor check: all errors and warnings of bundles, their data files included; and what the compiler makes of them.
#include <fmt/format.h>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/path_groups.h"
#include "cli/report.h"
#include "compiler/driver.h"
#include "compiler/llvm/jit.h"
#include "host/bundle.h"

namespace lictor::cli {
namespace {

struct Options {
  std::vector<std::string> paths;
  std::string format;
  std::string dump;
};

/// What the check of all bundles has found so far.
struct Findings {
  std::vector<Diagnostic> all;
  SourceMap sources;  // of all bundles, for SARIF
  uint64_t files = 0;
  int worst_failure = kExitOk;
};

Result<std::shared_ptr<const Plan>> default_plan(const Bundle& bundle) {
  Result<ParamValues> params = resolve_params(bundle, "", {});
  if (!params) return std::unexpected(params.error());
  LowerOptions options;
  options.params = std::move(*params);
  return make_plan(bundle.analysis, options);
}

/// Reads the data files that the bundle names, and derives what follows, as every load does. A parameter without a value
/// is no finding, nor an instance that no fact of the bundle declares: whoever decides will give them. `failure`: the exit
/// code where a file cannot be read at all.
std::vector<Diagnostic> check_data(const Bundle& bundle, int& failure) {
  Result<std::shared_ptr<const Plan>> plan = default_plan(bundle);
  if (!plan) return {};
  Result<FactSet> facts = bundle_facts(bundle, **plan, {});
  if (!facts) {
    if (facts.error().kind != ErrorKind::kInvalid) failure = exit_code(facts.error().kind);
    return findings_of(facts.error());
  }
  Result<std::shared_ptr<Engine>> engine = Engine::make(*plan, engine_options("interp", true));
  if (!engine) return findings_of(engine.error());
  Result<uint64_t> published = (*engine)->publish(std::move(*facts));
  if (published) return {};
  std::vector<Diagnostic> found = findings_of(published.error());
  std::erase_if(found, [](const Diagnostic& one) {
    return one.code == info(Diag::kFactsRead).code || one.code == info(Diag::kUnknownParamInstance).code;
  });
  return found;
}

Result<std::string> dump_of(const Bundle& bundle, const std::string& what) {
  if (what == "ast") return dump(bundle.analysis.program);
  Result<std::shared_ptr<const Plan>> plan = default_plan(bundle);
  if (!plan) return std::unexpected(plan.error());
  return what == "plan" ? Result<std::string>(dump(**plan)) : dump_native(**plan, 2);
}

void show_dump(const Bundle& bundle, const Options& options, Findings& findings, Output& output) {
  Result<std::string> text = dump_of(bundle, options.dump);
  if (text)
    output.data(*text);
  else
    findings.worst_failure =
        std::max(findings.worst_failure, report(text.error(), bundle.analysis.sources.get(), "text", output));
}

void check_group(const std::vector<std::string>& paths, const Options& options, Findings& findings, Output& output) {
  LoadOptions load;
  load.tests = true;
  Result<Bundle> bundle = load_bundle(paths, load);
  if (!bundle) {
    findings.worst_failure = std::max(findings.worst_failure, report(bundle.error(), nullptr, "text", output));
    std::vector<Diagnostic> found = findings_of(bundle.error());
    findings.all.insert(findings.all.end(), found.begin(), found.end());
    return;
  }
  std::vector<Diagnostic> found = bundle->diagnostics;
  if (bundle->ok) {
    int failure = kExitOk;
    std::vector<Diagnostic> data = check_data(*bundle, failure);
    findings.worst_failure = std::max(findings.worst_failure, failure);
    found.insert(found.end(), data.begin(), data.end());
  }
  findings.files += bundle->files.size();
  const SourceMap& sources = *bundle->analysis.sources;
  if (options.format == "text" && options.dump.empty())
    output.data(diagnostics_text(found, sources, output.data_color()));
  if (!options.dump.empty()) output.message(diagnostics_text(found, sources, output.message_color()));
  if (options.format == "sarif") {
    for (uint32_t i = 0; i < sources.size(); ++i)
      findings.sources.add(sources.file(i).name(), std::string(sources.file(i).text()));
  }
  if (!options.dump.empty() && !has_errors(found)) show_dump(*bundle, options, findings, output);
  findings.all.insert(findings.all.end(), found.begin(), found.end());
}

void show(const Findings& findings, const Options& options, Output& output) {
  if (!options.dump.empty()) return;
  if (options.format == "json") output.data(diagnostics_json(findings.all));
  if (options.format == "sarif") output.data(diagnostics_sarif(findings.all, findings.sources));
  if (options.format == "github") output.data(diagnostics_github(findings.all));
  if (options.format != "text" || findings.files == 0) return;
  std::string count = count_findings(findings.all);
  Tone tone = has_errors(findings.all) ? Tone::kBad : count.empty() ? Tone::kGood : Tone::kWarn;
  output.message(fmt::format("{} in {}\n", output.paint_message(tone, count.empty() ? "no findings" : count),
                             plural(findings.files, "file")));
}

int run_check(const Options& options, Output& output) {
  Findings findings;
  for (const auto& group : bundle_groups(options.paths)) check_group(group, options, findings, output);
  show(findings, options, output);
  if (findings.worst_failure != kExitOk) return findings.worst_failure;
  return findings.all.empty() ? kExitOk : kExitFindings;
}

}  // namespace

void add_check(CLI::App& command, Run& run) {
  auto options = std::make_shared<Options>();
  command.add_option("PATH", options->paths, "folders, each a bundle; or the files of one bundle (default: here)");
  add_choice(command, "--format", options->format, {"text", "json", "sarif", "github"}, "how to show findings");
  add_optional_choice(command, "--dump", options->dump, {"ast", "plan", "llvm"},
                      "show what the compiler makes of the bundle");
  set_examples(command,
               "lictor check .\n"
               "lictor check policies/atom --format sarif > findings.sarif\n"
               "lictor check access.lictor --dump plan\n"
               "# exit code: 0 no findings, 1 errors or warnings, 3 a path cannot be read");
  on_chosen<Options>(command, run, options, run_check);
}

}  // namespace lictor::cli
