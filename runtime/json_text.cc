// A strict walk over JSON (RFC 8259) by recursive descent. It stops at the first mistake and names it; on the way it
// compares where it stands with the path that is looked for.
#include "runtime/json_text.h"

#include <algorithm>
#include <vector>

#include "grammar/text_check.h"

namespace lictor {
namespace {

constexpr size_t kDeepest = 128;  // deeper than the readers go; the walk ends there and finds nothing

class Walk {
 public:
  Walk(std::string_view text, const std::vector<const JsonPath*>& path) : text_(text), path_(path) {}

  void run() {
    if (text_.starts_with("\xEF\xBB\xBF")) {
      fail(0, "a byte-order mark");
      return;
    }
    blanks();
    place_ = at_;
    if (!value(0, true)) return;
    blanks();
    if (at_ < text_.size()) fail(at_, "something follows the value: " + found());
  }

  const std::optional<JsonMistake>& mistake() const { return mistake_; }
  size_t place() const { return place_; }

 private:
  bool fail(size_t at, std::string what) {
    if (!mistake_) mistake_ = JsonMistake{at, std::move(what)};
    return false;
  }

  bool peek(char c) const { return at_ < text_.size() && text_[at_] == c; }

  void blanks() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) ++at_;
  }

  /// What stands here, for a message.
  std::string found() const {
    if (at_ >= text_.size()) return "the end of the text";
    if (text_.substr(at_, 2) == "//" || text_.substr(at_, 2) == "/*" || peek('#')) return "a comment";
    if (peek('\'')) return "a single quote";
    return "`" + word() + "`";
  }

  /// The word here, or the one character.
  std::string word() const {
    constexpr size_t kLongest = 40;
    size_t end = at_;
    while (end < text_.size() && end - at_ < kLongest && is_word(text_[end])) ++end;
    if (end > at_) return std::string(text_.substr(at_, end - at_));
    return std::string(text_.substr(at_, std::max<size_t>(1, decode_utf8(text_, at_).length)));
  }

