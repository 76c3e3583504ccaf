// The public API: load, bind, decide, explain, change facts; from many threads; without allocation.
#include "lictor/lictor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <nlohmann/json.hpp>
#include <thread>

#include "lictor/audit.h"
#include "tests/host/audit_files.h"
#include "tests/host/count_allocations.h"

namespace lictor {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kText = R"(module doors
use std.governance (alert)
param closed: bool = false
enum Level { visitor < staff < guard }
entity Person { level: Level } { ("ann", level: guard) ("bob", level: visitor) }
entity Door { needs: Level } { ("lab", needs: staff) ("vault", needs: guard) }
relation banned(person: Person, door: Door) from host
request Enter { person: Person, door: Door, companion: Person?, floor: int 0..9 = 0, hurry: bool = false }
decision enter(r: Enter) {
  default deny "{r.door.id} stays shut"
  allow level: "{r.person.level} may pass {r.door.id}" if r.person.level >= r.door.needs, r.floor < 9.
  deny banned: "{r.person.id} is banned from {r.door.id}" if banned(r.person, r.door) then alert(severity: high, text: "banned at {r.door.id}").
  deny overflow: "never" if r.floor == 8, 9223372036854775807 + r.floor > 0.
  override deny closed: "closed" if closed.
}
decision leave(r: Enter) {
  default deny "no"
  allow always: "bye" if r.person.id != "".
}
)";

class PolicyTest : public ::testing::TestWithParam<Options::Engine> {
 protected:
  Options options(bool wait = true) const {
    Options options;
    options.engine = GetParam();
    options.cache_dir = "";
    options.wait_for_native = wait;
    return options;
  }
  Policy policy() const {
    auto made = Policy::from_text(kText, options());
    EXPECT_TRUE(made) << to_text(made.error());
    return std::move(*made);
  }
};

TEST_P(PolicyTest, HandsOutYieldsAndChanges) {
  auto gifts = Policy::from_text(R"(module gifts
relation used(who: string, gift: string) from host
request Take { who: string, n: int }
decision take(r: Take) {
  default deny "no"
  yield twice: int = r.n * 2
  yield high: int = r.n if r.n > 5.
  allow once if not used(r.who, "cup") then insert used(r.who, "cup"), remove used(_, "old").
}
decision both(r: Take) { default deny "no" allow a if granted take(r). }
)",
                                 options());
  ASSERT_TRUE(gifts) << to_text(gifts.error());
  DecisionPoint take = *gifts->decision("take");
  DecisionPoint both = *gifts->decision("both");
  Request request = *take.bind(R"({"who": "ann", "n": 3})");
  Request same = *both.bind(R"({"who": "ann", "n": 3})");
  Verdict verdict = take.evaluate(request);
  EXPECT_EQ(verdict.yield("twice"), "6");
  EXPECT_EQ(verdict.yield("high"), "");
  EXPECT_EQ(verdict.yield("nothing"), "");
  ASSERT_EQ(verdict.changes().size(), 2u);
  EXPECT_TRUE(verdict.changes()[0].insert);
  EXPECT_EQ(verdict.changes()[0].relation, "used");
  EXPECT_THAT(verdict.changes()[0].row, ElementsAre(std::pair("who", "ann"), std::pair("gift", "cup")));
  EXPECT_FALSE(verdict.changes()[1].insert);
  EXPECT_THAT(verdict.changes()[1].row, ElementsAre(std::pair("gift", "old")));
  EXPECT_TRUE(both.decide(same).allowed());
  ASSERT_TRUE(gifts->add_facts(R"({"relations": {"used": [["ann", "cup"]]}})"));
  EXPECT_FALSE(take.evaluate(request).allowed());
  EXPECT_TRUE(take.evaluate(request).changes().empty());
  EXPECT_FALSE(both.decide(same).allowed());
}

