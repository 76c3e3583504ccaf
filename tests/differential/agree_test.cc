// Every engine agrees with the naive evaluator, on random programs, facts and requests: rows of derived relations,
// refusals of facts, decisions with all they carry. LICTOR_DIFF_PROGRAMS sets how many programs (default 150) and
// LICTOR_DIFF_SEED the first seed; a failure prints the seed, so that
//   LICTOR_DIFF_SEED=N LICTOR_DIFF_PROGRAMS=1 lictor_differential_tests
// repeats it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "compiler/analyze.h"
#include "compiler/core_walk.h"
#include "compiler/driver.h"
#include "host/bundle.h"
#include "runtime/engine.h"
#include "tests/differential/generate.h"
#include "tests/differential/naive.h"
#include "tests/differential/proof_agree.h"

namespace lictor::testing {
namespace {

uint64_t setting(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

std::string kind_name(EvalErrorKind kind) {
  switch (kind) {
    case EvalErrorKind::kOverflow:
      return "overflow";
    case EvalErrorKind::kDivisionByZero:
      return "division";
    case EvalErrorKind::kNotWhole:
      return "not whole";
    case EvalErrorKind::kZone:
      return "zone";
    case EvalErrorKind::kLimit:
      return "limit";
    case EvalErrorKind::kKey:
      return "key";
    case EvalErrorKind::kYield:
      return "yield";
    case EvalErrorKind::kGranted:
      return "granted";
    case EvalErrorKind::kBudget:
      return "budget";
  }
  return "?";
}

std::string signatures(const Schema& schema, const std::vector<AppliedSignature>& list) {
  std::string out;
  for (const AppliedSignature& applied : list) {
    std::string verb = applied.verb == Verb::kInsert ? "insert " : applied.verb == Verb::kRemove ? "remove " : "";
    out += "  " + verb + applied.name + "(";
    for (size_t i = 0; i < applied.args.size(); ++i) {
      out += (i ? ", " : "") + applied.args[i].first + ": " + show_source(schema, applied.args[i].second);
    }
    out += ")\n";
  }
  return out;
}

std::string text_of(const Instance& instance) {
  NaiveInstance same;
  same.id = instance.id;
  same.outcome = instance.outcome;
  same.is_override = instance.is_override;
  same.erred = instance.erred;
  same.reason = instance.reason;
  same.mode = instance.mode;
  return same.text();
}

std::string text_of(const Schema& schema, const DecisionResult& d) {
  std::string out = std::string(outcome_name(d.outcome)) + " by " + text_of(d.winner) + "\nalso\n";
  for (const Instance& instance : d.also) out += "  " + text_of(instance) + "\n";
  out += "observed\n";
  for (const Instance& instance : d.observed) out += "  " + text_of(instance) + "\n";
  out += "obligations\n" + signatures(schema, d.obligations) + "requirements\n" + signatures(schema, d.requirements) +
         "changes\n" + signatures(schema, d.changes) + "yields\n";
  for (const auto& [name, value] : d.yields) out += "  " + name + " = " + show_source(schema, value) + "\n";
  out += "errors\n";
  std::set<std::string> errors;
  for (const EvalError& error : d.errors) {
    errors.insert(kind_name(error.kind) + "@" + std::to_string(error.span.begin) + "-" +
                  std::to_string(error.span.end));
  }
  for (const std::string& error : errors) out += "  " + error + "\n";
  return out;
}

std::string text_of(const NaiveDecision& d) {
  std::string out = std::string(outcome_name(d.outcome)) + " by " + d.winner.text() + "\nalso\n";
  for (const NaiveInstance& instance : d.also) out += "  " + instance.text() + "\n";
  out += "observed\n";
  for (const NaiveInstance& instance : d.observed) out += "  " + instance.text() + "\n";
  out += "obligations\n";
  for (const std::string& text : d.obligations) out += "  " + text + "\n";
  out += "requirements\n";
  for (const std::string& text : d.requirements) out += "  " + text + "\n";
  out += "changes\n";
  for (const std::string& text : d.changes) out += "  " + text + "\n";
  out += "yields\n";
  for (const std::string& text : d.yields) out += "  " + text + "\n";
  out += "errors\n";
  for (const std::string& text : d.errors) out += "  " + text + "\n";
  return out;
}

std::string text_of(const Schema& schema, const std::vector<std::vector<Datum>>& rows) {
  std::string out;
  for (const auto& row : rows) {
    for (const Datum& value : row) out += show_source(schema, value) + ", ";
    out += "\n";
  }
  return out;
}

/// The request as the naive evaluator takes it: defaults filled in.
std::vector<Datum> fields_of(const Schema& schema, uint32_t request, const std::vector<std::optional<Datum>>& given) {
  std::vector<Datum> out;
  for (size_t i = 0; i < given.size(); ++i) {
    const FieldDecl& field = schema.requests[request].fields[i];
    if (given[i]) {
      out.push_back(*given[i]);
    } else if (field.default_value) {
      out.push_back(*field.default_value);
    } else {
      Datum none;
      none.type = field.type;
      none.none = true;
      out.push_back(none);
    }
  }
  return out;
}

std::string text_of(const Schema& schema, const FactSet& facts) {
  std::string out;
  for (uint32_t e = 0; e < facts.entities.size(); ++e) {
    for (const EntityFact& fact : facts.entities[e]) {
      out += schema.entities[e].info.name + " " + fact.id + ":";
      for (const Datum& value : fact.attributes) out += " " + show_source(schema, value);
      for (const auto& [type, id] : fact.parents) out += " in " + id;
      out += "\n";
    }
  }
  for (uint32_t r = 0; r < facts.rows.size(); ++r) {
    if (!facts.rows[r].empty()) out += schema.relations[r].info.name + "\n" + text_of(schema, facts.rows[r]);
  }
  return out;
}

struct Tally {
  uint64_t programs = 0, refused = 0, facts = 0, facts_refused = 0, decisions = 0, with_errors = 0;
  uint64_t lookups = 0, key_errors = 0, observed = 0;  // of decisions, but for lookups
  uint64_t yields = 0, changes = 0, granted_errors = 0, yield_errors = 0, asking = 0, moves = 0;  // of decisions
  uint64_t outcomes[3] = {0, 0, 0};
  uint64_t ways[4] = {0, 0, 0, 0};  // decisions by Combining
  ProofTally proofs;
};

void compare_decisions(const Program& program, Naive& naive, ProofChecker& checker,
                       std::vector<std::shared_ptr<Engine>>& engines, Generator& generator, Tally& tally) {
  const Schema& schema = program.schema;
  for (int i = 0; i < 12; ++i) {
    // Mostly `d`, and of the others each in its turn.
    auto number =
        static_cast<uint32_t>(i < 8 ? 0 : (static_cast<size_t>(i) + tally.decisions) % program.decisions.size());
    auto given = generator.request(program, number);
    int64_t now = generator.now();
    std::string shown;
    for (const auto& field : given) shown += (field ? show_source(schema, *field) : "absent") + " ";
    SCOPED_TRACE(program.decisions[number].info.name + " " + shown);
    NaiveDecision wanted = naive.decide(number, fields_of(schema, program.decisions[number].request, given), now);
    tally.decisions++;
    tally.outcomes[static_cast<int>(wanted.outcome)]++;
    tally.with_errors += !wanted.errors.empty();
    tally.key_errors += std::any_of(wanted.errors.begin(), wanted.errors.end(),
                                    [](const std::string& error) { return error.starts_with("key@"); });
    tally.observed += !wanted.observed.empty();
    tally.yields += !wanted.yields.empty();
    tally.changes += !wanted.changes.empty();
    tally.asking += program.decisions.size() > 1;
    auto of_kind = [&](std::string_view kind) {
      return std::ranges::any_of(wanted.errors, [&](const std::string& error) { return error.starts_with(kind); });
    };
    tally.granted_errors += of_kind("granted@");
    tally.yield_errors += of_kind("yield@");
    tally.ways[static_cast<size_t>(program.decisions[number].combining)]++;
    tally.moves += program.decisions[number].info.name.starts_with("Doc.");
    std::vector<Explanation> explained;
    for (auto& engine : engines) {
      auto request = BoundRequest::from_values(*engine, number, given);
      ASSERT_TRUE(request) << request.error().message;
      DecisionResult got = engine->evaluate(*request, now);
      ASSERT_EQ(text_of(engine->plan().schema, got), text_of(wanted)) << "engine " << static_cast<int>(got.engine);
      Quick quick = engine->decide(*request, now);
      ASSERT_EQ(quick.outcome, wanted.outcome) << "quick, engine " << static_cast<int>(quick.engine);
      ASSERT_EQ(quick.clause, wanted.winner.clause) << "quick, engine " << static_cast<int>(quick.engine);
      explained.push_back(explain(*engine, *request, now));
      ASSERT_EQ(text_of(schema, explained.back().decision), text_of(wanted));
    }
    check_explanations(schema, number, wanted, checker, explained, tally.proofs);
    if (::testing::Test::HasFatalFailure()) return;
  }
}

uint64_t lookups_in(const Program& program) {
  uint64_t count = 0;
  auto add = [&](const Literal& literal) { count += literal.lookup ? 1 : 0; };
  for (const Rule& rule : program.rules) each_literal_in(rule.body, add);
  for (const Clause& clause : program.decisions[0].clauses) each_literal_in(clause.body, add);
  return count;
}

void run_program(uint64_t seed, Tally& tally) {
  Generator generator(seed);
  std::string text = generator.program();
  SCOPED_TRACE("seed " + std::to_string(seed) + "\n" + text);
  Analysis analysis = analyze({{"random.lictor", text}}, {.load_module = load_std_module, .library = {}});
  if (!analysis.ok) {
    tally.refused++;
    if (std::getenv("LICTOR_DIFF_SHOW")) printf("%s\n%s\n", text.c_str(), analysis.diagnostics[0].message.c_str());
    return;
  }
  tally.programs++;
  tally.lookups += lookups_in(analysis.program);
  LowerOptions lower;
  lower.verify = true;
  auto plan = make_plan(analysis, lower);
  ASSERT_TRUE(plan) << plan.error().message;
  std::vector<std::shared_ptr<Engine>> engines;
  for (EngineKind kind : {EngineKind::kInterpreter, EngineKind::kJit}) {
    EngineOptions options;
    options.engine = kind;
    options.wait_for_native = true;
    auto engine = Engine::make(*plan, options);
    ASSERT_TRUE(engine) << engine.error().message;
    if (kind == EngineKind::kJit) {
      ASSERT_TRUE((*engine)->native_ready()) << (*engine)->native_status();
    }
    engines.push_back(*engine);
  }
  for (int set = 0; set < 3; ++set) {
    FactSet facts = generator.facts(analysis.program);
    SCOPED_TRACE("facts\n" + text_of(analysis.program.schema, facts));
    Naive naive(analysis.program, {}, facts);
    tally.facts++;
    bool refused = !naive.fact_errors().empty();
    tally.facts_refused += refused;
    for (auto& engine : engines) {
      FactSet all = inline_facts(*(*plan));
      all.entities = facts.entities;
      for (size_t r = 0; r < facts.rows.size(); ++r) {
        if (!facts.rows[r].empty()) all.rows[r] = facts.rows[r];
      }
      auto published = engine->publish(all);
      ASSERT_EQ(published.has_value(), !refused) << (published ? "published" : published.error().message);
      if (refused) continue;
      for (uint32_t r = 0; r < analysis.program.schema.relations.size(); ++r) {
        if (analysis.program.schema.relations[r].time == BindingTime::kRequest) continue;
        auto rows = engine->rows(r);
        ASSERT_TRUE(rows);
        ASSERT_EQ(text_of(analysis.program.schema, *rows), text_of(analysis.program.schema, naive.rows(r)))
            << analysis.program.schema.relations[r].info.name;
      }
    }
    if (refused) continue;
    ProofChecker checker(analysis, naive);
    check_row_proofs(analysis, naive, checker, engines, tally.proofs);
    if (::testing::Test::HasFatalFailure()) return;
    compare_decisions(analysis.program, naive, checker, engines, generator, tally);
    if (::testing::Test::HasFatalFailure()) return;
  }
}

TEST(Differential, EnginesAgreeWithTheNaiveEvaluator) {
  Tally tally;
  uint64_t first = setting("LICTOR_DIFF_SEED", 1), count = setting("LICTOR_DIFF_PROGRAMS", 150);
  for (uint64_t seed = first; seed < first + count; ++seed) {
    run_program(seed, tally);
    if (HasFatalFailure()) return;
  }
  printf(
      "programs %lu (refused by check %lu), fact sets %lu (refused %lu), decisions %lu (with errors %lu), allow %lu "
      "deny %lu require %lu\n",
      tally.programs, tally.refused, tally.facts, tally.facts_refused, tally.decisions, tally.with_errors,
      tally.outcomes[0], tally.outcomes[1], tally.outcomes[2]);
  printf(
      "lookups %lu, decisions with two values for a key %lu, with observed clauses %lu, by way of combining %lu %lu "
      "%lu %lu\n",
      tally.lookups, tally.key_errors, tally.observed, tally.ways[0], tally.ways[1], tally.ways[2], tally.ways[3]);
  printf("decisions that yield %lu, change facts %lu, may ask another %lu, with errors there %lu, of two yields %lu\n",
         tally.yields, tally.changes, tally.asking, tally.granted_errors, tally.yield_errors);
  printf("decisions of lifecycles %lu\n", tally.moves);
  print(tally.proofs);
  if (count < 100) return;
  // the generator must keep testing what it is for
  EXPECT_GT(tally.programs * 4, count * 3);
  EXPECT_GT(tally.decisions, count * 5);
  EXPECT_GT(tally.with_errors, 0u);
  EXPECT_GT(tally.facts_refused, 0u);
  for (uint64_t outcome : tally.outcomes) EXPECT_GT(outcome, 0u);
  for (uint64_t way : tally.ways) EXPECT_GT(way, count);
  EXPECT_GT(tally.lookups, count / 4);
  EXPECT_GT(tally.key_errors, 0u);
  EXPECT_GT(tally.observed, count / 4);
  EXPECT_GT(tally.yields, count);
  EXPECT_GT(tally.changes, count / 8);
  EXPECT_GT(tally.asking, count);
  EXPECT_GT(tally.granted_errors, 0u);
  EXPECT_GT(tally.yield_errors, 0u);
  EXPECT_GT(tally.moves, count / 4);
  expect_variety(tally.proofs, count);
}

}  // namespace
}  // namespace lictor::testing
