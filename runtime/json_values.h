// Reading JSON values by type, strictly: nothing is converted, rounded, ignored or guessed. One template serves facts,
// which become Datums, and requests, which become words: a Sink says what a value becomes.
//
// A Sink has a type Value and these members; all but word() may report a mistake and return nothing:
//   Value word(TypeId type, int64_t word)                    bool, number, time, duration, clock, date, enum
//   Value text(TypeId type, std::string_view text)           string, glob, regex, ip, digest
//   optional<Value> entity(TypeId type, std::string_view id, const JsonPath&)
//   Value some(TypeId optional, Value)                       a value where the type is optional
//   Value list(TypeId, vector<Value>)  Value set(...)  Value record(...)
//   optional<Value> map(TypeId, vector<Value> k0 v0 k1 v1 ..., const JsonPath&)     refuses equal keys
//   Value none(TypeId optional)        Value constant(TypeId, const Datum&)
//   optional<Value> entity_object(TypeId type, ondemand::object&, const JsonPath&, bool typed)  where `typed`, its member
//                                      "type" has been read
//   Value as_union(TypeId type, Value)    an entity as a value of a union
//   void may_be_none(const JsonPath*)     what is read at that path next is an `E?`; null: nothing is
#pragma once

#include <simdjson.h>

#include <new>
#include <optional>
#include <vector>

#include "compiler/checked_text.h"
#include "compiler/literals.h"
#include "runtime/reading.h"
#include "runtime/scalars.h"
#include "runtime/values.h"

namespace lictor {

namespace ondemand = simdjson::ondemand;

inline constexpr int kDeepestJson = 64;

/// A document to read once. simdjson goes on without its buffer for strings where there was no memory for it: here that is
/// std::bad_alloc.
class JsonDocument : public ondemand::document {
 public:
  /// Begins to read `size` bytes of `allocated`, SIMDJSON_PADDING or more of them behind. The parser must outlive this.
  simdjson::error_code open(ondemand::parser& parser, const char* json, size_t size, size_t allocated) {
    auto error = parser.iterate(json, size, allocated).get(static_cast<ondemand::document&>(*this));
    if (error == simdjson::MEMALLOC || (!error && iter.string_buf_loc() == nullptr)) throw std::bad_alloc();
    return error;
  }
};

/// The text of a token without the blanks after it.
std::string_view json_token(ondemand::value& value);
/// "a string", "the number `1.5`", "null": what stands where something else was expected.
std::string json_found(ondemand::value& value);
/// Walks over a value that nobody reads, so that what is wrong with it is still found.
simdjson::error_code json_skip(ondemand::value value, int depth);

template <class Sink>
class JsonValues {
 public:
  using Value = typename Sink::Value;
  using Maybe = std::optional<Value>;

  JsonValues(Reading& reading, Sink& sink) : reading_(reading), schema_(reading.schema), sink_(sink) {}

  /// Nothing after a mistake, which has been reported. After a syntax mistake (broken()) the text cannot be read on.
  Maybe read(ondemand::value value, TypeId type, const JsonPath& path, int depth = 0) {
    if (schema_.types.kind(type) == TypeKind::kOptional) {
      ondemand::json_type found;
      if (auto error = value.type().get(found)) return broken(error, path);
      if (found == ondemand::json_type::null) return null(value, type, path);
      TypeId elem = schema_.types[type].elem;
      TypeKind kind = schema_.types.kind(elem);
      if (kind == TypeKind::kEntity || kind == TypeKind::kUnion) sink_.may_be_none(&path);
      Maybe inner = read_optional(value, elem, path, depth);
      sink_.may_be_none(nullptr);
      if (!inner) return inner;
      return sink_.some(type, std::move(*inner));
    }
    if (depth > kDeepestJson)
      return mistake(Mistake::kLimit, path, {"nested too deeply", std::to_string(kDeepestJson)});
    switch (schema_.types.kind(type)) {
      case TypeKind::kBool:
        return boolean(value, type, path);
      case TypeKind::kInt:
      case TypeKind::kFloat:
        return number(value, type, path);
      case TypeKind::kDecimal: {
        ondemand::json_type found;
        if (auto error = value.type().get(found)) return broken(error, path);
        return found == ondemand::json_type::number ? number(value, type, path) : scalar(value, type, path);
      }
      case TypeKind::kTime:
      case TypeKind::kDuration:
      case TypeKind::kClock:
      case TypeKind::kDate:
      case TypeKind::kEnum:
        return scalar(value, type, path);
      case TypeKind::kEntity:
        return entity(value, type, path);
      case TypeKind::kUnion:
        return union_value(value, type, path);
      case TypeKind::kSet:
      case TypeKind::kList:
        return array(value, type, path, depth);
      case TypeKind::kMap:
        return map(value, type, path, depth);
      case TypeKind::kRecord:
        return record(value, type, path, depth);
      default:
        return string(value, type, path);
    }
  }

