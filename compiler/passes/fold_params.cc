// Canonical rules and clauses keep their form, so that proofs can show it; only each parameter becomes its value. All uses
// of a parameter share one constant.
#include <memory>

#include "compiler/arith.h"
#include "compiler/core_walk.h"
#include "compiler/fold.h"
#include "compiler/passes/passes.h"

namespace lictor {
namespace {

class FoldParams {
 public:
  explicit FoldParams(Plan& plan) : plan_(plan) {
    for (const Datum& value : plan.params) values_.push_back(std::make_shared<const Datum>(value));
  }

  void run() {
    auto fold = [this](Expr& expr) { fold_expr(expr); };
    for (Rule& rule : plan_.rules) each_root_of_rule(rule, fold);
    for (Invariant& invariant : plan_.invariants) fold_expr(invariant.message);
    for (DecisionPlan& decision : plan_.decisions) {
      each_root_of_default(decision.decision, fold);
      for (ClausePlan& clause : decision.clauses) fold_clause(clause.clause);
    }
  }

 private:
  void fold_expr(Expr& expr) {
    for (Expr& arg : expr.args) fold_expr(arg);
    if (expr.op == Op::kParam) {
      expr.constant = values_[static_cast<size_t>(expr.n)];
      expr.op = Op::kConst;
    }
    if (expr.op == Op::kConst) expr.n = word_of(plan_.schema, *expr.constant);
    if (expr.can_err && cannot_err(expr)) expr.can_err = false;
  }

  void fold_clause(Clause& clause) {
    for (Expr& mode : clause.mode) fold_expr(mode);
    bool can_err = false;
    each_root_of_clause(clause, [&](Expr& expr) {
      fold_expr(expr);
      can_err = can_err || errs(expr);
    });
    each_literal_in(clause.body, [&](const Literal& literal) {
      can_err = can_err || (literal.kind == Literal::Kind::kAggregate && literal.expr.can_err);
    });
    clause.can_err = can_err;
  }

  Plan& plan_;
  std::vector<std::shared_ptr<const Datum>> values_;
};

}  // namespace

void fold_params(Plan& plan) { FoldParams(plan).run(); }

}  // namespace lictor
