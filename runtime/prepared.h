// A plan made ready for the interpreter: every pipeline as code. Immutable; shared by all requests of an engine.
#pragma once

#include <memory>
#include <vector>

#include "lictor/error.h"
#include "runtime/code.h"

namespace lictor {

struct PreparedRule {
  uint32_t rule = kNoIndex;  // Plan::rules
  uint32_t head = kNoIndex;
  Code full;
  std::vector<Code> deltas;
};

struct PreparedStratum {
  std::vector<uint32_t> relations;
  bool recursive = false;
  std::vector<PreparedRule> rules;
  std::vector<uint32_t> chains;  // Plan::indexes that must grow with the stratum's relations
  std::vector<uint32_t> reads;   // request strata that must be computed before, ascending
};

struct PreparedGroup {
  Code code;
  bool ascending = false;      // the first solution has the least clause number
  bool table = false;          // ClauseGroup::table
  bool ends_level = false;     // the next group has another outcome or rank
  bool passes_denies = false;  // where it applies, the denies of its rank are not asked
  uint32_t rank = 0;           // rank_of() its place
  int32_t first = 0;           // its least clause
  ast::Outcome outcome = ast::Outcome::kDeny;
};

struct PreparedDecision {
  std::vector<PreparedGroup> groups;
  size_t deciding = 0;   // the first groups: those behind them are only observed
  bool can_err = false;  // some clause that decides, or the default, can: only the full form knows the answer
  std::vector<uint32_t> one_column_indexes;
};

struct Prepared {
  std::vector<PreparedStratum> strata;
  std::vector<PreparedStratum> request_strata;
  std::vector<PreparedDecision> decisions;
  std::vector<uint32_t> request_stratum;          // by relation: the stratum that computes it per request, or kNoIndex
  std::vector<std::vector<uint32_t>> indexes_of;  // by relation: Plan::indexes
  uint32_t frame = 0;                             // words that the largest code needs
};

/// Fails with kLimit where views are nested so deeply that the code would be too large.
Result<std::shared_ptr<const Prepared>> prepare(const Plan& plan);

}  // namespace lictor
