// The entry points, and the pieces that all declarations are made of.
#include "compiler/build_ast.h"

#include <algorithm>
#include <cctype>
#include <unordered_set>

#include "compiler/build_ast_internal.h"
#include "grammar/big_stack.h"
#include "grammar/parse.h"

namespace lictor {

using ast::TypeExprKind;

ast::Module build_module(const SourceMap& sources, uint32_t file, Diagnostics& diagnostics) {
  Limits limits;
  SyntaxTree tree = parse(sources, file, diagnostics, limits);
  ast::Module out;
  run_nested(tree.nesting, [&] { out = AstBuilder(tree, diagnostics, limits).module(); });
  return out;
}

std::vector<ast::Expr> build_expression(const SourceMap& sources, uint32_t file, Diagnostics& diagnostics) {
  Limits limits;
  size_t errors_before = diagnostics.error_count();
  SyntaxTree tree = parse_query(sources, file, diagnostics, limits);
  std::vector<ast::Expr> out;
  run_nested(tree.nesting, [&] { out = AstBuilder(tree, diagnostics, limits).query(); });
  if (diagnostics.error_count() != errors_before) out.clear();
  return out;
}

/// What a skipped text would have declared, line by line: the name behind a word such as `relation`, or a rule's.
void AstBuilder::unread_names(uint32_t node, ast::Module& out) const {
  static const std::unordered_set<std::string_view> kBefore = {
      "private", "param",    "enum",       "type",        "entity",   "relation",     "event",     "request",
      "let",     "blocking", "obligation", "requirement", "decision", "constitution", "invariant", "watch"};
  auto in_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  std::string_view rest = text(node);
  while (!rest.empty()) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    for (;;) {
      line.remove_prefix(std::min(line.size(), line.find_first_not_of(" \t\r")));
      auto end = std::ranges::find_if_not(line, in_word);
      std::string_view word = line.substr(0, static_cast<size_t>(end - line.begin()));
      line.remove_prefix(word.size());
      if (kBefore.contains(word)) continue;
      if (!word.empty()) out.unread.emplace_back(word);
      break;
    }
  }
}

ast::Module AstBuilder::module() {
  ast::Module out;
  out.file = tree_.file;
  for (uint32_t c = tree_.first(0); c != tree_.end(0); c = tree_.next(c)) {
    if (kind(c) == Kind::kDeclaration) declaration(c, out);
    if (kind(c) == Kind::kError) unread_names(c, out);
  }
  for (auto& expand : at_end_) expand(out);
  bool has_text = tree_.nodes.size() > 1;
  bool is_read = has_text && kind(tree_.first(0)) == Kind::kDeclaration;
  if (is_read && out.name.parts.empty() && tree_.complete) {
    diagnostics_.report(Diag::kMissingModule, span(tree_.first(0)));
  }
  return out;
}

std::vector<ast::Expr> AstBuilder::query() {
  std::vector<ast::Expr> out;
  uint32_t node = tree_.nodes.size() > 1 ? tree_.first(0) : 0;
  if (node != 0 && kind(node) == Kind::kExpression) out.push_back(expression(node));
  return out;
}

ast::Name AstBuilder::word(uint32_t token) const { return {std::string(text(token)), span(token)}; }

ast::Name AstBuilder::first_word(uint32_t node) const { return word(tree_.child(node, Kind::kWord)); }

ast::Path AstBuilder::path(uint32_t node) const {
  ast::Path out;
  out.span = span(node);
  out.parts = names(node);
  return out;
}

std::vector<ast::Name> AstBuilder::names(uint32_t node) const {
  std::vector<ast::Name> out;
  for (uint32_t c = tree_.first(node); c != tree_.end(node); c = tree_.next(c)) {
    if (kind(c) == Kind::kWord) out.push_back(word(c));
  }
  return out;
}

/// The child behind that symbol or keyword, or 0.
uint32_t AstBuilder::after_symbol(uint32_t node, std::string_view symbol) const {
  for (uint32_t c = tree_.first(node); c != tree_.end(node); c = tree_.next(c)) {
    if (kind(c) == Kind::kSymbol && text(c) == symbol) return tree_.next(c) == tree_.end(node) ? 0 : tree_.next(c);
  }
  return 0;
}

