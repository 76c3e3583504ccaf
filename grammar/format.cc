// From tree to document, one function per shape of construct; most nodes are words with spaces between (simple()).
//
// Every token is made by FormatTokens, which also brings the comments around it: a comment can only be lost where a
// token is. Declarations are laid out one by one, so memory does not grow with the file.
#include "grammar/format.h"

#include <algorithm>

#include "grammar/big_stack.h"
#include "grammar/format_tokens.h"

namespace lictor {
namespace {

using Kind = SyntaxKind;
using Id = DocArena::Id;

constexpr std::string_view kBlanks = "                                                                                ";

class Formatter : FormatTokens {
 public:
  explicit Formatter(const SyntaxTree& tree) : FormatTokens(tree) {}

  std::string file() {
    std::string out;
    for (uint32_t c = tree_.first(0); c != tree_.end(0); c = tree_.next(c)) {
      if (!out.empty() && blank_above(first_token(c))) out += '\n';
      doc_.clear();
      out += doc_.layout(node(c), kFormatWidth);
      out += '\n';
    }
    doc_.clear();
    std::vector<Id> rest;
    bool blank = comments_at_end(rest);
    if (!rest.empty()) {
      if (blank && !out.empty()) out += '\n';
      out += doc_.layout(doc_.concat(std::move(rest)), kFormatWidth);
      out += '\n';
    }
    return out;
  }

 private:
  uint32_t first_token(uint32_t i) const {
    while (!is_token(tree_.kind(i))) i = tree_.first(i);
    return i;
  }

  bool is_symbol(uint32_t i, std::string_view text) const {
    return tree_.kind(i) == Kind::kSymbol && tree_.text_of(i) == text;
  }
  bool is_mark(uint32_t i) const { return is_symbol(i, ",") || is_symbol(i, ";"); }

  std::vector<uint32_t> children(uint32_t i) const {
    std::vector<uint32_t> out;
    for (uint32_t c = tree_.first(i); c != tree_.end(i); c = tree_.next(c)) out.push_back(c);
    return out;
  }

  // ---- Shapes --------------------------------------------------------------------------------------------------------

  /// Comments above a node stand outside of its groups, so that they do not break them.
  Id node(uint32_t i) {
    std::vector<Id> parts;
    bool hoisted = !is_token(tree_.kind(i)) && hoist(first_token(i), parts);
    if (!hoisted) return shape(i);
    parts.push_back(shape(i));
    return doc_.concat(std::move(parts));
  }

  Id shape(uint32_t i) {
    switch (tree_.kind(i)) {
      case Kind::kDeclaration:
        return declaration(i);
      case Kind::kClause:
      case Kind::kLifecycleClause:
      case Kind::kTransition:
      case Kind::kYield:
      case Kind::kDefault:
        return clause(i);
      case Kind::kDecisionDecl:
      case Kind::kConstitutionDecl:
      case Kind::kLifecycleDecl:
      case Kind::kTestDecl:
      case Kind::kFixtureDecl:
        return block(i);
      case Kind::kRows:
        return rows(i);
      case Kind::kBody:
      case Kind::kApplications:
        return items(children(i));
      case Kind::kRuleDecl:
        return rule(i);
      case Kind::kStates:
        return items(children(i));
      case Kind::kWatchDecl:
        return clause(i);
      case Kind::kRequired:
      case Kind::kEvents:
      case Kind::kHold:
      case Kind::kCondition:
      case Kind::kEffects:
      case Kind::kYields:
      case Kind::kGiven:
      case Kind::kWhere:
        return hanging(i);
      case Kind::kExpect:
        return expect(i);
      case Kind::kForAll:
        return for_all(i);
      case Kind::kExpression:
        return expression(i);
      default:
        return is_token(tree_.kind(i)) ? (is_mark(i) ? mark(i) : token(i)) : simple(i);
    }
  }

