// Strata that a stratum reads are computed before it, from a list made beforehand, so there is no deep recursion.
#include "runtime/request_relations.h"

#include <cassert>

#include "runtime/fixpoint.h"

namespace lictor {

RequestRelations::RequestRelations(const Plan& plan, const Prepared& prepared)
    : plan_(plan), prepared_(prepared), strata_(prepared.request_strata.size()) {
  if (strata_.empty()) return;
  stores_.resize(plan.schema.relations.size());
  views_.resize(plan.schema.relations.size());
  indexes_.resize(plan.indexes.size());
  index_done_.resize(plan.indexes.size());
  for (const PreparedStratum& stratum : prepared.request_strata) {
    for (uint32_t relation : stratum.relations) {
      stores_[relation] =
          std::make_unique<RowStore>(static_cast<uint32_t>(plan.schema.relations[relation].columns.size()));
    }
  }
}

void RequestRelations::forget() {
  for (Computed& computed : strata_) {
    computed.done = false;
    computed.errors.clear();
  }
  index_done_.assign(index_done_.size(), false);
  used_ = false;
}

bool RequestRelations::reach(EvalState& state, uint32_t relation) {
  uint32_t number = prepared_.request_stratum[relation];
  assert(number != kNoIndex);  // INVARIANT: plans name request-time relations in request_strata
  used_ = true;
  if (!strata_[number].done) {
    for (uint32_t before : prepared_.request_strata[number].reads) {
      if (!strata_[before].done && !compute(state, before)) return false;
    }
    if (!compute(state, number)) return false;
  }
  state.errors->add_all(strata_[number].errors);
  return !state.exhausted;
}

bool RequestRelations::compute(EvalState& state, uint32_t number) {
  const PreparedStratum& stratum = prepared_.request_strata[number];
  Computed& computed = strata_[number];
  std::vector<RowStore*> stores;
  for (uint32_t relation : stratum.relations) {
    RowStore& rows = *stores_[relation];
    rows.clear();
    const RelationView& base = state.context.snapshot->relations[relation];
    for (uint32_t row = 0; row < base.count; ++row) rows.insert(base.rows + static_cast<size_t>(row) * base.arity);
    stores.push_back(&rows);
  }
  frame_.resize(prepared_.frame);
  ErrorList* reader = state.errors;
  uint32_t running = state.running;
  state.errors = &computed.errors;
  bool ok = compute_stratum(stratum, state, stores, frame_.data());
  state.errors = reader;
  state.running = running;
  for (size_t i = 0; i < stores.size(); ++i) views_[stratum.relations[i]] = stores[i]->view();
  computed.done = ok;
  return ok;
}

const IndexView* RequestRelations::index(uint32_t number) {
  if (!index_done_[number]) {
    const Index& plan = plan_.indexes[number];
    if (!indexes_[number]) indexes_[number] = std::make_unique<RelationIndex>();
    indexes_[number]->build(views_[plan.relation], plan.columns, plan.unique);
    index_done_[number] = true;
  }
  return &indexes_[number]->view();
}

}  // namespace lictor
