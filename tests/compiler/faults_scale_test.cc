// docs/faults.md, P7: bodies of 100,000 operands and of 10,000 atoms go through the whole compiler in time that grows with
// them: twice the text takes at most two and a half times as long (3.2 in the short form).
#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>

#include "compiler/driver.h"
#include "tests/compiler/analyze_text.h"
#include "tests/faults.h"

namespace lictor {
namespace {

constexpr const char* kHead = "module t\nrelation p(x: int)\nrelation e(x: int, y: int)\nrequest R { n: int }\n";

/// CPU seconds from the text to the plan, the better of two runs: other work on the machine counts little.
double seconds_to_compile(const std::string& text) {
  double best = 1e9;
  for (int run = 0; run < 2; ++run) {
    std::clock_t begin = std::clock();
    Analysis analysis = analyze_text(text);
    EXPECT_TRUE(analysis.ok) << rendered(analysis).substr(0, 1000);
    if (!analysis.ok) return 0;
    auto plan = make_plan(analysis, {});
    EXPECT_TRUE(plan) << plan.error().message;
    best = std::min(best, static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
  }
  return best;
}

template <class MakeText>
void expect_linear(const char* what, const MakeText& make_text, int n) {
  // Twice as much takes four times as long where something is quadratic, and does so in each of three tries. Beside other
  // tests the caches are not its own.
  double most = testing::fault_rounds(0, 1) == 1 ? 2.5 : 3.2, half = 0, whole = 0;
  for (int tries = 0; tries < 3; ++tries) {
    half = seconds_to_compile(make_text(n / 2));
    whole = seconds_to_compile(make_text(n));
    std::printf("P7 %s: %d in %.3f s, %d in %.3f s\n", what, n / 2, half, n, whole);
    if (whole <= most * half + 0.02) return;
  }
  EXPECT_LE(whole, most * half + 0.02) << what;
}

std::string joined(int n, const std::string& first, const std::string& by, const std::string& operand) {
  std::string out = first;
  for (int i = 1; i < n; ++i) out += by + operand + std::to_string(i);
  return out;
}

TEST(FaultsPolicy, P07_OneHundredThousandOperands) {
  for (const char* by : {", ", " or "}) {
    expect_linear(
        by == std::string(", ") ? "conjunction" : "disjunction",
        [&](int n) {
          return std::string(kHead) + "q(x) :- p(x), (" + joined(n, "x != 0", by, "x != ") +
                 ").\ndecision d(r: R) {\n  default deny \"no\"\n  allow a: \"yes\" if (" +
                 joined(n, "r.n != 0", by, "r.n != ") + ").\n}\n";
        },
        100'000);
  }
}

TEST(FaultsPolicy, P07_TenThousandAtoms) {
  expect_linear(
      "atoms",
      [](int n) {
        std::string text = std::string(kHead) + "q(x0) :- p(x0)";
        for (int i = 0; i < n; ++i) text += ", e(x" + std::to_string(i) + ", x" + std::to_string(i + 1) + ")";
        return text + ", p(x" + std::to_string(n) + ").\n";
      },
      10'000);
}

}  // namespace
}  // namespace lictor