  /// Items with marks: a line break may follow each mark. `or` stands at the start of its line.
  Id items(const std::vector<uint32_t>& list) {
    std::vector<Id> parts;
    for (size_t k = 0; k < list.size(); ++k) {
      bool after_or = k > 0 && tree_.kind(list[k - 1]) == Kind::kKeyword && tree_.text_of(list[k - 1]) == "or";
      bool colon = is_symbol(list[k], ":"), after_colon = k > 0 && is_symbol(list[k - 1], ":");
      if (k > 0 && !is_mark(list[k])) {
        if (after_or || after_colon) parts.push_back(doc_.space());
        if (!after_or && !after_colon && !colon) parts.push_back(doc_.line());
      }
      parts.push_back(node(list[k]));
    }
    return doc_.concat(std::move(parts));
  }

  /// `open inside close` as a group.
  Id bracket(uint32_t open, Id opening, Id inside, uint32_t close) {
    std::string_view padding = tree_.text_of(open) == "{" ? " " : "";
    Id inner = doc_.concat({doc_.line(padding), inside, comments_inside(close)});
    return doc_.group(doc_.concat({opening, doc_.nest(2, inner), doc_.line(padding), closer(close)}));
  }

  Id empty_bracket(uint32_t open, uint32_t close) {
    Id inner = doc_.nest(2, comments_inside(close));
    bool comments = has_comments_above(close);
    Id last = comments ? doc_.hard_line(false) : doc_.empty();
    return doc_.concat({token(open), inner, last, closer(close)});
  }

  static bool closes(std::string_view open, std::string_view close) {
    return (open == "(" && close == ")") || (open == "{" && close == "}") || (open == "[" && close == "]") ||
           (open == "<" && close == ">");
  }

  /// Children with spaces where they belong; brackets among them become groups.
  Id simple(uint32_t i) {
    std::vector<uint32_t> list = children(i);
    std::vector<Id> parts;
    for (size_t k = 0; k < list.size(); ++k) {
      if (k > 0 && space_between(i, list[k - 1], list[k])) parts.push_back(doc_.space());
      size_t close = closing(i, list, k);
      if (close != 0) {
        std::vector<uint32_t> inside(list.begin() + static_cast<long>(k) + 1, list.begin() + static_cast<long>(close));
        if (inside.empty()) {
          parts.push_back(empty_bracket(list[k], list[close]));
        } else {
          Id opening = token(list[k]);
          parts.push_back(bracket(list[k], opening, inside_of(i, inside), list[close]));
        }
        k = close;
      } else if (is_symbol(list[k], "=") && k + 1 < list.size()) {
        parts.push_back(token(list[k]));
        parts.push_back(value(list[k + 1]));
        ++k;
      } else {
        parts.push_back(node(list[k]));
      }
    }
    return doc_.concat(std::move(parts));
  }

  Id inside_of(uint32_t i, const std::vector<uint32_t>& inside) {
    if (tree_.kind(i) == Kind::kEnumDecl) return members(inside);
    if (tree_.kind(i) == Kind::kAggregate) return aggregate(inside);
    return items(inside);
  }

  /// The bracket that closes the one at `k` among siblings, or 0. The `<` of an ordered enum opens nothing.
  size_t closing(uint32_t i, const std::vector<uint32_t>& list, size_t k) const {
    if (tree_.kind(list[k]) != Kind::kSymbol) return 0;
    std::string_view open = tree_.text_of(list[k]);
    if (open != "(" && open != "{" && open != "[" && (open != "<" || tree_.kind(i) != Kind::kTypeArgs)) return 0;
    for (size_t c = k + 1; c < list.size(); ++c) {
      if (tree_.kind(list[c]) == Kind::kSymbol && closes(open, tree_.text_of(list[c]))) return c;
    }
    return 0;
  }

  /// Enum members: `a < b` or `a, b`.
  Id members(const std::vector<uint32_t>& list) {
    std::vector<Id> parts;
    for (size_t k = 0; k < list.size(); ++k) {
      bool less = is_symbol(list[k], "<");
      if (k > 0 && less) parts.push_back(doc_.space());
      if (k > 0 && tree_.kind(list[k]) != Kind::kSymbol) parts.push_back(doc_.line());
      parts.push_back(node(list[k]));
    }
    return doc_.concat(std::move(parts));
  }

