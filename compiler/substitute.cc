// Plain structural recursion; nesting is bounded by the limits of the parser and of inlining.
#include "compiler/substitute.h"

#include <algorithm>

namespace lictor {

Expr Substitution::operator()(const Expr& expr) const {
  if (expr.op == Op::kSlot) {
    if (static_cast<size_t>(expr.n) < params.size()) {
      Expr out = params[static_cast<size_t>(expr.n)];
      out.span = expr.span;
      return out;
    }
    Expr out = expr;
    out.n = expr.n - static_cast<int64_t>(params.size()) + base;
    return out;
  }
  Expr out;
  out.op = expr.op;
  out.type = expr.type;
  out.span = expr.span;
  out.n = expr.n;
  out.constant = expr.constant;
  out.can_err = expr.can_err;
  out.args.reserve(expr.args.size());
  for (const Expr& arg : expr.args) out.args.push_back((*this)(arg));
  return out;
}

Literal Substitution::operator()(const Literal& literal) const {
  auto moved = [&](uint32_t slot) { return slot - static_cast<uint32_t>(params.size()) + base; };
  Literal out;
  out.kind = literal.kind;
  out.hoisted = literal.hoisted;
  out.span = literal.span;
  out.relation = literal.relation;
  for (const Arg& arg : literal.args) {
    Arg copy;
    copy.mode = arg.mode;
    if (arg.mode == Arg::Mode::kBind) copy.slot = moved(arg.slot);
    if (arg.mode == Arg::Mode::kMatch) copy.expr = (*this)(arg.expr);
    out.args.push_back(std::move(copy));
  }
  bool has_slot = literal.kind == Literal::Kind::kLet || literal.kind == Literal::Kind::kSome;
  out.slot = has_slot ? moved(literal.slot) : literal.slot;
  out.expr = (*this)(literal.expr);
  for (const Body& body : literal.bodies) out.bodies.push_back((*this)(body));
  for (uint32_t slot : literal.exports) out.exports.push_back(moved(slot));
  out.lookup = literal.lookup;
  out.aggregate = literal.aggregate;
  for (const Expr& expr : literal.tuple) out.tuple.push_back((*this)(expr));
  out.percentile = literal.percentile;
  out.result = literal.result;
  return out;
}

Body Substitution::operator()(const Body& body) const {
  Body out;
  for (const Literal& literal : body.literals) out.literals.push_back((*this)(literal));
  return out;
}

namespace {

void add(Extent& to, Extent inner) {
  to.size += inner.size;
  to.depth = std::max(to.depth, inner.depth + 1);
}

template <class Each>
void each_expr(const Literal& literal, Each&& each) {
  for (const Arg& arg : literal.args) {
    if (arg.mode == Arg::Mode::kMatch) each(arg.expr);
  }
  each(literal.expr);
  for (const Expr& expr : literal.tuple) each(expr);
}

}  // namespace

Extent extent(const Expr& expr) {
  Extent out{1, 1};
  for (const Expr& arg : expr.args) add(out, extent(arg));
  return out;
}

Extent extent(const Body& body) {
  Extent out{1, 1};
  for (const Literal& literal : body.literals) {
    each_expr(literal, [&](const Expr& expr) { add(out, extent(expr)); });
    for (const Body& inner : literal.bodies) add(out, extent(inner));
  }
  return out;
}

void count_slots(const Expr& expr, std::vector<uint64_t>& uses) {
  if (expr.op == Op::kSlot && static_cast<size_t>(expr.n) < uses.size()) ++uses[static_cast<size_t>(expr.n)];
  for (const Expr& arg : expr.args) count_slots(arg, uses);
}

void count_slots(const Body& body, std::vector<uint64_t>& uses) {
  for (const Literal& literal : body.literals) {
    each_expr(literal, [&](const Expr& expr) { count_slots(expr, uses); });
    for (const Body& inner : literal.bodies) count_slots(inner, uses);
  }
}

}  // namespace lictor
