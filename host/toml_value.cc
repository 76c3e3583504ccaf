// A value of a parameter is written as TOML has it: booleans, integers, arrays for sets and lists, tables for maps and
// records, date-times for times; everything else (decimals with exact places, durations, enum members, ids) as a string
// the way a person types it. A TOML float is taken for a decimal by its shortest text, so 0.95 is exactly 0.95.
#include "host/toml_value.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <sstream>

#include "compiler/analyze.h"
#include "compiler/literals.h"

namespace lictor {

namespace {

class ValueReader {
 public:
  explicit ValueReader(const Schema& schema) : schema_(schema) {}

  std::optional<Datum> convert(TypeId id, const toml::node& node) {
    const Type& type = schema_.types[id];
    std::optional<Datum> value;
    if (type.kind == TypeKind::kOptional) {
      value = convert(type.elem, node);
      if (value) value->type = id;
      return value;
    }
    if (const toml::table* table = node.as_table()) {
      if (type.kind == TypeKind::kMap) return map(id, type, *table);
      if (type.kind == TypeKind::kRecord) return record(id, schema_.records[type.decl], *table);
      return std::nullopt;
    }
    if (const toml::array* array = node.as_array()) return list(id, type, *array);
    value = scalar(id, type, node);
    if (value && type.ranged && (value->n < type.lo || value->n > type.hi)) return std::nullopt;
    return value;
  }

 private:
  Datum word(TypeId type, int64_t n) { return {.type = type, .none = false, .n = n, .text = {}, .items = {}}; }

  std::optional<Datum> scalar(TypeId id, const Type& type, const toml::node& node) {
    if (const auto* value = node.as_boolean()) {
      return type.kind == TypeKind::kBool ? std::optional(word(id, value->get())) : std::nullopt;
    }
    if (const auto* value = node.as_integer()) return number(id, type, std::to_string(value->get()));
    if (const auto* value = node.as_floating_point()) return number(id, type, shortest(value->get()));
    if (const auto* value = node.as_date_time()) return time(id, type, value->get());
    const auto* text = node.as_string();
    if (text == nullptr || type.kind == TypeKind::kBool || type.kind == TypeKind::kInt) return std::nullopt;
    if (type.kind == TypeKind::kString) {
      Datum value = word(id, 0);
      value.text = text->get();
      return value;
    }
    auto parsed = parse_value(schema_, id, text->get());
    return parsed ? std::optional(std::move(*parsed)) : std::nullopt;
  }

  std::optional<Datum> number(TypeId id, const Type& type, const std::string& text) {
    std::optional<int64_t> n;
    if (type.kind == TypeKind::kInt) n = parse_int(text);
    if (type.kind == TypeKind::kDecimal) n = parse_decimal(text);
    if (type.kind == TypeKind::kFloat) {
      auto parsed = parse_value(schema_, id, text);
      return parsed ? std::optional(std::move(*parsed)) : std::nullopt;
    }
    return n ? std::optional(word(id, *n)) : std::nullopt;
  }

  static std::string shortest(double value) {
    std::array<char, 400> buffer{};
    auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed);
    return error == std::errc() ? std::string(buffer.data(), end) : std::string();
  }

  std::optional<Datum> time(TypeId id, const Type& type, const toml::date_time& value) {
    if (type.kind != TypeKind::kTime || !value.offset) return std::nullopt;
    std::ostringstream text;
    text << value;
    std::optional<int64_t> n = parse_time(text.str());
    return n ? std::optional(word(id, *n)) : std::nullopt;
  }

  std::optional<Datum> list(TypeId id, const Type& type, const toml::array& array) {
    if (type.kind != TypeKind::kSet && type.kind != TypeKind::kList) return std::nullopt;
    Datum out = word(id, 0);
    for (const toml::node& node : array) {
      auto item = convert(type.elem, node);
      if (!item) return std::nullopt;
      out.items.push_back(std::move(*item));
    }
    if (type.kind == TypeKind::kSet) {
      std::ranges::sort(out.items, [&](const Datum& a, const Datum& b) { return compare(schema_, a, b) < 0; });
      auto twice =
          std::ranges::unique(out.items, [&](const Datum& a, const Datum& b) { return compare(schema_, a, b) == 0; });
      out.items.erase(twice.begin(), twice.end());
    }
    return out;
  }

