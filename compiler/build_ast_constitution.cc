// A constitution is another way to write relations and rules:
//
//   constitution Acgs(r: Subject) { @severity(high) @weight(0.3) principle fairness: "..." violated if BODY. }
//
//   relation principle(id: string, severity: Severity, weight: decimal 0.0001..1000.0) key(id) { ("fairness", high, 0.3) }
//   relation principle_text(id: string, text: string) key(id) { ("fairness", "...") }
//   violated(r: Subject, "fairness") :- BODY.
//   let score(r: Subject) -> decimal =
//     1.0 - sum { w, p : violated(r, p), principle(p, _, w) } / sum { w, p : principle(p, _, w) }
#include <algorithm>
#include <map>

#include "compiler/ast_make.h"
#include "compiler/build_ast_internal.h"

namespace lictor {

using ast::Expr;
using ast::ExprKind;
using namespace ast_make;  // NOLINT(google-build-using-namespace): the words of this file

namespace {

constexpr const char* kGovernance = "$governance";  // how the module knows std.governance, whatever it calls it itself

ast::Relation table(std::string name, std::vector<ast::Field> columns, const ast::Head& of) {
  ast::Relation out;
  out.head.name = {std::move(name), of.name.span};
  out.head.span = of.span;
  out.head.doc = of.doc;
  out.head.is_private = of.is_private;
  out.sealed = true;
  out.columns = std::move(columns);
  out.key.push_back({"id", of.name.span});
  out.rows.emplace().span = of.span;
  return out;
}

/// The argument of `@name(...)`, or what stands for it where there is none.
Expr annotated(const ast::Head& head, std::string_view name, Expr otherwise) {
  for (const ast::Annotation& annotation : head.annotations) {
    if (annotation.name.text == name && !annotation.args.empty()) return annotation.args[0];
  }
  return otherwise;
}

/// `sum { w, p : [violated(r, p),] principle(p, _, w) }`
Expr weights(const ast::Field* of_violated, Span span) {
  auto word = [&](const char* text) { return leaf(ExprKind::kName, text, span); };
  Expr out = leaf(ExprKind::kAggregate, "sum", span);
  out.args = {word("w"), word("p")};
  if (of_violated != nullptr)
    out.body.push_back(atom(call("violated", {word(of_violated->name.text.c_str()), word("p")}, span)));
  out.body.push_back(atom(call("principle", {word("p"), leaf(ExprKind::kWildcard, "_", span), word("w")}, span)));
  return out;
}

}  // namespace

void AstBuilder::constitution(uint32_t node, const ast::Head& head, ast::Module& out) {
  Span span = head.name.span;
  auto another = [](const ast::Relation& relation) {
    return relation.sealed && relation.head.name.text == "principle";
  };
  if (std::ranges::any_of(out.relations, another)) return report_twice(node, "the constitution of the module");
  if (tree_.child(node, Kind::kPrinciple) == 0) {
    diagnostics_.report(Diag::kMissingArgument, span).arg("the constitution").arg("a principle");
    return;
  }
  ast::Field request = field(tree_.child(tree_.child(node, Kind::kParams), Kind::kField));
  ast::Use& use = out.uses.emplace_back();
  use.module.parts = {{"std", span}, {"governance", span}};
  use.module.span = use.span = span;
  use.alias = ast::Name{kGovernance, span};
  ast::TypeExpr weight = named({"decimal"}, span);
  weight.range = {leaf(ExprKind::kDecimal, "0.0001", span), leaf(ExprKind::kDecimal, "1000.0", span)};
  ast::Relation principles = table(
      "principle",
      {column("id", named({"string"}, span), span), column("severity", named({kGovernance, "Severity"}, span), span),
       column("weight", std::move(weight), span)},
      head);
  ast::Relation texts =
      table("principle_text",
            {column("id", named({"string"}, span), span), column("text", named({"string"}, span), span)}, head);
  std::map<std::string, Span> seen;
  for (uint32_t c = tree_.first(node); c != tree_.end(node); c = tree_.next(c)) {
    if (kind(c) != Kind::kPrinciple) continue;
    ast::Head principle = this->head(c, first_word(c));
    Span at = principle.name.span;
    auto [known, fresh] = seen.emplace(principle.name.text, at);
    if (!fresh) {
      diagnostics_.report(Diag::kDuplicateName, at)
          .arg("the principle")
          .arg(principle.name.text)
          .related(known->second, "declared here first");
      continue;
    }
    Expr severity = annotated(principle, "severity", leaf(ExprKind::kName, "medium", at));
    Expr share = annotated(principle, "weight", leaf(ExprKind::kInt, "1", at));
    principles.rows->rows.push_back(
        row_of({text_of(principle.name.text, at), std::move(severity), std::move(share)}, principle.span));
    uint32_t message = tree_.child(c, Kind::kString);
    texts.rows->rows.push_back(row_of(
        {text_of(principle.name.text, at), text_of(plain_string(message), this->span(message))}, principle.span));
    ast::Rule rule;
    rule.args = {leaf(ExprKind::kName, request.name.text, request.name.span), text_of(principle.name.text, at)};
    rule.arg_types = {request.type, std::nullopt};
    uint32_t condition = tree_.child(c, Kind::kCondition);
    rule.body = body(tree_.child(condition, Kind::kBody));
    rule.head = std::move(principle);
    rule.head.name.text = "violated";
    rule.head.is_private = head.is_private;
    rule.principle = true;
    out.rules.push_back(std::move(rule));
  }
  ast::Let score;
  score.head.name = {"score", span};
  score.head.span = head.span;
  score.head.is_private = head.is_private;
  score.params = {request};
  score.type = named({"decimal"}, span);
  Expr share = binary("/", weights(&request, span), weights(nullptr, span), span);
  score.value = binary("-", leaf(ExprKind::kDecimal, "1.0", span), std::move(share), span);
  out.relations.push_back(std::move(principles));
  out.relations.push_back(std::move(texts));
  out.lets.push_back(std::move(score));
}

}  // namespace lictor
