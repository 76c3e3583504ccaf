// lictor test: what passes, what fails and how that is shown.
#include <gmock/gmock.h>

#include "tests/cli/command.h"

namespace lictor::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kTests = R"(module doors_test
use doors (Person, Door, opens, enter, may_open, log)

test "a guest enters by the front" {
  given Person("ann", rank: guest)
  expect enter(who: "ann", door: "front") allow rank reason "a guest opens front" then log(text: "ann enters")
  expect enter(who: "ann", door: "vault") deny default
}
test "alarms stop all but the chief" {
  given Person("ann", rank: staff), Person("zoe", rank: chief)
  given Door("office", alarmed: true)
  expect enter(who: "ann", door: "office") deny alarmed
  expect enter(who: "zoe", door: "office") allow rank
  expect enter(who: "zoe", door: "office", tries: 4) require escort errors 0
}
test "the chief opens all" {
  expect rows may_open(chief, _d) { ("front") ("office") ("vault") }
}
)";

class TestCommand : public CommandTest {
 protected:
  TestCommand() { write("b/doors.lictor", kDoors); }

  /// Runs one test body against the doors.
  Ran run(const std::string& body, const std::vector<std::string>& more = {}) {
    write("b/doors_test.lictor",
          "module doors_test\nuse doors (Person, Door, opens, enter, may_open, log)\ntest \"it\" {\n" + body + "\n}\n");
    std::vector<std::string> args = {"test", "b"};
    args.insert(args.end(), more.begin(), more.end());
    return lictor(args);
  }
};

TEST_F(TestCommand, AllPassOnEachEngine) {
  write("b/doors_test.lictor", kTests);
  for (const char* engine : {"interp", "jit", "both"}) {
    Ran ran = lictor({"test", "b", "--engine", engine});
    EXPECT_EQ(ran.code, 0) << engine << ran.out << ran.err;
    EXPECT_THAT(ran.out, HasSubstr("3 passed, 0 failed")) << engine;
  }
}

TEST_F(TestCommand, AWrongOutcomeShowsBothAndTheProof) {
  Ran ran = run("  given Person(\"ann\", rank: guest)\n  expect enter(who: \"ann\", door: \"front\") deny default");
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.out, AllOf(HasSubstr("FAILED doors_test: it"), HasSubstr("doors_test.lictor:5:3"),
                             HasSubstr("expected deny"), HasSubstr("got      allow"), HasSubstr("expected default"),
                             HasSubstr("got      rank"), HasSubstr("because"), HasSubstr("opens(")));
  EXPECT_THAT(ran.out, HasSubstr("0 passed, 1 failed"));
}

TEST_F(TestCommand, AnExpectedClauseThatDidNotApplyIsExplained) {
  Ran ran = run("  given Person(\"ann\", rank: guest)\n  expect enter(who: \"ann\", door: \"vault\") allow rank");
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.out, AllOf(HasSubstr("and `rank` did not apply: `r.who.rank >= least` does not hold"),
                             HasSubstr("guest"), HasSubstr("chief")));
}

TEST_F(TestCommand, AWrongReason) {
  Ran ran =
      run("  given Person(\"ann\", rank: guest)\n  expect enter(who: \"ann\", door: \"front\") allow rank reason \"a "
          "guest opens\"");
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.out, AllOf(HasSubstr("expected \"a guest opens\""), HasSubstr("got      \"a guest opens front\"")));
}

TEST_F(TestCommand, WrongObligations) {
  std::string begin = "  given Person(\"ann\", rank: guest)\n  expect enter(who: \"ann\", door: \"front\") allow rank ";
  Ran ran = run(begin + "then log(text: \"bob enters\")");
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.out,
              AllOf(HasSubstr("expected log(text: \"bob enters\")"), HasSubstr("got      log(text: \"ann enters\")")));
  EXPECT_EQ(run(begin + "then log(text: \"ann enters\")").code, 0);
}

TEST_F(TestCommand, WrongRowsAreListedOneByOne) {
  Ran ran = run("  expect rows may_open(chief, _d) { (\"front\") (\"vault\") (\"cellar\") }");
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.out, AllOf(HasSubstr("missing row     (Door(\"cellar\"))"),
                             HasSubstr("unexpected row  (Door(\"office\"))"), Not(HasSubstr("(Door(\"front\"))\n"))));
}

TEST_F(TestCommand, WrongCountOfErrors) {
  Ran ran = run("  given Person(\"ann\", rank: guest)\n  expect enter(who: \"ann\", door: \"front\") allow errors 2");
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.out, AllOf(HasSubstr("errors"), HasSubstr("expected 2"), HasSubstr("got      0")));
}

