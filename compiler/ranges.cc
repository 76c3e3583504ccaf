// Interval arithmetic over words. Every bound is computed in 128 bits; what leaves 64 bits makes the operation one that
// can err, and its interval everything.
#include "compiler/ranges.h"

#include <algorithm>

#include "compiler/calendar.h"

namespace lictor {
namespace {

__extension__ using Wide = __int128;

struct WideInterval {
  Wide lo, hi;
  bool fits() const { return lo >= INT64_MIN && hi <= INT64_MAX; }
};

Interval narrowed(WideInterval wide) {
  if (!wide.fits()) return {};
  return {static_cast<int64_t>(wide.lo), static_cast<int64_t>(wide.hi)};
}

WideInterval corners(Wide a, Wide b, Wide c, Wide d) { return {std::min({a, b, c, d}), std::max({a, b, c, d})}; }

WideInterval product(const Interval& a, const Interval& b) {
  return corners(Wide{a.lo} * b.lo, Wide{a.lo} * b.hi, Wide{a.hi} * b.lo, Wide{a.hi} * b.hi);
}

bool holds_zero(const Interval& interval) { return interval.lo <= 0 && interval.hi >= 0; }

/// Truncating quotient by an interval without zero: extreme at the corners.
WideInterval quotient(const WideInterval& a, const Interval& b) {
  return corners(a.lo / b.lo, a.lo / b.hi, a.hi / b.lo, a.hi / b.hi);
}

/// The interval before the check that it fits, of an operation that can overflow. Rounding adds at most one.
WideInterval wide_result(Op op, const Interval& a, const Interval& b) {
  switch (op) {
    case Op::kAdd:
      return {Wide{a.lo} + b.lo, Wide{a.hi} + b.hi};
    case Op::kSub:
      return {Wide{a.lo} - b.hi, Wide{a.hi} - b.lo};
    case Op::kMul:
      return product(a, b);
    case Op::kDecMul: {
      WideInterval scaled = product(a, b);
      return {scaled.lo / kDecimalScale - 1, scaled.hi / kDecimalScale + 1};
    }
    case Op::kDiv:
      return quotient({a.lo, a.hi}, b);
    case Op::kDecDiv: {
      WideInterval exact = quotient({Wide{a.lo} * kDecimalScale, Wide{a.hi} * kDecimalScale}, b);
      return {exact.lo - 1, exact.hi + 1};
    }
    default:
      return {INT64_MIN, INT64_MAX};
  }
}

Interval join(const Interval& a, const Interval& b) { return {std::min(a.lo, b.lo), std::max(a.hi, b.hi)}; }

/// Does the optional's word need a check, because INT64_MIN means none?
bool can_be_min(const Interval& interval) { return interval.lo == INT64_MIN; }

bool is_immediate_number(TypeKind kind) {
  return kind == TypeKind::kInt || kind == TypeKind::kDecimal || kind == TypeKind::kTime || kind == TypeKind::kDuration;
}

/// Is a value of the type, where there is one, a word whose interval says something?
bool has_interval(const Schema& schema, TypeId type) {
  TypeKind kind = schema.types.kind(unwrap(schema.types, type));
  return is_immediate_number(kind) || kind == TypeKind::kClock || kind == TypeKind::kDate || kind == TypeKind::kEnum ||
         kind == TypeKind::kBool;
}

}  // namespace

Interval type_interval(const Schema& schema, TypeId id) {
  const Type& type = schema.types[id];
  switch (type.kind) {
    case TypeKind::kBool:
      return {0, 1};
    case TypeKind::kEnum:
      return {0, static_cast<int64_t>(schema.enums[type.decl].members.size()) - 1};
    case TypeKind::kClock:
      return type.ranged ? Interval{type.lo, type.hi} : Interval{0, kDay - 1};
    case TypeKind::kDate:
      return type.ranged ? Interval{type.lo, type.hi} : Interval{kFirstDay, kBehindLastDay - kDay};
    case TypeKind::kOptional:
      return type_interval(schema, type.elem);  // of the value, where there is one
    default:
      return type.ranged ? Interval{type.lo, type.hi} : Interval{};
  }
}

SlotRanges::SlotRanges(const Schema& schema, const Frame& frame) : schema_(schema) {
  slots_.reserve(frame.variables.size());
  for (const Variable& variable : frame.variables) slots_.push_back(type_interval(schema, variable.type));
}

Interval SlotRanges::of(const Expr& expr) const {
  auto arg = [&](size_t i) { return of(expr.args[i]); };
  switch (expr.op) {
    case Op::kConst: {
      const Datum& value = *expr.constant;
      bool word = !value.none && value.items.empty() && value.text.empty();
      return word ? Interval{value.n, value.n} : Interval{};
    }
    case Op::kSlot:
    case Op::kField: {
      const Interval* range = known(expr);
      return range != nullptr ? *range : type_interval(schema_, expr.type);
    }
    case Op::kAdd:
    case Op::kSub:
    case Op::kMul:
    case Op::kDecMul:
      return narrowed(wide_result(expr.op, arg(0), arg(1)));
    case Op::kDiv:
    case Op::kDecDiv: {
      Interval divisor = arg(1);
      return holds_zero(divisor) ? Interval{} : narrowed(wide_result(expr.op, arg(0), divisor));
    }
    case Op::kMod: {
      Interval divisor = arg(1);
      if (divisor.lo == INT64_MIN || holds_zero(divisor)) return {};
      int64_t most = std::max(divisor.hi, -divisor.lo) - 1;
      Interval dividend = arg(0);
      return {dividend.lo >= 0 ? 0 : -most, dividend.hi <= 0 ? 0 : most};
    }
    case Op::kNeg: {
      Interval of = arg(0);
      return narrowed({-Wide{of.hi}, -Wide{of.lo}});
    }
    case Op::kAbs: {
      Interval of = arg(0);
      Wide most = std::max(Wide{of.hi}, -Wide{of.lo});
      return narrowed({of.lo > 0 ? Wide{of.lo} : (of.hi < 0 ? -Wide{of.hi} : Wide{0}), most});
    }
    case Op::kLeast: {
      Interval a = arg(0), b = arg(1);
      return {std::min(a.lo, b.lo), std::min(a.hi, b.hi)};
    }
    case Op::kGreatest: {
      Interval a = arg(0), b = arg(1);
      return {std::max(a.lo, b.lo), std::max(a.hi, b.hi)};
    }
    case Op::kFloor:
    case Op::kCeil:
    case Op::kRound: {
      Interval of = arg(0);
      return {of.lo / kDecimalScale - 1, of.hi / kDecimalScale + 1};
    }
    case Op::kTextSize:
    case Op::kTextLength:
    case Op::kSize:
      return {0, INT64_MAX};
    case Op::kIpPrefixLength:
      return {0, 128};
    case Op::kIntToDec: {
      Interval of = arg(0);
      return narrowed({Wide{of.lo} * kDecimalScale, Wide{of.hi} * kDecimalScale});
    }
    case Op::kDecToInt: {
      Interval of = arg(0);
      return {of.lo / kDecimalScale, of.hi / kDecimalScale};
    }
    case Op::kSome:
      return arg(0);
    case Op::kCoalesce:
      return join(arg(0), arg(1));
    case Op::kIf:
      return join(arg(1), arg(2));
    default:
      return type_interval(schema_, expr.type);
  }
}

/// What is kept of a variable or of a field of the request; null for anything else.
const Interval* SlotRanges::known(const Expr& expr) const {
  if (expr.op == Op::kSlot && static_cast<size_t>(expr.n) < slots_.size()) return &slots_[static_cast<size_t>(expr.n)];
  if (expr.op != Op::kField) return nullptr;
  auto it = fields_.find(expr.n);
  return it == fields_.end() ? nullptr : &it->second;
}

Interval* SlotRanges::known(const Expr& expr) {
  if (expr.op == Op::kField) fields_.emplace(expr.n, type_interval(schema_, expr.type));
  return const_cast<Interval*>(static_cast<const SlotRanges*>(this)->known(expr));
}

void SlotRanges::narrow(const Expr& side, Interval limit) {
  Interval* range = known(side);
  if (range == nullptr) return;
  trail_.emplace_back(range, *range);
  *range = {std::max(range->lo, limit.lo), std::min(range->hi, limit.hi)};
  if (range->lo > range->hi) *range = {range->lo, range->lo};  // the guard never holds: any value does
}

void SlotRanges::compare(const Expr& test, bool holds) {
  if (test.op == Op::kNot) return compare(test.args[0], !holds);
  if (test.op == Op::kAnd && holds) {
    compare(test.args[0], true);
    compare(test.args[1], true);
    return;
  }
  bool strict = test.op == Op::kLt;
  if (test.op == Op::kEq && holds && has_interval(schema_, test.args[0].type)) {
    narrow(test.args[0], of(test.args[1]));
    narrow(test.args[1], of(test.args[0]));
  }
  if (!strict && test.op != Op::kLe) return;
  // not (a < b) is b <= a
  const Expr& low = test.args[holds ? 0 : 1];
  const Expr& high = test.args[holds ? 1 : 0];
  if (!holds) strict = !strict;
  Interval below = of(high);
  Interval above = of(low);
  int64_t step = strict ? 1 : 0;
  narrow(low, {INT64_MIN, below.hi == INT64_MIN ? INT64_MIN : below.hi - step});
  narrow(high, {above.lo == INT64_MAX ? INT64_MAX : above.lo + step, INT64_MAX});
}

void SlotRanges::learn(const Expr& test, bool holds) { compare(test, holds); }

void SlotRanges::learn(const Literal& literal) {
  switch (literal.kind) {
    case Literal::Kind::kTest:
      compare(literal.expr, true);
      break;
    case Literal::Kind::kLet:
    case Literal::Kind::kSome:
      if (literal.slot < slots_.size()) {
        Interval value = of(literal.expr);
        trail_.emplace_back(&slots_[literal.slot], slots_[literal.slot]);
        slots_[literal.slot] = {std::max(slots_[literal.slot].lo, value.lo),
                                std::min(slots_[literal.slot].hi, value.hi)};
      }
      break;
    default:
      break;
  }
}

void SlotRanges::forget(size_t checkpoint) {
  for (; trail_.size() > checkpoint; trail_.pop_back()) *trail_.back().first = trail_.back().second;
}

// ---- mark_errors ----------------------------------------------------------------------------------------------------

namespace {

/// A sum of values this small would need more than 2^31 rows to leave 64 bits; no set of facts has that many.
constexpr int64_t kSmallSummand = int64_t{1} << 31;

class ErrorMarker {
 public:
  ErrorMarker(const Schema& schema, const Frame& frame) : schema_(schema), ranges_(schema, frame) {}

