// Reading single values of facts and requests from text, and saying what was expected instead.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "compiler/schema.h"

namespace lictor {

inline constexpr size_t kLongestId = 1024;  // bytes of an entity's id

/// Is a value of this type its text (string, glob, regex, ip, digest)?
bool is_text(TypeKind kind);

/// The word of a bool, number, time, duration, clock, date or enum member. Nothing where the text is not exactly such a value; ranges
/// are not looked at. `type` is not optional.
std::optional<int64_t> scalar_word(const Schema& schema, TypeId type, std::string_view text);

/// Is this a number as JSON has it?
bool is_json_number(std::string_view text);

/// Does the word lie in the type's range? `type` is not optional.
bool in_range(const Schema& schema, TypeId type, int64_t word);

/// "an int", "one of `student`, `intern`", "a time such as `2026-01-01T00:00:00Z`".
std::string expectation(const Schema& schema, TypeId type);

}  // namespace lictor
