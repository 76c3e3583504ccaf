// The native code of one engine: made in the background, taken into use as soon as it is ready. Any thread may ask.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "compiler/llvm/jit.h"
#include "compiler/plan.h"

namespace lictor {

class NativeSlot {
 public:
  NativeSlot() = default;
  NativeSlot(const NativeSlot&) = delete;  // its thread refers to it

  /// Begins to make code. REQUIRES: called at most once.
  void start(std::shared_ptr<const Plan> plan, std::string cache_dir);
  /// Says for good why there is none.
  void refuse(std::string why);

  /// Null as long as there is none. Valid while this lives.
  const NativeCode* ready() const { return ready_.load(std::memory_order_acquire); }
  /// It is known that there will be none.
  bool failed() const { return done_.load(std::memory_order_acquire) && ready() == nullptr; }
  std::string status() const;
  /// Returns when code is ready, or it is known that there will be none.
  void wait();

 private:
  void finish(std::shared_ptr<const NativeCode> code, std::string status);

  std::atomic<const NativeCode*> ready_{nullptr};
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::shared_ptr<const NativeCode> code_;
  std::string status_;
  std::atomic<bool> done_ = false;  // set after ready_
  std::jthread thread_;             // last: joined before anything that it uses is gone
};

}  // namespace lictor