  bool mark(Expr& expr) {
    bool any = false;
    if (expr.op == Op::kIf) {
      any = mark_choice(expr);
    } else {
      for (Expr& arg : expr.args) any |= mark(arg);
    }
    expr.can_err = operation_errs(expr);
    return any || expr.can_err;
  }

  /// What its literals say stays known afterwards: for the head, or for what comes next.
  bool mark(Body& body) {
    bool any = false;
    for (Literal& literal : body.literals) {
      any |= mark(literal);
      ranges_.learn(literal);
    }
    return any;
  }

 private:
  bool mark_choice(Expr& choice) {
    bool any = mark(choice.args[0]);
    for (size_t i = 1; i < 3; ++i) {
      size_t before = ranges_.checkpoint();
      ranges_.learn(choice.args[0], i == 1);
      any |= mark(choice.args[i]);
      ranges_.forget(before);
    }
    return any;
  }

  bool mark(Literal& literal) {
    bool any = mark(literal.expr);
    for (Arg& arg : literal.args) {
      if (arg.mode == Arg::Mode::kMatch) any |= mark(arg.expr);
    }
    // The second body of a forall, and an aggregate's tuple, are read where the first body holds.
    bool chained = literal.kind == Literal::Kind::kForall || literal.kind == Literal::Kind::kAggregate;
    size_t before = ranges_.checkpoint();
    for (Body& body : literal.bodies) {
      any |= mark(body);
      if (!chained) ranges_.forget(before);
    }
    for (Expr& expr : literal.tuple) any |= mark(expr);
    if (literal.kind == Literal::Kind::kAggregate) literal.expr.can_err = aggregate_errs(literal);
    ranges_.forget(before);
    return any || literal.expr.can_err;
  }

