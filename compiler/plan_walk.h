// Walking a plan: pipelines, steps and expressions, each once and always in the same order.
#pragma once

#include <optional>

#include "compiler/core_walk.h"
#include "compiler/plan.h"

namespace lictor {

/// Does a step of this kind have a value in `expr`?
bool uses_expr(StepOp op);

/// Does a step of this kind bind `slot`?
inline bool binds_slot(StepOp op) { return op == StepOp::kLet || op == StepOp::kSome || op == StepOp::kLookup; }

/// `fn` on the step's own whole expressions, in order of evaluation; those of nested pipelines are left out.
template <class S, class Fn>
void each_own_root(S& step, Fn&& fn) {
  for (auto& input : step.inputs) fn(input);
  for (auto& arg : step.args) {
    if (arg.mode == Arg::Mode::kMatch) fn(arg.expr);
  }
  if (uses_expr(step.op)) fn(step.expr);
}

/// `fn` on every step, outer before inner.
template <class P, class Fn>
void each_step(P& pipeline, Fn&& fn) {
  for (auto& step : pipeline.steps) {
    fn(step);
    for (auto& body : step.bodies) each_step(body, fn);
  }
}

/// `fn` on every whole expression of the pipeline, nested ones and `emit` included, from left to right.
template <class P, class Fn>
void each_plan_root(P& pipeline, Fn&& fn) {
  for (auto& step : pipeline.steps) {
    each_own_root(step, fn);
    for (auto& body : step.bodies) each_plan_root(body, fn);
    for (auto& expr : step.tuple) fn(expr);
  }
  for (auto& expr : pipeline.emit) fn(expr);
}

/// The slots that a step itself binds for the steps to its right.
template <class Fn>
void each_bound_slot(const Step& step, Fn&& fn) {
  for (const Arg& arg : step.args) {
    if (arg.mode == Arg::Mode::kBind) fn(arg.slot);
  }
  if (binds_slot(step.op)) fn(step.slot);
}

/// `fn` on every pipeline that is not nested in another: of rules, views and clause groups.
template <class P, class Fn>
void each_pipeline(P& plan, Fn&& fn) {
  for (auto* strata : {&plan.strata, &plan.request_strata}) {
    for (auto& stratum : *strata) {
      for (auto& rule : stratum.rules) {
        fn(rule.pipeline);
        for (auto& delta : rule.deltas) fn(delta);
      }
    }
  }
  for (auto& view : plan.views) {
    for (auto& alternative : view.alternatives) fn(alternative);
  }
  for (auto& decision : plan.decisions) {
    for (auto& group : decision.groups) fn(group.pipeline);
  }
}

/// Can an operation of the expression err where its operands are out of the range that guards to the left leave them?
/// Such an expression may not move to the left of anything.
bool is_guarded(const Expr& expr);

/// Can this step, or one nested in it, err, or does it read a relation that can?
bool can_err(const Plan& plan, const Step& step);
bool can_err(const Plan& plan, const Pipeline& pipeline);

/// Places that read new rows, in called views too. REQUIRES: calls end.
size_t deltas_in(const Plan& plan, const Pipeline& pipeline);

/// Are the rows of the relation told apart by these columns (ascending), whatever the facts are?
bool is_unique(const RelationDecl& relation, const std::vector<uint32_t>& columns);
/// The columns that the scan's arguments match, ascending.
std::vector<uint32_t> matched_columns(const Step& step);
/// Does the step hold at most once, whatever the facts are?
bool is_single(const Plan& plan, const Step& step);

/// Which word behind the fields of its request has the row that `field` names in `index` (kNoIndex: in its entity's
/// attributes); counted with the fields. Nothing where no such row is bound.
std::optional<uint32_t> bound_word(const Plan& plan, const DecisionPlan& decision, uint32_t field, uint32_t index);

/// The indexes of one column over facts that the decision's own groups look into while they run, ascending.
std::vector<uint32_t> one_column_indexes(const Plan& plan, const DecisionPlan& decision);

/// Where clauses stand that are asked together: those of one place make a level. Ascending is the order of deciding: by
/// rank, tier and outcome; what is only observed comes last. `erred`: where a deny or require stands that erred.
uint64_t place_of(const ClauseGroup& group);
uint64_t place_of(const DecisionPlan& decision, uint32_t clause, bool erred);
/// The rank of a place: 0 override, 1 plain, 2 observed.
inline uint32_t rank_of(uint64_t place) { return static_cast<uint32_t>(place >> 40); }
/// Does a require at this place keep the denies of its rank from being asked (`permit_overrides`)?
bool passes_denies(const ClauseGroup& group);

/// Expressions that passes make. A slot's expression has the slot's type.
Expr slot_expr(uint32_t slot, TypeId type, Span span);
Expr equal_expr(Expr a, Expr b, Span span);
Step filter_step(Expr expr, Span span);
Step let_step(uint32_t slot, Expr expr, Span span);

}  // namespace lictor
