// A text as an editor sees it: lines, and positions in the unit that was agreed on. One holds each open document and
// takes the editor's changes; others are made for a moment, to show places in files that are not open.
//
// Lines end at \n, \r\n or \r. A position past the end of its line means the end of the line, a line past the end of the
// text the end of the text; a range whose ends are swapped is put right: as the protocol says, and as the clients do it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lictor::lsp {

/// What `character` of a position counts.
enum class Encoding : uint8_t { kUtf8, kUtf16, kUtf32 };

struct Position {
  uint32_t line = 0;  // from 0
  uint32_t character = 0;
  auto operator<=>(const Position&) const = default;
};

struct Range {
  Position start;
  Position end;
  bool operator==(const Range&) const = default;
};

class Document {
 public:
  explicit Document(std::string text = {}, int64_t version = 0);

  const std::string& text() const { return text_; }
  int64_t version() const { return version_; }
  void set_version(int64_t version) { version_ = version; }
  uint32_t line_count() const { return static_cast<uint32_t>(line_starts_.size()); }

  void set_text(std::string text);
  /// Puts `text` in place of the range. A range that cuts a UTF-16 pair leaves U+FFFD for the half that stays, so that
  /// positions count as they do at the client.
  void replace(Range range, Encoding encoding, std::string_view text);

  /// The byte offset of a position; inside of a character, that of its first byte.
  size_t offset(Position position, Encoding encoding) const { return find(position, encoding).offset; }
  Position position(size_t offset, Encoding encoding) const;
  Range range(size_t begin, size_t end, Encoding encoding) const {
    return {position(begin, encoding), position(end, encoding)};
  }

 private:
  struct Found {
    size_t offset = 0;
    bool cuts_pair = false;
  };
  Found find(Position position, Encoding encoding) const;
  size_t line_of(size_t offset) const;
  size_t line_end(size_t line) const;
  void splice(size_t begin, size_t end, std::string_view text);

  std::string text_;
  std::vector<uint32_t> line_starts_;  // no text comes near 4 GiB: Options::max_message_bytes
  int64_t version_;
};

}  // namespace lictor::lsp
