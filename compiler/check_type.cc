// Types as written to types as interned, and which type fits where.
#include <algorithm>

#include "compiler/check.h"
#include "compiler/checked_text.h"
#include "compiler/literals.h"

namespace lictor {
namespace {

constexpr uint32_t kLongestAliasChain = 100;

struct BuiltinType {
  std::string_view name;
  TypeId type;
};
constexpr BuiltinType kBuiltinTypes[] = {{"bool", kBoolType},     {"int", kIntType},     {"decimal", kDecimalType},
                                         {"string", kStringType}, {"time", kTimeType},   {"duration", kDurationType},
                                         {"clock", kClockType},   {"date", kDateType},   {"ip", kIpType},
                                         {"glob", kGlobType},     {"regex", kRegexType}, {"digest", kDigestType},
                                         {"float", kFloatType}};

class TypeResolver {
 public:
  TypeResolver(CheckContext& context, uint32_t module) : cx_(context), module_(module) {}

  TypeId resolve(const ast::TypeExpr& type, bool requests) {
    switch (type.kind) {
      case ast::TypeExprKind::kNamed:
        return named(type, requests);
      case ast::TypeExprKind::kOptional:
        return cx_.types().optional_of(resolve(type.args[0], false));
      case ast::TypeExprKind::kSet:
        return collection(type, "an element of a set");
      case ast::TypeExprKind::kList:
        return collection(type, "an element of a list");
      case ast::TypeExprKind::kMap:
        return map(type);
      case ast::TypeExprKind::kRecord:
        return record(type);
      case ast::TypeExprKind::kUnion:
        return union_type(type);
    }
    return kErrorType;
  }

  TypeId alias(uint32_t index, Span span, const std::string& name) {
    if (std::ranges::find(chain_, index) != chain_.end()) {
      report_cycle(index);
      return kErrorType;
    }
    if (cx_.alias_types[index] != kNoneType) return cx_.alias_types[index];
    if (chain_.size() >= kLongestAliasChain) {
      cx_.report(Diag::kLetTooLarge, span).arg(name).arg(int64_t{kLongestAliasChain}).arg("levels");
      return kErrorType;
    }
    const ast::TypeAlias& declared = this->declared(index);
    chain_.push_back(index);
    uint32_t outside = module_;
    module_ = cx_.names.aliases()[index].module;
    TypeId type = resolve(declared.type, false);
    module_ = outside;
    chain_.pop_back();
    // A member of a cycle is known by now: the cycle was reported, and the type is an error for all.
    if (cx_.alias_types[index] == kNoneType) cx_.alias_types[index] = type;
    return cx_.alias_types[index];
  }

 private:
  TypeId later(Span span, std::string_view what) {
    cx_.report(Diag::kNotSupported, span).arg(what);
    return kErrorType;
  }

  TypeId collection(const ast::TypeExpr& type, std::string_view role) {
    TypeId elem = element(type.args[0], role);
    if (type.kind == ast::TypeExprKind::kSet && !comparable(elem, type.args[0].span, role)) return kErrorType;
    if (elem == kErrorType) return kErrorType;
    return type.kind == ast::TypeExprKind::kSet ? cx_.types().set_of(elem) : cx_.types().list_of(elem);
  }

  TypeId map(const ast::TypeExpr& type) {
    TypeId key = element(type.args[0], "the key of a map");
    if (!comparable(key, type.args[0].span, "the key of a map")) return kErrorType;
    TypeId elem = element(type.args[1], "the value of a map");
    return key == kErrorType || elem == kErrorType ? kErrorType : cx_.types().map_of(key, elem);
  }

  bool comparable(TypeId type, Span span, std::string_view role) {
    if (has_equality(cx_.types(), type)) return true;
    cx_.report(Diag::kNoKeyType, span).arg("`" + type_name(cx_.schema(), type) + "`").arg(role);
    return false;
  }

  TypeId element(const ast::TypeExpr& type, std::string_view role) {
    TypeId elem = resolve(type, false);
    if (cx_.types().kind(elem) != TypeKind::kOptional) return elem;
    cx_.report(Diag::kBadType, type.span).arg("`" + type_name(cx_.schema(), elem) + "`").arg(role);
    return kErrorType;
  }

