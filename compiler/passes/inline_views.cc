// A view with one alternative is put in the place of its call: inputs become variables, and what the call binds or matches
// follows as `let` and test. A call that binds nothing stands in a search of its own, so all alternatives become its
// bodies. Folding afterwards spreads the copies. Pipelines do not grow beyond a limit; views that nobody calls go.
#include <algorithm>

#include "compiler/passes/passes.h"
#include "compiler/plan_walk.h"

namespace lictor {
namespace {

constexpr size_t kMostSteps = 64;  // of one pipeline, nested ones included, after inlining

size_t count_steps(const Pipeline& pipeline) {
  size_t count = 0;
  each_step(pipeline, [&](const Step&) { ++count; });
  return count;
}

/// The frame that inlined slots are added to.
struct FrameRef {
  uint32_t& slots;
  std::vector<TypeId>& types;
  std::vector<std::string>& names;
};

class Inliner {
 public:
  explicit Inliner(Plan& plan) : plan_(plan), done_(plan.views.size()) {}

  void run() {
    // callees first, so that what is inlined needs no more inlining; views never call in a circle
    for (uint32_t v = 0; v < plan_.views.size(); ++v) finish_view(v);
    for (auto* strata : {&plan_.strata, &plan_.request_strata}) {
      for (StratumPlan& stratum : *strata) {
        for (RulePlan& rule : stratum.rules) finish_rule(rule);
      }
    }
    for (DecisionPlan& decision : plan_.decisions) {
      for (ClauseGroup& group : decision.groups) {
        FrameRef frame{group.slots, group.slot_types, group.slot_names};
        inline_into(group.pipeline, frame);
      }
    }
    drop_uncalled();
  }

 private:
  void finish_view(uint32_t number) {
    if (done_[number]) return;
    done_[number] = true;
    for (const Pipeline& alternative : plan_.views[number].alternatives) {
      each_step(alternative, [&](const Step& step) {
        if (step.op == StepOp::kCall) finish_view(step.view);
      });
    }
    View& view = plan_.views[number];
    FrameRef frame{view.slots, view.slot_types, view.slot_names};
    for (Pipeline& alternative : view.alternatives) inline_into(alternative, frame);
  }

  void finish_rule(RulePlan& rule) {
    FrameRef frame{rule.slots, rule.slot_types, rule.slot_names};
    inline_into(rule.pipeline, frame);
    for (Pipeline& delta : rule.deltas) inline_into(delta, frame);
  }

  void inline_into(Pipeline& pipeline, FrameRef& frame) {
    bool calls = false;
    each_step(pipeline, [&](const Step& step) { calls = calls || step.op == StepOp::kCall; });
    if (!calls) return;
    size_ = count_steps(pipeline);
    nested(pipeline, frame);
  }

  void nested(Pipeline& pipeline, FrameRef& frame) {
    std::vector<Step> out;
    for (Step& step : pipeline.steps) {
      for (Pipeline& body : step.bodies) nested(body, frame);
      if (is_search(step)) {
        open_search(step, frame);
        out.push_back(std::move(step));
      } else if (fits(step) && plan_.views[step.view].alternatives.size() == 1) {
        splice(step, plan_.views[step.view].alternatives[0], frame, out);
      } else {
        out.push_back(std::move(step));
      }
    }
    pipeline.steps = std::move(out);
  }

  bool fits(const Step& step) {
    if (step.op != StepOp::kCall) return false;
    size_t added = 0;
    for (const Pipeline& alternative : plan_.views[step.view].alternatives) added += count_steps(alternative);
    if (size_ + added > kMostSteps) return false;
    size_ += added;
    return true;
  }

  /// A search for one call without outputs, by several alternatives.
  bool is_search(const Step& step) const {
    if (step.op != StepOp::kAny) return false;
    return std::any_of(step.bodies.begin(), step.bodies.end(),
                       [&](const Pipeline& body) { return is_lone_call(body); });
  }

