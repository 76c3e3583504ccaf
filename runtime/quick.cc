// Groups stand by rank and outcome, as deciding goes: override deny, require, allow, then plain deny, require, allow.
#include "runtime/quick.h"

#include <climits>

#include "runtime/machine.h"

namespace lictor {
namespace {

using ast::Outcome;

/// Keeps the least clause number.
class LeastClause : public Sink {
 public:
  LeastClause(int32_t best, bool first_is_least) : best(best), first_is_least_(first_is_least) {}
  bool emit(const int64_t* words) override {
    if (words[0] < best) best = static_cast<int32_t>(words[0]);
    return first_is_least_;
  }
  int32_t best;

 private:
  bool first_is_least_;
};

/// The least clause of a group that applies, if it is less than `best`; else `best`.
int32_t least(BoundRequest::State& state, const ClauseGroup& group, const PreparedGroup& code, int32_t best) {
  auto first = static_cast<int32_t>(group.clauses.front());
  if (first >= best) return best;
  if (!group.table) return has_solution(code.code, state.eval, state.frame.data()) ? first : best;
  LeastClause sink(best, code.ascending);
  run(code.code, state.eval, state.frame.data(), sink);
  return sink.best;
}

}  // namespace

QuickDecision quick_decision(BoundRequest::State& state) {
  const DecisionPlan& plan = state.plan->decisions[state.decision];
  const PreparedDecision& prepared = state.prepared->decisions[state.decision];
  constexpr int32_t kNone = INT_MAX;
  int32_t pending = kNone;
  auto answer = [&](Outcome outcome, int32_t clause) {
    QuickDecision out;
    out.outcome = state.eval.exhausted ? QuickDecision::kRefused : static_cast<uint8_t>(outcome);
    out.clause = clause;
    return out;
  };
  for (size_t i = 0; i < plan.groups.size();) {
    const ClauseGroup& first = plan.groups[i];
    int32_t best = kNone;
    for (; i < plan.groups.size() && plan.groups[i].is_override == first.is_override &&
           plan.groups[i].outcome == first.outcome;
         ++i) {
      best = least(state, plan.groups[i], prepared.groups[i], best);
    }
    if (state.eval.exhausted) return answer(Outcome::kDeny, -1);
    if (best == kNone) continue;
    if (first.outcome == Outcome::kDeny) return answer(Outcome::kDeny, best);
    if (first.outcome == Outcome::kRequire && pending == kNone) pending = best;
    if (first.outcome != Outcome::kAllow) continue;
    return pending != kNone ? answer(Outcome::kRequire, pending) : answer(Outcome::kAllow, best);
  }
  return answer(plan.decision.default_outcome, -1);
}

}  // namespace lictor
