#include "compiler/case_columns.h"

#include <algorithm>

namespace lictor {
namespace {

using ast::Expr;
using ast::ExprKind;
using ast::Name;
using ast::Statement;

class CaseWriter {
 public:
  CaseWriter(const std::vector<Name>& columns, const ast::Row& row, Diagnostics& diagnostics, std::vector<bool>& used)
      : columns_(columns), row_(row), diagnostics_(diagnostics), used_(used) {}

  void statement(Statement& statement) {
    exprs(statement.facts);
    for (auto& parents : statement.memberships) exprs(parents);
    exprs(statement.value);
    for (ast::Application& application : statement.then) expr(application.call);
    for (auto& [name, value] : statement.yields) expr(value);
    for (ast::Row& row : statement.rows) exprs(row.values);
    outcome(statement);
    clause(statement);
    reason(statement);
    for (Statement& inside : statement.inside) this->statement(inside);
  }

 private:
  const Expr* cell(std::string_view name) {
    auto it = std::find_if(columns_.begin(), columns_.end(), [&](const Name& column) { return column.text == name; });
    if (it == columns_.end()) return nullptr;
    auto column = static_cast<size_t>(it - columns_.begin());
    used_[column] = true;
    return &row_.values[column];
  }

  void exprs(std::vector<Expr>& list) {
    for (Expr& expr : list) this->expr(expr);
  }

  void expr(Expr& expr) {
    if (expr.kind == ExprKind::kName) {
      if (const Expr* value = cell(expr.text)) {
        Expr copy = *value;
        expr = std::move(copy);
      }
      return;
    }
    if (expr.kind != ExprKind::kMap) return exprs(expr.args);
    for (size_t i = 0; i < expr.args.size(); ++i) i % 2 == 0 ? key(expr.args[i]) : this->expr(expr.args[i]);
  }

  /// The key of a map is a value; that of a record names a field, whatever columns are called. Only the checker knows which.
  void key(Expr& key) {
    Name word{key.text, key.span};
    bool is_word = key.kind == ExprKind::kName;
    expr(key);
    if (is_word && key.kind != ExprKind::kCall) key.arg_names = {std::move(word)};
  }

  void outcome(Statement& statement) {
    const Expr* value = cell(statement.outcome.text);
    if (value == nullptr) return;
    if (value->kind != ExprKind::kName) {
      diagnostics_.report(Diag::kTypeMismatch, value->span)
          .arg("`allow`, `deny` or `require`")
          .arg("another value")
          .related(statement.outcome.span, "it is the outcome here");
      statement.outcome = {"deny", value->span};
      return;
    }
    statement.outcome = {value->text, value->span};
  }

  void clause(Statement& statement) {
    if (!statement.clause) return;
    const Expr* value = cell(statement.clause->text);
    if (value == nullptr) return;
    if (value->kind == ExprKind::kName) {
      statement.clause = Name{value->text, value->span};
      return;
    }
    diagnostics_.report(Diag::kTypeMismatch, value->span)
        .arg("the id of a clause, or `default`")
        .arg("another value")
        .related(statement.clause->span, "it is the clause here");
    statement.clause.reset();
  }

  void reason(Statement& statement) {
    if (!statement.reason_column) return;
    const Expr* value = cell(statement.reason_column->text);
    if (value == nullptr) return;
    if (value->kind != ExprKind::kString) {
      diagnostics_.report(Diag::kTypeMismatch, value->span)
          .arg("a string")
          .arg("another value")
          .related(statement.reason_column->span, "it is the reason here");
    } else {
      statement.reason.emplace();
      for (const ast::StringPart& part : value->parts) *statement.reason += part.text;
    }
    statement.reason_column.reset();
  }

  const std::vector<Name>& columns_;
  const ast::Row& row_;
  Diagnostics& diagnostics_;
  std::vector<bool>& used_;
};

}  // namespace

std::vector<Statement> with_case(std::span<const Statement> statements, const std::vector<Name>& columns,
                                 const ast::Row& row, Diagnostics& diagnostics, std::vector<bool>& used) {
  std::vector<Statement> out(statements.begin(), statements.end());
  CaseWriter writer(columns, row, diagnostics, used);
  for (Statement& statement : out) writer.statement(statement);
  return out;
}

}  // namespace lictor