uint32_t AstBuilder::after_key(uint32_t node, std::string_view key) const {
  for (uint32_t c = tree_.first(node); c != tree_.end(node); c = tree_.next(c)) {
    if (kind(c) == Kind::kKeyword && text(c) == key) return tree_.next(c) == tree_.end(node) ? 0 : tree_.next(c);
  }
  return 0;
}

void AstBuilder::report_twice(uint32_t node, std::string_view what) {
  diagnostics_.report(Diag::kGivenTwice, span(node)).arg(what);
}

// ---- Types and fields ------------------------------------------------------------------------------------------------

ast::TypeExpr AstBuilder::type(uint32_t node) {
  std::vector<ast::TypeExpr> terms;
  for (uint32_t c = tree_.first(node); c != tree_.end(node); c = tree_.next(c)) {
    if (kind(c) == Kind::kTypeTerm) terms.push_back(type_term(c));
  }
  if (terms.size() == 1) return std::move(terms[0]);
  ast::TypeExpr out;
  out.kind = TypeExprKind::kUnion;
  out.span = span(node);
  out.args = std::move(terms);
  return out;
}

ast::TypeExpr AstBuilder::type_term(uint32_t node) {
  ast::TypeExpr out;
  out.span = span(node);
  uint32_t last = node;
  for (uint32_t c = tree_.first(node); c != tree_.end(node); c = tree_.next(c)) {
    last = c;
    switch (kind(c)) {
      case Kind::kPath:
        out.name = path(c);
        break;
      case Kind::kWord:
        out.name = {{word(c)}, span(c)};
        break;
      case Kind::kKeyword:
        out.open = out.open || text(c) == "open";
        break;
      case Kind::kFields:
        out.kind = TypeExprKind::kRecord;
        out.fields = fields(c);
        break;
      case Kind::kRange:
        out.range = range(c);
        break;
      case Kind::kTypeArgs:
        for (uint32_t a = tree_.first(c); a != tree_.end(c); a = tree_.next(a)) {
          if (kind(a) == Kind::kType) out.args.push_back(type(a));
        }
        break;
      default:
        break;
    }
  }
  if (!out.args.empty()) {
    const std::string& name = out.name.parts[0].text;
    out.kind = name == "set" ? TypeExprKind::kSet : name == "list" ? TypeExprKind::kList : TypeExprKind::kMap;
    size_t wanted = out.kind == TypeExprKind::kMap ? 2 : 1;
    if (out.args.size() != wanted) {
      diagnostics_.report(Diag::kTypeArguments, out.span)
          .arg(name)
          .arg(wanted == 2 ? "two types" : "one type")
          .arg(static_cast<int64_t>(out.args.size()));
      out.args.resize(wanted);
    }
  }
  if (kind(last) != Kind::kSymbol || text(last) != "?") return out;
  ast::TypeExpr optional;
  optional.kind = TypeExprKind::kOptional;
  optional.span = out.span;
  out.span.end = std::max(out.span.begin, span(last).begin);
  optional.args.push_back(std::move(out));
  return optional;
}

std::vector<ast::Expr> AstBuilder::range(uint32_t node) {
  std::vector<ast::Expr> out;
  uint32_t minus = 0;
  for (uint32_t c = tree_.first(node); c != tree_.end(node); c = tree_.next(c)) {
    if (kind(c) == Kind::kSymbol) {
      minus = text(c) == "-" ? c : 0;
      continue;
    }
    out.push_back(operand(c));
    if (minus == 0) continue;
    ast::Expr negative;
    negative.kind = ast::ExprKind::kUnary;
    negative.text = "-";
    negative.name_span = span(minus);
    negative.span = join(span(minus), span(c));
    negative.args.push_back(std::move(out.back()));
    out.back() = std::move(negative);
    minus = 0;
  }
  return out;
}

ast::Field AstBuilder::field(uint32_t node) {
  ast::Field out;
  out.name = first_word(node);
  out.type = type(tree_.child(node, Kind::kType));
  out.annotations = annotations(node);
  out.span = span(node);
  for (uint32_t c = tree_.first(node); c != tree_.end(node); c = tree_.next(c)) {
    if (kind(c) == Kind::kExpression) {
      if (!out.default_value.empty()) report_twice(c, "the default");
      out.default_value = {expression(c)};
    } else if (kind(c) == Kind::kString) {
      if (out.wire) report_twice(c, "the wire name");
      out.wire = plain_string(c);
    } else if (kind(c) == Kind::kKeyword && text(c) == "request") {
      if (out.from_request) report_twice(c, "`from request`");
      out.from_request = true;
    }
  }
  return out;
}

