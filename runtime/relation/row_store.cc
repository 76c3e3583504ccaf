#include "runtime/relation/row_store.h"

#include <algorithm>
#include <cassert>

namespace lictor {

std::optional<uint32_t> RowStore::find(const int64_t* words) const {
  return set_.find(hash_words({words, arity_}),
                   [&](uint32_t number) { return std::equal(words, words + arity_, row(number)); });
}

bool RowStore::insert(const int64_t* words) {
  uint64_t hash = hash_words({words, arity_});
  if (set_.find(hash, [&](uint32_t number) { return std::equal(words, words + arity_, row(number)); })) return false;
  assert(count_ < kMostRows);  // INVARIANT: FactLimits and the step budget keep relations smaller
  words_.insert(words_.end(), words, words + arity_);
  set_.insert(hash, count_++);
  return true;
}

void RowStore::reserve(uint64_t rows) {
  words_.reserve(rows * arity_);
  set_.reserve(rows);
}

void RowStore::clear() {
  words_.clear();
  set_.clear();
  count_ = 0;
}

}  // namespace lictor