  bool is_lone_call(const Pipeline& body) const {
    return body.steps.size() == 1 && body.steps[0].op == StepOp::kCall && body.steps[0].args.empty() &&
           plan_.views[body.steps[0].view].alternatives.size() > 1;
  }

  void open_search(Step& search, FrameRef& frame) {
    std::vector<Pipeline> bodies;
    for (Pipeline& body : search.bodies) {
      if (!is_lone_call(body) || !fits(body.steps[0])) {
        bodies.push_back(std::move(body));
        continue;
      }
      bool inputs_err = body.can_err;
      Step call = std::move(body.steps[0]);
      for (const Pipeline& alternative : plan_.views[call.view].alternatives) {
        Pipeline& added = bodies.emplace_back();
        added.can_err = inputs_err || alternative.can_err;
        splice(call, alternative, frame, added.steps);
      }
    }
    search.bodies = std::move(bodies);
  }

  /// The call's inputs, the alternative's steps, then what the call's arguments say of its outputs.
  void splice(const Step& call, const Pipeline& alternative, FrameRef& frame, std::vector<Step>& out) {
    const View& view = plan_.views[call.view];
    uint32_t base = frame.slots;
    frame.slots += view.slots;
    frame.types.insert(frame.types.end(), view.slot_types.begin(), view.slot_types.end());
    frame.names.insert(frame.names.end(), view.slot_names.begin(), view.slot_names.end());
    for (uint32_t i = 0; i < call.inputs.size(); ++i) out.push_back(let_step(base + i, call.inputs[i], call.span));
    Pipeline moved = alternative;
    move_slots(moved, base);
    for (Step& step : moved.steps) out.push_back(std::move(step));
    for (size_t i = 0; i < call.args.size(); ++i) {
      const Arg& arg = call.args[i];
      if (arg.mode == Arg::Mode::kBind) out.push_back(let_step(arg.slot, moved.emit[i], call.span));
      if (arg.mode == Arg::Mode::kMatch) {
        out.push_back(filter_step(equal_expr(moved.emit[i], arg.expr, call.span), call.span));
      }
    }
  }

  static void move_slots(Pipeline& pipeline, uint32_t base) {
    each_plan_root(pipeline, [&](Expr& root) {
      each_node(root, [&](Expr& node) {
        if (node.op == Op::kSlot) node.n += base;
      });
    });
    each_step(pipeline, [&](Step& step) {
      for (Arg& arg : step.args) {
        if (arg.mode == Arg::Mode::kBind) arg.slot += base;
      }
      if (binds_slot(step.op)) step.slot += base;
    });
  }

  /// Keeps the views that some pipeline still calls, and numbers them anew.
  void drop_uncalled() {
    std::vector<bool> called(plan_.views.size());
    std::vector<uint32_t> open;
    auto call = [&](const Step& step) {
      if (step.op != StepOp::kCall || called[step.view]) return;
      called[step.view] = true;
      open.push_back(step.view);
    };
    std::vector<View> views = std::move(plan_.views);
    plan_.views.clear();
    each_pipeline(plan_, [&](const Pipeline& pipeline) { each_step(pipeline, call); });
    while (!open.empty()) {
      uint32_t view = open.back();
      open.pop_back();
      for (const Pipeline& alternative : views[view].alternatives) each_step(alternative, call);
    }
    std::vector<uint32_t> number(views.size());
    for (size_t v = 0; v < views.size(); ++v) {
      number[v] = static_cast<uint32_t>(plan_.views.size());
      if (called[v]) plan_.views.push_back(std::move(views[v]));
    }
    each_pipeline(plan_, [&](Pipeline& pipeline) {
      each_step(pipeline, [&](Step& step) {
        if (step.op == StepOp::kCall) step.view = number[step.view];
      });
    });
  }

  Plan& plan_;
  std::vector<bool> done_;  // by view
  size_t size_ = 0;         // steps of the pipeline that is being filled
};

}  // namespace

void inline_views(Plan& plan) { Inliner(plan).run(); }

}  // namespace lictor
