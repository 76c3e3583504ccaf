// What a decision says, from the text of a policy: ranks, requirements, obligations, errors, budgets, proofs.
#include <gtest/gtest.h>

#include "runtime/proof.h"
#include "tests/runtime/policy.h"

namespace lictor {
namespace {

using testing::engine_of;
using testing::lines;
using testing::plan_of;

std::string applied(const Schema& schema, const std::vector<AppliedSignature>& list) {
  std::string out;
  for (const AppliedSignature& one : list) {
    out += " " + one.name + "(";
    for (size_t i = 0; i < one.args.size(); ++i) out += (i == 0 ? "" : ", ") + show_source(schema, one.args[i].second);
    out += ")";
  }
  return out;
}

/// "require big: over 10; also allow ok; asks approval(2); does tell("x"); errors overflow in ..."
std::string decide(Engine& engine, const std::string& json) {
  auto request = BoundRequest::from_json(engine, 0, json);
  if (!request) return lines(request.error());
  DecisionResult d = engine.evaluate(*request, 0);
  Quick quick = engine.decide(*request, 0);
  EXPECT_EQ(quick.outcome, d.outcome) << json;
  EXPECT_EQ(quick.clause, d.winner.clause) << json;
  const Schema& schema = engine.plan().schema;
  std::string out = std::string(d.winner.is_override ? "override " : "") + std::string(outcome_name(d.outcome)) + " " +
                    d.winner.id + ": " + d.winner.reason;
  for (const Instance& one : d.also)
    out += "; also " + std::string(outcome_name(one.outcome)) + " " + one.id + ": " + one.reason;
  if (!d.requirements.empty()) out += "; asks" + applied(schema, d.requirements);
  if (!d.obligations.empty()) out += "; does" + applied(schema, d.obligations);
  for (const EvalError& error : d.errors) out += "; error " + error.message;
  return out;
}

TEST(Decide, RanksAndRequirements) {
  auto engine = engine_of(R"(module t
obligation tell(text: string)
requirement approval(count: int)
request R { n: int, flags: set<string> }
decision d(r: R) {
  default deny "nothing"
  deny no: "no" if "deny" in r.flags.
  allow ok: "ok" if "allow" in r.flags then tell(text: "allowed").
  require two: "two for {r.n}" approval(count: r.n) if "require" in r.flags meanwhile tell(text: "asked") then tell(text: "later").
  override deny stop: "stop" if "stop" in r.flags.
  override require three: "three" approval(count: 3) if "three" in r.flags.
  override allow pass: "pass" if "pass" in r.flags.
})");
  ASSERT_TRUE(engine);
  auto ask = [&](const std::string& flags) { return decide(*engine, R"({"n": 2, "flags": [)" + flags + "]}"); };
  EXPECT_EQ(ask(""), "deny default: nothing");
  EXPECT_EQ(ask(R"("allow")"), "allow ok: ok; does tell(\"allowed\")");
  EXPECT_EQ(ask(R"("allow", "deny")"), "deny no: no; also allow ok: ok");
  EXPECT_EQ(ask(R"("require")"), "deny default: nothing; also require two: two for 2")
      << "without an allow the default stands";
  EXPECT_EQ(ask(R"("allow", "require")"),
            "require two: two for 2; also allow ok: ok; asks approval(2); does tell(\"asked\")");
  EXPECT_EQ(
      ask(R"("allow", "require", "three")"),
      "override require three: three; also require two: two for 2; also allow ok: ok; asks approval(3) approval(2)");
  EXPECT_EQ(ask(R"("pass", "deny")"), "override allow pass: pass; also deny no: no");
  EXPECT_EQ(ask(R"("pass", "require")"), "override allow pass: pass; also require two: two for 2")
      << "a lower require is not asked for";
  EXPECT_EQ(ask(R"("pass", "three")"), "override require three: three; also allow pass: pass; asks approval(3)");
  EXPECT_EQ(ask(R"("pass", "stop")"), "override deny stop: stop; also allow pass: pass");
}

TEST(Decide, InstancesInOrderOfTheirValues) {
  auto engine = engine_of(R"(module t
obligation tell(text: string)
relation found(name: string, n: int)  { ("b", 1) ("a", 2) ("c", 1) }
request R { n: int }
decision d(r: R) {
  default deny "nothing"
  allow each: "{x}" if found(x, k), k >= r.n then tell(text: "seen").
})");
  ASSERT_TRUE(engine);
  EXPECT_EQ(decide(*engine, R"({"n": 1})"),
            "allow each: a; also allow each: b; also allow each: c; does tell(\"seen\")");
  EXPECT_EQ(decide(*engine, R"({"n": 2})"), "allow each: a; does tell(\"seen\")");
}

constexpr const char* kErring = R"(module t
request R { n: int, m: int = 0 }
relation numbers(n: int)  { (1) (2) }
halved(r: R, x / (r.n - 1)) :- numbers(x).
decision d(r: R) {
  default deny "nothing"
  allow fine: "fine" if r.n < 100.
  deny late: "late" if r.n > 10, 9223372036854775807 + r.n > 0.
  allow through: "half {h}" if r.m == 1, halved(r, h).
  deny message: "{10 / r.m}" if r.n == 5.
})";

TEST(Decide, ErrorsFailClosed) {
  auto engine = engine_of(kErring);
  ASSERT_TRUE(engine);
  EXPECT_EQ(decide(*engine, R"({"n": 2})"), "allow fine: fine");
  EXPECT_EQ(decide(*engine, R"({"n": 11})"),
            "deny late: clause `late` could not be evaluated: overflow; also allow fine: fine; error overflow in "
            "clause `late`");
  EXPECT_EQ(decide(*engine, R"({"n": 1, "m": 1})"), "allow fine: fine; error division by zero in a rule for `halved`")
      << "an erring allow does not count";
  EXPECT_EQ(decide(*engine, R"({"n": 1})"), "allow fine: fine") << "the relation is not read";
  EXPECT_EQ(decide(*engine, R"({"n": 5})"),
            "deny message: clause `message` could not be evaluated: division by zero; also allow fine: fine; error "
            "division by zero in clause `message`");
}

TEST(Decide, AnExhaustedBudgetDenies) {
  constexpr const char* kPolicy = R"(module t
relation edge(a: int, b: int)
relation node(a: int)
request R { from: int }
reach(r: R, b) :- edge(r.from, b).
reach(r: R, c) :- reach(r, b), edge(b, c).
decision d(r: R) {
  default deny "nothing"
  allow reached: "ok" if not reach(r, 1000).
})";
  std::string facts = R"({"relations": {"edge": [)";
  for (int i = 0; i < 300; ++i) facts += "[" + std::to_string(i) + "," + std::to_string((i + 1) % 300) + "],";
  facts += "[0, 2]]}}";
  auto whole = engine_of(kPolicy, facts);
  ASSERT_TRUE(whole);
  EXPECT_EQ(decide(*whole, R"({"from": 0})"), "allow reached: ok");
  EngineOptions options;
  options.limits.steps = 200;
  auto steps = engine_of(kPolicy, facts, options);
  std::string wanted =
      "deny default: the decision could not be evaluated: the budget of steps or memory was exhausted; "
      "error the budget of steps or memory was exhausted in decision `d`";
  EXPECT_EQ(decide(*steps, R"({"from": 0})"), wanted);
  options.limits.steps = 50'000'000;
  options.limits.memory = 1000;
  auto memory = engine_of(kPolicy, facts, options);
  EXPECT_EQ(decide(*memory, R"({"from": 0})"), wanted);
}

