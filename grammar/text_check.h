// What is refused before a text reaches the grammar: wrong bytes, hidden characters, too long, too deep.
//
// One pass over the bytes that knows strings and comments and nothing else. It also finds the comments, so that the
// grammar need not.
#pragma once

#include <vector>

#include "grammar/diagnostics.h"
#include "grammar/limits.h"
#include "grammar/syntax.h"

namespace lictor {

struct TextCheck {
  bool ok = true;        // false: do not parse; the diagnostics say why
  uint64_t nesting = 0;  // the most brackets open at one place
  std::vector<Comment> comments;
};

/// A whole file.
TextCheck check_text(const SourceMap& sources, uint32_t file, const Limits& limits, Diagnostics& diagnostics);
/// A part of `file` that begins at byte `origin`.
TextCheck check_text(std::string_view text, uint32_t file, uint32_t origin, const Limits& limits,
                     Diagnostics& diagnostics);

/// The code point at `text[at]` and its length in bytes, or length 0 where the bytes are not valid UTF-8.
struct CodePoint {
  uint32_t value = 0;
  uint32_t length = 0;
};
CodePoint decode_utf8(std::string_view text, size_t at);
void append_utf8(std::string& out, uint32_t code_point);

/// Bidirectional controls, zero-width and other characters that take no place on the screen.
bool is_invisible(uint32_t code_point);

/// The text with control characters, invisible characters and bytes that are not UTF-8 as escapes (`\n`, `\x1b`,
/// `\u{202e}`): for terminals and logs.
std::string printable(std::string_view text);

}  // namespace lictor
