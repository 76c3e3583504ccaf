// Finding the rows of a finished relation by the words of some columns: an IndexView (compiler/layout.h) and the memory
// behind it. Dense where one column's words lie close together, else an open-addressing table. Immutable once built.
#pragma once

#include <cstdint>
#include <vector>

#include "compiler/layout.h"

namespace lictor {

class RelationIndex {
 public:
  RelationIndex() = default;
  /// `rows` stay where they are while the index is used. `unique`: at most one row per key.
  RelationIndex(const RelationView& rows, std::vector<uint32_t> columns, bool unique);
  RelationIndex(RelationIndex&&) = delete;  // the view points into it
  void build(const RelationView& rows, const std::vector<uint32_t>& columns, bool unique);
  const IndexView& view() const { return view_; }

 private:
  friend struct IndexProbe;
  struct Entry {
    uint32_t begin = 0, end = 0;  // positions in the permutation, for unique indexes row + 1 and row + 2; empty: 0, 0
    uint32_t tag = 0;
    uint32_t row = 0;  // some row of the key
  };
  void build_dense(int64_t base, uint64_t size);
  void build_hash();
  bool same_key(uint32_t row, const int64_t* key) const;

  RelationView rows_{};
  std::vector<uint32_t> columns_;
  std::vector<uint32_t> offsets_, permutation_;
  std::vector<Entry> entries_;
  uint64_t mask_ = 0;
  IndexView view_{};
};

/// The rows of a key: positions [begin, *end) of the permutation; for unique indexes begin is the row number plus 1.
/// begin == *end where there is none. `key`: one word per column, in order of the columns.
uint32_t probe(const IndexView& index, const int64_t* key, uint32_t* end);

}  // namespace lictor
