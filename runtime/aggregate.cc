// Sums run in 128 bits, so only the exact total is checked. Sums of floats run in canonical order, so that they do not
// depend on the order in which tuples were found.
#include "runtime/aggregate.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace lictor {
namespace {

using Kind = AggregateResult::Kind;

AggregateResult value(int64_t word) { return {Kind::kValue, word, {}}; }
AggregateResult no_row() { return {Kind::kNoRow, 0, {}}; }

AggregateResult checked(arith::Wide total) {
  arith::Checked result = arith::narrow(total);
  return result.ok() ? value(result.value) : AggregateResult{Kind::kError, 0, result.error};
}

arith::Wide total(const RowStore& tuples) {
  arith::Wide sum = 0;
  for (uint32_t i = 0; i < tuples.count(); ++i) sum += tuples.row(i)[0];
  return sum;
}

std::vector<int64_t> sorted_values(const Schema& schema, const ValueTable& values, const RowStore& tuples,
                                   TypeId type) {
  std::vector<int64_t> words;
  words.reserve(tuples.count());
  for (uint32_t i = 0; i < tuples.count(); ++i) words.push_back(tuples.row(i)[0]);
  std::sort(words.begin(), words.end(),
            [&](int64_t a, int64_t b) { return compare_words(schema, values, type, a, b) < 0; });
  return words;
}

AggregateResult float_total(const std::vector<int64_t>& words, bool average) {
  double sum = 0;
  for (int64_t word : words) sum += std::bit_cast<double>(word);
  if (average) sum /= static_cast<double>(words.size());
  if (!std::isfinite(sum)) return {Kind::kError, 0, EvalErrorKind::kOverflow};
  return value(std::bit_cast<int64_t>(sum == 0 ? 0.0 : sum));  // never -0
}

AggregateResult average(const RowStore& tuples, TypeKind kind) {
  arith::Wide sum = total(tuples);
  if (kind == TypeKind::kInt) sum *= kDecimalScale;
  return checked(arith::half_even(sum, tuples.count()));
}

AggregateResult nearest_rank(const std::vector<int64_t>& words, int64_t share) {
  arith::Wide rank = (static_cast<arith::Wide>(share) * words.size() + kDecimalScale - 1) / kDecimalScale;
  rank = std::clamp<arith::Wide>(rank, 1, words.size());
  return value(words[static_cast<size_t>(rank - 1)]);
}

AggregateResult extreme(const Schema& schema, const ValueTable& values, const RowStore& tuples, TypeId type,
                        int wanted) {
  int64_t best = tuples.row(0)[0];
  for (uint32_t i = 1; i < tuples.count(); ++i) {
    int64_t word = tuples.row(i)[0];
    if (compare_words(schema, values, type, word, best) * wanted > 0) best = word;
  }
  return value(best);
}

AggregateResult collect(ValueTable& values, const RowStore& tuples) {
  std::vector<int64_t> words;
  for (uint32_t i = 0; i < tuples.count(); ++i) words.push_back(tuples.row(i)[0]);
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return value(values.compound_word(words));
}

}  // namespace

AggregateResult aggregate(const Schema& schema, ValueTable& values, const RowStore& tuples, Aggregate what, TypeId type,
                          int64_t percentile) {
  TypeKind kind = schema.types.kind(type);
  bool empty = tuples.count() == 0;
  switch (what) {
    case Aggregate::kCount:
      return value(tuples.count());
    case Aggregate::kSum:
      if (kind == TypeKind::kFloat) return float_total(sorted_values(schema, values, tuples, type), false);
      return checked(total(tuples));
    case Aggregate::kAvg:
      if (empty) return no_row();
      if (kind == TypeKind::kFloat) return float_total(sorted_values(schema, values, tuples, type), true);
      return average(tuples, kind);
    case Aggregate::kMin:
      return empty ? no_row() : extreme(schema, values, tuples, type, -1);
    case Aggregate::kMax:
      return empty ? no_row() : extreme(schema, values, tuples, type, 1);
    case Aggregate::kPercentile:
      return empty ? no_row() : nearest_rank(sorted_values(schema, values, tuples, type), percentile);
    case Aggregate::kCollect:
      return collect(values, tuples);
  }
  return no_row();
}

}  // namespace lictor