  bool aggregate_errs(const Literal& literal) const {
    if (literal.aggregate != Aggregate::kSum && literal.aggregate != Aggregate::kAvg) return false;
    Interval value = ranges_.of(literal.tuple[0]);
    return value.lo < -kSmallSummand || value.hi > kSmallSummand;
  }

  bool operation_errs(const Expr& expr) const {
    switch (expr.op) {
      case Op::kAdd:
      case Op::kSub:
      case Op::kMul:
      case Op::kDecMul:
        return !wide_result(expr.op, ranges_.of(expr.args[0]), ranges_.of(expr.args[1])).fits();
      case Op::kDiv:
      case Op::kDecDiv: {
        Interval divisor = ranges_.of(expr.args[1]);
        return holds_zero(divisor) || !wide_result(expr.op, ranges_.of(expr.args[0]), divisor).fits();
      }
      case Op::kMod:
        return holds_zero(ranges_.of(expr.args[1]));
      case Op::kAbs:
      case Op::kNeg:
        return ranges_.of(expr.args[0]).lo == INT64_MIN;
      case Op::kIntToDec: {
        Interval value = ranges_.of(expr.args[0]);
        return value.lo < INT64_MIN / kDecimalScale || value.hi > INT64_MAX / kDecimalScale;
      }
      case Op::kDecToInt: {
        Interval value = ranges_.of(expr.args[0]);
        return value.lo != value.hi || value.lo % kDecimalScale != 0;
      }
      case Op::kFloatAdd:
      case Op::kFloatSub:
      case Op::kFloatMul:
      case Op::kFloatDiv:
      case Op::kFloatToDec:
      case Op::kCivil:  // the zone, or the year
        return true;
      case Op::kSome:
        return is_immediate_number(schema_.types.kind(expr.args[0].type)) && can_be_min(ranges_.of(expr.args[0]));
      case Op::kGranted:
      case Op::kOnly:
        return true;
      default:
        return false;
    }
  }