  /// A map keyed by an enum must be complete, as in the language.
  std::optional<Datum> map(TypeId id, const Type& type, const toml::table& table) {
    std::vector<std::pair<Datum, Datum>> entries;
    for (const auto& [key, node] : table) {
      auto name = schema_.types.kind(type.key) == TypeKind::kString
                      ? Result<Datum>(
                            Datum{.type = type.key, .none = false, .n = 0, .text = std::string(key.str()), .items = {}})
                      : parse_value(schema_, type.key, key.str());
      auto value = convert(type.elem, node);
      if (!name || !value) return std::nullopt;
      entries.emplace_back(std::move(*name), std::move(*value));
    }
    const Type& key_type = schema_.types[type.key];
    if (key_type.kind == TypeKind::kEnum && entries.size() != schema_.enums[key_type.decl].members.size())
      return std::nullopt;
    std::ranges::sort(entries, [&](const auto& a, const auto& b) { return compare(schema_, a.first, b.first) < 0; });
    Datum out = word(id, 0);
    for (auto& [key, value] : entries) {
      out.items.push_back(std::move(key));
      out.items.push_back(std::move(value));
    }
    return out;
  }

  std::optional<Datum> record(TypeId id, const RecordDecl& decl, const toml::table& table) {
    Datum out = word(id, 0);
    size_t used = 0;
    for (const FieldDecl& field : decl.fields) {
      const toml::node* node = table.get(field.wire);
      used += node != nullptr;
      std::optional<Datum> value = node != nullptr ? convert(field.type, *node) : field.default_value;
      if (!value && node == nullptr && schema_.types.kind(field.type) == TypeKind::kOptional) {
        value = word(field.type, 0);
        value->none = true;
      }
      if (!value) return std::nullopt;
      out.items.push_back(std::move(*value));
    }
    return used == table.size() || decl.open ? std::optional(std::move(out)) : std::nullopt;
  }

  const Schema& schema_;
};

}  // namespace

std::optional<Datum> toml_value(const Schema& schema, TypeId type, const toml::node& node) {
  return ValueReader(schema).convert(type, node);
}

namespace {

/// The members that a map keyed by an enum lacks.
std::string lacking(const EnumDecl& keys, const toml::table& table) {
  std::string out;
  for (const EnumMemberDecl& member : keys.members) {
    if (!table.contains(member.name) && !table.contains(member.wire))
      out += (out.empty() ? "`" : ", `") + member.name + "`";
  }
  return out;
}

}  // namespace

namespace {

/// What a table lacks, or has and should not, as a record.
std::string record_hint(const Schema& schema, const RecordDecl& decl, const toml::table& table) {
  for (const FieldDecl& field : decl.fields) {
    const toml::node* node = table.get(field.wire);
    if (node == nullptr && field.mandatory(schema.types)) return "it lacks `" + field.wire + "`";
    if (node != nullptr && !toml_value(schema, field.type, *node))
      return "`" + field.wire + "` has no value of type `" + type_name(schema, field.type) + "`";
  }
  for (const auto& [name, value] : table) {
    if (std::ranges::find(decl.fields, name.str(), &FieldDecl::wire) == decl.fields.end())
      return "it has no field `" + std::string(name.str()) + "`";
  }
  return "";
}

}  // namespace

std::string toml_hint(const Schema& schema, TypeId id, const toml::node& node) {
  const Type& type = schema.types[id];
  if (type.kind == TypeKind::kOptional) return toml_hint(schema, type.elem, node);
  if (type.kind == TypeKind::kRecord && node.is_table())
    return record_hint(schema, schema.records[type.decl], *node.as_table());
  if (type.kind == TypeKind::kMap && node.is_table()) {
    const toml::table& table = *node.as_table();
    const Type& key = schema.types[type.key];
    std::string missing = key.kind == TypeKind::kEnum ? lacking(schema.enums[key.decl], table) : "";
    if (!missing.empty()) return "it lacks " + missing;
    for (const auto& [name, value] : table) {
      if (key.kind == TypeKind::kEnum && !parse_value(schema, type.key, name.str()))
        return "`" + std::string(name.str()) + "` is no member of `" + schema.enums[key.decl].info.name + "`";
      if (!toml_value(schema, type.elem, value))
        return "`" + std::string(name.str()) + "` has no value of type `" + type_name(schema, type.elem) + "`";
    }
  }
  if (type.kind == TypeKind::kDecimal && node.is_floating_point()) return "a decimal has at most four places";
  if (type.kind == TypeKind::kTime) return "a time has a date, a clock and an offset: 2026-01-01T00:00:00Z";
  if (type.kind == TypeKind::kDuration) return "a duration is a text such as \"90m\"";
  if (type.ranged && node.is_number()) return "its values lie in " + type_name(schema, id);
  return "";
}

}  // namespace lictor
