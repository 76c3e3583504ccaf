#include "compiler/text_functions.h"

#include <utf8proc.h>

#include <algorithm>

namespace lictor {
namespace {

/// Behind the character that begins at `at`.
size_t next(std::string_view text, size_t at) {
  ++at;
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
  return at;
}

int32_t character(std::string_view text, size_t at) {
  utf8proc_int32_t value = 0;
  auto bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data() + at);
  utf8proc_iterate(bytes, static_cast<utf8proc_ssize_t>(text.size() - at), &value);
  return value;
}

std::string mapped(std::string_view text, utf8proc_int32_t (*map)(utf8proc_int32_t)) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size(); at = next(text, at)) {
    utf8proc_uint8_t bytes[4];
    auto length = utf8proc_encode_char(map(character(text, at)), bytes);
    out.append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(length));
  }
  return out;
}

bool is_white(int32_t c) {
  if (c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85) return true;
  auto kind = utf8proc_category(c);
  return kind == UTF8PROC_CATEGORY_ZS || kind == UTF8PROC_CATEGORY_ZL || kind == UTF8PROC_CATEGORY_ZP;
}

}  // namespace

std::string lower_text(std::string_view text) { return mapped(text, utf8proc_tolower); }
std::string upper_text(std::string_view text) { return mapped(text, utf8proc_toupper); }

std::string_view trim_text(std::string_view text) {
  size_t first = std::string_view::npos, end = 0;
  for (size_t at = 0; at < text.size();) {
    size_t behind = next(text, at);
    if (!is_white(character(text, at))) {
      first = std::min(first, at);
      end = behind;
    }
    at = behind;
  }
  return end == 0 ? std::string_view() : text.substr(first, end - first);
}

int64_t count_characters(std::string_view text) {
  return std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
}

std::string_view sub_text(std::string_view text, int64_t from, int64_t count) {
  size_t begin = 0;
  if (count <= 0) return {};
  if (from < 0) {
    if (count <= -(from + 1)) return {};
    count += from;
    from = 0;
  }
  for (; from > 0 && begin < text.size(); --from) begin = next(text, begin);
  size_t end = begin;
  for (; count > 0 && end < text.size(); --count) end = next(text, end);
  return text.substr(begin, end - begin);
}

std::vector<std::string_view> split_text(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> out;
  if (separator.empty()) {
    for (size_t at = 0; at < text.size(); at = next(text, at)) out.push_back(text.substr(at, next(text, at) - at));
    return out;
  }
  for (;;) {
    size_t at = text.find(separator);
    out.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return out;
    text.remove_prefix(at + separator.size());
  }
}

uint64_t replaced_size(std::string_view text, std::string_view what, std::string_view by) {
  if (what.empty()) return text.size();
  uint64_t parts = split_text(text, what).size() - 1;
  return text.size() - parts * what.size() + parts * by.size();
}

std::string replace_text(std::string_view text, std::string_view what, std::string_view by) {
  if (what.empty()) return std::string(text);
  std::string out;
  bool first = true;
  for (std::string_view part : split_text(text, what)) {
    if (!first) out += by;
    out += part;
    first = false;
  }
  return out;
}

}  // namespace lictor
