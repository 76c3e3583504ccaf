// Between Datums, which people and files know, and words, which the engines know.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "compiler/schema.h"
#include "runtime/value_table.h"

namespace lictor {

/// The word of a value that shall be of type `type`, interning what it needs.
/// REQUIRES: the value fits the type (readers and the checker see to that).
int64_t to_word(const Schema& schema, ValueTable& values, TypeId type, const Datum& value);

/// The value of a word of type `type`; sets and maps in canonical order.
Datum to_datum(const Schema& schema, const ValueTable& values, TypeId type, int64_t word);

/// Canonical order (compiler/schema.h, compare) without making Datums. Negative, zero, positive.
int compare_words(const Schema& schema, const ValueTable& values, TypeId type, int64_t a, int64_t b);

}  // namespace lictor
