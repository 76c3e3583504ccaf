// The patterns of `glob` and `regex`: whether they are well-formed, and what they match. All functions may be called from
// any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lictor {

inline constexpr size_t kLongestGlob = 1024;       // bytes: a match takes at most pattern times text
inline constexpr size_t kLongestRegex = 4096;      // bytes of the pattern
inline constexpr int64_t kLargestRegex = 1 << 20;  // bytes that RE2 may take for the program and for matching

/// What is wrong with a pattern, or nothing.
std::optional<std::string> glob_mistake(std::string_view pattern);
std::optional<std::string> regex_mistake(std::string_view pattern);

/// Does the whole text match? `*` is any run of characters, `?` one character, `\` takes the next one as it is.
/// REQUIRES: glob_mistake() finds nothing.
bool glob_matches(std::string_view pattern, std::string_view text);

/// Does some part of the text match (RE2, PartialMatch)? A pattern is compiled once and kept for all threads.
/// REQUIRES: regex_mistake() finds nothing.
bool regex_matches(std::string_view pattern, std::string_view text);

}  // namespace lictor
