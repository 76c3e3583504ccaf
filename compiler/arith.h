// Arithmetic of the language, the one home of its edges: constant folding, the interpreter and the runtime's helpers for
// native code all call these, so that no two of them can disagree (docs/language.md, "Types").
//
// Words are those of compiler/types.h. A result that does not fit 64 bits is an error, never a wrapped value. Rounding is
// half to even. All functions are pure and constexpr.
#pragma once

#include <cstdint>

#include "compiler/layout.h"
#include "compiler/types.h"

namespace lictor::arith {

/// A word, or the reason why there is none. `value` is 0 where `error` is set.
struct Checked {
  int64_t value = 0;
  EvalErrorKind error = EvalErrorKind{0};
  constexpr bool ok() const { return error == EvalErrorKind{0}; }
  constexpr bool operator==(const Checked&) const = default;
};

__extension__ typedef __int128 Wide;

constexpr Checked fail(EvalErrorKind kind) { return {0, kind}; }

constexpr Checked narrow(Wide value) {
  if (value < INT64_MIN || value > INT64_MAX) return fail(EvalErrorKind::kOverflow);
  return {static_cast<int64_t>(value), EvalErrorKind{0}};
}

constexpr Checked add(int64_t a, int64_t b) { return narrow(static_cast<Wide>(a) + b); }
constexpr Checked sub(int64_t a, int64_t b) { return narrow(static_cast<Wide>(a) - b); }
constexpr Checked mul(int64_t a, int64_t b) { return narrow(static_cast<Wide>(a) * b); }
constexpr Checked neg(int64_t a) { return narrow(-static_cast<Wide>(a)); }

/// Is a time not after `now`, and less than `window` before it?
constexpr bool is_within(int64_t time, int64_t now, int64_t window) {
  return time <= now && static_cast<Wide>(now) - time < window;
}

/// Truncates toward zero.
constexpr Checked div(int64_t a, int64_t b) {
  if (b == 0) return fail(EvalErrorKind::kDivisionByZero);
  return narrow(static_cast<Wide>(a) / b);
}

/// The sign of the dividend; INT64_MIN mod -1 is 0.
constexpr Checked mod(int64_t a, int64_t b) {
  if (b == 0) return fail(EvalErrorKind::kDivisionByZero);
  return {b == -1 ? 0 : a % b, EvalErrorKind{0}};
}

/// a / b rounded half to even. REQUIRES: b != 0, |a| < 2^126.
constexpr Wide half_even(Wide a, Wide b) {
  if (b < 0) {
    a = -a;
    b = -b;
  }
  Wide quotient = a / b;
  Wide rest = a % b;
  if (rest < 0) {
    rest += b;
    --quotient;
  }
  // rest >= b - rest is 2 * rest >= b without the overflow
  if (rest > b - rest || (rest == b - rest && (quotient & 1) != 0)) ++quotient;
  return quotient;
}

constexpr Checked dec_mul(int64_t a, int64_t b) { return narrow(half_even(static_cast<Wide>(a) * b, kDecimalScale)); }

constexpr Checked dec_div(int64_t a, int64_t b) {
  if (b == 0) return fail(EvalErrorKind::kDivisionByZero);
  return narrow(half_even(static_cast<Wide>(a) * kDecimalScale, b));
}

constexpr Checked int_to_dec(int64_t a) { return mul(a, kDecimalScale); }

constexpr Checked dec_to_int(int64_t a) {
  if (a % kDecimalScale != 0) return fail(EvalErrorKind::kNotWhole);
  return {a / kDecimalScale, EvalErrorKind{0}};
}

/// A word as an optional: kNoneWord is taken.
constexpr Checked some(int64_t a) {
  if (a == kNoneWord) return fail(EvalErrorKind::kOverflow);
  return {a, EvalErrorKind{0}};
}

}  // namespace lictor::arith
