// Operators: which types they take, which operation they become.
#include <algorithm>

#include "compiler/checker.h"

namespace lictor {
namespace {

/// A literal takes its type from the other side of an operator.
bool adapts(const ast::Expr& expr) {
  switch (expr.kind) {
    case ast::ExprKind::kInt:
    case ast::ExprKind::kDecimal:
    case ast::ExprKind::kPercent:
    case ast::ExprKind::kNone:
    case ast::ExprKind::kString:
    case ast::ExprKind::kBraces:
    case ast::ExprKind::kMap:
    case ast::ExprKind::kList:
      return true;
    case ast::ExprKind::kUnary:
      return expr.text == "-" && adapts(expr.args[0]);
    default:
      return false;
  }
}

Expr make(Op op, TypeId type, Span span, Expr a, Expr b) {
  Expr out;
  out.op = op;
  out.type = type;
  out.span = span;
  out.args.reserve(2);
  out.args.push_back(std::move(a));
  out.args.push_back(std::move(b));
  return out;
}

Expr make(Op op, TypeId type, Span span, Expr a) {
  Expr out;
  out.op = op;
  out.type = type;
  out.span = span;
  out.args.push_back(std::move(a));
  return out;
}

Op order(TypeKind kind, bool strict) {
  if (kind == TypeKind::kString) return strict ? Op::kTextLt : Op::kTextLe;
  if (kind == TypeKind::kFloat) return strict ? Op::kFloatLt : Op::kFloatLe;
  return strict ? Op::kLt : Op::kLe;
}

struct Rule3 {
  std::string_view op;
  TypeKind left, right;
  TypeId result;
  Op made;
};

constexpr Rule3 kArithmetic[] = {
    {"+", TypeKind::kInt, TypeKind::kInt, kIntType, Op::kAdd},
    {"+", TypeKind::kDecimal, TypeKind::kDecimal, kDecimalType, Op::kAdd},
    {"+", TypeKind::kDuration, TypeKind::kDuration, kDurationType, Op::kAdd},
    {"+", TypeKind::kTime, TypeKind::kDuration, kTimeType, Op::kAdd},
    {"+", TypeKind::kDuration, TypeKind::kTime, kTimeType, Op::kAdd},
    {"-", TypeKind::kInt, TypeKind::kInt, kIntType, Op::kSub},
    {"-", TypeKind::kDecimal, TypeKind::kDecimal, kDecimalType, Op::kSub},
    {"-", TypeKind::kDuration, TypeKind::kDuration, kDurationType, Op::kSub},
    {"-", TypeKind::kTime, TypeKind::kDuration, kTimeType, Op::kSub},
    {"-", TypeKind::kTime, TypeKind::kTime, kDurationType, Op::kSub},
    {"-", TypeKind::kDate, TypeKind::kDate, kDurationType, Op::kSub},
    {"-", TypeKind::kClock, TypeKind::kClock, kDurationType, Op::kSub},
    {"*", TypeKind::kInt, TypeKind::kInt, kIntType, Op::kMul},
    {"*", TypeKind::kDecimal, TypeKind::kDecimal, kDecimalType, Op::kDecMul},
    {"*", TypeKind::kDuration, TypeKind::kInt, kDurationType, Op::kMul},
    {"*", TypeKind::kInt, TypeKind::kDuration, kDurationType, Op::kMul},
    {"/", TypeKind::kInt, TypeKind::kInt, kIntType, Op::kDiv},
    {"/", TypeKind::kDecimal, TypeKind::kDecimal, kDecimalType, Op::kDecDiv},
    {"/", TypeKind::kDuration, TypeKind::kInt, kDurationType, Op::kDiv},
    {"/", TypeKind::kDuration, TypeKind::kDuration, kDecimalType, Op::kDecDiv},
    {"mod", TypeKind::kInt, TypeKind::kInt, kIntType, Op::kMod},
    {"+", TypeKind::kFloat, TypeKind::kFloat, kFloatType, Op::kFloatAdd},
    {"-", TypeKind::kFloat, TypeKind::kFloat, kFloatType, Op::kFloatSub},
    {"*", TypeKind::kFloat, TypeKind::kFloat, kFloatType, Op::kFloatMul},
    {"/", TypeKind::kFloat, TypeKind::kFloat, kFloatType, Op::kFloatDiv},
};

}  // namespace

/// Reports an optional where its value is needed.
bool Checker::resolved(const Expr& expr) {
  if (expr.type == kNoneType || cx_.types().kind(expr.type) == TypeKind::kOptional) {
    std::string wanted =
        expr.type == kNoneType ? "a value" : "`" + type_name(cx_.schema(), unwrap(cx_.types(), expr.type)) + "`";
    cx_.report(Diag::kOptionalUnresolved, expr.span)
        .arg(wanted)
        .arg("`" + type_name(cx_.schema(), expr.type) + "`")
        .hint("bind it with `some x = ...`, or give a value for none with `?? ...`");
    return false;
  }
  return true;
}

/// Reports a type without equality where values are compared for it.
bool Checker::comparable(TypeId type, Span span, std::string_view role) {
  if (has_equality(cx_.types(), type)) return true;
  cx_.report(Diag::kNoKeyType, span).arg("`" + type_name(cx_.schema(), type) + "`").arg(role);
  return false;
}

Expr Checker::no_operator(const ast::Expr& expr, const Expr& a, const Expr& b) {
  auto report = cx_.report(Diag::kNoOperator, expr.span);
  report.arg(expr.text).arg("`" + type_name(cx_.schema(), a.type) + "` and `" + type_name(cx_.schema(), b.type) + "`");
  TypeKind x = cx_.types().kind(a.type);
  TypeKind y = cx_.types().kind(b.type);
  if (expr.text == "+" && (x == TypeKind::kString || y == TypeKind::kString)) {
    report.hint("join strings with `concat` of `std.text`; a message can hold values: \"{a} and {b}\"");
  } else if (x == TypeKind::kInt && y == TypeKind::kDecimal) {
    report.hint("convert the left side with `decimal(...)`");
  } else if (x == TypeKind::kDecimal && y == TypeKind::kInt) {
    report.hint("convert the right side with `decimal(...)`");
  }
  return error(expr.span);
}

Expr Checker::unary(const ast::Expr& expr, TypeId expected) {
  const ast::Expr& arg = expr.args[0];
  if (expr.text == "not") {
    Expr inner = this->expr(arg, kBoolType);
    if (inner.type != kErrorType && !resolved(inner)) return error(expr.span);
    inner = coerce(cx_, std::move(inner), kBoolType);
    return make(Op::kNot, kBoolType, expr.span, std::move(inner));
  }
  if (expr.text == "has") {
    Expr inner = this->expr(arg, kErrorType);
    if (inner.type == kErrorType) return error(expr.span);
    if (cx_.types().kind(inner.type) != TypeKind::kOptional) {
      cx_.report(Diag::kNotOptional, expr.span).arg("has").arg("`" + type_name(cx_.schema(), inner.type) + "`");
      return error(expr.span);
    }
    return make(Op::kHas, kBoolType, expr.span, std::move(inner));
  }
  if (arg.kind == ast::ExprKind::kInt || arg.kind == ast::ExprKind::kDecimal || arg.kind == ast::ExprKind::kPercent) {
    Expr out = number(arg, expected, true);
    out.span = expr.span;
    return out;
  }
  Expr inner = this->expr(arg, expected);
  if (inner.type == kErrorType || !resolved(inner)) return error(expr.span);
  TypeKind kind = cx_.types().kind(inner.type);
  if (kind != TypeKind::kInt && kind != TypeKind::kDecimal && kind != TypeKind::kDuration) {
    cx_.report(Diag::kNoOperator, expr.span).arg("-").arg("`" + type_name(cx_.schema(), inner.type) + "`");
    return error(expr.span);
  }
  if (inner.op == Op::kConst && inner.constant->n != INT64_MIN) {
    return constant(inner.type, -inner.constant->n, expr.span);
  }
  TypeId type = cx_.types().strip_range(inner.type);
  return make(Op::kNeg, type, expr.span, std::move(inner));
}

Expr Checker::binary(const ast::Expr& expr, TypeId expected) {
  const std::string& op = expr.text;
  char first = op.front();
  if (first == '=' || first == '!' || first == '<' || first == '>') return comparison(expr);  // what most are
  if (op == "??") return coalesce(expr, expected);
  if (op == "in") return membership(expr);
  if (op == "not in") return make(Op::kNot, kBoolType, expr.span, membership(expr));
  if (op == "is") return is(expr);
  return arithmetic(expr, expected);
}

/// Both sides; a side that takes its type from the other is checked second.
std::pair<Expr, Expr> Checker::operands(const ast::Expr& expr, TypeId expected) {
  const ast::Expr& left = expr.args[0];
  const ast::Expr& right = expr.args[1];
  bool word = left.kind == ast::ExprKind::kName && find(left.text) == nullptr &&
              cx_.names.find(module_, left.text) == nullptr && left.text != "now";
  bool right_word = right.kind == ast::ExprKind::kName && find(right.text) == nullptr;
  if ((adapts(left) && !adapts(right)) || (word && !right_word)) {
    Expr b = this->expr(right, expected);
    Expr a = this->expr(left, b.type == kErrorType ? expected : b.type);
    return {std::move(a), std::move(b)};
  }
  Expr a = this->expr(left, expected);
  // Next to a mistake nobody knows which enum a bare word belongs to.
  if (a.type == kErrorType && right_word && cx_.names.find(module_, right.text) == nullptr)
    return {std::move(a), error(right.span)};
  Expr b = this->expr(right, a.type == kErrorType || a.type == kNoneType ? expected : a.type);
  return {std::move(a), std::move(b)};
}

Expr Checker::arithmetic(const ast::Expr& expr, TypeId expected) {
  auto [a, b] = operands(expr, expected);
  if (a.type == kErrorType || b.type == kErrorType) return error(expr.span);
  if (!resolved(a) || !resolved(b)) return error(expr.span);
  TypeKind left = cx_.types().kind(a.type);
  TypeKind right = cx_.types().kind(b.type);
  for (const Rule3& rule : kArithmetic) {
    if (rule.op != expr.text || rule.left != left || rule.right != right) continue;
    return make(rule.made, rule.result, expr.span, std::move(a), std::move(b));
  }
  return no_operator(expr, a, b);
}

Expr Checker::equality(Expr a, Expr b, bool equal, Span span) {
  if (a.type == kErrorType || b.type == kErrorType) return error(span);
  if (a.type == kNoneType && b.type == kNoneType) {
    cx_.report(Diag::kCannotInfer, span).arg("`none`");
    return error(span);
  }
  if (a.type != b.type && !make_alike(a, b)) return error(span);
  if (!comparable(a.type, span, "compared for equality")) return error(span);
  return make(equal ? Op::kEq : Op::kNe, kBoolType, span, std::move(a), std::move(b));
}

/// Gives two sides of an equality one type; false after a report.
bool Checker::make_alike(Expr& a, Expr& b) {
  TypeTable& types = cx_.types();
  // A member of a union is compared as the union.
  if (std::optional<TypeId> wide = widened_type(types, unwrap(types, a.type), unwrap(types, b.type)))
    a = as_type(cx_.schema(), std::move(a), unwrap(types, a.type) == a.type ? *wide : types.optional_of(*wide));
  else if (std::optional<TypeId> other = widened_type(types, unwrap(types, b.type), unwrap(types, a.type)))
    b = as_type(cx_.schema(), std::move(b), unwrap(types, b.type) == b.type ? *other : types.optional_of(*other));
  bool widen_left = types.kind(b.type) == TypeKind::kOptional && types.kind(a.type) != TypeKind::kOptional;
  bool widen_right = types.kind(a.type) == TypeKind::kOptional && types.kind(b.type) != TypeKind::kOptional;
  if (widen_left || a.type == kNoneType) a = coerce(cx_, std::move(a), types.optional_of(b.type));
  if (widen_right || b.type == kNoneType) b = coerce(cx_, std::move(b), types.optional_of(a.type));
  if (a.type == kErrorType || b.type == kErrorType) return false;
  b = coerce(cx_, std::move(b), a.type);
  return b.type != kErrorType;
}

Expr Checker::comparison(const ast::Expr& expr) {
  auto [a, b] = operands(expr, kErrorType);
  if (a.type == kErrorType || b.type == kErrorType) return error(expr.span);
  const std::string& op = expr.text;
  if (op == "==" || op == "!=") return equality(std::move(a), std::move(b), op == "==", expr.span);
  if (!resolved(a) || !resolved(b)) return error(expr.span);
  if (b.type != a.type) b = coerce(cx_, std::move(b), a.type);
  if (b.type == kErrorType) return error(expr.span);
  bool text = cx_.types().kind(a.type) == TypeKind::kString;
  if (!text && !is_ordered(cx_.schema(), a.type)) {
    if (cx_.types().kind(a.type) != TypeKind::kEnum) return no_operator(expr, a, b);
    const EnumDecl& declared = cx_.schema().enums[cx_.types()[a.type].decl];
    cx_.report(Diag::kUnordered, expr.span).arg(declared.info.name).related(declared.info.span, "declared here");
    return error(expr.span);
  }
  bool strict = op == "<" || op == ">";
  Op made = order(cx_.types().kind(a.type), strict);
  if (op == ">" || op == ">=") std::swap(a, b);
  return make(made, kBoolType, expr.span, std::move(a), std::move(b));
}

Expr Checker::coalesce(const ast::Expr& expr, TypeId expected) {
  TypeTable& types = cx_.types();
  TypeId hint = expected == kErrorType ? kErrorType : types.optional_of(expected);
  Expr a = this->expr(expr.args[0], hint);
  TypeId elem = unwrap(types, a.type);
  Expr b = this->expr(expr.args[1], elem == kErrorType || elem == kNoneType ? expected : elem);
  if (a.type == kErrorType || b.type == kErrorType) return error(expr.span);
  if (types.kind(a.type) != TypeKind::kOptional) {
    cx_.report(Diag::kNotOptional, expr.args[0].span).arg("??").arg("`" + type_name(cx_.schema(), a.type) + "`");
    return error(expr.span);
  }
  bool optional = b.type == kNoneType || types.kind(b.type) == TypeKind::kOptional;
  b = coerce(cx_, std::move(b), optional ? a.type : elem);
  if (b.type == kErrorType) return error(expr.span);
  TypeId type = join_types(types, optional ? a.type : elem, b.type);
  return make(Op::kCoalesce, type, expr.span, std::move(a), std::move(b));
}

// ---- `in` -----------------------------------------------------------------------------------------------------------

/// The type that `x` of `x in container` should have, where the container says so.
TypeId Checker::element_hint(TypeId container) {
  const Type& type = cx_.types()[container];
  switch (type.kind) {
    case TypeKind::kSet:
    case TypeKind::kList:
      return type.elem;
    case TypeKind::kMap:
      return type.key;
    default:
      return kErrorType;
  }
}

Expr Checker::in_range(const ast::Expr& expr) {
  const ast::Expr& range = expr.args[1];
  Expr item = this->expr(expr.args[0], kErrorType);
  Expr lo = this->expr(range.args[0], item.type);
  Expr hi = this->expr(range.args[1], item.type);
  if (item.type == kErrorType || lo.type == kErrorType || hi.type == kErrorType) return error(expr.span);
  if (!resolved(item)) return error(expr.span);
  lo = coerce(cx_, std::move(lo), item.type);
  hi = coerce(cx_, std::move(hi), item.type);
  if (lo.type == kErrorType || hi.type == kErrorType) return error(expr.span);
  if (!is_ordered(cx_.schema(), item.type)) return no_operator(expr, item, lo);
  if (lo.op == Op::kConst && hi.op == Op::kConst && compare(cx_.schema(), *lo.constant, *hi.constant) > 0) {
    cx_.report(Diag::kEmptyRange, range.span).arg(std::string(cx_.sources.text(range.span)));
  }
  Op at_most = order(cx_.types().kind(item.type), false);
  Expr from = make(at_most, kBoolType, expr.span, std::move(lo), item);
  Expr to = make(at_most, kBoolType, expr.span, std::move(item), std::move(hi));
  return make(Op::kAnd, kBoolType, expr.span, std::move(from), std::move(to));
}

Expr Checker::membership(const ast::Expr& expr) {
  if (expr.args[1].kind == ast::ExprKind::kRange) return in_range(expr);
  const ast::Expr& item = expr.args[0];
  bool literal_container = adapts(expr.args[1]);
  if (literal_container) {
    // `x in { a, b }`: the set takes its type from x.
    Expr left = this->expr(item, kErrorType);
    TypeId hint = kErrorType;
    if (left.type != kErrorType && left.type != kNoneType) {
      TypeId elem = unwrap(cx_.types(), left.type);
      hint = expr.args[1].kind == ast::ExprKind::kList ? cx_.types().list_of(elem) : cx_.types().set_of(elem);
    }
    Expr right = this->expr(expr.args[1], hint);
    return contains(expr, std::move(left), std::move(right));
  }
  Expr right = this->expr(expr.args[1], kErrorType);
  Expr left = this->expr(item, element_hint(right.type));
  return contains(expr, std::move(left), std::move(right));
}

/// Entities or unions: can some member of the one be in some member of the other?
bool Checker::may_be_in(TypeId item, TypeId container) {
  for (uint32_t member : entities_of(item)) {
    const auto& reach = cx_.ancestors[member];
    for (uint32_t group : entities_of(container)) {
      if (std::binary_search(reach.begin(), reach.end(), group)) return true;
    }
  }
  return false;
}

Expr Checker::contains(const ast::Expr& expr, Expr item, Expr container) {
  if (item.type == kErrorType || container.type == kErrorType) return error(expr.span);
  if (!resolved(container) || !resolved(item)) return error(expr.span);
  const Type type = cx_.types()[container.type];
  switch (type.kind) {
    case TypeKind::kSet:
    case TypeKind::kList:
    case TypeKind::kMap: {
      item = coerce(cx_, std::move(item), element_hint(container.type));
      if (item.type == kErrorType || !comparable(item.type, expr.span, "looked for")) return error(expr.span);
      Op op = type.kind == TypeKind::kSet ? Op::kInSet : (type.kind == TypeKind::kList ? Op::kInList : Op::kInMap);
      return make(op, kBoolType, expr.span, std::move(item), std::move(container));
    }
    case TypeKind::kEntity:
    case TypeKind::kUnion: {
      TypeKind kind = cx_.types().kind(item.type);
      if (kind != TypeKind::kEntity && kind != TypeKind::kUnion) break;
      if (may_be_in(item.type, container.type))
        return make(Op::kInEntity, kBoolType, expr.span, std::move(item), std::move(container));
      if (kind == TypeKind::kUnion) break;
      const EntityDecl& declared = cx_.schema().entities[cx_.types()[item.type].decl];
      cx_.report(Diag::kNoOperator, expr.span)
          .arg("in")
          .arg("`" + type_name(cx_.schema(), item.type) + "` and `" + type_name(cx_.schema(), container.type) + "`")
          .hint("no `" + declared.info.name + "` can be in a `" + type_name(cx_.schema(), container.type) + "`")
          .related(declared.info.span, "declare it as `entity " + declared.info.name + " in ...`");
      return error(expr.span);
    }
    case TypeKind::kIp:
      if (item.type == kIpType) return make(Op::kIpIn, kBoolType, expr.span, std::move(item), std::move(container));
      break;
    default:
      break;
  }
  return no_operator(expr, item, container);
}

}  // namespace lictor
