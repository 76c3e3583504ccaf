#include "runtime/native.h"

#include <cstdio>

#include "runtime/abi.h"

namespace lictor {

void NativeSlot::start(std::shared_ptr<const Plan> plan, std::string cache_dir) {
  {
    std::lock_guard lock(mutex_);
    status_ = "native code is being made";
  }
  thread_ = std::jthread([this, plan = std::move(plan), cache_dir = std::move(cache_dir)] {
    JitOptions options;
    options.abi = abi_symbols();
    options.cache_dir = cache_dir;
    auto code = compile_native(*plan, options);
    if (!code) return finish(nullptr, "interpreted: " + code.error().message);
    char text[96];
    std::snprintf(text, sizeof text, "native code, %s in %.1f ms",
                  (*code)->from_cache() ? "read from the cache" : "made", (*code)->build_milliseconds());
    finish(std::move(*code), text);
  });
}

void NativeSlot::refuse(std::string why) { finish(nullptr, std::move(why)); }

void NativeSlot::finish(std::shared_ptr<const NativeCode> code, std::string status) {
  {
    std::lock_guard lock(mutex_);
    code_ = std::move(code);
    status_ = std::move(status);
    ready_.store(code_.get(), std::memory_order_release);
    done_.store(true, std::memory_order_release);
  }
  changed_.notify_all();
}

std::string NativeSlot::status() const {
  std::lock_guard lock(mutex_);
  return status_;
}

void NativeSlot::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return done_.load(std::memory_order_relaxed); });
}

}  // namespace lictor
