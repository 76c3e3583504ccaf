// Decisions and tests.
#include <charconv>

#include "compiler/build_ast_internal.h"

namespace lictor {

using ast::Expr;
using ast::ExprKind;
using ast::StatementKind;

namespace {

ast::Outcome outcome_of(std::string_view word) {
  if (word == "allow") return ast::Outcome::kAllow;
  return word == "require" ? ast::Outcome::kRequire : ast::Outcome::kDeny;
}

bool is_outcome(std::string_view word) { return word == "allow" || word == "deny" || word == "require"; }

}  // namespace

ast::Decision AstBuilder::decision(uint32_t node, ast::Head head) {
  ast::Decision out;
  out.head = std::move(head);
  uint32_t params = tree_.child(node, Kind::kParams);
  out.param = field(tree_.child(params, Kind::kField));
  if (uint32_t combining = after_key(node, "combining")) {
    out.combining = text(combining);
    out.combining_span = span(combining);
  }
  out.clauses.reserve(tree_.count(node, Kind::kClause));
  for (uint32_t c = tree_.first(node); c != tree_.end(node); c = tree_.next(c)) {
    if (kind(c) == Kind::kClause) clause(c, out.clauses.emplace_back());
    if (kind(c) == Kind::kYield) out.yields.push_back(yield(c));
    if (kind(c) != Kind::kDefault) continue;
    if (out.default_clause) report_twice(c, "the default");
    if (!out.default_clause) out.default_clause = default_clause(c);
  }
  return out;
}

std::vector<Expr> AstBuilder::message(uint32_t node) {
  uint32_t token = tree_.child(node, Kind::kString);
  std::vector<Expr> out;
  if (token != 0) string(token, true, out.emplace_back());
  return out;
}

void AstBuilder::clause(uint32_t node, ast::Clause& out) {
  out.head = head(node, first_word(node));
  out.is_override = tree_.has_token(node, "override");
  out.message = message(node);
  for (uint32_t c = tree_.first(node); c != tree_.end(node); c = tree_.next(c)) {
    if (kind(c) == Kind::kKeyword && is_outcome(text(c))) out.outcome = outcome_of(text(c));
    if (kind(c) == Kind::kApplications) out.requirements = applications(c);
    if (kind(c) == Kind::kCondition) out.body = body(tree_.child(c, Kind::kBody));
    if (kind(c) == Kind::kEffects) (text(tree_.first(c)) == "then" ? out.then : out.meanwhile) = applications(c);
  }
}

ast::Default AstBuilder::default_clause(uint32_t node) {
  ast::Default out;
  out.span = span(node);
  out.outcome = tree_.has_token(node, "require") ? ast::Outcome::kRequire : ast::Outcome::kDeny;
  out.message = message(node);
  if (uint32_t list = tree_.child(node, Kind::kApplications)) out.requirements = applications(list);
  if (uint32_t effects = tree_.child(node, Kind::kEffects)) out.then = applications(effects);
  return out;
}

ast::Yield AstBuilder::yield(uint32_t node) {
  ast::Yield out;
  out.head = head(node, first_word(node));
  out.type = type(tree_.child(node, Kind::kType));
  if (uint32_t value = tree_.child(node, Kind::kExpression)) out.value = {expression(value)};
  if (uint32_t condition = tree_.child(node, Kind::kCondition)) out.body = body(tree_.child(condition, Kind::kBody));
  return out;
}

ast::Application AstBuilder::application(uint32_t node, bool messages) {
  ast::Application out;
  if (kind(tree_.first(node)) == Kind::kKeyword) out.verb = text(tree_.first(node));
  strings_are_messages_ = messages;
  out.call = call_of_path(node);
  strings_are_messages_ = false;
  return out;
}

std::vector<ast::Application> AstBuilder::applications(uint32_t node) {
  std::vector<ast::Application> out;
  for (uint32_t c = tree_.first(node); c != tree_.end(node); c = tree_.next(c)) {
    if (kind(c) == Kind::kApplication) out.push_back(application(c, true));
  }
  return out;
}

// ---- Tests -----------------------------------------------------------------------------------------------------------

ast::Test AstBuilder::test(uint32_t node, ast::Head head) { return {std::move(head), statements(node)}; }

std::vector<ast::Statement> AstBuilder::statements(uint32_t node) {
  std::vector<ast::Statement> out;
  for (uint32_t c = tree_.first(node); c != tree_.end(node); c = tree_.next(c)) {
    if (!is_token(kind(c)) && kind(c) != Kind::kError) out.push_back(statement(c));
  }
  return out;
}

ast::Statement AstBuilder::statement(uint32_t node) {
  ast::Statement out;
  out.span = span(node);
  switch (kind(node)) {
    case Kind::kGiven:
      given(node, out);
      break;
    case Kind::kAt:
      out.kind = StatementKind::kAt;
      out.value = {expression(tree_.child(node, Kind::kExpression))};
      break;
    case Kind::kWith:
      out.kind = StatementKind::kWith;
      out.name = first_word(node);
      out.value = {expression(tree_.child(node, Kind::kExpression))};
      break;
    case Kind::kExpectRows: {
      out.kind = StatementKind::kExpectRows;
      out.value = {expression(tree_.child(node, Kind::kExpression))};
      out.rows = rows(tree_.child(node, Kind::kRows));
      break;
    }
    case Kind::kExpectRefused:
      out.kind = StatementKind::kExpectRefused;
      if (uint32_t name = tree_.child(node, Kind::kPath)) out.type = path(name);
      break;
    case Kind::kCases:
      out.kind = StatementKind::kCases;
      out.columns = names(tree_.child(node, Kind::kNames));
      out.rows = rows(tree_.child(node, Kind::kRows));
      break;
    case Kind::kForAll:
      out.kind = StatementKind::kForAll;
      out.name = first_word(node);
      out.type = path(tree_.child(node, Kind::kPath));
      if (uint32_t where = tree_.child(node, Kind::kWhere)) out.where = body(tree_.child(where, Kind::kBody));
      for (uint32_t c = tree_.first(node); c != tree_.end(node); c = tree_.next(c)) {
        if (kind(c) == Kind::kExpect) out.inside.push_back(statement(c));
      }
      break;
    default:
      expect(node, out);
      break;
  }
  return out;
}

std::vector<ast::Row> AstBuilder::rows(uint32_t node) {
  std::vector<ast::Row> out;
  for (uint32_t c = tree_.first(node); c != tree_.end(node); c = tree_.next(c)) {
    if (kind(c) == Kind::kRow) out.push_back(row(c));
  }
  return out;
}

void AstBuilder::given(uint32_t node, ast::Statement& out) {
  out.kind = StatementKind::kGiven;
  for (uint32_t c = tree_.first(node); c != tree_.end(node); c = tree_.next(c)) {
    if (kind(c) != Kind::kExpression) continue;
    Expr fact = expression(c);
    std::vector<Expr> parents = take_parents(fact);
    bool path = fact.kind == ExprKind::kName || fact.kind == ExprKind::kField;  // of a fixture
    if (fact.kind != ExprKind::kCall && !path) {
      diagnostics_.report(Diag::kBadFact, span(c));
      continue;
    }
    out.facts.push_back(std::move(fact));
    out.memberships.push_back(std::move(parents));
  }
}

void AstBuilder::expect(uint32_t node, ast::Statement& out) {
  out.kind = StatementKind::kExpect;
  uint32_t before = 0;
  for (uint32_t c = tree_.first(node); c != tree_.end(node); c = tree_.next(c)) {
    std::string_view word = is_token(kind(c)) ? text(c) : std::string_view();
    switch (kind(c)) {
      case Kind::kExpression:
        out.value = {expression(c)};
        break;
      case Kind::kWord:
        if (tree_.text_of(before) == "reason" && kind(before) == Kind::kKeyword)
          out.reason_column = this->word(c);
        else
          (out.outcome.text.empty() ? out.outcome : out.clause.emplace()) = this->word(c);
        break;
      case Kind::kString:
        out.reason = plain_string(c);
        break;
      case Kind::kEffects:
        out.has_then = true;
        for (uint32_t e = tree_.first(c); e != tree_.end(c); e = tree_.next(e)) {
          if (kind(e) == Kind::kApplication) out.then.push_back(application(e, false));
        }
        break;
      case Kind::kYields:
        for (uint32_t y = tree_.first(c); y != tree_.end(c); y = tree_.next(y)) {
          if (kind(y) != Kind::kYieldValue) continue;
          out.yields.emplace_back(first_word(y), expression(tree_.child(y, Kind::kExpression)));
        }
        break;
      case Kind::kKeyword:
        if (is_outcome(word)) out.outcome = this->word(c);
        if (word == "default") out.clause = this->word(c);
        break;
      case Kind::kSymbol:
        break;
      default: {
        int64_t count = 0;
        std::string digits = operand(c).text;
        auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
        bool good = kind(c) == Kind::kInt && error == std::errc() && stop == digits.data() + digits.size();
        if (!good) diagnostics_.report(Diag::kBadNumber, span(c)).arg(word).arg("a number of errors");
        if (good) out.errors = count;
      }
    }
    before = c;
  }
}

}  // namespace lictor