  TypeId record(const ast::TypeExpr& type) {
    if (auto known = cx_.record_types.find(&type); known != cx_.record_types.end()) return known->second;
    std::vector<FieldDecl> fields;
    for (const ast::Field& source : type.fields) fields.push_back(record_field(source));
    const ast::Name* name = nullptr;
    if (!chain_.empty() && &declared(chain_.back()).type == &type) name = &declared(chain_.back()).head.name;
    return cx_.record_types[&type] = record_type(cx_, module_, type, std::move(fields), name);
  }

  FieldDecl record_field(const ast::Field& source) {
    FieldDecl field;
    field.name = source.name.text;
    field.wire = source.wire.value_or(source.name.text);
    field.span = source.name.span;
    field.type = resolve(source.type, false);
    return field;
  }

  TypeId union_type(const ast::TypeExpr& type) {
    std::vector<TypeId> members;
    for (const ast::TypeExpr& arg : type.args) {
      TypeId member = resolve(arg, false);
      TypeKind kind = cx_.types().kind(member);
      if (kind == TypeKind::kEntity || kind == TypeKind::kUnion) {
        members.push_back(member);
        continue;
      }
      if (member == kErrorType) continue;
      auto report = cx_.report(Diag::kBadType, arg.span);
      report.arg("`" + type_name(cx_.schema(), member) + "`").arg("a member of a union");
      if (kind == TypeKind::kOptional)
        report.hint("name the union, `type Principal = User | Group`, and write `Principal?`");
      else
        report.hint("a union is of entity types, whose values know their type");
    }
    return members.size() == type.args.size() ? cx_.types().union_of(std::move(members)) : kErrorType;
  }

  TypeId named(const ast::TypeExpr& type, bool requests) {
    std::string name = path_text(type.name);
    for (const BuiltinType& builtin : kBuiltinTypes) {
      if (builtin.name == name) return with_range(type, builtin.type);
    }
    const Symbol* symbol = lookup(type, name);
    TypeId found = symbol == nullptr ? kErrorType : of_symbol(*symbol, type, name, requests);
    return type.range.empty() || found == kErrorType ? found : with_range(type, found);
  }

  const Symbol* lookup(const ast::TypeExpr& type, const std::string& name) {
    if (const Symbol* symbol = cx_.names.find(module_, name); symbol != nullptr) {
      cx_.note_symbol(module_, type.name.span, name, *symbol);
      return cx_.names.resolve(module_, name, type.name.span, "type");
    }
    if (cx_.names.is_missing(module_, name)) return nullptr;
    auto report = cx_.report(Diag::kUnknownName, type.name.span);
    report.arg("type").arg(name);
    std::vector<std::string> builtin;
    for (const BuiltinType& known : kBuiltinTypes) builtin.emplace_back(known.name);
    std::string hint = cx_.names.suggest(name, builtin);
    if (hint.empty()) hint = cx_.names.suggest(module_, name);
    if (!hint.empty()) report.hint(hint);
    return nullptr;
  }

  TypeId of_symbol(const Symbol& symbol, const ast::TypeExpr& type, const std::string& name, bool requests) {
    switch (symbol.kind) {
      case SymbolKind::kEnum:
        return cx_.types().enum_type(symbol.index);
      case SymbolKind::kEntity:
        return cx_.types().entity_type(symbol.index);
      case SymbolKind::kAlias:
        return alias(symbol.index, type.span, name);
      case SymbolKind::kRequest:
        if (requests) return cx_.types().request_type(symbol.index);
        cx_.report(Diag::kBadType, type.span).arg("the request type `" + name + "`").arg("the type of a value");
        return kErrorType;
      default:
        cx_.report(Diag::kWrongKind, type.name.span)
            .arg(name)
            .arg(describe(symbol.kind))
            .arg("a type")
            .related(symbol.span, "declared here");
        return kErrorType;
    }
  }

  const ast::TypeAlias& declared(uint32_t alias) const {
    const Names::Declared& at = cx_.names.aliases()[alias];
    return cx_.modules[at.module].aliases[at.position];
  }

