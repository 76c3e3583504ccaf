#include "runtime/groups.h"

#include "runtime/machine.h"
#include "runtime/prepared.h"

namespace lictor {
namespace {

class GroupSink : public Sink {
 public:
  GroupSink(EvalState& state, Instances& instances, const ClauseGroup& group)
      : state_(state),
        instances_(instances),
        group_(group),
        skip_(group.table ? 1 : 0),
        count_(static_cast<uint32_t>(group.pipeline.emit.size())) {}
  bool emit(const int64_t* words) override {
    uint32_t clause = group_.table ? static_cast<uint32_t>(words[0]) : group_.clauses[0];
    instances_.add(state_, clause, words + skip_, count_ - skip_);
    return state_.exhausted;
  }

 private:
  EvalState& state_;
  Instances& instances_;
  const ClauseGroup& group_;
  uint32_t skip_, count_;
};

}  // namespace

void interpret_groups(EvalState& state, int64_t* frame, uint32_t decision, Instances& instances) {
  const DecisionPlan& plan = state.plan->decisions[decision];
  const PreparedDecision& prepared = state.prepared->decisions[decision];
  instances.clear();
  state.instances = &instances;
  ErrorList errors;
  ErrorList* outer = state.errors;
  for (size_t i = 0; i < plan.groups.size() && !state.exhausted; ++i) {
    errors.clear();
    state.errors = &errors;
    GroupSink sink(state, instances, plan.groups[i]);
    run(prepared.groups[i].code, state, frame, sink);
    if (errors.empty()) continue;
    for (uint32_t clause : plan.groups[i].clauses) instances.add_errors(clause, errors);
  }
  state.errors = outer;
}

}  // namespace lictor
