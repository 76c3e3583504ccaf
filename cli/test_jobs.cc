// Threads take the next job from a counter; the caller waits for the finished ones in order. A system that gives fewer
// threads than asked for makes it slower, not wrong.
#include "cli/test_jobs.h"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace lictor::cli {
namespace {

class Jobs {
 public:
  Jobs(size_t count, const std::atomic<bool>& stop, const std::function<void(size_t, size_t)>& work)
      : count_(count), stop_(stop), work_(work), finished_(count) {}

  void start(size_t threads) {
    pool_.reserve(threads);
    running_ = threads;
    for (size_t i = 0; i < threads; ++i) {
      try {
        pool_.emplace_back([this, i] { take(i); });
      } catch (const std::system_error&) {
        std::lock_guard lock(mutex_);
        running_ -= threads - i;
        break;
      }
    }
    if (pool_.empty()) {
      running_ = 1;
      take(0);
    }
  }

  size_t finish(const std::function<void(size_t)>& done) {
    size_t at = 0;
    while (at < count_ && wait_for(at)) done(at++);
    end();
    if (failure_) std::rethrow_exception(failure_);
    return at;
  }

  ~Jobs() { end(); }

 private:
  void take(size_t thread) {
    try {
      for (size_t job = next_++; job < count_ && !stop_; job = next_++) {
        work_(thread, job);
        std::lock_guard lock(mutex_);
        finished_[job] = true;
        changed_.notify_one();
      }
    } catch (...) {
      std::lock_guard lock(mutex_);
      if (!failure_) failure_ = std::current_exception();
      next_ = count_;
    }
    std::lock_guard lock(mutex_);
    --running_;
    changed_.notify_one();
  }

  bool wait_for(size_t job) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return finished_[job] || failure_ || running_ == 0; });
    return finished_[job] && !failure_;
  }

  void end() {
    next_ = count_;
    for (std::thread& thread : pool_) thread.join();
    pool_.clear();
  }

  const size_t count_;
  const std::atomic<bool>& stop_;
  const std::function<void(size_t, size_t)>& work_;
  std::atomic<size_t> next_{0};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<bool> finished_;  // this and the next two are guarded by the mutex
  std::exception_ptr failure_;
  size_t running_ = 0;
  std::vector<std::thread> pool_;
};

}  // namespace

size_t run_jobs(size_t count, size_t threads, const std::atomic<bool>& stop,
                const std::function<void(size_t thread, size_t job)>& work,
                const std::function<void(size_t job)>& done) {
  if (threads > 1) {
    Jobs jobs(count, stop, work);
    jobs.start(threads);
    return jobs.finish(done);
  }
  size_t job = 0;
  for (; job < count && !stop; ++job) {
    work(0, job);
    done(job);
  }
  return job;
}

}  // namespace lictor::cli
