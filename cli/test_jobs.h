// Jobs on several threads, their results in order.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>

namespace lictor::cli {

/// `work(thread, job)` runs once for each job below `count`, on one of `threads` threads (numbered from 0); with one thread
/// it runs on the caller's. `done(job)` runs on the caller's thread, in order of the jobs, as soon as the job and all before
/// it have been worked. What a job throws ends the others and is thrown here. Where `stop` turns true no further job
/// begins. Gives how many jobs are done.
size_t run_jobs(size_t count, size_t threads, const std::atomic<bool>& stop,
                const std::function<void(size_t thread, size_t job)>& work,
                const std::function<void(size_t job)>& done);

}  // namespace lictor::cli
