// Every function that makes a text or a collection pays for it out of the memory budget before it is made, so no policy
// can make one that is too large.
#include "runtime/functions.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <iterator>

#include "compiler/ip_text.h"
#include "compiler/literals.h"
#include "compiler/text_functions.h"

namespace lictor {
namespace {

using arith::Checked;
using Words = std::vector<int64_t>;

Checked word(int64_t value) { return {value, EvalErrorKind{0}}; }
Checked truth(bool value) { return {value ? 1 : 0, EvalErrorKind{0}}; }

/// The word of what `make()` gives, a text of at most `bytes`; the empty text where the budget does not pay for it.
template <class Make>
Checked made_text(EvalState& state, uint64_t bytes, Make&& make) {
  state.charge(bytes);
  return word(state.values->text_word(state.exhausted ? std::string() : std::string(make())));
}

Checked made_collection(EvalState& state, const Words& words) {
  state.charge(words.size() * sizeof(int64_t));
  return word(state.values->compound_word(words));
}

Checked joined(EvalState& state, int64_t list, std::string_view separator) {
  const ValueTable& values = *state.values;
  auto words = values.compound(list);
  uint64_t bytes = words.empty() ? 0 : (words.size() - 1) * separator.size();
  for (int64_t item : words) bytes += values.text(item).size();
  return made_text(state, bytes, [&] {
    std::string out;
    for (size_t i = 0; i < words.size(); ++i) {
      if (i > 0) out += separator;
      out += values.text(words[i]);
    }
    return out;
  });
}

Checked split(EvalState& state, std::string_view text, std::string_view separator) {
  state.charge(text.size());
  Words words;
  // Interning may move nothing that a text views: texts lie in arenas.
  for (std::string_view part : split_text(text, separator)) words.push_back(state.values->text_word(part));
  return made_collection(state, words);
}

Checked sets(EvalState& state, Op op, int64_t first, int64_t second) {
  auto a = state.values->compound(first), b = state.values->compound(second);
  Words out;
  switch (op) {
    case Op::kSetUnion:
      std::ranges::set_union(a, b, std::back_inserter(out));
      break;
    case Op::kSetIntersect:
      std::ranges::set_intersection(a, b, std::back_inserter(out));
      break;
    case Op::kSetMinus:
      std::ranges::set_difference(a, b, std::back_inserter(out));
      break;
    case Op::kSubset:
      return truth(std::ranges::includes(b, a));
    default:
      std::ranges::set_intersection(a, b, std::back_inserter(out));
      return truth(out.empty());
  }
  return made_collection(state, out);
}

/// A decimal as the nearest int below it, above it, or half to even.
Checked whole(Op op, int64_t decimal) {
  int64_t below = decimal / kDecimalScale - (decimal % kDecimalScale < 0 ? 1 : 0);
  int64_t rest = decimal - below * kDecimalScale;
  if (op == Op::kFloor || rest == 0) return word(below);
  if (op == Op::kCeil) return word(below + 1);
  bool up = 2 * rest > kDecimalScale || (2 * rest == kDecimalScale && below % 2 != 0);
  return word(up ? below + 1 : below);
}

double float_of(int64_t bits) { return std::bit_cast<double>(bits); }

/// The word of a float: finite, and never -0.
Checked finite(double value) {
  if (!std::isfinite(value)) return arith::fail(EvalErrorKind::kOverflow);
  return word(std::bit_cast<int64_t>(value == 0 ? 0.0 : value));
}

/// Exact but for the one rounding: on the mantissa as an integer, so that every machine gives the same.
Checked decimal_of(double value) {
  constexpr int kMantissa = 53, kTooSmall = 100;
  int exponent = 0;
  auto mantissa = static_cast<int64_t>(std::ldexp(std::frexp(value, &exponent), kMantissa));
  arith::Wide scaled = static_cast<arith::Wide>(mantissa) * kDecimalScale;
  int shift = exponent - kMantissa;
  if (mantissa == 0 || shift < -kTooSmall) return word(0);
  if (shift > 0) return shift > 11 ? arith::fail(EvalErrorKind::kOverflow) : arith::narrow(scaled * (1 << shift));
  return arith::narrow(arith::half_even(scaled, static_cast<arith::Wide>(1) << -shift));
}

Checked floats(Op op, const int64_t* v) {
  switch (op) {
    case Op::kFloatAdd:
      return finite(float_of(v[0]) + float_of(v[1]));
    case Op::kFloatSub:
      return finite(float_of(v[0]) - float_of(v[1]));
    case Op::kFloatMul:
      return finite(float_of(v[0]) * float_of(v[1]));
    case Op::kFloatDiv:
      if (float_of(v[1]) == 0) return arith::fail(EvalErrorKind::kDivisionByZero);
      return finite(float_of(v[0]) / float_of(v[1]));
    case Op::kFloatLt:
      return truth(float_of(v[0]) < float_of(v[1]));
    case Op::kFloatLe:
      return truth(float_of(v[0]) <= float_of(v[1]));
    case Op::kIntToFloat:
      return finite(static_cast<double>(v[0]));
    case Op::kDecToFloat:
      return word(*parse_float(show_decimal(v[0], true)));
    default:
      return decimal_of(float_of(v[0]));
  }
}

Checked addresses(Op op, std::string_view text) {
  auto range = parse_ip(text);
  assert(range);  // INVARIANT: values of the type are canonical texts
  if (op == Op::kIpPrefixLength) return word(range ? range->length : 0);
  return truth(range && range->v6 == (op == Op::kIpIsV6));
}

Checked texts(EvalState& state, Op op, const int64_t* v) {
  const ValueTable& values = *state.values;
  std::string_view text = values.text(v[0]);
  auto other = [&](size_t i) { return values.text(v[i]); };
  switch (op) {
    case Op::kLower:
      return made_text(state, text.size(), [&] { return lower_text(text); });
    case Op::kUpper:
      return made_text(state, text.size(), [&] { return upper_text(text); });
    case Op::kTrim:
      return made_text(state, text.size(), [&] { return trim_text(text); });
    case Op::kTextLength:
      return word(count_characters(text));
    case Op::kSubstring:
      return made_text(state, text.size(), [&] { return sub_text(text, v[1], v[2]); });
    case Op::kReplace:
      return made_text(state, replaced_size(text, other(1), other(2)),
                       [&] { return replace_text(text, other(1), other(2)); });
    case Op::kConcat:
      return made_text(state, text.size() + other(1).size(), [&] { return std::string(text) + std::string(other(1)); });
    case Op::kSplit:
      return split(state, text, other(1));
    case Op::kParseInt:
      return word(parse_int(text).value_or(kNoneWord));
    default:
      return word(parse_decimal(text).value_or(kNoneWord));
  }
}

}  // namespace

Checked function(EvalState& state, Op op, const int64_t* v) {
  switch (op) {
    case Op::kAbs:
      return v[0] < 0 ? arith::neg(v[0]) : word(v[0]);
    case Op::kLeast:
      return word(std::min(v[0], v[1]));
    case Op::kGreatest:
      return word(std::max(v[0], v[1]));
    case Op::kFloor:
    case Op::kCeil:
    case Op::kRound:
      return whole(op, v[0]);
    case Op::kFloatAdd:
    case Op::kFloatSub:
    case Op::kFloatMul:
    case Op::kFloatDiv:
    case Op::kFloatLt:
    case Op::kFloatLe:
    case Op::kIntToFloat:
    case Op::kDecToFloat:
    case Op::kFloatToDec:
      return floats(op, v);
    case Op::kJoin:
      return joined(state, v[0], state.values->text(v[1]));
    case Op::kSetUnion:
    case Op::kSetIntersect:
    case Op::kSetMinus:
    case Op::kSubset:
    case Op::kDisjoint:
      return sets(state, op, v[0], v[1]);
    case Op::kIpIsV4:
    case Op::kIpIsV6:
    case Op::kIpPrefixLength:
      return addresses(op, state.values->text(v[0]));
    default:
      return texts(state, op, v);
  }
}

}  // namespace lictor
