// Constants: made, recognised, checked against ranges, and brought into the one form of their value.
#include <algorithm>

#include "compiler/checker.h"

namespace lictor {

Expr constant(TypeId type, int64_t word, Span span) {
  Datum value;
  value.type = type;
  value.n = word;
  return constant(std::move(value), span);
}

Expr constant(Datum value, Span span) {
  Expr out;
  out.op = Op::kConst;
  out.type = value.type;
  out.span = span;
  out.constant = std::make_shared<const Datum>(std::move(value));
  return out;
}

Literal let_literal(uint32_t slot, Expr value, Span span) {
  Literal out;
  out.kind = Literal::Kind::kLet;
  out.span = span;
  out.slot = slot;
  out.expr = std::move(value);
  return out;
}

std::optional<Datum> constant_value(const Schema& schema, const Expr& expr) {
  switch (expr.op) {
    case Op::kConst:
      return *expr.constant;
    case Op::kSome: {
      std::optional<Datum> inner = constant_value(schema, expr.args[0]);
      if (inner) inner->type = expr.type;
      return inner;
    }
    case Op::kMakeSet:
    case Op::kMakeList:
    case Op::kMakeMap:
    case Op::kMakeRecord: {
      Datum out;
      out.type = expr.type;
      for (const Expr& arg : expr.args) {
        std::optional<Datum> item = constant_value(schema, arg);
        if (!item) return std::nullopt;
        out.items.push_back(std::move(*item));
      }
      normalize(schema, out);
      return out;
    }
    default:
      return std::nullopt;
  }
}

void normalize(const Schema& schema, Datum& value) {
  if (schema.types.kind(value.type) == TypeKind::kRecord) {
    const std::vector<FieldDecl>& fields = schema.records[schema.types[value.type].decl].fields;
    for (size_t i = 0; i < value.items.size(); ++i) value.items[i].type = fields[i].type;
    return;
  }
  auto before = [&](const Datum& a, const Datum& b) { return compare(schema, a, b) < 0; };
  auto same = [&](const Datum& a, const Datum& b) { return compare(schema, a, b) == 0; };
  if (schema.types.kind(value.type) == TypeKind::kSet) {
    std::sort(value.items.begin(), value.items.end(), before);
    value.items.erase(std::unique(value.items.begin(), value.items.end(), same), value.items.end());
  } else if (schema.types.kind(value.type) == TypeKind::kMap) {
    std::vector<std::pair<Datum, Datum>> entries;
    for (size_t i = 0; i + 1 < value.items.size(); i += 2) {
      entries.emplace_back(std::move(value.items[i]), std::move(value.items[i + 1]));
    }
    std::stable_sort(entries.begin(), entries.end(), [&](auto& a, auto& b) { return before(a.first, b.first); });
    value.items.clear();
    for (size_t i = 0; i < entries.size(); ++i) {
      if (i + 1 < entries.size() && same(entries[i].first, entries[i + 1].first)) continue;
      value.items.push_back(std::move(entries[i].first));
      value.items.push_back(std::move(entries[i].second));
    }
  }
}

bool check_ranges(CheckContext& context, TypeId id, const Datum& value, Span span) {
  if (value.none || value.type == kErrorType) return true;
  const Type type = context.types()[unwrap(context.types(), id)];
  if (type.ranged && (value.n < type.lo || value.n > type.hi)) {
    context.report(Diag::kOutOfRange, span)
        .arg(show(context.schema(), value))
        .arg(type_name(context.schema(), unwrap(context.types(), id)));
    return false;
  }
  bool ok = true;
  for (size_t i = 0; i < value.items.size() && ok; ++i) {
    bool key = type.kind == TypeKind::kMap && i % 2 == 0;
    TypeId part = type.kind == TypeKind::kRecord ? type.members[i] : (key ? type.key : type.elem);
    ok = check_ranges(context, part, value.items[i], span);
  }
  return ok;
}

std::optional<Datum> check_constant(CheckContext& context, uint32_t module, const ast::Expr& expr, TypeId to,
                                    bool strings_are_ids) {
  Checker checker(context, module);
  checker.only_constants(strings_are_ids);
  Expr checked = checker.value(expr, to);
  if (checked.type == kErrorType) return std::nullopt;
  std::optional<Datum> value = constant_value(context.schema(), checked);
  if (!value) {
    context.report(Diag::kNotConstant, expr.span);
    return std::nullopt;
  }
  if (!check_ranges(context, to, *value, expr.span)) return std::nullopt;
  if (to != kErrorType && same_base(context.types(), value->type, to)) value->type = to;
  return value;
}

bool known_instance(const CheckContext& context, uint32_t entity, std::string_view id) {
  const EntityDecl& decl = context.program.schema.entities[entity];
  if (!decl.closed || decl.source != FactSource::kInline) return true;
  return context.instance_ids[entity].count(std::string(id)) != 0;
}

}  // namespace lictor
