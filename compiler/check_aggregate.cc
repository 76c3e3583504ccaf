// Aggregates: over the distinct tuples of the variables before the colon, which are the aggregate's own.
#include <algorithm>

#include "compiler/checker.h"
#include "compiler/core_walk.h"

namespace lictor {
namespace {

constexpr std::pair<std::string_view, Aggregate> kAggregates[] = {
    {"count", Aggregate::kCount},    {"sum", Aggregate::kSum}, {"min", Aggregate::kMin},
    {"max", Aggregate::kMax},        {"avg", Aggregate::kAvg}, {"percentile", Aggregate::kPercentile},
    {"collect", Aggregate::kCollect}};

bool is_number(TypeKind kind) {
  return kind == TypeKind::kInt || kind == TypeKind::kDecimal || kind == TypeKind::kDuration ||
         kind == TypeKind::kFloat;
}

}  // namespace

/// The type of the result, or kErrorType after a report.
TypeId Checker::aggregate_result(const ast::Expr& expr, Aggregate kind, const Expr& value) {
  if (kind == Aggregate::kCount) return kIntType;
  if (value.type == kErrorType) return kErrorType;
  TypeTable& types = cx_.types();
  if (kind != Aggregate::kCollect && !resolved(value)) return kErrorType;
  TypeKind of = types.kind(value.type);
  switch (kind) {
    case Aggregate::kSum:
      if (is_number(of)) return types.strip_range(value.type);
      break;
    case Aggregate::kAvg:
      if (is_number(of))
        return of == TypeKind::kDuration || of == TypeKind::kFloat ? types.strip_range(value.type) : kDecimalType;
      break;
    case Aggregate::kCollect:
      if (value.type == kNoneType || of == TypeKind::kOptional) {
        resolved(value);
        return kErrorType;
      }
      if (!comparable(value.type, value.span, "an element of a set")) return kErrorType;
      return types.set_of(value.type);
    default:
      if (is_ordered(cx_.schema(), value.type)) return value.type;
  }
  cx_.report(Diag::kNoOperator, value.span).arg(expr.text).arg("`" + type_name(cx_.schema(), value.type) + "`");
  return kErrorType;
}

int64_t Checker::percentile_share(const ast::Expr& expr) {
  if (expr.param.empty()) return 0;
  std::optional<Datum> share = check_constant(cx_, module_, expr.param[0], kDecimalType);
  if (!share) return 0;
  if (share->n > 0 && share->n <= kDecimalScale) return share->n;
  cx_.report(Diag::kOutOfRange, expr.param[0].span).arg(show(cx_.schema(), *share)).arg("0%..100%, 0 left out");
  return 0;
}

void Checker::aggregate(const ast::Expr& expr, Arg target, std::vector<Literal>& out) {
  Literal made;
  made.kind = Literal::Kind::kAggregate;
  made.span = expr.span;
  made.expr.span = expr.span;
  for (auto [name, kind] : kAggregates) {
    if (name == expr.text) made.aggregate = kind;
  }
  made.percentile = made.aggregate == Aggregate::kPercentile ? percentile_share(expr) : 0;
  made.bodies.resize(1);

  Level level;
  level.parent = level_;
  for (const ast::Expr& value : expr.args) {
    bool word = value.kind == ast::ExprKind::kName && reader.is_variable(value.text);
    if (word && level.locals.count(value.text) == 0) {
      level.locals[value.text] = {new_slot(value.text, kErrorType, value.span), false};
    }
    NameList names;
    reader.of_expr(value, names);
    for (std::string_view name : names) ++level.uses[name];
  }
  Level* outer = level_;
  std::vector<Literal>* outer_hoist = hoist_;
  size_t known = narrowed_.size();
  check_level(expr.body, level, made.bodies[0].literals);
  level_ = &level;
  hoist_ = &made.bodies[0].literals;
  for (const ast::Expr& value : expr.args) made.tuple.push_back(this->expr(value, kErrorType));
  level_ = outer;
  hoist_ = outer_hoist;
  forget(known);

  if (made.tuple.empty()) return;
  count_events(made, expr.span);
  made.result = aggregate_result(expr, made.aggregate, made.tuple[0]);
  if (target.mode == Arg::Mode::kBind) frame.variables[target.slot].type = made.result;
  if (target.mode == Arg::Mode::kMatch) target.expr = coerce(cx_, std::move(target.expr), made.result);
  made.args.push_back(std::move(target));
  out.push_back(std::move(made));
}

/// Each event counts once, however alike two are: its number becomes a part of the tuple.
void Checker::count_events(Literal& aggregate, Span span) {
  for (Literal& literal : aggregate.bodies[0].literals) {
    if (literal.kind == Literal::Kind::kOr) {
      bool events = false;
      for (const Body& body : literal.bodies) {
        each_literal_in(body, [&](const Literal& inner) {
          events = events || (inner.kind == Literal::Kind::kAtom && cx_.schema().relations[inner.relation].is_event);
        });
      }
      if (events) not_supported(literal.span, "an event inside of `or` in an aggregate");
    }
    if (literal.kind != Literal::Kind::kAtom || !cx_.schema().relations[literal.relation].is_event) continue;
    Arg& number = literal.args[cx_.schema().relations[literal.relation].event_number()];
    number.mode = Arg::Mode::kBind;
    number.slot = invent(kIntType, span);
    aggregate.tuple.push_back(slot_expr(number.slot, span));
  }
}

/// An aggregate inside of an expression: computed by a literal of its own directly before.
Expr Checker::hoisted_aggregate(const ast::Expr& expr) {
  if (hoist_ == nullptr)
    return not_supported(expr.span, constants_ ? "an aggregate in a constant" : "an aggregate here");
  Arg target;
  target.mode = Arg::Mode::kBind;
  target.slot = invent(kErrorType, expr.span);
  uint32_t slot = target.slot;
  aggregate(expr, std::move(target), *hoist_);
  return slot_expr(slot, expr.span);
}

}  // namespace lictor
