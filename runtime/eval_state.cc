#include "runtime/eval_state.h"

#include <algorithm>
#include <cassert>

namespace lictor {

void ErrorList::add(const RawError& error) {
  if (std::find(errors_.begin(), errors_.end(), error) == errors_.end()) errors_.push_back(error);
}

void ErrorList::add_all(const ErrorList& other) {
  for (const RawError& error : other.errors_) add(error);
}

LiveRelation& LiveStratum::relation(uint32_t number) {
  auto found = std::find_if(relations.begin(), relations.end(), [&](const auto& one) { return one.first == number; });
  assert(found != relations.end());  // INVARIANT: code for a stratum names only its own relations as live
  return found->second;
}

void Bag::add(const int64_t* words) {
  constexpr uint64_t kOverhead = 3;  // words in the hash table, about
  if (rows.insert(words)) state.charge((rows.arity() + kOverhead) * sizeof(int64_t));
}

Bag* BagPool::open(EvalState& owner, uint32_t width) {
  for (auto& bag : bags_) {
    if (bag->open || bag->rows.arity() != width) continue;
    bag->open = true;
    bag->rows.clear();
    return bag.get();
  }
  bags_.push_back(std::make_unique<Bag>(owner, width));
  return bags_.back().get();
}

void BagPool::close_all() {
  for (auto& bag : bags_) bag->open = false;
}

void EvalState::charge(uint64_t bytes) {
  if (bytes <= memory) {
    memory -= bytes;
  } else {
    memory = 0;
    out_of_steps();
  }
}

}  // namespace lictor
