// lictor check: findings in four forms, data files, dumps, exit codes.
#include <gmock/gmock.h>

#include "tests/cli/command.h"

namespace lictor::test {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

constexpr std::string_view kUnknown = "module bad\n\nrelation grant(x: int)\nq(x) :- grants(x).\n";

class Check : public CommandTest {};

TEST_F(Check, AGoodBundleHasNoFindings) {
  write("doors.lictor", kDoors);
  Ran ran = lictor({"check", "doors.lictor"});
  EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
  EXPECT_EQ(ran.out, "");
  EXPECT_THAT(ran.err, HasSubstr("no findings in 1 file"));
}

TEST_F(Check, TextNamesPlaceShowsLineAndCaret) {
  write("bad.lictor", kUnknown);
  Ran ran = lictor({"check", "bad.lictor"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.out, AllOf(HasSubstr("bad.lictor:4:9: error: "), HasSubstr("`grants`"),
                             HasSubstr("  q(x) :- grants(x)."), HasSubstr("^~"), HasSubstr("did you mean `grant`?")));
  EXPECT_THAT(ran.err, HasSubstr("1 error in 1 file"));
}

TEST_F(Check, JsonHasTheShapeThatScriptsKnow) {
  write("bad.lictor", kUnknown);
  Ran ran = lictor({"check", "bad.lictor", "--format", "json"});
  EXPECT_EQ(ran.code, 1);
  nlohmann::json all = parse_json(ran.out);
  ASSERT_THAT(all, SizeIs(1));
  const nlohmann::json& one = all[0];
  EXPECT_EQ(one["severity"], "error");
  EXPECT_EQ(one["file"], "bad.lictor");
  EXPECT_EQ(one["line"], 4);
  EXPECT_EQ(one["column"], 9);
  EXPECT_EQ(one["end_line"], 4);
  EXPECT_GT(one["end_column"], 9);
  EXPECT_THAT(one["hints"].get<std::vector<std::string>>(), ElementsAre(HasSubstr("did you mean `grant`?")));
  EXPECT_TRUE(one["related"].is_array());
  EXPECT_EQ(ran.err, "");
}

TEST_F(Check, TenMistakesGiveTenFindings) {
  std::string text = "module bad\n\n";
  for (int i = 0; i < 10; ++i) text += "relation p" + std::to_string(i) + "(x: nothing" + std::to_string(i) + ")\n";
  write("bad.lictor", text);
  EXPECT_THAT(codes_of(lictor({"check", "bad.lictor", "--format", "json"}).out), AllOf(SizeIs(10), Each("E0201")));
}

TEST_F(Check, SarifNamesRulesAndPlaces) {
  write("b d.lictor", kUnknown);
  Ran ran = lictor({"check", "b d.lictor", "--format", "sarif"});
  EXPECT_EQ(ran.code, 1);
  nlohmann::json sarif = parse_json(ran.out);
  EXPECT_EQ(sarif["version"], "2.1.0");
  const nlohmann::json& run = sarif["runs"][0];
  EXPECT_EQ(run["tool"]["driver"]["name"], "lictor");
  EXPECT_EQ(run["tool"]["driver"]["rules"][0]["id"], run["results"][0]["ruleId"]);
  const nlohmann::json& place = run["results"][0]["locations"][0]["physicalLocation"];
  EXPECT_EQ(place["artifactLocation"]["uri"], "b%20d.lictor");
  EXPECT_EQ(place["region"]["startLine"], 4);
  EXPECT_EQ(place["region"]["startColumn"], 9);
}

TEST_F(Check, SarifCountsCharactersNotBytes) {
  write("bad.lictor", "module bad\nrelation p(x: string)\nq(x) :- p(x), x == \"äöü\", x == yy.\n");
  nlohmann::json sarif = parse_json(lictor({"check", "bad.lictor", "--format", "sarif"}).out);
  nlohmann::json plain = parse_json(lictor({"check", "bad.lictor", "--format", "json"}).out);
  ASSERT_FALSE(plain.empty());
  int bytes = plain[0]["column"],
      characters = sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startColumn"];
  EXPECT_EQ(bytes, characters + 3);
}

TEST_F(Check, GithubCommandsAreOneLineEach) {
  write("bad.lictor", kUnknown);
  Ran ran = lictor({"check", "bad.lictor", "--format", "github"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.out,
              AllOf(HasSubstr("::error file=bad.lictor,line=4,col=9,"), HasSubstr(",title=E"), HasSubstr("%0A")));
  EXPECT_EQ(std::count(ran.out.begin(), ran.out.end(), '\n'), 1);
}

TEST_F(Check, EachFolderIsABundleFilesAreOne) {
  write("one/a.lictor", "module a\nrelation p(x: int) { (1) }\n");
  write("two/a.lictor", "module a\nrelation p(x: int) { (2) }\n");
  EXPECT_EQ(lictor({"check", "one", "two"}).code, 0);
  write("x.lictor", "module x\nrelation p(x: int) { (1) }\n");
  write("y.lictor", "module y\nuse x (p)\nq(n) :- p(n).\n");
  Ran ran = lictor({"check", "x.lictor", "y.lictor"});
  EXPECT_EQ(ran.code, 0) << ran.out;
  EXPECT_EQ(lictor({"check", "y.lictor"}).code, 1);
}

TEST_F(Check, PathsThatCannotBeRead) {
  Ran ran = lictor({"check", "nowhere"});
  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(ran.err, HasSubstr("nowhere"));
  Ran json = lictor({"check", "nowhere", "--format", "json"});
  EXPECT_EQ(json.code, 3);
  EXPECT_THAT(codes_of(json.out), ElementsAre("unreadable"));
}

TEST_F(Check, DataFilesAreCheckedToo) {
  write("b/lictor.toml", "name = \"b\"\n");
  write("b/b.lictor", "module b\nrelation grant(who: string, level: int 1..4) from \"grant.csv\"\n");
  write("b/grant.csv", "who,level\nann,3\nbob,9\n");
  Ran ran = lictor({"check", "b"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.out, HasSubstr("grant.csv:3"));
  write("b/grant.csv", "who,level\nann,3\n");
  EXPECT_EQ(lictor({"check", "b"}).code, 0);
}

TEST_F(Check, MissingDataFilesAreNamedWhereThePolicyNamesThem) {
  write("b/lictor.toml", "name = \"b\"\n");
  write("b/b.lictor",
        "module b\nrelation grant(who: string) from \"grant.csv\"\nrelation ban(who: string)\n  from \"ban.csv\"\n"
        "request R { who: string }\ndecision d(r: R) { default deny }\n");
  for (auto args : {std::vector<std::string>{"check", "b"}, {"eval", "-b", "b"}, {"query", "-b", "b", "ban(_)"}}) {
    Ran ran = lictor(args);
    EXPECT_EQ(ran.code, 3) << args[0];
    EXPECT_THAT(ran.out + ran.err,
                AllOf(HasSubstr("b/b.lictor:2:29: error: the data file `grant.csv` does not exist [E0614]"),
                      HasSubstr("from \"grant.csv\"\n"), HasSubstr("b/b.lictor:4:3: error: "), HasSubstr("^~~~")))
        << args[0];
  }
  EXPECT_THAT(lictor({"check", "b", "--format", "github"}).out, HasSubstr("::error file=b/b.lictor,line=2,col=29,"));
}

TEST_F(Check, WhatIsNoPolicyIsNotReadAsOne) {
  write("doors.lictor", kDoors);
  write("x.csv", "a,b\n");
  Ran ran = lictor({"check", "x.csv"});
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.err, HasSubstr("`x.csv` is no policy"));
  EXPECT_EQ(lictor({"check", "doors.lictor", "./doors.lictor"}).code, 0);
}

TEST_F(Check, AGroupThatCannotBeReadHidesNoOther) {
  write("good/a.lictor", "module a\n");
  Ran ran = lictor({"check", "good", "nope"});
  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("nope"), HasSubstr("in 1 file")));
}

TEST_F(Check, AFindingWithoutAHintHasTheHelpOfItsCode) {
  write("a.lictor", "module a\nrelation p(x: int, y: int)\nq(x) :- p(x, who).\n");
  EXPECT_THAT(lictor({"check", "a.lictor"}).out,
              HasSubstr("  hint: write `_` or `_who` if it is meant to be ignored\n"));
  nlohmann::json sarif = parse_json(lictor({"check", "a.lictor", "--format", "sarif"}).out);
  EXPECT_EQ(sarif["runs"][0]["tool"]["driver"]["rules"][0]["help"]["text"],
            "Write `_` or `_NAME` if it is meant to be ignored.");
}

TEST_F(Check, ANameOfAnotherModuleGetsItsImport) {
  write("b/a.lictor", "module corp.share\nparam link_sharing: bool = true\n");
  write("b/b_test.lictor", "module t\ntest \"x\" {\n  with link_sharing = false\n}\n");
  EXPECT_THAT(lictor({"check", "b"}).out, HasSubstr("`use corp.share (link_sharing)`"));
}

TEST_F(Check, ValuesOfParametersThatDoNotFitSayWhy) {
  write("b/b.lictor",
        "module b\nenum L { low < high }\nparam m: map<L, int> = { low: 1, high: 2 }\nparam d: decimal = 1\n"
        "param t: time?\n");
  write("b/lictor.toml", "name = \"b\"\n[params.default]\nm = { low = 1 }\nd = 1.23456\nt = 2026-01-01\n");
  EXPECT_THAT(lictor({"check", "b"}).out, AllOf(HasSubstr("hint: it lacks `high`"), HasSubstr("at most four places"),
                                                HasSubstr("2026-01-01T00:00:00Z")));
}

TEST_F(Check, WhatRulesDeriveIsCheckedToo) {
  write("a.lictor", "module a\nn(0).\nn(x + 1) :- n(x) limit 10.\n");
  Ran ran = lictor({"check", "a.lictor"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.out, AllOf(HasSubstr("a.lictor:3:1: error: "), HasSubstr("E0613")));
}

TEST_F(Check, MistakesInFactsHaveTheirPlace) {
  write("b/lictor.toml", "name = \"b\"\nversion = \"0.1.0\"\n");
  write("b/a.lictor",
        "module a\nentity U { n: int }\nrelation p(u: U) {\n  (\"x\")\n}\n"
        "relation q(k: string, n: int) key(k) from \"q.csv\"\n");
  write("b/q.csv", "k,n\na,1\n\"b\nc\",2\na,3\n");
  Ran ran = lictor({"check", "b"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.out, AllOf(HasSubstr("a.lictor:4:3: error: "), HasSubstr("E0609"), HasSubstr("q.csv:5:1: error: "),
                             HasSubstr("E0608")));
}

TEST_F(Check, CoalesceBindsTighterThanComparisons) {
  write("a.lictor", "module a\nrequest R { n: int? }\ndecision d(r: R) { default deny allow a if r.n ?? 0 > 3. }\n");
  EXPECT_EQ(lictor({"check", "a.lictor"}).code, 0);
}

TEST_F(Check, MistakesInTheConfiguration) {
  write("b/lictor.toml", "nmae = \"b\"\n");
  write("b/b.lictor", "module b\n");
  Ran ran = lictor({"check", "b"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.out, AllOf(HasSubstr("lictor.toml:1:1"), HasSubstr("name")));
}

TEST_F(Check, DumpsShowEachStage) {
  write("doors.lictor", kDoors);
  for (const char* what : {"ast", "plan", "llvm"}) {
    Ran ran = lictor({"check", "doors.lictor", "--dump", what});
    EXPECT_EQ(ran.code, 0) << what << ran.err;
    EXPECT_THAT(ran.out, HasSubstr(what == std::string("llvm") ? "define" : "enter")) << what;
    EXPECT_EQ(ran.out, lictor({"check", "doors.lictor", "--dump", what}).out) << what;
  }
}

TEST_F(Check, NoDumpOfWhatHasErrors) {
  write("bad.lictor", kUnknown);
  Ran ran = lictor({"check", "bad.lictor", "--dump", "plan"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_EQ(ran.out, "");
  EXPECT_THAT(ran.err, HasSubstr("`grants`"));
}

TEST_F(Check, SourceCannotWriteEscapesToTheTerminal) {
  write("bad.lictor", "module bad\nrelation p(x: string) { (\"\x1b[31m\") }\n");
  Ran ran = lictor({"check", "bad.lictor"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.out + ran.err, Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace lictor::test
