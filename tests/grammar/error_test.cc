// Mistakes: what is reported, where, and what is kept.
#include <gtest/gtest.h>

#include "grammar/recover.h"
#include "tests/grammar/support.h"

namespace lictor {
namespace {

using testing::Parsed;

struct Mistake {
  const char* source;
  const char* place;  // "line:column"
  const char* message;
};

class Error : public ::testing::TestWithParam<Mistake> {};

TEST_P(Error, IsReportedWhereItStands) {
  Parsed parsed(GetParam().source);
  EXPECT_EQ(parsed.codes(), std::string("E0101 ") + GetParam().place + "\n") << GetParam().source;
  EXPECT_EQ(parsed.first_message(), GetParam().message) << GetParam().source;
  EXPECT_FALSE(parsed.tree.complete);
}

const Mistake kMistakes[] = {
    {"module", "1:1", "expected a declaration or a rule, found `module`"},
    {"module a.", "1:9", "expected a declaration or a rule, found `.`"},
    {"use a as 1", "1:10", "expected a name, found `1`"},
    {"use a (b c)", "1:10", "expected `,` or `)`, found `c`"},
    {"param x int", "1:9", "expected `:`, found `int`"},
    {"param x: = 3", "1:10", "expected a type, found `=`"},
    {"param x: int = ", "1:16", "expected an expression, found the end of the text"},
    {"enum E { a b }", "1:12", "expected `,`, `<` or `}`, found `b`"},
    {"enum E { }", "1:10", "expected the name of a member, found `}`"},
    {"type T", "1:7", "expected `=`, found the end of the text"},
    {"type T = set<int", "1:17", "expected `,` or `>`, found the end of the text"},
    {"type T = int 1..x", "1:17", "expected a number, found `x`"},
    {"entity E { a }", "1:14", "expected `:`, found `}`"},
    {"relation r { }", "1:12", "expected `(` and columns or parameters, found `{`"},
    {"relation r(a: int) { (1) 2 }", "1:26", "expected a row `( ... )` or `}`, found `2`"},
    {"relation r(a: int) from 3", "1:25", "expected a file name in quotes or `host`, found `3`"},
    {"relation r(a: int) expires b", "1:28", "expected `at`, found `b`"},
    {"event e(a: int)", "1:16", "expected `keep` and a duration, found the end of the text"},
    {"request R(a: int)", "1:10", "expected `{` and fields, found `(`"},
    {"let f(x: int)", "1:14", "expected `=`, found the end of the text"},
    {"let f = case { a => 1 b => 2 }", "1:23", "expected `;` or `}`, found `b`"},
    {"let f = (1 + )", "1:14", "expected an operand, found `)`"},
    {"let f = [1, 2", "1:14", "expected `,` or `]`, found the end of the text"},
    {"let f = 12abc", "1:11", "expected the end of the number or a unit (us, ms, s, m, h, d, w), found `abc`"},
    {"let f = \"abc", "1:13", "expected `\"` that closes the string, found the end of the text"},
    {"let f = count { a }", "1:19", "expected `:`, found `}`"},
    {"p(x) :- q(x)", "1:13", "expected `,` or `.` at the end of the rule, found the end of the text"},
    {"p(x) :- .", "1:9", "expected a condition, found `.`"},
    {"p(x) :- not .", "1:13", "expected a condition, found `.`"},
    {"p(x) :- some 1 = x.", "1:14", "expected a name, found `1`"},
    {"p(x) :- forall (a) (b).", "1:20", "expected `=>`, found `(`"},
    {"p(x) :- (a or ).", "1:15", "expected an expression or a condition, found `)`"},
    {"p(x :- q(x).", "1:5", "expected `,` or `)`, found `:-`"},
    {"decision d { }", "1:12", "expected `(`, found `{`"},
    {"decision d(r: R) { allow }", "1:26", "expected a name, found `}`"},
    {"decision d(r: R) { allow a: if x. }", "1:29", "expected a message in quotes, found `if`"},
    {"decision d(r: R) { allow a if x }", "1:33", "expected `,` or `.` at the end of the clause, found `}`"},
    {"decision d(r: R) { override a. }", "1:20",
     "expected a clause (`allow`, `deny`, `require`), `default`, `yield` or `}`, found `override`"},
    {"decision d(r: R) { default allow }", "1:28", "expected `deny` or `require`, found `allow`"},
    {"decision d(r: R) { allow a then. }", "1:32", "expected an obligation `NAME(...)`, found `.`"},
    {"decision d(r: R) { allow a. ", "1:29", "expected `}`, found the end of the text"},
    {"test \"t\" { expect }", "1:19", "expected a call `NAME(...)`, found `}`"},
    {"test \"t\" { expect d() 3 }", "1:23", "expected `allow`, `deny` or `require`, found `3`"},
    {"test \"t\" { foo }", "1:12", "expected `given`, `at`, `with`, `expect`, `cases`, `for all` or `}`, found `foo`"},
    {"@owner entity 3", "1:8", "expected a declaration or a rule, found `entity`"},
    {"lifecycle of Model(actor: User) {\n  a -> b when c.\n}", "2:10",
     "expected `on EVENT` or `after DURATION`, found `when`"},
    {"lifecycle of Model(actor: User) {\n  allow a on b.\n}", "2:9", "expected `->`, found `a`"},
    {"watch w(n: int): \"x\" if p(n).", "1:29", "expected `then` and what to do, found `.`"},
    {"constition C(r: Act) { }", "1:1", "expected a declaration or a rule, found `constition`"},
};
INSTANTIATE_TEST_SUITE_P(Table, Error, ::testing::ValuesIn(kMistakes));

/// What is missing at the end of a line is reported there.
TEST(ErrorTest, MissingDotIsReportedAtTheEndOfItsLine) {
  Parsed parsed("p(x) :- q(x)\n\nr(x) :- q(x).\n");
  EXPECT_EQ(parsed.codes(), "E0101 1:13\n");
}

TEST(ErrorTest, HabitsOfOtherLanguagesGetAHint) {
  const std::pair<const char*, const char*> kTable[] = {
      {"p(x) :- q(x) && r(x).", "conditions are joined by `,`"},
      {"p(x) :- q(x) and r(x).", "conditions are joined by `,`"},
      {"p(x) :- q(x) or r(x).", "alternatives stand in parentheses: `(a or b)`"},
      {"p(x) :- !q(x).", "negation is written `not`"},
      {"p(x) :- x == 'a'.", "strings stand in double quotes"},
      {"param p: int = 3;", "rules and clauses end with a dot, other declarations need no mark"},
      {"decision d(r: R) { alow a. }", "did you mean `allow`?"},
      {"decision d(r: R) { allow a \"m\". }", "a `:` stands between the name of a clause and its message"},
      {"decision d(r: R) { allow a: \"m\" when r.x == 1. }", "a condition begins with `if`"},
      {"decision d(r: R) { allow a: \"m\" unless r.x == 1. }", "a condition begins with `if`: `if not (...)`"},
      {"/* all */ param p: int", "a comment begins with `//` and ends with its line"},
      {"entity E { case: string }", "`case` is a word of the language and cannot be a name"},
      {"request R { a: int, in: string }", "`in` is a word of the language and cannot be a name"},
      {"enum E { a, not }", "`not` is a word of the language and cannot be a name"},
  };
  for (auto [source, hint] : kTable) {
    Parsed parsed(source);
    auto all = parsed.diagnostics.sorted();
    ASSERT_EQ(all.size(), 1u) << source;
    ASSERT_EQ(all[0].hints.size(), 1u) << source;
    EXPECT_EQ(all[0].hints[0], hint) << source;
  }
}

TEST(ErrorTest, MisspeltDeclarationGetsAHint) {
  Parsed parsed("enity E { a: int }\n");
  auto all = parsed.diagnostics.sorted();
  ASSERT_EQ(all.size(), 1u);
  ASSERT_EQ(all[0].hints.size(), 1u);
  EXPECT_EQ(all[0].hints[0], "did you mean `entity`?");
}

size_t count(const SyntaxTree& tree, SyntaxKind kind) {
  size_t out = 0;
  for (const SyntaxNode& node : tree.nodes) out += node.kind == kind;
  return out;
}

TEST(ErrorTest, TenMistakesGiveTenDiagnosticsAndKeepTheRest) {
  Parsed parsed(testing::data("ten_errors.lictor"));
  auto lines = [&] {
    std::istringstream in(std::string(parsed.tree.text));
    int number = 0;
    std::vector<int> out;
    for (std::string line; std::getline(in, line);) {
      ++number;
      if (line.find("// wrong") != std::string::npos) out.push_back(number);
    }
    return out;
  }();
  std::vector<int> reported;
  for (const Diagnostic& d : parsed.diagnostics.sorted()) reported.push_back(static_cast<int>(d.place.line));
  EXPECT_EQ(lines.size(), 10u);
  EXPECT_EQ(reported, lines);
  EXPECT_EQ(count(parsed.tree, SyntaxKind::kError), 10u);
  EXPECT_EQ(count(parsed.tree, SyntaxKind::kRuleDecl), 2u);
  EXPECT_EQ(count(parsed.tree, SyntaxKind::kDecisionDecl), 1u);
  EXPECT_EQ(count(parsed.tree, SyntaxKind::kClause), 3u);
  EXPECT_EQ(count(parsed.tree, SyntaxKind::kGiven), 2u);
  EXPECT_EQ(count(parsed.tree, SyntaxKind::kExpect), 1u);
  EXPECT_EQ(count(parsed.tree, SyntaxKind::kRelationDecl), 1u);
}

TEST(ErrorTest, MissingBraceCostsNoDeclaration) {
  Parsed parsed("decision d(r: R) {\n  allow a if r.x.\n\ntest \"t\" {\n  given A(\"x\")\n\nparam p: int\n");
  EXPECT_EQ(parsed.codes(), "E0101 2:18\nE0101 5:15\n");
  EXPECT_EQ(count(parsed.tree, SyntaxKind::kClause), 1u);
  EXPECT_EQ(count(parsed.tree, SyntaxKind::kTestDecl), 1u);
  EXPECT_EQ(count(parsed.tree, SyntaxKind::kParamDecl), 1u);
}

TEST(ErrorTest, AMissingBraceNamesItsBlock) {
  for (auto [source, line] : {std::pair("param p: int\ndecision d(r: R) {\n  allow a if r.x.\n\ntest \"t\" {\n}\n", 2u),
                              {"test \"t\" {\n  given A(\"x\")\n", 1u}}) {
    Parsed parsed(source);
    auto all = parsed.diagnostics.sorted();
    ASSERT_EQ(all.size(), 1u) << source;
    ASSERT_EQ(all[0].related.size(), 1u) << source;
    EXPECT_EQ(all[0].related[0].place.line, line);
    EXPECT_EQ(all[0].related[0].message, "it was opened here");
  }
}

TEST(ErrorTest, WrongHeaderSkipsItsWholeBlock) {
  Parsed parsed("decision d(r R) {\n  allow a if x.\n  deny b if y.\n}\nparam p: int\n");
  EXPECT_EQ(parsed.codes(), "E0101 1:14\n");
  EXPECT_EQ(count(parsed.tree, SyntaxKind::kParamDecl), 1u);
}

TEST(ErrorTest, LayoutDoesNotMatterForRecovery) {
  Parsed parsed("  p(x) :- q(x.  r(x) :- q(x). decision d(r: R) { allow a if x y. deny b if z. } s(1).");
  EXPECT_EQ(parsed.diagnostics.error_count(), 2u);
  EXPECT_EQ(count(parsed.tree, SyntaxKind::kRuleDecl), 2u);
  EXPECT_EQ(count(parsed.tree, SyntaxKind::kClause), 1u);
}

TEST(ErrorTest, OnlySoManyErrorsAreReported) {
  std::string text;
  for (int i = 0; i < 2000; ++i) text += "p(x) :- ).\n";
  Parsed parsed(text);
  EXPECT_EQ(parsed.diagnostics.error_count(), 1001u);
  auto all = parsed.diagnostics.sorted();
  ASSERT_EQ(all.size(), 1001u);  // the collector keeps 1,000, and that there were more
  EXPECT_EQ(all[999].place.line, 1000u);
  EXPECT_EQ(all.back().code, "E0010");
}

TEST(RestartTest, StringsAndCommentsArePassedOverWhole) {
  std::string_view text = "p(x) :- ) \"a. }\" // b. }\n , q(x). r(1).";
  EXPECT_EQ(text.substr(find_restart(text, 0, 8, Level::kDeclaration)), " r(1).");
}

TEST(RestartTest, NeverGoesBack) {
  std::string text = testing::data("example.lictor");
  for (uint32_t begin = 0; begin < text.size(); begin += 11) {
    for (uint32_t mistake = begin; mistake < text.size(); mistake += 97) {
      for (Level level : {Level::kDeclaration, Level::kDecisionPart, Level::kTestStatement}) {
        uint32_t restart = find_restart(text, begin, mistake, level);
        ASSERT_GE(restart, mistake);
        ASSERT_LE(restart, text.size());
      }
    }
  }
}

}  // namespace
}  // namespace lictor