  /// The same for a value that is, or will be read as, an optional: there the least word stands for none.
  Maybe read_optional(ondemand::value value, TypeId type, const JsonPath& path, int depth = 0) {
    ++optional_;
    Maybe inner = read(value, type, path, depth);
    --optional_;
    return inner;
  }

  /// Members of an object that are named by declarations: `visit(index, value, path)` for each, once.
  /// `unknown(name, path)` reports members that are none; false where the text is broken.
  template <class Visit, class Unknown>
  bool members(ondemand::object& object, const std::vector<FieldDecl>& fields, const JsonPath& path,
               std::vector<bool>& seen, const Visit& visit, const Unknown& unknown) {
    seen.assign(fields.size(), false);
    for (auto one : object) {
      ondemand::field field;
      if (auto error = std::move(one).get(field)) return !!broken(error, path), false;
      std::string_view key;
      if (auto error = field.unescaped_key().get(key)) return !!broken(error, path), false;
      JsonPath at = path.member(key);
      size_t index = find(fields, key);
      if (index == fields.size()) {
        if (!unknown(key, field.value(), at)) return false;
      } else if (seen[index]) {
        mistake(Mistake::kTwice, at, {"it"});
      } else {
        seen[index] = true;
        visit(index, field.value(), at);
      }
      if (broken_) return false;
    }
    return true;
  }

  bool is_broken() const { return broken_; }
  Maybe broken(simdjson::error_code error, const JsonPath& path) {
    if (!broken_) reading_.report_syntax(path, simdjson::error_message(error));
    broken_ = true;
    return std::nullopt;
  }
  Maybe mistake(Mistake what, const JsonPath& path, std::initializer_list<std::string_view> args,
                std::string_view hint = {}) {
    reading_.report(what, path, args, hint);
    return std::nullopt;
  }
  Maybe wrong_type(ondemand::value& value, TypeId type, const JsonPath& path) {
    return mistake(Mistake::kType, path, {expectation(schema_, type), json_found(value)});
  }
  static size_t find(const std::vector<FieldDecl>& fields, std::string_view wire) {
    size_t index = 0;
    while (index < fields.size() && fields[index].wire != wire) ++index;
    return index;
  }
  static std::vector<std::string> wires(const std::vector<FieldDecl>& fields) {
    std::vector<std::string> names;
    for (const FieldDecl& field : fields) names.push_back(field.wire);
    return names;
  }

 private:
  Maybe null(ondemand::value& value, TypeId type, const JsonPath& path) {
    bool is_null = false;
    if (auto error = value.is_null().get(is_null)) return broken(error, path);
    return mistake(Mistake::kType, path, {expectation(schema_, type), "null"}, "leave an absent value out");
  }

  Maybe ranged(TypeId type, int64_t word, const JsonPath& path) {
    if (!in_range(schema_, type, word) || (optional_ > 0 && word == kNoneWord)) {
      Datum shown;
      shown.type = type;
      shown.n = word;
      return mistake(Mistake::kRange, path, {show(schema_, shown), type_name(schema_, type)});
    }
    return sink_.word(type, word);
  }

  Maybe boolean(ondemand::value& value, TypeId type, const JsonPath& path) {
    ondemand::json_type found;
    if (auto error = value.type().get(found)) return broken(error, path);
    if (found != ondemand::json_type::boolean) return wrong_type(value, type, path);
    bool truth = false;
    if (auto error = value.get_bool().get(truth)) return broken(error, path);
    return sink_.word(type, truth ? 1 : 0);
  }

