// The linker gathers the addresses of these functions in a section, and names its begin and its end. Where the build has no
// such section the names are null.
#include "compiler/llvm/late_init.h"

#include <cstddef>
#include <cstdint>

using Initialiser = void (*)();

extern "C" {
[[gnu::weak]] extern const Initialiser __start_lictor_late_init[];
[[gnu::weak]] extern const Initialiser __stop_lictor_late_init[];
}

namespace lictor::native {

void run_late_init() {
  [[maybe_unused]] static const bool done = [] {
    auto begin = reinterpret_cast<uintptr_t>(__start_lictor_late_init);
    auto end = reinterpret_cast<uintptr_t>(__stop_lictor_late_init);
    for (size_t i = 0; i < (end - begin) / sizeof(Initialiser); ++i) __start_lictor_late_init[i]();
    return true;
  }();
}

}  // namespace lictor::native