  /// `a, b : body`
  Id aggregate(const std::vector<uint32_t>& list) {
    std::vector<Id> parts;
    for (size_t k = 0; k < list.size(); ++k) {
      bool colon = is_symbol(list[k], ":");
      if (k > 0 && colon) parts.push_back(doc_.space());
      if (k > 0 && !colon && !is_mark(list[k])) parts.push_back(doc_.line());
      parts.push_back(node(list[k]));
    }
    return doc_.concat(std::move(parts));
  }

  /// What follows a `=`: on the same line where it is a bracket, else wherever it fits.
  Id value(uint32_t i) {
    uint32_t only = tree_.kind(i) == Kind::kExpression ? tree_.first(i) : i;
    Kind kind = tree_.kind(only);
    bool bracket = kind == Kind::kBraces || kind == Kind::kList || kind == Kind::kCase || kind == Kind::kAggregate;
    bool hugs = tree_.kind(i) != Kind::kExpression || (bracket && tree_.next(only) == tree_.end(i));
    if (hugs) return doc_.concat({doc_.space(), node(i)});
    return doc_.group(doc_.nest(2, doc_.concat({doc_.line(), node(i)})));
  }

  bool space_between(uint32_t parent, uint32_t left, uint32_t right) const {
    Kind in = tree_.kind(parent), kind = tree_.kind(right);
    if (in == Kind::kPath || in == Kind::kRange) return false;
    if (is_mark(right) || is_symbol(right, ":") || is_symbol(right, "?") || is_symbol(right, ".")) return false;
    if (is_symbol(left, "@") || is_symbol(left, ".")) return false;
    if (kind == Kind::kArgs || kind == Kind::kTypeArgs || kind == Kind::kHeadArgs || kind == Kind::kParams)
      return false;
    if (kind == Kind::kNames) return in == Kind::kUseDecl || in == Kind::kCases;
    if (in == Kind::kAggregate && is_symbol(right, "(")) return false;
    return true;
  }

  // ---- Declarations, clauses, statements -----------------------------------------------------------------------------

  /// Annotations on a line of their own, then the rest.
  Id annotated(const std::vector<uint32_t>& list, size_t& k) {
    std::vector<Id> parts;
    for (k = 0; k < list.size() && tree_.kind(list[k]) == Kind::kAnnotation; ++k) {
      if (k > 0) parts.push_back(doc_.line());
      parts.push_back(node(list[k]));
    }
    if (k == 0) return doc_.empty();
    return doc_.concat({doc_.group(doc_.concat(std::move(parts))), doc_.hard_line(false)});
  }

  Id declaration(uint32_t i) {
    std::vector<uint32_t> list = children(i);
    size_t k = 0;
    std::vector<Id> parts{annotated(list, k)};
    for (size_t start = k; k < list.size(); ++k) {
      if (k > start) parts.push_back(doc_.space());
      parts.push_back(node(list[k]));
    }
    return doc_.concat(std::move(parts));
  }

  /// A clause: conditions and effects on lines of their own below a message, else where they fit.
  Id clause(uint32_t i) {
    std::vector<uint32_t> list = children(i);
    Kind whole = tree_.kind(i);
    bool message = tree_.child(i, Kind::kString) != 0 &&
                   (whole == Kind::kClause || whole == Kind::kLifecycleClause || whole == Kind::kWatchDecl);
    size_t k = 0;
    Id above = annotated(list, k);
    std::vector<Id> head, below;
    for (size_t start = k; k < list.size(); ++k) {
      Kind kind = tree_.kind(list[k]);
      if (kind == Kind::kCondition || kind == Kind::kEffects || kind == Kind::kHold) {
        Id line_break = message ? doc_.hard_line(false) : doc_.line();
        below.push_back(doc_.nest(2, doc_.concat({line_break, doc_.group(node(list[k]))})));
      } else if (kind == Kind::kApplications || kind == Kind::kRequired) {
        head.push_back(doc_.nest(4, doc_.concat({doc_.line(), node(list[k])})));
      } else if (is_symbol(list[k], ".")) {
        below.push_back(mark(list[k]));
      } else if (is_symbol(list[k], "=")) {
        head.push_back(doc_.concat({doc_.space(), token(list[k]), value(list[k + 1])}));
        ++k;
      } else {
        if (k > start && space_between(i, list[k - 1], list[k])) head.push_back(doc_.space());
        head.push_back(node(list[k]));
      }
    }
    below.insert(below.begin(), doc_.group(doc_.concat(std::move(head))));
    return doc_.concat({above, doc_.group(doc_.concat(std::move(below)))});
  }