  Maybe number(ondemand::value& value, TypeId type, const JsonPath& path) {
    ondemand::json_type found;
    if (auto error = value.type().get(found)) return broken(error, path);
    if (found != ondemand::json_type::number) return wrong_type(value, type, path);
    std::string_view token = json_token(value);
    if (!is_json_number(token)) return broken(simdjson::NUMBER_ERROR, path);
    auto word = scalar_word(schema_, type, token);
    if (!word && schema_.types.kind(type) == TypeKind::kInt && is_whole(token))
      return mistake(Mistake::kRange, path, {"`" + std::string(token.substr(0, 40)) + "`", type_name(schema_, type)},
                     "an int has 64 bits");
    if (!word && schema_.types.kind(type) == TypeKind::kDecimal) {
      return mistake(Mistake::kType, path, {expectation(schema_, type), json_found(value)},
                     "a decimal has at most four places and fits into 64 bits");
    }
    if (!word) return wrong_type(value, type, path);
    return ranged(type, *word, path);
  }

  static bool is_whole(std::string_view token) { return token.find_first_of(".eE") == std::string_view::npos; }

  bool take_string(ondemand::value& value, TypeId type, const JsonPath& path, std::string_view& text) {
    ondemand::json_type found;
    if (auto error = value.type().get(found)) return !!broken(error, path);
    if (found != ondemand::json_type::string) return !!wrong_type(value, type, path);
    if (auto error = value.get_string().get(text)) return !!broken(error, path);
    if (text.size() <= reading_.longest_string) return true;
    std::string size = "a string of " + std::to_string(text.size()) + " bytes";
    return !!mistake(Mistake::kLimit, path, {size, std::to_string(reading_.longest_string)});
  }

  Maybe string(ondemand::value& value, TypeId type, const JsonPath& path) {
    std::string_view text;
    if (!take_string(value, type, path, text)) return std::nullopt;
    return text_value(text, type, path);
  }

  Maybe scalar(ondemand::value& value, TypeId type, const JsonPath& path) {
    std::string_view text;
    if (!take_string(value, type, path, text)) return std::nullopt;
    return scalar_text(text, type, path);
  }

  Maybe scalar_text(std::string_view text, TypeId type, const JsonPath& path) {
    auto word = scalar_word(schema_, type, text);
    if (word) return ranged(type, *word, path);
    std::string hint;
    if (schema_.types.kind(type) == TypeKind::kEnum) {
      std::vector<std::string> names;
      for (const auto& member : schema_.enums[schema_.types[type].decl].members) names.push_back(member.wire);
      hint = did_you_mean(text, names);
    }
    return mistake(Mistake::kType, path, {expectation(schema_, type), quote(text)}, hint);
  }

  Maybe entity(ondemand::value& value, TypeId type, const JsonPath& path) {
    ondemand::json_type found;
    if (auto error = value.type().get(found)) return broken(error, path);
    if (Sink::kEntityObjects && found == ondemand::json_type::object) {
      ondemand::object object;
      if (auto error = value.get_object().get(object)) return broken(error, path);
      return sink_.entity_object(type, object, path, false);
    }
    std::string_view id;
    if (!take_string(value, type, path, id)) return std::nullopt;
    return entity_id(id, type, path);
  }

  Maybe entity_id(std::string_view id, TypeId type, const JsonPath& path) {
    if (!check_id(reading_, id, path)) return std::nullopt;
    return sink_.entity(type, id, path);
  }

  /// "User:ann", or {"type": "User", "id": "ann"}
  Maybe union_value(ondemand::value& value, TypeId type, const JsonPath& path) {
    ondemand::json_type found;
    if (auto error = value.type().get(found)) return broken(error, path);
    if (found == ondemand::json_type::object) return union_object(value, type, path);
    std::string_view text;
    if (!take_string(value, type, path, text)) return std::nullopt;
    return typed_text(text, type, path);
  }

