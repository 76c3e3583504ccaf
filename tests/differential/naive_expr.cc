// Expressions of the naive evaluator. Arithmetic is done in 128 bits and checked afterwards.
#include <algorithm>
#include <cassert>

#include "tests/differential/naive.h"
#include "tests/differential/naive_scalars.h"

namespace lictor::testing {

namespace {

__extension__ typedef __int128 Wide;

Datum word(const Expr& expr, int64_t n) {
  Datum value;
  value.type = expr.type;
  value.n = n;
  return value;
}

Datum text(const Expr& expr, std::string s) {
  Datum value;
  value.type = expr.type;
  value.text = std::move(s);
  return value;
}

bool fits(Wide value) { return value >= INT64_MIN && value <= INT64_MAX; }

/// Quotient rounded half to even. REQUIRES: b != 0.
Wide half_even(Wide a, Wide b) {
  if (b < 0) {
    a = -a;
    b = -b;
  }
  Wide q = a / b, r = a % b;
  if (r < 0) {
    r += b;
    --q;
  }
  if (2 * r > b || (2 * r == b && (q & 1) != 0)) ++q;
  return q;
}

}  // namespace

std::string key_of(const Schema& schema, const Datum& value) {
  if (value.none) return "!";
  TypeId type = value.type;
  if (schema.types.kind(type) == TypeKind::kOptional) type = schema.types[type].elem;
  switch (schema.types.kind(type)) {
    case TypeKind::kString:
    case TypeKind::kIp:
    case TypeKind::kGlob:
    case TypeKind::kRegex:
    case TypeKind::kDigest:
      return "s" + std::to_string(value.text.size()) + ":" + value.text;
    case TypeKind::kEntity:
      return "e" + std::to_string(schema.types[type].decl) + "/" + std::to_string(value.text.size()) + ":" + value.text;
    case TypeKind::kUnion:
      return "e" + std::to_string(value.n) + "/" + std::to_string(value.text.size()) + ":" + value.text;
    case TypeKind::kSet:
    case TypeKind::kList:
    case TypeKind::kMap:
    case TypeKind::kRecord: {
      std::string out = "(";
      for (const Datum& item : value.items) out += key_of(schema, item) + ",";
      return out + ")";
    }
    default:
      return "n" + std::to_string(value.n);
  }
}

std::string key_of(const Schema& schema, const std::vector<Datum>& row) {
  std::string out;
  for (const Datum& value : row) out += key_of(schema, value) + ";";
  return out;
}

bool Naive::same(const Datum& a, const Datum& b) const { return key_of(schema_, a) == key_of(schema_, b); }
bool Naive::less(const Datum& a, const Datum& b) const { return compare(schema_, a, b) < 0; }

std::optional<Datum> Naive::fail(const Expr& expr, const char* kind, Scope& scope) {
  scope.errors->insert(std::string(kind) + "@" + std::to_string(expr.span.begin) + "-" + std::to_string(expr.span.end));
  return std::nullopt;
}

Datum Naive::attribute(const Datum& entity, const Expr& expr) const {
  Datum none;
  none.type = expr.type;
  none.none = true;
  if (entity.none) return none;
  TypeId type = entity.type;
  if (schema_.types.kind(type) == TypeKind::kOptional) type = schema_.types[type].elem;
  uint32_t decl = schema_.types[type].decl;
  auto found = entities_[decl].find(entity.text);
  const FieldDecl& field = schema_.entities[decl].attributes[expr.n];
  if (found == entities_[decl].end() || found->second.attributes.empty())
    return field.default_value ? *field.default_value : none;
  return found->second.attributes[expr.n];
}

bool Naive::in_entity(const Datum& member, const Datum& group) const {
  if (member.none || group.none) return false;
  if (same(member, group)) return true;
  auto found = containers_.find(key_of(schema_, member));
  return found != containers_.end() && found->second.contains(key_of(schema_, group));
}

std::optional<Datum> Naive::arithmetic(const Expr& expr, const Datum& a, const Datum& b, Scope& scope) {
  Wide x = a.n, y = b.n, result = 0;
  switch (expr.op) {
    case Op::kAdd:
      result = x + y;
      break;
    case Op::kSub:
      result = x - y;
      break;
    case Op::kMul:
      result = x * y;
      break;
    case Op::kDiv:
      if (y == 0) return fail(expr, "division", scope);
      result = x / y;
      break;
    case Op::kMod:
      if (y == 0) return fail(expr, "division", scope);
      result = x % y;
      break;
    case Op::kDecMul:
      result = half_even(x * y, kDecimalScale);
      break;
    case Op::kDecDiv:
      if (y == 0) return fail(expr, "division", scope);
      result = half_even(x * kDecimalScale, y);
      break;
    default:
      assert(false);
  }
  if (!fits(result)) return fail(expr, "overflow", scope);
  return word(expr, static_cast<int64_t>(result));
}

std::optional<Datum> Naive::eval(const Expr& expr, Scope& scope) {
  switch (expr.op) {
    case Op::kConst:
      return *expr.constant;
    case Op::kSlot:
      assert(scope.slots[expr.n]);
      return *scope.slots[expr.n];
    case Op::kField:
      return fields_[expr.n];
    case Op::kParam:
      return params_[expr.n];
    case Op::kNow:
      return word(expr, now_);
    case Op::kAnd:
    case Op::kOr: {
      auto first = eval(expr.args[0], scope);
      if (!first || (first->n != 0) == (expr.op == Op::kOr)) return first;
      return eval(expr.args[1], scope);
    }
    case Op::kIf: {
      auto condition = eval(expr.args[0], scope);
      if (!condition) return condition;
      return eval(expr.args[condition->n ? 1 : 2], scope);
    }
    case Op::kCoalesce: {
      auto first = eval(expr.args[0], scope);
      if (!first || !first->none) return first;
      return eval(expr.args[1], scope);
    }
    default:
      break;
  }
  std::vector<Datum> v;
  for (const Expr& arg : expr.args) {
    auto value = eval(arg, scope);
    if (!value) return value;
    v.push_back(std::move(*value));
  }
  switch (expr.op) {
    case Op::kOnly:
      return v[0].n > 1 ? fail(expr, "yield", scope) : word(expr, 1);
    case Op::kGranted:
      return granted(expr, std::move(v), scope);
    case Op::kAttr:
      return attribute(v[0], expr);
    case Op::kRecordField: {
      Datum field = v[0].none ? v[0] : v[0].items[static_cast<size_t>(expr.n)];
      if (v[0].none) field.type = expr.type;
      return field;
    }
    case Op::kMakeRecord: {
      Datum record = word(expr, 0);
      record.items = std::move(v);
      return record;
    }
    case Op::kIs: {
      TypeId type = v[0].type;
      if (schema_.types.kind(type) == TypeKind::kOptional) type = schema_.types[type].elem;
      bool is_union = schema_.types.kind(type) == TypeKind::kUnion;
      return word(expr, (is_union ? v[0].n : schema_.types[type].decl) == expr.n);
    }
    case Op::kAs: {
      TypeId from = v[0].type;
      if (schema_.types.kind(from) == TypeKind::kOptional) from = schema_.types[from].elem;
      TypeId to = expr.type;
      if (schema_.types.kind(to) == TypeKind::kOptional) to = schema_.types[to].elem;
      Datum as = v[0];
      bool was_union = schema_.types.kind(from) == TypeKind::kUnion;
      if (!was_union) as.n = schema_.types[from].decl;
      if (schema_.types.kind(to) != TypeKind::kUnion) as.n = 0;
      as.type = expr.type;
      return as;
    }
    case Op::kNeg:
      return v[0].n == INT64_MIN ? fail(expr, "overflow", scope) : word(expr, -v[0].n);
    case Op::kIntToDec: {
      Wide wide = static_cast<Wide>(v[0].n) * kDecimalScale;
      return fits(wide) ? word(expr, static_cast<int64_t>(wide)) : fail(expr, "overflow", scope);
    }
    case Op::kDecToInt:
      return v[0].n % kDecimalScale ? fail(expr, "not whole", scope) : word(expr, v[0].n / kDecimalScale);
    case Op::kSome: {
      Datum some = v[0];
      if (expr.can_err && !some.none && some.text.empty() && some.items.empty() && some.n == INT64_MIN)
        return fail(expr, "overflow", scope);
      some.type = expr.type;
      return some;
    }
    case Op::kEq:
      return word(expr, same(v[0], v[1]));
    case Op::kNe:
      return word(expr, !same(v[0], v[1]));
    case Op::kLt:
      return word(expr, v[0].n < v[1].n);
    case Op::kLe:
      return word(expr, v[0].n <= v[1].n);
    case Op::kWithin: {  // (now - window, now]
      Wide begin = static_cast<Wide>(v[1].n) - v[2].n;
      return word(expr, v[0].n <= v[1].n && v[0].n > begin);
    }
    case Op::kTextLt:
      return word(expr, v[0].text < v[1].text);
    case Op::kTextLe:
      return word(expr, v[0].text <= v[1].text);
    case Op::kNot:
      return word(expr, !v[0].n);
    case Op::kHas:
      return word(expr, !v[0].none);
    case Op::kInEntity:
      return word(expr, in_entity(v[0], v[1]));
    case Op::kInSet:
    case Op::kInList:
      return word(
          expr, std::any_of(v[1].items.begin(), v[1].items.end(), [&](const Datum& item) { return same(item, v[0]); }));
    case Op::kInMap:
    case Op::kMapGet:
    case Op::kMapGetTotal: {
      const Datum& map = expr.op == Op::kInMap ? v[1] : v[0];
      const Datum& wanted = expr.op == Op::kInMap ? v[0] : v[1];
      for (size_t i = 0; i + 1 < map.items.size(); i += 2) {
        if (same(map.items[i], wanted)) return expr.op == Op::kInMap ? word(expr, 1) : map.items[i + 1];
      }
      Datum none = word(expr, 0);
      none.none = expr.op != Op::kInMap;
      return none;
    }
    case Op::kSize: {
      TypeKind kind = schema_.types.kind(expr.args[0].type);
      return word(expr, static_cast<int64_t>(v[0].items.size() / (kind == TypeKind::kMap ? 2 : 1)));
    }
    case Op::kMakeSet: {
      std::sort(v.begin(), v.end(), [&](const Datum& a, const Datum& b) { return less(a, b); });
      v.erase(std::unique(v.begin(), v.end(), [&](const Datum& a, const Datum& b) { return same(a, b); }), v.end());
      Datum set = word(expr, 0);
      set.items = std::move(v);
      return set;
    }
    case Op::kMakeList: {
      Datum list = word(expr, 0);
      list.items = std::move(v);
      return list;
    }
    case Op::kMakeMap: {
      std::vector<std::pair<Datum, Datum>> pairs;
      for (size_t i = 0; i + 1 < v.size(); i += 2) {
        auto old = std::find_if(pairs.begin(), pairs.end(), [&](const auto& p) { return same(p.first, v[i]); });
        if (old != pairs.end())
          old->second = v[i + 1];
        else
          pairs.emplace_back(v[i], v[i + 1]);
      }
      std::sort(pairs.begin(), pairs.end(), [&](const auto& a, const auto& b) { return less(a.first, b.first); });
      Datum map = word(expr, 0);
      for (auto& [k, value] : pairs) {
        map.items.push_back(k);
        map.items.push_back(value);
      }
      return map;
    }
    case Op::kText: {
      std::string joined;
      for (const Datum& value : v) joined += show(schema_, value);
      return text(expr, joined);
    }
    case Op::kEntityId:
      return text(expr, v[0].text);
    case Op::kTextSize:
      return word(expr, static_cast<int64_t>(v[0].text.size()));
    case Op::kStartsWith:
      return word(expr, v[0].text.starts_with(v[1].text));
    case Op::kEndsWith:
      return word(expr, v[0].text.ends_with(v[1].text));
    case Op::kContains:
      return word(expr, v[0].text.find(v[1].text) != std::string::npos);
    case Op::kIpIn:
      return word(expr, naive_ip_in(v[0].text, v[1].text));
    case Op::kMatchGlob:
      return word(expr, naive_glob(v[1].text, v[0].text));
    case Op::kMatchRegex:
      return word(expr, naive_regex(v[1].text, v[0].text));
    case Op::kCivil: {
      auto field = naive_civil(expr.n, v[0].n, v[1].text);
      return field ? word(expr, *field) : fail(expr, "zone", scope);
    }
    case Op::kAdd:
    case Op::kSub:
    case Op::kMul:
    case Op::kDiv:
    case Op::kMod:
    case Op::kDecMul:
    case Op::kDecDiv:
      return arithmetic(expr, v[0], v[1], scope);
    default:
      break;
  }
  if (expr.op >= Op::kAbs && expr.op <= Op::kFloatToDec) return function(expr, v, scope);
  assert(false && "INVARIANT: the naive evaluator knows every operation of ops.def");
  return std::nullopt;
}

}  // namespace lictor::testing