TEST_P(PolicyTest, DecidesAndSaysWhy) {
  Policy doors = policy();
  EXPECT_THAT(doors.decisions(), ElementsAre("doors.enter", "doors.leave"));
  auto enter = doors.decision("enter").value();
  EXPECT_EQ(enter.name(), "doors.enter");
  auto request = enter.bind({{"person", "bob"}, {"door", "vault"}}).value();
  Answer answer = enter.decide(request);
  EXPECT_FALSE(answer.allowed());
  EXPECT_EQ(answer.clause, "default");
  EXPECT_EQ(answer.native, GetParam() == Options::Engine::kJit && doors.native());

  Verdict verdict = enter.explain(request, 1'767'225'600'000'000);
  EXPECT_EQ(verdict.outcome(), Outcome::kDeny);
  EXPECT_EQ(verdict.reason(), "vault stays shut");
  EXPECT_EQ(verdict.now(), 1'767'225'600'000'000);
  EXPECT_EQ(verdict.bundle(), doors.bundle_hash());
  EXPECT_EQ(verdict.facts(), doors.facts_version());
  EXPECT_EQ(verdict.id().size(), 26u);
  ASSERT_FALSE(verdict.near_misses().empty());
  EXPECT_EQ(verdict.near_misses()[0].clause, "level");
  EXPECT_THAT(verdict.near_misses()[0].premise, HasSubstr("r.person.level >= r.door.needs"));
  EXPECT_FALSE(verdict.proof().empty());
  EXPECT_TRUE(enter.evaluate(request).proof().empty());
}

TEST_P(PolicyTest, TheJsonHasTheKeysOfTheContract) {
  Policy doors = policy();
  auto enter = doors.decision("enter").value();
  ASSERT_TRUE(doors.add_facts(R"({"relations": {"banned": [["ann", "lab"]]}})"));
  auto request = enter.bind({{"person", "ann"}, {"door", "lab"}}).value();
  Verdict verdict = enter.evaluate(request, 1'767'225'600'500'000);
  auto json = nlohmann::ordered_json::parse(verdict.json());
  std::vector<std::string> keys;
  for (const auto& [key, value] : json.items()) keys.push_back(key);
  EXPECT_THAT(keys, ElementsAre("decision", "clause", "reason", "override", "also", "module", "name", "obligations",
                                "observed", "errors", "notes", "yields", "bundle", "facts", "now", "id", "engine"));
  EXPECT_EQ(json["decision"], "deny");
  EXPECT_EQ(json["clause"], "banned");
  EXPECT_EQ(json["override"], false);
  EXPECT_EQ(json["also"][0]["clause"], "level");
  EXPECT_EQ(json["also"][0]["decision"], "allow");
  EXPECT_EQ(json["module"], "doors");
  EXPECT_EQ(json["name"], "enter");
  EXPECT_EQ(json["obligations"][0]["name"], "alert");
  EXPECT_EQ(json["obligations"][0]["args"]["severity"], "high");
  EXPECT_EQ(json["obligations"][0]["args"]["text"], "banned at lab");
  EXPECT_EQ(json["now"], "2026-01-01T00:00:00.5Z");
  EXPECT_EQ(json["id"], verdict.id());
  EXPECT_EQ(json["engine"], verdict.native() ? "jit" : "interp");
  ASSERT_EQ(verdict.obligations().size(), 1u);
  EXPECT_EQ(verdict.obligations()[0].args[1].second, "banned at lab");
  auto explained = nlohmann::ordered_json::parse(enter.explain(request).json());
  EXPECT_TRUE(explained.contains("proof"));
  EXPECT_TRUE(explained["proof"].contains("text"));
  const auto& reason = explained["proof"]["because"][0];
  EXPECT_EQ(reason["kind"], "fact");
  EXPECT_EQ(reason["relation"], "banned");
  EXPECT_EQ(reason["row"], (nlohmann::ordered_json{"ann", "lab"}));
}

TEST_P(PolicyTest, ErrorsDenyAndAreListed) {
  Policy doors = policy();
  auto enter = doors.decision("enter").value();
  auto request = enter.bind({{"person", "ann"}, {"door", "lab"}, {"floor", 8}}).value();
  EXPECT_EQ(enter.decide(request).outcome, Outcome::kDeny);
  Verdict verdict = enter.evaluate(request);
  EXPECT_EQ(verdict.outcome(), Outcome::kDeny);
  EXPECT_EQ(verdict.clause(), "overflow");
  ASSERT_EQ(verdict.errors().size(), 1u);
  EXPECT_THAT(verdict.errors()[0], HasSubstr("overflow"));
}

TEST_P(PolicyTest, RequestsAreCheckedAndMistakesNameTheirPath) {
  Policy doors = policy();
  auto enter = doors.decision("enter").value();
  for (const char* bad :
       {"", "[]", "{}", "null", R"({"person": "ann"})", R"({"person": "ann", "door": "lab", "x": 1})",
        R"({"person": "ann", "door": "lab", "person": "bob"})", R"({"person": "nobody", "door": "lab"})",
        R"({"person": null, "door": "lab"})", R"({"person": "ann", "door": "lab", "floor": 10})",
        R"({"person": "ann", "door": "lab", "floor": 1.5})", R"({"person": "ann", "door": "lab", "hurry": 1})",
        R"({"person": "ann", "door": "lab"} x)", "{\"person\": \"\xff\", \"door\": \"lab\"}"}) {
    auto request = enter.bind(bad);
    ASSERT_FALSE(request) << bad;
    EXPECT_EQ(request.error().kind, ErrorKind::kInvalid) << bad;
    EXPECT_FALSE(request.error().diagnostics.empty()) << bad;
  }
  auto wrong = enter.bind(R"({"person": "ann", "door": "lab", "floor": "x"})");
  EXPECT_THAT(to_text(wrong.error()), HasSubstr("/floor"));
  auto small = options();
  small.max_request_bytes = 20;
  auto limited = Policy::from_text(kText, small).value().decision("enter").value();
  EXPECT_EQ(limited.bind(R"({"person": "ann", "door": "lab"})").error().kind, ErrorKind::kInvalid);
}

TEST_P(PolicyTest, FieldsCanBeGivenAndChanged) {
  Policy doors = policy();
  auto enter = doors.decision("enter").value();
  EXPECT_FALSE(enter.bind({{"person", "ann"}, {"person", "bob"}, {"door", "lab"}}));
  EXPECT_FALSE(enter.bind({{"person", "ann"}, {"door", Request::Value::json("\"lab\", \"floor\": 3")}}));
  auto request =
      enter.bind({{"person", std::string("bob")}, {"door", std::string_view("vault")}, {"floor", 9u}, {"hurry", true}})
          .value();
  EXPECT_EQ(request.json(), R"({"door":"vault","floor":9,"hurry":true,"person":"bob"})");
  EXPECT_FALSE(enter.decide(request).allowed());
  ASSERT_TRUE(request.set("person", "ann"));
  ASSERT_TRUE(request.set("floor", int64_t{3}));
  EXPECT_TRUE(enter.decide(request).allowed());
  EXPECT_FALSE(request.set("person", "nobody"));
  EXPECT_FALSE(request.set("fl", 3));
  EXPECT_TRUE(enter.decide(request).allowed());  // as it was
  EXPECT_FALSE(request.unset("person"));
  ASSERT_TRUE(request.unset("hurry"));
  EXPECT_EQ(request.json(), R"({"door":"vault","floor":3,"person":"ann"})");
  ASSERT_TRUE(request.set("companion", "ghost"));  // optional: none, with a note
  ASSERT_EQ(request.notes().size(), 1u);
  EXPECT_THAT(request.notes()[0], HasSubstr("ghost"));
  EXPECT_EQ(enter.evaluate(request).notes(), request.notes());
}

TEST_P(PolicyTest, ARequestForAnotherDecisionOrPolicyIsDenied) {
  Policy doors = policy(), others = policy();
  auto enter = doors.decision("enter").value(), leave = doors.decision("leave").value();
  auto request = enter.bind({{"person", "ann"}, {"door", "lab"}}).value();
  EXPECT_TRUE(enter.decide(request).allowed());
  EXPECT_TRUE(doors.decision("doors.enter").value().decide(request).allowed());  // the same decision
  EXPECT_FALSE(leave.decide(request).allowed());
  EXPECT_EQ(leave.explain(request).reason(), "the request was bound for another decision");
  EXPECT_FALSE(others.decision("enter").value().decide(request).allowed());
  Request moved = std::move(request);
  EXPECT_FALSE(enter.decide(request).allowed());
  EXPECT_TRUE(enter.decide(moved).allowed());
}

TEST_P(PolicyTest, FactsChangeWholeOrNotAtAll) {
  Policy doors = policy();
  auto enter = doors.decision("enter").value();
  auto request = enter.bind({{"person", "bob"}, {"door", "lab"}}).value();
  uint64_t version = doors.facts_version();
  EXPECT_FALSE(enter.decide(request).allowed());

  auto added = doors.add_facts(
      R"({"entities": {"Person": {"cid": {"level": "staff"}}}, "relations": {"banned": [["ann", "vault"]]}})");
  ASSERT_TRUE(added) << to_text(added.error());
  EXPECT_GT(*added, version);
  auto cid = enter.bind({{"person", "cid"}, {"door", "lab"}}).value();
  EXPECT_TRUE(enter.decide(cid).allowed());
  auto ann = enter.bind({{"person", "ann"}, {"door", "vault"}}).value();
  EXPECT_EQ(enter.decide(ann).clause, "banned");

  for (const char* bad :
       {"", "{", R"({"entities": {"Persn": {}}})", R"({"entities": {"Person": {"d": {}}}})",
        R"({"entities": {"Person": {"d": {"level": "king"}}}})", R"({"relations": {"banned": [["ann"]]}})",
        R"({"relations": {"banned": [["ann", "attic"]]}})",
        R"({"entities": {"Person": {"ok": {"level": "staff"}}}, "relations": {"banned": [["ok", 1]]}})"}) {
    auto refused = doors.add_facts(bad);
    EXPECT_FALSE(refused) << bad;
    EXPECT_EQ(doors.facts_version(), *added) << bad;
  }
  EXPECT_FALSE(enter.bind({{"person", "ok"}, {"door", "lab"}}));

  ASSERT_TRUE(doors.replace_facts(R"({"relations": {"banned": [["ann", "lab"]]}})"));
  EXPECT_TRUE(enter.decide(ann).allowed());                        // that ban is gone
  EXPECT_FALSE(enter.bind({{"person", "cid"}, {"door", "lab"}}));  // and so is cid
  auto at_lab = enter.bind({{"person", "ann"}, {"door", "lab"}}).value();
  EXPECT_EQ(enter.decide(at_lab).clause, "banned");
}

TEST_P(PolicyTest, DecidingAllocatesNothing) {
  std::string text = kText;  // without the clause that can err: such a decision is evaluated in full
  size_t erring = text.find("  deny overflow");
  text.erase(erring, text.find('\n', erring) - erring);
  Policy doors = Policy::from_text(text, options()).value();
  auto enter = doors.decision("enter").value();
  ASSERT_TRUE(doors.add_facts(R"({"relations": {"banned": [["bob", "lab"]]}})"));
  for (const char* person : {"ann", "bob"}) {
    auto request = enter.bind({{"person", person}, {"door", "lab"}}).value();
    Answer first = enter.decide(request);
    uint64_t before = testing::allocations();
    for (int i = 0; i < 1000; ++i) {
      Answer answer = enter.decide(request);
      if (answer.outcome != first.outcome || answer.clause != first.clause) ADD_FAILURE();
    }
    EXPECT_EQ(testing::allocations() - before, 0u) << person;
  }
}

// Each decision sees one version of the facts, whole, and names it: in every second one ann is banned from the lab.
TEST_P(PolicyTest, ThreadsSeeOneVersionEachWhileFactsChange) {
  Policy doors = policy();
  auto enter = doors.decision("enter").value();
  ASSERT_TRUE(doors.replace_facts(R"({"relations": {"banned": [["ann", "lab"]]}})"));
  const uint64_t first = doors.facts_version();
  std::atomic<bool> stop = false;
  std::atomic<uint64_t> wrong = 0, decided = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&] {
      auto request = enter.bind({{"person", "ann"}, {"door", "lab"}}).value();
      while (!stop) {
        Verdict verdict = enter.evaluate(request);
        bool banned = (verdict.facts() - first) % 2 == 0;
        if ((verdict.clause() == "banned") != banned) ++wrong;
        ++decided;
      }
    });
  }
  for (int i = 0; i < 200 || decided < 1000; ++i) {
    const char* facts = i % 2 == 0 ? R"({"relations": {"banned": [["ann", "vault"]]}})"
                                   : R"({"relations": {"banned": [["ann", "lab"]]}})";
    ASSERT_TRUE(doors.replace_facts(facts));
  }
  stop = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0u);
  EXPECT_GT(decided, 0u);
}