  Maybe union_object(ondemand::value& value, TypeId type, const JsonPath& path) {
    ondemand::object object;
    if (auto error = value.get_object().get(object)) return broken(error, path);
    JsonPath at = path.member("type");
    ondemand::value name;
    if (auto error = object.find_field_unordered("type").get(name)) {
      if (error != simdjson::NO_SUCH_FIELD) return broken(error, path);
      return mistake(Mistake::kMissing, at, {"`type`"}, "it says which of `" + type_name(schema_, type) + "` it is");
    }
    ondemand::json_type found;
    if (auto error = name.type().get(found)) return broken(error, at);
    if (found != ondemand::json_type::string)
      return mistake(Mistake::kType, at, {"the name of an entity type", json_found(name)});
    // As it stands there: names have no escapes, and a string may be unescaped once only.
    std::string_view token = json_token(name);
    uint32_t entity = token.size() < 2 ? kNoIndex : member_named(schema_, type, token.substr(1, token.size() - 2));
    if (entity == kNoIndex)
      return mistake(Mistake::kType, at, {union_members(type), std::string(token.substr(0, 100))});
    bool empty = false;
    if (auto error = object.reset().get(empty)) return broken(error, path);
    Maybe inner = sink_.entity_object(*schema_.types.find_entity_type(entity), object, path, true);
    return inner ? Maybe(sink_.as_union(type, std::move(*inner))) : inner;
  }

  std::string union_members(TypeId type) const {
    std::string out;
    for (TypeId member : schema_.types[type].members)
      out += (out.empty() ? "one of `" : "`, `") + type_name(schema_, member);
    return out + "`";
  }

  Maybe typed_text(std::string_view text, TypeId type, const JsonPath& path) {
    std::optional<TypedId> typed = typed_id(schema_, type, text);
    if (!typed) return mistake(Mistake::kType, path, {expectation(schema_, type), quote(text.substr(0, 100))});
    Maybe inner = entity_id(typed->id, *schema_.types.find_entity_type(typed->entity), path);
    return inner ? Maybe(sink_.as_union(type, std::move(*inner))) : inner;
  }

  Maybe array(ondemand::value& value, TypeId type, const JsonPath& path, int depth) {
    ondemand::json_type found;
    if (auto error = value.type().get(found)) return broken(error, path);
    if (found != ondemand::json_type::array) return wrong_type(value, type, path);
    ondemand::array array;
    if (auto error = value.get_array().get(array)) return broken(error, path);
    TypeId elem = schema_.types[type].elem;
    std::vector<Value> values;
    bool ok = true;
    int64_t index = 0;
    for (auto one : array) {
      JsonPath at = path.element(index++);
      ondemand::value item;
      if (auto error = std::move(one).get(item)) return broken(error, at);
      Maybe read_item = read(item, elem, at, depth + 1);
      if (broken_) return std::nullopt;
      if (read_item) values.push_back(std::move(*read_item));
      ok = ok && read_item;
    }
    if (!ok) return std::nullopt;
    bool set = schema_.types.kind(type) == TypeKind::kSet;
    return set ? sink_.set(type, std::move(values)) : sink_.list(type, std::move(values));
  }

  Maybe key(std::string_view text, TypeId type, const JsonPath& path) {
    TypeKind kind = schema_.types.kind(type);
    if (kind == TypeKind::kEntity) return entity_id(text, type, path);
    if (kind == TypeKind::kUnion) return typed_text(text, type, path);
    if (is_text(kind)) return text_value(text, type, path);
    return scalar_text(text, type, path);
  }

  Maybe map(ondemand::value& value, TypeId type, const JsonPath& path, int depth) {
    ondemand::json_type found;
    if (auto error = value.type().get(found)) return broken(error, path);
    if (found != ondemand::json_type::object) return wrong_type(value, type, path);
    ondemand::object object;
    if (auto error = value.get_object().get(object)) return broken(error, path);
    const Type shape = schema_.types[type];
    std::vector<Value> pairs;
    bool ok = true;
    for (auto one : object) {
      ondemand::field field;
      if (auto error = std::move(one).get(field)) return broken(error, path);
      std::string_view name;
      if (auto error = field.unescaped_key().get(name)) return broken(error, path);
      JsonPath at = path.member(name);
      Maybe read_key = key(name, shape.key, at);
      Maybe read_item = read_optional(field.value(), shape.elem, at, depth + 1);
      if (broken_) return std::nullopt;
      ok = ok && read_key && read_item;
      if (!ok) continue;
      pairs.push_back(std::move(*read_key));
      pairs.push_back(std::move(*read_item));
    }
    if (!ok) return std::nullopt;
    Maybe made = sink_.map(type, std::move(pairs), path);
    if (made && schema_.types.kind(shape.key) == TypeKind::kEnum) return complete(shape, std::move(*made), path);
    return made;
  }