  const Schema& schema_;
  SlotRanges ranges_;
};

bool mark_all(ErrorMarker& marker, std::vector<Application>& applications) {
  bool any = false;
  for (Application& application : applications) {
    for (Expr& arg : application.args) any |= marker.mark(arg);
  }
  return any;
}

}  // namespace

void mark_errors(Program& program) {
  for (Rule& rule : program.rules) {
    ErrorMarker marker(program.schema, rule.frame);
    marker.mark(rule.body);
    for (Expr& arg : rule.args) marker.mark(arg);
  }
  auto mark_decision = [&](Decision& decision) {
    for (Clause& clause : decision.clauses) {
      ErrorMarker marker(program.schema, clause.frame);
      bool any = marker.mark(clause.body);
      any |= marker.mark(clause.message);
      any |= mark_all(marker, clause.requirements);
      any |= mark_all(marker, clause.meanwhile);
      any |= mark_all(marker, clause.then);
      clause.can_err = any;
    }
    ErrorMarker marker(program.schema, Frame{});
    marker.mark(decision.default_message);
    mark_all(marker, decision.default_requirements);
    mark_all(marker, decision.default_then);
  };
  for (Decision& decision : program.decisions) mark_decision(decision);
  for (Decision& probe : program.probes) mark_decision(probe);
}

void check_value_range(CheckContext& context, const SlotRanges& ranges, const Expr& value, TypeId id) {
  if (value.type == kErrorType || value.op == Op::kConst) return;  // constants were checked where they stand
  const Type type = context.types()[unwrap(context.types(), id)];
  if (!type.ranged) {
    // A set of any ints is no set<int 1..4>.
    TypeId target = unwrap(context.types(), id);
    TypeId found = unwrap(context.types(), value.type);
    if (context.types()[found].ranged || join_types(context.types(), target, found) == target) return;
    context.report(Diag::kMayLeaveRange, value.span).arg(type_name(context.schema(), target));
    return;
  }
  Interval interval = ranges.of(value);
  if (interval.lo >= type.lo && interval.hi <= type.hi) return;
  context.report(Diag::kMayLeaveRange, value.span).arg(type_name(context.schema(), unwrap(context.types(), id)));
}

}  // namespace lictor