  void report_cycle(uint32_t index) {
    auto head = [&](uint32_t alias) -> const ast::Head& { return declared(alias).head; };
    auto first = std::ranges::find(chain_, index);
    std::string cycle;
    for (auto at = first; at != chain_.end(); ++at) {
      cx_.alias_types[*at] = kErrorType;
      cycle += "`" + head(*at).name.text + "` -> ";
    }
    const std::string& name = head(index).name.text;
    auto report = cx_.report(Diag::kCyclicLet, head(index).name.span);
    report.arg(name).arg(cycle + "`" + name + "`");
    bool plain = std::all_of(first, chain_.end(),
                             [&](uint32_t alias) { return declared(alias).type.kind == ast::TypeExprKind::kNamed; });
    if (!plain)
      report.hint("a record holds its fields whole, so it cannot hold itself; entities can refer to each other");
  }

  TypeId with_range(const ast::TypeExpr& type, TypeId base) {
    if (type.range.empty()) return base;
    if (base == kStringType || base == kBoolType || base == kFloatType || is_checked_text(cx_.types().kind(base)) ||
        cx_.types().kind(base) == TypeKind::kEnum || cx_.types().kind(base) >= TypeKind::kEntity) {
      cx_.report(Diag::kBadType, type.span).arg("`" + type_name(cx_.schema(), base) + "`").arg("limited by a range");
      return kErrorType;
    }
    std::optional<Datum> lo = check_constant(cx_, module_, type.range[0], base);
    std::optional<Datum> hi = check_constant(cx_, module_, type.range[1], base);
    if (!lo || !hi) return kErrorType;
    if (lo->n > hi->n) {
      cx_.report(Diag::kEmptyRange, type.span).arg(show(cx_.schema(), *lo) + ".." + show(cx_.schema(), *hi));
      return kErrorType;
    }
    return cx_.types().ranged(base, lo->n, hi->n);
  }

