// Syntax made of other syntax: what constitutions, lifecycles and watches stand for.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "compiler/ast.h"

namespace lictor::ast_make {

inline ast::Expr leaf(ast::ExprKind kind, std::string text, Span span) {
  ast::Expr out;
  out.kind = kind;
  out.text = std::move(text);
  out.span = out.name_span = span;
  return out;
}

inline ast::Expr text_of(std::string text, Span span) {
  ast::Expr out = leaf(ast::ExprKind::kString, "", span);
  out.parts.push_back({std::move(text), {}});
  return out;
}

inline ast::Expr call(std::string name, std::vector<ast::Expr> args, Span span) {
  ast::Expr out = leaf(ast::ExprKind::kCall, std::move(name), span);
  out.arg_names.resize(args.size());
  out.args = std::move(args);
  return out;
}

inline ast::Expr binary(std::string op, ast::Expr left, ast::Expr right, Span span) {
  ast::Expr out = leaf(ast::ExprKind::kBinary, std::move(op), span);
  out.args.push_back(std::move(left));
  out.args.push_back(std::move(right));
  return out;
}

inline ast::Literal atom(ast::Expr expr) {
  ast::Literal out;
  out.span = expr.span;
  out.expr.push_back(std::move(expr));
  return out;
}

inline ast::TypeExpr named(std::vector<std::string> path, Span span) {
  ast::TypeExpr out;
  out.span = out.name.span = span;
  for (std::string& part : path) out.name.parts.push_back({std::move(part), span});
  return out;
}

inline ast::Field column(std::string name, ast::TypeExpr type, Span span) {
  ast::Field out;
  out.name = {std::move(name), span};
  out.type = std::move(type);
  out.span = span;
  return out;
}

inline ast::Row row_of(std::vector<ast::Expr> values, Span span) {
  ast::Row out;
  out.names.resize(values.size());
  out.values = std::move(values);
  out.span = span;
  return out;
}

/// A string literal, or in messages text and expressions in turn.
inline ast::Expr message_of(std::vector<ast::StringPart> parts, Span span) {
  ast::Expr out = leaf(ast::ExprKind::kString, "", span);
  out.parts = std::move(parts);
  return out;
}

/// `base.name`
inline ast::Expr field_of(ast::Expr base, std::string name, Span span) {
  ast::Expr out = leaf(ast::ExprKind::kField, std::move(name), span);
  out.args.push_back(std::move(base));
  return out;
}

}  // namespace lictor::ast_make