  /// A map keyed by an enum has a value for every member.
  Maybe complete(const Type& shape, Value map, const JsonPath& path) {
    const EnumDecl& decl = schema_.enums[schema_.types[shape.key].decl];
    if (schema_.types.kind(shape.elem) == TypeKind::kOptional) return map;
    for (size_t ordinal = 0; ordinal < decl.members.size(); ++ordinal) {
      if (sink_.has_key(map, static_cast<int64_t>(ordinal))) continue;
      return mistake(Mistake::kMissing, path, {"the value for `" + decl.members[ordinal].wire + "`"});
    }
    return map;
  }

  Maybe record(ondemand::value& value, TypeId type, const JsonPath& path, int depth) {
    ondemand::json_type found;
    if (auto error = value.type().get(found)) return broken(error, path);
    if (found != ondemand::json_type::object) return wrong_type(value, type, path);
    ondemand::object object;
    if (auto error = value.get_object().get(object)) return broken(error, path);
    const RecordDecl& decl = schema_.records[schema_.types[type].decl];
    std::vector<Maybe> values(decl.fields.size());
    std::vector<bool> seen;
    bool ok = true;
    auto visit = [&](size_t index, ondemand::value item, const JsonPath& at) {
      // `x?.f` is an optional, whatever f is
      values[index] = read_optional(item, decl.fields[index].type, at, depth + 1);
      ok = ok && values[index];
    };
    auto unknown = [&](std::string_view name, ondemand::value item, const JsonPath& at) {
      if (decl.open) {
        if (auto error = json_skip(item, depth + 1)) return broken(error, at), false;
        return true;
      }
      ok = false;
      reading_.report_at(Mistake::kUnknown, path, at, {"field", name}, did_you_mean(name, wires(decl.fields)));
      return true;
    };
    if (!members(object, decl.fields, path, seen, visit, unknown)) return std::nullopt;
    std::vector<Value> fields;
    for (size_t i = 0; i < decl.fields.size(); ++i) {
      if (!seen[i]) values[i] = absent(decl.fields[i], path);
      ok = ok && values[i];
      if (ok) fields.push_back(std::move(*values[i]));
    }
    if (!ok) return std::nullopt;
    return sink_.record(type, std::move(fields));
  }

 public:
  /// The value of a text; one that must have a form (checked_text.h) in that form.
  Maybe text_value(std::string_view text, TypeId type, const JsonPath& path) {
    TypeKind kind = schema_.types.kind(type);
    if (!is_checked_text(kind)) return sink_.text(type, text);
    CheckedText checked = check_text(kind, text);
    if (checked.ok()) return sink_.text(type, checked.text);
    return mistake(Mistake::kType, path, {expectation(schema_, type), quote(text)}, checked.why);
  }

  /// The value of a field that was left out: its default, none, or a mistake.
  Maybe absent(const FieldDecl& field, const JsonPath& path) {
    if (field.default_value) return sink_.constant(field.type, *field.default_value);
    if (schema_.types.kind(field.type) == TypeKind::kOptional) return sink_.none(field.type);
    return mistake(Mistake::kMissing, path.member(field.wire), {"`" + field.wire + "`"});
  }

  static bool check_id(Reading& reading, std::string_view id, const JsonPath& path) {
    if (id.empty()) {
      reading.report(Mistake::kType, path, {"an id", "an empty string"});
      return false;
    }
    if (id.size() <= kLongestId) return true;
    reading.report(Mistake::kLimit, path,
                   {"an id of " + std::to_string(id.size()) + " bytes", std::to_string(kLongestId)});
    return false;
  }

 private:
  Reading& reading_;
  const Schema& schema_;
  Sink& sink_;
  bool broken_ = false;
  int optional_ = 0;  // how many read_optional() are running
};

}  // namespace lictor
