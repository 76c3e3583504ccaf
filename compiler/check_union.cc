// Unions of entity types: where a member fits, `x is User`, and what is known of x behind it.
//
// What a test says of a variable or a path (`r.by`, `c.owner`) is kept beside the checker while literals are checked in
// their canonical order, so it holds for whatever is evaluated later, and is forgotten at the end of the body it stands in.
#include <algorithm>

#include "compiler/checker.h"

namespace lictor {
namespace {

bool is_entity(TypeKind kind) { return kind == TypeKind::kEntity || kind == TypeKind::kUnion; }

std::vector<TypeId> members_of(const TypeTable& types, TypeId type) {
  return types.kind(type) == TypeKind::kUnion ? types[type].members : std::vector<TypeId>{type};
}

bool has(const std::vector<TypeId>& members, TypeId member) {
  return std::ranges::find(members, member) != members.end();
}

/// Do both read the same variable, or the same field of it?
bool same_path(const Expr& a, const Expr& b) {
  if (a.op != b.op || a.n != b.n || a.args.size() != b.args.size()) return false;
  switch (a.op) {
    case Op::kSlot:
    case Op::kField:
    case Op::kParam:
      return true;
    case Op::kAttr:
    case Op::kRecordField:
    case Op::kAs:
      return same_path(a.args[0], b.args[0]);
    default:
      return false;
  }
}

bool is_path(const Expr& expr) { return same_path(expr, expr); }

const Expr& without_as(const Expr& expr) { return expr.op == Op::kAs ? without_as(expr.args[0]) : expr; }

/// The entity types that a chain of `is` on one path asks for; false for any other test.
bool asks_for(const Expr& test, const Expr*& path, std::vector<uint32_t>& entities) {
  if (test.op == Op::kOr) return asks_for(test.args[0], path, entities) && asks_for(test.args[1], path, entities);
  if (test.op != Op::kIs || !is_path(test.args[0])) return false;
  if (path != nullptr && !same_path(*path, test.args[0])) return false;
  path = &test.args[0];
  entities.push_back(static_cast<uint32_t>(test.n));
  return true;
}

}  // namespace

std::optional<TypeId> widened_type(TypeTable& types, TypeId from, TypeId to) {
  TypeId member = unwrap(types, from);
  TypeId target = unwrap(types, to);
  if (types.kind(target) != TypeKind::kUnion || !is_entity(types.kind(member)) || member == target) return std::nullopt;
  bool optional = member != from;
  if (optional && target == to) return std::nullopt;
  const std::vector<TypeId> members = types[target].members;
  bool fits = std::ranges::all_of(members_of(types, member), [&](TypeId one) { return has(members, one); });
  if (!fits) return std::nullopt;
  return optional ? types.optional_of(target) : target;
}

Expr as_type(const Schema& schema, Expr expr, TypeId to) {
  if (expr.op == Op::kConst) return constant(as_type(schema, *expr.constant, to), expr.span);
  Expr out;
  out.op = Op::kAs;
  out.type = to;
  out.span = expr.span;
  out.args.push_back(std::move(expr));
  return out;
}

Datum as_type(const Schema& schema, Datum value, TypeId to) {
  uint32_t entity = entity_of(schema, value);
  value.type = to;
  bool of_union = schema.types.kind(base_type(schema, to)) == TypeKind::kUnion;
  value.n = of_union && entity != kNoIndex ? static_cast<int64_t>(entity) : 0;
  return value;
}

std::vector<uint32_t> Checker::entities_of(TypeId type) {
  std::vector<uint32_t> out;
  for (TypeId member : members_of(cx_.types(), type)) out.push_back(cx_.types()[member].decl);
  return out;
}

/// The type that is written behind `is`; kErrorType after a report.
TypeId Checker::type_behind_is(const ast::Expr& expr) {
  ast::TypeExpr type;
  type.span = type.name.span = expr.span;
  for (const ast::Expr* at = &expr;; at = &at->args[0]) {
    bool field = at->kind == ast::ExprKind::kField;
    if (!field && at->kind != ast::ExprKind::kName) {
      cx_.report(Diag::kTypeMismatch, expr.span).arg("an entity type behind `is`").arg("a value");
      return kErrorType;
    }
    type.name.parts.insert(type.name.parts.begin(), ast::Name{at->text, field ? at->name_span : at->span});
    if (!field) break;
  }
  TypeId out = resolve_type(cx_, module_, type);
  if (out == kErrorType || is_entity(cx_.types().kind(out))) return out;
  cx_.report(Diag::kTypeMismatch, expr.span)
      .arg("an entity type behind `is`")
      .arg("`" + type_name(cx_.schema(), out) + "`");
  return kErrorType;
}

Expr Checker::is(const ast::Expr& expr) {
  Expr item = this->expr(expr.args[0], kErrorType);
  TypeId wanted = type_behind_is(expr.args[1]);
  if (item.type == kErrorType || wanted == kErrorType || !resolved(item)) return error(expr.span);
  TypeTable& types = cx_.types();
  if (!is_entity(types.kind(item.type))) {
    cx_.report(Diag::kNoOperator, expr.span).arg("is").arg("`" + type_name(cx_.schema(), item.type) + "`");
    return error(expr.span);
  }
  std::vector<TypeId> possible = members_of(types, item.type), members = members_of(types, wanted);
  std::erase_if(members, [&](TypeId member) { return !has(possible, member); });
  if (members.empty() || members.size() == possible.size()) {
    cx_.report(Diag::kPointlessIs, expr.span)
        .arg(type_name(cx_.schema(), wanted))
        .arg(members.empty() ? "never" : "always")
        .arg(type_name(cx_.schema(), item.type));
    return error(expr.span);
  }
  Expr out;
  for (TypeId member : members) {
    Expr one;
    one.op = Op::kIs;
    one.type = kBoolType;
    one.span = expr.span;
    one.n = types[member].decl;
    one.args.push_back(item);
    if (member == members.front()) {
      out = std::move(one);
      continue;
    }
    Expr either;
    either.op = Op::kOr;
    either.type = kBoolType;
    either.span = expr.span;
    either.args = {std::move(out), std::move(one)};
    out = std::move(either);
  }
  return out;
}

void Checker::learn(const Expr& test, bool holds) {
  if (test.op == Op::kNot) return learn(test.args[0], !holds);
  if (test.op == (holds ? Op::kAnd : Op::kOr)) {
    learn(test.args[0], holds);
    learn(test.args[1], holds);
    return;
  }
  const Expr* path = nullptr;
  std::vector<uint32_t> entities;
  if (!asks_for(test, path, entities)) return;
  const Expr& root = without_as(*path);
  std::vector<TypeId> members = members_of(cx_.types(), narrowed(root).type);
  std::erase_if(members, [&](TypeId member) {
    return (std::ranges::find(entities, cx_.types()[member].decl) != entities.end()) != holds;
  });
  if (!members.empty()) narrowed_.push_back({root, cx_.types().union_of(std::move(members))});
}

Expr Checker::narrowed(Expr expr) {
  if (narrowed_.empty() || cx_.types().kind(expr.type) != TypeKind::kUnion) return expr;
  for (auto it = narrowed_.rbegin(); it != narrowed_.rend(); ++it) {
    if (same_path(it->path, expr)) return as_type(cx_.schema(), std::move(expr), it->type);
  }
  return expr;
}

/// What to write before a member of a union can be asked for something that it alone has.
std::string Checker::narrowing_hint(const ast::Expr& base, TypeId type, std::string_view attribute) {
  for (TypeId member : cx_.types()[type].members) {
    const EntityDecl& entity = cx_.schema().entities[cx_.types()[member].decl];
    bool has_it = std::ranges::find(entity.attributes, attribute, &FieldDecl::name) != entity.attributes.end();
    if (!has_it) continue;
    return "test it first, to the left: `" + std::string(cx_.sources.text(base.span)) + " is " + entity.info.name + "`";
  }
  return {};
}

}  // namespace lictor
