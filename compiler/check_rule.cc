// Rules: the body in canonical order, then the head over what the body bound.
#include <algorithm>

#include "compiler/checker.h"
#include "compiler/ranges.h"

namespace lictor {
namespace {

/// `limit N`
std::optional<int64_t> limit_of(CheckContext& context, const RuleSource& source) {
  if (source.rule->limit.empty()) return std::nullopt;
  std::optional<Datum> limit = check_constant(context, source.module, source.rule->limit[0], kIntType);
  if (!limit) return std::nullopt;
  if (limit->n > 0) return limit->n;
  context.report(Diag::kOutOfRange, source.rule->limit[0].span).arg(show(context.schema(), *limit)).arg("int 1..");
  return std::nullopt;
}

void set_request(Checker& checker, CheckContext& context, const RuleSource& source, const RelationDecl& relation) {
  if (relation.request == kNoIndex) return;
  const ast::Expr& arg = source.rule->args[relation.request_position];
  if (arg.kind == ast::ExprKind::kName) return checker.set_request(arg.text, relation.request, arg.span);
  if (arg.kind == ast::ExprKind::kWildcard) return;  // the rule does not read it
  context.report(Diag::kTypeMismatch, arg.span)
      .arg("a name for the request of type `" + context.schema().requests[relation.request].info.name + "`")
      .arg("a value");
}

}  // namespace

Rule check_rule(CheckContext& context, const RuleSource& source, bool infer) {
  const ast::Rule& rule = *source.rule;
  // A copy: the check may add types, and columns are read while that happens.
  const RelationDecl relation = context.schema().relations[source.relation];
  Checker checker(context, source.module);
  set_request(checker, context, source, relation);
  NameList head_names;
  for (const ast::Expr& arg : rule.args) checker.reader.of_expr(arg, head_names);
  checker.used_outside(head_names);

  Rule out;
  out.head = source.relation;
  out.span = rule.head.span;
  out.module = relation.info.module;
  out.doc = rule.head.doc;
  out.body = checker.body(rule.body);
  checker.set_hoist(&out.body.literals);
  size_t column = 0;
  for (uint32_t i = 0; i < rule.args.size(); ++i) {
    if (relation.request != kNoIndex && i == relation.request_position) continue;
    TypeId type = relation.columns[column++].type;
    out.args.push_back(infer ? checker.expr(rule.args[i], type) : checker.stored(rule.args[i], type));
  }
  out.limit = limit_of(context, source);
  checker.finish();
  out.frame = std::move(checker.frame);
  return out;
}

namespace {

void check_head_ranges(CheckContext& context, const Rule& rule) {
  SlotRanges ranges(context.schema(), rule.frame);
  for (const Literal& literal : rule.body.literals) ranges.learn(literal);
  const auto columns = context.schema().relations[rule.head].columns;
  for (size_t i = 0; i < rule.args.size(); ++i) check_value_range(context, ranges, rule.args[i], columns[i].type);
}

/// Relations whose types nothing tells. Only when nothing else is wrong: otherwise that may be why.
void check_inferred(CheckContext& context) {
  if (context.diagnostics->has_errors()) return;
  for (const RelationDecl& relation : context.schema().relations) {
    for (const FieldDecl& column : relation.columns) {
      if (column.type != kErrorType) continue;
      context.report(Diag::kCannotInfer, column.span)
          .arg("`" + column.name + "` of `" + relation.info.name + "`")
          .hint("write it into a head: `" + relation.info.name + "(" + column.name + ": TYPE, ...)`");
    }
  }
}

}  // namespace

void check_rules(CheckContext& context) {
  context.program.rules.reserve(context.rules.size());
  for (const RuleSource& source : context.rules) {
    Rule rule = check_rule(context, source, false);
    check_head_ranges(context, rule);
    for (const Expr& arg : rule.args) {
      if (has_equality(context.types(), arg.type)) continue;
      context.report(Diag::kNoKeyType, arg.span)
          .arg("`" + type_name(context.schema(), arg.type) + "`")
          .arg("a column of a relation");
    }
    context.program.rules.push_back(std::move(rule));
  }
  check_inferred(context);
}

}  // namespace lictor
