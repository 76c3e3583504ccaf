// Distinct rows of words in the order in which they came. Not thread-safe while it grows; immutable afterwards.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "compiler/layout.h"
#include "runtime/value_table.h"

namespace lictor {

class RowStore {
 public:
  explicit RowStore(uint32_t arity) : arity_(arity) {}

  /// Adds a row unless it is there already; says whether it was new. `row` may not lie in this store.
  bool insert(const int64_t* row);
  std::optional<uint32_t> find(const int64_t* row) const;
  void reserve(uint64_t rows);
  /// Forgets all rows; keeps the memory.
  void clear();

  uint32_t count() const { return count_; }
  uint32_t arity() const { return arity_; }
  const int64_t* row(uint32_t number) const { return words_.data() + static_cast<size_t>(number) * arity_; }
  std::span<const int64_t> words(uint32_t number) const { return {row(number), arity_}; }
  RelationView view() const { return {words_.data(), count_, arity_}; }

  static constexpr uint32_t kMostRows = UINT32_MAX - 16;

 private:
  uint32_t arity_;
  uint32_t count_ = 0;
  std::vector<int64_t> words_;
  NumberSet set_;
};

}  // namespace lictor