std::vector<ast::Field> AstBuilder::fields(uint32_t node) {
  std::vector<ast::Field> out;
  if (node == 0) return out;
  for (uint32_t c = tree_.first(node); c != tree_.end(node); c = tree_.next(c)) {
    if (kind(c) == Kind::kField) out.push_back(field(c));
  }
  return out;
}

// ---- Heads -----------------------------------------------------------------------------------------------------------

std::vector<ast::Annotation> AstBuilder::annotations(uint32_t node) {
  std::vector<ast::Annotation> out;
  for (uint32_t c = tree_.first(node); c != tree_.end(node); c = tree_.next(c)) {
    if (kind(c) != Kind::kAnnotation) continue;
    ast::Annotation annotation;
    annotation.name = first_word(c);
    annotation.span = span(c);
    ast::Expr call;
    if (uint32_t args = tree_.child(c, Kind::kArgs)) arguments(args, call);
    annotation.args = std::move(call.args);
    out.push_back(std::move(annotation));
  }
  return out;
}

ast::Head AstBuilder::head(uint32_t node, ast::Name name) {
  ast::Head out;
  out.name = std::move(name);
  out.span = span(node);
  out.doc = doc_before(tree_[node].begin);
  out.annotations = annotations(node);
  out.is_private = tree_.has_token(node, "private");
  return out;
}

/// The `///` lines right above `offset`, without the slashes.
std::string AstBuilder::doc_before(uint32_t offset) const {
  auto blank_line = [](std::string_view gap) {
    return gap.find_first_not_of(" \t\r\n") != std::string_view::npos || std::count(gap.begin(), gap.end(), '\n') != 1;
  };
  const auto& comments = tree_.comments;
  auto behind = std::lower_bound(comments.begin(), comments.end(), offset,
                                 [](const Comment& comment, uint32_t at) { return comment.begin < at; });
  auto first = behind;
  uint32_t below = offset;
  while (first != comments.begin()) {
    const Comment& above = *(first - 1);
    if (!above.doc || blank_line(tree_.text.substr(above.end, below - above.end))) break;
    size_t line = tree_.text.rfind('\n', above.begin);
    size_t line_start = line == std::string_view::npos ? 0 : line + 1;
    bool alone =
        tree_.text.substr(line_start, above.begin - line_start).find_first_not_of(" \t") == std::string_view::npos;
    if (!alone) break;
    below = above.begin;
    while (below > 0 && (tree_.text[below - 1] == ' ' || tree_.text[below - 1] == '\t')) --below;
    --first;
  }
  std::string out;
  for (auto it = first; it != behind; ++it) {
    std::string_view line = tree_.text.substr(it->begin + 3, it->end - it->begin - 3);
    if (line.starts_with(' ')) line.remove_prefix(1);
    if (it != first) out += '\n';
    out += line;
  }
  return out;
}

// ---- Rows ------------------------------------------------------------------------------------------------------------

ast::Row AstBuilder::row(uint32_t node) {
  ast::Expr call;
  arguments(node, call);
  return {std::move(call.args), std::move(call.arg_names), {}, span(node)};
}

std::optional<ast::Rows> AstBuilder::rows_of(uint32_t declaration) {
  uint32_t source = tree_.child(declaration, Kind::kSource), inside = tree_.child(declaration, Kind::kRows);
  if (source == 0 && inside == 0) return std::nullopt;
  ast::Rows out;
  if (source != 0) {
    uint32_t file = tree_.child(source, Kind::kString);
    out.source = file != 0 ? ast::SourceKind::kFile : ast::SourceKind::kHost;
    if (file != 0) out.file = plain_string(file);
    out.span = span(source);
  }
  if (inside == 0) return out;
  out.span = join(out.span, span(inside));
  for (uint32_t c = tree_.first(inside); c != tree_.end(inside); c = tree_.next(c)) {
    if (kind(c) == Kind::kRow) out.rows.push_back(row(c));
  }
  return out;
}

}  // namespace lictor
