// Large and deep programs: time grows with the text, and no nesting that the parser accepts overflows a small stack.
#include <gtest/gtest.h>

#include <ctime>

#include "grammar/big_stack.h"
#include "tests/compiler/analyze_text.h"

namespace lictor {
namespace {

constexpr const char* kHead = "module t\nrelation p(x: int)\nrelation e(x: int, y: int)\n";

/// CPU seconds of the whole process: other work on the machine does not count.
double seconds_to_check(const std::string& text, bool ok) {
  std::clock_t begin = std::clock();
  Analysis analysis = analyze_text(text);
  double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  EXPECT_EQ(analysis.ok, ok) << rendered(analysis).substr(0, 2000);
  return seconds;
}

/// Four times the text may take ten times as long (hash tables outgrow caches), but not sixteen: that would be quadratic.
template <class MakeText>
void expect_linear(MakeText make_text, int n, bool ok = true) {
  double small = seconds_to_check(make_text(n), ok);
  double large = seconds_to_check(make_text(4 * n), ok);
  EXPECT_LT(large, 10 * small + 0.05);
}

std::string number(int i) { return std::to_string(i); }

TEST(Scale, AtomsOfOneRule) {
  expect_linear(
      [](int n) {
        std::string text = std::string(kHead) + "q(x0) :- p(x0)";
        for (int i = 0; i < n; ++i) text += ", e(x" + number(i) + ", x" + number(i + 1) + ")";
        return text + ", p(x" + number(n) + ").\n";
      },
      2'500);
}

TEST(Scale, LiteralsThatWaitInReverse) {
  expect_linear(
      [](int n) {
        std::string text = std::string(kHead) + "q(x0) :- x0 = x1";
        for (int i = 1; i < n; ++i) text += ", x" + number(i) + " = x" + number(i + 1);
        return text + ", p(x" + number(n) + ").\n";
      },
      2'500);
}

TEST(Scale, Alternatives) {
  expect_linear(
      [](int n) {
        std::string text = std::string(kHead) + "q(x) :- p(x), (x == 0";
        for (int i = 1; i < n; ++i) text += " or e(x, _y" + number(i) + ")";
        return text + ").\n";
      },
      25'000);
}

TEST(Scale, UntypedRulesInAChain) {
  expect_linear(
      [](int n) {
        std::string text = kHead;
        for (int i = 0; i < n; ++i) text += "r" + number(i) + "(x) :- r" + number(i + 1) + "(x).\n";
        return text + "r" + number(n) + "(x) :- p(x).\n";
      },
      2'500);
}

TEST(Scale, Mistakes) {
  expect_linear(
      [](int n) {
        std::string text = std::string(kHead) + "q(x) :- p(x)";
        for (int i = 0; i < n; ++i) text += ", e(x, y" + number(i) + ")";
        return text + ".\n";
      },
      2'500, false);
}

TEST(Scale, LetsThatGrow) {
  std::string text = std::string(kHead) + "let a0(x: int) = x + x\n";
  for (int i = 1; i < 60; ++i)
    text += "let a" + number(i) + "(x: int) = a" + number(i - 1) + "(x) + a" + number(i - 1) + "(x)\n";
  Analysis analysis = analyze_text(text + "q(x) :- p(x), a59(x) > 1.\n");
  ASSERT_FALSE(analysis.ok);
  EXPECT_EQ(analysis.diagnostics[0].code, "E0210");
}

TEST(Scale, RowsThatExpand) {
  std::string list = "[0";
  for (int i = 1; i < 1000; ++i) list += ", " + number(i);
  list += "]";
  Analysis analysis =
      analyze_text("module t\nrelation r(a: int, b: int, c: int) { (" + list + ", " + list + ", " + list + ") }\n");
  EXPECT_EQ(codes(analysis), std::vector<std::string>{"E0210"});
}

std::string nested(const std::string& open, const std::string& inside, const std::string& close, int n) {
  std::string text;
  for (int i = 0; i < n; ++i) text += open;
  text += inside;
  for (int i = 0; i < n; ++i) text += close;
  return text;
}

TEST(Scale, NestingOnASmallStack) {
  const std::string bodies[] = {
      nested("not (", "p(x)", ")", 900),
      nested("exists (e(x, _), ", "p(x)", ")", 900),
      nested("(p(x) or ", "p(x)", ")", 900),
      "x > " + nested("(1 + ", "1", ")", 900),
      "x > " + nested("case { x > 1 => 1; else => ", "1", " }", 450),
      "x > " + nested("count { y : e(x, y), y > ", "1", " }", 400),
  };
  for (const std::string& body : bodies) {
    run_on_big_stack(size_t{512} << 10, [&] {
      Analysis analysis = analyze_text(std::string(kHead) + "q(x) :- p(x), " + body + ".\n");
      EXPECT_TRUE(analysis.ok) << rendered(analysis).substr(0, 2000);
    });
  }
}

}  // namespace
}  // namespace lictor
