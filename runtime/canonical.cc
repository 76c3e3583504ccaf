#include "runtime/canonical.h"

#include "runtime/operation.h"
#include "runtime/values.h"

namespace lictor {

std::optional<int64_t> CanonicalEval::lazy(const Expr& expr) {
  auto first = word(expr.args[0]);
  if (!first) return first;
  switch (expr.op) {
    case Op::kAnd:
      return *first != 0 ? word(expr.args[1]) : first;
    case Op::kOr:
      return *first != 0 ? first : word(expr.args[1]);
    case Op::kIf:
      return word(expr.args[*first != 0 ? 1 : 2]);
    default:  // coalesce
      return *first != kNoneWord ? first : word(expr.args[1]);
  }
}

std::optional<int64_t> CanonicalEval::word(const Expr& expr) {
  switch (expr.op) {
    case Op::kConst:
      return to_word(schema_, *state_.values, expr.type, *expr.constant);
    case Op::kSlot:
      return slots[static_cast<size_t>(expr.n)];
    case Op::kField:
      return state_.context.fields[expr.n];
    case Op::kNow:
      return state_.context.now;
    case Op::kAnd:
    case Op::kOr:
    case Op::kIf:
    case Op::kCoalesce:
      return lazy(expr);
    case Op::kText: {
      auto joined = text(expr);
      if (!joined) return std::nullopt;
      return state_.values->text_word(*joined);
    }
    default:
      break;
  }
  std::vector<int64_t> operands;
  for (const Expr& arg : expr.args) {
    auto operand = word(arg);
    if (!operand) return operand;
    operands.push_back(*operand);
  }
  if (expr.op == Op::kAttr) {
    uint32_t type = schema_.types[base_type(schema_, expr.args[0].type)].decl;
    return attribute(state_, type, operands[0], static_cast<uint32_t>(expr.n));
  }
  if (expr.op == Op::kSome && !expr.can_err) return operands[0];
  int64_t n = expr.n;
  if (expr.op == Op::kSize) n = base_kind(schema_, expr.args[0].type) == TypeKind::kMap ? 2 : 1;
  arith::Checked result = operation(state_, expr.op, operands.data(), static_cast<uint32_t>(operands.size()), n);
  if (result.ok()) return result.value;
  state_.fail(result.error, expr.span);
  return std::nullopt;
}

std::optional<Datum> CanonicalEval::datum(const Expr& expr) {
  if (expr.op == Op::kConst) return *expr.constant;
  auto value = word(expr);
  if (!value) return std::nullopt;
  return to_datum(schema_, *state_.values, expr.type, *value);
}

std::optional<std::string> CanonicalEval::text(const Expr& expr) {
  if (expr.op == Op::kText) {
    std::string joined;
    for (const Expr& arg : expr.args) {
      auto part = text(arg);
      if (!part) return part;
      joined += *part;
    }
    return joined;
  }
  auto value = datum(expr);
  if (!value) return std::nullopt;
  return show(schema_, *value);
}

}  // namespace lictor
