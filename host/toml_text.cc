#include "host/toml_text.h"

#include <algorithm>

namespace lictor {

TomlText::TomlText(const SourceText& text) : diagnostics_(sources_) { file_ = sources_.add(text.name, text.text); }

std::optional<toml::table> TomlText::parse(Diag code) {
  const std::string text(sources_.file(file_).text());
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& problem) {
    diagnostics_.report(code, span(problem.source())).arg(problem.description());
  }
  return std::nullopt;
}

Span TomlText::span(const toml::source_region& region) const {
  std::string_view text = sources_.file(file_).text();
  uint32_t offset = 0, line = 1;
  while (offset < text.size() && line < region.begin.line) line += text[offset++] == '\n';
  for (uint32_t column = 1; offset < text.size() && text[offset] != '\n' && column < region.begin.column; ++column) {
    ++offset;
    while (offset < text.size() && (text[offset] & 0xC0) == 0x80) ++offset;  // toml++ counts code points
  }
  uint32_t end = std::min<uint32_t>(offset + 1, static_cast<uint32_t>(text.size()));
  return {file_, std::min(offset, end), end};
}

}  // namespace lictor
