// Where something stands in a JSON text, in our own words. The reader proper goes once through the text and keeps no
// places; this is asked only when a mistake is reported. No memory is shared; safe on any text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "runtime/reading.h"

namespace lictor {

/// The first thing that makes a text no JSON.
struct JsonMistake {
  size_t at = 0;     // byte
  std::string what;  // "a comma before `}`"
};
std::optional<JsonMistake> find_json_mistake(std::string_view text);

/// The byte where a member or element at a path begins (the key of a member, the last one of several with that key), or
/// the nearest of its parents that is there.
size_t find_json_path(std::string_view text, const JsonPath& path);

/// The byte of the first character that is not UTF-8, or npos.
size_t find_invalid_utf8(std::string_view text);

}  // namespace lictor
