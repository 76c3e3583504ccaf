#include "lsp/features/spot.h"

#include <algorithm>

#include "compiler/references.h"
#include "grammar/parse.h"

namespace lictor::lsp {
namespace {

constexpr size_t kMostAttempts = 24;

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/// The word or path that ends at `end`.
std::string_view path_before(std::string_view text, size_t end) {
  size_t begin = end;
  while (begin > 0 && (is_letter(text[begin - 1]) || text[begin - 1] == '.' || text[begin - 1] == '?')) --begin;
  return text.substr(begin, end - begin);
}

/// Walks from the start of the text, so that strings, comments and brackets are known at its end.
class Scan {
 public:
  explicit Scan(std::string_view text) : text_(text) {}

  bool in_text() const { return comment_ || (string_ && !inside_); }
  std::vector<OpenBracket> open;

  void run(size_t until) {
    for (size_t at = 0; at < until; ++at) {
      char c = text_[at];
      if (c == '\n') {
        comment_ = string_ = inside_ = false;  // a string ends with its line
      } else if (comment_) {
        continue;
      } else if (string_ && !inside_) {
        if (c == '\\') ++at;
        if (c == '"') string_ = false;
        if (c == '{') inside_ = true;
      } else if (c == '/' && at + 1 < until && text_[at + 1] == '/') {
        comment_ = true;
      } else {
        code(c, at);
      }
    }
  }

 private:
  void code(char c, size_t at) {
    if (c == '"') {
      string_ = true;
      inside_ = false;
    } else if (c == '}' && inside_) {
      inside_ = false;
    } else if (c == '(' || c == '{' || c == '[') {
      size_t end = at;
      while (end > 0 && is_blank(text_[end - 1])) --end;
      open.push_back({c, static_cast<uint32_t>(at), path_before(text_, end), declaration_});
    } else if ((c == ')' || c == '}' || c == ']') && !open.empty()) {
      open.pop_back();
    } else if (open.empty() && is_letter(c) && (at == 0 || !is_letter(text_[at - 1]))) {
      size_t end = at;
      while (end < text_.size() && is_letter(text_[end])) ++end;
      std::string_view word = text_.substr(at, end - at);
      static constexpr std::string_view kWords[] = {"decision",    "test",    "fixture", "entity", "enum",
                                                    "relation",    "request", "event",   "let",    "obligation",
                                                    "requirement", "param",   "record",  "use"};
      if (std::ranges::find(kWords, word) != std::end(kWords)) declaration_ = word;
    }
  }

  std::string_view text_;
  bool comment_ = false, string_ = false;
  bool inside_ = false;  // in the braces of a message
  std::string_view declaration_;
};

/// The kinds of the nodes that hold `offset`; empty where the parser could not read what stands there.
std::vector<SyntaxKind> around(const std::string& text, uint32_t offset) {
  SourceMap sources;
  uint32_t file = sources.add("", text);
  Diagnostics diagnostics(sources);
  SyntaxTree tree = parse(sources, file, diagnostics);
  std::vector<SyntaxKind> out;
  for (const SyntaxNode& node : tree.nodes) {
    if (node.begin > offset || offset >= node.end) continue;
    if (node.kind == SyntaxKind::kError) return {};
    out.push_back(node.kind);
  }
  bool token = !out.empty() && is_token(out.back());
  return token ? out : std::vector<SyntaxKind>{};
}

}  // namespace

Spot spot_at(std::string_view text, uint32_t offset) {
  Spot out;
  out.begin = out.end = std::min(offset, static_cast<uint32_t>(text.size()));
  while (out.begin > 0 && is_letter(text[out.begin - 1])) --out.begin;
  while (out.end < text.size() && is_letter(text[out.end])) ++out.end;
  Scan scan(text);
  scan.run(out.begin);
  out.in_text = scan.in_text();
  out.open = std::move(scan.open);

  size_t line = out.begin == 0 ? 0 : text.rfind('\n', out.begin - 1) + 1;
  out.line = text.substr(line, out.begin - line);
  out.first = out.line.find_first_not_of(" \t") == std::string_view::npos;
  size_t before = out.begin;
  while (before > 0 && is_blank(text[before - 1])) --before;
  if (before > 0) out.before = text[before - 1];
  // A dot with a blank behind it ends a clause.
  out.has_dot = before == out.begin && out.before == '.' && (before < 2 || text[before - 2] != '.');
  if (out.has_dot) {
    size_t end = before - 1;
    if (end > 0 && text[end - 1] == '?') --end;
    out.path = path_before(text, end);
  }
  return out;
}

std::optional<Repaired> repair(std::string_view text, const Spot& spot) {
  std::string head = std::string(text.substr(0, spot.begin)) + std::string(kHoleName);
  std::string_view rest = text.substr(spot.end);
  std::string_view next_line = rest.substr(std::min(rest.find('\n'), rest.size()));
  size_t attempts = 0;
  for (std::string_view tail : {rest, next_line}) {
    std::string closers;
    for (size_t closed = 0; closed <= spot.open.size(); ++closed) {
      if (closed > 0) {
        char bracket = spot.open[spot.open.size() - closed].bracket;
        closers += bracket == '(' ? ')' : bracket == '[' ? ']' : '}';
      }
      for (const char* end : {"", " .", ">"}) {
        if (*end == '>' && spot.line.find('<') == std::string_view::npos) continue;
        if (++attempts > kMostAttempts) return std::nullopt;
        Repaired out{head + closers + end + std::string(tail), spot.begin, {}};
        out.around = around(out.text, out.hole);
        if (!out.around.empty()) return out;
      }
    }
  }
  return std::nullopt;
}

}  // namespace lictor::lsp