TEST_F(TestCommand, StatementsTakeEffectInOrder) {
  Ran ran =
      run("  given Person(\"ann\", rank: staff)\n"
          "  expect enter(who: \"ann\", door: \"office\") allow rank\n"
          "  given Door(\"office\", alarmed: true)\n"
          "  expect enter(who: \"ann\", door: \"office\") deny alarmed");
  EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
}

TEST_F(TestCommand, ParametersAndTime) {
  write("b/doors.lictor",
        "module doors\nparam least: int = 3\nrequest R { n: int }\n"
        "decision d(r: R) {\n  default deny \"no\"\n"
        "  allow enough: \"enough\" if r.n >= least, now < time\"2026-01-01T00:00:00Z\".\n}\n");
  write("b/doors_test.lictor",
        "module doors_test\nuse doors (least, d)\ntest \"it\" {\n  at time\"2025-01-01T00:00:00Z\"\n"
        "  expect d(n: 2) deny default\n  with least = 2\n  expect d(n: 2) allow enough\n"
        "  at time\"2026-01-01T00:00:00Z\"\n  expect d(n: 2) deny default\n}\n");
  Ran ran = lictor({"test", "b", "--engine", "both"});
  EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
}

TEST_F(TestCommand, CasesRunWhatFollowsOnceForEachRow) {
  const std::string table =
      "  given Person(\"ann\", rank: guest)\n  cases (door, tries, answer, clause, why) {\n"
      "    (\"front\", 0, allow, rank, \"a guest opens front\")\n"
      "    (\"vault\", 0, deny, default, \"nothing opens vault for ann\")\n"
      "    (\"front\", 4, require, escort, \"more than three tries\")\n";
  const std::string rest = "  }\n  expect enter(who: \"ann\", door: door, tries: tries) answer clause reason why";
  Ran good = run(table + rest, {"--engine", "both"});
  EXPECT_EQ(good.code, 0) << good.out << good.err;
  Ran bad = run(table + "    (\"office\", 0, allow, rank, \"a guest opens office\")\n" + rest);
  EXPECT_EQ(bad.code, 1);
  EXPECT_THAT(bad.out, AllOf(HasSubstr("in the case (\"office\", 0, allow, rank, \"a guest opens office\")  ("),
                             HasSubstr("doors_test.lictor:9)"), HasSubstr("expected allow"),
                             Not(HasSubstr("in the case (\"front\""))));
}

TEST_F(TestCommand, EachCaseBeginsAnew) {
  Ran ran =
      run("  given Person(\"ann\", rank: staff)\n  cases (loud, answer) { (true, deny) (false, allow) }\n"
          "  given Door(\"office\", alarmed: loud)\n  cases (tries, _n) { (0, 1) (1, 2) }\n"
          "  expect enter(who: \"ann\", door: \"office\", tries: tries) answer");
  EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
}

TEST_F(TestCommand, FixturesOfOtherModulesGiveTheirFactsAndTimes) {
  write("b/doors.lictor",
        "module doors\nentity Agent { level: int }\nparam least: int = 3\nrequest R { who: Agent }\n"
        "fixture late { at time\"2027-01-01T00:00:00Z\" with least = 1 }\n"
        "fixture people { given Agent(\"ann\", level: 2), late }\n"
        "decision d(r: R) {\n  default deny \"no\"\n"
        "  allow a: \"x\" if r.who.level >= least, now > time\"2026-01-01T00:00:00Z\".\n}\n");
  write("b/doors_test.lictor",
        "module doors_test\nuse doors (d, people)\n"
        "test \"by name\" { given people expect d(who: \"ann\") allow a }\n"
        "test \"by path\" { given doors.people expect d(who: \"ann\") allow a }\n");
  Ran ran = lictor({"test", "b", "--engine", "both"});
  EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
  // Its name may stand behind `use` where tests are left out.
  write("b/more.lictor", "module more\nuse doors (people)\n");
  Ran eval = lictor({"query", "-b", "b", "Agent(a)"});
  EXPECT_EQ(eval.code, 0) << eval.out << eval.err;
}

