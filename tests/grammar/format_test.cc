// The canonical layout: pairs, and three laws on many texts: formatting twice is formatting once; no token and no
// comment is lost; what was complete stays complete.
#include "grammar/format.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "grammar/big_stack.h"
#include "tests/grammar/support.h"

namespace lictor {
namespace {

using testing::Parsed;

std::string comments(const SyntaxTree& tree) {
  std::string out;
  for (const Comment& comment : tree.comments) {
    std::string text(tree.text.substr(comment.begin, comment.end - comment.begin));
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.pop_back();
    out += text + "\n";
  }
  return out;
}

void expect_laws(const std::string& text) {
  Parsed before(text);
  if (!before.tree.complete) {
    EXPECT_EQ(format(before.tree), text);
    return;
  }
  std::string once = format(before.tree);
  Parsed after(once);
  ASSERT_TRUE(after.tree.complete) << once;
  ASSERT_EQ(testing::tokens(after.tree), testing::tokens(before.tree));
  ASSERT_EQ(comments(after.tree), comments(before.tree));
  ASSERT_EQ(format(after.tree), once) << "formatted from:\n" << text;
}

struct Pair {
  const char* source;
  const char* formatted;
};

class Format : public ::testing::TestWithParam<Pair> {};

TEST_P(Format, IsCanonical) {
  Parsed parsed(GetParam().source);
  EXPECT_EQ(parsed.codes(), "");
  EXPECT_EQ(format(parsed.tree), GetParam().formatted);
  expect_laws(GetParam().source);
}

const Pair kPairs[] = {
    {"", ""},
    {"\n\n", ""},
    {"// a\n\n\n// b", "// a\n\n// b\n"},
    {"module   a.b", "module a.b\n"},
    {"param x:int=1\n\n\n\nparam y:int=2\nparam z:int", "param x: int = 1\n\nparam y: int = 2\nparam z: int\n"},
    {"p(x):-q(x),not r(x,-1),x in{1,2}.", "p(x) :- q(x), not r(x, -1), x in { 1, 2 }.\n"},
    {"enum E{a,b}enum O{a<b}", "enum E { a, b }\nenum O { a < b }\n"},
    {"relation r(a:string,b:int){(\"x\",1)\n(\"longer\",-20)\n}",
     "relation r(a: string, b: int) {\n  (\"x\",      1)\n  (\"longer\", -20)\n}\n"},
    {"relation r(a:int){(1)(2)\n(3)}", "relation r(a: int) {\n  (1) (2)\n  (3)\n}\n"},
    {"decision d(r:R){deny a:\"m\" if r.x then f(). allow b if r.y.}",
     "decision d(r: R) {\n  deny a: \"m\"\n    if r.x\n    then f().\n  allow b if r.y.\n}\n"},
    {"param m: map<E, int> = { a: 1, // first\n b: 2 }", "param m: map<E, int> = {\n  a: 1,  // first\n  b: 2\n}\n"},
    {"p(x) :- q(x), // why\n r(x). // end", "p(x) :-\n  q(x),  // why\n  r(x).  // end\n"},
    {"p(x) :- q(x)\n // before the comma\n, r(x).", "p(x) :-\n  q(x),  // before the comma\n  r(x).\n"},
    {"test \"t\" { // none\n }", "test \"t\" {  // none\n}\n"},
    {"test \"t\" {\n\n // none\n\n }", "test \"t\" {\n  // none\n}\n"},
    {"fixture f{given A(\"x\"),g with p=1}", "fixture f {\n  given A(\"x\"), g\n  with p = 1\n}\n"},
    {"test \"t\"{cases(a,b){(1,deny)(20,allow)\n} expect d(n:a)b}",
     "test \"t\" {\n  cases (a, b) {\n    (1, deny) (20, allow)\n  }\n  expect d(n: a) b\n}\n"},
    {"test \"t\"{for all r:R where r.n>1,p(r.n) expect d(r)deny expect e(r)allow a}",
     "test \"t\" {\n  for all r: R where r.n > 1, p(r.n)\n    expect d(r) deny\n    expect e(r) allow a\n}\n"},
    {"@a @b(1) private p(1).", "@a @b(1)\nprivate p(1).\n"},
    {"p(x) :- x == 1..4, y == a?.b[3].c(d: -x).", "p(x) :- x == 1..4, y == a?.b[3].c(d: -x).\n"},
};
INSTANTIATE_TEST_SUITE_P(Pairs, Format, ::testing::ValuesIn(kPairs));

TEST(FormatTest, LongLinesAreBrokenAtTheirLists) {
  std::string text = "p(x) :- q(x)";
  for (int i = 0; i < 10; ++i) text += ", a_rather_long_relation(x, " + std::to_string(i) + ")";
  Parsed parsed(text + ".");
  std::istringstream lines(format(parsed.tree));
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) EXPECT_LE(line.size(), 110u);
  EXPECT_EQ(count, 12);
}

TEST(FormatTest, LawsHoldForEveryPolicyOfTheTree) {
  size_t found = 0;
  for (const char* folder : {"policies", "stdlib", "tests", "bench", "examples"}) {
    std::filesystem::path root = std::filesystem::path(LICTOR_SOURCE_DIR) / folder;
    if (!std::filesystem::exists(root)) continue;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
      if (entry.path().extension() != ".lictor") continue;
      SCOPED_TRACE(entry.path().string());
      expect_laws(testing::read_file(entry.path().string()));
      ++found;
    }
  }
  EXPECT_GE(found, 3u);
}

/// A comment or line break put between any two tokens.
TEST(FormatTest, LawsHoldWithCommentsEverywhere) {
  for (const char* name : {"example.lictor", "crowded.lictor"}) {
    Parsed parsed(testing::data(name));
    std::string_view text = parsed.tree.text;
    for (const char* inserted : {" // c\n", "\n// own\n", "\n\n// own\n\n// two\n\n", "\n", "\n\n\n"}) {
      for (uint32_t i = 0; i < parsed.tree.nodes.size(); i += 3) {
        if (!is_token(parsed.tree.kind(i))) continue;
        size_t at = parsed.tree[i].begin;
        expect_laws(std::string(text.substr(0, at)) + inserted + std::string(text.substr(at)));
        if (HasFatalFailure()) return;
      }
    }
  }
}

TEST(FormatTest, AThousandLevelsOnASmallStack) {
  run_on_big_stack(512 << 10, [] {
    expect_laws("p(x) :- x == " + std::string(1000, '(') + "1" + std::string(1000, ')') + ".");
    expect_laws("p(x) :- x == " + std::string(1000, '[') + "1" + std::string(1000, ']') + ".");
  });
}

}  // namespace
}  // namespace lictor
