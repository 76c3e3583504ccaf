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

/// The two stacks of the operator-precedence method.
struct AstBuilder::Operators {
  struct Op {
    std::string text;
    Span span;
    Binding binding;
  };
  std::vector<Expr> operands;
  std::vector<Op> operators;

  void reduce() {
    Expr right = std::move(operands.back());
    operands.pop_back();
    Expr& left = operands.back();
    Expr made;
    Op& op = operators.back();
    made.kind = op.text == ".." ? ExprKind::kRange : ExprKind::kBinary;
    made.span = join(left.span, right.span);
    if (made.kind == ExprKind::kBinary) made.text = std::move(op.text);
    made.name_span = op.span;
    made.args.reserve(2);
    made.args.push_back(std::move(left));
    made.args.push_back(std::move(right));
    left = std::move(made);
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
  uint64_t levels = 1 + leading_nots;
  for (uint32_t c = tree_.first(node); c != tree_.end(node); c = tree_.next(c)) {
    levels += kind(c) == Kind::kSymbol || kind(c) == Kind::kKeyword;
  }
  if (!enter(node, levels)) {
    Expr nothing;
    nothing.span = span(node);
    return nothing;
  }
  Expr out = chain(node, leading_nots);
  leave(levels);
  return out;
}

Expr AstBuilder::chain(uint32_t node, uint32_t leading_nots) {
  uint32_t c = tree_.first(node), end = tree_.end(node);
  if (kind(c) == Kind::kPath) return call_of_path(node);
  Expr first = term(c, end, leading_nots);
  if (c == end) return first;
  Operators stack;
  stack.operands.reserve(2);
  stack.operands.push_back(std::move(first));
  while (c != end) {
    Operators::Op op{std::string(text(c)), span(c), {}};
    c = tree_.next(c);
    if (op.text == "not") {
      op.text = "not in";
      op.span = join(op.span, span(c));
      c = tree_.next(c);
    }
    op.binding = binding(op.text);
    while (!stack.operators.empty()) {
      const Operators::Op& top = stack.operators.back();
      if (top.binding.level < op.binding.level) break;
      if (top.binding.level == op.binding.level && op.binding.right) break;
      if (top.binding.level == op.binding.level && !op.binding.chains) {
        diagnostics_.report(Diag::kNonAssociative, op.span).arg(top.text).arg(op.text);
      }
      stack.reduce();
    }
    stack.operators.push_back(std::move(op));
    stack.operands.push_back(term(c, end, 0));
  }
  while (!stack.operators.empty()) stack.reduce();
  return std::move(stack.operands.back());
}

/// Prefixes, operand, suffixes; `child` ends behind them. Leading nots are those of the literal around an expression.
Expr AstBuilder::term(uint32_t& child, uint32_t end, uint32_t leading_nots) {
  std::vector<uint32_t> prefixes;
  auto is_prefix = [&](uint32_t c) {
    return kind(c) == Kind::kKeyword ? text(c) == "not" || text(c) == "has"
                                     : kind(c) == Kind::kSymbol && text(c) == "-";
  };
  for (; is_prefix(child); child = tree_.next(child)) prefixes.push_back(child);
  Expr out = operand(child);
  child = tree_.next(child);
  auto is_suffix = [&](uint32_t c) {
    if (kind(c) == Kind::kArgs || kind(c) == Kind::kIndex) return true;
    return kind(c) == Kind::kSymbol && (text(c) == "." || text(c) == "?.");
  };
  while (child != end && is_suffix(child)) out = suffix(std::move(out), child);
  auto wrap = [&](std::string_view op, Span at) {
    Expr outer;
    outer.kind = ExprKind::kUnary;
    outer.text = op;
    outer.name_span = at;
    outer.span = join(at, out.span);
    outer.args.push_back(std::move(out));
    out = std::move(outer);
  };
  for (size_t i = prefixes.size(); i > 0; --i) wrap(text(prefixes[i - 1]), span(prefixes[i - 1]));
  for (uint32_t i = 0; i < leading_nots; ++i) wrap("not", out.span);
  return out;
}

Expr AstBuilder::suffix(Expr base, uint32_t& child) {
  Expr out;
  uint32_t at = child;
  child = tree_.next(child);
  if (kind(at) == Kind::kArgs) {
    out.kind = ExprKind::kCall;
    out.text = path_text(base);
    out.name_span = base.span;
    out.span = join(base.span, span(at));
    if (out.text.empty()) diagnostics_.report(Diag::kNotCallable, base.span);
    arguments(at, out);
    return out;
  }
  if (kind(at) == Kind::kIndex) {
    out.kind = ExprKind::kIndex;
    out.span = join(base.span, span(at));
    out.args.push_back(std::move(base));
    out.args.push_back(expression(tree_.child(at, Kind::kExpression)));
    return out;
  }
  out.kind = text(at) == "." ? ExprKind::kField : ExprKind::kSafeField;
  out.text = text(child);
  out.name_span = span(child);
  out.span = join(base.span, span(child));
  out.args.push_back(std::move(base));
  child = tree_.next(child);
  return out;
}

Expr AstBuilder::literal_token(uint32_t node, ExprKind kind, size_t cut_front, size_t cut_back) const {
  Expr out;
  out.kind = kind;
  out.span = span(node);
  std::string_view inside = text(node);
  inside.remove_prefix(cut_front);
  inside.remove_suffix(cut_back);
  bool number =
      kind == ExprKind::kInt || kind == ExprKind::kDecimal || kind == ExprKind::kPercent || kind == ExprKind::kDuration;
  out.text = inside;
  if (number) std::erase(out.text, '_');
  return out;
}

Expr AstBuilder::operand(uint32_t node) {
  switch (kind(node)) {
    case Kind::kWord:
      return literal_token(node, text(node) == "_" ? ExprKind::kWildcard : ExprKind::kName, 0, 0);
    case Kind::kKeyword:
      return literal_token(node, text(node) == "none" ? ExprKind::kNone : ExprKind::kBool, 0, 0);
    case Kind::kInt:
      return literal_token(node, ExprKind::kInt, 0, 0);
    case Kind::kDecimal:
      return literal_token(node, ExprKind::kDecimal, 0, 0);
    case Kind::kPercent:
      return literal_token(node, ExprKind::kPercent, 0, 1);
    case Kind::kDuration:
      return literal_token(node, ExprKind::kDuration, 0, 0);
    case Kind::kClock:
      return literal_token(node, ExprKind::kClock, 0, 0);
    case Kind::kTime:
      return literal_token(node, ExprKind::kTime, 5, 1);
    case Kind::kDate:
      return literal_token(node, ExprKind::kDate, 5, 1);
    case Kind::kIp:
      return literal_token(node, ExprKind::kIp, 3, 1);
    case Kind::kRegex:
      return literal_token(node, ExprKind::kRegex, 3, 1);
    case Kind::kGlob:
      return literal_token(node, ExprKind::kGlob, 5, 1);
    case Kind::kString:
      return string(node, strings_are_messages_);
    case Kind::kParen:
      return paren_value(node);
    case Kind::kBraces:
      return braces(node);
    case Kind::kList:
      return list(node);
    case Kind::kCase:
      return case_of(node);
    case Kind::kAggregate:
      return aggregate(node);
    case Kind::kHistory: {
      Expr call = call_of_path(node);
      call.history = true;
      return call;
    }
    default:
      break;
  }
  assert(false);  // INVARIANT: the grammar's operand has no other kinds
  return {};
}

/// `path args`: a call whose callee is a path by grammar.
Expr AstBuilder::call_of_path(uint32_t node) {
  uint32_t callee = tree_.child(node, Kind::kPath), args = tree_.child(node, Kind::kArgs);
  Expr out;
  out.kind = ExprKind::kCall;
  out.name_span = span(callee);
  out.span = join(span(callee), span(args));
  for (const ast::Name& part : path(callee).parts) out.text += (out.text.empty() ? "" : ".") + part.text;
  arguments(args, out);
  return out;
}

void AstBuilder::arguments(uint32_t node, Expr& call) {
  size_t count = tree_.count(node, Kind::kExpression) + tree_.count(node, Kind::kNamedArg);
  call.args.reserve(count);
  call.arg_names.reserve(count);
  for (uint32_t c = tree_.first(node); c != tree_.end(node); c = tree_.next(c)) {
    if (kind(c) == Kind::kExpression) {
      call.args.push_back(expression(c));
      call.arg_names.emplace_back();
    } else if (kind(c) == Kind::kNamedArg) {
      call.args.push_back(expression(tree_.child(c, Kind::kExpression)));
      call.arg_names.push_back(first_word(c));
    }
  }
}

Expr AstBuilder::not_a_value(uint32_t node, std::string_view what) {
  auto report = diagnostics_.report(Diag::kNotAValue, span(node));
  report.arg(what);
  if (what == "`=`") report.hint("`==` compares two values");
  Expr out;
  out.span = span(node);
  return out;
}

/// Parentheses where a value is wanted: one expression, or a tuple.
Expr AstBuilder::paren_value(uint32_t node) {
  uint32_t inside = tree_.child(node, Kind::kBody);
  if (tree_.has_token(node, "or")) return not_a_value(node, "`or`");
  std::vector<Expr> values;
  for (uint32_t c = tree_.first(inside); c != tree_.end(inside); c = tree_.next(c)) {
    if (kind(c) == Kind::kLiteral) values.push_back(literal_value(c));
  }
  if (values.size() == 1) {
    values[0].span = span(node);
    return std::move(values[0]);
  }
  Expr out;
  out.kind = ExprKind::kTuple;
  out.span = span(node);
  out.args = std::move(values);
  return out;
}

Expr AstBuilder::literal_value(uint32_t node) {
  uint32_t c = tree_.first(node), nots = 0;
  for (; kind(c) == Kind::kKeyword; c = tree_.next(c)) ++nots;
  switch (kind(c)) {
    case Kind::kExists:
      return not_a_value(c, "`exists`");
    case Kind::kForall:
      return not_a_value(c, "`forall`");
    case Kind::kSome:
      return not_a_value(c, "`some`");
    case Kind::kGranted:
      return not_a_value(c, "`granted`");
    default:
      break;
  }
  if (tree_.has_token(node, "=")) return not_a_value(node, "`=`");
  if (uint32_t window = tree_.child(node, Kind::kWithin)) return not_a_value(window, "`within`");
  return expression(c, nots);
}

Expr AstBuilder::braces(uint32_t node) {
  Expr out;
  out.kind = ExprKind::kBraces;
  out.span = span(node);
  out.args.reserve(tree_.count(node, Kind::kExpression));
  size_t entries = 0, colons = 0;
  bool after_colon = false;
  uint32_t odd_one = node;
  for (uint32_t c = tree_.first(node); c != tree_.end(node); c = tree_.next(c)) {
    if (kind(c) == Kind::kExpression) {
      if (!after_colon) ++entries, odd_one = c;
      out.args.push_back(expression(c));
      after_colon = false;
    } else if (text(c) == ":") {
      ++colons;
      after_colon = true;
    }
  }
  if (colons == 0) return out;
  if (colons != entries) {
    diagnostics_.report(Diag::kMixedSeparators, span(odd_one)).arg("VALUE").arg("KEY: VALUE");
    out.args.clear();
  }
  out.kind = ExprKind::kMap;
  return out;
}

Expr AstBuilder::list(uint32_t node) {
  Expr out;
  out.kind = ExprKind::kList;
  out.span = span(node);
  out.args.reserve(tree_.count(node, Kind::kExpression));
  for (uint32_t c = tree_.first(node); c != tree_.end(node); c = tree_.next(c)) {
    if (kind(c) == Kind::kExpression) out.args.push_back(expression(c));
  }
  return out;
}

Expr AstBuilder::case_of(uint32_t node) {
  Expr out;
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
  return out;
}

Expr AstBuilder::aggregate(uint32_t node) {
  Expr out;
  out.kind = ExprKind::kAggregate;
  out.span = span(node);
  uint32_t c = tree_.first(node);
  out.text = text(c);
  out.name_span = span(c);
  bool in_braces = false;
  for (; c != tree_.end(node); c = tree_.next(c)) {
    if (kind(c) == Kind::kSymbol && text(c) == "{") in_braces = true;
    if (kind(c) == Kind::kExpression) (in_braces ? out.args : out.param).push_back(expression(c));
    if (kind(c) == Kind::kBody) out.body = body(c);
  }
  return out;
}

// ---- Bodies ----------------------------------------------------------------------------------------------------------

ast::Body AstBuilder::body(uint32_t node) {
  ast::Body out;
  out.reserve(tree_.count(node, Kind::kLiteral));
  for (uint32_t c = tree_.first(node); c != tree_.end(node); c = tree_.next(c)) {
    if (kind(c) == Kind::kLiteral) out.push_back(literal(c));
  }
  return out;
}

Literal AstBuilder::literal(uint32_t node) {
  std::vector<uint32_t> nots;
  uint32_t c = tree_.first(node), end = tree_.end(node);
  for (; kind(c) == Kind::kKeyword; c = tree_.next(c)) nots.push_back(c);
  uint64_t levels = 1 + nots.size();
  Literal out;
  out.span = span(node);
  if (!enter(node, levels)) return out.expr.emplace_back().span = out.span, out;
  out = condition(node, c, end);
  leave(levels);
  for (size_t i = nots.size(); i > 0; --i) {
    Literal outer;
    outer.kind = LiteralKind::kNot;
    outer.span = join(span(nots[i - 1]), out.span);
    outer.bodies.emplace_back().push_back(std::move(out));
    out = std::move(outer);
  }
  return out;
}

/// What stands behind the nots of a literal: children [first, end) of `node`.
Literal AstBuilder::condition(uint32_t node, uint32_t first, uint32_t end) {
  Literal out;
  out.span = {tree_.file, span(first).begin, span(node).end};
  switch (kind(first)) {
    case Kind::kExists:
    case Kind::kForall:
      out.kind = kind(first) == Kind::kExists ? LiteralKind::kExists : LiteralKind::kForall;
      for (uint32_t c = tree_.first(first); c != tree_.end(first); c = tree_.next(c)) {
        if (kind(c) == Kind::kBody) out.bodies.push_back(body(c));
      }
      return out;
    case Kind::kSome:
      out.kind = LiteralKind::kSome;
      out.name = first_word(first);
      out.expr.push_back(expression(tree_.child(first, Kind::kExpression)));
      return out;
    case Kind::kGranted:
      out.kind = LiteralKind::kGranted;
      out.expr.push_back(call_of_path(first));
      return out;
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
    return out;
  }
  out.expr.push_back(expression(first));
  if (equals == end) return out;
  if (kind(equals) == Kind::kWithin) {
    out.within.push_back(expression(tree_.child(equals, Kind::kExpression)));
    return out;
  }
  out.kind = LiteralKind::kEquals;
  out.expr.push_back(expression(tree_.next(equals)));
  return out;
}

}  // namespace lictor