TEST(Decide, AChangeOfFactsThatMakesARuleErrIsRefused) {
  auto engine = engine_of(R"(module t
relation pair(a: int, b: int)
ratio(a, a / b) :- pair(a, b).
limited(n + 1) :- limited(n) limit 3.
limited(n) :- pair(n, _).
)");
  ASSERT_TRUE(engine);
  FactSet facts = engine->facts();
  const Schema& schema = engine->plan().schema;
  auto publish = [&](const std::string& json) {
    FactSet more = facts;
    auto added = add_json_facts(schema, json, "f", more);
    EXPECT_TRUE(added);
    auto published = engine->publish(more);
    return published ? "version " + std::to_string(*published) : lines(published.error());
  };
  EXPECT_EQ(publish(R"({"relations": {"pair": [[6, 0]]}})"),
            "E0613 division by zero in the rule for `ratio`, with a = 6, b = 0\n");
  EXPECT_EQ(publish(R"({"relations": {"pair": [[6, 1]]}})"),
            "E0613 the limit of rows was reached in the rule for `limited`\n");
  EXPECT_EQ(engine->version(), 1u);
}

TEST(Decide, TwoValuesForOneKeyAreAnError) {
  auto engine = engine_of(R"(
module t
relation score(who: string, n: int) from host
relation zero(who: string) from host
relation badge(who: string, n: int) key(who) from host
relation late(who: string, n: int) key(who)
badge(w, n) :- score(w, n).
badge(w, 0) :- zero(w).
late(w, n) :- badge(w, n), now > time"2026-01-01T00:00:00Z".
late(w, 1) :- zero(w), now > time"2026-06-01T00:00:00Z".
request R { who: string }
decision d(r: R) {
  default deny "no"
  allow yes: "{n}" if late(r.who, n).
  allow read: "{late[r.who] ?? 7}" if late[r.who] ?? 7 == 7.
  deny other: "other" if r.who == "other".
}
)");
  ASSERT_TRUE(engine);
  auto publish = [&](const std::string& json) {
    FactSet more;
    more.entities.resize(engine->plan().schema.entities.size());
    more.rows.resize(engine->plan().schema.relations.size());
    auto added = add_json_facts(engine->plan().schema, json, "f", more);
    EXPECT_TRUE(added);
    auto published = engine->publish(more);
    return published ? "fine" : lines(published.error());
  };
  EXPECT_EQ(publish(R"({"relations": {"score": [["a", 1]], "badge": [["a", 1], ["b", 2]]}})"), "fine");
  EXPECT_EQ(publish(R"({"relations": {"score": [["a", 1]], "badge": [["a", 2]]}})"),
            "E0613 two values for one key in the rule for `badge`, which has (\"a\", 2) and (\"a\", 1)\n");
  EXPECT_EQ(publish(R"({"relations": {"score": [["a", 1]], "zero": [["a"]]}})"),
            "E0613 two values for one key in the rule for `badge`, which has (\"a\", 1) and (\"a\", 0)\n");
  EXPECT_EQ(publish(R"({"relations": {"score": [["a", 1], ["a", 0], ["b", 1]]}})"),
            "E0613 two values for one key in the rule for `badge`, which has (\"a\", 1) and (\"a\", 0)\n");
  EXPECT_EQ(engine->version(), 2u);

  // at request time every clause errs that reads the relation, whichever row it looks for
  EXPECT_EQ(publish(R"({"relations": {"zero": [["a"]]}})"), "fine");
  auto decide = [&](const std::string& who, int64_t now) {
    auto request = BoundRequest::from_json(*engine, 0, R"({"who": ")" + who + R"("})");
    EXPECT_TRUE(request);
    DecisionResult result = engine->evaluate(*request, now);
    EXPECT_EQ(engine->decide(*request, now).clause, result.winner.clause);
    return result.winner.id + " " + result.winner.reason + " " + std::to_string(result.errors.size());
  };
  constexpr int64_t kMarch = 1'772'323'200'000'000, kJuly = 1'782'864'000'000'000;
  EXPECT_EQ(decide("a", kMarch), "yes 0 0");
  EXPECT_EQ(decide("x", kMarch), "read 7 0");
  EXPECT_EQ(decide("a", kJuly), "default no 1");
  EXPECT_EQ(decide("x", kJuly), "default no 1");
  EXPECT_EQ(decide("other", kJuly), "other other 1");
}

