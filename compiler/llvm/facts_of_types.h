// What the emitter asks about types. Internal to this folder.
#pragma once

#include <algorithm>

#include "compiler/plan.h"

namespace lictor::native {

/// The type itself, or its element where it is optional.
inline const Type& base_of(const Schema& schema, TypeId type) { return schema.types[base_type(schema, type)]; }

/// REQUIRES: the type is an entity's, or an optional one.
inline uint32_t entity_of(const Schema& schema, TypeId type) { return base_of(schema, type).decl; }

/// May the request bring this attribute? (kAttr expressions)
inline bool brought_by_request(const Schema& schema, const Expr& expr) {
  const EntityDecl& entity = schema.entities[entity_of(schema, expr.args[0].type)];
  return entity.attributes[static_cast<size_t>(expr.n)].from_request;
}

/// The word of an immediate constant.
inline int64_t immediate_word(const Datum& value) { return value.none ? kNoneWord : value.n; }

/// A set or map whose elements are all immediate words, and few: code holds them itself.
inline bool is_inline_collection(const Schema& schema, const Datum& value) {
  constexpr size_t kMostItems = 128;
  if (value.items.empty() || value.items.size() > kMostItems) return false;
  return std::all_of(value.items.begin(), value.items.end(),
                     [&](const Datum& item) { return is_immediate(schema, item); });
}

}  // namespace lictor::native
