// Records: their types, `{ name: "a" }` where a record is expected, and their fields.
//
// A record type is its fields: wherever two have the same fields (names, names outside, types and defaults, in the same
// order) they are one type, under whatever name. So a record that is written in place fits one that has a name.
#include <algorithm>
#include <unordered_map>

#include "compiler/checker.h"
#include "compiler/ranges.h"

namespace lictor {
namespace {

/// What tells record types apart, as text. A default that only its module understands is like none in another module.
std::string shape_of(const CheckContext& context, uint32_t module, const ast::TypeExpr& type,
                     const std::vector<FieldDecl>& fields) {
  std::string out = type.open ? "open" : "";
  for (size_t i = 0; i < fields.size(); ++i) {
    out += '\n' + fields[i].name + ' ' + std::to_string(fields[i].type) + (fields[i].sensitive ? " @" : " ") +
           fields[i].wire;
    if (type.fields[i].default_value.empty()) continue;
    const ast::Expr& value = type.fields[i].default_value[0];
    bool alike = value.args.empty() && value.kind != ast::ExprKind::kCall;
    out += '\t' + (alike ? "" : std::to_string(module) + ':') + std::string(context.sources.text(value.span));
  }
  return out;
}

/// Reports what the fields of a record cannot have.
void check_fields(CheckContext& context, const ast::TypeExpr& type) {
  std::unordered_map<std::string_view, Span> names, wires;
  for (const ast::Field& field : type.fields) {
    check_annotations(context, field.annotations);
    auto [it, fresh] = names.emplace(field.name.text, field.name.span);
    if (!fresh) {
      context.report(Diag::kDuplicateName, field.name.span)
          .arg("the name")
          .arg(field.name.text)
          .related(it->second, "declared here first");
      continue;
    }
    const std::string& wire = field.wire ? *field.wire : field.name.text;
    auto [other, first] = wires.emplace(wire, field.name.span);
    if (!first) {
      context.report(Diag::kDuplicateName, field.name.span)
          .arg("the name outside")
          .arg(wire)
          .related(other->second, "declared here first");
    }
    if (field.from_request) {
      context.report(Diag::kBadType, field.span)
          .arg("`" + field.name.text + "`")
          .arg("`from request`: it is no attribute");
    }
  }
}

bool is_number(TypeKind kind) {
  return kind == TypeKind::kInt || kind == TypeKind::kDecimal || kind == TypeKind::kTime || kind == TypeKind::kDuration;
}

size_t field_number(const RecordDecl& decl, std::string_view name) {
  auto it = std::ranges::find(decl.fields, name, &FieldDecl::name);
  return it == decl.fields.end() ? SIZE_MAX : static_cast<size_t>(it - decl.fields.begin());
}

std::vector<std::string> field_names(const RecordDecl& decl) {
  std::vector<std::string> out;
  for (const FieldDecl& field : decl.fields) out.push_back(field.name);
  return out;
}

/// The word that a key of `{ name: "a" }` is. A column of `cases` with the name of the field does not take its place.
std::optional<ast::Name> field_word(const ast::Expr& key) {
  if (key.kind != ast::ExprKind::kCall && !key.arg_names.empty()) return key.arg_names[0];
  if (key.kind != ast::ExprKind::kName) return std::nullopt;
  return ast::Name{key.text, key.span};
}

std::string shown_name(const RecordDecl& decl) {
  return decl.info.name.empty() ? "the record" : "the record `" + decl.info.name + "`";
}

void check_defaults(CheckContext& context, size_t i) {
  const RecordSource source = context.record_sources[i];
  for (size_t k = 0; k < source.type->fields.size(); ++k) {
    const ast::Field& field = source.type->fields[k];
    if (field.default_value.empty()) continue;
    auto value =
        check_constant(context, source.module, field.default_value[0], context.schema().records[i].fields[k].type);
    if (value) context.schema().records[i].fields[k].default_value = std::move(*value);
  }
}

}  // namespace

TypeId record_type(CheckContext& context, uint32_t module, const ast::TypeExpr& type, std::vector<FieldDecl> fields,
                   const ast::Name* name) {
  check_fields(context, type);
  std::vector<TypeId> types;
  for (size_t i = 0; i < fields.size(); ++i) {
    const ast::Field& source = type.fields[i];
    fields[i].sensitive =
        std::ranges::any_of(source.annotations, [](const ast::Annotation& a) { return a.name.text == "sensitive"; });
    // Its value comes when it is known which entity types are closed; a default that is wrong is still a default.
    if (!source.default_value.empty()) fields[i].default_value = Datum{};
    context.note(fields[i].span, fields[i].span, RefKind::kField, fields[i].type);
    types.push_back(fields[i].type);
  }
  if (std::ranges::find(types, kErrorType) != types.end()) return kErrorType;
  std::vector<RecordDecl>& records = context.schema().records;
  auto [it, fresh] =
      context.record_shapes.emplace(shape_of(context, module, type, fields), static_cast<uint32_t>(records.size()));
  if (fresh) {
    RecordDecl& decl = records.emplace_back();
    decl.info.module = path_text(context.modules[module].name);
    decl.info.span = type.span;
    decl.fields = std::move(fields);
    decl.open = type.open;
    context.record_sources.push_back({&type, module});
  }
  RecordDecl& decl = records[it->second];
  if (name != nullptr && decl.info.name.empty()) {
    decl.info.name = name->text;
    decl.info.span = name->span;
  }
  uint32_t number = it->second;
  if (fresh && context.record_defaults_known) check_defaults(context, number);
  return context.types().record_type(number, std::move(types));
}

void check_record_defaults(CheckContext& context) {
  // A record that holds another comes behind it, and may have it as a default.
  for (size_t i = 0; i < context.record_sources.size(); ++i) check_defaults(context, i);
  context.record_defaults_known = true;
}

// ---- { name: "a" } --------------------------------------------------------------------------------------------------

/// Numbers in a record are kept from being the word that stands for none, so that `x?.n` can be trusted.
Expr Checker::in_record(Expr value, TypeId type) {
  const Type& of = cx_.types()[type];
  if (value.type == kErrorType || !is_number(of.kind) || (of.ranged && of.lo != kNoneWord)) return value;
  if (value.op == Op::kConst) {
    if (value.constant->n != kNoneWord) return value;
    cx_.report(Diag::kOutOfRange, value.span)
        .arg(show(cx_.schema(), *value.constant))
        .arg(type_name(cx_.schema(), type))
        .hint("the least number of 64 bits stands for none here");
    return error(value.span);
  }
  Expr some;
  some.op = Op::kSome;
  some.type = cx_.types().optional_of(type);
  some.span = value.span;
  some.args.push_back(std::move(value));
  return some;
}

/// By field, the value that is written for it, or null.
std::vector<const ast::Expr*> Checker::written_fields(const ast::Expr& expr, TypeId type, const RecordDecl& decl) {
  std::vector<const ast::Expr*> out(decl.fields.size());
  for (size_t i = 0; i + 1 < expr.args.size(); i += 2) {
    const std::optional<ast::Name> key = field_word(expr.args[i]);
    if (!key) {
      cx_.report(Diag::kTypeMismatch, expr.args[i].span).arg("the name of a field").arg("a value");
      continue;
    }
    if (cx_.is_hole(key->text)) cx_.references->expect_member(key->span, type);
    size_t number = field_number(decl, key->text);
    if (number == SIZE_MAX) {
      unknown_member(key->span, shown_name(decl), "field", key->text, field_names(decl), decl.info.span);
      this->expr(expr.args[i + 1], kErrorType);
      continue;
    }
    cx_.note(key->span, decl.fields[number].span, RefKind::kField, decl.fields[number].type);
    if (out[number] != nullptr) cx_.report(Diag::kDuplicateKey, key->span).arg("`" + key->text + "`");
    out[number] = &expr.args[i + 1];
  }
  return out;
}

Expr Checker::record(const ast::Expr& expr, TypeId type) {
  const RecordDecl decl = cx_.schema().records[cx_.types()[type].decl];  // a copy: the check may add types
  size_t errors = cx_.diagnostics->error_count();
  if (expr.kind == ast::ExprKind::kBraces && !expr.args.empty()) {
    for (const ast::Expr& item : expr.args) {
      if (cx_.is_hole(item.text)) cx_.references->expect_member(item.span, type);
    }
    cx_.report(Diag::kTypeMismatch, expr.span)
        .arg("`" + type_name(cx_.schema(), type) + "`")
        .arg("a set")
        .hint("write each field with its name: `{ " + (decl.fields.empty() ? "name" : decl.fields[0].name) +
              ": ... }`");
    return error(expr.span);
  }
  std::vector<const ast::Expr*> written = written_fields(expr, type, decl);
  SlotRanges ranges(cx_.schema(), frame);
  for (size_t i = 0; hoist_ != nullptr && i < hoist_->size(); ++i) ranges.learn((*hoist_)[i]);
  Expr out;
  out.op = Op::kMakeRecord;
  out.type = type;
  out.span = expr.span;
  std::string missing;
  for (size_t i = 0; i < decl.fields.size(); ++i) {
    const FieldDecl& field = decl.fields[i];
    Expr value;
    if (written[i] != nullptr) {
      value = stored(*written[i], field.type);
      check_value_range(cx_, ranges, value, field.type);
    } else if (field.default_value) {
      value = constant(*field.default_value, expr.span);
    } else if (cx_.types().kind(field.type) == TypeKind::kOptional) {
      value = coerce(cx_, constant(kNoneType, 0, expr.span), field.type);
    } else {
      missing += (missing.empty() ? "`" : ", `") + field.name + "`";
      continue;
    }
    out.args.push_back(in_record(std::move(value), field.type));
  }
  if (!missing.empty()) {
    cx_.report(Diag::kMissingArgument, expr.span)
        .arg(shown_name(decl))
        .arg(missing)
        .related(decl.info.span, "declared here");
  }
  bool failed = std::ranges::any_of(out.args, [](const Expr& arg) { return arg.type == kErrorType; });
  if (failed || cx_.diagnostics->error_count() > errors || !missing.empty()) return error(expr.span);
  std::optional<Datum> known = constant_value(cx_.schema(), out);
  return known ? constant(std::move(*known), expr.span) : out;
}

// ---- x.name ---------------------------------------------------------------------------------------------------------

Expr Checker::record_field(const ast::Expr& expr, Expr base, TypeId owner, bool optional) {
  const RecordDecl& decl = cx_.schema().records[cx_.types()[owner].decl];
  size_t number = field_number(decl, expr.text);
  if (number == SIZE_MAX) {
    return unknown_member(expr.name_span, shown_name(decl), "field", expr.text, field_names(decl), decl.info.span);
  }
  const FieldDecl& field = decl.fields[number];
  cx_.note(expr.name_span, field.span, RefKind::kField, field.type);
  Expr out;
  out.op = Op::kRecordField;
  out.span = expr.span;
  out.n = static_cast<int64_t>(number);
  out.type = optional ? cx_.types().optional_of(field.type) : field.type;
  out.args.push_back(std::move(base));
  return narrowed(std::move(out));
}

}  // namespace lictor
