// Computing with constants at compile time: the same values, and the same errors, as at run time.
#pragma once

#include <cstdint>

#include "compiler/core.h"

namespace lictor {

/// The word of a constant that is one immediate word; -1 for others, which number_constants numbers.
int64_t word_of(const Schema& schema, const Datum& value);

/// Equality of values whatever their static types say: optional or not, ranged or not.
bool same_value(const Datum& a, const Datum& b);

/// Do this operation's constant operands keep it from erring (a divisor that is not 0)?
bool cannot_err(const Expr& expr);

/// Simplifies `expr` and its operands. What would err stays, and so does what must be evaluated for its errors.
void fold(const Schema& schema, Expr& expr);

/// A constant of type bool.
Expr bool_expr(bool value, Span span);
/// No value, of an optional type.
Expr none_expr(TypeId type, Span span);
inline bool is_constant(const Expr& expr) { return expr.op == Op::kConst; }
inline bool is_true(const Expr& expr) { return is_constant(expr) && !expr.constant->none && expr.constant->n == 1; }
inline bool is_false(const Expr& expr) { return is_constant(expr) && !expr.constant->none && expr.constant->n == 0; }

}  // namespace lictor
