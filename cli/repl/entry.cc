#include "cli/repl/entry.h"

#include <algorithm>

namespace lictor::cli {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

constexpr std::string_view kDeclarations[] = {
    "param",    "enum",    "type",     "entity", "relation",    "event",        "request",   "let",       "obligation",
    "decision", "private", "blocking", "module", "requirement", "constitution", "invariant", "lifecycle", "watch"};

/// Behind these something must follow.
constexpr std::string_view kUnfinished[] = {",", ":-", "=>",  "=",    "<",    "->",  "+",
                                            "*", "??", " or", " and", " not", " if", " in"};

/// A walk over the characters of an entry that are neither text nor comment.
struct Scan {
  explicit Scan(std::string_view text) {
    for (size_t at = 0; at < text.size(); ++at) {
      char c = text[at];
      if (c == '"') {
        at = end_of_string(text, at);
        code += "\"\"";
        end = std::min(at + 1, text.size());
      } else if (c == '/' && text.substr(at).starts_with("//")) {
        at = std::min(text.find('\n', at), text.size()) - 1;
      } else {
        depth += (c == '(' || c == '[' || c == '{') - (c == ')' || c == ']' || c == '}');
        code += c;
        if (kBlanks.find(c) == std::string_view::npos) end = at + 1;
      }
    }
  }

  /// A string ends with its line at the latest.
  static size_t end_of_string(std::string_view text, size_t at) {
    for (++at; at < text.size() && text[at] != '"' && text[at] != '\n'; ++at) at += text[at] == '\\';
    return at;
  }

  bool is_rule() const { return code.find(":-") != std::string::npos; }

  std::string code;
  int depth = 0;
  size_t end = 0;  // behind the last character of code that is no blank
};

std::string_view last_line(std::string_view text) {
  size_t end = text.rfind('\n');
  return trimmed(end == std::string_view::npos ? text : text.substr(end + 1));
}

/// The word with which the code begins, doc comments and annotations skipped.
std::string_view first_word(std::string_view code) {
  while (code.starts_with('@')) {
    size_t line = code.find('\n');
    code = line == std::string_view::npos ? std::string_view() : trimmed(code.substr(line + 1));
  }
  size_t end = code.find_first_of(" \t\r\n\"({");
  // A call whose name looks like a word of the language is still a call.
  bool called = end != std::string_view::npos && (code[end] == '(' || code[end] == '{');
  return called ? std::string_view() : code.substr(0, end);
}

void add_words(const ast::Expr& expr, std::vector<ast::Name>& out) {
  if (expr.kind == ast::ExprKind::kAggregate) return;
  if (expr.kind == ast::ExprKind::kName && !expr.text.starts_with('_')) {
    if (std::ranges::find(out, expr.text, &ast::Name::text) == out.end()) out.push_back({expr.text, expr.span});
  }
  for (const ast::Expr& arg : expr.args) add_words(arg, out);
}

void add_words(const ast::Body& body, std::vector<ast::Name>& out) {
  for (const ast::Literal& literal : body) {
    using enum ast::LiteralKind;
    if (literal.kind == kNot || literal.kind == kExists || literal.kind == kForall) continue;
    if (literal.kind == kSome && !literal.name.text.starts_with('_')) out.push_back(literal.name);
    for (const ast::Expr& expr : literal.expr) add_words(expr, out);
    for (const ast::Body& inner : literal.bodies) add_words(inner, out);
  }
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

std::string_view without_dot(std::string_view text) {
  text = text.substr(0, Scan(text).end);
  if (text.ends_with('.')) text.remove_suffix(1);
  return trimmed(text);
}

EntryKind kind_of(std::string_view entry) {
  if (trimmed(entry).starts_with(':')) return EntryKind::kCommand;
  Scan scan(entry);
  std::string_view code = trimmed(scan.code);
  if (code.empty()) return EntryKind::kNothing;
  std::string_view word = first_word(code);
  if (word == "use") return EntryKind::kUse;
  if (word == "test") return EntryKind::kTest;
  if (word == "given") return EntryKind::kGiven;
  if (word == "forget") return EntryKind::kForget;
  if (std::ranges::find(kDeclarations, word) != std::end(kDeclarations) || scan.is_rule())
    return EntryKind::kDeclaration;
  return EntryKind::kQuestion;
}

bool is_complete(std::string_view entry) {
  std::string_view line = last_line(entry);
  if (line.starts_with("///") || line.starts_with('@')) return false;  // they say something about what follows
  Scan scan(entry);
  std::string_view code = trimmed(scan.code);
  if (scan.depth > 0) return false;
  if (code.empty() || code.starts_with(':')) return true;
  if (std::ranges::any_of(kUnfinished, [&](std::string_view end) { return code.ends_with(end); })) return false;
  return !scan.is_rule() || code.ends_with('.');
}

std::vector<ast::Name> open_words(const ast::Body& body) {
  std::vector<ast::Name> out;
  add_words(body, out);
  return out;
}

}  // namespace lictor::cli
