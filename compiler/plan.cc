// The plan's tables and the questions about steps that passes, the printer and the verifier share.
#include "compiler/plan.h"

#include <set>

#include <algorithm>

#include "compiler/plan_walk.h"

namespace lictor {
namespace {

constexpr const char* kStepNames[] = {
#define LICTOR_STEP(id, name, doc) name,
#include "compiler/plan.def"
#undef LICTOR_STEP
};

bool reads_erring(const Plan& plan, const Step& step) {
  return step.op == StepOp::kScan && step.relation < plan.erring.size() && plan.erring[step.relation];
}

bool is_arithmetic(const Expr& expr) { return info(expr.op).errs && expr.op != Op::kSome; }

}  // namespace

const char* name(StepOp op) { return kStepNames[static_cast<size_t>(op)]; }

bool is_immediate(const Schema& schema, const Datum& value) {
  if (value.none) return true;
  TypeId type = value.type;
  if (schema.types.kind(type) == TypeKind::kOptional) type = schema.types[type].elem;
  switch (schema.types.kind(type)) {
    case TypeKind::kNone:
    case TypeKind::kBool:
    case TypeKind::kInt:
    case TypeKind::kDecimal:
    case TypeKind::kFloat:
    case TypeKind::kTime:
    case TypeKind::kDuration:
    case TypeKind::kClock:
    case TypeKind::kDate:
    case TypeKind::kEnum:
      return true;
    default:
      return false;
  }
}

bool uses_expr(StepOp op) {
  switch (op) {
    case StepOp::kMember:
    case StepOp::kContainers:
    case StepOp::kMembers:
    case StepOp::kFilter:
    case StepOp::kLet:
    case StepOp::kSome:
      return true;
    default:
      return false;
  }
}

bool is_guarded(const Expr& expr) { return any_node(expr, is_arithmetic); }

bool can_err(const Plan& plan, const Step& step) {
  if (step.can_err || reads_erring(plan, step)) return true;
  bool found = false;
  each_own_root(step, [&](const Expr& expr) { found = found || errs(expr); });
  for (const Expr& expr : step.tuple) found = found || errs(expr);
  if (found) return true;
  if (step.op == StepOp::kCall) {
    const View& view = plan.views[step.view];
    return std::any_of(view.alternatives.begin(), view.alternatives.end(), [](const Pipeline& p) { return p.can_err; });
  }
  for (const Pipeline& body : step.bodies) {
    if (can_err(plan, body)) return true;
  }
  return false;
}

bool can_err(const Plan& plan, const Pipeline& pipeline) {
  for (const Step& step : pipeline.steps) {
    if (can_err(plan, step)) return true;
  }
  return std::any_of(pipeline.emit.begin(), pipeline.emit.end(), [](const Expr& expr) { return errs(expr); });
}

size_t deltas_in(const Plan& plan, const Pipeline& pipeline) {
  size_t count = 0;
  each_step(pipeline, [&](const Step& step) {
    count += step.op == StepOp::kScan && step.delta ? 1 : 0;
    if (step.op != StepOp::kCall || step.view >= plan.views.size()) return;
    for (const Pipeline& alternative : plan.views[step.view].alternatives) count += deltas_in(plan, alternative);
  });
  return count;
}

bool is_unique(const RelationDecl& relation, const std::vector<uint32_t>& columns) {
  if (columns.size() == relation.columns.size()) return true;
  // rules may derive rows of equal keys: only base relations have their key checked
  if (relation.derived || relation.key.empty()) return false;
  return std::all_of(relation.key.begin(), relation.key.end(),
                     [&](uint32_t column) { return std::binary_search(columns.begin(), columns.end(), column); });
}

std::vector<uint32_t> matched_columns(const Step& step) {
  std::vector<uint32_t> columns;
  for (uint32_t i = 0; i < step.args.size(); ++i) {
    if (step.args[i].mode == Arg::Mode::kMatch) columns.push_back(i);
  }
  return columns;
}

std::optional<uint32_t> bound_word(const Plan& plan, const DecisionPlan& decision, uint32_t field, uint32_t index) {
  auto found = std::find(decision.bound_rows.begin(), decision.bound_rows.end(), BoundRow{field, index});
  if (found == decision.bound_rows.end()) return std::nullopt;
  size_t fields = plan.schema.requests[decision.decision.request].fields.size();
  return static_cast<uint32_t>(fields + static_cast<size_t>(found - decision.bound_rows.begin()));
}

std::vector<uint32_t> one_column_indexes(const Plan& plan, const DecisionPlan& decision) {
  std::set<uint32_t> out;
  for (const ClauseGroup& group : decision.groups) {
    each_step(group.pipeline, [&](const Step& step) {
      if (step.op != StepOp::kScan || step.index == kNoIndex) return;
      const Index& index = plan.indexes[step.index];
      bool on_request = plan.schema.relations[step.relation].time == BindingTime::kRequest;
      if (on_request || index.columns.size() != 1) return;
      const Expr& key = step.args[index.columns[0]].expr;
      bool bound = key.op == Op::kField && bound_word(plan, decision, static_cast<uint32_t>(key.n), step.index);
      if (!bound) out.insert(step.index);
    });
  }
  return {out.begin(), out.end()};
}

bool is_single(const Plan& plan, const Step& step) {
  switch (step.op) {
    case StepOp::kFilter:
    case StepOp::kLet:
    case StepOp::kSome:
    case StepOp::kAny:
    case StepOp::kLookup:
    case StepOp::kAggregate:
      return true;
    case StepOp::kScan:
      return is_unique(plan.schema.relations[step.relation], matched_columns(step));
    case StepOp::kInstances:
      return step.args[0].mode == Arg::Mode::kMatch;
    case StepOp::kCall: {
      const View& view = plan.views[step.view];
      return view.alternatives.empty() || (view.alternatives.size() == 1 && view.alternatives[0].single);
    }
    case StepOp::kMember:
    case StepOp::kContainers:
    case StepOp::kMembers:
      return false;
  }
  return false;
}

namespace {

uint64_t place(uint32_t rank, uint32_t tier, ast::Outcome outcome, bool allow_first) {
  uint64_t turn = outcome == ast::Outcome::kDeny ? 0 : outcome == ast::Outcome::kRequire ? 1 : 2;
  return uint64_t{rank} << 40 | uint64_t{tier} << 2 | (allow_first ? 2 - turn : turn);
}

}  // namespace

uint64_t place_of(const ClauseGroup& group) {
  return place(group.observed ? 2 : group.is_override ? 0 : 1, group.tier, group.outcome, group.allow_first);
}

uint64_t place_of(const DecisionPlan& decision, uint32_t clause, bool erred) {
  const ClausePlan& plan = decision.clauses[clause];
  uint32_t rank = plan.mode != Mode::kEnforce ? 2 : plan.clause.is_override ? 0 : 1;
  ast::Outcome outcome = erred ? ast::Outcome::kDeny : plan.clause.outcome;
  bool alone = decision.decision.combining == Combining::kFirstApplicable;  // groups have runs of clauses for a tier
  return place(rank, alone ? clause : plan.tier, outcome, decision.decision.combining == Combining::kPermitOverrides);
}

bool passes_denies(const ClauseGroup& group) { return group.allow_first && group.outcome == ast::Outcome::kRequire; }

Expr slot_expr(uint32_t slot, TypeId type, Span span) {
  Expr expr;
  expr.op = Op::kSlot;
  expr.type = type;
  expr.span = span;
  expr.n = slot;
  return expr;
}

Expr equal_expr(Expr a, Expr b, Span span) {
  Expr expr;
  expr.op = Op::kEq;
  expr.type = kBoolType;
  expr.span = span;
  expr.args.push_back(std::move(a));
  expr.args.push_back(std::move(b));
  return expr;
}

Step filter_step(Expr expr, Span span) {
  Step step;
  step.op = StepOp::kFilter;
  step.span = span;
  step.expr = std::move(expr);
  return step;
}

Step let_step(uint32_t slot, Expr expr, Span span) {
  Step step;
  step.op = StepOp::kLet;
  step.span = span;
  step.slot = slot;
  step.expr = std::move(expr);
  return step;
}

}  // namespace lictor
