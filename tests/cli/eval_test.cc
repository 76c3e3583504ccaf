// lictor eval, query and bench: decisions, rows and figures.
#include <gmock/gmock.h>

#include "tests/cli/command.h"

namespace lictor::test {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr std::string_view kFacts =
    R"({"entities": {"Person": {"ann": {"rank": "staff"}, "zoe": {"rank": "chief"}}, "Door": {"office": {"alarmed": true}}}})";

class Eval : public CommandTest {
 protected:
  Eval() {
    write("doors.lictor", kDoors);
    write("facts.json", kFacts);
  }
  Ran eval(const std::string& request, const std::vector<std::string>& more = {}) {
    std::vector<std::string> args = {"eval", "-b", "doors.lictor", "-d", "enter", "--facts", "facts.json", "-r", "-"};
    args.insert(args.end(), more.begin(), more.end());
    return lictor(args, {.input = request});
  }
};

TEST_F(Eval, ExitCodesSayTheOutcome) {
  Ran allow = eval(R"({"who": "zoe", "door": "vault"})");
  EXPECT_EQ(allow.code, 0) << allow.err;
  EXPECT_THAT(allow.out, StartsWith("allow rank: a chief opens vault\n"));
  EXPECT_THAT(allow.out, HasSubstr("log(text: \"zoe enters\")"));
  Ran deny = eval(R"({"who": "ann", "door": "vault"})");
  EXPECT_EQ(deny.code, 1);
  EXPECT_THAT(deny.out, StartsWith("deny default: nothing opens vault for ann\n"));
  Ran require = eval(R"({"who": "zoe", "door": "vault", "tries": 9})");
  EXPECT_EQ(require.code, 4);
  EXPECT_THAT(require.out, StartsWith("require escort: more than three tries\n"));
}

TEST_F(Eval, BothEnginesSayTheSame) {
  for (const char* request : {R"({"who": "zoe", "door": "vault"})", R"({"who": "ann", "door": "office"})"}) {
    nlohmann::json interp =
        parse_json(eval(request, {"--format", "json", "--explain", "--at", "2026-01-01T00:00:00Z"}).out);
    nlohmann::json jit = parse_json(
        eval(request, {"--format", "json", "--explain", "--at", "2026-01-01T00:00:00Z", "--engine", "jit"}).out);
    EXPECT_EQ(interp["engine"], "interp");
    EXPECT_EQ(jit["engine"], "jit");
    for (nlohmann::json* one : {&interp, &jit}) {
      one->erase("engine");
      one->erase("id");
    }
    EXPECT_EQ(interp, jit);
  }
}

TEST_F(Eval, AMistakeInARequestIsSaidOnceAtItsPlace) {
  write("r.json", "{\n  \"who\": \"zoe\",\n  \"door\": 'vault'\n}\n");
  Ran ran = lictor({"eval", "-b", "doors.lictor", "--facts", "facts.json", "-r", "r.json"});
  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("r.json:3:11: error: `/door`: not valid JSON: a single quote"),
                             HasSubstr("\"door\": 'vault'\n"), HasSubstr("lictor: the request was refused\n")));
  EXPECT_EQ(ran.err.find("single quote"), ran.err.rfind("single quote"));
  EXPECT_THAT(eval("{\"who\": 1}").err, HasSubstr("request:1:2: error: `/who`"));
}

