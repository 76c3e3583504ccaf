#include "runtime/instances.h"

#include <algorithm>

namespace lictor {

void Instances::clear() {
  constexpr size_t kKept = 4096;  // a decision with very many instances should not slow down those after it
  if (found_.size() > kKept) {
    set_ = NumberSet();
  } else if (!found_.empty()) {
    set_.clear();
  }
  found_.clear();
  words_.clear();
  erring_.clear();
}

void Instances::add(EvalState& state, uint32_t clause, const int64_t* words, uint32_t count) {
  uint64_t hash = hash_words({words, count}) + clause * 0x9e3779b97f4a7c15ULL;
  auto same = [&](uint32_t number) {
    const One& one = found_[number];
    return one.clause == clause && std::equal(words, words + count, words_.begin() + one.first);
  };
  if (set_.find(hash, same)) return;
  set_.insert(hash, static_cast<uint32_t>(found_.size()));
  found_.push_back({clause, static_cast<uint32_t>(words_.size()), count});
  words_.insert(words_.end(), words, words + count);
  state.charge((count + 5) * sizeof(int64_t));
}

void Instances::add_errors(uint32_t clause, const ErrorList& errors) {
  for (Erring& one : erring_) {
    if (one.clause == clause) return one.errors.add_all(errors);
  }
  erring_.push_back({clause, errors});
}

}  // namespace lictor
