// Building counts the rows of each key, turns the counts into offsets and places the rows: linear, and rows of a key keep
// their order.
#include "runtime/relation/index.h"

#include <algorithm>

#include "runtime/value_table.h"

namespace lictor {
namespace {

constexpr uint64_t kDenseFactor = 8, kDenseSlack = 1024;

/// Does the column's range of words warrant an array? Then its least word and the range's size.
bool dense_range(const RelationView& rows, uint32_t column, int64_t* base, uint64_t* size) {
  if (rows.count == 0) {
    *base = 0;
    *size = 0;
    return true;
  }
  int64_t least = rows.rows[column];
  int64_t most = least;
  for (uint32_t row = 1; row < rows.count; ++row) {
    int64_t word = rows.rows[static_cast<size_t>(row) * rows.arity + column];
    least = std::min(least, word);
    most = std::max(most, word);
  }
  uint64_t span = static_cast<uint64_t>(most) - static_cast<uint64_t>(least);
  if (span >= kDenseFactor * rows.count + kDenseSlack) return false;
  *base = least;
  *size = span + 1;
  return true;
}

}  // namespace

RelationIndex::RelationIndex(const RelationView& rows, std::vector<uint32_t> columns, bool unique) {
  build(rows, columns, unique);
}

void RelationIndex::build(const RelationView& rows, const std::vector<uint32_t>& columns, bool unique) {
  rows_ = rows;
  columns_ = columns;
  view_ = IndexView{};
  view_.unique = unique ? 1 : 0;
  view_.hash = this;
  int64_t base = 0;
  uint64_t size = 0;
  if (columns.size() == 1 && dense_range(rows, columns[0], &base, &size)) {
    build_dense(base, size);
  } else {
    build_hash();
  }
  view_.offsets = offsets_.data();
  view_.permutation = permutation_.data();
}

void RelationIndex::build_dense(int64_t base, uint64_t size) {
  view_.dense = 1;
  view_.base = base;
  view_.size = size;
  uint32_t column = columns_[0];
  auto slot = [&](uint32_t row) {
    return static_cast<uint64_t>(rows_.rows[static_cast<size_t>(row) * rows_.arity + column]) -
           static_cast<uint64_t>(base);
  };
  offsets_.assign(size + 1, 0);
  permutation_.clear();
  if (view_.unique != 0) {
    for (uint32_t row = 0; row < rows_.count; ++row) offsets_[slot(row)] = row + 1;
    return;
  }
  for (uint32_t row = 0; row < rows_.count; ++row) ++offsets_[slot(row) + 1];
  for (uint64_t i = 1; i <= size; ++i) offsets_[i] += offsets_[i - 1];
  permutation_.resize(rows_.count);
  std::vector<uint32_t> next(offsets_.begin(), offsets_.end());
  for (uint32_t row = 0; row < rows_.count; ++row) permutation_[next[slot(row)]++] = row;
}

bool RelationIndex::same_key(uint32_t row, const int64_t* key) const {
  const int64_t* words = rows_.rows + static_cast<size_t>(row) * rows_.arity;
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (words[columns_[i]] != key[i]) return false;
  }
  return true;
}

struct IndexProbe {
  static const RelationIndex::Entry* find(const RelationIndex& index, const int64_t* key) {
    uint64_t hash = hash_words({key, index.columns_.size()});
    auto tag = static_cast<uint32_t>(hash >> 32);
    for (uint64_t i = hash & index.mask_;; i = (i + 1) & index.mask_) {
      const RelationIndex::Entry& entry = index.entries_[i];
      if (entry.end == 0) return nullptr;
      if (entry.tag == tag && index.same_key(entry.row, key)) return &entry;
    }
  }
};

void RelationIndex::build_hash() {
  uint64_t slots = 16;
  while (slots < uint64_t{rows_.count} * 2) slots *= 2;
  entries_.assign(slots, Entry{});
  mask_ = slots - 1;
  std::vector<uint32_t> slot_of(rows_.count);
  std::vector<int64_t> key(columns_.size());
  for (uint32_t row = 0; row < rows_.count; ++row) {  // `end` counts the rows of each key first
    const int64_t* words = rows_.rows + static_cast<size_t>(row) * rows_.arity;
    for (size_t i = 0; i < columns_.size(); ++i) key[i] = words[columns_[i]];
    uint64_t hash = hash_words(key);
    auto tag = static_cast<uint32_t>(hash >> 32);
    uint64_t i = hash & mask_;
    while (entries_[i].end != 0 && !(entries_[i].tag == tag && same_key(entries_[i].row, key.data()))) {
      i = (i + 1) & mask_;
    }
    if (entries_[i].end == 0) entries_[i] = {0, 0, tag, row};
    ++entries_[i].end;
    slot_of[row] = static_cast<uint32_t>(i);
  }
  if (view_.unique != 0) {
    for (Entry& entry : entries_) {
      if (entry.end != 0) entry = {entry.row + 1, entry.row + 2, entry.tag, entry.row};
    }
    return;
  }
  uint32_t next = 0;
  for (Entry& entry : entries_) {
    uint32_t rows = entry.end;
    entry.begin = next;
    next += rows;
    entry.end = rows == 0 ? 0 : entry.begin;
  }
  permutation_.resize(rows_.count);
  for (uint32_t row = 0; row < rows_.count; ++row) permutation_[entries_[slot_of[row]].end++] = row;
}

uint32_t probe(const IndexView& index, const int64_t* key, uint32_t* end) {
  if (index.dense != 0) {
    uint64_t slot = static_cast<uint64_t>(key[0]) - static_cast<uint64_t>(index.base);
    if (slot >= index.size) return *end = 0;
    if (index.unique != 0) {
      uint32_t begin = index.offsets[slot];
      *end = begin == 0 ? 0 : begin + 1;
      return begin;
    }
    *end = index.offsets[slot + 1];
    return index.offsets[slot];
  }
  const auto* entry = IndexProbe::find(*static_cast<const RelationIndex*>(index.hash), key);
  if (entry == nullptr) return *end = 0;
  *end = entry->end;
  return entry->begin;
}

}  // namespace lictor