TEST_P(PolicyTest, AVerdictOutlivesItsPolicy) {
  std::optional<Verdict> verdict;
  std::optional<Request> request;
  {
    Policy doors = policy();
    auto enter = doors.decision("enter").value();
    request = enter.bind({{"person", "ann"}, {"door", "lab"}}).value();
    verdict = enter.explain(*request);
  }
  EXPECT_THAT(verdict->json(), HasSubstr("\"proof\""));
  EXPECT_THAT(request->json(), HasSubstr("ann"));
}

TEST_P(PolicyTest, ParametersAndFactsComeFromTheOptions) {
  testing::Folder folder;
  testing::write_file(folder / "banned.csv", "person,door\nann,lab\n");
  Options given = options();
  given.params = {{"closed", "true"}};
  auto closed = Policy::from_text(kText, given);
  ASSERT_TRUE(closed) << to_text(closed.error());
  auto enter = closed->decision("enter").value();
  auto request = enter.bind({{"person", "ann"}, {"door", "lab"}}).value();
  EXPECT_TRUE(enter.evaluate(request).is_override());
  given.params = {{"closed", "maybe"}};
  EXPECT_FALSE(Policy::from_text(kText, given));
  given.params = {};
  given.facts = {folder / "banned.csv"};
  auto with_facts = Policy::from_text(kText, given);
  ASSERT_TRUE(with_facts) << to_text(with_facts.error());
  auto at_lab = with_facts->decision("enter").value();
  auto banned = at_lab.bind({{"person", "ann"}, {"door", "lab"}}).value();
  EXPECT_EQ(at_lab.decide(banned).clause, "banned");
  given.facts = {folder / "gone/banned.csv"};
  EXPECT_EQ(Policy::from_text(kText, given).error().kind, ErrorKind::kUnreadable);
}

