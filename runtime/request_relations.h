// Relations that depend on the request: computed whole, per request, the first time something reads them.
#pragma once

#include <memory>
#include <vector>

#include "runtime/eval_state.h"
#include "runtime/prepared.h"
#include "runtime/relation/index.h"

namespace lictor {

class RequestRelations {
 public:
  RequestRelations(const Plan& plan, const Prepared& prepared);

  /// Forgets what the last evaluation computed.
  void reset() {
    if (used_) forget();
  }
  /// The running clause or rule reads a relation: it is computed unless it is already, and its errors become the
  /// reader's. False where a budget was exhausted.
  bool reach(EvalState& state, uint32_t relation);
  /// REQUIRES: reach() returned true for the relation.
  const RelationView* relation(uint32_t relation) const { return &views_[relation]; }
  const IndexView* index(uint32_t index);
  const RowStore& rows(uint32_t relation) const { return *stores_[relation]; }

 private:
  struct Computed {
    bool done = false;
    ErrorList errors;
  };
  bool compute(EvalState& state, uint32_t stratum);
  void forget();

  const Plan& plan_;
  const Prepared& prepared_;
  std::vector<Computed> strata_;
  std::vector<std::unique_ptr<RowStore>> stores_;  // by relation; null for others
  std::vector<RelationView> views_;
  std::vector<std::unique_ptr<RelationIndex>> indexes_;  // by Plan::indexes, made on first use
  std::vector<bool> index_done_;
  std::vector<int64_t> frame_;
  bool used_ = false;
};

}  // namespace lictor
