// The front half, top to bottom. Runs on a stack of its own: nesting that the parser accepts must not overflow anybody's.
#include "compiler/analyze.h"

#include <algorithm>
#include <deque>
#include <unordered_set>

#include "compiler/binding_time.h"
#include "compiler/canonical.h"
#include "compiler/check.h"
#include "compiler/ranges.h"
#include "compiler/strata.h"
#include "compiler/termination.h"
#include "grammar/big_stack.h"

namespace lictor {
namespace {

/// Parses the bundle's texts, then whatever library modules they use, and those use.
ModuleList read_modules(std::vector<SourceText> texts, const AnalyzeOptions& options, SourceMap& sources,
                        Diagnostics& diagnostics) {
  ModuleList modules;
  ParseCache for_now;
  ParseCache& cache = options.parsed != nullptr ? *options.parsed : for_now;
  std::unordered_set<std::string> known;
  auto add = [&](SourceText text, bool tests) {
    modules.push_back(cache.parse(std::move(text.name), std::move(text.text), tests, sources, diagnostics));
    known.insert(path_text(modules.back().name));
  };
  for (SourceText& text : texts) add(std::move(text), options.tests);
  for (size_t i = 0; i < modules.size(); ++i) {
    std::vector<std::string> used;
    for (const ast::Use& use : modules[i].uses) used.push_back(path_text(use.module));
    for (const std::string& path : used) {
      if (!options.load_module || !known.insert(path).second) continue;
      if (std::optional<SourceText> text = options.load_module(path)) add(std::move(*text), false);
    }
  }
  cache.shrink(modules.size());
  return modules;
}

std::string canonical_of(const ModuleList& modules, const SourceMap& sources) {
  std::vector<std::string> parts;
  for (const ast::Module& module : modules) {
    parts.push_back("module " + path_text(module.name) + "\n" + canonical_text(sources.file(module.file).text()));
  }
  std::sort(parts.begin(), parts.end());
  std::string out;
  for (const std::string& part : parts) out += part;
  return out;
}

void check(Analysis& analysis, const std::vector<std::string>& library, const SourceMap& sources,
           Diagnostics& diagnostics) {
  Program& program = analysis.program;
  Names names(analysis.modules, library, program, diagnostics);
  References* references = analysis.references ? &*analysis.references : nullptr;
  names.record(references);
  names.declare();
  CheckContext context{sources, analysis.modules, program, names, &diagnostics, {}, {}, {}, {}, {}, {}, {}, {}, {},
                       {},      references};
  check_declarations(context);
  check_lets(context);
  infer_columns(context);
  check_late_lets(context);
  check_rules(context);
  check_decisions(context);
  check_facts(context);
  stratify(program, diagnostics);
  find_binding_times(program);
  check_invariants(context);
  check_watches(context);
  check_lifecycles(context);
  check_tests(context);
  if (references != nullptr) references->finish(analysis.modules);
  // What follows reads types and intervals that mistakes may have left unknown.
  if (diagnostics.has_errors()) return;
  check_civil(program, diagnostics);
  check_termination(program, diagnostics);
  mark_errors(program);
}

}  // namespace

Analysis analyze(std::vector<SourceText> texts, const AnalyzeOptions& options) {
  Analysis analysis;
  auto sources = std::make_shared<SourceMap>();
  auto work = [&] {
    Diagnostics diagnostics(*sources);
    analysis.modules = read_modules(std::move(texts), options, *sources, diagnostics);
    if (options.references) analysis.references.emplace();
    check(analysis, options.library, *sources, diagnostics);
    if (options.canonical) analysis.program.canonical = canonical_of(analysis.modules, *sources);
    analysis.diagnostics = diagnostics.sorted();
    analysis.ok = !diagnostics.has_errors();
  };
  try {
    run_on_big_stack(kBigStack, work);
  } catch (const std::system_error& error) {
    // Nothing was analysed: memory is short. That is no mistake in the text, so it has no code.
    Diagnostic failure;
    failure.message = std::string("no memory for the stack of the analysis: ") + error.what();
    analysis.diagnostics.push_back(std::move(failure));
  }
  analysis.sources = sources;
  return analysis;
}

}  // namespace lictor
