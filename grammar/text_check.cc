// A small scanner with three states: code, string, comment.
//
// Brackets are counted, not matched: a text whose brackets are wrong is the grammar's business. What counts is that the
// grammar's recursion can never be deeper than this count, and every recursion of the grammar goes through `(`, `[`, `{`
// or the `<` of set<...>, list<...>, map<...>.
#include "grammar/text_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "grammar/word_chars.h"

namespace lictor {
namespace {

/// Inside of strings and comments: the characters that are nothing but themselves.
constexpr std::array<bool, 256> kPlainChars = [] {
  std::array<bool, 256> out{};
  for (int c = 0x20; c < 0x7F; ++c) out[static_cast<size_t>(c)] = c != '"' && c != '\\';
  return out;
}();

/// ASCII letters that foreign letters are often taken for; what a hint can offer.
char look_alike(uint32_t c) {
  static constexpr std::pair<uint32_t, char> kPairs[] = {
      {0x0391, 'A'}, {0x0392, 'B'},  {0x0395, 'E'},  {0x0396, 'Z'}, {0x0397, 'H'}, {0x0399, 'I'}, {0x039A, 'K'},
      {0x039C, 'M'}, {0x039D, 'N'},  {0x039F, 'O'},  {0x03A1, 'P'}, {0x03A4, 'T'}, {0x03A5, 'Y'}, {0x03A7, 'X'},
      {0x03B1, 'a'}, {0x03BD, 'v'},  {0x03BF, 'o'},  {0x03C1, 'p'}, {0x0405, 'S'}, {0x0406, 'I'}, {0x0408, 'J'},
      {0x0410, 'A'}, {0x0412, 'B'},  {0x0415, 'E'},  {0x041A, 'K'}, {0x041C, 'M'}, {0x041D, 'H'}, {0x041E, 'O'},
      {0x0420, 'P'}, {0x0421, 'C'},  {0x0422, 'T'},  {0x0425, 'X'}, {0x0430, 'a'}, {0x0435, 'e'}, {0x043E, 'o'},
      {0x0440, 'p'}, {0x0441, 'c'},  {0x0443, 'y'},  {0x0445, 'x'}, {0x0455, 's'}, {0x0456, 'i'}, {0x0458, 'j'},
      {0x04CF, 'l'}, {0x0501, 'd'},  {0x051B, 'q'},  {0x051D, 'w'}, {0x2010, '-'}, {0x2011, '-'}, {0x2013, '-'},
      {0x2014, '-'}, {0x2018, '\''}, {0x2019, '\''}, {0x201C, '"'}, {0x201D, '"'}, {0x2212, '-'}, {0xFF08, '('},
      {0xFF09, ')'}, {0xFF0C, ','},  {0xFF0E, '.'},  {0xFF1A, ':'}, {0xFF1D, '='}};
  for (auto [foreign, plain] : kPairs) {
    if (foreign == c) return plain;
  }
  return 0;
}

class Scanner {
 public:
  Scanner(std::string_view text, uint32_t file, uint32_t origin, const Limits& limits, Diagnostics& diagnostics)
      : text_(text), file_(file), origin_(origin), limits_(limits), diagnostics_(diagnostics) {}

  TextCheck run() {
    while (at_ < text_.size() && go_on_) step();
    return std::move(result_);
  }

 private:
  Span here(size_t length) const { return span(at_, at_ + length); }
  Span span(size_t begin, size_t end) const {
    return {file_, static_cast<uint32_t>(origin_ + begin),
            static_cast<uint32_t>(origin_ + std::min(end, text_.size()))};
  }

  Diagnostics::Builder refuse(Diag id, Span where) {
    result_.ok = false;
    if (++refused_ >= limits_.diagnostics) go_on_ = false;
    return diagnostics_.report(id, where);
  }

  void step() {
    char c = text_[at_];
    if (is_word_char(c)) return word();
    switch (c) {
      case ' ':
      case '\n':
        ++at_;
        return;
      case '"':
        return string();
      case '/':
        if (at_ + 1 < text_.size() && text_[at_ + 1] == '/') return comment();
        break;
      case '(':
      case '[':
      case '{':
        open(c);
        break;
      case ')':
      case ']':
      case '}':
        close();
        break;
      case '<':
        if (after_generic_) open(c);
        break;
      case '>':
        if (!open_.empty() && open_.back() == '<') open_.pop_back();
        break;
      case '.':
        if (ends_a_clause()) drop_angles();
        break;
      default:
        return other();
    }
    after_generic_ = false;
    ++at_;
  }

  void open(char bracket) {
    open_.push_back(bracket);
    result_.nesting = std::max<uint64_t>(result_.nesting, open_.size());
    if (open_.size() <= limits_.nesting) return;
    refuse(Diag::kTooDeep, here(1)).arg(static_cast<int64_t>(limits_.nesting));
    go_on_ = false;
  }

  void close() {
    drop_angles();
    if (!open_.empty()) open_.pop_back();
  }

  /// `x.list < 5` looks like the start of a type; the next closing bracket or end of a clause shows that it was none.
  void drop_angles() {
    while (!open_.empty() && open_.back() == '<') open_.pop_back();
  }

  bool ends_a_clause() const {
    bool range = (at_ > 0 && text_[at_ - 1] == '.') || (at_ + 1 < text_.size() && text_[at_ + 1] == '.');
    return !range && (at_ + 1 == text_.size() || !is_word_char(text_[at_ + 1]));
  }