  /// A word and a list that hangs behind it: `if a, b`, `then f(), g()`, `given A("x"), B("y")`.
  Id hanging(uint32_t i) {
    std::vector<uint32_t> list = children(i);
    auto indent = static_cast<int>(columns(tree_.text_of(list[0]))) + 1;
    std::vector<uint32_t> rest(list.begin() + 1, list.end());
    return doc_.concat({token(list[0]), doc_.space(), doc_.group(doc_.nest(indent, items(rest)))});
  }

  Id rule(uint32_t i) {
    std::vector<uint32_t> list = children(i);
    std::vector<Id> parts;
    bool in_name = true;
    for (uint32_t c : list) {
      if (in_name && tree_.kind(c) != Kind::kHeadArgs) {
        parts.push_back(node(c));
        continue;
      }
      in_name = false;
      if (tree_.kind(c) == Kind::kBody) {
        parts.push_back(doc_.nest(2, doc_.concat({doc_.line(), doc_.group(node(c))})));
      } else if (is_symbol(c, ".")) {
        parts.push_back(mark(c));
      } else {
        if (tree_.kind(c) != Kind::kHeadArgs) parts.push_back(doc_.space());
        parts.push_back(node(c));
      }
    }
    return doc_.group(doc_.concat(std::move(parts)));
  }

  Id expect(uint32_t i) {
    std::vector<uint32_t> list = children(i);
    std::vector<Id> parts;
    for (size_t k = 0; k < list.size(); ++k) {
      std::string_view text = is_token(tree_.kind(list[k])) ? tree_.text_of(list[k]) : "";
      bool word = tree_.kind(list[k]) == Kind::kKeyword && (text == "reason" || text == "errors");
      if (word || tree_.kind(list[k]) == Kind::kEffects || tree_.kind(list[k]) == Kind::kYields) {
        std::vector<Id> part{doc_.line(), node(list[k])};
        if (word) part.push_back(doc_.space()), part.push_back(node(list[++k]));
        parts.push_back(doc_.nest(2, doc_.concat(std::move(part))));
        continue;
      }
      if (k > 0) parts.push_back(doc_.space());
      parts.push_back(node(list[k]));
    }
    return doc_.group(doc_.concat(std::move(parts)));
  }

  /// `for all r: Act` with its condition, then each expectation on a line of its own.
  Id for_all(uint32_t i) {
    std::vector<uint32_t> list = children(i);
    std::vector<Id> head, below;
    for (size_t k = 0; k < list.size(); ++k) {
      Kind kind = tree_.kind(list[k]);
      if (kind == Kind::kExpect) {
        below.push_back(doc_.nest(2, doc_.concat({doc_.hard_line(false), node(list[k])})));
      } else if (kind == Kind::kWhere) {
        head.push_back(doc_.nest(2, doc_.concat({doc_.line(), node(list[k])})));
      } else {
        if (k > 0 && space_between(i, list[k - 1], list[k])) head.push_back(doc_.space());
        head.push_back(node(list[k]));
      }
    }
    return doc_.concat({doc_.group(doc_.concat(std::move(head))), doc_.concat(std::move(below))});
  }

  /// `header { parts }`, each part on lines of its own.
  Id block(uint32_t i) {
    std::vector<uint32_t> list = children(i);
    size_t open = 0;
    while (!is_symbol(list[open], "{")) ++open;
    std::vector<Id> parts;
    for (size_t k = 0; k < open; ++k) {
      if (k > 0 && space_between(i, list[k - 1], list[k])) parts.push_back(doc_.space());
      parts.push_back(node(list[k]));
    }
    parts.push_back(doc_.space());
    std::vector<uint32_t> inside(list.begin() + static_cast<long>(open) + 1, list.end() - 1);
    parts.push_back(lines(list[open], inside, list.back()));
    return doc_.concat(std::move(parts));
  }

