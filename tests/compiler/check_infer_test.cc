// Types of columns that only rules tell, strata, binding times.
#include <gtest/gtest.h>

#include <map>

#include "tests/compiler/analyze_text.h"

namespace lictor {
namespace {

std::map<std::string, std::string> relations(const Analysis& analysis) {
  std::map<std::string, std::string> out;
  std::string text = dump(analysis.program);
  for (size_t at = 0; at < text.size();) {
    size_t end = text.find('\n', at);
    std::string line = text.substr(at, end - at);
    at = end + 1;
    if (!line.starts_with("relation t.")) continue;
    size_t open = line.find('(');
    out[line.substr(11, open - 11)] = line.substr(open);
  }
  return out;
}

TEST(Infer, ThroughMutualRecursion) {
  Analysis analysis = analyze_text(R"(module t
relation e(x: string, n: int 1..4)
a(x, n) :- b(n, x).
b(n, x) :- a(x, n).
b(n, x) :- e(x, n).
)");
  ASSERT_TRUE(analysis.ok) << rendered(analysis);
  EXPECT_EQ(relations(analysis)["a"], "(x: string, n: int 1..4) fact");
  EXPECT_EQ(relations(analysis)["b"], "(n: int 1..4, x: string) fact");
}

TEST(Infer, RangesAndOptionalsJoin) {
  Analysis analysis = analyze_text(R"(module t
relation e(n: int 1..4, m: int 3..9, o: int 1..4?)
a(n) :- e(n, _, _).
a(m) :- e(_, m, _).
b(n) :- e(n, _, _).
b(o) :- e(_, _, o).
c(n + 1) :- e(n, _, _).
c(n) :- e(n, _, _).
)");
  ASSERT_TRUE(analysis.ok) << rendered(analysis);
  EXPECT_EQ(relations(analysis)["a"], "(n: int 1..9) fact");
  EXPECT_EQ(relations(analysis)["b"], "(n: int 1..4?) fact");
  EXPECT_EQ(relations(analysis)["c"], "(column1: int) fact");
}

TEST(Infer, RulesThatDisagree) {
  Analysis analysis = analyze_text("module t\nrelation e(x: string, n: int)\na(x) :- e(x, _).\na(n) :- e(_, n).\n");
  EXPECT_EQ(codes(analysis), std::vector<std::string>{"E0301"}) << rendered(analysis);
  analysis = analyze_text("module t\nrelation e(x: string, n: int)\na(x: string) :- e(x, _).\na(n: int) :- e(_, n).\n");
  EXPECT_EQ(codes(analysis), std::vector<std::string>{"E0314"}) << rendered(analysis);
}

TEST(Infer, NothingToInferFrom) {
  Analysis analysis = analyze_text("module t\na(x) :- b(x).\nb(x) :- a(x).\n");
  EXPECT_EQ(codes(analysis), (std::vector<std::string>{"E0313", "E0313"})) << rendered(analysis);
}

TEST(Infer, RequestsAreHandedOn) {
  Analysis analysis = analyze_text(R"(module t
request Act { n: int }
c(x, q) :- b(q, x).
b(q, x) :- a(q, x).
a(r: Act, x) :- x = r.n.
)");
  ASSERT_TRUE(analysis.ok) << rendered(analysis);
  EXPECT_EQ(relations(analysis)["c"], "(x: int) request request Act");
}

TEST(BindingTimes, FollowWhatIsRead) {
  Analysis analysis = analyze_text(R"(module t
entity Known { n: int } { ("a", n: 1) }
entity Brought { n: int = 0 from request }
relation inline(x: int) { (1) }
relation host(x: int) from host
request Act { n: int }
param most: int = 2
load(x) :- inline(x), x < most.
known(n) :- Known(k), n = k.n.
fact(x) :- inline(x), host(x).
later(x) :- fact(x), now > time"2026-01-01T00:00:00Z".
brought(n) :- Brought(b), n = b.n.
asked(r: Act, x) :- inline(x), x < r.n.
)");
  ASSERT_TRUE(analysis.ok) << rendered(analysis);
  auto found = relations(analysis);
  EXPECT_EQ(found["load"], "(x: int) load");
  EXPECT_EQ(found["known"], "(n: int) load");
  EXPECT_EQ(found["fact"], "(x: int) fact");
  EXPECT_EQ(found["later"], "(x: int) request");
  EXPECT_EQ(found["brought"], "(n: int) request");
  EXPECT_EQ(found["asked"], "(x: int) request request Act");
}

TEST(Strata, EachAfterWhatItReads) {
  Analysis analysis = analyze_text(R"(module t
relation e(x: int, y: int)
far(x) :- node(x), not near(x).
near(y) :- path(1, y).
path(x, z) :- path(x, y), e(y, z).
path(x, y) :- e(x, y).
node(x) :- e(x, _).
)");
  ASSERT_TRUE(analysis.ok) << rendered(analysis);
  std::vector<std::string> order;
  for (const Stratum& stratum : analysis.program.strata) {
    for (uint32_t relation : stratum.relations) {
      order.push_back(analysis.program.schema.relations[relation].info.name + (stratum.recursive ? "*" : ""));
    }
  }
  EXPECT_EQ(order, (std::vector<std::string>{"path*", "near", "node", "far"}));
}

TEST(Strata, TheCycleIsNamedRuleByRule) {
  std::string text = "module t\nrelation s(x: int)\nr0(x) :- s(x), not r1(x).\n";
  for (int i = 1; i < 50; ++i) {
    text += "r" + std::to_string(i) + "(x) :- r" + std::to_string((i + 1) % 50) + "(x).\n";
  }
  Analysis analysis = analyze_text(text);
  ASSERT_EQ(codes(analysis), std::vector<std::string>{"E0404"}) << rendered(analysis);
  const Diagnostic& cycle = analysis.diagnostics[0];
  ASSERT_EQ(cycle.related.size(), 50u);
  EXPECT_EQ(cycle.related[0].message, "`r0` reads `r1`, which must be complete by then");
  EXPECT_EQ(cycle.related[49].message, "`r49` reads `r0`");
}

}  // namespace
}  // namespace lictor