TEST_F(Eval, ExplanationsCannotRuleATerminal) {
  write("n.lictor",
        "module n\nrequest R { n: string }\ndecision d(r: R) {\n  default deny\n  allow hi: \"hi {r.n}\" if r.n != "
        "\"\".\n}\n");
  Ran ran = lictor({"eval", "-b", "n.lictor", "-r", "-", "--explain"}, {.input = R"({"n": "a\u001b[2Jb\n\tc"})"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, AllOf(Not(HasSubstr("\x1b")), HasSubstr("a\\x1b[2Jb\\n\\tc")));
}

TEST_F(Eval, SeveralDecisionsAskForOne) {
  write("two.lictor",
        "module two\nrequest R {}\ndecision a(r: R) { default deny }\ndecision b(r: R) { default deny }\n");
  EXPECT_THAT(lictor({"eval", "-b", "two.lictor"}).err, HasSubstr("name one with `-d`"));
  write("empty.lictor", "module empty\n");
  EXPECT_THAT(lictor({"eval", "-b", "empty.lictor"}).err, HasSubstr("the bundle has no decision"));
}

TEST_F(Eval, NoJitAlwaysWorks) {
  Ran ran = eval(R"({"who": "zoe", "door": "vault"})", {"--engine", "jit", "--no-jit", "--format", "json"});
  EXPECT_EQ(ran.code, 0);
  EXPECT_EQ(parse_json(ran.out)["engine"], "interp");
}

TEST_F(Eval, JsonHasTheShapeThatScriptsKnow) {
  Ran ran = eval(R"({"who": "ann", "door": "office"})", {"--format", "json", "--at", "2026-01-01T00:00:00Z"});
  EXPECT_EQ(ran.code, 1);
  nlohmann::json json = parse_json(ran.out);
  EXPECT_EQ(json["decision"], "deny");
  EXPECT_EQ(json["clause"], "alarmed");
  EXPECT_EQ(json["reason"], "office is alarmed");
  EXPECT_EQ(json["override"], false);
  EXPECT_EQ(json["also"].size(), 1u);
  EXPECT_EQ(json["module"], "doors");
  EXPECT_EQ(json["name"], "enter");
  EXPECT_EQ(json["now"], "2026-01-01T00:00:00Z");
  EXPECT_THAT(json["bundle"].get<std::string>(), StartsWith("sha256:"));
  EXPECT_EQ(json["id"].get<std::string>().size(), 26u);
  for (const char* key : {"obligations", "observed", "errors", "notes"}) EXPECT_TRUE(json[key].is_array()) << key;
  EXPECT_TRUE(json["yields"].is_object());
  EXPECT_FALSE(json.contains("proof"));
  EXPECT_TRUE(
      parse_json(eval(R"({"who": "ann", "door": "office"})", {"--format", "json", "--explain"}).out).contains("proof"));
}

TEST_F(Eval, ADenialNamesTheNearestFailingPremise) {
  Ran ran = eval(R"({"who": "ann", "door": "vault"})", {"--explain"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.out,
              AllOf(HasSubstr("What stood in the way"), HasSubstr("allow rank"), HasSubstr("1 of 2 premises hold"),
                    HasSubstr("doors.lictor:"), HasSubstr("r.who.rank >= least"), HasSubstr("^~"), HasSubstr("staff"),
                    HasSubstr("chief")));
}

TEST_F(Eval, AnAllowanceShowsItsProof) {
  Ran ran = eval(R"({"who": "zoe", "door": "vault"})", {"--explain"});
  EXPECT_EQ(ran.code, 0);
  EXPECT_THAT(ran.out, AllOf(HasSubstr("Why"), HasSubstr("opens("), HasSubstr("vault")));
}

TEST_F(Eval, ARowThatHasExpiredIsToldAsSuch) {
  write("lend.lictor",
        "module lend\nentity User\nrelation lent(to: User, until: time) expires at until\nrequest R { by: User }\n"
        "decision use(r: R) {\n  default deny \"no\"\n  allow lent: \"lent\" if lent(r.by, _).\n}\n");
  write("lent.json", R"({"relations": {"lent": [["ann", "2026-01-01T00:00:00Z"]]}})");
  auto at = [&](const std::string& time) {
    return lictor({"eval", "-b", "lend.lictor", "--facts", "lent.json", "-r", "-", "--explain", "--at", time},
                  {.input = R"({"by": "ann"})"});
  };
  Ran before = at("2025-12-31T23:59:59Z"), after = at("2026-01-01T00:00:00Z");
  EXPECT_EQ(before.code, 0);
  EXPECT_THAT(before.out, AllOf(HasSubstr("lent(User(\"ann\"), time\"2026-01-01T00:00:00Z\")"),
                                HasSubstr("expires at until, with now = time\"2025-12-31T23:59:59Z\", "
                                          "until = time\"2026-01-01T00:00:00Z\"")));
  EXPECT_EQ(after.code, 1);
  EXPECT_THAT(after.out, AllOf(HasSubstr("allow lent  0 of 1 premises hold"), HasSubstr("lend.lictor:3:38"),
                               HasSubstr("this does not hold: now = time\"2026-01-01T00:00:00Z\", until = ")));
}

TEST_F(Eval, TheDecisionMayBeLeftOutWhereThereIsOne) {
  Ran ran = lictor({"eval", "-b", "doors.lictor", "--facts", "facts.json", "-r", "-"},
                   {.input = R"({"who": "zoe", "door": "vault"})"});
  EXPECT_EQ(ran.code, 0) << ran.err;
}

TEST_F(Eval, TheBundleMayBeTheCurrentFolder) {
  write("lictor.toml", "name = \"doors\"\n");
  Ran ran = lictor({"eval", "--facts", "facts.json", "-r", "-"}, {.input = R"({"who": "zoe", "door": "vault"})"});
  EXPECT_EQ(ran.code, 0) << ran.err;
}

TEST_F(Eval, UnknownNamesGetASuggestion) {
  Ran decision = lictor({"eval", "-b", "doors.lictor", "-d", "entre", "-r", "-"}, {.input = "{}"});
  EXPECT_EQ(decision.code, 3);
  EXPECT_THAT(decision.err, HasSubstr("did you mean `enter`?"));
  Ran field = eval(R"({"who": "zoe", "dor": "vault"})");
  EXPECT_EQ(field.code, 3);
  EXPECT_THAT(field.err, HasSubstr("/dor"));
}

TEST_F(Eval, ParametersFromSetsAndFromTheCommandLine) {
  write("p/lictor.toml", "[params.default]\nleast = 3\n[params.lax]\nleast = 1\n");
  write("p/p.lictor",
        "module p\nparam least: int\nrequest R { n: int }\ndecision d(r: R) {\n  default deny \"no\"\n  allow ok: "
        "\"ok\" if r.n >= least.\n}\n");
  auto run = [&](std::vector<std::string> more) {
    std::vector<std::string> args = {"eval", "-b", "p", "-r", "-"};
    args.insert(args.end(), more.begin(), more.end());
    return lictor(args, {.input = R"({"n": 2})"}).code;
  };
  EXPECT_EQ(run({}), 1);
  EXPECT_EQ(run({"--params", "lax"}), 0);
  EXPECT_EQ(run({"--params", "lax", "--param", "least=5"}), 1);
  EXPECT_EQ(run({"--params", "lxa"}), 3);
  EXPECT_EQ(run({"--param", "last=5"}), 3);
  EXPECT_EQ(run({"--param", "least=five"}), 3);
  EXPECT_EQ(run({"--param", "least"}), 2);
}

TEST_F(Eval, AParameterWithoutAValueIsAnError) {
  write("p.lictor",
        "module p\nparam least: int\nrequest R { n: int }\ndecision d(r: R) {\n  default deny \"no\"\n  allow ok: "
        "\"ok\" if r.n >= least.\n}\n");
  Ran ran = lictor({"eval", "-b", "p.lictor", "-r", "-"}, {.input = R"({"n": 2})"});
  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(ran.err, HasSubstr("least"));
}

TEST_F(Eval, LoadErrorsAreAnArrayOfDiagnosticsInJson) {
  write("bad.lictor", "module bad\nrelation p(x: nothing)\n");
  Ran ran = lictor({"eval", "-b", "bad.lictor", "-r", "-", "--format", "json"}, {.input = "{}"});
  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(codes_of(ran.out), ElementsAre("E0201"));
  Ran missing = lictor({"eval", "-b", "nowhere", "--format", "json"});
  EXPECT_EQ(missing.code, 3);
  EXPECT_THAT(codes_of(missing.out), ElementsAre("unreadable"));
}

TEST_F(Eval, FactsThatCannotBeUsed) {
  write("facts.json", R"({"entities": {"Person": {"ann": {"rank": "king"}}}})");
  Ran ran = eval(R"({"who": "ann", "door": "vault"})");
  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("facts.json"), HasSubstr("king")));
  EXPECT_EQ(ran.out, "");
}

TEST_F(Eval, FactsAndReasonsCannotWriteEscapesToTheTerminal) {
  write("facts.json", R"({"entities": {"Person": {"\u001b[2J": {"rank": "chief"}}}})");
  Ran ran = eval(R"({"who": "\u001b[2J", "door": "vault"})", {"--explain"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, Not(HasSubstr("\x1b")));
}

class QueryCommand : public CommandTest {
 protected:
  QueryCommand() {
    write("doors.lictor", kDoors);
    write("facts.json", kFacts);
  }
  Ran query(const std::string& pattern, const std::vector<std::string>& more = {}) {
    std::vector<std::string> args = {"query", "-b", "doors.lictor", "--facts", "facts.json", pattern};
    args.insert(args.end(), more.begin(), more.end());
    return lictor(args);
  }
};

TEST_F(QueryCommand, TextIsATable) {
  Ran ran = query("opens(d, r)");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.out, "d       r\nfront   guest\noffice  staff\nvault   chief\n");
  EXPECT_EQ(ran.err, "3 rows\n");
}

TEST_F(QueryCommand, CsvHasAHeaderAndSortedRows) {
  Ran ran = query("may_open(_, door)", {"--format", "csv"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("chief,front\nchief,office\nchief,vault\n"));
}

TEST_F(QueryCommand, JsonIsAnArrayOfObjects) {
  nlohmann::json json = parse_json(query("opens(d, Rank.staff)", {"--format", "json"}).out);
  ASSERT_EQ(json.size(), 1u);
  EXPECT_EQ(json[0]["d"], "office");
}

TEST_F(QueryCommand, InstancesOfAnEntityType) {
  nlohmann::json json = parse_json(query("Person(p)", {"--format", "json"}).out);
  ASSERT_EQ(json.size(), 2u);
  EXPECT_EQ(json[0]["p"], "ann");
}

TEST_F(QueryCommand, InstancesThatNothingElseNames) {
  write("lonely.lictor", "module lonely\nentity V { n: int } { (\"v1\", n: 3) (\"v2\", n: 4) }\n");
  EXPECT_EQ(lictor({"query", "-b", "lonely.lictor", "V(v)", "--format", "csv"}).out, "v,n\nv1,3\nv2,4\n");
  EXPECT_EQ(lictor({"query", "-b", "lonely.lictor", "V(\"v2\")", "--format", "csv"}).out, "id,n\nv2,4\n");
}

TEST_F(QueryCommand, ArgumentsByName) {
  EXPECT_EQ(query("opens(rank: staff)", {"--format", "csv"}).out, query("opens(_, staff)", {"--format", "csv"}).out);
  EXPECT_EQ(query("opens(rank: staff, door: d)", {"--format", "csv"}).out, "d,rank\noffice,staff\n");
}

TEST_F(QueryCommand, RowsThatHaveExpiredAreHistory) {
  write("lend.lictor",
        "module lend\nrelation lent(to: string, until: time?) expires at until {\n"
        "  (\"ann\", time\"2026-01-01T00:00:00Z\")\n  (\"bob\", none)\n}\n");
  auto rows = [&](const std::string& pattern, const std::string& at) {
    return lictor({"query", "-b", "lend.lictor", pattern, "--at", at, "--format", "csv"}).out;
  };
  EXPECT_EQ(rows("lent(to, _t)", "2025-12-31T23:59:59Z"), "to,_t\nann,2026-01-01T00:00:00Z\nbob,\n");
  EXPECT_EQ(rows("lent(to, _t)", "2026-01-01T00:00:00Z"), "to,_t\nbob,\n");
  EXPECT_EQ(rows("history of lent(to, _t)", "2026-01-01T00:00:00Z"), "to,_t\nann,2026-01-01T00:00:00Z\nbob,\n");
  EXPECT_EQ(lictor({"query", "-b", "lend.lictor", "lent(to, _t)", "--at", "soon"}).code, 2);
}

TEST_F(QueryCommand, NothingFoundIsNoError) {
  Ran ran = query("opens(\"cellar\", r)");
  EXPECT_EQ(ran.code, 0);
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(ran.err, "0 rows\n");
  EXPECT_EQ(query("opens(\"cellar\", r)", {"--format", "csv"}).out, "door,r\n");
}

TEST_F(QueryCommand, UnknownRelationsAndWrongPatterns) {
  Ran ran = query("open(d, r)");
  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(ran.err, HasSubstr("did you mean `opens`?"));
  for (const char* pattern : {"opens(d)", "opens(d, r, s)", "opens(", "", "opens(1, r)", "enter(r)"}) {
    EXPECT_EQ(query(pattern).code, 3) << pattern;
  }
}

class BenchCommand : public CommandTest {};

TEST_F(BenchCommand, ShowsBothEngines) {
  write("doors.lictor", kDoors);
  write("facts.json", kFacts);
  write("requests.jsonl", "{\"who\": \"ann\", \"door\": \"vault\"}\n\n{\"who\": \"zoe\", \"door\": \"vault\"}\n");
  Ran ran = lictor({"bench", "-b", "doors.lictor", "--facts", "facts.json", "-d", "enter", "-r", "requests.jsonl",
                    "--seconds", "0.05", "--format", "json"});
  ASSERT_EQ(ran.code, 0) << ran.err;
  nlohmann::json json = parse_json(ran.out);
  ASSERT_EQ(json.size(), 2u);
  EXPECT_EQ(json[0]["engine"], "interp");
  EXPECT_EQ(json[1]["engine"], "jit");
  for (const auto& one : json) {
    EXPECT_GT(one["p50_ns"], 0.0);
    EXPECT_LE(one["p50_ns"], one["p95_ns"]);
    EXPECT_LE(one["p95_ns"], one["p99_ns"]);
    EXPECT_GT(one["decisions"], 1000);
    if (one.contains("allocations")) {
      EXPECT_LT(one["allocations"], 0.001) << one;
    }
  }
}

TEST_F(BenchCommand, ABadRequestIsNamedByItsLine) {
  write("doors.lictor", kDoors);
  write("requests.jsonl", "{\"door\": \"vault\"}\n");
  Ran ran = lictor({"bench", "-b", "doors.lictor", "-r", "requests.jsonl"});
  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(ran.err, HasSubstr("requests.jsonl:1"));
  EXPECT_EQ(lictor({"bench", "-b", "doors.lictor", "-r", "nowhere"}).code, 3);
}

TEST_F(Eval, YieldsAndChangesAreToldAsTextAndAsJson) {
  write("gifts.lictor",
        "module gifts\nentity User\nrelation used(who: User, gift: string) from host\nrequest Take { who: User, n: int "
        "}\n"
        "decision take(r: Take) {\n  default deny \"no\"\n  yield twice: int = r.n * 2\n"
        "  yield high: int = r.n if r.n > 5.\n  yield odd: int = x if x in { 1, r.n }.\n"
        "  allow once if not used(r.who, \"cup\"), twice < 100 then insert used(r.who, \"cup\"), remove used(_, "
        "\"old\").\n}\n");
  auto take = [&](const std::string& n, std::vector<std::string> more) {
    std::vector<std::string> args = {"eval", "-b", "gifts.lictor", "-r", "-"};
    args.insert(args.end(), more.begin(), more.end());
    return lictor(args, {.input = "{\"who\": \"ann\", \"n\": " + n + "}"});
  };
  EXPECT_EQ(take("1", {}).out,
            "allow once: once\n"
            "  changes     insert used(who: User(\"ann\"), gift: \"cup\")\n"
            "              remove used(gift: \"old\")\n"
            "  yields      twice = 2\n"
            "              odd = 1\n");
  for (const char* engine : {"interp", "jit"}) {
    nlohmann::json json = parse_json(take("6", {"--format", "json", "--engine", engine}).out);
    EXPECT_EQ(json["yields"], parse_json(R"({"twice": 12, "high": 6})"));
    EXPECT_EQ(json["changes"], parse_json(R"([{"insert": "used", "row": {"who": "ann", "gift": "cup"}},
                                              {"remove": "used", "row": {"gift": "old"}}])"));
    ASSERT_EQ(json["errors"].size(), 1u) << json;
    EXPECT_EQ(json["errors"][0]["message"], "two values for one yield in clause `odd`");
    EXPECT_EQ(json["decision"], "allow");
  }
}

TEST_F(Eval, WhoReadsAYieldWithTwoValuesErrs) {
  write("two.lictor",
        "module two\nrequest R { k: int }\n"
        "decision few(r: R) {\n  default deny \"no\"\n  yield level: int = v if v in { 1, 2 }, v <= r.k.\n"
        "  allow some_level: \"{v}\" if some v = level.\n}\n"
        "decision base(r: R) {\n  default deny \"no\"\n  yield level: int = v if v in { 1, 2 }, v <= r.k.\n"
        "  allow base: \"base\".\n  deny three: \"three\" if level ?? 0 == 3.\n}\n"
        "decision asks(r: R) { default deny \"no\" allow a: \"a\" if not granted few(r). }\n");
  auto answer = [&](const std::string& decision, const std::string& k) {
    std::string out =
        lictor({"eval", "-b", "two.lictor", "-d", decision, "-r", "-"}, {.input = "{\"k\": " + k + "}"}).out;
    return out.substr(0, out.find('\n'));
  };
  EXPECT_EQ(answer("few", "1"), "allow some_level: 1");
  EXPECT_EQ(answer("few", "2"), "deny default: no");
  EXPECT_EQ(answer("base", "0"), "allow base: base");
  EXPECT_EQ(answer("base", "2"), "deny three: clause `three` could not be evaluated: two values for one yield");
  EXPECT_EQ(answer("asks", "0"), "allow a: a");
  EXPECT_EQ(answer("asks", "2"), "deny default: no");
}

TEST_F(Eval, AChangeThatAnotherUndidIsMadeAgain) {
  write("undo.lictor",
        "module undo\nrelation used(n: int) from host\nrequest R {}\ndecision d(r: R) {\n  default deny \"no\"\n"
        "  allow a then insert used(1), insert used(1), remove used(1), insert used(1), remove used(_).\n}\n");
  EXPECT_EQ(lictor({"eval", "-b", "undo.lictor", "-r", "-"}, {.input = "{}"}).out,
            "allow a: a\n"
            "  changes     insert used(n: 1)\n"
            "              remove used(n: 1)\n"
            "              insert used(n: 1)\n"
            "              remove used()\n");
}

TEST_F(Eval, FactsAddNoPrinciples) {
  write("charter.lictor",
        "module charter\nrequest R { n: int }\nconstitution C(r: R) { principle one: \"one\" violated if r.n > 1. }\n"
        "decision d(r: R) { default deny \"no\" allow a: \"{s}\" if s = score(r). }\n");
  write("facts.json", R"({"relations": {"principle": [["zz", "high", 9.5]], "principle_text": [["zz", "x"]]}})");
  Ran ran = lictor({"eval", "-b", "charter.lictor", "--facts", "facts.json", "-r", "-"}, {.input = "{\"n\": 2}"});
  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(ran.err,
              AllOf(HasSubstr("/relations/principle"), HasSubstr("/relations/principle_text"), HasSubstr("E0611")));
}

class Events : public CommandTest {
 protected:
  Events() {
    write("calls.lictor",
          "module calls\nevent call(who: string, cost: int) keep 1h\nrequest Ask { who: string }\n"
          "decision may(r: Ask) {\n  default deny \"no\"\n"
          "  allow few: \"{n} spent\" if n = sum { c : call(r.who, c) within 1m }, n < 10.\n}\n");
    write("facts.json",
          R"({"relations": {"call": [["ann", 4, "2026-05-01T08:00:00Z"], ["ann", 4, "2026-05-01T08:00:00Z"],
      {"who": "ann", "cost": 3, "at": "2026-05-01T08:00:30Z"}, {"who": "bob", "cost": 1, "at": "2026-05-01T06:00:00Z"}]}})");
  }
  std::string answer(const std::string& at) {
    return lictor({"eval", "-b", "calls.lictor", "--facts", "facts.json", "-r", "-", "--at", at},
                  {.input = R"({"who": "ann"})"})
        .out;
  }
};

TEST_F(Events, AreSeenWithinTheirWindowAndEachOfThemCounts) {
  EXPECT_EQ(answer("2026-05-01T07:59:59Z"), "allow few: 0 spent\n");
  EXPECT_EQ(answer("2026-05-01T08:00:29Z"), "allow few: 8 spent\n");
  EXPECT_EQ(answer("2026-05-01T08:00:59.999999Z"), "deny default: no\n");
  EXPECT_EQ(answer("2026-05-01T08:01:00Z"), "allow few: 3 spent\n");
}

TEST_F(Events, AreAskedForAsRowsAreWithTheirTime) {
  auto query = [&](const std::string& text) {
    return lictor({"query", "-b", "calls.lictor", "--facts", "facts.json", "--at", "2026-05-01T08:00:10Z", "--format",
                   "csv", text})
        .out;
  };
  EXPECT_EQ(query("call(who, c, at: t)"), "who,c,t\nann,4,2026-05-01T08:00:00Z\nann,4,2026-05-01T08:00:00Z\n");
  EXPECT_THAT(query("history of call(who, 1)"), HasSubstr("bob,1,2026-05-01T06:00:00Z"));
  EXPECT_THAT(lictor({"query", "-b", "calls.lictor", "call(a, b, c)"}).err,
              HasSubstr("`call` takes 2 arguments, not 3"));
}

TEST_F(Events, HaveTheDefaultsOfTheirColumns) {
  write("seen.lictor",
        "module seen\nevent seen(u: string, k: int = 5, b: bool = true, o: int? = none, s: string = \"x\") keep 1h\n");
  write("facts.json", R"({"relations": {"seen": [{"u": "ann", "at": "2026-05-01T08:00:00Z"}]}})");
  EXPECT_EQ(lictor({"query", "-b", "seen.lictor", "--facts", "facts.json", "--at", "2026-05-01T08:00:10Z", "--format",
                    "csv", "seen"})
                .out,
            "u,k,b,o,s,at\nann,5,true,,x,2026-05-01T08:00:00Z\n");
}

TEST_F(Events, HaveATimeAndNothingThatNobodyWrote) {
  write("facts.json", R"({"relations": {"call": [["ann", 4], {"who": "ann", "cost": 3},
    {"who": "ann", "cost": 3, "at": "2026-05-01T08:00:30Z", "$event": 7}]}})");
  Ran refused = lictor({"query", "-b", "calls.lictor", "--facts", "facts.json", "call"});
  EXPECT_EQ(refused.code, 3);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("expected 3 values, found 2"), HasSubstr("`at` is missing"),
                                 HasSubstr("unknown column `$event`")));
}

}  // namespace
}  // namespace lictor::test
