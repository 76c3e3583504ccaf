// Tokens of a tree as documents, with the comments and blank lines around them: the part of the formatter that knows
// what lies between tokens.
//
// Documents must be made in the order of their tokens.
#pragma once

#include <vector>

#include "grammar/format_doc.h"
#include "grammar/syntax.h"

namespace lictor {

class FormatTokens {
 public:
  using Id = DocArena::Id;
  using Comments = std::vector<Comment>::const_iterator;

  explicit FormatTokens(const SyntaxTree& tree);

  /// A token, the comments above it and the one behind it.
  Id token(uint32_t i);
  /// A comma, semicolon or dot: a single comment before it goes behind it.
  Id mark(uint32_t i);
  /// A closing bracket without, and by themselves, the comments above it: those stand inside the brackets.
  Id closer(uint32_t i);
  Id comments_inside(uint32_t closing);

  /// Makes the comments above a token by themselves, so that they stand outside of the groups it begins; the token is
  /// then made without them. False where there are none, or where they were made already.
  bool hoist(uint32_t token, std::vector<Id>& out);
  /// Makes `token` without the comments above it until the result is given to unhide().
  uint32_t hide_comments_above(uint32_t token);
  void unhide(uint32_t before) { hoisted_ = before; }

  bool has_comments_above(uint32_t token) const;
  /// Whether a blank line stands above a token and its comments.
  bool blank_above(uint32_t token) const;
  /// Whether a token begins on the line on which the one before it ends.
  bool shares_line(uint32_t token) const;
  /// The comments behind the last token, and whether a blank line stands above them.
  bool comments_at_end(std::vector<Id>& out);

 protected:
  const SyntaxTree& tree_;
  DocArena doc_;

 private:
  /// What lies between two tokens: comments on lines of their own, and where that part begins.
  struct Gap {
    Comments first, last;
    uint32_t begin;
    bool has_behind;  // the token before the gap has a comment behind it
  };
  Gap gap(uint32_t begin, uint32_t end) const;
  Gap gap_before(uint32_t token) const { return gap(gap_begin_[token], tree_[token].begin); }
  Comments comment_from(uint32_t offset) const;
  const Comment* comment_behind(uint32_t end) const;
  long line_breaks(uint32_t begin, uint32_t end) const;
  std::string_view text_of(const Comment& comment) const;
  void own_lines(const Gap& in, uint32_t end, std::vector<Id>& out);
  void text_and_comment(uint32_t token, std::vector<Id>& out);

  std::vector<uint32_t> gap_begin_;  // for each token: where the token before it ends
  uint32_t last_end_ = 0;
  uint32_t hoisted_ = UINT32_MAX;  // the token whose comments above were made outside of it
};

}  // namespace lictor
