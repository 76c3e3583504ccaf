// From left to right: a `let` of a constant, a variable or a request field is put where it is read; what is then constant
// is computed. Steps keep their places; drop_dead removes what became pointless.
#include <optional>

#include "compiler/fold.h"
#include "compiler/passes/passes.h"
#include "compiler/plan_walk.h"

namespace lictor {
namespace {

class Folder {
 public:
  explicit Folder(const Schema& schema) : schema_(schema) {}

  void pipeline(Pipeline& pipeline) {
    for (Step& step : pipeline.steps) this->step(step);
    for (Expr& expr : pipeline.emit) root(expr);
  }

 private:
  void step(Step& step) {
    each_own_root(step, [this](Expr& expr) { root(expr); });
    for (Pipeline& body : step.bodies) pipeline(body);
    for (Expr& expr : step.tuple) root(expr);
    if (step.op == StepOp::kSome) resolve_some(step);
    if (step.op == StepOp::kLet && is_cheap(step.expr)) remember(step.slot, step.expr);
  }

  /// Worth computing anew at each use.
  static bool is_cheap(const Expr& expr) {
    return expr.op == Op::kConst || expr.op == Op::kSlot || expr.op == Op::kField || expr.op == Op::kNow;
  }

  void remember(uint32_t slot, const Expr& expr) {
    if (slot >= known_.size()) known_.resize(slot + 1);
    known_[slot] = expr;
    any_known_ = true;
  }

  void root(Expr& expr) {
    if (any_known_) substitute(expr);
    fold(schema_, expr);
  }

  void substitute(Expr& expr) {
    for (Expr& arg : expr.args) substitute(arg);
    if (expr.op != Op::kSlot) return;
    auto slot = static_cast<size_t>(expr.n);
    if (slot >= known_.size() || !known_[slot]) return;
    Span span = expr.span;
    expr = *known_[slot];
    expr.span = span;
  }

  void resolve_some(Step& step) {
    if (is_constant(step.expr)) {
      if (step.expr.constant->none) {
        remember(step.slot, step.expr);  // what reads it is never reached, but must not read a slot that nobody binds
        step = filter_step(bool_expr(false, step.span), step.span);
        return;
      }
      Datum value = *step.expr.constant;
      const Type& type = schema_.types[value.type];
      if (type.kind == TypeKind::kOptional) value.type = type.elem;
      step.expr.type = value.type;
      step.expr.constant = std::make_shared<const Datum>(std::move(value));
      step.op = StepOp::kLet;
    } else if (step.expr.op == Op::kSome && !step.expr.can_err) {
      step.expr = Expr(std::move(step.expr.args[0]));
      step.op = StepOp::kLet;
    }
  }

  const Schema& schema_;
  std::vector<std::optional<Expr>> known_;  // by slot
  bool any_known_ = false;
};

}  // namespace

void fold_constants(Plan& plan) {
  each_pipeline(plan, [&](Pipeline& pipeline) { Folder(plan.schema).pipeline(pipeline); });
}

}  // namespace lictor