  Id lines(uint32_t open, const std::vector<uint32_t>& inside, uint32_t close) {
    if (inside.empty()) return empty_bracket(open, close);
    Id opening = token(open);
    std::vector<Id> parts;
    for (size_t k = 0; k < inside.size(); ++k) {
      if (!is_mark(inside[k])) parts.push_back(doc_.hard_line(k > 0 && blank_above(first_token(inside[k]))));
      parts.push_back(node(inside[k]));
    }
    parts.push_back(comments_inside(close));
    return doc_.concat({opening, doc_.nest(2, doc_.concat(std::move(parts))), doc_.hard_line(false), closer(close)});
  }

  // ---- Rows ----------------------------------------------------------------------------------------------------------

  /// Rows on lines as they were written; a table with one row per line is aligned in columns.
  Id rows(uint32_t i) {
    std::vector<uint32_t> list = children(i);
    std::vector<uint32_t> inside(list.begin() + 1, list.end() - 1);
    if (inside.empty()) return empty_bracket(list.front(), list.back());
    if (!rows_share_lines(inside)) return table(list.front(), inside, list.back());
    Id opening = token(list.front());
    std::vector<Id> parts;
    for (size_t k = 0; k < inside.size(); ++k) {
      if (!is_mark(inside[k])) {
        bool same_line = k > 0 && shares_line(first_token(inside[k]));
        bool blank = k > 0 && blank_above(first_token(inside[k]));
        parts.push_back(same_line ? doc_.space() : doc_.hard_line(blank));
      }
      parts.push_back(node(inside[k]));
    }
    parts.push_back(comments_inside(list.back()));
    return doc_.concat(
        {opening, doc_.nest(2, doc_.concat(std::move(parts))), doc_.hard_line(false), closer(list.back())});
  }

  /// Some rows stand beside each other, and all lines made so are short enough.
  bool rows_share_lines(const std::vector<uint32_t>& inside) {
    bool shared = false;
    size_t width = 0;
    for (size_t k = 0; k < inside.size(); ++k) {
      bool same_line = k > 0 && shares_line(first_token(inside[k]));
      if (!is_mark(inside[k])) shared = shared || same_line;
      bool ok = true;
      size_t piece = flat_width(inside[k], ok);
      if (!ok) return false;
      width = same_line || is_mark(inside[k]) ? width + 1 + piece : 2 + piece;
      if (width > kFormatWidth) return false;
    }
    return shared;
  }

  /// Columns of a node on one line, comments above it and behind it left out; not ok where it needs several lines.
  size_t flat_width(uint32_t i, bool& ok) {
    uint32_t before = hide_comments_above(first_token(i));
    Id made = shape(i);
    unhide(before);
    return columns(doc_.flat(made, ok));
  }

  Id table(uint32_t open, const std::vector<uint32_t>& inside, uint32_t close) {
    std::vector<size_t> widths = column_widths(inside);
    Id opening = token(open);
    std::vector<Id> parts;
    for (size_t k = 0; k < inside.size(); ++k) {
      if (is_mark(inside[k])) {
        parts.push_back(mark(inside[k]));
        continue;
      }
      parts.push_back(doc_.hard_line(k > 0 && blank_above(first_token(inside[k]))));
      parts.push_back(widths.empty() ? node(inside[k]) : aligned_row(inside[k], widths));
    }
    parts.push_back(comments_inside(close));
    return doc_.concat({opening, doc_.nest(2, doc_.concat(std::move(parts))), doc_.hard_line(false), closer(close)});
  }

