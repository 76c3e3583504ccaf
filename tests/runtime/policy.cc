#include "tests/runtime/policy.h"

#include <gtest/gtest.h>

namespace lictor::testing {

std::shared_ptr<const Plan> plan_of(const std::string& text) {
  Analysis analysis = analyze({{"test.lictor", text}}, {});
  for (const Diagnostic& diagnostic : analysis.diagnostics) {
    if (diagnostic.severity == Severity::kError) ADD_FAILURE() << diagnostic.place.line << ": " << diagnostic.message;
  }
  if (!analysis.ok) return nullptr;
  LowerOptions options;
  options.verify = true;
  auto plan = make_plan(analysis, options);
  if (!plan) {
    ADD_FAILURE() << plan.error().message;
    return nullptr;
  }
  return *plan;
}

std::shared_ptr<Engine> engine_of(const std::string& text, const std::string& json, EngineOptions options) {
  auto plan = plan_of(text);
  if (!plan) return nullptr;
  options.engine = EngineKind::kInterpreter;
  auto engine = Engine::make(plan, options);
  if (!engine) {
    ADD_FAILURE() << engine.error().message;
    return nullptr;
  }
  FactSet facts = inline_facts(*plan);
  if (!json.empty()) {
    auto added = add_json_facts(plan->schema, json, "facts.json", facts);
    if (!added) ADD_FAILURE() << lines(added.error());
  }
  auto published = (*engine)->publish(std::move(facts));
  if (!published) ADD_FAILURE() << lines(published.error());
  return *engine;
}

namespace {

/// Is it the hint that every report of this code gets?
bool of_table(const std::string& code, const std::string& hint) {
  for (const DiagInfo& entry : all_diagnostics()) {
    std::string help = general_help(entry);
    if (entry.code == code && !hint.empty() && help.substr(1, hint.size() - 1) == hint.substr(1)) return true;
  }
  return false;
}

}  // namespace

std::string lines(const Error& error) {
  std::string out;
  for (const Diagnostic& diagnostic : error.diagnostics) {
    out += diagnostic.code + " " + diagnostic.message;
    for (const std::string& hint : diagnostic.hints) {
      if (!of_table(diagnostic.code, hint)) out += " [" + hint + "]";
    }
    out += "\n";
  }
  return out.empty() ? error.message : out;
}

}  // namespace lictor::testing
