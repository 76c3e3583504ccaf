// Source texts and spans in them.
//
// A SourceMap owns every text of one analysis; a Span names bytes of one of them. Spans are 12 bytes, so the tree and
// the plan can carry one everywhere; lines and columns are computed only when somebody must read them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lictor/error.h"

namespace lictor {

inline constexpr uint32_t kNoFile = UINT32_MAX;

/// Bytes [begin, end) of file `file` of a SourceMap. A default Span means "no place".
struct Span {
  uint32_t file = kNoFile;
  uint32_t begin = 0;
  uint32_t end = 0;
  bool valid() const { return file != kNoFile; }
  bool operator==(const Span&) const = default;
};

/// The smallest span that holds both. REQUIRES: same file, or one of them invalid (then the other is returned).
Span join(Span a, Span b);

/// One text and the offsets of its lines.
class SourceFile {
 public:
  SourceFile(std::string name, std::string text);
  const std::string& name() const { return name_; }
  std::string_view text() const { return text_; }
  /// 1-based line and column (in bytes) of a byte offset; an offset past the end gives the end.
  std::pair<uint32_t, uint32_t> line_column(uint32_t offset) const;
  /// The line without its line break. REQUIRES: 1 <= line <= line_count().
  std::string_view line(uint32_t line) const;
  uint32_t line_count() const;
  /// The byte offset of a 1-based line and column; what lies past the end of the text gives the end.
  uint32_t offset(uint32_t line, uint32_t column) const;

 private:
  std::string name_;
  std::string text_;
  std::vector<uint32_t> line_starts_;
};

/// Owns texts, some together with other maps; files keep their index and address for the life of the map. Not
/// thread-safe while files are added.
class SourceMap {
 public:
  uint32_t add(std::string name, std::string text);
  uint32_t add(std::shared_ptr<const SourceFile> file);
  const SourceFile& file(uint32_t index) const { return *files_[index]; }
  uint32_t size() const { return static_cast<uint32_t>(files_.size()); }
  Place place(Span span) const;
  std::string_view text(Span span) const;

 private:
  std::vector<std::shared_ptr<const SourceFile>> files_;
};

}  // namespace lictor
