// The text behind a mistake is read by a scanner that knows words, strings, comments, braces and dots.
//
// Parentheses are not counted: a missing one is the commonest mistake of all. Braces are, from the start of the
// statement, so that the dots inside a decision whose header is wrong do not look like the end of a rule.
#include "grammar/recover.h"

#include <algorithm>
#include <span>

namespace lictor {
namespace {

using Words = std::span<const std::string_view>;

constexpr std::string_view kDeclarationWords[] = {
    "param", "enum",    "type",    "entity",       "relation",   "event",       "request",
    "let",   "private", "use",     "decision",     "obligation", "requirement", "blocking",
    "test",  "module",  "fixture", "constitution", "invariant",  "watch",       "lifecycle"};
constexpr std::string_view kClauseWords[] = {"allow", "deny", "require", "override", "default", "yield", "principle"};
constexpr std::string_view kStatementWords[] = {"given", "at", "with", "expect", "cases", "for"};

bool one_of(std::string_view word, Words words) { return std::find(words.begin(), words.end(), word) != words.end(); }

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_word(char c) { return is_letter(c) || (c >= '0' && c <= '9'); }

std::string_view word_at(std::string_view text, uint32_t at) {
  uint32_t end = at;
  while (end < text.size() && is_word(text[end])) ++end;
  return text.substr(at, end - at);
}

/// Behind the string or comment that begins at `at`, else `at`.
uint32_t skip_opaque(std::string_view text, uint32_t at) {
  if (text[at] == '/' && at + 1 < text.size() && text[at + 1] == '/') {
    return static_cast<uint32_t>(std::min(text.find('\n', at), text.size()));
  }
  if (text[at] != '"') return at;
  for (++at; at < text.size() && text[at] != '\n'; ++at) {
    if (text[at] == '"') return at + 1;
    if (text[at] == '\\' && at + 1 < text.size() && text[at + 1] != '\n') ++at;
  }
  return at;
}

bool only_blanks_before(std::string_view text, uint32_t at) {
  while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '\t')) --at;
  return at == 0 || text[at - 1] == '\n';
}

bool in_column_one(std::string_view text, uint32_t at) { return at == 0 || text[at - 1] == '\n'; }

class Restart {
 public:
  Restart(std::string_view text, uint32_t begin, uint32_t mistake, Level level)
      : text_(text), begin_(begin), mistake_(mistake), level_(level) {}

  uint32_t find() {
    uint32_t at = begin_;
    while (at < mistake_) at = pass_over(at);
    at = mistake_;
    while (at < text_.size()) {
      if (at > begin_ && starts_next(at)) return at;
      if (closes_here(at)) return level_ == Level::kDeclaration ? at + 1 : at;
      if (ends_clause(at)) return at + 1;
      at = pass_over(at);
      if (level_ == Level::kDeclaration && back_at_top_) return at;
    }
    return at;
  }

 private:
  /// Behind the token at `at`; keeps count of the braces.
  uint32_t pass_over(uint32_t at) {
    uint32_t behind = skip_opaque(text_, at);
    if (behind != at) return behind;
    if (is_word(text_[at])) return at + static_cast<uint32_t>(word_at(text_, at).size());
    back_at_top_ = false;
    if (text_[at] == '{') ++braces_;
    if (text_[at] == '}' && braces_ > 0) back_at_top_ = --braces_ == 0 && at >= mistake_;
    return at + 1;
  }

  bool closes_here(uint32_t at) const { return text_[at] == '}' && braces_ == 0; }

  bool ends_clause(uint32_t at) const {
    if (text_[at] != '.' || level_ == Level::kTestStatement) return false;
    if (level_ == Level::kDeclaration && braces_ > 0) return false;
    char before = at > 0 ? text_[at - 1] : ' ', after = at + 1 < text_.size() ? text_[at + 1] : ' ';
    return before != '.' && after != '.' && !is_word(after);
  }

  /// Whether the next statement of this level, or a declaration in column one, begins at `at`.
  bool starts_next(uint32_t at) const {
    bool annotation = text_[at] == '@' && only_blanks_before(text_, at);
    if (annotation) return level_ == Level::kDecisionPart || in_column_one(text_, at);
    if (!is_letter(text_[at]) || is_word(text_[at - 1])) return false;
    std::string_view word = word_at(text_, at);
    bool line_start = only_blanks_before(text_, at);
    bool clause = one_of(word, kClauseWords);
    if (in_column_one(text_, at)) return level_ != Level::kDeclaration || braces_ == 0 || !clause;
    switch (level_) {
      case Level::kDeclaration:
        return line_start && braces_ == 0 && one_of(word, kDeclarationWords);
      case Level::kDecisionPart:
        return line_start && clause;
      case Level::kTestStatement:
        return (line_start || braces_ == 0) && one_of(word, kStatementWords);
    }
    return false;
  }

  std::string_view text_;
  uint32_t begin_, mistake_;
  Level level_;
  uint32_t braces_ = 0;
  bool back_at_top_ = false;
};

}  // namespace

uint32_t find_restart(std::string_view text, uint32_t begin, uint32_t mistake, Level level) {
  return Restart(text, begin, mistake, level).find();
}

bool block_was_left(std::string_view text, uint32_t at, Level level) {
  if (at >= text.size() || !in_column_one(text, at) || !is_letter(text[at])) return false;
  std::string_view word = word_at(text, at);
  return level == Level::kDecisionPart ? !one_of(word, kClauseWords) : !one_of(word, kStatementWords);
}

std::string_view token_at(std::string_view text, uint32_t at) {
  if (at >= text.size()) return {};
  if (is_word(text[at])) return word_at(text, at);
  static constexpr std::string_view kLong[] = {":-", "=>", "->", "==", "!=", "<=", ">=", "??", "?.", ".."};
  for (std::string_view symbol : kLong) {
    if (text.substr(at).starts_with(symbol)) return symbol;
  }
  uint32_t behind = skip_opaque(text, at);
  return text.substr(at, behind == at ? 1 : behind - at);
}

}  // namespace lictor
