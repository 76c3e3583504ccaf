// What std.text gives: strings as sequences of characters (Unicode code points). Texts are valid UTF-8; all functions are
// pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lictor {

/// Character by character, as utf8proc's simple mappings say: no character becomes two.
std::string lower_text(std::string_view text);
std::string upper_text(std::string_view text);
/// Without white space at both ends.
std::string_view trim_text(std::string_view text);
int64_t count_characters(std::string_view text);
/// At most `count` characters from number `from` on, which counts from 0; what lies outside is left out.
std::string_view sub_text(std::string_view text, int64_t from, int64_t count);
/// The parts between separators; of an empty separator the characters.
std::vector<std::string_view> split_text(std::string_view text, std::string_view separator);
/// How long replace_text() makes it.
uint64_t replaced_size(std::string_view text, std::string_view what, std::string_view by);
/// Every `what`, from left to right, replaced; none where `what` is empty.
std::string replace_text(std::string_view text, std::string_view what, std::string_view by);

}  // namespace lictor
