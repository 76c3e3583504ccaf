// Offsets of lines are kept through a change: those before it stay, those behind it are moved, those in between are found
// again. One change costs a move of the text behind it and of the offsets of its lines.
#include "lsp/document.h"

#include <algorithm>

namespace lictor::lsp {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

/// Bytes of the character at `at`; 1 where the text is no UTF-8.
size_t char_length(std::string_view text, size_t at) {
  auto lead = static_cast<unsigned char>(text[at]);
  size_t length = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF8 ? 4 : 1;
  if (at + length > text.size()) return 1;
  for (size_t i = 1; i < length; ++i) {
    if ((static_cast<unsigned char>(text[at + i]) & 0xC0) != 0x80) return 1;
  }
  return length;
}

uint32_t units(size_t bytes, Encoding encoding) {
  if (encoding == Encoding::kUtf8) return static_cast<uint32_t>(bytes);
  return encoding == Encoding::kUtf16 && bytes == 4 ? 2 : 1;
}

/// Where the line after the one with `at` begins, if a line break stands at `at`; else 0.
size_t after_break(std::string_view text, size_t at) {
  if (text[at] == '\n') return at + 1;
  if (text[at] != '\r') return 0;
  return at + 1 < text.size() && text[at + 1] == '\n' ? at + 2 : at + 1;
}

/// Appends the starts of all lines that begin behind a break in [from, to).
void find_starts(std::string_view text, size_t from, size_t to, std::vector<uint32_t>& out) {
  for (size_t at = from; at < to;) {
    at = text.find_first_of("\r\n", at);
    if (at == std::string_view::npos || at >= to) return;
    at = after_break(text, at);
    out.push_back(static_cast<uint32_t>(at));
  }
}

}  // namespace

Document::Document(std::string text, int64_t version) : version_(version) { set_text(std::move(text)); }

void Document::set_text(std::string text) {
  text_ = std::move(text);
  line_starts_.assign(1, 0);
  find_starts(text_, 0, text_.size(), line_starts_);
}

void Document::replace(Range range, Encoding encoding, std::string_view text) {
  if (range.end < range.start) std::swap(range.start, range.end);
  Found begin = find(range.start, encoding), end = find(range.end, encoding);
  if (!begin.cuts_pair && !end.cuts_pair) return splice(begin.offset, end.offset, text);
  std::string whole;
  size_t to = end.offset;
  if (begin.cuts_pair) whole += kReplacement;
  whole += text;
  if (end.cuts_pair) {
    whole += kReplacement;
    to += 4;
  }
  splice(begin.offset, to, whole);
}

void Document::splice(size_t begin, size_t end, std::string_view text) {
  // The line with the byte before the change is read again: that byte may be the first half of a \r\n.
  size_t first = line_of(begin == 0 ? 0 : begin - 1);
  auto behind = std::upper_bound(line_starts_.begin(), line_starts_.end(), end);
  std::vector<uint32_t> later(behind, line_starts_.end());
  line_starts_.resize(first + 1);

  text_.replace(begin, end - begin, text);
  find_starts(text_, line_starts_[first], begin + text.size(), line_starts_);
  size_t added = text.size(), removed = end - begin;
  for (size_t start : later) {
    size_t moved = start + added - removed;
    if (moved > line_starts_.back()) line_starts_.push_back(static_cast<uint32_t>(moved));
  }
}

size_t Document::line_of(size_t offset) const {
  auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  return static_cast<size_t>(after - line_starts_.begin()) - 1;
}

/// Where the line break of a line stands, or the end of the text.
size_t Document::line_end(size_t line) const {
  if (line + 1 >= line_starts_.size()) return text_.size();
  size_t end = line_starts_[line + 1] - 1;
  bool two = text_[end] == '\n' && end > line_starts_[line] && text_[end - 1] == '\r';
  return two ? end - 1 : end;
}

Document::Found Document::find(Position position, Encoding encoding) const {
  if (position.line >= line_starts_.size()) return {text_.size(), false};
  size_t at = line_starts_[position.line], end = line_end(position.line);
  for (uint32_t left = position.character; left > 0 && at < end;) {
    size_t bytes = char_length(text_, at);
    uint32_t step = units(bytes, encoding);
    if (step > left) return {at, encoding == Encoding::kUtf16};
    left -= step;
    at += bytes;
  }
  return {at, false};
}

Position Document::position(size_t offset, Encoding encoding) const {
  offset = std::min(offset, text_.size());
  size_t line = line_of(offset);
  uint32_t character = 0;
  for (size_t at = line_starts_[line]; at < offset;) {
    size_t bytes = char_length(text_, at);
    if (at + bytes > offset) break;
    character += units(bytes, encoding);
    at += bytes;
  }
  return {static_cast<uint32_t>(line), character};
}

}  // namespace lictor::lsp
