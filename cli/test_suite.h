// Runs all tests of some bundles, on several threads where there are enough of them, and gathers what came out.
//
// Threads share nothing but what is immutable: each has plans, engines and coverage of its own. So results, their order,
// the coverage and the requests that `for all` makes are the same with any number of threads.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "cli/test_runner.h"

namespace lictor::cli {

struct SuiteOptions {
  TestOptions test;
  bool coverage = false;
  size_t threads = 0;                        // 0: as many as there are cores, where the tests are worth it
  std::function<bool(const Test&)> selects;  // nothing: all; tests that are left out count as skipped
  const std::atomic<bool>* stop = nullptr;   // turns true: the tests that have not begun are left
};

struct TestReport {
  std::vector<TestOutcome>
      tests;  // in order of the bundles and of their sources; those that were left out are not listed
  uint64_t skipped = 0;
  double seconds = 0;                      // from the first test's begin to the last one's end
  std::optional<CoverageReport> coverage;  // where it was asked for
  bool stopped = false;                    // `stop` came in between
  uint64_t failed() const;
  uint64_t passed() const { return tests.size() - failed(); }
};

/// REQUIRES: all bundles are ok. `done` is called on this thread, in order, as soon as a test and all before it have run.
TestReport run_tests(std::span<const Bundle> bundles, const SuiteOptions& options,
                     const std::function<void(const TestOutcome&)>& done = {});

}  // namespace lictor::cli