TEST_F(TestCommand, ForAllTriesEveryRequestWhereTheyAreFew) {
  write("b/doors_test.lictor",
        "module doors_test\nuse doors (Person, Door, Rank, enter)\nenum Mode { calm, wild }\n"
        "request Ask { who: Person, mode: Mode, twice: bool }\n"
        "decision ask(r: Ask) {\n  default deny\n  allow most: \"\" if not (r.mode == wild, r.twice, "
        "r.who.rank == Rank.chief).\n}\n"
        "fixture people { given Person(\"ann\", rank: guest), Person(\"zoe\", rank: chief) }\n"
        "test \"holds\" { given people for all r: Ask where not r.twice expect ask(r) allow }\n"
        "test \"fails\" { given people for all r: Ask expect ask(r) allow }\n");
  Ran ran = lictor({"test", "b", "--engine", "both"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.out, AllOf(HasSubstr("for r(who: Person(\"zoe\"), mode: wild, twice: true)"),
                             HasSubstr("of 8 requests in all"), HasSubstr("1 passed, 1 failed")));
}

TEST_F(TestCommand, ForAllFindsTheSimplestRequestThatFails) {
  write("b/doors_test.lictor",
        "module doors_test\nrequest Pay { amount: int, to: string, note: string?, tags: set<string> = {} }\n"
        "decision pay(r: Pay) {\n  default deny\n  allow small: \"\" if r.amount < 5_000, r.to != \"eve\".\n}\n"
        "test \"it\" { for all r: Pay where r.to != \"eve\" expect pay(r) allow }\n");
  for (const char* seed : {"1", "2", "77"}) {
    Ran ran = lictor({"test", "b", "--seed", seed});
    EXPECT_EQ(ran.code, 1);
    EXPECT_THAT(ran.out, AllOf(HasSubstr("for r(amount: 5000, to: \"\", tags: {})"),
                               HasSubstr(std::string("of `--seed ") + seed + "`")));
  }
  EXPECT_EQ(lictor({"test", "b", "--seed", "5"}).out.substr(0, 300),
            lictor({"test", "b", "--seed", "5"}).out.substr(0, 300));
}

TEST_F(TestCommand, ForAllWithoutARequestToTryFails) {
  Ran none = run("  for all r: doors.Entry expect enter(r) deny");
  EXPECT_EQ(none.code, 1);
  EXPECT_THAT(none.out, HasSubstr("no request fulfils the condition: 0 were tried"));
  Ran never =
      run("  given Person(\"ann\", rank: guest)\n  for all r: doors.Entry where r.tries > 3, r.tries < 4 expect "
          "enter(r) deny");
  EXPECT_EQ(never.code, 1);
  EXPECT_THAT(never.out, HasSubstr("no request fulfils the condition"));
}

TEST_F(TestCommand, TheConditionOfForAllSeesRulesAndTime) {
  Ran ran =
      run("  given Person(\"ann\", rank: guest), Person(\"zoe\", rank: chief)\n  at time\"2026-01-01T00:00:00Z\"\n"
          "  for all r: doors.Entry where r.tries <= 3, some_door(r.door), now > time\"2025-01-01T00:00:00Z\"\n"
          "    expect enter(r) allow rank then log(text: \"zoe enters\")\n}\n"
          "some_door(d) :- opens(d, _).\ntest \"more\" {",
          {"--engine", "both"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.out, HasSubstr("for r(who: Person(\"ann\"), door: Door("));
}

TEST_F(TestCommand, RowsByNameStandInTheOrderOfThePattern) {
  write("b/doors.lictor",
        "module doors\nrelation p(x: int, y: string) { (1, \"a\") (2, \"b\") }\n"
        "test \"it\" {\n  expect rows p(y: s, x: n) { (\"a\", 1) (\"b\", 2) }\n"
        "  expect rows p(y: \"b\", x: n) { (2) }\n  expect rows p(y: s) { (\"a\") (\"b\") }\n}\n");
  write("b/doors_test.lictor", "module doors_test\n");
  Ran ran = lictor({"test", "b", "--engine", "both"});
  EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
}

TEST_F(TestCommand, ADefaultThatAsksHasAllowedNothing) {
  write("b/doors.lictor",
        "module doors\nobligation open(x: int)\nrequirement ap(n: int)\nrequest R { n: int }\n"
        "decision d(r: R) { default require \"ask\" ap(n: 1) then open(x: r.n) }\n"
        "test \"it\" { expect d(n: 1) require default reason \"ask\" then none }\n");
  write("b/doors_test.lictor", "module doors_test\n");
  Ran ran = lictor({"test", "b", "--engine", "both"});
  EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
}

// An unknown instance has no attributes: none must be made up for it, wherever the text got it from.
TEST_F(TestCommand, InstancesThatAreReadMustBeDeclared) {
  const std::string types = "module doors\nentity Role { level: int }\n";
  const std::string test = "test \"it\" { expect d() deny default }\n";
  auto ran = [&](const std::string& declarations, const std::string& condition, const std::string& more) {
    write("b/doors.lictor", types + declarations + "\ndecision d(r: R) { default deny allow a if " + condition +
                                ". }\n" + (more.empty() ? test : more));
    write("b/doors_test.lictor", "module doors_test\n");
    return lictor({"test", "b", "--engine", "both"});
  };
  const std::string plain = "request R { role: Role? }";
  for (const auto& [declarations, condition] : std::vector<std::pair<std::string, std::string>>{
           {plain, "Role(\"chief\").level < 5"},
           {plain, "x = Role(\"chief\"), x.level < 5"},
           {plain, "x in { Role(\"chief\") }, x.level < 5"},
           {plain, "x = r.role ?? Role(\"chief\"), x.level < 5"},
           {plain + "\np(Role(\"chief\")).", "p(x), x.level < 5"},
           {plain + "\nentity Door { role: Role = Role(\"chief\") }", "Door(\"d\").role.level < 5"},
           {"request R { role: Role = Role(\"chief\") }", "r.role.level < 5"}}) {
    Ran refused = ran(declarations, condition, "");
    EXPECT_EQ(refused.code, 1) << condition;
    EXPECT_THAT(refused.out, HasSubstr("the policy reads `Role(\"chief\")`, which no fact declares")) << condition;
    Ran given =
        ran(declarations, condition, "test \"it\" { given Role(\"chief\", level: 9) expect d() deny default }\n");
    EXPECT_EQ(given.code, 0) << condition << given.out;
  }
  for (const char* condition : {"some x = r.role, x == Role(\"chief\")", "some x = r.role, x in { Role(\"chief\") }"}) {
    Ran compared = ran(plain, condition, "");
    EXPECT_EQ(compared.code, 0) << compared.out << compared.err;
  }
  Ran param = ran(plain + "\nparam p: Role = Role(\"chief\")", "p.level < 5", "");
  EXPECT_THAT(param.out, HasSubstr("the parameter `p` names `Role(\"chief\")`"));
}

TEST_F(TestCommand, DataFilesAreNotSeenByTests) {
  write("b/doors.lictor", "module doors\nrelation p(x: int) from \"p.csv\"\n");
  write("b/p.csv", "x\n1\n");
  write("b/doors_test.lictor",
        "module doors_test\nuse doors (p)\ntest \"it\" { expect rows p(_x) { } }\ntest \"given\" { given p(2) expect "
        "rows p(_x) { (2) } }\n");
  Ran ran = lictor({"test", "b"});
  EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
  EXPECT_THAT(lictor({"query", "-b", "b", "p(x)", "--format", "csv"}).out, "x\n1\n");
}

TEST_F(TestCommand, RefusedFactsFailTheTest) {
  Ran ran = run("  given opens(\"front\", chief)\n  expect rows may_open(_r, _d) { }");
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.out, HasSubstr("the given facts are refused"));
}

TEST_F(TestCommand, JsonHasTheShapeThatScriptsKnow) {
  write("b/doors_test.lictor", std::string(kTests) + "test \"wrong\" { expect rows may_open(chief, _d) { } }\n");
  Ran ran = lictor({"test", "b", "--format", "json"});
  EXPECT_EQ(ran.code, 1);
  nlohmann::json json = parse_json(ran.out);
  EXPECT_EQ(json["passed"], 3);
  EXPECT_EQ(json["failed"], 1);
  EXPECT_EQ(json["skipped"], 0);
  ASSERT_EQ(json["tests"].size(), 4u);
  EXPECT_EQ(json["tests"][0]["name"], "a guest enters by the front");
  EXPECT_THAT(json["tests"][0]["file"].get<std::string>(), HasSubstr("doors_test.lictor"));
  EXPECT_EQ(json["tests"][0]["line"], 4);
  EXPECT_EQ(json["tests"][0]["status"], "passed");
  EXPECT_EQ(json["tests"][0]["message"], "");
  EXPECT_GE(json["tests"][0]["seconds"], 0.0);
  EXPECT_EQ(json["tests"][3]["status"], "failed");
  EXPECT_THAT(json["tests"][3]["message"].get<std::string>(), HasSubstr("unexpected row"));
}

TEST_F(TestCommand, JunitIsXml) {
  write(
      "b/doors_test.lictor",
      "module doors_test\nuse doors (may_open)\ntest \"a < b & \\\"c\\\"\" { expect rows may_open(chief, _d) { } }\n");
  Ran ran = lictor({"test", "b", "--format", "junit"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.out, AllOf(HasSubstr("<testsuites tests=\"1\" failures=\"1\""),
                             HasSubstr("name=\"a &lt; b &amp; &quot;c&quot;\""), HasSubstr("<failure message=")));
  write("out.xml", ran.out);
  Ran parsed = run_program({"/usr/bin/env", "python3", "-c",
                            "import xml.dom.minidom as m; print(m.parse('out.xml').documentElement.tagName)"},
                           folder());
  if (parsed.code != 127) {
    EXPECT_EQ(parsed.out, "testsuites\n") << parsed.err;
  }
}

TEST_F(TestCommand, FilterRunsSomeAndCountsTheRest) {
  write("b/doors_test.lictor", kTests);
  Ran ran = lictor({"test", "b", "--filter", "^a guest|chief opens"});
  EXPECT_EQ(ran.code, 0);
  EXPECT_THAT(ran.out, HasSubstr("2 passed, 0 failed, 1 skipped"));
  Ran none = lictor({"test", "b", "--filter", "nothing like it"});
  EXPECT_EQ(none.code, 2);
  EXPECT_THAT(none.err, HasSubstr("matches none of 3 tests"));
}

TEST_F(TestCommand, ABundleWithErrorsOrNoBundle) {
  write("b/doors_test.lictor", "module doors_test\nuse doors (nobody)\n");
  Ran bad = lictor({"test", "b"});
  EXPECT_EQ(bad.code, 3);
  EXPECT_THAT(bad.err, HasSubstr("nobody"));
  EXPECT_EQ(lictor({"test", "nowhere"}).code, 3);
}

TEST_F(TestCommand, NoTestsIsNoFailure) {
  Ran ran = lictor({"test", "b"});
  EXPECT_EQ(ran.code, 0);
  EXPECT_EQ(ran.out, "no tests\n");
}

TEST_F(TestCommand, ExpectRefusedSaysWhatWasRefusedAndWhatNot) {
  write("r.lictor", R"(module t
relation held(n: int, by: string) key(n)
invariant few(n: int): "{n} is too many" not (held(n, _), n > 3)
invariant named(n: int): "{n} has no name" not (held(n, by), by == "")
test "refused by it" { given held(5, "a") expect refused few expect refused }
test "by another" { given held(5, "a") expect refused named }
test "not refused" { given held(1, "a") expect refused few }
test "by two" { given held(5, "") expect refused few expect refused named }
test "for another reason" { given held(1, "a"), held(1, "b") expect refused expect refused few }
test "behind a case" {
  cases (n) { (4) (5) }
  given held(n, "a")
  expect refused few
}
)");
  Ran ran = lictor({"test", "r.lictor", "--engine", "both"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.out, HasSubstr("refused, but not by this invariant: "));
  EXPECT_THAT(ran.out, HasSubstr("the given facts are accepted"));
  EXPECT_THAT(ran.out, HasSubstr("3 passed, 3 failed"));
}

TEST_F(TestCommand, RowsThatDependOnTheTime) {
  write("t.lictor", R"(module t
relation grant(who: string, until: time) expires at until from host
relation link(a: string, b: string) { ("ann", "bob") ("bob", "carl") }
holds(w) :- grant(w, _).
holds(b) :- holds(a), link(a, b).
alone(w) :- holds(w), not link(w, _).
many(n) :- n = count { w : holds(w) }.
any() :- holds(_).
test "by time" {
  given grant("ann", time"2026-01-02T00:00:00Z")
  at time"2026-01-01T00:00:00Z"
  expect rows holds(w) { ("ann") ("bob") ("carl") }
  expect rows alone(w) { ("carl") }
  expect rows many(n) { (3) }
  expect rows any() { () }
  at time"2026-01-02T00:00:00Z"
  expect rows holds(_w) { }
  expect rows many(n) { (0) }
  expect rows any() { }
}
)");
  Ran tested = lictor({"test", "t.lictor", "--engine", "both"});
  EXPECT_EQ(tested.code, 0) << tested.out << tested.err;
  write("f.json", R"({"relations": {"grant": [["bob", "2026-01-02T00:00:00Z"]]}})");
  auto rows = [&](const char* at) {
    return lictor({"query", "-b", "t.lictor", "holds(w)", "--facts", "f.json", "--at", at, "--format", "csv"}).out;
  };
  EXPECT_EQ(rows("2026-01-01T00:00:00Z"), "w\nbob\ncarl\n");
  EXPECT_EQ(rows("2026-01-03T00:00:00Z"), "w\n");
}

}  // namespace
}  // namespace lictor::test
