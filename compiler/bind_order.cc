// Counting: each literal knows how many of its names are missing, each name knows who waits for it.
#include "compiler/bind_order.h"

#include <algorithm>

namespace lictor {

void BindOrder::need(uint32_t literal, std::string_view name) {
  std::vector<uint32_t>& waiters = waiters_[name];
  if (!waiters.empty() && waiters.back() == literal) return;
  waiters.push_back(literal);
  ++waiting_for_[literal];
}

void BindOrder::start() {
  for (uint32_t i = 0; i < waiting_for_.size(); ++i) {
    if (waiting_for_[i] == 0) ready_.push(i);
  }
}

size_t BindOrder::next() {
  if (ready_.empty()) return SIZE_MAX;
  uint32_t literal = ready_.top();
  ready_.pop();
  done_[literal] = true;
  return literal;
}

void BindOrder::bound(std::string_view name) {
  if (!bound_.emplace(name, true).second) return;
  auto it = waiters_.find(name);
  if (it == waiters_.end()) return;
  for (uint32_t literal : it->second) {
    if (--waiting_for_[literal] == 0) ready_.push(literal);
  }
}

void BindOrder::postpone(uint32_t literal, std::string_view name) {
  done_[literal] = false;
  first_open_ = std::min<size_t>(first_open_, literal);
  waiters_[name].push_back(literal);
  ++waiting_for_[literal];
}

size_t BindOrder::leftmost_waiting() {
  while (first_open_ < done_.size() && done_[first_open_]) ++first_open_;
  return first_open_ < done_.size() ? first_open_ : SIZE_MAX;
}

}  // namespace lictor
