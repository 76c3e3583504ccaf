// Types and values as people read them, and the canonical order of values.
#include "compiler/schema.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "compiler/arith.h"
#include "compiler/checked_text.h"
#include "compiler/ip_text.h"
#include "compiler/literals.h"

namespace lictor {
namespace {

std::string show_float(int64_t bits) {
  double value = 0;
  std::memcpy(&value, &bits, sizeof value);
  char buffer[40];
  auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  return {buffer, end};
}

std::string show_word(const Schema& schema, TypeId type, int64_t word, bool source) {
  switch (schema.types.kind(type)) {
    case TypeKind::kBool:
      return word != 0 ? "true" : "false";
    case TypeKind::kDecimal:
      return show_decimal(word, source);
    case TypeKind::kFloat:
      return show_float(word);
    case TypeKind::kTime:
      return source ? "time\"" + show_time(word) + "\"" : show_time(word);
    case TypeKind::kDuration:
      return show_duration(word);
    case TypeKind::kClock:
      return show_clock(word);
    case TypeKind::kDate:
      return source ? "date\"" + show_date(word) + "\"" : show_date(word);
    case TypeKind::kEnum: {
      const EnumDecl& decl = schema.enums[schema.types[type].decl];
      auto ordinal = static_cast<size_t>(word);
      return ordinal < decl.members.size() ? decl.members[ordinal].name : std::to_string(word);
    }
    default:
      return std::to_string(word);
  }
}

std::string type_with_range(const Schema& schema, const char* name, TypeId id) {
  const Type& type = schema.types[id];
  if (!type.ranged) return name;
  return std::string(name) + " " + show_word(schema, id, type.lo, true) + ".." + show_word(schema, id, type.hi, true);
}

std::string union_name(const Schema& schema, const Type& type) {
  std::string out;
  for (TypeId member : type.members) out += (out.empty() ? "" : " | ") + type_name(schema, member);
  return out;
}

/// The name, or the fields where it has none.
std::string record_name(const Schema& schema, const RecordDecl& decl) {
  constexpr size_t kMostFields = 4;
  if (!decl.info.name.empty()) return decl.info.name;
  std::string out = decl.open ? "open record {" : "record {";
  for (size_t i = 0; i < decl.fields.size(); ++i) {
    if (i == kMostFields) return out + ", ... }";
    out += (i == 0 ? " " : ", ") + decl.fields[i].name + ": " + type_name(schema, decl.fields[i].type);
  }
  return out + " }";
}

struct Shower {
  const Schema& schema;
  bool source;

  std::string items(const Datum& value, const char* open, const char* close) const {
    std::string out = open;
    for (size_t i = 0; i < value.items.size(); ++i) out += (i == 0 ? "" : ", ") + one(value.items[i]);
    return out + close;
  }

  std::string pairs(const Datum& value) const {
    std::string out = "{";
    for (size_t i = 0; i + 1 < value.items.size(); i += 2) {
      out += (i == 0 ? "" : ", ") + one(value.items[i]) + ": " + one(value.items[i + 1]);
    }
    return out + "}";
  }

  std::string record(const Datum& value, const RecordDecl& decl) const {
    std::string out = "{";
    for (size_t i = 0; i < value.items.size() && i < decl.fields.size(); ++i) {
      out += (i == 0 ? "" : ", ") + decl.fields[i].name + ": " + one(value.items[i]);
    }
    return out + "}";
  }

  std::string text(TypeKind kind, const Datum& value) const {
    if (!source) return value.text;
    bool pattern = kind == TypeKind::kGlob || kind == TypeKind::kRegex;
    return std::string(text_mark(kind)) + (pattern ? quote_pattern(value.text) : quote(value.text));
  }