TEST(Decide, KeepsWhatIsKnownWhenFactsAreRead) {
  auto engine =
      engine_of(R"(module t
entity Team in Team {}
entity User in Team { age: int = 7 }
relation owns(u: User, what: string)
big(u, n) :- User(u), n = count { w : owns(u, w) }.
)",
                R"({"entities": {"User": {"a": {"in": {"Team": ["t1"]}}}, "Team": {"t1": {"in": {"Team": ["t2"]}}}},
                              "relations": {"owns": [["a", "x"], ["a", "y"], ["b", "x"]]}})");
  ASSERT_TRUE(engine);
  const Schema& schema = engine->plan().schema;
  auto rows = engine->rows(1);
  ASSERT_TRUE(rows);
  ASSERT_EQ(rows->size(), 2u) << "b is an instance because a row mentions it";
  EXPECT_EQ(show_source(schema, (*rows)[0][0]) + " " + show(schema, (*rows)[0][1]), "User(\"a\") 2");
  auto users = engine->instances(1);
  ASSERT_EQ(users.size(), 2u);
  EXPECT_EQ(users[1].id, "b");
  EXPECT_EQ(users[1].attributes[0].n, 7) << "its attributes are the defaults";
  FactSet facts = engine->facts();
  EXPECT_EQ(facts.entities[1].size(), 1u) << "only what was given";
  ASSERT_TRUE(engine->publish(facts));
  EXPECT_EQ(engine->rows(1)->size(), 2u);
}

