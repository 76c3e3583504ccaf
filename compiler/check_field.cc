// Fields: of the request, attributes of entities, members of enums by their path, values of maps by key.
#include "compiler/checker.h"

namespace lictor {
namespace {

/// "a.b.c" of a chain of plain fields on a name, else "".
std::string dotted(const ast::Expr& expr) {
  if (expr.kind == ast::ExprKind::kName) return expr.text;
  if (expr.kind != ast::ExprKind::kField) return {};
  std::string base = dotted(expr.args[0]);
  return base.empty() ? base : base + "." + expr.text;
}

const ast::Expr& innermost(const ast::Expr& expr) {
  const ast::Expr* at = &expr;
  while (at->kind == ast::ExprKind::kField) at = &at->args[0];
  return *at;
}

std::vector<std::string> field_names(const std::vector<FieldDecl>& fields) {
  std::vector<std::string> out;
  for (const FieldDecl& field : fields) out.push_back(field.name);
  return out;
}

size_t field_number(const std::vector<FieldDecl>& fields, std::string_view name) {
  for (size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].name == name) return i;
  }
  return SIZE_MAX;
}

}  // namespace

Expr Checker::field(const ast::Expr& expr, TypeId expected) {
  const ast::Expr& base = expr.args[0];
  if (base.kind == ast::ExprKind::kName && base.text == request_name_ && !base.text.empty() &&
      find(base.text) == nullptr) {
    note_request(base.span);
    return request_field(expr);
  }
  const ast::Expr& word = innermost(expr);
  bool outer_name = word.kind == ast::ExprKind::kName && find(word.text) == nullptr;
  if (outer_name && (word.text != request_name_ || request_name_.empty())) {
    bool found = false;
    Expr out = dotted_name(expr, expected, found);
    if (found) return out;
  }
  return attribute(expr, this->expr(base, kErrorType));
}

/// `Impact.critical`, `m.Impact.critical`, `m.limit`: not fields at all.
Expr Checker::dotted_name(const ast::Expr& expr, TypeId expected, bool& found) {
  std::string path = dotted(expr);
  size_t dot = path.rfind('.');
  std::string owner = path.substr(0, dot);
  const Symbol* symbol = cx_.names.find(module_, owner);
  found = true;
  if (symbol != nullptr && symbol->kind == SymbolKind::kEnum) {
    if (cx_.names.resolve(module_, owner, expr.span, "enum") == nullptr) return error(expr.span);
    TypeId type = cx_.types().enum_type(symbol->index);
    cx_.note_symbol(module_, expr.args[0].span, owner, *symbol);
    if (cx_.is_hole(expr.text)) cx_.references->expect_member(expr.name_span, type);
    if (is_member(type, expr.text)) return member_constant(type, expr.text, expr.span);
    const EnumDecl& declared = cx_.schema().enums[symbol->index];
    std::vector<std::string> known;
    for (const EnumMemberDecl& member : declared.members) known.push_back(member.name);
    return unknown_member(expr.name_span, "enum `" + declared.info.name + "`", "member", expr.text, known,
                          declared.info.span);
  }
  if (const Symbol* whole = cx_.names.find(module_, path); whole != nullptr) {
    ast::Expr renamed = expr;
    renamed.kind = ast::ExprKind::kName;
    renamed.text = path;
    renamed.args.clear();
    renamed.arg_names.clear();
    return symbol_value(*whole, renamed, expected);
  }
  if (symbol == nullptr && cx_.names.is_prefix(module_, owner)) {
    cx_.names.resolve(module_, path, expr.span, "name");
    return error(expr.span);
  }
  found = false;
  return {};
}

Expr Checker::request_field(const ast::Expr& expr) {
  const RequestDecl& request = cx_.schema().requests[request_];
  if (cx_.is_hole(expr.text)) cx_.references->expect_member(expr.name_span, cx_.types().request_type(request_));
  if (expr.kind == ast::ExprKind::kSafeField) {
    cx_.report(Diag::kNotOptional, expr.name_span).arg("?.").arg("a request");
    return error(expr.span);
  }
  size_t number = field_number(request.fields, expr.text);
  if (number == SIZE_MAX) {
    return unknown_member(expr.name_span, "request `" + request.info.name + "`", "field", expr.text,
                          field_names(request.fields), request.info.span);
  }
  cx_.note(expr.name_span, request.fields[number].span, RefKind::kField, request.fields[number].type);
  Expr out;
  out.op = Op::kField;
  out.n = static_cast<int64_t>(number);
  out.type = request.fields[number].type;
  out.span = expr.span;
  return narrowed(std::move(out));
}

