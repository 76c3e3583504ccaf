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
int32_t least(BoundRequest::State& state, const PreparedGroup& group, int32_t best) {
  if (group.first >= best) return best;
  if (!group.table) return has_solution(group.code, state.eval, state.frame.data()) ? group.first : best;
  LeastClause sink(best, group.ascending);
  run(group.code, state.eval, state.frame.data(), sink);
  return sink.best;
}

QuickDecision answer(Outcome outcome, int32_t clause) {
  QuickDecision out;
  out.outcome = static_cast<uint8_t>(outcome);
  out.clause = clause;
  return out;
}

}  // namespace

QuickDecision quick_decision(BoundRequest::State& state) {
  constexpr int32_t kNone = INT_MAX;
  int32_t pending = kNone;
  int32_t best = kNone;
  for (const PreparedGroup& group : state.prepared->decisions[state.decision].groups) {
    best = least(state, group, best);
    if (!group.ends_level) continue;
    if (state.eval.exhausted) return {};
    if (best == kNone) continue;
    if (group.outcome == Outcome::kDeny) return answer(Outcome::kDeny, best);
    if (group.outcome == Outcome::kAllow) {
      return pending != kNone ? answer(Outcome::kRequire, pending) : answer(Outcome::kAllow, best);
    }
    if (pending == kNone) pending = best;
    best = kNone;
  }
  return answer(state.plan->decisions[state.decision].decision.default_outcome, -1);
}

}  // namespace lictor