TEST(Decide, ExplainsAllowAndDeny) {
  auto engine = engine_of(R"(module t
entity User { level: int }
relation parent(a: User, b: User)
ancestor(a, b) :- parent(a, b).
ancestor(a, c) :- parent(a, b), ancestor(b, c).
request R { who: User, whom: User }
decision d(r: R) {
  default deny "nothing"
  allow kin: "{r.who} comes before {r.whom}" if ancestor(r.who, r.whom), r.who.level >= 3.
}
)",
                          R"({"entities": {"User": {"a": {"level": 3}, "b": {"level": 1}, "c": {"level": 5}}},
                              "relations": {"parent": [["a", "b"], ["b", "c"]]}})");
  ASSERT_TRUE(engine);
  const Schema& schema = engine->plan().schema;
  auto request = BoundRequest::from_json(*engine, 0, R"({"who": "a", "whom": "c"})");
  ASSERT_TRUE(request);
  Explanation allowed = explain(*engine, *request, 0);
  EXPECT_EQ(allowed.decision.outcome, ast::Outcome::kAllow);
  std::string tree = render(schema, allowed.proof);
  for (const char* part : {"ancestor(User(\"a\"), User(\"c\"))", "parent(User(\"a\"), User(\"b\"))",
                           "ancestor(User(\"b\"), User(\"c\"))", "r.who.level >= 3"}) {
    EXPECT_NE(tree.find(part), std::string::npos) << part << "\n" << tree;
  }
  EXPECT_TRUE(allowed.near_misses.empty());
  request = BoundRequest::from_json(*engine, 0, R"({"who": "b", "whom": "c"})");
  Explanation denied = explain(*engine, *request, 0);
  ASSERT_EQ(denied.near_misses.size(), 1u);
  EXPECT_EQ(denied.near_misses[0].clause, "kin");
  EXPECT_EQ(denied.near_misses[0].premise, "r.who.level >= 3");
  EXPECT_EQ(denied.near_misses[0].held, 1u);
  EXPECT_NE(denied.near_misses[0].values.find("r.who.level = 1"), std::string::npos) << denied.near_misses[0].values;
  EXPECT_EQ(denied.near_misses[0].place.line, 9u);
}

TEST(Decide, ANearMissLooksIntoTheRulesOfItsPremise) {
  auto engine = engine_of(R"(module t
entity User { level: int }
relation grant(u: User, what: string)
may(u, w) :- grant(u, w), u.level >= 3.
may(u, w) :- grant(u, w), w == "never", u.level == 0.
request R { who: User, what: string }
decision d(r: R) {
  default deny "nothing"
  allow granted: "ok" if may(r.who, r.what).
}
)",
                          R"({"entities": {"User": {"a": {"level": 2}}}, "relations": {"grant": [["a", "read"]]}})");
  ASSERT_TRUE(engine);
  auto request = BoundRequest::from_json(*engine, 0, R"({"who": "a", "what": "read"})");
  ASSERT_TRUE(request);
  Explanation denied = explain(*engine, *request, 0);
  ASSERT_EQ(denied.near_misses.size(), 1u);
  EXPECT_EQ(denied.near_misses[0].premise, "may(r.who, r.what)");
  EXPECT_EQ(denied.near_misses[0].values,
            "r.who = User(\"a\"), r.what = \"read\"; its rule needs `u.level >= 3` with u.level = 2");
}

TEST(Decide, AnErringClauseListsWhatItsInstancesErrTooIn) {
  auto engine = engine_of(R"(module t
request R { items: set<int> }
decision d(r: R) {
  default deny "no"
  allow each: "{10 / x}" if x in r.items, (x == 0 or 10 / (x - 1) > 100).
})");
  ASSERT_TRUE(engine);
  EXPECT_EQ(decide(*engine, R"({"items": [1]})"), "deny default: no; error division by zero in clause `each`");
  EXPECT_EQ(decide(*engine, R"({"items": [0]})"), "deny default: no; error division by zero in clause `each`");
  EXPECT_EQ(decide(*engine, R"({"items": [0, 1]})"),
            "deny default: no; error division by zero in clause `each`; error division by zero in clause `each`");
}

TEST(Decide, ProvesRows) {
  auto engine = engine_of(R"(module t
relation edge(a: int, b: int) { (1, 2) (2, 3) (3, 1) (1, 3) }
reach(a, b) :- edge(a, b).
reach(a, c) :- edge(a, b), reach(b, c).
)");
  ASSERT_TRUE(engine);
  const Schema& schema = engine->plan().schema;
  Datum one, two, three;
  one.type = two.type = three.type = kIntType;
  one.n = 1;
  two.n = 2;
  three.n = 3;
  auto proof = prove(*engine, 1, {three, three});
  ASSERT_TRUE(proof) << proof.error().message;
  EXPECT_EQ(render(schema, *proof),
            "reach(3, 3)  (test.lictor:4)\n"
            "├─ edge(3, 1)\n"
            "└─ reach(1, 3)  (test.lictor:3)\n"
            "   └─ edge(1, 3)\n")
      << "the least proof does not go round by 2";
  EXPECT_EQ(prove(*engine, 0, {two, one}).error().kind, ErrorKind::kNotFound);
}

}  // namespace
}  // namespace lictor
