// Which values an expression can have, as an interval of words: from the types' ranges, from constants, and from
// comparisons with constants in the same body. Decides which operations can really err, whether a value stays inside the
// range of the column it is stored in, and whether a guard bounds a recursion.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

#include "compiler/check.h"

namespace lictor {

/// Inclusive. Everything when nothing is known.
struct Interval {
  int64_t lo = INT64_MIN;
  int64_t hi = INT64_MAX;
  bool bounded() const { return lo != INT64_MIN && hi != INT64_MAX; }
};

/// What values of a type can be; of an optional type, where there is one.
Interval type_interval(const Schema& schema, TypeId type);

/// What is known of the slots of a frame at some point of a body.
class SlotRanges {
 public:
  SlotRanges(const SlotRanges&) = delete;  // its trail points into it
  SlotRanges& operator=(const SlotRanges&) = delete;
  SlotRanges(const Schema& schema, const Frame& frame);
  Interval of(const Expr& expr) const;
  /// Takes in what holds after `literal`: guards narrow, `x = e` gives x the interval of e.
  void learn(const Literal& literal);
  /// Takes in that a test holds, or does not.
  void learn(const Expr& test, bool holds);
  /// forget(checkpoint()) undoes what was learnt in between.
  size_t checkpoint() const { return trail_.size(); }
  void forget(size_t checkpoint);
  const Interval& slot(uint32_t slot) const { return slots_[slot]; }

 private:
  void compare(const Expr& test, bool holds);
  void narrow(const Expr& side, Interval limit);

  const Schema& schema_;
  Interval* known(const Expr& expr);
  const Interval* known(const Expr& expr) const;

  std::vector<Interval> slots_;
  std::unordered_map<int64_t, Interval> fields_;       // of the request, where a guard said something
  std::vector<std::pair<Interval*, Interval>> trail_;  // what they were before
};

/// Sets Expr::can_err (and Clause::can_err) wherever an error is really possible. REQUIRES: a program without mistakes.
void mark_errors(Program& program);

/// Reports a value that may lie outside of the range of the type it is stored in.
void check_value_range(CheckContext& context, const SlotRanges& ranges, const Expr& value, TypeId type);

}  // namespace lictor
