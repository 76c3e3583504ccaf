#include "tests/differential/proof_agree.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace lictor::testing {

namespace {

using Row = std::vector<Datum>;

const char* const kKinds[] = {"clause",    "rule",   "fact",   "instance", "absent", "test",       "let",
                              "aggregate", "exists", "member", "default",  "tuple",  "abbreviated"};

/// The most rules below one another.
uint32_t count(const ProofNode& node, bool nested, ProofTally& tally) {
  tally.kinds[static_cast<int>(node.kind)]++;
  if (nested && node.relation != kNoIndex) tally.nested_rows++;
  uint32_t below = 0;
  for (const ProofNode& child : node.children)
    below = std::max(below, count(child, node.kind == ProofNode::Kind::kExists, tally));
  return below + (node.kind == ProofNode::Kind::kRule ? 1 : 0);
}

void tally_proof(const ProofNode& proof, ProofTally& tally) {
  tally.heights[std::min<uint32_t>(count(proof, false, tally), 3)]++;
}

void check_row(const Analysis& analysis, uint32_t relation, const Row& row, ProofChecker& checker,
               const std::vector<std::shared_ptr<Engine>>& engines, ProofTally& tally) {
  const Schema& schema = analysis.program.schema;
  std::string first;
  for (const auto& engine : engines) {
    auto proof = prove(*engine, relation, row);
    ASSERT_TRUE(proof) << proof.error().message;
    std::string shown = shape(schema, *proof);
    if (first.empty()) {
      first = shown;
      ASSERT_EQ(checker.row(relation, row, *proof), "") << shown;
      tally.rows++;
      tally_proof(*proof, tally);
    }
    ASSERT_EQ(shown, first) << "engines prove it differently";
  }
}

/// Rows made of the columns of rows that hold; most do not.
void check_absent(const Analysis& analysis, uint32_t relation, const std::vector<Row>& rows, ProofChecker& checker,
                  const std::vector<std::shared_ptr<Engine>>& engines, ProofTally& tally) {
  for (size_t i = 0; i < std::min<size_t>(rows.size(), 6); ++i) {
    Row row = rows[i];
    for (size_t c = 0; c < row.size(); ++c) row[c] = rows[(i * 3 + c * 5 + 1) % rows.size()][c];
    if (i == 0 && !row[0].none) {
      if (row[0].text.empty())
        row[0].n = row[0].n == 1 ? 2 : 1;
      else
        row[0].text += "?";  // facts know no such text or entity
    }
    if (checker.holds(relation, row)) continue;
    tally.absent++;
    for (const auto& engine : engines) {
      auto proof = prove(*engine, relation, row);
      ASSERT_FALSE(proof) << shape(analysis.program.schema, *proof);
      ASSERT_EQ(proof.error().kind, ErrorKind::kNotFound);
    }
  }
}

}  // namespace

void print(const ProofTally& tally) {
  printf("proofs of rows %lu, of absent rows none %lu, of decisions %lu, near misses %lu\nnodes", tally.rows,
         tally.absent, tally.decisions, tally.near_misses);
  for (size_t kind = 0; kind < std::size(kKinds); ++kind) printf(" %s %lu", kKinds[kind], tally.kinds[kind]);
  printf("\nrows below exists and or %lu, rules below one another: none %lu, one %lu, two %lu, more %lu\n",
         tally.nested_rows, tally.heights[0], tally.heights[1], tally.heights[2], tally.heights[3]);
}

void expect_variety(const ProofTally& tally, uint64_t programs) {
  EXPECT_GT(tally.rows, programs * 20);
  EXPECT_GT(tally.absent, programs * 10);
  EXPECT_GT(tally.decisions, programs * 10);
  EXPECT_GT(tally.near_misses, programs * 20);
  EXPECT_GT(tally.nested_rows, programs);
  for (size_t kind = 0; kind < std::size(kKinds); ++kind) EXPECT_GT(tally.kinds[kind], 0u) << kKinds[kind];
  for (uint64_t height : tally.heights) EXPECT_GT(height, programs / 2);
}

void check_row_proofs(const Analysis& analysis, const Naive& naive, ProofChecker& checker,
                      const std::vector<std::shared_ptr<Engine>>& engines, ProofTally& tally) {
  const Schema& schema = analysis.program.schema;
  for (uint32_t relation = 0; relation < schema.relations.size(); ++relation) {
    if (schema.relations[relation].time == BindingTime::kRequest) continue;
    SCOPED_TRACE("rows of " + schema.relations[relation].info.name);
    std::vector<Row> rows = naive.rows(relation);
    for (const Row& row : rows) {
      check_row(analysis, relation, row, checker, engines, tally);
      if (::testing::Test::HasFatalFailure()) return;
    }
    check_absent(analysis, relation, rows, checker, engines, tally);
    if (::testing::Test::HasFatalFailure()) return;
  }
}

void check_explanations(const Schema& schema, uint32_t decision, const NaiveDecision& wanted, ProofChecker& checker,
                        const std::vector<Explanation>& got, ProofTally& tally) {
  checker.forget_request();
  std::string proof = shape(schema, got[0].proof), misses = shape(schema, got[0].near_misses);
  ASSERT_EQ(checker.decision(decision, wanted, got[0].proof), "") << proof;
  ASSERT_EQ(checker.near_misses(decision, wanted.outcome, got[0].near_misses), "") << misses;
  tally.decisions++;
  tally.near_misses += got[0].near_misses.size();
  tally_proof(got[0].proof, tally);
  for (const Explanation& other : got) {
    ASSERT_EQ(shape(schema, other.proof), proof) << "engines prove it differently";
    ASSERT_EQ(shape(schema, other.near_misses), misses) << "engines miss differently";
  }
}

}  // namespace lictor::testing
