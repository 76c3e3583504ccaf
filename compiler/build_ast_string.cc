// Strings: escapes in all of them, expressions in braces in messages.
//
// An expression in a message may hold strings; their quotes are escaped there: "owner {r.owner ?? \"nobody\"}", all else
// is written as in any string. For the grammar the escapes of quotes are taken out of a copy of the same
// length, so that every span stays right.
#include <algorithm>
#include <charconv>

#include "compiler/build_ast_internal.h"
#include "grammar/big_stack.h"
#include "grammar/parse.h"
#include "grammar/text_check.h"

namespace lictor {

using ast::Expr;

namespace {

/// Where the brace that closes the expression at `at` stands, or npos. Strings in it begin and end with `\"`.
size_t closing_brace(std::string_view inside, size_t at) {
  size_t depth = 1;
  bool in_string = false;
  for (; at < inside.size(); ++at) {
    if (inside[at] == '\\' && at + 1 < inside.size()) {
      if (inside[at + 1] == '"') in_string = !in_string;
      ++at;
    } else if (!in_string && inside[at] == '{') {
      ++depth;
    } else if (!in_string && inside[at] == '}' && --depth == 0) {
      return at;
    }
  }
  return std::string_view::npos;
}

/// `\"` becomes ` "` where it opens a string and `" ` where it closes one.
std::string without_escapes(std::string_view text) {
  std::string out(text);
  bool open = false;
  for (size_t i = 0; i + 1 < out.size(); ++i) {
    if (out[i] != '\\') continue;
    if (out[i + 1] == '"') {
      out[i] = open ? '"' : ' ';
      out[i + 1] = open ? ' ' : '"';
      open = !open;
    }
    ++i;
  }
  return out;
}

}  // namespace

std::string AstBuilder::plain_string(uint32_t token) {
  Expr value;
  string(token, false, value);
  return std::move(value.parts[0].text);
}

void AstBuilder::string(uint32_t token, bool is_message, Expr& out) {
  std::string_view inside = text(token).substr(1, text(token).size() - 2);
  uint32_t origin = span(token).begin + 1;
  out.kind = ast::ExprKind::kString;
  out.span = span(token);
  out.parts.reserve(is_message ? 1 + 2 * static_cast<size_t>(std::ranges::count(inside, '{')) : 1);
  out.parts.emplace_back();
  auto is_special = [&](char c) { return c == '\\' || (is_message && (c == '{' || c == '}')); };
  for (size_t at = 0; at < inside.size();) {
    if (!out.parts.back().expr.empty()) out.parts.emplace_back();
    size_t plain = at;
    while (at < inside.size() && !is_special(inside[at])) ++at;
    out.parts.back().text += inside.substr(plain, at - plain);
    if (at == inside.size()) break;
    if (inside[at] == '\\') {
      at = escape(inside, at, origin, out.parts.back().text);
    } else if (inside[at] == '{') {
      at = interpolation(inside, at, origin, out);
    } else {
      auto place = static_cast<uint32_t>(origin + at);
      diagnostics_.report(Diag::kBadInterpolation, {tree_.file, place, place + 1}).arg("a `}` without its `{`");
      out.parts.back().text += inside[at++];
    }
  }
}

/// The escape at `inside[at]`; returns the offset behind it.
size_t AstBuilder::escape(std::string_view inside, size_t at, uint32_t origin, std::string& out) {
  auto refuse = [&](size_t length) {
    auto begin = static_cast<uint32_t>(origin + at);
    Span where{tree_.file, begin, begin + static_cast<uint32_t>(length)};
    diagnostics_.report(Diag::kBadEscape, where).arg(inside.substr(at, length));
    return at + length;
  };
  char c = at + 1 < inside.size() ? inside[at + 1] : '\0';
  switch (c) {
    case 'n':
      out += '\n';
      return at + 2;
    case 't':
      out += '\t';
      return at + 2;
    case 'r':
      out += '\r';
      return at + 2;
    case '0':
      out += '\0';
      return at + 2;
    case '"':
    case '\\':
    case '{':
    case '}':
      out += c;
      return at + 2;
    case 'u':
      break;
    default: {
      CodePoint whole = decode_utf8(inside, std::min(at + 1, inside.size() - 1));
      return refuse(std::min(inside.size() - at, size_t{1} + std::max<uint32_t>(1, whole.length)));
    }
  }
  size_t end = inside.find('}', at);
  bool braces = at + 2 < inside.size() && inside[at + 2] == '{' && end != std::string_view::npos && end - at <= 9;
  if (!braces) return refuse(2);
  uint32_t value = 0;
  auto [stop, error] = std::from_chars(inside.data() + at + 3, inside.data() + end, value, 16);
  bool scalar = value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF);
  if (error != std::errc() || stop != inside.data() + end || !scalar) return refuse(end + 1 - at);
  append_utf8(out, value);
  return end + 1;
}

/// The expression in braces at `inside[at]`; returns the offset behind it.
size_t AstBuilder::interpolation(std::string_view inside, size_t at, uint32_t origin, Expr& out) {
  size_t end = closing_brace(inside, at + 1);
  auto report = [&](size_t length, std::string_view what) {
    auto begin = static_cast<uint32_t>(origin + at);
    diagnostics_.report(Diag::kBadInterpolation, {tree_.file, begin, begin + static_cast<uint32_t>(length)}).arg(what);
  };
  if (end == std::string_view::npos) {
    report(inside.size() - at, "a `{` without its `}`");
    return inside.size();
  }
  std::string_view source = inside.substr(at + 1, end - at - 1);
  if (source.find_first_not_of(" \t") == std::string_view::npos) {
    report(end + 1 - at, "nothing between `{` and `}`");
    return end + 1;
  }
  std::string copy = without_escapes(source);
  SyntaxTree tree = parse_inside(copy, tree_.file, static_cast<uint32_t>(origin + at + 1), diagnostics_, limits_);
  std::vector<Expr> value;
  run_nested(tree.nesting, [&] { value = AstBuilder(tree, diagnostics_, limits_).query(); });
  if (value.empty()) return end + 1;
  if (!out.parts.back().text.empty()) out.parts.emplace_back();
  out.parts.back().expr = std::move(value);
  return end + 1;
}

}  // namespace lictor
