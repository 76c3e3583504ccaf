#include "grammar/format_tokens.h"

#include <algorithm>

namespace lictor {

FormatTokens::FormatTokens(const SyntaxTree& tree) : tree_(tree) {
  gap_begin_.resize(tree_.nodes.size());
  for (uint32_t i = 0; i < tree_.nodes.size(); ++i) {
    gap_begin_[i] = last_end_;
    if (is_token(tree_.kind(i))) last_end_ = tree_[i].end;
  }
}

FormatTokens::Comments FormatTokens::comment_from(uint32_t offset) const {
  return std::lower_bound(tree_.comments.begin(), tree_.comments.end(), offset,
                          [](const Comment& comment, uint32_t at) { return comment.begin < at; });
}

long FormatTokens::line_breaks(uint32_t begin, uint32_t end) const {
  return std::count(tree_.text.begin() + begin, tree_.text.begin() + end, '\n');
}

/// The comment on the same line behind a token that ends at `end`.
const Comment* FormatTokens::comment_behind(uint32_t end) const {
  Comments it = comment_from(end);
  if (end == 0 || it == tree_.comments.end()) return nullptr;
  std::string_view between = tree_.text.substr(end, it->begin - end);
  return between.find_first_not_of(" \t\r") == std::string_view::npos ? &*it : nullptr;
}

FormatTokens::Gap FormatTokens::gap(uint32_t begin, uint32_t end) const {
  const Comment* behind = comment_behind(begin);
  if (behind != nullptr && behind->begin >= end) behind = nullptr;
  uint32_t from = behind ? behind->end : begin;
  return {comment_from(from), comment_from(end), from, behind != nullptr};
}

bool FormatTokens::has_comments_above(uint32_t token) const {
  Gap before = gap_before(token);
  return before.has_behind || before.first != before.last;
}

bool FormatTokens::blank_above(uint32_t token) const {
  Gap before = gap_before(token);
  uint32_t piece = before.first != before.last ? before.first->begin : tree_[token].begin;
  return line_breaks(before.begin, piece) > 1;
}

bool FormatTokens::shares_line(uint32_t token) const { return line_breaks(gap_begin_[token], tree_[token].begin) == 0; }

/// Comments of a gap as lines of their own; what follows them is to begin a new line.
void FormatTokens::own_lines(const Gap& in, uint32_t end, std::vector<Id>& out) {
  uint32_t above = UINT32_MAX;
  for (Comments it = in.first; it != in.last; ++it) {
    bool blank = above != UINT32_MAX && line_breaks(above, it->begin) > 1;
    out.push_back(doc_.own_line(text_of(*it), blank));
    above = it->end;
  }
  bool blank = above != UINT32_MAX && line_breaks(above, end) > 1;
  if (in.has_behind || in.first != in.last) out.push_back(doc_.after_comment(blank));
}

std::string_view FormatTokens::text_of(const Comment& comment) const {
  std::string_view text = tree_.text.substr(comment.begin, comment.end - comment.begin);
  return text.substr(0, text.find_last_not_of(" \t\r") + 1);
}

bool FormatTokens::comments_at_end(std::vector<Id>& out) {
  auto end = static_cast<uint32_t>(tree_.text.size());
  Gap rest = gap(last_end_, end);
  if (rest.first == rest.last) return false;
  own_lines(rest, end, out);
  out.pop_back();  // nothing follows
  return line_breaks(rest.begin, rest.first->begin) > 1;
}

void FormatTokens::text_and_comment(uint32_t token, std::vector<Id>& out) {
  out.push_back(doc_.text(tree_.text_of(token)));
  if (const Comment* behind = comment_behind(tree_[token].end)) out.push_back(doc_.behind(text_of(*behind)));
}

FormatTokens::Id FormatTokens::token(uint32_t i) {
  std::vector<Id> parts;
  if (i != hoisted_) own_lines(gap_before(i), tree_[i].begin, parts);
  text_and_comment(i, parts);
  return parts.size() == 1 ? parts[0] : doc_.concat(std::move(parts));
}

FormatTokens::Id FormatTokens::mark(uint32_t i) {
  Gap before = gap_before(i);
  auto own = before.last - before.first;
  bool comment_waits = own == 1 || before.has_behind;
  if (own + before.has_behind > 1) return token(i);
  if (comment_waits && comment_behind(tree_[i].end) != nullptr) return token(i);
  std::vector<Id> parts;
  if (own == 1) parts.push_back(doc_.behind(text_of(*before.first)));
  bool something_follows = tree_.text_of(i) != ".";
  if (comment_waits && something_follows) parts.push_back(doc_.must_break());
  text_and_comment(i, parts);
  return doc_.concat(std::move(parts));
}

FormatTokens::Id FormatTokens::closer(uint32_t i) {
  std::vector<Id> parts;
  text_and_comment(i, parts);
  return doc_.concat(std::move(parts));
}

FormatTokens::Id FormatTokens::comments_inside(uint32_t closing) {
  Gap before = gap_before(closing);
  std::vector<Id> parts;
  if (before.has_behind) parts.push_back(doc_.must_break());
  char last = gap_begin_[closing] > 0 ? tree_.text[gap_begin_[closing] - 1] : ' ';
  bool nothing_inside = last == '{' || last == '(' || last == '[';
  for (Comments it = before.first; it != before.last; ++it) {
    uint32_t above = it == before.first ? before.begin : std::prev(it)->end;
    bool first_line = it == before.first && nothing_inside;
    parts.push_back(doc_.own_line(text_of(*it), !first_line && line_breaks(above, it->begin) > 1));
  }
  return doc_.concat(std::move(parts));
}

bool FormatTokens::hoist(uint32_t token, std::vector<Id>& out) {
  if (token == hoisted_ || !has_comments_above(token)) return false;
  own_lines(gap_before(token), tree_[token].begin, out);
  hoisted_ = token;
  return true;
}

uint32_t FormatTokens::hide_comments_above(uint32_t token) {
  uint32_t before = hoisted_;
  hoisted_ = token;
  return before;
}

}  // namespace lictor
