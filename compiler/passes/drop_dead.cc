// What never holds goes, as long as nothing to its left can err; so do tests that always hold and variables nobody reads.
// A pipeline that never gets anywhere goes with its rule, clause or alternative, and a call of a view without alternatives
// never holds.
#include <algorithm>

#include "compiler/fold.h"
#include "compiler/passes/passes.h"
#include "compiler/plan_walk.h"

namespace lictor {
namespace {

enum class Truth : uint8_t { kUnknown, kAlways, kNever };

class Dropper {
 public:
  explicit Dropper(Plan& plan) : plan_(plan) {}

  /// False: the pipeline never has a solution and never errs.
  bool keep(Pipeline& pipeline) {
    std::vector<Step>& steps = pipeline.steps;
    std::vector<Step> kept;
    bool changed = false;       // until then what is kept stays in the pipeline
    bool found_erring = false;  // asked only where something never holds, and answered once
    auto errs_before = [&](size_t at) {
      auto errs = [&](const Step& step) { return can_err(plan_, step); };
      found_erring =
          found_erring || (changed ? std::any_of(kept.begin(), kept.end(), errs)
                                   : std::any_of(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(at), errs));
      return found_erring;
    };
    for (size_t i = 0; i < steps.size(); ++i) {
      Step& step = steps[i];
      Truth truth = truth_of(step);
      if (truth == Truth::kNever && !errs_before(i)) return false;
      if (truth == Truth::kNever && step.op == StepOp::kAny) step = filter_step(bool_expr(false, step.span), step.span);
      bool plain = truth != Truth::kAlways && is_plain(step);
      if (!changed && (truth == Truth::kAlways || plain)) {
        changed = true;
        kept.assign(std::move_iterator(steps.begin()),
                    std::move_iterator(steps.begin() + static_cast<std::ptrdiff_t>(i)));
      }
      if (!changed || truth == Truth::kAlways) continue;
      if (plain) {
        for (Step& inner : step.bodies[0].steps) kept.push_back(std::move(inner));
      } else {
        kept.push_back(std::move(step));
      }
    }
    if (changed) steps = std::move(kept);
    return true;
  }

  void drop_unread(Pipeline& pipeline, uint32_t slots) {
    if (slots == 0) return;
    for (bool changed = true; changed;) {
      reads_.assign(slots, 0);
      each_plan_root(pipeline, [&](const Expr& root) {
        each_node(root, [&](const Expr& node) {
          if (node.op == Op::kSlot) ++reads_[static_cast<size_t>(node.n)];
        });
      });
      changed = drop_unread_steps(pipeline, false);
    }
  }

 private:
  Truth truth_of(Step& step) {
    switch (step.op) {
      case StepOp::kFilter:
        return is_true(step.expr) ? Truth::kAlways : is_false(step.expr) ? Truth::kNever : Truth::kUnknown;
      case StepOp::kMember:
        return is_constant(step.expr) && step.expr.constant->items.empty() ? Truth::kNever : Truth::kUnknown;
      case StepOp::kCall:
        return plan_.views[step.view].alternatives.empty() && !can_err(plan_, step) ? Truth::kNever : Truth::kUnknown;
      case StepOp::kAny:
        return truth_of_any(step);
      case StepOp::kLookup:
        if (!keep(step.bodies[0])) step = let_step(step.slot, none_expr(step.tuple[0].type, step.span), step.span);
        return Truth::kUnknown;
      case StepOp::kAggregate:
        keep_aggregate(step.bodies[0], step.span);
        return Truth::kUnknown;
      default:
        return Truth::kUnknown;
    }
  }

  /// A search that finds one solution at most is no search.
  bool is_plain(const Step& step) const {
    return step.op == StepOp::kAny && !step.negated && step.bodies.size() == 1 &&
           std::all_of(step.bodies[0].steps.begin(), step.bodies[0].steps.end(),
                       [this](const Step& inner) { return is_single(plan_, inner); });
  }

  /// A body that is nothing but another search is that search.
  static void flatten(Step& step) {
    std::vector<Pipeline> bodies;
    for (Pipeline& body : step.bodies) {
      bool search = body.steps.size() == 1 && body.steps[0].op == StepOp::kAny && !body.steps[0].negated;
      if (!search) {
        bodies.push_back(std::move(body));
        continue;
      }
      std::vector<Pipeline> inner = std::move(body.steps[0].bodies);
      for (Pipeline& each : inner) bodies.push_back(std::move(each));
    }
    step.bodies = std::move(bodies);
  }

