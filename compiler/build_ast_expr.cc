// Expressions and bodies.
//
// The tree has an expression flat: prefixes, operand, suffixes, operator, prefixes, operand ... Precedence is put in
// with two explicit stacks, so the native stack grows with brackets only. From loosest to tightest:
//   ??  (to the right)   comparisons, in, not in, is   ..   + -   * / mod   - not has (prefix)   . ?. [ ] ( )
// Comparisons and ranges do not chain: `a < b < c` is an error.
#include <cassert>

#include "compiler/build_ast_internal.h"

namespace lictor {

using ast::Expr;
using ast::ExprKind;
using ast::Literal;
using ast::LiteralKind;

namespace {

struct Binding {
  int level;
  bool right = false;
  bool chains = true;
};

Binding binding(std::string_view op) {
  if (op == "..") return {2, false, false};
  if (op == "??") return {3, true};
  if (op == "+" || op == "-") return {4};
  if (op == "*" || op == "/" || op == "mod") return {5};
  return {1, false, false};  // comparisons, `in`, `is`
}

/// The name a call calls: `f`, `a.b.f`; empty where `callee` is no path.
std::string path_text(const Expr& callee) {
  std::string tail;
  const Expr* at = &callee;
  for (; at->kind == ExprKind::kField; at = &at->args[0]) tail = "." + at->text + tail;
  return at->kind == ExprKind::kName ? at->text + tail : "";
}

}  // namespace

/// The expression becomes the first of `args` arguments of a new one that takes its place.
static void enclose(Expr& expr, ExprKind kind, size_t args) {
  std::vector<Expr> inner;
  inner.reserve(args);
  inner.push_back(std::move(expr));  // all of it but what is not moved away: words and flags
  expr.kind = kind;
  expr.text.clear();
  expr.has_else = expr.history = false;
  expr.args = std::move(inner);
}

/// The two stacks of the operator-precedence method.
struct AstBuilder::Operators {
  std::vector<Expr> operands;
  std::vector<Op> operators;

  /// `left` becomes the operation without its right operand; returns where that goes.
  static Expr& begin(Expr& left, const Op& op) {
    bool range = op.text == "..";
    enclose(left, range ? ExprKind::kRange : ExprKind::kBinary, 2);
    if (!range) left.text = op.text;
    left.name_span = op.span;
    return left.args.emplace_back();
  }

