#include "compiler/ast_make.h"
#include "compiler/build_ast_internal.h"
#include "compiler/field_names.h"

namespace lictor {

using ast::Expr;
using namespace ast_make;  // NOLINT(google-build-using-namespace): the words of this file

/// `watch NAME(params): "message" if BODY for DURATION then ... clear ...`
///
///   relation NAME(params)     NAME(params) :- BODY.
///   request NAME.Row { params }
///   decision NAME.entry(r: NAME.Row) { default deny "..."  allow holds: "message" if NAME(r.params) then ... . }
///   decision NAME.exit(r: NAME.Row)  { default deny "..."  allow over: "..." if not NAME(r.params) then ... . }
void AstBuilder::watch(uint32_t node, const ast::Head& head, ast::Module& out) {
  Span span = head.name.span;
  ast::Watch& made = out.watches.emplace_back();
  made.name = head.name;
  if (uint32_t hold = tree_.child(node, Kind::kHold)) made.hold = {expression(tree_.child(hold, Kind::kExpression))};
  ast::Relation relation;
  relation.head = head;
  relation.columns = fields(tree_.child(node, Kind::kParams));
  ast::Rule rule;
  rule.head.name = head.name;
  rule.head.span = head.span;
  rule.head.doc = head.doc;
  rule.principle = true;
  relation.sealed = true;
  std::vector<Expr> row;
  for (const ast::Field& column : relation.columns) {
    rule.args.push_back(name_of(column.name));
    rule.arg_types.emplace_back();
    row.push_back(request_field(column.name.text, column.name.span));
  }
  rule.body = body(tree_.child(tree_.child(node, Kind::kCondition), Kind::kBody));
  std::vector<ast::Application> effects[2];
  for (uint32_t c = tree_.first(node); c != tree_.end(node); c = tree_.next(c)) {
    if (kind(c) == Kind::kEffects) effects[text(tree_.first(c)) == "clear"] = applications(c);
  }
  FieldNames names(relation.columns);
  std::vector<Expr> message = this->message(node);
  names.exprs(message);
  ast::Request request;
  request.head.name = {head.name.text + ".Row", span};
  request.head.span = head.span;
  request.head.is_private = head.is_private;
  request.fields = relation.columns;
  for (bool exit : {false, true}) {
    ast::Decision decision;
    decision.head = request.head;
    decision.head.name.text = head.name.text + (exit ? ".exit" : ".entry");
    decision.param = column(kRequest, named({request.head.name.text}, span), {});
    decision.default_clause.emplace();
    decision.default_clause->span = span;
    std::string otherwise = "`" + head.name.text + (exit ? "` still holds" : "` does not hold");
    decision.default_clause->message.push_back(message_of({{std::move(otherwise), {}}}, span));
    ast::Clause& clause = decision.clauses.emplace_back();
    clause.head.name = {exit ? "over" : "holds", span};
    clause.head.span = head.span;
    clause.outcome = ast::Outcome::kAllow;
    clause.message = message;
    if (exit && !clause.message.empty())
      clause.message[0].parts.insert(clause.message[0].parts.begin(), {"over: ", {}});
    ast::Literal holds = atom(call(head.name.text, row, span));
    if (exit) {
      ast::Literal gone;
      gone.kind = ast::LiteralKind::kNot;
      gone.span = span;
      gone.bodies.push_back({std::move(holds)});
      clause.body.push_back(std::move(gone));
    } else {
      clause.body.push_back(std::move(holds));
    }
    clause.then = std::move(effects[exit]);
    names.applications(clause.then);
    out.decisions.push_back(std::move(decision));
  }
  out.requests.push_back(std::move(request));
  out.relations.push_back(std::move(relation));
  out.rules.push_back(std::move(rule));
}

}  // namespace lictor
