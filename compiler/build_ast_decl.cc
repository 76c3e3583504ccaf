// Declarations, one function per kind.
#include "compiler/build_ast_internal.h"

namespace lictor {

void AstBuilder::declaration(uint32_t node, ast::Module& out) {
  uint32_t decl = tree_.first(node);
  while (kind(decl) == Kind::kAnnotation || is_token(kind(decl))) decl = tree_.next(decl);
  if (kind(decl) == Kind::kModuleDecl) return module_line(decl, node, out);
  if (kind(decl) == Kind::kUseDecl) return out.uses.push_back(use(decl));
  if (kind(decl) == Kind::kTestDecl) {
    uint32_t title = tree_.child(decl, Kind::kString);
    return out.tests.push_back(test(decl, head(node, {plain_string(title), span(title)})));
  }
  ast::Head made = head(node, first_word(decl));
  switch (kind(decl)) {
    case Kind::kParamDecl:
      out.params.push_back(param(decl, std::move(made)));
      break;
    case Kind::kEnumDecl:
      out.enums.push_back(enumeration(decl, std::move(made)));
      break;
    case Kind::kTypeDecl:
      out.aliases.push_back({std::move(made), type(tree_.child(decl, Kind::kType))});
      break;
    case Kind::kEntityDecl:
      out.entities.push_back(entity(decl, std::move(made)));
      break;
    case Kind::kRelationDecl:
      out.relations.push_back(relation(decl, std::move(made)));
      break;
    case Kind::kEventDecl:
      out.events.push_back({std::move(made),
                            fields(tree_.child(decl, Kind::kParams)),
                            {expression(tree_.child(decl, Kind::kExpression))}});
      break;
    case Kind::kRequestDecl:
      out.requests.push_back({std::move(made), fields(tree_.child(decl, Kind::kFields))});
      break;
    case Kind::kLetDecl:
      out.lets.push_back(let(decl, std::move(made)));
      break;
    case Kind::kSignatureDecl: {
      auto& list = tree_.has_token(decl, "obligation") ? out.obligations : out.requirements;
      list.push_back({std::move(made), fields(tree_.child(decl, Kind::kParams)), tree_.has_token(decl, "blocking")});
      break;
    }
    case Kind::kRuleDecl:
      out.rules.push_back(rule(decl, std::move(made)));
      break;
    case Kind::kInvariantDecl:
      invariant(decl, std::move(made), out);
      break;
    case Kind::kConstitutionDecl:
      constitution(decl, made, out);
      break;
    case Kind::kLifecycleDecl:
      lifecycle(decl, std::move(made));
      break;
    case Kind::kWatchDecl:
      watch(decl, made, out);
      break;
    case Kind::kFixtureDecl:
      out.fixtures.push_back({std::move(made), statements(decl)});
      break;
    case Kind::kDecisionDecl:
      out.decisions.push_back(decision(decl, std::move(made)));
      break;
    default:
      break;
  }
}

void AstBuilder::module_line(uint32_t node, uint32_t declaration, ast::Module& out) {
  if (!out.name.parts.empty()) {
    diagnostics_.report(Diag::kSecondModule, span(node)).related(out.name.span, "the first is here");
    return;
  }
  out.name = path(tree_.child(node, Kind::kPath));
  out.doc = doc_before(tree_[declaration].begin);
  if (declaration != tree_.first(0) && kind(tree_.first(0)) == Kind::kDeclaration) {
    diagnostics_.report(Diag::kMissingModule, span(tree_.first(0))).related(span(node), "it stands here");
  }
}

ast::Use AstBuilder::use(uint32_t node) {
  ast::Use out;
  out.module = path(tree_.child(node, Kind::kPath));
  out.span = span(node);
  if (uint32_t alias = after_key(node, "as")) out.alias = word(alias);
  if (uint32_t list = tree_.child(node, Kind::kNames)) out.names = names(list);
  return out;
}

ast::Param AstBuilder::param(uint32_t node, ast::Head head) {
  ast::Param out;
  out.head = std::move(head);
  out.type = type(tree_.child(node, Kind::kType));
  if (uint32_t value = tree_.child(node, Kind::kExpression)) out.value = {expression(value)};
  return out;
}

ast::Enum AstBuilder::enumeration(uint32_t node, ast::Head head) {
  ast::Enum out;
  out.head = std::move(head);
  uint32_t separators[2] = {0, 0};  // the first `,` and the first `<`
  for (uint32_t c = tree_.first(node); c != tree_.end(node); c = tree_.next(c)) {
    if (kind(c) == Kind::kEnumMember) {
      ast::EnumMember member{first_word(c), {}};
      if (uint32_t wire = tree_.child(c, Kind::kString)) member.wire = plain_string(wire);
      out.members.push_back(std::move(member));
    }
    if (kind(c) != Kind::kSymbol) continue;
    bool before_brace = tree_.next(c) != tree_.end(node) && kind(tree_.next(c)) == Kind::kSymbol;
    if (before_brace) continue;  // a comma behind the last member says nothing
    if (text(c) == "," && separators[0] == 0) separators[0] = c;
    if (text(c) == "<" && separators[1] == 0) separators[1] = c;
  }
  out.ordered = separators[1] != 0;
  if (separators[0] != 0 && separators[1] != 0) {
    diagnostics_.report(Diag::kMixedSeparators, span(std::max(separators[0], separators[1]))).arg(",").arg("<");
  }
  return out;
}

ast::Entity AstBuilder::entity(uint32_t node, ast::Head head) {
  ast::Entity out;
  out.head = std::move(head);
  if (uint32_t parents = tree_.child(node, Kind::kParents)) {
    for (uint32_t c = tree_.first(parents); c != tree_.end(parents); c = tree_.next(c)) {
      if (kind(c) == Kind::kPath) out.parents.push_back(path(c));
    }
  }
  out.fields = fields(tree_.child(node, Kind::kFields));
  if (uint32_t key = tree_.child(node, Kind::kNames)) out.key = names(key);
  out.rows = rows_of(node);
  if (!out.rows) return out;
  for (ast::Row& row : out.rows->rows) {
    if (!row.values.empty() && row.names[0].text.empty()) row.parents = take_parents(row.values[0]);
  }
  return out;
}

/// Of `X in PARENT` leaves X. What stands behind `in` is one entity, or several in parentheses, braces or brackets.
std::vector<ast::Expr> AstBuilder::take_parents(ast::Expr& fact) {
  using ast::Expr;
  using ast::ExprKind;
  if (fact.kind != ExprKind::kBinary || fact.text != "in") return {};
  std::vector<Expr> parents;
  Expr right = std::move(fact.args[1]);
  bool several = right.kind == ExprKind::kTuple || right.kind == ExprKind::kBraces || right.kind == ExprKind::kList;
  if (several) parents = std::move(right.args);
  if (!several) parents.push_back(std::move(right));
  Expr left = std::move(fact.args[0]);
  fact = std::move(left);
  return parents;
}

ast::Relation AstBuilder::relation(uint32_t node, ast::Head head) {
  ast::Relation out;
  out.head = std::move(head);
  out.columns = fields(tree_.child(node, Kind::kParams));
  if (uint32_t key = tree_.child(node, Kind::kNames)) out.key = names(key);
  if (uint32_t expires = tree_.child(node, Kind::kExpires)) {
    out.expires_at = first_word(expires);
    out.expires_span = span(expires);
  }
  out.rows = rows_of(node);
  return out;
}

void AstBuilder::invariant(uint32_t node, ast::Head head, ast::Module& out) {
  out.invariants.push_back({head.name, message(node)});
  ast::Relation relation;
  relation.columns = fields(tree_.child(node, Kind::kParams));
  ast::Rule rule;
  rule.head.name = head.name;
  rule.head.span = head.span;
  rule.head.doc = head.doc;
  for (const ast::Field& column : relation.columns) {
    ast::Expr& arg = rule.args.emplace_back();
    arg.kind = ast::ExprKind::kName;
    arg.text = column.name.text;
    arg.span = column.name.span;
    rule.arg_types.emplace_back();
  }
  if (uint32_t condition = tree_.child(node, Kind::kBody)) rule.body = body(condition);
  relation.head = std::move(head);
  out.relations.push_back(std::move(relation));
  out.rules.push_back(std::move(rule));
}

ast::Let AstBuilder::let(uint32_t node, ast::Head head) {
  ast::Let out;
  out.head = std::move(head);
  out.params = fields(tree_.child(node, Kind::kParams));
  if (uint32_t result = tree_.child(node, Kind::kType)) out.type = type(result);
  out.value = expression(tree_.child(node, Kind::kExpression));
  return out;
}

ast::Rule AstBuilder::rule(uint32_t node, ast::Head head) {
  ast::Rule out;
  out.head = std::move(head);
  uint32_t args = tree_.child(node, Kind::kHeadArgs);
  for (uint32_t c = tree_.next(tree_.first(node)); c != args; c = tree_.next(c)) {  // `roles.permission(...)`
    out.head.name.text += text(c);
    out.head.name.span = join(out.head.name.span, span(c));
  }
  for (uint32_t c = tree_.first(args); c != tree_.end(args); c = tree_.next(c)) {
    if (kind(c) == Kind::kExpression) {
      out.args.push_back(expression(c));
      out.arg_types.emplace_back();
    } else if (kind(c) == Kind::kType) {
      out.arg_types.back() = type(c);
    }
  }
  if (uint32_t condition = tree_.child(node, Kind::kBody)) out.body = body(condition);
  if (uint32_t limit = after_key(node, "limit")) out.limit = {expression(limit)};
  return out;
}

}  // namespace lictor