  void reduce() {
    Expr right = std::move(operands.back());
    operands.pop_back();
    Expr& left = operands.back();
    left.span = join(left.span, right.span);
    begin(left, operators.back()) = std::move(right);
    operators.pop_back();
  }
};

bool AstBuilder::enter(uint32_t node, uint64_t levels) {
  if (depth_ + levels <= limits_.depth) {
    depth_ += levels;
    return true;
  }
  if (!too_deep_) diagnostics_.report(Diag::kTooDeep, span(node)).arg(static_cast<int64_t>(limits_.depth));
  too_deep_ = true;
  return false;
}

Expr AstBuilder::expression(uint32_t node, uint32_t leading_nots) {
  Expr out;
  expression(node, leading_nots, out);
  return out;
}

void AstBuilder::expression(uint32_t node, uint32_t leading_nots, Expr& out) {
  uint64_t levels = 1 + leading_nots;
  for (uint32_t c = tree_.first(node); c != tree_.end(node); c = tree_.next(c)) {
    levels += kind(c) == Kind::kSymbol || kind(c) == Kind::kKeyword;
  }
  if (!enter(node, levels)) {
    out.span = span(node);
    return;
  }
  chain(node, leading_nots, out);
  leave(levels);
}

/// The operator at `child`, which ends behind it.
AstBuilder::Op AstBuilder::operator_at(uint32_t& child) const {
  Op op{text(child), span(child)};
  child = tree_.next(child);
  if (op.text == "not") {
    op = {"not in", join(op.span, span(child))};
    child = tree_.next(child);
  }
  return op;
}

void AstBuilder::chain(uint32_t node, uint32_t leading_nots, Expr& out) {
  uint32_t c = tree_.first(node), end = tree_.end(node);
  if (kind(c) == Kind::kPath) return call_of_path(node, out);
  term(c, end, leading_nots, out);
  if (c == end) return;
  Op op = operator_at(c);
  Expr& right = Operators::begin(out, op);
  term(c, end, 0, right);
  out.span = join(out.span, right.span);
  if (c != end) longer_chain(c, end, op, out);
}

/// `out` is the first operation of the chain, and `child` the operator behind it.
void AstBuilder::longer_chain(uint32_t child, uint32_t end, Op first, Expr& out) {
  Operators stack;
  stack.operands = std::move(out.args);
  stack.operators.push_back(first);
  while (child != end) {
    Op op = operator_at(child);
    Binding here = binding(op.text);
    while (!stack.operators.empty()) {
      std::string_view before = stack.operators.back().text;
      Binding top = binding(before);
      if (top.level < here.level || (top.level == here.level && here.right)) break;
      if (top.level == here.level && !here.chains) {
        diagnostics_.report(Diag::kNonAssociative, op.span).arg(before).arg(op.text);
      }
      stack.reduce();
    }
    stack.operators.push_back(op);
    term(child, end, 0, stack.operands.emplace_back());
  }
  while (!stack.operators.empty()) stack.reduce();
  out = std::move(stack.operands.back());
}

/// Prefixes, operand, suffixes; `child` ends behind them. Leading nots are those of the literal around an expression.
void AstBuilder::term(uint32_t& child, uint32_t end, uint32_t leading_nots, Expr& out) {
  std::vector<uint32_t> prefixes;
  auto is_prefix = [&](uint32_t c) {
    return kind(c) == Kind::kKeyword ? text(c) == "not" || text(c) == "has" : is_symbol(c, "-");
  };
  for (; is_prefix(child); child = tree_.next(child)) prefixes.push_back(child);
  operand(child, out);
  child = tree_.next(child);
  auto is_suffix = [&](uint32_t c) {
    return kind(c) == Kind::kArgs || kind(c) == Kind::kIndex || is_symbol(c, ".") || is_symbol(c, "?.");
  };
  while (child != end && is_suffix(child)) suffix(out, child);
  auto wrap = [&](std::string_view op, Span at) {
    enclose(out, ExprKind::kUnary, 1);
    out.text = op;
    out.name_span = at;
    out.span = join(at, out.span);
  };
  for (size_t i = prefixes.size(); i > 0; --i) wrap(text(prefixes[i - 1]), span(prefixes[i - 1]));
  for (uint32_t i = 0; i < leading_nots; ++i) wrap("not", out.span);
}

/// Puts the suffix at `child` around `out`; `child` ends behind it.
void AstBuilder::suffix(Expr& out, uint32_t& child) {
  uint32_t at = child;
  child = tree_.next(child);
  if (kind(at) == Kind::kArgs) {
    Expr call;
    call.kind = ExprKind::kCall;
    call.text = path_text(out);
    call.name_span = out.span;
    call.span = join(out.span, span(at));
    if (call.text.empty()) diagnostics_.report(Diag::kNotCallable, out.span);
    arguments(at, call);
    out = std::move(call);
    return;
  }
  if (kind(at) == Kind::kIndex) {
    enclose(out, ExprKind::kIndex, 2);
    out.span = join(out.span, span(at));
    expression(tree_.child(at, Kind::kExpression), 0, out.args.emplace_back());
    return;
  }
  enclose(out, text(at) == "." ? ExprKind::kField : ExprKind::kSafeField, 1);
  out.text = text(child);
  out.name_span = span(child);
  out.span = join(out.span, span(child));
  child = tree_.next(child);
}

void AstBuilder::literal_token(uint32_t node, ExprKind kind, size_t cut_front, size_t cut_back, Expr& out) const {
  out.kind = kind;
  out.span = span(node);
  std::string_view inside = text(node);
  inside.remove_prefix(cut_front);
  inside.remove_suffix(cut_back);
  bool number =
      kind == ExprKind::kInt || kind == ExprKind::kDecimal || kind == ExprKind::kPercent || kind == ExprKind::kDuration;
  out.text = inside;
  if (number) std::erase(out.text, '_');
}

Expr AstBuilder::operand(uint32_t node) {
  Expr out;
  operand(node, out);
  return out;
}

void AstBuilder::operand(uint32_t node, Expr& out) {
  switch (kind(node)) {
    case Kind::kWord:
      return literal_token(node, text(node) == "_" ? ExprKind::kWildcard : ExprKind::kName, 0, 0, out);
    case Kind::kKeyword:
      return literal_token(node, text(node) == "none" ? ExprKind::kNone : ExprKind::kBool, 0, 0, out);
    case Kind::kInt:
      return literal_token(node, ExprKind::kInt, 0, 0, out);
    case Kind::kDecimal:
      return literal_token(node, ExprKind::kDecimal, 0, 0, out);
    case Kind::kPercent:
      return literal_token(node, ExprKind::kPercent, 0, 1, out);
    case Kind::kDuration:
      return literal_token(node, ExprKind::kDuration, 0, 0, out);
    case Kind::kClock:
      return literal_token(node, ExprKind::kClock, 0, 0, out);
    case Kind::kTime:
      return literal_token(node, ExprKind::kTime, 5, 1, out);
    case Kind::kDate:
      return literal_token(node, ExprKind::kDate, 5, 1, out);
    case Kind::kIp:
      return literal_token(node, ExprKind::kIp, 3, 1, out);
    case Kind::kRegex:
      return literal_token(node, ExprKind::kRegex, 3, 1, out);
    case Kind::kGlob:
      return literal_token(node, ExprKind::kGlob, 5, 1, out);
    case Kind::kString:
      return string(node, strings_are_messages_, out);
    case Kind::kParen:
      return paren_value(node, out);
    case Kind::kBraces:
      return braces(node, out);
    case Kind::kList:
      return list(node, out);
    case Kind::kCase:
      return case_of(node, out);
    case Kind::kAggregate:
      return aggregate(node, out);
    case Kind::kHistory:
      out.history = true;
      return call_of_path(node, out);
    default:
      break;
  }
  assert(false);  // INVARIANT: the grammar's operand has no other kinds
}

/// `path args`: a call whose callee is a path by grammar.
Expr AstBuilder::call_of_path(uint32_t node) {
  Expr out;
  call_of_path(node, out);
  return out;
}

void AstBuilder::call_of_path(uint32_t node, Expr& out) {
  uint32_t callee = tree_.child(node, Kind::kPath), args = tree_.child(node, Kind::kArgs);
  out.kind = ExprKind::kCall;
  out.name_span = span(callee);
  out.span = join(span(callee), span(args));
  for (uint32_t c = tree_.first(callee); c != tree_.end(callee); c = tree_.next(c)) {
    if (kind(c) != Kind::kWord) continue;
    if (!out.text.empty()) out.text += '.';
    out.text += text(c);
  }
  arguments(args, out);
}

void AstBuilder::arguments(uint32_t node, Expr& call) {
  size_t count = tree_.count(node, Kind::kExpression) + tree_.count(node, Kind::kNamedArg);
  call.args.reserve(count);
  call.arg_names.reserve(count);
  for (uint32_t c = tree_.first(node); c != tree_.end(node); c = tree_.next(c)) {
    if (kind(c) == Kind::kExpression) {
      expression(c, 0, call.args.emplace_back());
      call.arg_names.emplace_back();
    } else if (kind(c) == Kind::kNamedArg) {
      expression(tree_.child(c, Kind::kExpression), 0, call.args.emplace_back());
      call.arg_names.push_back(first_word(c));
    }
  }
}

void AstBuilder::not_a_value(uint32_t node, std::string_view what, Expr& out) {
  auto report = diagnostics_.report(Diag::kNotAValue, span(node));
  report.arg(what);
  if (what == "`=`") report.hint("`==` compares two values");
  out.span = span(node);
}

/// Parentheses where a value is wanted: one expression, or a tuple.
void AstBuilder::paren_value(uint32_t node, Expr& out) {
  uint32_t inside = tree_.child(node, Kind::kBody);
  if (tree_.has_token(node, "or")) return not_a_value(node, "`or`", out);
  std::vector<Expr> values;
  for (uint32_t c = tree_.first(inside); c != tree_.end(inside); c = tree_.next(c)) {
    if (kind(c) == Kind::kLiteral) literal_value(c, values.emplace_back());
  }
  if (values.size() == 1) {
    out = std::move(values[0]);
    out.span = span(node);
    return;
  }
  out.kind = ExprKind::kTuple;
  out.span = span(node);
  out.args = std::move(values);
}

void AstBuilder::literal_value(uint32_t node, Expr& out) {
  uint32_t c = tree_.first(node), nots = 0;
  for (; kind(c) == Kind::kKeyword; c = tree_.next(c)) ++nots;
  switch (kind(c)) {
    case Kind::kExists:
      return not_a_value(c, "`exists`", out);
    case Kind::kForall:
      return not_a_value(c, "`forall`", out);
    case Kind::kSome:
      return not_a_value(c, "`some`", out);
    case Kind::kGranted:
      return not_a_value(c, "`granted`", out);
    default:
      break;
  }
  if (tree_.has_token(node, "=")) return not_a_value(node, "`=`", out);
  if (uint32_t window = tree_.child(node, Kind::kWithin)) return not_a_value(window, "`within`", out);
  expression(c, nots, out);
}

void AstBuilder::braces(uint32_t node, Expr& out) {
  out.kind = ExprKind::kBraces;
  out.span = span(node);
  out.args.reserve(tree_.count(node, Kind::kExpression));
  size_t entries = 0, colons = 0;
  bool after_colon = false;
  uint32_t odd_one = node;
  for (uint32_t c = tree_.first(node); c != tree_.end(node); c = tree_.next(c)) {
    if (kind(c) == Kind::kExpression) {
      if (!after_colon) ++entries, odd_one = c;
      expression(c, 0, out.args.emplace_back());
      after_colon = false;
    } else if (text(c) == ":") {
      ++colons;
      after_colon = true;
    }
  }
  if (colons == 0) return;
  if (colons != entries) {
    diagnostics_.report(Diag::kMixedSeparators, span(odd_one)).arg("VALUE").arg("KEY: VALUE");
    out.args.clear();
  }
  out.kind = ExprKind::kMap;
}

void AstBuilder::list(uint32_t node, Expr& out) {
  out.kind = ExprKind::kList;
  out.span = span(node);
  out.args.reserve(tree_.count(node, Kind::kExpression));
  for (uint32_t c = tree_.first(node); c != tree_.end(node); c = tree_.next(c)) {
    if (kind(c) == Kind::kExpression) expression(c, 0, out.args.emplace_back());
  }
}

void AstBuilder::case_of(uint32_t node, Expr& out) {
  out.kind = ExprKind::kCase;
  out.span = span(node);
  for (uint32_t arm = tree_.first(node); arm != tree_.end(node); arm = tree_.next(arm)) {
    if (kind(arm) != Kind::kCaseArm) continue;
    bool is_else = tree_.has_token(arm, "else");
    if (out.has_else) report_twice(arm, is_else ? "`else`" : "an arm behind `else`");
    for (uint32_t c = tree_.first(arm); c != tree_.end(arm); c = tree_.next(c)) {
      if (kind(c) != Kind::kExpression) continue;
      Expr value = expression(c);
      if (!out.has_else) out.args.push_back(std::move(value));
    }
    out.has_else = out.has_else || is_else;
  }
}

void AstBuilder::aggregate(uint32_t node, Expr& out) {
  out.kind = ExprKind::kAggregate;
  out.span = span(node);
  uint32_t c = tree_.first(node);
  out.text = text(c);
  out.name_span = span(c);
  bool in_braces = false;
  for (; c != tree_.end(node); c = tree_.next(c)) {
    if (kind(c) == Kind::kSymbol && text(c) == "{") in_braces = true;
    if (kind(c) == Kind::kExpression) expression(c, 0, (in_braces ? out.args : out.param).emplace_back());
    if (kind(c) == Kind::kBody) out.body = body(c);
  }
}

// ---- Bodies ----------------------------------------------------------------------------------------------------------

ast::Body AstBuilder::body(uint32_t node) {
  ast::Body out;
  out.reserve(tree_.count(node, Kind::kLiteral));
  for (uint32_t c = tree_.first(node); c != tree_.end(node); c = tree_.next(c)) {
    if (kind(c) == Kind::kLiteral) literal(c, out.emplace_back());
  }
  return out;
}

void AstBuilder::literal(uint32_t node, Literal& out) {
  std::vector<uint32_t> nots;
  uint32_t c = tree_.first(node), end = tree_.end(node);
  for (; kind(c) == Kind::kKeyword; c = tree_.next(c)) nots.push_back(c);
  uint64_t levels = 1 + nots.size();
  out.span = span(node);
  if (!enter(node, levels)) {
    out.expr.emplace_back().span = out.span;
    return;
  }
  condition(node, c, end, out);
  leave(levels);
  for (size_t i = nots.size(); i > 0; --i) {
    Literal outer;
    outer.kind = LiteralKind::kNot;
    outer.span = join(span(nots[i - 1]), out.span);
    outer.bodies.emplace_back().push_back(std::move(out));
    out = std::move(outer);
  }
}

/// What stands behind the nots of a literal: children [first, end) of `node`.
void AstBuilder::condition(uint32_t node, uint32_t first, uint32_t end, Literal& out) {
  out.span = {tree_.file, span(first).begin, span(node).end};
  switch (kind(first)) {
    case Kind::kExists:
    case Kind::kForall:
      out.kind = kind(first) == Kind::kExists ? LiteralKind::kExists : LiteralKind::kForall;
      for (uint32_t c = tree_.first(first); c != tree_.end(first); c = tree_.next(c)) {
        if (kind(c) == Kind::kBody) out.bodies.push_back(body(c));
      }
      return;
    case Kind::kSome:
      out.kind = LiteralKind::kSome;
      out.name = first_word(first);
      expression(tree_.child(first, Kind::kExpression), 0, out.expr.emplace_back());
      return;
    case Kind::kGranted:
      out.kind = LiteralKind::kGranted;
      call_of_path(first, out.expr.emplace_back());
      return;
    default:
      break;
  }
  uint32_t equals = tree_.next(first), inner = tree_.first(first);
  bool only_paren = kind(inner) == Kind::kParen && tree_.next(inner) == tree_.end(first);
  if (equals == end && only_paren) {
    out.kind = LiteralKind::kGroup;
    for (uint32_t c = tree_.first(inner); c != tree_.end(inner); c = tree_.next(c)) {
      if (kind(c) == Kind::kBody) out.bodies.push_back(body(c));
    }
    return;
  }
  expression(first, 0, out.expr.emplace_back());
  if (equals == end) return;
  if (kind(equals) == Kind::kWithin) {
    expression(tree_.child(equals, Kind::kExpression), 0, out.within.emplace_back());
    return;
  }
  out.kind = LiteralKind::kEquals;
  expression(tree_.next(equals), 0, out.expr.emplace_back());
}

}  // namespace lictor
