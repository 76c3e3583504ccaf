#include "tests/llvm/engines.h"

#include <gtest/gtest.h>

#include "compiler/analyze.h"
#include "compiler/driver.h"
#include "stdlib/modules.h"

namespace lictor::testing {
namespace {

std::string text_of(const Schema& schema, const DecisionResult& result) {
  std::string out = std::string(outcome_name(result.outcome)) + " " + result.winner.id + ": " + result.winner.reason;
  for (const Instance& other : result.also) {
    out += "; also " + std::string(outcome_name(other.outcome)) + " " + other.id + ": " + other.reason;
  }
  for (const EvalError& error : result.errors) {
    out += "; " + error.message + " at " + std::to_string(error.place.line) + ":" + std::to_string(error.place.column);
  }
  for (const AppliedSignature& one : result.obligations) {
    out += "; then " + one.name + "(";
    for (const auto& [name, value] : one.args) out += name + " = " + show(schema, value) + " ";
    out += ")";
  }
  return out;
}

}  // namespace

std::shared_ptr<const Plan> plan_of(const std::string& text) {
  AnalyzeOptions with_library;
  with_library.load_module = [](std::string_view name) -> std::optional<SourceText> {
    for (const StdModule& module : std_modules()) {
      if (module.name == name) return SourceText{std::string(module.file), std::string(module.text)};
    }
    return std::nullopt;
  };
  Analysis analysis = analyze({{"test.lictor", text}}, with_library);
  for (const Diagnostic& one : analysis.diagnostics) {
    if (one.severity == Severity::kError) {
      ADD_FAILURE() << one.place.line << ":" << one.place.column << ": " << one.code << " " << one.message;
    }
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

Engines engines_of(std::shared_ptr<const Plan> plan, EvalLimits limits, const std::function<void(FactSet&)>& edit) {
  Engines out;
  if (!plan) return out;
  for (EngineKind kind : {EngineKind::kInterpreter, EngineKind::kJit}) {
    EngineOptions options;
    options.engine = kind;
    options.wait_for_native = true;
    options.limits = limits;
    auto engine = Engine::make(plan, options);
    if (!engine) {
      ADD_FAILURE() << engine.error().message;
      return {};
    }
    FactSet facts = inline_facts(*plan);
    if (edit) edit(facts);
    auto published = (*engine)->publish(std::move(facts));
    EXPECT_TRUE(published) << published.error().message;
    (kind == EngineKind::kJit ? out.native : out.interpreter) = *engine;
  }
  EXPECT_TRUE(out.native->native_ready()) << out.native->native_status();
  return out;
}

std::string ask(const Engines& engines, const std::string& request, int64_t now, uint32_t decision) {
  if (!engines.interpreter || !engines.native) return "no engines";
  std::vector<std::string> answers;
  for (Engine* engine : {engines.interpreter.get(), engines.native.get()}) {
    auto bound = BoundRequest::from_json(*engine, decision, request);
    if (!bound) return bound.error().message;
    DecisionResult result = engine->evaluate(*bound, now);
    Quick quick = engine->decide(*bound, now);
    EXPECT_EQ(quick.outcome, result.outcome) << request;
    EXPECT_EQ(quick.clause, result.winner.clause) << request;
    answers.push_back(text_of(engine->plan().schema, result));
  }
  EXPECT_EQ(answers[0], answers[1]) << request;
  return answers[1];
}

}  // namespace lictor::testing
