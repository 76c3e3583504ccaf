// Which names a literal mentions, before anything is typed: what it can bind and what it needs. The order of a body and
// the scope of its variables follow from this.
#pragma once

#include <string_view>
#include <unordered_map>
#include <vector>

#include "compiler/check.h"

namespace lictor {

using NameList = std::vector<std::string_view>;

struct LiteralNames {
  NameList binds;    // an atom's variables, `x = ..`, `some x`, `x in ..`, what every alternative of an `or` binds
  NameList partial;  // what some alternatives of an `or` bind, but not all
  NameList uses;     // everything else, that of nested bodies included; their own locals too (nobody else binds those)
  std::string_view container;  // `x in y`: y, which can be bound by this literal if nobody else binds it

  /// How often the name stands in the literal.
  uint32_t count(std::string_view name) const;

 private:
  mutable std::unordered_map<std::string_view, uint32_t> counts_;  // made by the first count()
  mutable bool counted_ = false;
};

/// How a module reads bare words.
struct NameReader {
  const CheckContext& context;
  uint32_t module;
  std::string_view request;                                              // the rule's request argument, "" = none
  const std::unordered_map<std::string_view, LetDef>* yields = nullptr;  // of the decision, as far as they can be read

  /// Can the word be a variable: not `now`, a parameter, a `let`, the request, or a member of a visible enum.
  bool is_variable(std::string_view word) const;
  void of_expr(const ast::Expr& expr, NameList& out) const;
  /// Names of a body that are not locals of its own by shape (an aggregate's tuple).
  void of_body(const ast::Body& body, NameList& out) const;
  LiteralNames of_literal(const ast::Literal& literal) const;

 private:
  void of_atom(const ast::Expr& call, LiteralNames& out) const;
  void of_member(const ast::Expr& in, LiteralNames& out) const;
  void of_target(const ast::Expr& target, LiteralNames& out) const;
  void of_group(const ast::Literal& group, LiteralNames& out) const;
  void of_aggregate(const ast::Expr& aggregate, NameList& out) const;
  void everything(const ast::Literal& literal, NameList& out) const;
};

/// Parentheses around a conjunction mean nothing: its literals, in order.
std::vector<const ast::Literal*> flatten(const ast::Body& body);

/// Does the name call a function: a `let` that the module sees, or a built-in?
bool is_function(const CheckContext& context, uint32_t module, std::string_view name);

/// Is the call's callee a relation or an entity type (so that it is an atom)?
const Symbol* atom_symbol(const CheckContext& context, uint32_t module, const ast::Expr& expr);

}  // namespace lictor
