// Running deep but legal recursion on a stack that is big enough, whatever stack the caller has.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

namespace lictor {

inline constexpr size_t kBigStack = size_t{64} << 20;  // bytes; pages are only touched as deep as a text really goes
inline constexpr uint32_t kShallow = 32;               // nesting that every stack can take

/// Runs `work` in this thread on a second stack of `bytes`; exceptions of `work` come out here.
/// Where no stack can be mapped, throws std::system_error. Costs a few microseconds.
void run_on_big_stack(size_t bytes, const std::function<void()>& work);

/// Runs `work` here when `nesting` is shallow, else on a big stack.
inline void run_nested(uint64_t nesting, const std::function<void()>& work) {
  if (nesting <= kShallow) return work();
  run_on_big_stack(kBigStack, work);
}

}  // namespace lictor
