// A test that a column equals something known before the scan becomes a column that the scan matches, so that an index can
// serve it:
//
//   scan level (a -> x, n -> n)           scan level (a -> x, n = 2)
//   filter n == 2                         let n = 2
//
// The test moves to the left, so nothing that can err may stand between, and it must be safe to compute there.
#include <optional>

#include "compiler/passes/passes.h"
#include "compiler/plan_walk.h"

namespace lictor {
namespace {

constexpr size_t kOutside = SIZE_MAX;  // bound before the pipeline begins

class Matcher {
 public:
  Matcher(const Plan& plan, uint32_t slots) : plan_(plan), bound_at_(slots, kOutside) {}

  void run(Pipeline& pipeline) {
    for (Step& step : pipeline.steps) {
      for (Pipeline& body : step.bodies) Matcher(plan_, static_cast<uint32_t>(bound_at_.size())).run(body);
    }
    for (size_t i = 0; i < pipeline.steps.size(); ++i) {
      if (can_err(plan_, pipeline.steps[i])) last_err_ = i;
      if (move_into_scan(pipeline, i)) continue;
      each_bound_slot(pipeline.steps[i], [&](uint32_t slot) { bound_at_[slot] = i; });
    }
  }

 private:
  /// The test at `at` turns into a `let` of what it tests: one step for one step, so places stay what they are.
  bool move_into_scan(Pipeline& pipeline, size_t at) {
    Step& test = pipeline.steps[at];
    if (test.op != StepOp::kFilter || test.expr.op != Op::kEq || errs(test.expr)) return false;
    for (size_t side : {size_t{0}, size_t{1}}) {
      const Expr& column = test.expr.args[side];
      const Expr& known = test.expr.args[1 - side];
      if (column.op != Op::kSlot || is_guarded(known)) continue;
      auto slot = static_cast<uint32_t>(column.n);
      size_t scan = bound_at_[slot];
      if (scan == kOutside || pipeline.steps[scan].op != StepOp::kScan || pipeline.steps[scan].delta) continue;
      bool err_between = last_err_ && *last_err_ > scan;
      if (err_between || !known_before(known, scan)) continue;
      const Span span = column.span;
      match(pipeline, scan, slot, known);
      pipeline.steps.erase(pipeline.steps.begin() + static_cast<std::ptrdiff_t>(at));
      pipeline.steps.insert(pipeline.steps.begin() + static_cast<std::ptrdiff_t>(scan) + 1,
                            let_step(slot, matched_, span));
      shift(scan, at, slot);
      return true;
    }
    return false;
  }

  bool known_before(const Expr& expr, size_t scan) const {
    return !any_node(expr, [&](const Expr& node) {
      if (node.op != Op::kSlot) return false;
      size_t at = bound_at_[static_cast<size_t>(node.n)];
      return at != kOutside && at >= scan;
    });
  }

  void match(Pipeline& pipeline, size_t scan, uint32_t slot, const Expr& known) {
    matched_ = known;
    for (Arg& arg : pipeline.steps[scan].args) {
      if (arg.mode == Arg::Mode::kBind && arg.slot == slot) arg = {Arg::Mode::kMatch, 0, known};
    }
  }

  /// The steps after the scan, up to where the test stood, are one further to the right.
  void shift(size_t scan, size_t test, uint32_t slot) {
    for (size_t& at : bound_at_) {
      if (at != kOutside && at > scan && at < test) ++at;
    }
    bound_at_[slot] = scan + 1;
  }

  const Plan& plan_;
  std::vector<size_t> bound_at_;  // by slot: the step of this pipeline that binds it
  std::optional<size_t> last_err_;
  Expr matched_;
};

}  // namespace

void match_columns(Plan& plan) {
  for (auto* strata : {&plan.strata, &plan.request_strata}) {
    for (StratumPlan& stratum : *strata) {
      for (RulePlan& rule : stratum.rules) {
        Matcher(plan, rule.slots).run(rule.pipeline);
        for (Pipeline& delta : rule.deltas) Matcher(plan, rule.slots).run(delta);
      }
    }
  }
  for (View& view : plan.views) {
    for (Pipeline& alternative : view.alternatives) Matcher(plan, view.slots).run(alternative);
  }
  for (DecisionPlan& decision : plan.decisions) {
    for (ClauseGroup& group : decision.groups) Matcher(plan, group.slots).run(group.pipeline);
  }
}

}  // namespace lictor
