// Which of several proofs is told, and how far a clause got: the canonical one, whatever was found first.
#include "runtime/proof.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/runtime/policy.h"

namespace lictor {
namespace {

using testing::engine_of;

Datum text(const std::string& s) {
  Datum out;
  out.type = kStringType;
  out.text = s;
  return out;
}

std::string proved(Engine& engine, const std::string& relation, const std::string& value) {
  const Schema& schema = engine.plan().schema;
  for (uint32_t r = 0; r < schema.relations.size(); ++r) {
    if (schema.relations[r].info.name != relation) continue;
    auto proof = prove(engine, r, {text(value)});
    return proof ? render(schema, *proof) : proof.error().message;
  }
  return "no such relation";
}

TEST(Proof, ARowThatAlsoRestsOnItselfIsProvedByWhatElseMakesIt) {
  auto engine = engine_of(R"(module t
relation node(n: string) { ("a") ("b") }
relation seed(n: string) { ("a") }
relation link(from: string, to: string) { ("b", "b") ("b", "a") }
able(x) :- node(x), (able(x) or seed(x)).
able(x) :- node(x), exists (link(x, y), able(y)).
)");
  ASSERT_TRUE(engine);
  EXPECT_EQ(proved(*engine, "able", "a"),
            "able(\"a\")  (test.lictor:5)\n"
            "├─ node(\"a\")\n"
            "└─ (able(x) or seed(x)), with x = \"a\"\n"
            "   └─ seed(\"a\")\n");
  EXPECT_EQ(proved(*engine, "able", "b"),
            "able(\"b\")  (test.lictor:6)\n"
            "├─ node(\"b\")\n"
            "└─ exists (link(x, y), able(y)), with x = \"b\"\n"
            "   ├─ link(\"b\", \"a\")\n"
            "   └─ able(\"a\")  (test.lictor:5)\n"
            "      ├─ node(\"a\")\n"
            "      └─ (able(x) or seed(x)), with x = \"a\"\n"
            "         └─ seed(\"a\")\n");
}

TEST(Proof, WhatStandsBelowNotAndForallMayBeHigherThanTheRow) {
  auto engine = engine_of(R"(module t
relation link(from: string, to: string) { ("a", "b") ("b", "c") ("c", "d") }
reach(x, y) :- link(x, y).
reach(x, z) :- reach(x, y), link(y, z).
relation node(n: string) { ("a") ("d") }
tall(x) :- node(x).
sure(x) :- tall(x).
sure(x) :- node(x), forall (reach(x, y)) => ((y == "d" or exists (reach(y, z), z == "d"))).
)");
  ASSERT_TRUE(engine);
  EXPECT_EQ(proved(*engine, "sure", "a").substr(0, 27), "sure(\"a\")  (test.lictor:8)\n")
      << "the rule without `tall` makes the lower proof";
}

TEST(Proof, AClauseIsProvedWithTheLeastBindings) {
  auto engine = engine_of(R"(module t
request R { of: string }
relation grant(who: string, by: string) { ("ann", "zoe") ("ann", "bob") }
decision d(r: R) {
  default deny "no"
  allow given: "given" if grant(r.of, by), by != "".
}
)");
  ASSERT_TRUE(engine);
  auto request = BoundRequest::from_json(*engine, 0, R"({"of": "ann"})");
  ASSERT_TRUE(request);
  Explanation told = explain(*engine, *request, 0);
  ASSERT_EQ(told.proof.bindings.size(), 1u);
  EXPECT_EQ(told.proof.bindings[0].second.text, "bob");
  ASSERT_EQ(told.proof.children[0].row.size(), 2u);
  EXPECT_EQ(told.proof.children[0].row[1].text, "bob");
}

TEST(Proof, AnAggregateShowsItsFirstTuplesByValue) {
  auto engine = engine_of(R"(module t
relation size(of: string, is: int) { ("a", 10) ("a", 9) ("a", 100) ("a", 2) ("a", 30) ("a", 11) }
relation node(n: string) { ("a") }
total(x) :- node(x), n = sum { s : size(x, s) }, n > 0.
)");
  ASSERT_TRUE(engine);
  std::string told = proved(*engine, "total", "a");
  EXPECT_NE(told.find("├─ 2\n│  ├─ 9\n│  ├─ 10\n│  ├─ 11\n│  ├─ 30\n│  └─ ...and 1 more, 6 in all\n"),
            std::string::npos)
      << told;
}

TEST(Proof, WhatARequestBringsCannotRuleATerminal) {
  auto engine = engine_of(R"(module t
request R { n: string }
decision d(r: R) {
  default deny "no"
  allow hi: "hi {r.n}" if r.n != "".
})");
  ASSERT_TRUE(engine);
  auto request = BoundRequest::from_json(*engine, 0, "{\"n\": \"a\\u001b[2Jb\\n\\tc\\u202e\"}");
  ASSERT_TRUE(request);
  std::string told = render(engine->plan().schema, explain(*engine, *request, 0).proof);
  EXPECT_EQ(told.substr(0, told.find("  (")), "allow hi: hi a\\x1b[2Jb\\n\\tc\\u{202e}");
  for (char c : told) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
  EXPECT_EQ(std::count(told.begin(), told.end(), '\n'), 2);
}

const NearMiss& only_miss(const Explanation& told) {
  EXPECT_EQ(told.near_misses.size(), 1u);
  static const NearMiss none;
  return told.near_misses.empty() ? none : told.near_misses[0];
}

TEST(Proof, PremisesThatReadParametersShowThem) {
  auto engine = engine_of(R"(module t
request R { amount: int }
param ceiling: int = 10
param open: bool = true
decision d(r: R) {
  default deny "no"
  allow low: "low" if r.amount <= ceiling.
})");
  ASSERT_TRUE(engine);
  auto request = BoundRequest::from_json(*engine, 0, R"({"amount": 11})");
  ASSERT_TRUE(request);
  EXPECT_EQ(only_miss(explain(*engine, *request, 0)).values, "r.amount = 11, ceiling = 10");
  engine = engine_of(R"(module t
request R { amount: int }
param open: bool = true
decision d(r: R) {
  default deny "no"
  allow shut: "open" if r.amount > 1, not open.
})");
  request = BoundRequest::from_json(*engine, 0, R"({"amount": 11})");
  ASSERT_TRUE(request);
  EXPECT_EQ(only_miss(explain(*engine, *request, 0)).values, "open = true");
}

TEST(Proof, PremisesAreCountedAsTheyAreWritten) {
  auto engine = engine_of(R"(module t
request R { n: int }
relation size(of: int, is: int) { (1, 5) }
let sizes(n: int) = count { s : size(n, s) }
decision d(r: R) {
  default deny "no"
  allow two: "two" if r.n == 1, sizes(r.n) > 3.
})");
  ASSERT_TRUE(engine);
  auto request = BoundRequest::from_json(*engine, 0, R"({"n": 1})");
  ASSERT_TRUE(request);
  Explanation told = explain(*engine, *request, 0);
  EXPECT_EQ(only_miss(told).held, 1u);
  EXPECT_EQ(only_miss(told).total, 2u);
}

TEST(Proof, ANearMissInARuleShowsWhatTheRuleHasBound) {
  auto engine = engine_of(R"(module t
request R { of: string, what: string }
relation own(of: string, what: string, most: int) { ("ann", "b", 3) }
most(p, k, m) :- own(p, k, m).
decision d(r: R) {
  default deny "no"
  allow one: "one" if most(r.of, r.what, m), m > 1.
})");
  ASSERT_TRUE(engine);
  auto request = BoundRequest::from_json(*engine, 0, R"({"of": "ann", "what": "c"})");
  ASSERT_TRUE(request);
  EXPECT_EQ(only_miss(explain(*engine, *request, 0)).values,
            "r.of = \"ann\", r.what = \"c\"; its rule needs `own(p, k, m)` with p = \"ann\", k = \"c\"");
}

TEST(Proof, ANearMissAsksRulesOnlyForWhatIsBound) {
  auto engine = engine_of(R"(module t
request R { of: string }
relation link(from: string, to: string) { ("a", "b") ("b", "c") }
near(x, y) :- link(x, y).
near(x, y) :- link(y, x), x == y.
decision d(r: R) {
  default deny "no"
  allow turn: "turn" if near(v, v), v != r.of.
})");
  ASSERT_TRUE(engine);
  auto request = BoundRequest::from_json(*engine, 0, R"({"of": "b"})");
  ASSERT_TRUE(request);
  Explanation told = explain(*engine, *request, 0);
  ASSERT_EQ(told.near_misses.size(), 1u);
  EXPECT_EQ(told.near_misses[0].values, "its rule needs `x == y` with x = \"b\", y = \"a\"");
  ASSERT_TRUE(told.near_misses[0].in_rule);
  EXPECT_EQ(told.near_misses[0].in_rule->rule_place.line, 5u);
  EXPECT_EQ(told.near_misses[0].in_rule->held, 1u);
}

}  // namespace
}  // namespace lictor
