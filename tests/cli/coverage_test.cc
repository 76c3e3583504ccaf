// lictor test --coverage: what no test has seen must be named, and nothing else.
#include <gmock/gmock.h>

#include "tests/cli/command.h"

namespace lictor::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kPolicy = R"(module paths
entity Node { open: bool = true }
relation edge(from: Node, to: Node)
request Go { from: Node, to: Node, speed: int 0..100 = 1 }

reach(x, y) :- edge(x, y).
reach(x, z) :- reach(x, y), edge(y, z).
fast(r: Go, n) :- n = r.speed, n > 50.
tired(r: Go) :- fast(r, n), not reach(r.to, r.from), n > 60.

decision go(r: Go) {
  default deny "no way"
  allow way: "there is a way"
    if reach(r.from, r.to), r.to.open.
  deny wild: "too fast"
    if fast(r, n), n < 90.
  deny worn: "too tired"
    if tired(r).
}
)";

class CoverageTest : public CommandTest {
 protected:
  CoverageTest() { write("b/paths.lictor", kPolicy); }
  Ran run(const std::string& tests, const std::vector<std::string>& more = {}) {
    write("b/paths_test.lictor",
          "module paths_test\nuse paths (Node, edge, go, Go)\nunseen(x) :- edge(x, x).\n" + tests);
    std::vector<std::string> args = {"test", "b", "--coverage"};
    args.insert(args.end(), more.begin(), more.end());
    return lictor(args);
  }
  static constexpr const char* kGiven =
      "  given edge(\"a\", \"b\"), edge(\"b\", \"c\"), Node(\"d\", open: false), edge(\"a\", \"d\")\n";
};

TEST_F(CoverageTest, NothingIsSeenWithoutAQuestion) {
  Ran ran = run("test \"none\" { given edge(\"a\", \"b\") }\n");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, AllOf(HasSubstr("coverage: 0 of 3 clauses, 0 of 4 rules, 0 of 20 conditions"),
                             HasSubstr("the clause `go/way` never applied"), HasSubstr("a rule of `tired` made no row"),
                             HasSubstr("`r.to.open` of `go/way` was never reached")));
}

TEST_F(CoverageTest, NamesExactlyWhatIsMissing) {
  Ran ran = run(std::string("test \"some\" {\n") + kGiven +
                "  expect go(from: \"a\", to: \"c\") allow way\n  expect go(from: \"c\", to: \"a\") deny default\n}\n");
  EXPECT_EQ(ran.code, 0) << ran.out;
  EXPECT_THAT(
      ran.out,
      AllOf(HasSubstr("coverage: 1 of 3 clauses, 2 of 4 rules, "), Not(HasSubstr("go/way` never applied")),
            HasSubstr("b/paths.lictor:14:29: `r.to.open` of `go/way` never failed"),
            Not(HasSubstr("`reach(r.from, r.to)` of `go/way`")), HasSubstr("the clause `go/wild` never applied"),
            HasSubstr("b/paths.lictor:8:32: `n > 50` of `fast` never held"), Not(HasSubstr("unseen"))));
}

TEST_F(CoverageTest, AllIsSeenByEnoughQuestions) {
  const std::string tests =
      std::string("test \"all\" {\n") + kGiven +
      "  cases (from, to, speed, answer) {\n"
      "    (\"a\", \"c\", 1, allow) (\"c\", \"a\", 1, deny) (\"a\", \"d\", 1, deny)\n"
      "    (\"a\", \"c\", 95, deny) (\"c\", \"a\", 70, deny) (\"c\", \"a\", 95, deny) (\"a\", \"c\", 55, deny)\n"
      "  }\n  expect go(from: from, to: to, speed: speed) answer\n}\n"
      "test \"empty\" { expect go(from: \"a\", to: \"b\") deny }\n";
  Ran ran = run(tests, {"--engine", "both"});
  EXPECT_EQ(ran.code, 0) << ran.out;
  EXPECT_THAT(ran.out, HasSubstr("coverage: 3 of 3 clauses, 4 of 4 rules, 20 of 20 conditions\n")) << ran.out;
}

TEST_F(CoverageTest, GeneratedRequestsCountToo) {
  Ran ran = run(std::string("test \"all\" {\n") + kGiven +
                "  for all r: Go where r.speed > 60, r.speed < 90 expect go(r) deny\n}\n");
  EXPECT_EQ(ran.code, 0) << ran.out;
  EXPECT_THAT(ran.out, AllOf(Not(HasSubstr("go/wild` never applied")), Not(HasSubstr("go/worn` never applied"))));
}

TEST_F(CoverageTest, JsonHasSharesAndGaps) {
  Ran ran = run(std::string("test \"some\" {\n") + kGiven + "  expect go(from: \"a\", to: \"c\") allow way\n}\n",
                {"--format", "json"});
  nlohmann::json json = parse_json(ran.out);
  EXPECT_DOUBLE_EQ(json["coverage"]["clauses"].get<double>(), 1.0 / 3);
  EXPECT_DOUBLE_EQ(json["coverage"]["rules"].get<double>(), 0.5);
  EXPECT_LT(json["coverage"]["conditions"].get<double>(), 1);
  EXPECT_EQ(json["coverage"]["gaps"][0]["file"].get<std::string>().substr(0, 2), "b/");
  EXPECT_FALSE(parse_json(lictor({"test", "b", "--format", "json"}).out).contains("coverage"));
}

TEST_F(CoverageTest, TapListsTestsInOrder) {
  write("b/paths_test.lictor",
        "module paths_test\nuse paths (go)\ntest \"one # two\" { expect go(from: \"a\", to: \"a\") deny }\n"
        "test \"wrong\" { expect go(from: \"a\", to: \"a\") allow }\n");
  Ran ran = lictor({"test", "b", "--format", "tap"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(
      ran.out,
      AllOf(HasSubstr("TAP version 14\n1..2\nok 1 - paths_test: one \\# two\nnot ok 2 - paths_test: wrong\n  ---"),
            HasSubstr("line: 4"), HasSubstr("    outcome     expected allow")));
}

}  // namespace
}  // namespace lictor::test