  static bool is_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' ||
           c == '+' || c == '-';
  }

  /// REQUIRES: `on_path` says that all steps of the path above `depth` led here.
  bool value(size_t depth, bool on_path) {
    if (depth > kDeepest) return false;
    if (peek('{')) return members(depth, on_path, '{', '}');
    if (peek('[')) return members(depth, on_path, '[', ']');
    if (peek('"')) return string(nullptr);
    if (at_ < text_.size() && (text_[at_] == '-' || (text_[at_] >= '0' && text_[at_] <= '9'))) return number();
    for (std::string_view name : {"true", "false", "null"}) {
      if (word() != name) continue;
      at_ += name.size();
      return true;
    }
    if (peek('\'')) return fail(at_, "a single quote; strings stand in double quotes");
    return fail(at_, "expected a value, found " + found());
  }

  /// An object or an array.
  bool members(size_t depth, bool on_path, char open, char close) {
    size_t begin = at_++;
    std::string brackets = std::string("`") + open + "`";
    blanks();
    if (peek(close)) return ++at_, true;
    for (int64_t index = 0;; ++index) {
      size_t at = at_;
      std::string key;
      if (open == '{' && !member_name(key)) return false;
      bool same = on_path && depth < path_.size() &&
                  (open == '[' ? path_[depth]->index == index : path_[depth]->index < 0 && path_[depth]->key == key);
      if (same) place_ = at;
      if (!value(depth + 1, same)) return false;
      blanks();
      // All members that the path can mean have been seen; a large text is not read to its end for each mistake.
      bool last = on_path && !path_.empty() && depth + 1 == path_.size() && (peek(close) || (same && open == '['));
      if (last) return false;
      if (peek(close)) return ++at_, true;
      if (at_ >= text_.size()) return fail(begin, "this " + brackets + " is not closed");
      if (!peek(',')) {
        return fail(at_, std::string("expected `,` or `") + close + "`, found " + found());
      }
      size_t comma = at_++;
      blanks();
      if (peek(close)) return fail(comma, std::string("a comma before `") + close + "`");
    }
  }

  bool member_name(std::string& key) {
    if (peek('\'')) return fail(at_, "a single quote; names stand in double quotes");
    if (!peek('"')) return fail(at_, "expected a name in double quotes, found " + found());
    if (!string(&key)) return false;
    blanks();
    if (!peek(':')) return fail(at_, "expected `:` after a name, found " + found());
    ++at_;
    blanks();
    return true;
  }

  bool string(std::string* into) {
    size_t begin = at_++;
    for (;;) {
      size_t end = at_;
      while (end < text_.size() && text_[end] != '"' && text_[end] != '\\' &&
             static_cast<unsigned char>(text_[end]) >= 0x20) {
        ++end;
      }
      if (into) into->append(text_.substr(at_, end - at_));
      at_ = end;
      if (at_ >= text_.size()) return fail(begin, "this string is not closed");
      if (peek('"')) return ++at_, true;
      if (peek('\n')) return fail(begin, "this string is not closed on its line");
      if (!peek('\\')) return fail(at_, "a control character in a string; write an escape such as `\\t`");
      if (!escape(into)) return false;
    }
  }

  bool escape(std::string* into) {
    size_t begin = at_++;
    constexpr std::string_view kLetters = "\"\\/bfnrt", kMeanings = "\"\\/\b\f\n\r\t";
    size_t letter = at_ < text_.size() ? kLetters.find(text_[at_]) : std::string_view::npos;
    if (letter != std::string_view::npos) {
      ++at_;
      if (into) *into += kMeanings[letter];
      return true;
    }
    uint32_t point = 0, low = 0;
    bool unicode = peek('u') && hex(point);
    bool high = unicode && point >= 0xD800 && point < 0xDC00;
    if (high) {
      unicode = peek('\\') && text_.substr(at_ + 1, 1) == "u" && ++at_ && hex(low) && low >= 0xDC00 && low < 0xE000;
      point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
    } else if (point >= 0xDC00 && point < 0xE000) {
      unicode = false;
    }
    if (!unicode) return fail(begin, high ? "half of a pair of `\\u` escapes" : "an escape that JSON does not have");
    if (into) append_utf8(*into, point);
    return true;
  }

  /// Four digits behind `u`.
  bool hex(uint32_t& out) {
    ++at_;
    for (size_t end = at_ + 4; at_ < end; ++at_) {
      static constexpr std::string_view kDigits = "0123456789abcdef";
      char c = at_ < text_.size() ? text_[at_] : ' ';
      size_t digit = kDigits.find(c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c);
      if (digit == std::string_view::npos) return false;
      out = out * 16 + static_cast<uint32_t>(digit);
    }
    return true;
  }

  bool number() {
    size_t begin = at_;
    std::string shown = word();
    auto digits = [&] {
      size_t from = at_;
      while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
      return at_ > from;
    };
    if (peek('-')) ++at_;
    bool zero = peek('0');
    size_t first = at_;
    bool ok = digits() && !(zero && at_ > first + 1);
    if (ok && peek('.')) ok = ++at_, digits();
    if (ok && (peek('e') || peek('E'))) {
      ++at_;
      if (peek('+') || peek('-')) ++at_;
      ok = digits();
    }
    if (ok && (at_ >= text_.size() || !is_word(text_[at_]))) return true;
    return fail(begin, "`" + shown + "` is no number");
  }

  std::string_view text_;
  const std::vector<const JsonPath*>& path_;
  size_t at_ = 0;
  size_t place_ = 0;
  std::optional<JsonMistake> mistake_;
};

}  // namespace

std::optional<JsonMistake> find_json_mistake(std::string_view text) {
  if (size_t bad = find_invalid_utf8(text); bad != std::string_view::npos)
    return JsonMistake{bad, "a byte that is not UTF-8"};
  std::vector<const JsonPath*> nothing;
  Walk walk(text, nothing);
  walk.run();
  return walk.mistake();
}

size_t find_json_path(std::string_view text, const JsonPath& path) {
  std::vector<const JsonPath*> steps;
  for (const JsonPath* step = &path; step->parent != nullptr; step = step->parent) steps.push_back(step);
  std::reverse(steps.begin(), steps.end());
  Walk walk(text, steps);
  walk.run();
  return walk.place();
}

size_t find_invalid_utf8(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    size_t length = static_cast<unsigned char>(text[at]) < 0x80 ? 1 : decode_utf8(text, at).length;
    if (length == 0) return at;
    at += length;
  }
  return std::string_view::npos;
}

}  // namespace lictor