  CheckContext& cx_;
  uint32_t module_;
  std::vector<uint32_t> chain_;  // aliases that are being resolved, each named by the one before
};

}  // namespace

void resolve_alias(CheckContext& context, uint32_t alias) {
  const Names::Declared& at = context.names.aliases()[alias];
  const ast::Name& name = context.modules[at.module].aliases[at.position].head.name;
  TypeResolver(context, at.module).alias(alias, name.span, name.text);
}

TypeId resolve_type(CheckContext& context, uint32_t module, const ast::TypeExpr& type, bool requests) {
  return TypeResolver(context, module).resolve(type, requests);
}

bool same_base(const TypeTable& types, TypeId a, TypeId b) {
  if (a == b || a == kErrorType || b == kErrorType) return true;
  const Type& x = types[a];
  const Type& y = types[b];
  if (x.kind != y.kind || x.decl != y.decl || x.members != y.members) return false;
  switch (x.kind) {
    case TypeKind::kOptional:
    case TypeKind::kSet:
    case TypeKind::kList:
      return same_base(types, x.elem, y.elem);
    case TypeKind::kMap:
      return same_base(types, x.key, y.key) && same_base(types, x.elem, y.elem);
    default:
      return true;
  }
}

TypeId join_types(TypeTable& types, TypeId a, TypeId b) {
  if (a == b || b == kErrorType) return a;
  if (a == kErrorType) return b;
  Type x = types[a];
  Type y = types[b];
  switch (x.kind) {
    case TypeKind::kOptional:
      return types.optional_of(join_types(types, x.elem, y.elem));
    case TypeKind::kSet:
      return types.set_of(join_types(types, x.elem, y.elem));
    case TypeKind::kList:
      return types.list_of(join_types(types, x.elem, y.elem));
    case TypeKind::kMap:
      return types.map_of(join_types(types, x.key, y.key), join_types(types, x.elem, y.elem));
    default:
      break;
  }
  if (!x.ranged || !y.ranged) return types.strip_range(a);
  return types.ranged(a, std::min(x.lo, y.lo), std::max(x.hi, y.hi));
}

TypeId unwrap(const TypeTable& types, TypeId type) {
  return types.kind(type) == TypeKind::kOptional ? types[type].elem : type;
}

bool has_equality(const TypeTable& types, TypeId id) {
  const Type& type = types[id];
  switch (type.kind) {
    case TypeKind::kFloat:
    case TypeKind::kRequest:
      return false;
    case TypeKind::kOptional:
    case TypeKind::kSet:
    case TypeKind::kList:
      return has_equality(types, type.elem);
    case TypeKind::kMap:
      return has_equality(types, type.key) && has_equality(types, type.elem);
    case TypeKind::kRecord:
      return std::ranges::all_of(type.members, [&](TypeId field) { return has_equality(types, field); });
    default:
      return true;
  }
}

bool is_ordered(const Schema& schema, TypeId id) {
  switch (schema.types.kind(id)) {
    case TypeKind::kError:
    case TypeKind::kInt:
    case TypeKind::kDecimal:
    case TypeKind::kTime:
    case TypeKind::kDuration:
    case TypeKind::kClock:
    case TypeKind::kDate:
    case TypeKind::kFloat:
      return true;
    case TypeKind::kEnum:
      return schema.enums[schema.types[id].decl].ordered;
    default:
      return false;
  }
}

namespace {

Expr as_optional(Expr expr, TypeId to) {
  if (expr.op == Op::kConst && expr.constant) {
    Datum value = *expr.constant;
    value.type = to;
    expr.constant = std::make_shared<const Datum>(std::move(value));
    expr.type = to;
    return expr;
  }
  Expr some;
  some.op = Op::kSome;
  some.type = to;
  some.span = expr.span;
  some.args.push_back(std::move(expr));
  return some;
}

}  // namespace

Expr coerce(CheckContext& context, Expr expr, TypeId to) {
  TypeTable& types = context.types();
  if (expr.type == kNoneType && types.kind(to) == TypeKind::kOptional) {
    Datum none;
    none.type = to;
    none.none = true;
    return constant(std::move(none), expr.span);
  }
  if (same_base(types, expr.type, to)) return expr;
  if (types.kind(to) == TypeKind::kOptional && same_base(types, expr.type, types[to].elem)) {
    return as_optional(std::move(expr), types.optional_of(expr.type));
  }
  if (std::optional<TypeId> wide = widened_type(types, expr.type, to))
    return coerce(context, as_type(context.schema(), std::move(expr), *wide), to);
  const Schema& schema = context.schema();
  if (types.kind(expr.type) == TypeKind::kOptional && same_base(types, types[expr.type].elem, to)) {
    context.report(Diag::kOptionalUnresolved, expr.span)
        .arg("`" + type_name(schema, to) + "`")
        .arg("`" + type_name(schema, expr.type) + "`")
        .hint("bind it with `some x = ...`, or give a value for none with `?? ...`");
  } else {
    auto report = context.report(Diag::kTypeMismatch, expr.span);
    report.arg("`" + type_name(schema, to) + "`").arg("`" + type_name(schema, expr.type) + "`");
    if (to == kDecimalType && types.kind(expr.type) == TypeKind::kInt) report.hint("convert it with `decimal(...)`");
    if (to == kFloatType && is_ordered(schema, expr.type)) report.hint("convert it with `float(...)`");
    if (to == kIntType && types.kind(expr.type) == TypeKind::kDecimal) report.hint("convert it with `int(...)`");
    if (types.kind(to) == TypeKind::kUnion && expr.type == kStringType)
      report.hint("write `" + type_name(schema, types[to].members[0]) + "(\"...\")`");
    TypeKind found = types.kind(expr.type);
    if (found == TypeKind::kUnion && std::ranges::find(types[expr.type].members, to) != types[expr.type].members.end())
      report.hint("test it first, to the left, with `is " + type_name(schema, to) + "`");
    if (types.kind(to) == TypeKind::kRecord && found == TypeKind::kRecord)
      report.hint("records are the same where all fields are: names, types and defaults, in the same order");
    if (types.kind(to) == TypeKind::kEntity && expr.type == kStringType) {
      report.hint("write `" + type_name(schema, to) + "(\"...\")`");
    }
  }
  expr.type = kErrorType;
  return expr;
}

std::string count_of(size_t n, std::string_view noun) {
  return std::to_string(n) + " " + std::string(noun) + (n == 1 ? "" : "s");
}

}  // namespace lictor
