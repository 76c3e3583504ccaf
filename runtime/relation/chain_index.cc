#include "runtime/relation/chain_index.h"

namespace lictor {

uint32_t ChainIndex::first(const RowStore& rows, const int64_t* key) const {
  auto same = [&](uint32_t number) {
    const int64_t* words = rows.row(heads_[number]);
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (words[columns_[i]] != key[i]) return false;
    }
    return true;
  };
  auto number = keys_.find(hash_words({key, columns_.size()}), same);
  return number ? heads_[*number] : kEnd;
}

void ChainIndex::extend(const RowStore& rows, uint32_t count) {
  std::vector<int64_t> key(columns_.size());
  for (auto row = static_cast<uint32_t>(next_.size()); row < count; ++row) {
    for (size_t i = 0; i < columns_.size(); ++i) key[i] = rows.row(row)[columns_[i]];
    uint64_t hash = hash_words(key);
    auto number = keys_.find(hash, [&](uint32_t candidate) {
      const int64_t* words = rows.row(heads_[candidate]);
      for (size_t i = 0; i < columns_.size(); ++i) {
        if (words[columns_[i]] != key[i]) return false;
      }
      return true;
    });
    if (number) {
      next_.push_back(heads_[*number]);
      heads_[*number] = row;
    } else {
      next_.push_back(kEnd);
      keys_.insert(hash, static_cast<uint32_t>(heads_.size()));
      heads_.push_back(row);
    }
  }
}

}  // namespace lictor