Expr Checker::attribute(const ast::Expr& expr, Expr base) {
  TypeTable& types = cx_.types();
  bool safe = expr.kind == ast::ExprKind::kSafeField;
  bool optional = types.kind(base.type) == TypeKind::kOptional;
  TypeId owner = unwrap(types, base.type);
  if (owner == kErrorType || base.type == kErrorType) return error(expr.span);
  if (cx_.is_hole(expr.text)) cx_.references->expect_member(expr.name_span, owner);
  if (owner == kCivilType) return civil_field(expr, base);
  std::string shown = type_name(cx_.schema(), base.type);
  TypeKind kind = types.kind(owner);
  bool id_of_union = kind == TypeKind::kUnion && expr.text == "id";
  if (kind != TypeKind::kEntity && kind != TypeKind::kRecord && !id_of_union) {
    auto report = cx_.report(Diag::kUnknownMember, expr.name_span);
    report.arg("`" + shown + "`").arg(kind == TypeKind::kUnion ? "attribute" : "field").arg(expr.text);
    std::string hint = kind == TypeKind::kUnion ? narrowing_hint(expr.args[0], owner, expr.text) : "";
    if (!hint.empty()) report.hint(hint);
    return error(expr.span);
  }
  if (safe && !optional) {
    cx_.report(Diag::kNotOptional, expr.name_span).arg("?.").arg("`" + shown + "`").hint("write `." + expr.text + "`");
    return error(expr.span);
  }
  if (optional && !safe) {
    cx_.report(Diag::kOptionalUnresolved, expr.args[0].span)
        .arg("`" + type_name(cx_.schema(), owner) + "`")
        .arg("`" + shown + "`")
        .hint("write `?." + expr.text + "`, or bind it with `some x = ...`");
    return error(expr.span);
  }
  if (kind == TypeKind::kRecord) return record_field(expr, std::move(base), owner, optional);
  if (expr.text == "id") return entity_id(std::move(base), optional, expr.span);
  const EntityDecl& entity = cx_.schema().entities[types[owner].decl];
  size_t number = field_number(entity.attributes, expr.text);
  if (number == SIZE_MAX) {
    std::vector<std::string> known = field_names(entity.attributes);
    known.emplace_back("id");
    return unknown_member(expr.name_span, "entity `" + entity.info.name + "`", "attribute", expr.text, known,
                          entity.info.span);
  }
  cx_.note(expr.name_span, entity.attributes[number].span, RefKind::kField, entity.attributes[number].type);
  Expr out;
  out.op = Op::kAttr;
  out.span = expr.span;
  out.n = static_cast<int64_t>(number);
  out.type = optional ? types.optional_of(entity.attributes[number].type) : entity.attributes[number].type;
  out.args.push_back(std::move(base));
  return narrowed(std::move(out));
}

/// `x.id`; of an optional, none where x is none: tested first, because the operation wants an entity.
Expr Checker::entity_id(Expr base, bool optional, Span span) {
  Expr present;
  present.op = Op::kHas;
  present.type = kBoolType;
  present.span = span;
  if (optional) present.args.push_back(base);
  Expr id;
  id.op = Op::kEntityId;
  id.type = kStringType;
  id.span = span;
  id.args.push_back(std::move(base));
  if (!optional) return id;
  Expr out;
  out.op = Op::kIf;
  out.type = cx_.types().optional_of(kStringType);
  out.span = span;
  Expr none = coerce(cx_, constant(kNoneType, 0, span), out.type);
  out.args = {std::move(present), coerce(cx_, std::move(id), out.type), std::move(none)};
  return out;
}

Expr Checker::index(const ast::Expr& expr) {
  if (const Symbol* relation = keyed_relation(expr); relation != nullptr) return lookup(expr, *relation);
  Expr map = this->expr(expr.args[0], kErrorType);
  if (map.type == kErrorType) {
    this->expr(expr.args[1], kErrorType);
    return error(expr.span);
  }
  if (!resolved(map)) return error(expr.span);
  const Type type = cx_.types()[map.type];
  if (type.kind != TypeKind::kMap) {
    this->expr(expr.args[1], kErrorType);
    cx_.report(Diag::kTypeMismatch, expr.args[0].span)
        .arg("a map before `[`")
        .arg("`" + type_name(cx_.schema(), map.type) + "`");
    return error(expr.span);
  }
  Expr key = value(expr.args[1], type.key);
  Expr out;
  bool total = cx_.types().kind(type.key) == TypeKind::kEnum;
  out.op = total ? Op::kMapGetTotal : Op::kMapGet;
  out.type = total ? type.elem : cx_.types().optional_of(type.elem);
  out.span = expr.span;
  out.args.push_back(std::move(map));
  out.args.push_back(std::move(key));
  return out;
}

}  // namespace lictor
