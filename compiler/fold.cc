// Constant folding, operation by operation. Arithmetic is that of arith.h; where it errs, the expression stays.
#include "compiler/fold.h"

#include <algorithm>
#include <optional>

#include "compiler/arith.h"
#include "compiler/check.h"
#include "compiler/ip_text.h"
#include "compiler/pattern.h"
#include "compiler/plan.h"

namespace lictor {
namespace {

using arith::Checked;

Checked arithmetic(Op op, int64_t a, int64_t b) {
  switch (op) {
    case Op::kAdd:
      return arith::add(a, b);
    case Op::kSub:
      return arith::sub(a, b);
    case Op::kMul:
      return arith::mul(a, b);
    case Op::kDiv:
      return arith::div(a, b);
    case Op::kMod:
      return arith::mod(a, b);
    case Op::kNeg:
      return arith::neg(a);
    case Op::kDecMul:
      return arith::dec_mul(a, b);
    case Op::kDecDiv:
      return arith::dec_div(a, b);
    case Op::kIntToDec:
      return arith::int_to_dec(a);
    case Op::kDecToInt:
      return arith::dec_to_int(a);
    default:
      return arith::fail(EvalErrorKind::kOverflow);
  }
}

bool is_arithmetic(Op op) { return info(op).errs && op != Op::kSome && op != Op::kGranted && op != Op::kOnly; }

const Datum& constant_of(const Expr& expr, size_t arg) { return *expr.args[arg].constant; }

Datum word_datum(TypeId type, int64_t word) {
  Datum value;
  value.type = type;
  value.n = word;
  return value;
}

Datum none_of(TypeId type) {
  Datum value;
  value.type = type;
  value.none = true;
  return value;
}

Datum text_datum(TypeId type, std::string text) {
  Datum value;
  value.type = type;
  value.text = std::move(text);
  return value;
}

bool has_item(const Datum& collection, const Datum& item, size_t stride) {
  for (size_t i = 0; i < collection.items.size(); i += stride) {
    if (same_value(collection.items[i], item)) return true;
  }
  return false;
}

Datum map_get(const Expr& expr) {
  const Datum& map = constant_of(expr, 0);
  for (size_t i = 0; i + 1 < map.items.size(); i += 2) {
    if (!same_value(map.items[i], constant_of(expr, 1))) continue;
    Datum value = map.items[i + 1];
    value.type = expr.type;
    return value;
  }
  return none_of(expr.type);
}

Datum collection(const Schema& schema, const Expr& expr) {
  Datum value = word_datum(expr.type, 0);
  for (const Expr& arg : expr.args) value.items.push_back(*arg.constant);
  normalize(schema, value);
  return value;
}

/// The value of an operation on constants, or nothing where it errs or is not known at compile time.
std::optional<Datum> compute(const Schema& schema, const Expr& expr) {
  auto boolean = [](bool value) { return word_datum(kBoolType, value ? 1 : 0); };
  auto at = [&](size_t i) -> const Datum& { return constant_of(expr, i); };
  if (expr.op == Op::kCivil) return std::nullopt;  // what a zone says is asked when a decision is made
  if (is_arithmetic(expr.op)) {
    Checked result = arithmetic(expr.op, at(0).n, expr.args.size() > 1 ? at(1).n : 0);
    if (!result.ok()) return std::nullopt;
    return word_datum(expr.type, result.value);
  }
  switch (expr.op) {
    case Op::kSome: {
      if (!at(0).none && is_immediate(schema, at(0)) && at(0).n == kNoneWord) return std::nullopt;
      Datum value = at(0);
      value.type = expr.type;
      return value;
    }
    case Op::kEq:
      return boolean(same_value(at(0), at(1)));
    case Op::kNe:
      return boolean(!same_value(at(0), at(1)));
    case Op::kLt:
      return boolean(at(0).n < at(1).n);
    case Op::kLe:
      return boolean(at(0).n <= at(1).n);
    case Op::kTextLt:
      return boolean(at(0).text < at(1).text);
    case Op::kTextLe:
      return boolean(at(0).text <= at(1).text);
    case Op::kNot:
      return boolean(at(0).n == 0);
    case Op::kHas:
      return boolean(!at(0).none);
    case Op::kInSet:
    case Op::kInList:
      return boolean(has_item(at(1), at(0), 1));
    case Op::kInMap:
      return boolean(has_item(at(1), at(0), 2));
    case Op::kMapGet:
    case Op::kMapGetTotal:
      return map_get(expr);
    case Op::kSize: {
      bool map = schema.types.kind(expr.args[0].type) == TypeKind::kMap;
      return word_datum(expr.type, static_cast<int64_t>(at(0).items.size() / (map ? 2 : 1)));
    }
    case Op::kMakeSet:
    case Op::kMakeList:
    case Op::kMakeMap:
    case Op::kMakeRecord:
      return collection(schema, expr);
    case Op::kRecordField: {
      if (at(0).none) return none_of(expr.type);
      Datum value = at(0).items[static_cast<size_t>(expr.n)];
      value.type = expr.type;
      return value;
    }
    case Op::kIs:
      return boolean(entity_of(schema, at(0)) == static_cast<uint32_t>(expr.n));
    case Op::kAs:
      return as_type(schema, at(0), expr.type);
    case Op::kText: {
      std::string text;
      for (const Expr& arg : expr.args) text += show(schema, *arg.constant);
      return text_datum(expr.type, std::move(text));
    }
    case Op::kEntityId:
      return text_datum(expr.type, at(0).text);
    case Op::kTextSize:
      return word_datum(expr.type, static_cast<int64_t>(at(0).text.size()));
    case Op::kStartsWith:
      return boolean(at(0).text.starts_with(at(1).text));
    case Op::kEndsWith:
      return boolean(at(0).text.ends_with(at(1).text));
    case Op::kIpIn:
      return boolean(ip_contains(at(1).text, at(0).text));
    case Op::kMatchGlob:
      return boolean(glob_matches(at(1).text, at(0).text));
    case Op::kMatchRegex:
      return boolean(regex_matches(at(1).text, at(0).text));
    case Op::kContains:
      return boolean(at(0).text.find(at(1).text) != std::string::npos);
    default:
      return std::nullopt;  // attributes and memberships of entities are known with the facts
  }
}

void become(Expr& expr, Expr other) {
  TypeId type = expr.type;
  expr = std::move(other);
  expr.type = type;
}

void become_constant(const Schema& schema, Expr& expr, Datum value) {
  Expr out;
  out.op = Op::kConst;
  out.type = expr.type;
  out.span = expr.span;
  out.n = word_of(schema, value);
  out.constant = std::make_shared<const Datum>(std::move(value));
  expr = std::move(out);
}

void become_not(Expr& expr, Expr of) {
  Expr out;
  out.op = Op::kNot;
  out.type = kBoolType;
  out.span = expr.span;
  out.args.push_back(std::move(of));
  expr = std::move(out);
}

/// Lazy operations whose first operand is known, and boolean ones whose second is.
void simplify_logic(const Schema& schema, Expr& expr) {
  bool conjunction = expr.op == Op::kAnd;
  if (is_constant(expr.args[0])) {
    bool decided = conjunction ? is_false(expr.args[0]) : is_true(expr.args[0]);
    return become(expr, Expr(std::move(expr.args[decided ? 0 : 1])));
  }
  if (!is_constant(expr.args[1])) return;
  bool neutral = conjunction ? is_true(expr.args[1]) : is_false(expr.args[1]);
  if (neutral) return become(expr, Expr(std::move(expr.args[0])));
  if (!errs(expr.args[0])) become_constant(schema, expr, word_datum(kBoolType, conjunction ? 0 : 1));
}

void simplify_if(Expr& expr) {
  if (is_constant(expr.args[0])) return become(expr, Expr(std::move(expr.args[is_true(expr.args[0]) ? 1 : 2])));
  if (expr.type != kBoolType) return;
  if (is_true(expr.args[1]) && is_false(expr.args[2])) return become(expr, Expr(std::move(expr.args[0])));
  if (is_false(expr.args[1]) && is_true(expr.args[2])) become_not(expr, Expr(std::move(expr.args[0])));
}

void simplify_coalesce(const Schema& schema, Expr& expr) {
  if (!is_constant(expr.args[0])) {
    bool idle = is_constant(expr.args[1]) && expr.args[1].constant->none;
    if (idle) become(expr, Expr(std::move(expr.args[0])));
    return;
  }
  if (expr.args[0].constant->none) return become(expr, Expr(std::move(expr.args[1])));
  Datum value = *expr.args[0].constant;
  value.type = expr.type;
  become_constant(schema, expr, std::move(value));
}

void simplify_not(Expr& expr) {
  Op inner = expr.args[0].op;
  if (inner == Op::kNot) return become(expr, Expr(std::move(expr.args[0].args[0])));
  if (inner != Op::kEq && inner != Op::kNe) return;
  Expr flipped = std::move(expr.args[0]);
  flipped.op = inner == Op::kEq ? Op::kNe : Op::kEq;
  become(expr, std::move(flipped));
}

/// `flag == true` is `flag`.
void simplify_equality(Expr& expr) {
  if (expr.args[0].type != kBoolType || expr.args[1].type != kBoolType) return;
  size_t constant = is_constant(expr.args[0]) ? 0 : 1;
  if (!is_constant(expr.args[constant])) return;
  bool kept = is_true(expr.args[constant]) == (expr.op == Op::kEq);
  Expr other = std::move(expr.args[1 - constant]);
  if (kept) return become(expr, std::move(other));
  become_not(expr, std::move(other));
  simplify_not(expr);
}

}  // namespace

int64_t word_of(const Schema& schema, const Datum& value) {
  if (value.none) return kNoneWord;
  return is_immediate(schema, value) ? value.n : -1;
}

bool same_value(const Datum& a, const Datum& b) {
  if (a.none || b.none) return a.none == b.none;
  return a.n == b.n && a.text == b.text && a.items.size() == b.items.size() &&
         std::equal(a.items.begin(), a.items.end(), b.items.begin(), same_value);
}

Expr none_expr(TypeId type, Span span) {
  Expr expr;
  expr.type = type;
  expr.span = span;
  expr.constant = std::make_shared<const Datum>(none_of(type));
  expr.n = kNoneWord;
  return expr;
}

Expr bool_expr(bool value, Span span) {
  Expr expr;
  expr.op = Op::kConst;
  expr.type = kBoolType;
  expr.span = span;
  expr.n = value ? 1 : 0;
  expr.constant = std::make_shared<const Datum>(word_datum(kBoolType, expr.n));
  return expr;
}

bool cannot_err(const Expr& expr) {
  if (!is_arithmetic(expr.op) || expr.args.empty()) return false;
  if (std::all_of(expr.args.begin(), expr.args.end(), is_constant)) {
    return arithmetic(expr.op, constant_of(expr, 0).n, expr.args.size() > 1 ? constant_of(expr, 1).n : 0).ok();
  }
  if (expr.args.size() != 2 || !is_constant(expr.args[1])) return false;
  int64_t b = constant_of(expr, 1).n;
  switch (expr.op) {
    case Op::kAdd:
    case Op::kSub:
      return b == 0;
    case Op::kMul:
      return b == 0 || b == 1;
    case Op::kDiv:
      return b != 0 && b != -1;
    case Op::kMod:
      return b != 0;
    case Op::kDecMul:
      return b > -kDecimalScale && b <= kDecimalScale;
    case Op::kDecDiv:
      return b < -kDecimalScale || b >= kDecimalScale;
    default:
      return false;
  }
}

void fold(const Schema& schema, Expr& expr) {
  for (Expr& arg : expr.args) fold(schema, arg);
  if (expr.can_err && cannot_err(expr)) expr.can_err = false;
  switch (expr.op) {
    case Op::kConst:
    case Op::kSlot:
    case Op::kField:
    case Op::kParam:
    case Op::kNow:
      return;
    case Op::kAnd:
    case Op::kOr:
      return simplify_logic(schema, expr);
    case Op::kIf:
      return simplify_if(expr);
    case Op::kCoalesce:
      return simplify_coalesce(schema, expr);
    default:
      break;
  }
  if (std::all_of(expr.args.begin(), expr.args.end(), is_constant)) {
    std::optional<Datum> value = compute(schema, expr);
    if (value) become_constant(schema, expr, std::move(*value));
    return;
  }
  if (expr.op == Op::kNot) simplify_not(expr);
  if (expr.op == Op::kEq || expr.op == Op::kNe) simplify_equality(expr);
}

}  // namespace lictor
