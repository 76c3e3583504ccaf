// Shared by the files of build_ast: one builder over one syntax tree.
//
//   build_ast.cc           files and queries; names, types, fields, rows: what all declarations are made of
//   build_ast_decl.cc      declarations other than decisions and tests
//   build_ast_decision.cc  decisions and tests
//   build_ast_constitution.cc, build_ast_lifecycle.cc, build_ast_watch.cc: what stands for other syntax
//   build_ast_expr.cc      expressions (precedence is put in here) and bodies
//   build_ast_string.cc    escapes and the expressions inside messages
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "compiler/ast.h"
#include "grammar/diagnostics.h"
#include "grammar/limits.h"
#include "grammar/syntax.h"

namespace lictor {

class AstBuilder {
 public:
  AstBuilder(const SyntaxTree& tree, Diagnostics& diagnostics, const Limits& limits)
      : tree_(tree), diagnostics_(diagnostics), limits_(limits) {}

  ast::Module module();
  void unread_names(uint32_t node, ast::Module& out) const;
  /// The expression of a kQuery tree; empty where it could not be read.
  std::vector<ast::Expr> query();

 private:
  using Kind = SyntaxKind;

  // build_ast.cc
  ast::Name word(uint32_t token) const;
  ast::Name first_word(uint32_t node) const;
  ast::Path path(uint32_t node) const;
  ast::TypeExpr type(uint32_t node);
  ast::TypeExpr type_term(uint32_t node);
  std::vector<ast::Expr> range(uint32_t node);
  ast::Field field(uint32_t node);
  std::vector<ast::Field> fields(uint32_t node);
  std::vector<ast::Name> names(uint32_t node) const;
  std::vector<ast::Annotation> annotations(uint32_t node);
  ast::Head head(uint32_t node, ast::Name name);
  std::string doc_before(uint32_t offset) const;
  ast::Row row(uint32_t node);
  std::optional<ast::Rows> rows_of(uint32_t declaration);
  void report_twice(uint32_t node, std::string_view what);
  uint32_t after_symbol(uint32_t node, std::string_view symbol) const;
  uint32_t after_key(uint32_t node, std::string_view key) const;

  // build_ast_decl.cc
  void declaration(uint32_t node, ast::Module& out);
  void module_line(uint32_t node, uint32_t declaration, ast::Module& out);
  ast::Use use(uint32_t node);
  ast::Param param(uint32_t node, ast::Head head);
  ast::Enum enumeration(uint32_t node, ast::Head head);
  ast::Entity entity(uint32_t node, ast::Head head);
  ast::Relation relation(uint32_t node, ast::Head head);
  /// Adds the relation and the rule for its violations too.
  void invariant(uint32_t node, ast::Head head, ast::Module& out);
  ast::Let let(uint32_t node, ast::Head head);
  ast::Rule rule(uint32_t node, ast::Head head);

  // build_ast_decision.cc
  /// Adds the relations, rules and the `let` that it stands for.
  void constitution(uint32_t node, const ast::Head& head, ast::Module& out);
  /// Adds the types, relations and decisions that it stands for, when the whole module is read.
  void lifecycle(uint32_t node, ast::Head head);
  void watch(uint32_t node, const ast::Head& head, ast::Module& out);
  ast::Decision decision(uint32_t node, ast::Head head);
  void clause(uint32_t node, ast::Clause& out);
  ast::Default default_clause(uint32_t node);
  ast::Yield yield(uint32_t node);
  /// `messages`: a text in it may be a message.
  ast::Application application(uint32_t node, bool messages);
  std::vector<ast::Application> applications(uint32_t node);
  std::vector<ast::Expr> message(uint32_t node);
  ast::Test test(uint32_t node, ast::Head head);
  std::vector<ast::Statement> statements(uint32_t node);
  ast::Statement statement(uint32_t node);
  std::vector<ast::Row> rows(uint32_t node);
  static std::vector<ast::Expr> take_parents(ast::Expr& fact);
  void given(uint32_t node, ast::Statement& out);
  void expect(uint32_t node, ast::Statement& out);

  // build_ast_expr.cc: most of a file is expressions, so they are built where they stay. REQUIRES: `out` is empty.
  struct Operators;
  ast::Expr expression(uint32_t node, uint32_t leading_nots = 0);
  void expression(uint32_t node, uint32_t leading_nots, ast::Expr& out);
  void chain(uint32_t node, uint32_t leading_nots, ast::Expr& out);
  struct Op {
    std::string_view text;
    Span span;
  };
  Op operator_at(uint32_t& child) const;
  void longer_chain(uint32_t child, uint32_t end, Op first, ast::Expr& out);
  void term(uint32_t& child, uint32_t end, uint32_t leading_nots, ast::Expr& out);
  void suffix(ast::Expr& out, uint32_t& child);
  ast::Expr operand(uint32_t node);
  void operand(uint32_t node, ast::Expr& out);
  void literal_token(uint32_t node, ast::ExprKind kind, size_t cut_front, size_t cut_back, ast::Expr& out) const;
  ast::Expr call_of_path(uint32_t node);
  void call_of_path(uint32_t node, ast::Expr& out);
  void arguments(uint32_t node, ast::Expr& call);
  void paren_value(uint32_t node, ast::Expr& out);
  void literal_value(uint32_t node, ast::Expr& out);
  void not_a_value(uint32_t node, std::string_view what, ast::Expr& out);
  void braces(uint32_t node, ast::Expr& out);
  void list(uint32_t node, ast::Expr& out);
  void case_of(uint32_t node, ast::Expr& out);
  void aggregate(uint32_t node, ast::Expr& out);
  ast::Body body(uint32_t node);
  void literal(uint32_t node, ast::Literal& out);
  void condition(uint32_t node, uint32_t first, uint32_t end, ast::Literal& out);
  bool enter(uint32_t node, uint64_t levels);
  void leave(uint64_t levels) { depth_ -= levels; }

  // build_ast_string.cc
  void string(uint32_t token, bool is_message, ast::Expr& out);
  std::string plain_string(uint32_t token);
  size_t escape(std::string_view inside, size_t at, uint32_t origin, std::string& out);
  size_t interpolation(std::string_view inside, size_t at, uint32_t origin, ast::Expr& out);

  Span span(uint32_t node) const { return tree_.span(node); }
  std::string_view text(uint32_t node) const { return tree_.text_of(node); }
  Kind kind(uint32_t node) const { return tree_.kind(node); }
  bool is_symbol(uint32_t node, std::string_view symbol) const {
    return kind(node) == Kind::kSymbol && text(node) == symbol;
  }

  const SyntaxTree& tree_;
  Diagnostics& diagnostics_;
  const Limits& limits_;
  std::vector<std::function<void(ast::Module&)>> at_end_;  // what needs the other declarations of the module
  bool strings_are_messages_ = false;
  uint64_t depth_ = 0;     // levels of expression above the one being built
  bool too_deep_ = false;  // reported once per file
};

}  // namespace lictor
