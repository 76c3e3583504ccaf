// Decisions that other syntax stands for have a request that no author names: in their guards, messages and effects its
// fields are bare words.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "compiler/ast_make.h"

namespace lictor {

inline constexpr const char* kRequest = "$r";

inline ast::Expr request_field(std::string name, Span span) {
  return ast_make::field_of(ast_make::leaf(ast::ExprKind::kName, kRequest, {}), std::move(name), span);
}
inline ast::Expr name_of(const ast::Name& name) { return ast_make::leaf(ast::ExprKind::kName, name.text, name.span); }

/// Puts fields of the request in the place of their bare names.
class FieldNames {
 public:
  explicit FieldNames(const std::vector<ast::Field>& fields) {
    for (const ast::Field& field : fields) names_.insert(field.name.text);
  }

  void expr(ast::Expr& at) const {
    if (at.kind == ast::ExprKind::kName && names_.contains(at.text)) {
      at = request_field(at.text, at.span);
      return;
    }
    for (size_t i = 0; i < at.args.size(); ++i) {
      // `{ note: note }`: a bare key is the name of a record's field.
      bool key = at.kind == ast::ExprKind::kMap && i % 2 == 0 && at.args[i].kind == ast::ExprKind::kName;
      if (!key) expr(at.args[i]);
    }
    for (ast::Expr& arg : at.param) expr(arg);
    for (ast::StringPart& part : at.parts) exprs(part.expr);
    body(at.body);
  }
  void exprs(std::vector<ast::Expr>& list) const {
    for (ast::Expr& each : list) expr(each);
  }
  void body(ast::Body& literals) const {
    for (ast::Literal& literal : literals) {
      exprs(literal.expr);
      exprs(literal.within);
      for (ast::Body& inner : literal.bodies) body(inner);
    }
  }
  void applications(std::vector<ast::Application>& list) const {
    for (ast::Application& application : list) expr(application.call);
  }
  void clause(ast::Clause& clause) const {
    exprs(clause.message);
    body(clause.body);
    applications(clause.requirements);
    applications(clause.meanwhile);
    applications(clause.then);
  }

 private:
  std::set<std::string, std::less<>> names_;
};

}  // namespace lictor
