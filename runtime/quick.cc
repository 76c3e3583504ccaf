// Groups stand as deciding goes: override deny, require, allow, then plain deny, require, allow, or as another way of
// combining has it.
#include "runtime/quick.h"

#include <bit>
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
int32_t least(EvalState& state, int64_t* frame, const PreparedGroup& group, int32_t best) {
  if (group.first >= best) return best;
  if (!group.table) return has_solution(group.code, state, frame) ? group.first : best;
  LeastClause sink(best, group.ascending);
  run(group.code, state, frame, sink);
  return sink.best;
}

QuickDecision answer(Outcome outcome, int32_t clause) {
  QuickDecision out;
  out.outcome = static_cast<uint8_t>(outcome);
  out.clause = clause;
  return out;
}

QuickDecision decide(EvalState& state, int64_t* frame, const PreparedDecision& decision, Outcome otherwise) {
  constexpr int32_t kNone = INT_MAX;
  int32_t pending = kNone;
  int32_t best = kNone;
  const PreparedGroup* const end = decision.groups.data() + decision.deciding;
  for (const PreparedGroup* at = decision.groups.data(); at != end; ++at) {
    const PreparedGroup& group = *at;
    best = least(state, frame, group, best);
    if (!group.ends_level) continue;
    if (state.exhausted) return {};
    if (best == kNone) continue;
    if (group.outcome == Outcome::kDeny) return answer(Outcome::kDeny, best);
    if (group.outcome == Outcome::kAllow) {
      return pending != kNone ? answer(Outcome::kRequire, pending) : answer(Outcome::kAllow, best);
    }
    if (pending == kNone) pending = best;
    best = kNone;
    while (group.passes_denies && at + 1 != end && at[1].rank == group.rank) ++at;  // all that follow in its rank
  }
  return answer(otherwise, -1);
}

/// What light decisions of one thread need to be interpreted, so that a request's own need not be fetched.
struct Desk {
  EvalState eval;
  std::vector<int64_t> frame;
};

thread_local constinit Desk* desk = nullptr;

/// Makes this thread's desk, which goes with it.
[[gnu::noinline]] Desk& new_desk() {
  struct Owner {
    Desk it;
    ~Owner() { desk = nullptr; }
  };
  thread_local Owner owner;
  desk = &owner.it;
  return *desk;
}

}  // namespace

QuickDecision quick_decision(EvalState& state, int64_t* frame, const PreparedDecision& decision, Outcome otherwise) {
  return decide(state, frame, decision, otherwise);
}

QuickDecision quick_decision(BoundRequest::State& state) {
  return decide(state.eval, state.frame.data(), state.prepared->decisions[state.decision],
                state.plan->decisions[state.decision].decision.default_outcome);
}

uint64_t interpret_straight(detail::StraightContext* context, int64_t*) {
  const auto& way = static_cast<const DecisionWay&>(*context->way);
  auto& request = *static_cast<BoundRequest::State*>(context->runtime);
  Desk& at = desk != nullptr ? *desk : new_desk();
  if (at.frame.size() < way.frame) at.frame.resize(way.frame);
  EvalState& eval = at.eval;
  eval.context = {static_cast<const SnapshotView*>(context->facts), context->fields, context->now, &eval,
                  context->steps};
  eval.exhausted = false;
  eval.plan = &way.snapshot->plan();
  eval.hierarchy = &way.snapshot->hierarchy();
  eval.values = &request.values;
  eval.attributes = &request.attributes;
  if (!eval.singles.empty()) eval.singles.clear();
  return std::bit_cast<uint64_t>(decide(eval, at.frame.data(), *way.prepared, way.default_outcome));
}

}  // namespace lictor
