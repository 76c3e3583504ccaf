// Proofs of one random program, of all engines, held against the naive evaluator.
#pragma once

#include <memory>
#include <vector>

#include "runtime/engine.h"
#include "tests/differential/proof_check.h"

namespace lictor::testing {

struct ProofTally {
  uint64_t rows = 0, absent = 0, decisions = 0, near_misses = 0;
  uint64_t kinds[16] = {};   // nodes by ProofNode::Kind
  uint64_t nested_rows = 0;  // below an exists or or
  uint64_t heights[4] = {};  // rules below one another: 0, 1, 2, more
};

void print(const ProofTally& tally);
/// The proofs of `programs` random programs must have had something of everything.
void expect_variety(const ProofTally& tally, uint64_t programs);

/// Every row of every relation known at fact time has a proof, rows that do not hold have none, and all engines say the
/// same. Failures are gtest's.
void check_row_proofs(const Analysis& analysis, const Naive& naive, ProofChecker& checker,
                      const std::vector<std::shared_ptr<Engine>>& engines, ProofTally& tally);

/// The proof and the near misses of one decision, which the naive evaluator has just made. `got`: by engine.
void check_explanations(const Schema& schema, uint32_t decision, const NaiveDecision& wanted, ProofChecker& checker,
                        const std::vector<Explanation>& got, ProofTally& tally);

}  // namespace lictor::testing