  /// An aggregate over nothing has a value; its tuple still names variables of the body.
  void keep_aggregate(Pipeline& body, Span span) {
    Pipeline whole = body;
    if (keep(body)) return;
    body = std::move(whole);
    const Step& first = body.steps.front();  // what never holds has a step
    if (first.op == StepOp::kFilter && is_false(first.expr)) return;
    body.steps.insert(body.steps.begin(), filter_step(bool_expr(false, span), span));
  }

  Truth truth_of_any(Step& step) {
    std::erase_if(step.bodies, [this](Pipeline& body) { return !keep(body); });
    flatten(step);
    bool errs =
        std::any_of(step.bodies.begin(), step.bodies.end(), [&](const Pipeline& b) { return can_err(plan_, b); });
    bool holds = std::any_of(step.bodies.begin(), step.bodies.end(), [](const Pipeline& b) { return b.steps.empty(); });
    if (step.bodies.empty()) return step.negated ? Truth::kAlways : Truth::kNever;
    if (!holds || errs) return Truth::kUnknown;
    return step.negated ? Truth::kNever : Truth::kAlways;
  }

  bool unread(uint32_t slot) const { return reads_[slot] == 0; }

  /// `search`: one solution is enough, so its last step needs no search of its own.
  bool drop_unread_steps(Pipeline& pipeline, bool search) {
    bool changed = false;
    std::erase_if(pipeline.steps, [&](const Step& step) {
      bool value = step.op == StepOp::kLet || step.op == StepOp::kLookup;
      bool dead = value && unread(step.slot) && !can_err(plan_, step);
      changed = changed || dead;
      return dead;
    });
    for (Step& step : pipeline.steps) {
      for (Pipeline& body : step.bodies)
        changed = drop_unread_steps(body, step.op == StepOp::kAny || step.op == StepOp::kLookup) || changed;
      bool last = search && &step == &pipeline.steps.back();
      changed = ignore_unread(step, !last) || changed;
    }
    return changed;
  }

  bool ignore_unread(Step& step, bool may_wrap) {
    if (step.op == StepOp::kSome && unread(step.slot)) {
      Expr present = equal_expr(std::move(step.expr), {}, step.span);
      present.op = Op::kHas;
      present.args.pop_back();
      step = filter_step(std::move(present), step.span);
      return true;
    }
    if (step.op != StepOp::kScan && step.op != StepOp::kCall) return false;
    bool changed = false;
    bool binds = false;
    for (Arg& arg : step.args) {
      if (arg.mode != Arg::Mode::kBind) continue;
      if (unread(arg.slot)) {
        arg = {};
        changed = true;
      } else {
        binds = true;
      }
    }
    if (changed && may_wrap && !binds && !step.delta && !is_single(plan_, step) && !can_err(plan_, step))
      search_once(step);
    return changed;
  }

  static void search_once(Step& step) {
    Step any;
    any.op = StepOp::kAny;
    any.span = step.span;
    any.bodies.emplace_back().steps.push_back(std::move(step));
    step = std::move(any);
  }

  Plan& plan_;
  std::vector<uint32_t> reads_;  // by slot
};

void drop_in_views(Plan& plan, Dropper& dropper) {
  for (bool changed = true; changed;) {
    changed = false;
    for (View& view : plan.views) {
      bool had = !view.alternatives.empty();
      std::erase_if(view.alternatives, [&](Pipeline& alternative) { return !dropper.keep(alternative); });
      changed = changed || (had && view.alternatives.empty());
    }
  }
  for (View& view : plan.views) {
    for (Pipeline& alternative : view.alternatives) dropper.drop_unread(alternative, view.slots);
  }
}

void drop_in_strata(const Plan& plan, std::vector<StratumPlan>& strata, Dropper& dropper) {
  for (StratumPlan& stratum : strata) {
    std::erase_if(stratum.rules, [&](RulePlan& rule) { return !dropper.keep(rule.pipeline); });
    for (RulePlan& rule : stratum.rules) {
      // where the atom that read new rows stood in what went, the full pipeline has found all there is
      std::erase_if(rule.deltas, [&](Pipeline& delta) { return !dropper.keep(delta) || deltas_in(plan, delta) == 0; });
      dropper.drop_unread(rule.pipeline, rule.slots);
      for (Pipeline& delta : rule.deltas) dropper.drop_unread(delta, rule.slots);
    }
  }
}

}  // namespace

void drop_dead(Plan& plan) {
  Dropper dropper(plan);
  drop_in_views(plan, dropper);
  drop_in_strata(plan, plan.strata, dropper);
  drop_in_strata(plan, plan.request_strata, dropper);
  for (DecisionPlan& decision : plan.decisions) {
    std::erase_if(decision.groups, [&](ClauseGroup& group) { return !dropper.keep(group.pipeline); });
    for (ClauseGroup& group : decision.groups) dropper.drop_unread(group.pipeline, group.slots);
  }
}

}  // namespace lictor
