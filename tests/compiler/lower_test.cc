// Golden dumps: tests/golden/plan/*.lictor, each with the plan after the stage that its first line names
// (`// after: drop_dead`) in the .plan file beside it. LICTOR_UPDATE_GOLDEN=1 writes the .plan files anew.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "compiler/driver.h"
#include "tests/compiler/analyze_text.h"

namespace lictor {
namespace {

namespace fs = std::filesystem;

const fs::path kGolden = fs::path(LICTOR_SOURCE_DIR) / "tests/golden/plan";

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> cases() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kGolden)) {
    if (entry.path().extension() == ".lictor") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// The dump after a stage; empty when no stage has that name.
std::string dump_after(const Analysis& analysis, std::string_view wanted) {
  std::string found;
  LowerOptions options;
  options.verify = true;
  options.observe = [&](std::string_view stage, const Plan& plan) {
    if (stage == wanted) found = dump(plan);
  };
  auto plan = make_plan(analysis, options);
  EXPECT_TRUE(plan) << plan.error().message;
  return found;
}

class GoldenPlan : public testing::TestWithParam<std::string> {};

TEST_P(GoldenPlan, IsAsWritten) {
  std::string source = read(kGolden / (GetParam() + ".lictor"));
  constexpr std::string_view kMark = "// after: ";
  ASSERT_TRUE(source.starts_with(kMark));
  std::string stage = source.substr(kMark.size(), source.find('\n') - kMark.size());
  Analysis analysis = analyze_text(source);
  ASSERT_TRUE(analysis.ok) << rendered(analysis);
  std::string plan = dump_after(analysis, stage);
  ASSERT_FALSE(plan.empty()) << "no stage `" << stage << "`";
  fs::path golden = kGolden / (GetParam() + ".plan");
  if (std::getenv("LICTOR_UPDATE_GOLDEN") != nullptr) std::ofstream(golden, std::ios::binary) << plan;
  EXPECT_EQ(plan, read(golden));
}

INSTANTIATE_TEST_SUITE_P(Plan, GoldenPlan, testing::ValuesIn(cases()), [](const auto& info) { return info.param; });

TEST(Lower, EveryPassHasAGoldenFile) {
  Analysis analysis = analyze_text(read(kGolden / "gate.lictor"));
  ASSERT_TRUE(analysis.ok);
  std::vector<std::string> names = cases();
  LowerOptions options;
  options.observe = [&](std::string_view stage, const Plan&) {
    std::string name(stage.substr(0, stage.find(' ')));
    EXPECT_TRUE(std::count(names.begin(), names.end(), name)) << name;
  };
  ASSERT_TRUE(make_plan(analysis, options));
}

TEST(Lower, AParameterWithoutAValueIsNamed) {
  Analysis analysis = analyze_text(
      "module t\nparam least: int\nparam most: int\nrequest R { x: int }\n"
      "decision d(r: R) { default deny \"no\"\n allow a: \"a\" if r.x > least, r.x < most. }\n");
  ASSERT_TRUE(analysis.ok) << rendered(analysis);
  auto plan = make_plan(analysis, {});
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().kind, ErrorKind::kInvalid);
  EXPECT_NE(plan.error().message.find("`t.least`, `t.most`"), std::string::npos) << plan.error().message;
}

TEST(Lower, GivenParametersReplaceDefaults) {
  Analysis analysis = analyze_text(
      "module t\nparam least: int = 3\nrequest R { x: int }\n"
      "decision d(r: R) { default deny \"no\"\n allow a: \"a\" if r.x > least. }\n");
  ASSERT_TRUE(analysis.ok) << rendered(analysis);
  LowerOptions options;
  Datum seven;
  seven.type = kIntType;
  seven.n = 7;
  options.params.emplace_back(0, seven);
  options.bundle_hash = "sha256:ab";
  auto plan = make_plan(analysis, options);
  ASSERT_TRUE(plan);
  EXPECT_NE(dump(**plan).find("(7 < request.x)"), std::string::npos) << dump(**plan);
  EXPECT_EQ((*plan)->bundle_hash, "sha256:ab");
}

TEST(Lower, ATowerOfRelationsIsNoTowerOfCalls) {
  // each relation reads the next one twice: as views, one question would ask 2^40
  std::string text = "module t\nrelation p(a: int)\nrequest R { x: int }\nq40(r: R, x) :- p(x), x > r.x.\n";
  for (int i = 39; i >= 0; --i) {
    std::string next = "q" + std::to_string(i + 1);
    text += "q" + std::to_string(i) + "(r: R, x) :- " + next + "(r, x), " + next + "(r, y), x < y.\n";
  }
  text += "decision d(r: R) { default deny \"no\"\n allow a: \"{x}\" if q0(r, x). }\n";
  Analysis analysis = analyze_text(text);
  ASSERT_TRUE(analysis.ok) << rendered(analysis);
  LowerOptions options;
  options.verify = true;
  auto plan = make_plan(analysis, options);
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_GT((*plan)->request_strata.size(), 3u);
  EXPECT_FALSE((*plan)->decisions[0].request_strata.empty());
}

TEST(Lower, DeepExpressionsNeedNoStackOfTheCaller) {
  std::string sum = "r.x";
  for (int i = 0; i < 900; ++i) sum = "(" + sum + " + 1)";
  Analysis analysis = analyze_text(
      "module t\nrequest R { x: int 0..9 }\ndecision d(r: R) { default deny \"no\"\n"
      " allow a: \"a\" if " +
      sum + " > 3. }\n");
  ASSERT_TRUE(analysis.ok) << rendered(analysis);
  EXPECT_TRUE(make_plan(analysis, {}));
}

std::string uniform_clauses(int count) {
  std::string text = "module t\nrequest R { action: string, level: int }\ndecision d(r: R) {\n  default deny \"no\"\n";
  for (int i = 0; i < count; ++i) {
    std::string number = std::to_string(i);
    text +=
        "  allow c" + number + ": \"c" + number + "\" if r.action == \"a" + number + "\", r.level > " + number + ".\n";
  }
  return text + "}\n";
}

TEST(Lower, ClausesOfOneShapeAreOnePipelineAndOneTable) {
  Analysis analysis = analyze_text(uniform_clauses(3000));
  ASSERT_TRUE(analysis.ok) << rendered(analysis);
  LowerOptions options;
  options.verify = true;
  auto plan = make_plan(analysis, options);
  ASSERT_TRUE(plan) << plan.error().message;
  const DecisionPlan& decision = (*plan)->decisions[0];
  ASSERT_EQ(decision.groups.size(), 1u);
  EXPECT_EQ(decision.groups[0].clauses.size(), 3000u);
  EXPECT_EQ(decision.groups[0].pipeline.steps.size(), 2u);
  ASSERT_EQ((*plan)->indexes.size(), 1u);
  EXPECT_EQ((*plan)->indexes[0].columns, std::vector<uint32_t>{1});
  EXPECT_EQ((*plan)->rows[(*plan)->indexes[0].relation].size(), 3000u);
}

}  // namespace
}  // namespace lictor
