// A document that can be laid out on lines of a given width: texts, possible line breaks, indentation, and groups that
// stand on one line if they fit and are broken at all their line breaks if not (after Wadler and Lindig).
//
// Comments are part of it: one behind a token waits for the end of its line; one on a line of its own makes that line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lictor {

/// Documents live in their arena and are named by number. Texts are views: they must outlive the arena.
uint32_t columns(std::string_view text);

class DocArena {
 public:
  using Id = uint32_t;

  Id text(std::string_view text);        // on one line
  Id space() { return text(" "); }       // left out where the line ends
  Id must_break();                       // nothing, but the groups around it are broken
  Id raw(std::string_view text);         // as it stands, line breaks included
  Id line(std::string_view flat = " ");  // a line break, or `flat` in a group that fits
  Id hard_line(bool blank_above);        // always a line break, perhaps with a blank line
  Id behind(std::string_view comment);   // a comment behind what stands before it
  Id own_line(std::string_view comment, bool blank_above);
  Id after_comment(bool blank_above);  // what follows a comment begins a new line
  Id nest(int indent, Id inside);
  Id group(Id inside);
  Id concat(std::vector<Id> parts);
  Id empty() { return concat({}); }

  /// The text of `doc`, `width` columns wide where that can be; no line break at its end.
  std::string layout(Id doc, uint32_t width) const;
  /// The text of `doc` on one line, or "" with `ok` false where it cannot stand on one.
  std::string flat(Id doc, bool& ok) const;
  void clear() {
    nodes_.clear();
    parts_.clear();
  }

 private:
  friend class DocLayout;
  enum class Kind : uint8_t { kText, kRaw, kLine, kHardLine, kBehind, kOwnLine, kAfterComment, kNest, kGroup, kConcat };
  struct Node {
    Kind kind;
    bool breaks = false;  // holds something that cannot stand on one line
    bool blank = false;
    int indent = 0;
    uint32_t width = 0;  // kText, kLine: columns
    uint32_t first = 0;  // kConcat: in parts_; kNest, kGroup: the inside
    uint32_t count = 0;
    std::string_view text{};
  };
  Id add(Node node);

  std::vector<Node> nodes_;
  std::vector<Id> parts_;
};

}  // namespace lictor
