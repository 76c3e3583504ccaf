// Tokens as far as they must be told apart: words and numbers, strings, and single symbols. A dot that a word character
// follows at once begins a token with it (`.b` of a path, `.5` of a number), because a dot alone ends a clause.
#include "compiler/canonical.h"

#include <algorithm>

#include "grammar/word_chars.h"

namespace lictor {
namespace {

/// Writes to a buffer that has room for every byte of the text to be a token.
class Scanner {
 public:
  Scanner(std::string_view text, char* out) : text_(text), out_(out) {}

  /// Where the canonical text ends.
  char* run() {
    while (at_ < text_.size()) {
      char c = text_[at_];
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        ++at_;
      } else if (c == '/' && text_.substr(at_, 2) == "//") {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else {
        token(c);
      }
    }
    return out_;
  }

 private:
  void token(char c) {
    size_t begin = at_++;
    if (c == '"') {
      while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
      at_ = std::min(at_ + 1, text_.size());
    } else if (is_word_char(c) || (c == '.' && at_ < text_.size() && is_word_char(text_[at_]))) {
      while (at_ < text_.size() && is_word_char(text_[at_])) ++at_;
    }
    out_ = std::copy(text_.data() + begin, text_.data() + at_, out_);
    *out_++ = '\n';
  }

  std::string_view text_;
  char* out_;
  size_t at_ = 0;
};

}  // namespace

std::string canonical_text(std::string_view text) {
  std::string out;
  out.resize_and_overwrite(
      2 * text.size(), [&](char* buffer, size_t) { return static_cast<size_t>(Scanner(text, buffer).run() - buffer); });
  return out;
}

}  // namespace lictor
