// Tokens as far as they must be told apart: words and numbers, strings, and single symbols. A dot that a word character
// follows at once begins a token with it (`.b` of a path, `.5` of a number), because a dot alone ends a clause.
#include "compiler/canonical.h"

#include <algorithm>

namespace lictor {
namespace {

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) { out_.reserve(2 * text.size()); }

  std::string run() {
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
    return std::move(out_);
  }

 private:
  void token(char c) {
    size_t begin = at_++;
    if (c == '"') {
      while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
      at_ = std::min(at_ + 1, text_.size());
    } else if (is_word(c) || (c == '.' && at_ < text_.size() && is_word(text_[at_]))) {
      while (at_ < text_.size() && is_word(text_[at_])) ++at_;
    }
    out_ += text_.substr(begin, at_ - begin);
    out_ += '\n';
  }

  std::string_view text_;
  std::string out_;
  size_t at_ = 0;
};

}  // namespace

std::string canonical_text(std::string_view text) { return Scanner(text).run(); }

}  // namespace lictor
