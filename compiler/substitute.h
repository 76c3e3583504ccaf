// Inlining: a checked piece of core language with its parameters replaced and its own slots moved into another frame.
#pragma once

#include <vector>

#include "compiler/core.h"

namespace lictor {

/// Slots below params.size() become those expressions; slot s above becomes s - params.size() + base.
struct Substitution {
  const std::vector<Expr>& params;
  uint32_t base = 0;

  Expr operator()(const Expr& expr) const;
  Literal operator()(const Literal& literal) const;
  Body operator()(const Body& body) const;
};

/// Operations in an expression (body), and how deep they nest.
struct Extent {
  uint64_t size = 0;
  uint32_t depth = 0;
};
Extent extent(const Expr& expr);
Extent extent(const Body& body);

/// How often each slot below `count` stands in the expression and the body; adds to `uses`.
void count_slots(const Expr& expr, std::vector<uint64_t>& uses);
void count_slots(const Body& body, std::vector<uint64_t>& uses);

}  // namespace lictor
