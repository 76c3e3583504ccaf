// Memory that is taken piece by piece and given back all at once or back to a mark. Pieces never move. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace lictor {

class Arena {
 public:
  struct Mark {
    size_t blocks = 0;  // in use
    size_t left = 0;    // in the last of them
  };

  /// `size` bytes at an address that is a multiple of 8. Valid until a release() to an earlier mark.
  void* take(size_t size) {
    size = (size + 7) & ~size_t{7};
    if (size > left_ || used_ == 0) return take_slow(size);
    void* piece = blocks_[used_ - 1].bytes.get() + (blocks_[used_ - 1].size - left_);
    left_ -= size;
    return piece;
  }
  Mark mark() const { return {used_, left_}; }
  /// Forgets what was taken since; the blocks are kept for reuse.
  void release(Mark mark) {
    used_ = mark.blocks;
    left_ = mark.left;
  }

 private:
  struct Block {
    std::unique_ptr<std::byte[]> bytes;
    size_t size = 0;
  };

  void* take_slow(size_t size) {
    if (used_ == blocks_.size() || blocks_[used_].size < size) {
      size_t grown = used_ == 0 ? kFirstBlock : blocks_[used_ - 1].size * 2;
      if (grown > kLargestBlock) grown = kLargestBlock;
      if (grown < size) grown = size;
      blocks_.resize(used_);
      blocks_.push_back({std::make_unique_for_overwrite<std::byte[]>(grown), grown});
    }
    left_ = blocks_[used_].size - size;
    return blocks_[used_++].bytes.get();
  }

  static constexpr size_t kFirstBlock = 1024, kLargestBlock = size_t{1} << 20;
  std::vector<Block> blocks_;
  size_t used_ = 0;
  size_t left_ = 0;
};

}  // namespace lictor