  /// The width of each column, or nothing where the table is not to be aligned.
  std::vector<size_t> column_widths(const std::vector<uint32_t>& inside) {
    std::vector<size_t> widths;
    for (uint32_t row : inside) {
      if (is_mark(row)) continue;
      size_t column = 0;
      bool ok = true;
      if (flat_width(row, ok) + 2 > kFormatWidth || !ok) return {};
      for (uint32_t c = tree_.first(row); c != tree_.end(row); c = tree_.next(c)) {
        if (tree_.kind(c) == Kind::kSymbol) continue;
        if (column == widths.size()) widths.push_back(0);
        widths[column] = std::max<size_t>(widths[column], flat_width(c, ok));
        ++column;
      }
    }
    size_t total = 2 + 2 * widths.size();
    for (size_t width : widths) total += width;
    bool too_wide = std::any_of(widths.begin(), widths.end(), [](size_t w) { return w > kBlanks.size() / 2; });
    if (total > kFormatWidth || too_wide) widths.clear();
    return widths;
  }

  Id aligned_row(uint32_t row, const std::vector<size_t>& widths) {
    std::vector<Id> parts;
    size_t column = 0, pad = 0;
    for (uint32_t c = tree_.first(row); c != tree_.end(row); c = tree_.next(c)) {
      if (tree_.kind(c) == Kind::kSymbol) {
        parts.push_back(token(c));
        bool last_comma = is_mark(c) && tree_.kind(tree_.next(c)) == Kind::kSymbol;
        pad = is_mark(c) && !last_comma ? pad + 1 : 0;
        continue;
      }
      if (pad > 0) parts.push_back(doc_.text(kBlanks.substr(0, pad)));
      bool ok = true;
      pad = widths[column++] - flat_width(c, ok);
      parts.push_back(node(c));
    }
    return doc_.concat(std::move(parts));
  }

  // ---- Expressions ---------------------------------------------------------------------------------------------------

  Id expression(uint32_t i) {
    std::vector<uint32_t> list = children(i);
    if (list.size() == 1) return node(list[0]);
    std::vector<Id> parts;
    size_t k = 0;
    parts.push_back(term(list, k));
    while (k < list.size()) {
      bool range = is_symbol(list[k], "..");
      std::vector<Id> part;
      if (!range) part.push_back(doc_.line());
      part.push_back(token(list[k++]));
      bool second_word = tree_.text_of(list[k - 1]) == "not" && tree_.kind(list[k]) == Kind::kKeyword &&
                         tree_.text_of(list[k]) == "in";
      if (second_word) part.push_back(doc_.space()), part.push_back(token(list[k++]));
      if (!range) part.push_back(doc_.space());
      part.push_back(term(list, k));
      parts.push_back(doc_.nest(2, doc_.concat(std::move(part))));
    }
    return parts.size() == 1 ? parts[0] : doc_.group(doc_.concat(std::move(parts)));
  }

  /// Prefixes, operand, suffixes; `k` ends behind them.
  Id term(const std::vector<uint32_t>& list, size_t& k) {
    std::vector<Id> parts;
    for (; is_symbol(list[k], "-") || is_prefix_word(list[k]); ++k) {
      parts.push_back(token(list[k]));
      if (!is_symbol(list[k], "-")) parts.push_back(doc_.space());
    }
    parts.push_back(node(list[k++]));
    while (k < list.size() && is_suffix(list[k])) {
      bool dot = tree_.kind(list[k]) == Kind::kSymbol;
      parts.push_back(node(list[k++]));
      if (dot) parts.push_back(node(list[k++]));
    }
    return doc_.concat(std::move(parts));
  }
  bool is_prefix_word(uint32_t i) const {
    return tree_.kind(i) == Kind::kKeyword && (tree_.text_of(i) == "not" || tree_.text_of(i) == "has");
  }
  bool is_suffix(uint32_t i) const {
    Kind kind = tree_.kind(i);
    return kind == Kind::kArgs || kind == Kind::kIndex || is_symbol(i, ".") || is_symbol(i, "?.");
  }
};

}  // namespace

std::string format(const SyntaxTree& tree) {
  if (!tree.complete) return std::string(tree.text);
  std::string out;
  run_nested(tree.nesting, [&] { out = Formatter(tree).file(); });
  return out;
}

}  // namespace lictor
