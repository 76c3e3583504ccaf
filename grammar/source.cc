// Line starts are found once, when a file is added; a position is then a binary search away.
#include "grammar/source.h"

#include <algorithm>
#include <cassert>

namespace lictor {

Span join(Span a, Span b) {
  if (!a.valid()) return b;
  if (!b.valid()) return a;
  assert(a.file == b.file);  // INVARIANT: only spans of one file are joined
  return {a.file, std::min(a.begin, b.begin), std::max(a.end, b.end)};
}

SourceFile::SourceFile(std::string name, std::string text) : name_(std::move(name)), text_(std::move(text)) {
  line_starts_.push_back(0);
  for (size_t i = text_.find('\n'); i != std::string::npos; i = text_.find('\n', i + 1)) {
    line_starts_.push_back(static_cast<uint32_t>(i + 1));
  }
}

std::pair<uint32_t, uint32_t> SourceFile::line_column(uint32_t offset) const {
  offset = std::min(offset, static_cast<uint32_t>(text_.size()));
  auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  auto line = static_cast<uint32_t>(after - line_starts_.begin());
  return {line, offset - line_starts_[line - 1] + 1};
}

std::string_view SourceFile::line(uint32_t line) const {
  assert(line >= 1 && line <= line_count());  // INVARIANT: lines count from 1
  std::string_view text = text_;
  size_t begin = line_starts_[line - 1];
  size_t end = line < line_count() ? line_starts_[line] - 1 : text.size();
  if (end > begin && text[end - 1] == '\r') --end;
  return text.substr(begin, end - begin);
}

uint32_t SourceFile::line_count() const { return static_cast<uint32_t>(line_starts_.size()); }

uint32_t SourceFile::offset(uint32_t line, uint32_t column) const {
  auto end = static_cast<uint32_t>(text_.size());
  if (line == 0 || column == 0) return 0;
  if (line > line_count()) return end;
  return static_cast<uint32_t>(std::min<uint64_t>(uint64_t{line_starts_[line - 1]} + column - 1, end));
}

uint32_t SourceMap::add(std::string name, std::string text) {
  return add(std::make_shared<const SourceFile>(std::move(name), std::move(text)));
}

uint32_t SourceMap::add(std::shared_ptr<const SourceFile> file) {
  files_.push_back(std::move(file));
  return size() - 1;
}

Place SourceMap::place(Span span) const {
  if (!span.valid()) return {};
  assert(span.file < size());  // INVARIANT: a valid span names a file of this map
  const SourceFile& source = file(span.file);
  auto [line, column] = source.line_column(span.begin);
  auto [end_line, end_column] = source.line_column(std::max(span.begin, span.end));
  return {source.name(), line, column, end_line, end_column};
}

std::string_view SourceMap::text(Span span) const {
  if (!span.valid()) return {};
  std::string_view text = file(span.file).text();
  uint32_t begin = std::min<uint32_t>(span.begin, static_cast<uint32_t>(text.size()));
  uint32_t end = std::clamp<uint32_t>(span.end, begin, static_cast<uint32_t>(text.size()));
  return text.substr(begin, end - begin);
}

}  // namespace lictor
