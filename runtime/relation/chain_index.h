// An index over a relation that still grows: the rows of a key form a chain, newest first, so that the rows of the last
// iteration of a fixpoint (the delta) are a chain's beginning. Not thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "runtime/relation/row_store.h"

namespace lictor {

class ChainIndex {
 public:
  static constexpr uint32_t kEnd = UINT32_MAX;

  explicit ChainIndex(std::vector<uint32_t> columns) : columns_(std::move(columns)) {}
  /// Adds the rows that came since the last call, up to `count`.
  void extend(const RowStore& rows, uint32_t count);
  /// The newest row of a key, or kEnd; next() gives the one before.
  uint32_t first(const RowStore& rows, const int64_t* key) const;
  uint32_t next(uint32_t row) const { return next_[row]; }

 private:
  std::vector<uint32_t> columns_;
  std::vector<uint32_t> next_;   // by row
  std::vector<uint32_t> heads_;  // by key
  NumberSet keys_;
};

}  // namespace lictor
