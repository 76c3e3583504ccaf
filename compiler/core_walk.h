// Walking core language: every expression of a literal or body once, in the order in which naive evaluation meets them.
#pragma once

#include "compiler/core.h"
#include "compiler/program.h"

namespace lictor {

/// `fn` on the expression and all operands, outer before inner. E is Expr or const Expr.
template <class E, class Fn>
void each_node(E& expr, Fn&& fn) {
  fn(expr);
  for (auto& arg : expr.args) each_node(arg, fn);
}

/// Is there a node of which `fn` is true?
template <class Fn>
bool any_node(const Expr& expr, Fn&& fn) {
  if (fn(expr)) return true;
  for (const Expr& arg : expr.args) {
    if (any_node(arg, fn)) return true;
  }
  return false;
}

/// Does a literal of this kind have a value in `expr`? (An aggregate's `expr` has only a type and a place.)
inline bool uses_expr(Literal::Kind kind) {
  return kind == Literal::Kind::kTest || kind == Literal::Kind::kLet || kind == Literal::Kind::kSome ||
         kind == Literal::Kind::kMember;
}

template <class B, class Fn>
void each_literal_in(B& body, Fn&& fn);

/// `fn` on every whole expression of the literal, nested bodies included.
template <class L, class Fn>
void each_root(L& literal, Fn&& fn) {
  for (auto& arg : literal.args) {
    if (arg.mode == Arg::Mode::kMatch) fn(arg.expr);
  }
  if (uses_expr(literal.kind)) fn(literal.expr);
  for (auto& body : literal.bodies) {
    for (auto& inner : body.literals) each_root(inner, fn);
  }
  for (auto& expr : literal.tuple) fn(expr);
}

template <class B, class Fn>
void each_root_in(B& body, Fn&& fn) {
  for (auto& literal : body.literals) each_root(literal, fn);
}

/// `fn` on every literal of the body, outer before inner.
template <class B, class Fn>
void each_literal_in(B& body, Fn&& fn) {
  for (auto& literal : body.literals) {
    fn(literal);
    for (auto& inner : literal.bodies) each_literal_in(inner, fn);
  }
}

/// `fn` on every whole expression of a rule, clause or decision (without its clauses).
template <class R, class Fn>
void each_root_of_rule(R& rule, Fn&& fn) {
  each_root_in(rule.body, fn);
  for (auto& arg : rule.args) fn(arg);
}

template <class A, class Fn>
void each_root_of_applications(A& applications, Fn&& fn) {
  for (auto& application : applications) {
    for (auto& arg : application.args) fn(arg);
  }
}

template <class C, class Fn>
void each_root_of_clause(C& clause, Fn&& fn) {
  each_root_in(clause.body, fn);
  fn(clause.message);
  each_root_of_applications(clause.requirements, fn);
  each_root_of_applications(clause.meanwhile, fn);
  each_root_of_applications(clause.then, fn);
}

template <class D, class Fn>
void each_root_of_default(D& decision, Fn&& fn) {
  fn(decision.default_message);
  each_root_of_applications(decision.default_requirements, fn);
  each_root_of_applications(decision.default_then, fn);
}

}  // namespace lictor