TEST_P(PolicyTest, MistakesInThePolicyAreAllShown) {
  auto policy = Policy::from_text(
      "module m\nrequest R { a: strin }\ndecision d(r: R) { default deny \"x\"\n allow y: \"{z}\". }\n", options());
  ASSERT_FALSE(policy);
  EXPECT_EQ(policy.error().kind, ErrorKind::kInvalid);
  EXPECT_GE(policy.error().diagnostics.size(), 2u);
  EXPECT_THAT(to_text(policy.error()), HasSubstr("policy.lictor:2:"));
  EXPECT_EQ(Policy::load("/no/such/folder", options()).error().kind, ErrorKind::kUnreadable);
}

TEST_P(PolicyTest, DecisionsGoIntoTheAudit) {
  testing::Folder folder;
  std::string path = folder / "a.audit";
  Policy doors = policy();
  auto enter = doors.decision("enter").value();
  auto request = enter.bind(R"({"person": "ann",  "door": "lab", "floor": 8})").value();
  Verdict verdict = enter.evaluate(request);
  {
    auto log = AuditLog::open(path);
    ASSERT_TRUE(log);
    ASSERT_TRUE(log->append(audit_record(request, verdict)));
  }
  std::vector<AuditRecord> records;
  ASSERT_TRUE(read_audit(path, 1, [&](const AuditRecord& record) {
    records.push_back(record);
    return true;
  }));
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].id, verdict.id());
  EXPECT_EQ(records[0].decision, "doors.enter");
  EXPECT_EQ(records[0].request, R"({"door":"lab","floor":8,"person":"ann"})");
  EXPECT_EQ(records[0].outcome, "deny");
  EXPECT_EQ(records[0].clause, "overflow");
  EXPECT_EQ(records[0].errors, verdict.errors());
  EXPECT_EQ(records[0].bundle, doors.bundle_hash());
  EXPECT_EQ(records[0].facts, doors.facts_version());
  EXPECT_EQ(records[0].now, verdict.now());
}

INSTANTIATE_TEST_SUITE_P(Engines, PolicyTest, ::testing::Values(Options::Engine::kInterpreter, Options::Engine::kJit),
                         [](const auto& info) { return info.param == Options::Engine::kJit ? "Jit" : "Interpreter"; });

}  // namespace
}  // namespace lictor
