// Deciding over a plan made by hand: ranks, defaults, recursion, errors, new versions of the facts.
#include "runtime/engine.h"

#include <gtest/gtest.h>

#include <thread>

#include "tests/runtime/hand_plan.h"

namespace lictor {
namespace {

using testing::gate_plan;

std::shared_ptr<Engine> make(std::shared_ptr<const Plan> plan, EngineOptions options = {}) {
  options.engine = EngineKind::kInterpreter;
  auto engine = Engine::make(plan, options);
  EXPECT_TRUE(engine) << engine.error().message;
  auto published = (*engine)->publish(inline_facts(*plan));
  EXPECT_TRUE(published) << published.error().message;
  return *engine;
}

/// "deny below: too young: young", and the same from the quick form.
std::string ask(Engine& engine, const std::string& json) {
  auto request = BoundRequest::from_json(engine, 0, json);
  if (!request) return request.error().message;
  DecisionResult result = engine.evaluate(*request, 0);
  Quick quick = engine.decide(*request, 0);
  EXPECT_EQ(quick.outcome, result.outcome);
  EXPECT_EQ(quick.clause, result.winner.clause);
  return std::string(outcome_name(result.outcome)) + " " + result.winner.id + ": " + result.winner.reason;
}

TEST(Engine, DecidesTheGate) {
  auto engine = make(gate_plan());
  EXPECT_EQ(ask(*engine, R"({"agent": "old", "action": "write"})"), "allow mature: level 3");
  EXPECT_EQ(ask(*engine, R"({"agent": "young", "action": "write"})"), "deny below: too young: young");
  EXPECT_EQ(ask(*engine, R"({"agent": "young", "action": "read"})"), "allow mature: level 1");
  EXPECT_EQ(ask(*engine, R"({"agent": "old", "action": "fly"})"), "deny unknown: unknown fly");
  EXPECT_EQ(ask(*engine, R"({"action": "read"})"), "deny default: nothing applies");
}

TEST(Engine, AnOverrideWinsThroughARecursiveRelation) {
  auto engine = make(gate_plan());
  EXPECT_EQ(ask(*engine, R"({"agent": "mid", "action": "write"})"), "allow boss: the boss");
  EXPECT_EQ(ask(*engine, R"({"agent": "root", "action": "fly"})"), "allow boss: the boss");
  auto request = BoundRequest::from_json(*engine, 0, R"({"agent": "root", "action": "fly"})");
  ASSERT_TRUE(request);
  DecisionResult result = engine->evaluate(*request, 7);
  EXPECT_TRUE(result.winner.is_override);
  ASSERT_EQ(result.also.size(), 1u);
  EXPECT_EQ(result.also[0].id, "unknown");
  EXPECT_EQ(result.now, 7);
  auto rows = engine->rows(testing::kChain);
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows->size(), 5u);  // mid and root reach each other and themselves; young reaches old
}

TEST(Engine, AnErringDenyDenies) {
  auto engine = make(gate_plan(true));
  EXPECT_EQ(ask(*engine, R"({"agent": "young", "action": "write", "amount": 0})"), "deny below: too young: young");
  EXPECT_EQ(ask(*engine, R"({"agent": "young", "action": "write", "amount": 1})"),
            "deny below: clause `below` could not be evaluated: overflow");
  auto request = BoundRequest::from_json(*engine, 0, R"({"agent": "young", "action": "write", "amount": 5})");
  DecisionResult result = engine->evaluate(*request, 0);
  ASSERT_EQ(result.errors.size(), 1u);
  EXPECT_EQ(result.errors[0].message, "overflow in clause `below`");
  EXPECT_TRUE(result.winner.bindings.empty());
  // the error counts only where all to its left holds
  EXPECT_EQ(ask(*engine, R"({"agent": "old", "action": "write", "amount": 1})"), "allow mature: level 3");
}

TEST(Engine, ARequestFollowsTheFacts) {
  auto plan = gate_plan();
  auto engine = make(plan);
  auto request = BoundRequest::from_json(*engine, 0, R"({"agent": "young", "action": "write"})");
  ASSERT_TRUE(request);
  EXPECT_EQ(engine->decide(*request, 0).outcome, ast::Outcome::kDeny);
  FactSet facts = engine->facts();
  facts.entities[testing::kAgent][0].attributes[0].n = 2;
  ASSERT_TRUE(engine->publish(facts));
  EXPECT_EQ(engine->version(), 2u);
  EXPECT_EQ(engine->decide(*request, 0).outcome, ast::Outcome::kAllow);
  facts.entities[testing::kAgent].erase(facts.entities[testing::kAgent].begin());
  facts.rows[testing::kReports].clear();
  ASSERT_TRUE(engine->publish(facts));
  DecisionResult gone = engine->evaluate(*request, 0);
  EXPECT_EQ(gone.winner.id, "default");
  ASSERT_EQ(gone.notes.size(), 1u);
  EXPECT_EQ(gone.notes[0], "agent `young` is unknown; the field is none");
}

TEST(Engine, RefusedFactsChangeNothing) {
  auto engine = make(gate_plan());
  FactSet facts = engine->facts();
  Datum ghost = facts.rows[testing::kReports][0][0];
  ghost.text = "ghost";
  facts.rows[testing::kReports].push_back({ghost, ghost});
  auto published = engine->publish(facts);
  ASSERT_FALSE(published);
  EXPECT_EQ(published.error().diagnostics[0].code, "E0609");
  EXPECT_EQ(published.error().diagnostics[0].message,
            "reports(Agent(\"ghost\"), Agent(\"ghost\")): there is no `Agent` with the id \"ghost\"");
  EXPECT_EQ(engine->version(), 1u);
  facts = engine->facts();
  auto twin = facts.rows[testing::kComplexity][0];
  twin[1].n = 2;
  facts.rows[testing::kComplexity].push_back(twin);
  published = engine->publish(facts);
  ASSERT_FALSE(published);
  EXPECT_EQ(published.error().diagnostics[0].message, "two rows of `complexity` have the key (\"read\")");
}

TEST(Engine, ReadersSeeOneVersionWhileFactsArePublished) {
  auto engine = make(gate_plan());
  FactSet young = engine->facts();
  FactSet old = young;
  old.entities[testing::kAgent][0].attributes[0].n = 2;
  std::atomic<bool> stop = false;
  std::atomic<uint64_t> decided = 0;
  auto reader = [&] {
    auto request = BoundRequest::from_json(*engine, 0, R"({"agent": "young", "action": "write"})");
    ASSERT_TRUE(request);
    while (!stop) {
      DecisionResult result = engine->evaluate(*request, 0);
      bool odd = result.facts % 2 == 1;  // version 1 is young, 2 is old, 3 young again ...
      ASSERT_EQ(result.outcome, odd ? ast::Outcome::kDeny : ast::Outcome::kAllow) << result.facts;
      engine->decide(*request, 0);
      ++decided;
    }
  };
  std::thread one(reader), two(reader);
  // until both have begun, however long that takes on a busy machine
  for (int i = 0; i < 200 || (decided < 100 && i < 1'000'000); ++i)
    ASSERT_TRUE(engine->publish(i % 2 == 0 ? old : young));
  stop = true;
  one.join();
  two.join();
  EXPECT_GT(decided, 0u);
}

}  // namespace
}  // namespace lictor
