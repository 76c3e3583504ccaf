// A second stack for the same thread: mapped, switched to, unmapped. Not a thread of its own, because memory that a new
// thread takes comes from an arena of its own, which grows by thousands of small system calls: 40 ms for a bundle of 1,000
// clauses that now takes 10. The pages are reserved and cost nothing until they are touched; the lowest is a guard.
#include "grammar/big_stack.h"

#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <exception>
#include <system_error>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/common_interface_defs.h>
#elif defined(__SANITIZE_THREAD__)
#include <sanitizer/tsan_interface.h>
#endif

namespace lictor {
namespace {

/// Unmaps the stack when the call is over.
class Stack {
 public:
  explicit Stack(size_t bytes) : guard_(static_cast<size_t>(sysconf(_SC_PAGESIZE))), size_(bytes + guard_) {
    base_ =
        mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (base_ == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "cannot map a big stack");
    mprotect(base_, guard_, PROT_NONE);
  }
  ~Stack() { munmap(base_, size_); }
  Stack(const Stack&) = delete;
  Stack& operator=(const Stack&) = delete;
  void* bottom() const { return static_cast<char*>(base_) + guard_; }
  size_t size() const { return size_ - guard_; }

 private:
  size_t guard_;
  size_t size_;
  void* base_;
};

struct Job {
  const std::function<void()>* work;
  ucontext_t caller, callee;
  std::exception_ptr thrown;
  // what the sanitizers must know of the two stacks
  void* fake_stack = nullptr;
  const void* caller_bottom = nullptr;
  size_t caller_size = 0;
  void* caller_fiber = nullptr;
};

void finish_switch([[maybe_unused]] Job& job) {
#if defined(__SANITIZE_ADDRESS__)
  __sanitizer_finish_switch_fiber(nullptr, &job.caller_bottom, &job.caller_size);
#endif
}

void start_return([[maybe_unused]] Job& job) {
#if defined(__SANITIZE_ADDRESS__)
  __sanitizer_start_switch_fiber(nullptr, job.caller_bottom, job.caller_size);
#elif defined(__SANITIZE_THREAD__)
  __tsan_switch_to_fiber(job.caller_fiber, 0);
#endif
}

/// makecontext passes ints only: the address comes in two halves.
void entry(unsigned high, unsigned low) {
  Job& job = *reinterpret_cast<Job*>(static_cast<uintptr_t>(high) << 32 | low);
  finish_switch(job);
  try {
    (*job.work)();
  } catch (...) {
    job.thrown = std::current_exception();
  }
  start_return(job);
  swapcontext(&job.callee, &job.caller);
}

}  // namespace

void run_on_big_stack(size_t bytes, const std::function<void()>& work) {
  Stack stack(bytes);
  Job job{};
  job.work = &work;
  if (getcontext(&job.callee) != 0) throw std::system_error(errno, std::generic_category(), "cannot switch stacks");
  job.callee.uc_stack.ss_sp = stack.bottom();
  job.callee.uc_stack.ss_size = stack.size();
  job.callee.uc_link = nullptr;
  auto address = reinterpret_cast<uintptr_t>(&job);
  makecontext(&job.callee, reinterpret_cast<void (*)()>(entry), 2, static_cast<unsigned>(address >> 32),
              static_cast<unsigned>(address));
#if defined(__SANITIZE_ADDRESS__)
  __sanitizer_start_switch_fiber(&job.fake_stack, stack.bottom(), stack.size());
#elif defined(__SANITIZE_THREAD__)
  job.caller_fiber = __tsan_get_current_fiber();
  void* fiber = __tsan_create_fiber(0);
  __tsan_switch_to_fiber(fiber, 0);
#endif
  int code = swapcontext(&job.caller, &job.callee);
#if defined(__SANITIZE_ADDRESS__)
  __sanitizer_finish_switch_fiber(job.fake_stack, nullptr, nullptr);
#elif defined(__SANITIZE_THREAD__)
  __tsan_destroy_fiber(fiber);
#endif
  if (code != 0) throw std::system_error(errno, std::generic_category(), "cannot switch stacks");
  if (job.thrown) std::rethrow_exception(job.thrown);
}

}  // namespace lictor