  void word() {
    size_t begin = at_, end = at_;
    while (end < text_.size() && is_word_char(text_[end])) ++end;
    at_ = end;
    std::string_view found = text_.substr(begin, end - begin);
    after_generic_ =
        (found.size() == 3 && (found == "set" || found == "map")) || (found.size() == 4 && found == "list");
    bool is_name = found[0] < '0' || found[0] > '9';
    if (is_name && found.size() > limits_.identifier_bytes) {
      refuse(Diag::kNameTooLong, span(begin, at_))
          .arg(static_cast<int64_t>(found.size()))
          .arg(static_cast<int64_t>(limits_.identifier_bytes));
    }
  }

  void string() {
    size_t begin = at_++;
    bool escaped = false;
    while (at_ < text_.size() && text_[at_] != '\n' && go_on_) {
      if (skip_plain()) escaped = false;
      char c = at_ < text_.size() ? text_[at_] : '\n';
      if (c == '\n') break;
      if (c == '"' && !escaped) {
        ++at_;
        break;
      }
      escaped = c == '\\' && !escaped;
      if (c >= 0x20 && c < 0x7F) {
        ++at_;
      } else {
        inside("string");
      }
    }
    after_generic_ = false;
    if (at_ - begin - 2 > limits_.string_bytes && at_ - begin > 2) {
      refuse(Diag::kStringTooLong, span(begin, at_))
          .arg(static_cast<int64_t>(at_ - begin - 2))
          .arg(static_cast<int64_t>(limits_.string_bytes));
    }
  }

  /// Goes to the next character that needs a look; false where it stood there already.
  bool skip_plain() {
    size_t begin = at_;
    size_t at = at_;
    while (at < text_.size() && kPlainChars[static_cast<unsigned char>(text_[at])]) ++at;
    at_ = at;
    return at != begin;
  }

  void comment() {
    size_t begin = at_;
    while (at_ < text_.size() && text_[at_] != '\n' && go_on_) {
      if (skip_plain()) continue;
      if (text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n') break;
      inside("comment");
    }
    std::string_view found = text_.substr(begin, at_ - begin);
    bool doc = found.starts_with("///") && !found.starts_with("////");
    result_.comments.push_back({static_cast<uint32_t>(begin), static_cast<uint32_t>(at_), doc});
  }

  /// One character of a string or comment.
  void inside(const char* what) {
    auto c = static_cast<unsigned char>(text_[at_]);
    if (c >= 0x20 && c < 0x7F) {
      ++at_;
      return;
    }
    if (c < 0x80) return control();
    CodePoint point = decode_utf8(text_, at_);
    if (point.length == 0) return invalid();
    if (is_invisible(point.value) && warned_ < kWarnings) {
      ++warned_;
      diagnostics_.report(Diag::kHiddenText, here(point.length)).arg(fmt::format("U+{:04X}", point.value)).arg(what);
    }
    at_ += point.length;
  }

  /// A character of code that is neither word nor blank nor bracket.
  void other() {
    auto c = static_cast<unsigned char>(text_[at_]);
    if (c < 0x20 || c == 0x7F) return control();
    if (c < 0x80) {
      after_generic_ = false;
      ++at_;
      return;
    }
    CodePoint point = decode_utf8(text_, at_);
    if (point.length == 0) return invalid();
    std::string shown = fmt::format("U+{:04X}", point.value);
    if (point.value == 0xFEFF && at_ == 0) {
      refuse(Diag::kByteOrderMark, here(point.length)).arg(0);
    } else if (is_invisible(point.value)) {
      refuse(Diag::kInvisibleCharacter, here(point.length)).arg(shown);
    } else {
      auto report = refuse(Diag::kForeignCharacter, here(point.length));
      report.arg(fmt::format("`{}` ({})", text_.substr(at_, point.length), shown));
      if (char plain = look_alike(point.value))
        report.hint(fmt::format("it looks like the ASCII character `{}`", plain));
    }
    at_ += point.length;
  }

  void control() {
    auto c = static_cast<unsigned char>(text_[at_]);
    bool line_break = c == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n';
    if (c != '\t' && !line_break) {
      refuse(Diag::kControlCharacter, here(1)).arg(fmt::format("U+{:04X}", c)).arg(static_cast<int64_t>(at_));
    }
    ++at_;
  }

  void invalid() {
    refuse(Diag::kInvalidUtf8, here(1)).arg(static_cast<int64_t>(at_));
    go_on_ = false;
  }

  static constexpr uint64_t kWarnings = 100;  // of hidden characters in one file

  std::string_view text_;
  uint32_t file_;
  uint32_t origin_;
  const Limits& limits_;
  Diagnostics& diagnostics_;
  TextCheck result_;
  bool go_on_ = true;
  size_t at_ = 0;
  std::string open_;  // the brackets open here, outermost first
  uint64_t refused_ = 0;
  uint64_t warned_ = 0;
  bool after_generic_ = false;
};

}  // namespace

TextCheck check_text(const SourceMap& sources, uint32_t file, const Limits& limits, Diagnostics& diagnostics) {
  std::string_view text = sources.file(file).text();
  if (text.size() > limits.file_bytes) {
    diagnostics.report(Diag::kFileTooLarge, {file, 0, 0})
        .arg(static_cast<int64_t>(text.size()))
        .arg(static_cast<int64_t>(limits.file_bytes));
    return {false, 0, {}};
  }
  return check_text(text, file, 0, limits, diagnostics);
}

TextCheck check_text(std::string_view text, uint32_t file, uint32_t origin, const Limits& limits,
                     Diagnostics& diagnostics) {
  return Scanner(text, file, origin, limits, diagnostics).run();
}

}  // namespace lictor
