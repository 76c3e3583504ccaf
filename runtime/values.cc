// One switch over the kinds of types for each direction. Set members and map entries are kept in the order of their words,
// which is no order for people: going to Datums they are sorted again.
#include "runtime/values.h"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "compiler/ip_text.h"

namespace lictor {
namespace {

int sign(int64_t a, int64_t b) { return a < b ? -1 : (a > b ? 1 : 0); }

int64_t set_word(const Schema& schema, ValueTable& values, TypeId elem, const Datum& value) {
  std::vector<int64_t> words;
  words.reserve(value.items.size());
  for (const Datum& item : value.items) words.push_back(to_word(schema, values, elem, item));
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return values.compound_word(words);
}

int64_t map_word(const Schema& schema, ValueTable& values, const Type& type, const Datum& value) {
  std::vector<std::pair<int64_t, int64_t>> pairs;
  for (size_t i = 0; i + 1 < value.items.size(); i += 2) {
    int64_t key = to_word(schema, values, type.key, value.items[i]);
    pairs.emplace_back(key, to_word(schema, values, type.elem, value.items[i + 1]));
  }
  std::sort(pairs.begin(), pairs.end());
  std::vector<int64_t> words;
  for (auto [key, item] : pairs) {
    words.push_back(key);
    words.push_back(item);
  }
  return values.compound_word(words);
}

int64_t list_word(const Schema& schema, ValueTable& values, TypeId elem, const Datum& value) {
  std::vector<int64_t> words;
  words.reserve(value.items.size());
  for (const Datum& item : value.items) words.push_back(to_word(schema, values, elem, item));
  return values.compound_word(words);
}

int64_t record_word(const Schema& schema, ValueTable& values, const RecordDecl& decl, const Datum& value) {
  std::vector<int64_t> words;
  for (size_t i = 0; i < decl.fields.size(); ++i) {
    words.push_back(i < value.items.size() ? to_word(schema, values, decl.fields[i].type, value.items[i]) : kNoneWord);
  }
  return values.compound_word(words);
}

/// Positions 0, stride, 2 * stride ... of a set's or map's words in canonical order of the members or keys.
std::vector<size_t> canonical_order(const Schema& schema, const ValueTable& values, TypeId type,
                                    std::span<const int64_t> words, size_t stride) {
  std::vector<size_t> order(words.size() / stride);
  std::iota(order.begin(), order.end(), size_t{0});
  for (size_t& position : order) position *= stride;
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return compare_words(schema, values, type, words[a], words[b]) < 0; });
  return order;
}

int compare_lists(const Schema& schema, const ValueTable& values, TypeId elem, std::span<const int64_t> a,
                  std::span<const int64_t> b) {
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (int order = compare_words(schema, values, elem, a[i], b[i]); order != 0) return order;
  }
  return sign(static_cast<int64_t>(a.size()), static_cast<int64_t>(b.size()));
}

int compare_floats(int64_t a, int64_t b) {
  double x = 0;
  double y = 0;
  std::memcpy(&x, &a, sizeof x);
  std::memcpy(&y, &b, sizeof y);
  return x < y ? -1 : (x > y ? 1 : 0);
}

}  // namespace

int64_t to_word(const Schema& schema, ValueTable& values, TypeId id, const Datum& value) {
  if (value.none) return kNoneWord;
  const Type& type = schema.types[base_type(schema, id)];
  switch (type.kind) {
    case TypeKind::kString:
    case TypeKind::kIp:
    case TypeKind::kDigest:
    case TypeKind::kGlob:
    case TypeKind::kRegex:
      return values.text_word(value.text);
    case TypeKind::kEntity:
      return values.entity(type.decl, value.text);
    case TypeKind::kUnion:
      return values.entity(entity_of(schema, value), value.text);
    case TypeKind::kSet:
      return set_word(schema, values, type.elem, value);
    case TypeKind::kList:
      return list_word(schema, values, type.elem, value);
    case TypeKind::kMap:
      return map_word(schema, values, type, value);
    case TypeKind::kRecord:
      return record_word(schema, values, schema.records[type.decl], value);
    default:
      return value.n;
  }
}

Datum to_datum(const Schema& schema, const ValueTable& values, TypeId id, int64_t word) {
  Datum out;
  out.type = id;
  const Type& outer = schema.types[id];
  if (outer.kind == TypeKind::kOptional && word == kNoneWord) {
    out.none = true;
    return out;
  }
  const Type& type = schema.types[base_type(schema, id)];
  switch (type.kind) {
    case TypeKind::kString:
    case TypeKind::kIp:
    case TypeKind::kDigest:
    case TypeKind::kGlob:
    case TypeKind::kRegex:
      out.text = values.text(word);
      return out;
    case TypeKind::kEntity:
      out.text = values.entity_id(word);
      return out;
    case TypeKind::kUnion:
      out.n = entity_type_of(word);
      out.text = values.entity_id(word);
      return out;
    case TypeKind::kSet: {
      auto words = values.compound(word);
      for (size_t at : canonical_order(schema, values, type.elem, words, 1)) {
        out.items.push_back(to_datum(schema, values, type.elem, words[at]));
      }
      return out;
    }
    case TypeKind::kList:
      for (int64_t item : values.compound(word)) out.items.push_back(to_datum(schema, values, type.elem, item));
      return out;
    case TypeKind::kMap: {
      auto words = values.compound(word);
      for (size_t at : canonical_order(schema, values, type.key, words, 2)) {
        out.items.push_back(to_datum(schema, values, type.key, words[at]));
        out.items.push_back(to_datum(schema, values, type.elem, words[at + 1]));
      }
      return out;
    }
    case TypeKind::kRecord: {
      auto words = values.compound(word);
      const RecordDecl& decl = schema.records[type.decl];
      for (size_t i = 0; i < decl.fields.size(); ++i) {
        out.items.push_back(to_datum(schema, values, decl.fields[i].type, words[i]));
      }
      return out;
    }
    default:
      out.n = word;
      return out;
  }
}

int compare_words(const Schema& schema, const ValueTable& values, TypeId id, int64_t a, int64_t b) {
  if (a == b) return 0;
  if (schema.types.kind(id) == TypeKind::kOptional && (a == kNoneWord || b == kNoneWord))
    return a == kNoneWord ? -1 : 1;
  const Type& type = schema.types[base_type(schema, id)];
  switch (type.kind) {
    case TypeKind::kIp:
      return compare_ips(values.text(a), values.text(b));
    case TypeKind::kString:
    case TypeKind::kDigest:
    case TypeKind::kGlob:
    case TypeKind::kRegex:
      return values.text(a).compare(values.text(b));
    case TypeKind::kEntity:
    case TypeKind::kUnion: {
      int order = values.entity_id(a).compare(values.entity_id(b));
      return order != 0 ? order : sign(entity_type_of(a), entity_type_of(b));
    }
    case TypeKind::kFloat:
      return compare_floats(a, b);
    case TypeKind::kList:
      return compare_lists(schema, values, type.elem, values.compound(a), values.compound(b));
    case TypeKind::kSet:
    case TypeKind::kMap:
    case TypeKind::kRecord:  // rare: the members must be put in order first
      return compare(schema, to_datum(schema, values, id, a), to_datum(schema, values, id, b));
    default:
      return sign(a, b);
  }
}

}  // namespace lictor
