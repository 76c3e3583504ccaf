// Expressions: leaves are operands and need no code; the others write a word of their own. Conditions become branches.
// An operation that errs records its site and goes on where its step's failure does.
#include <cassert>

#include "compiler/plan_walk.h"
#include "runtime/code_builder.h"
#include "runtime/values.h"

namespace lictor {
namespace {

bool immediate_kind(TypeKind kind) {
  switch (kind) {
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

}  // namespace

Operand CodeBuilder::immediate(int64_t word) {
  auto [found, added] = immediates_.try_emplace(word, static_cast<uint32_t>(code_.immediates.size()));
  if (added) code_.immediates.push_back(word);
  return operand(Base::kImmediate, found->second);
}

Operand CodeBuilder::constant(const Expr& expr) {
  const Datum& value = *expr.constant;
  if (value.none) return immediate(kNoneWord);
  if (immediate_kind(base_kind(schema_, expr.type))) return immediate(value.n);
  return operand(Base::kConstant, static_cast<uint32_t>(expr.n));
}

Operand CodeBuilder::expr(const Expr& expr, Scope& scope) {
  switch (expr.op) {
    case Op::kConst:
      return constant(expr);
    case Op::kSlot:
      return operand(Base::kFrame, scope.slots + static_cast<uint32_t>(expr.n));
    case Op::kField:
      return operand(Base::kField, static_cast<uint32_t>(expr.n));
    case Op::kNow:
      return operand(Base::kNow, 0);
    case Op::kEq:
      return binary(Vm::kEq, expr, scope);
    case Op::kNe:
      return binary(Vm::kNe, expr, scope);
    case Op::kLt:
      return binary(Vm::kLt, expr, scope);
    case Op::kLe:
      return binary(Vm::kLe, expr, scope);
    case Op::kAdd:
      return binary(Vm::kAdd, expr, scope);
    case Op::kSub:
      return binary(Vm::kSub, expr, scope);
    case Op::kMul:
      return binary(Vm::kMul, expr, scope);
    case Op::kSome:
      if (!expr.can_err) return this->expr(expr.args[0], scope);
      return generic(expr, scope);
    case Op::kAs:
      return this->expr(expr.args[0], scope);
    case Op::kAnd:
    case Op::kOr:
    case Op::kIf:
    case Op::kCoalesce:
      return lazy(expr, scope);
    case Op::kNot:
    case Op::kHas: {
      Operand a = this->expr(expr.args[0], scope);
      uint32_t dst = take(1);
      Instr& instr = add(expr.op == Op::kNot ? Vm::kNot : Vm::kHas);
      instr.dst = dst;
      instr.a = a;
      return operand(Base::kFrame, dst);
    }
    case Op::kAttr: {
      uint32_t decl = schema_.types[base_type(schema_, expr.args[0].type)].decl;
      bool brought = schema_.entities[decl].attributes[static_cast<size_t>(expr.n)].from_request;
      if (std::optional<Operand> row = bound_row(expr.args[0], kNoIndex); row && !brought) {
        uint32_t dst = take(1);
        Instr& instr = add(Vm::kAttrRow);
        instr.dst = dst;
        instr.a = *row;
        instr.b = static_cast<uint32_t>(expr.n);
        for (uint32_t type = 0; type < decl; ++type) {
          instr.b += static_cast<uint32_t>(schema_.entities[type].attributes.size());
        }
        return operand(Base::kFrame, dst);
      }
      Operand a = this->expr(expr.args[0], scope);
      uint32_t dst = take(1);
      Instr& instr = add(brought ? Vm::kAttrRequest : Vm::kAttr);
      instr.dst = dst;
      instr.a = a;
      instr.b = static_cast<uint32_t>(expr.n);
      instr.n = static_cast<uint16_t>(decl);
      return operand(Base::kFrame, dst);
    }
    default:
      return generic(expr, scope);
  }
}

std::optional<Operand> CodeBuilder::bound_row(const Expr& field, uint32_t index) const {
  if (decision_ == nullptr || field.op != Op::kField) return std::nullopt;
  auto word = bound_word(plan_, *decision_, static_cast<uint32_t>(field.n), index);
  if (!word) return std::nullopt;
  return operand(Base::kField, *word);
}

void CodeBuilder::into(uint32_t dst, const Expr& expr, Scope& scope) {
  Operand value = this->expr(expr, scope);
  Instr& instr = add(Vm::kMove);
  instr.dst = dst;
  instr.a = value;
}

Operand CodeBuilder::binary(Vm op, const Expr& expr, Scope& scope) {
  Operand a = this->expr(expr.args[0], scope);
  Operand b = this->expr(expr.args[1], scope);
  uint32_t dst = take(1);
  uint32_t where = op >= Vm::kAdd ? site(expr.span) : 0;
  Instr& instr = add(op);
  instr.dst = dst;
  instr.a = a;
  instr.b = b;
  instr.x = where;
  instr.target = scope.fail;
  return operand(Base::kFrame, dst);
}

/// Texts are shown by type, so each operand of kText comes with its type; a size is that of a map or not.
Operand CodeBuilder::generic(const Expr& expr, Scope& scope) {
  assert(expr.op != Op::kParam);  // INVARIANT: parameters are folded
  std::vector<Operand> operands;
  for (const Expr& arg : expr.args) {
    if (expr.op == Op::kText) operands.push_back(immediate(arg.type));
    operands.push_back(this->expr(arg, scope));
  }
  int64_t n = expr.n;
  if (expr.op == Op::kSize) n = base_kind(schema_, expr.args[0].type) == TypeKind::kMap ? 2 : 1;
  auto count = static_cast<uint32_t>(operands.size());
  operands.insert(operands.begin(), immediate(n));
  uint32_t first = put(operands);
  uint32_t dst = take(1);
  uint32_t where = site(expr.span);
  Instr& instr = add(Vm::kOperation);
  instr.n = static_cast<uint16_t>(expr.op);
  instr.dst = dst;
  instr.a = first + 1;
  instr.b = count;
  instr.x = where;
  instr.target = scope.fail;
  return operand(Base::kFrame, dst);
}

Operand CodeBuilder::lazy(const Expr& expr, Scope& scope) {
  uint32_t dst = take(1);
  Label other = label();
  Label end = label();
  switch (expr.op) {
    case Op::kCoalesce: {
      into(dst, expr.args[0], scope);
      Instr& instr = add(Vm::kUnlessEq);
      instr.a = operand(Base::kFrame, dst);
      instr.b = immediate(kNoneWord);
      instr.target = end;
      into(dst, expr.args[1], scope);
      break;
    }
    case Op::kIf:
      unless(expr.args[0], other, scope);
      into(dst, expr.args[1], scope);
      jump(end);
      bind(other);
      into(dst, expr.args[2], scope);
      break;
    default: {  // and, or
      unless(expr, other, scope);
      Instr& yes = add(Vm::kMove);
      yes.dst = dst;
      yes.a = immediate(1);
      jump(end);
      bind(other);
      Instr& no = add(Vm::kMove);
      no.dst = dst;
      no.a = immediate(0);
    }
  }
  bind(end);
  return operand(Base::kFrame, dst);
}

void CodeBuilder::compare(Vm op, Operand a, Operand b, Label label) {
  Instr& instr = add(op);
  instr.a = a;
  instr.b = b;
  instr.target = label;
}

void CodeBuilder::unless(const Expr& expr, Label label, Scope& scope) {
  auto both = [&](Vm op) {
    Operand a = this->expr(expr.args[0], scope);
    compare(op, a, this->expr(expr.args[1], scope), label);
  };
  switch (expr.op) {
    case Op::kEq:
      return both(Vm::kUnlessEq);
    case Op::kNe:
      return both(Vm::kUnlessNe);
    case Op::kLt:
      return both(Vm::kUnlessLt);
    case Op::kLe:
      return both(Vm::kUnlessLe);
    case Op::kHas:
      return compare(Vm::kUnlessNe, this->expr(expr.args[0], scope), immediate(kNoneWord), label);
    case Op::kNot:
      return if_true(expr.args[0], label, scope);
    case Op::kAnd:
      unless(expr.args[0], label, scope);
      return unless(expr.args[1], label, scope);
    case Op::kOr: {
      Label yes = this->label();
      if_true(expr.args[0], yes, scope);
      unless(expr.args[1], label, scope);
      return bind(yes);
    }
    default: {
      Operand a = this->expr(expr, scope);
      return compare(Vm::kUnless, a, 0, label);
    }
  }
}

void CodeBuilder::if_true(const Expr& expr, Label label, Scope& scope) {
  auto both = [&](Vm op, bool swap) {
    Operand a = this->expr(expr.args[0], scope);
    Operand b = this->expr(expr.args[1], scope);
    compare(op, swap ? b : a, swap ? a : b, label);
  };
  switch (expr.op) {
    case Op::kEq:
      return both(Vm::kUnlessNe, false);
    case Op::kNe:
      return both(Vm::kUnlessEq, false);
    case Op::kLt:
      return both(Vm::kUnlessLe, true);
    case Op::kLe:
      return both(Vm::kUnlessLt, true);
    case Op::kNot:
      return unless(expr.args[0], label, scope);
    case Op::kOr:
      if_true(expr.args[0], label, scope);
      return if_true(expr.args[1], label, scope);
    case Op::kAnd: {
      Label no = this->label();
      unless(expr.args[0], no, scope);
      if_true(expr.args[1], label, scope);
      return bind(no);
    }
    default: {
      Operand a = this->expr(expr, scope);
      return compare(Vm::kIf, a, 0, label);
    }
  }
}

}  // namespace lictor
