#include "cli/test_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "cli/output.h"
#include "cli/rows.h"
#include "cli/test_engines.h"
#include "cli/test_property.h"
#include "host/decision_json.h"
#include "runtime/proof.h"

namespace lictor::cli {
namespace {

constexpr std::string_view kInvariantCode = "E0617";

std::string text_of(const Error& error) {
  std::string out = printable(error.message);
  // Whoever calls says what was refused.
  for (std::string_view lead : {"the request was refused: ", "the facts were refused: "}) {
    if (out.starts_with(lead)) out.erase(0, lead.size());
  }
  for (const Diagnostic& diagnostic : error.diagnostics) {
    bool said = error.message.find(diagnostic.message) != std::string::npos;
    if (!said) out += fmt::format("{}{}", out.empty() ? "" : "; ", diagnostic.message);
  }
  return out;
}

void set_param(ParamValues& params, uint32_t index, const Datum& value) {
  auto same = [&](const auto& entry) { return entry.first == index; };
  std::erase_if(params, same);
  params.emplace_back(index, value);
  std::sort(params.begin(), params.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
}

EntityFact entity_fact(const Schema& schema, const InstanceFact& instance) {
  EntityFact fact{instance.id, instance.attributes, {}};
  for (const Datum& parent : instance.parents) fact.parents.emplace_back(schema.types[parent.type].decl, parent.text);
  return fact;
}

/// One test as it runs: what was given so far, and what failed.
class TestRun {
 public:
  TestRun(const Bundle& bundle, const Test& test, const TestOptions& options, TestEngines& engines, ParamValues params,
          Coverage* coverage)
      : program_(bundle.analysis.program),
        schema_(program_.schema),
        sources_(*bundle.analysis.sources),
        test_(test),
        options_(options),
        engines_(engines),
        params_(std::move(params)),
        coverage_(coverage) {}

  std::vector<TestFailure> run() {
    steps(test_.statements);
    return std::move(failures_);
  }

 private:
  void steps(const std::vector<TestStatement>& statements) {
    for (const TestStatement& statement : statements) step(statement);
  }

  void step(const TestStatement& statement) {
    switch (statement.kind) {
      case ast::StatementKind::kGiven:
        given_.emplace_back(&statement, at_.value_or(0));
        break;
      case ast::StatementKind::kAt:
        at_ = statement.value.n;
        break;
      case ast::StatementKind::kWith:
        set_param(params_, statement.param, statement.value);
        break;
      case ast::StatementKind::kExpect:
        expect_decision(statement);
        break;
      case ast::StatementKind::kExpectRows:
        expect_rows(statement);
        break;
      case ast::StatementKind::kExpectRefused:
        expect_refused(statement);
        break;
      case ast::StatementKind::kCases:
        cases(statement);
        break;
      case ast::StatementKind::kForAll:
        for_all(statement);
        break;
    }
  }

  /// Each case begins with what stands above the table.
  void cases(const TestStatement& table) {
    for (const TestCase& one : table.cases) {
      auto given = given_.size();
      auto at = at_;
      ParamValues params = params_;
      std::string about = about_;
      Place place = sources_.place(one.span);
      about_ += fmt::format("in the case {}  ({}:{})\n", printable(sources_.text(one.span)), place.file, place.line);
      steps(one.statements);
      about_ = std::move(about);
      given_.resize(given);
      at_ = at;
      params_ = std::move(params);
    }
  }

  TestFailure failure_at(const TestStatement& statement) const {
    TestFailure failure;
    failure.place = sources_.place(statement.span);
    failure.statement = sources_.text(statement.span);
    failure.about = about_;
    return failure;
  }

  void problem(const TestStatement& statement, std::string text) {
    TestFailure failure = failure_at(statement);
    failure.problem = std::move(text);
    failures_.push_back(std::move(failure));
  }

  std::vector<EngineKind> kinds() const {
    if (options_.engine == TestEngine::kInterpreter) return {EngineKind::kInterpreter};
    if (options_.engine == TestEngine::kJit) return {EngineKind::kJit};
    return {EngineKind::kInterpreter, EngineKind::kJit};
  }

  /// The engine with inline facts and what was given; nothing when that failed and was noted.
  Engine* engine(const TestStatement& statement, EngineKind kind) {
    Result<Engine*> engine = engines_.get(params_, kind, statement.probe);
    if (!engine) {
      problem(statement, text_of(engine.error()));
      return nullptr;
    }
    if (auto same = published_.find(*engine); same != published_.end() && same->second == given_) return *engine;
    Result<uint64_t> published = (*engine)->publish(facts((*engine)->plan()));
    if (published) published_[*engine] = given_;
    if (published && coverage_ != nullptr) coverage_->see_facts(**engine);
    if (published) return *engine;
    problem(statement, "the given facts are refused: " + text_of(published.error()));
    return nullptr;
  }

  FactSet facts(const Plan& plan) const {
    FactSet facts = inline_facts(plan);
    for (const auto& [given, at] : given_) {
      if (given->entity != kNoIndex) {
        facts.entities[given->entity].push_back(entity_fact(schema_, given->instance));
        continue;
      }
      std::vector<Datum>& row = facts.rows[given->relation].emplace_back(given->row.values);
      const RelationDecl& relation = schema_.relations[given->relation];
      if (relation.is_event && row[relation.event_time()].n == kTimeOfTest) row[relation.event_time()].n = at;
    }
    return facts;
  }

  void expect_decision(const TestStatement& statement) {
    std::string first;
    for (EngineKind kind : kinds()) {
      Engine* engine = this->engine(statement, kind);
      if (!engine) return;
      if (engine->plan().decisions[statement.decision].uses_now && !at_) {
        return problem(statement, "the decision uses `now`: say `at time\"...\"` above");
      }
      if (!compare_answer(statement, *engine, statement.fields, first)) return;
    }
  }

  /// Asks with these fields and notes what differs. False: there is no use in asking another engine.
  bool compare_answer(const TestStatement& statement, Engine& engine, const RequestFields& fields, std::string& first) {
    Result<BoundRequest> request = BoundRequest::from_values(engine, statement.decision, fields);
    if (!request) {
      problem(statement, "the request is refused: " + text_of(request.error()));
      return false;
    }
    Explanation answer = explain(engine, *request, at_.value_or(0));
    if (coverage_ != nullptr) coverage_->see(engine, *request, at_.value_or(0));
    note(statement, compare_decision(schema_, statement, answer.decision), why(statement, answer));
    return same_as_first(statement, answer, first);
  }

  // ---- for all --------------------------------------------------------------------------------------------------------

  void for_all(const TestStatement& all) {
    std::vector<Engine*> engines;
    for (EngineKind kind : kinds()) {
      engines.push_back(engine(all, kind));
      if (engines.back() == nullptr) return;
    }
    for (const TestStatement& expected : all.inside) {
      for (Engine* engine : engines) {
        if (engine->plan().decisions[expected.decision].uses_now && !at_) {
          return problem(expected, "the decision uses `now`: say `at time\"...\"` above");
        }
      }
    }
    Property property(program_, all, engines, at_.value_or(0), coverage_);
    PropertyResult found = property.run(options_.requests, options_.seed);
    if (found.tried == 0) {
      return problem(all, fmt::format("no request fulfils the condition: {} were tried", show_count(found.made)));
    }
    if (found.failed) counterexample(all, engines, found);
  }

  void counterexample(const TestStatement& all, const std::vector<Engine*>& engines, const PropertyResult& found) {
    const RequestDecl& request = schema_.requests[all.request];
    std::string about = about_;
    about_ += fmt::format("for {}({})\n", all.variable, fields_text(schema_, request, found.fields));
    if (found.exhaustive) {
      about_ += fmt::format("of {} in all\n", plural(found.all, "request"));
    } else {
      about_ += fmt::format("the simplest found; request {} of `--seed {}`\n", show_count(found.tried), options_.seed);
    }
    const TestStatement& expected = all.inside[found.expectation];
    std::string first;
    for (Engine* engine : engines) {
      if (!compare_answer(expected, *engine, found.fields, first)) break;
    }
    about_ = std::move(about);
  }

  /// With both engines: everything but the engine's name must agree, the proof too.
  bool same_as_first(const TestStatement& statement, const Explanation& answer, std::string& first) {
    nlohmann::ordered_json json = explanation_json(schema_, answer, "");
    for (const char* own : {"engine", "facts"}) json.erase(own);
    std::string text = to_text(json, 2);
    if (first.empty()) first = text;
    if (first == text) return true;
    problem(statement, fmt::format("the engines differ\ninterp: {}\njit: {}", first, text));
    return false;
  }

  void note(const TestStatement& statement, std::vector<Difference> differences, std::string proof) {
    if (differences.empty()) return;
    TestFailure failure = failure_at(statement);
    failure.differences = std::move(differences);
    failure.proof = std::move(proof);
    add(std::move(failure));
  }

  /// The same failure is noted once, even when both engines have it.
  void add(TestFailure failure) {
    bool known = !failures_.empty() && failures_.back().place.line == failure.place.line &&
                 failures_.back().place.column == failure.place.column && failures_.back().about == failure.about;
    if (!known) failures_.push_back(std::move(failure));
  }

  /// The proof of what came out; and where the expected clause could have applied, the premise where it failed.
  std::string why(const TestStatement& expected, const Explanation& answer) const {
    std::string out = render(schema_, answer.proof);
    for (const NearMiss& miss : answer.near_misses) {
      if (!expected.clause || *expected.clause != miss.clause) continue;
      out +=
          fmt::format("and `{}` did not apply: `{}` does not hold{}{}  ({}:{})\n", miss.clause, printable(miss.premise),
                      miss.values.empty() ? "" : ": ", printable(miss.values), miss.place.file, miss.place.line);
    }
    for (const EvalError& error : answer.decision.errors) out += "error: " + printable(error.message) + "\n";
    for (const std::string& note : answer.decision.notes) out += "note: " + printable(note) + "\n";
    return out;
  }

  /// What is given so far cannot be published; where an invariant is named, because of it.
  void expect_refused(const TestStatement& statement) {
    for (EngineKind kind : kinds()) {
      Result<Engine*> engine = engines_.get(params_, kind);
      if (!engine) return problem(statement, text_of(engine.error()));
      Result<uint64_t> published = (*engine)->publish(facts((*engine)->plan()));
      if (published) {
        published_[*engine] = given_;
        return problem(statement, "the given facts are accepted");
      }
      if (statement.relation == kNoIndex || refuses(published.error(), statement.relation)) continue;
      return problem(statement,
                     "the given facts are refused, but not by this invariant: " + text_of(published.error()));
    }
  }

  bool refuses(const Error& error, uint32_t invariant) const {
    std::string name = "the invariant `" + schema_.relations[invariant].info.name + "` ";
    return std::ranges::any_of(error.diagnostics, [&](const Diagnostic& diagnostic) {
      return diagnostic.code == kInvariantCode && diagnostic.message.starts_with(name);
    });
  }

  void expect_rows(const TestStatement& statement) {
    for (EngineKind kind : kinds()) {
      Engine* engine = this->engine(statement, kind);
      if (!engine) return;
      auto rows = rows_at(*engine, statement.relation, at_.value_or(0));
      if (!rows) return problem(statement, text_of(rows.error()));
      const RelationDecl& relation = schema_.relations[statement.relation];
      if (statement.visible_only) {
        std::erase_if(*rows, [&](const auto& row) { return !is_seen(relation, row, at_.value_or(0)); });
      }
      note(statement, compare_rows(schema_, statement, *rows), "");
    }
  }

  const Program& program_;
  const Schema& schema_;
  const SourceMap& sources_;
  const Test& test_;
  const TestOptions& options_;
  TestEngines& engines_;
  ParamValues params_;
  Coverage* coverage_;  // null: nobody asked for it
  std::optional<int64_t> at_;
  using Given = std::vector<std::pair<const TestStatement*, int64_t>>;  // and what `at` said
  Given given_;
  std::map<const Engine*, Given> published_;  // what each engine has by this test
  std::string about_;                         // TestFailure::about of what comes
  std::vector<TestFailure> failures_;
};

std::string indented(std::string_view text, std::string_view by) {
  std::string out;
  for (size_t begin = 0; begin < text.size();) {
    size_t end = std::min(text.find('\n', begin), text.size());
    out += fmt::format("{}{}\n", by, text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

}  // namespace

TestOutcome run_test(const Bundle& bundle, const Test& test, const TestOptions& options, TestEngines& engines,
                     const ParamValues& params, Coverage* coverage) {
  TestOutcome outcome{test.title, test.module, bundle.analysis.sources->place(test.span), 0, {}};
  auto begin = std::chrono::steady_clock::now();
  outcome.failures = TestRun(bundle, test, options, engines, params, coverage).run();
  outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return outcome;
}

std::string failure_text(const TestFailure& failure) {
  std::string out = fmt::format("{}:{}:{}: the expectation is not met\n", failure.place.file, failure.place.line,
                                failure.place.column);
  out += indented(failure.statement, "  ");
  out += indented(failure.about, "  ");
  if (!failure.problem.empty()) out += indented(failure.problem, "  ");
  for (const Difference& difference : failure.differences) out += indented(difference_text(difference), "    ");
  if (!failure.proof.empty()) out += "  because\n" + indented(failure.proof, "    ");
  return out;
}

}  // namespace lictor::cli
