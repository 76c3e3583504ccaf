// What a decision touches of a bound request: a detail::Straight and the request's words behind it, in one piece of memory.
// Blocks come from a pool that the engine's requests share, so that those bound one after the other lie side by side:
// deciding a list of requests reads memory in order, some 100 bytes for each.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <new>

#include "lictor/straight.h"

namespace lictor {

class RequestBlock {
 public:
  using Pool = std::pmr::synchronized_pool_resource;  // any thread may bind, and any may let a request go

  /// Room for `words`: there may never be more.
  RequestBlock(std::shared_ptr<Pool> pool, size_t words) : pool_(std::move(pool)), room_(words) {
    straight_ = new (pool_->allocate(bytes(), alignof(detail::Straight))) detail::Straight;
  }
  RequestBlock(const RequestBlock&) = delete;
  ~RequestBlock() { pool_->deallocate(straight_, bytes(), alignof(detail::Straight)); }

  detail::Straight& straight() { return *straight_; }
  const detail::Straight& straight() const { return *straight_; }

  int64_t* begin() { return reinterpret_cast<int64_t*>(straight_ + 1); }
  int64_t* end() { return begin() + size_; }
  int64_t& operator[](size_t i) { return begin()[i]; }
  size_t size() const { return size_; }
  void clear() { size_ = 0; }
  void assign(size_t count, int64_t word) {
    clear();
    resize(count, word);
  }
  /// What is new is `word`.
  void resize(size_t count, int64_t word) {
    assert(count <= room_);
    if (count > size_) std::fill(begin() + size_, begin() + count, word);
    size_ = count;
  }
  void push_back(int64_t word) { resize(size_ + 1, word); }

 private:
  size_t bytes() const { return sizeof(detail::Straight) + room_ * sizeof(int64_t); }
  std::shared_ptr<Pool> pool_;
  detail::Straight* straight_;
  size_t room_, size_ = 0;
};

}  // namespace lictor