  std::string one(const Datum& value) const {
    if (value.none) return "none";
    TypeId id = value.type;
    if (schema.types.kind(id) == TypeKind::kOptional) id = schema.types[id].elem;
    const Type& type = schema.types[id];
    switch (type.kind) {
      case TypeKind::kString:
      case TypeKind::kDigest:
      case TypeKind::kIp:
      case TypeKind::kGlob:
      case TypeKind::kRegex:
        return text(type.kind, value);
      case TypeKind::kUnion: {
        const std::string& name = schema.entities[static_cast<size_t>(value.n)].info.name;
        return source ? name + "(" + quote(value.text) + ")" : name + ":" + value.text;
      }
      case TypeKind::kEntity:
        return source ? schema.entities[type.decl].info.name + "(" + quote(value.text) + ")" : value.text;
      case TypeKind::kSet:
        return items(value, "{", "}");
      case TypeKind::kList:
        return items(value, "[", "]");
      case TypeKind::kMap:
        return pairs(value);
      case TypeKind::kRecord:
        return record(value, schema.records[type.decl]);
      default:
        return show_word(schema, id, value.n, source);
    }
  }
};

int sign(int64_t a, int64_t b) { return a < b ? -1 : (a > b ? 1 : 0); }

int compare_items(const Schema& schema, const Datum& a, const Datum& b) {
  size_t common = std::min(a.items.size(), b.items.size());
  for (size_t i = 0; i < common; ++i) {
    if (int order = compare(schema, a.items[i], b.items[i]); order != 0) return order;
  }
  return sign(static_cast<int64_t>(a.items.size()), static_cast<int64_t>(b.items.size()));
}

int compare_floats(int64_t a, int64_t b) {
  double x = 0;
  double y = 0;
  std::memcpy(&x, &a, sizeof x);
  std::memcpy(&y, &b, sizeof y);
  return x < y ? -1 : (x > y ? 1 : 0);
}

}  // namespace

bool is_seen(const RelationDecl& relation, const std::vector<Datum>& row, int64_t now) {
  if (relation.expires != kNoIndex && !row[relation.expires].none && now >= row[relation.expires].n) return false;
  if (!relation.is_event) return true;
  return arith::is_within(row[relation.event_time()].n, now, relation.keep);
}

uint32_t entity_of(const Schema& schema, const Datum& value) {
  if (value.none || value.type == kErrorType) return kNoIndex;
  const Type& type = schema.types[base_type(schema, value.type)];
  if (type.kind == TypeKind::kEntity) return type.decl;
  return type.kind == TypeKind::kUnion ? static_cast<uint32_t>(value.n) : kNoIndex;
}

uint32_t member_named(const Schema& schema, TypeId union_type, std::string_view name) {
  uint32_t found = kNoIndex;
  for (TypeId member : schema.types[union_type].members) {
    uint32_t entity = schema.types[member].decl;
    const DeclInfo& info = schema.entities[entity].info;
    if (info.qualified() == name) return entity;
    if (info.name != name) continue;
    if (found != kNoIndex) return kNoIndex;
    found = entity;
  }
  return found;
}

std::optional<TypedId> typed_id(const Schema& schema, TypeId union_type, std::string_view text) {
  size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  uint32_t entity = member_named(schema, union_type, text.substr(0, colon));
  if (entity == kNoIndex) return std::nullopt;
  std::string_view id = text.substr(colon + 1);
  if (id.size() > 3 && id.starts_with(":\"") && id.ends_with('"')) id = id.substr(2, id.size() - 3);
  return TypedId{entity, id};
}

std::string type_name(const Schema& schema, TypeId id) {
  const Type& type = schema.types[id];
  switch (type.kind) {
    case TypeKind::kError:
      return "a value of unknown type";
    case TypeKind::kNone:
      return "none";
    case TypeKind::kBool:
      return "bool";
    case TypeKind::kInt:
      return type_with_range(schema, "int", id);
    case TypeKind::kDecimal:
      return type_with_range(schema, "decimal", id);
    case TypeKind::kFloat:
      return "float";
    case TypeKind::kString:
      return "string";
    case TypeKind::kTime:
      return type_with_range(schema, "time", id);
    case TypeKind::kDuration:
      return type_with_range(schema, "duration", id);
    case TypeKind::kIp:
      return "ip";
    case TypeKind::kDigest:
      return "digest";
    case TypeKind::kGlob:
      return "glob";
    case TypeKind::kRegex:
      return "regex";
    case TypeKind::kClock:
      return type_with_range(schema, "clock", id);
    case TypeKind::kDate:
      return type_with_range(schema, "date", id);
    case TypeKind::kCivil:
      return "civil time";
    case TypeKind::kEnum:
      return schema.enums[type.decl].info.name;
    case TypeKind::kEntity:
      return schema.entities[type.decl].info.name;
    case TypeKind::kRequest:
      return schema.requests[type.decl].info.name;
    case TypeKind::kOptional:
      return type_name(schema, type.elem) + "?";
    case TypeKind::kSet:
      return "set<" + type_name(schema, type.elem) + ">";
    case TypeKind::kList:
      return "list<" + type_name(schema, type.elem) + ">";
    case TypeKind::kMap:
      return "map<" + type_name(schema, type.key) + ", " + type_name(schema, type.elem) + ">";
    case TypeKind::kRecord:
      return record_name(schema, schema.records[type.decl]);
    case TypeKind::kUnion:
      return union_name(schema, type);
  }
  return {};
}

std::string show(const Schema& schema, const Datum& value) { return Shower{schema, false}.one(value); }

std::string show_source(const Schema& schema, const Datum& value) { return Shower{schema, true}.one(value); }

int compare(const Schema& schema, const Datum& a, const Datum& b) {
  if (a.none || b.none) return sign(b.none ? 1 : 0, a.none ? 1 : 0);
  TypeId id = a.type;
  if (schema.types.kind(id) == TypeKind::kOptional) id = schema.types[id].elem;
  switch (schema.types.kind(id)) {
    case TypeKind::kString:
    case TypeKind::kGlob:
    case TypeKind::kRegex:
    case TypeKind::kDigest:
    case TypeKind::kEntity:
    case TypeKind::kUnion: {
      int order = a.text.compare(b.text);
      if (order == 0) return sign(a.n, b.n);
      return order < 0 ? -1 : (order > 0 ? 1 : 0);
    }
    case TypeKind::kIp:
      return compare_ips(a.text, b.text);
    case TypeKind::kFloat:
      return compare_floats(a.n, b.n);
    case TypeKind::kSet:
    case TypeKind::kList:
    case TypeKind::kMap:
    case TypeKind::kRecord:
      return compare_items(schema, a, b);
    default:
      return sign(a.n, b.n);
  }
}

}  // namespace lictor
