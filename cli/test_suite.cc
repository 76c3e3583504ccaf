#include "cli/test_suite.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <thread>

#include "cli/test_engines.h"
#include "cli/test_jobs.h"

namespace lictor::cli {
namespace {

struct Job {
  size_t bundle = 0;
  const Test* test = nullptr;
};

/// What one thread has of one bundle.
struct Workplace {
  TestEngines engines;
  std::optional<Coverage> coverage;
};

bool has_property(const std::vector<TestStatement>& statements) {
  return std::any_of(statements.begin(), statements.end(), [](const TestStatement& statement) {
    bool inside = std::any_of(statement.cases.begin(), statement.cases.end(),
                              [](const TestCase& one) { return has_property(one.statements); });
    return statement.kind == ast::StatementKind::kForAll || inside;
  });
}

/// A further thread must first make engines of its own: that takes as long as some tens of plain tests, and with native
/// code some thousands.
size_t threads_for(const std::vector<Job>& jobs, const SuiteOptions& options) {
  if (options.threads != 0) return std::min(options.threads, jobs.size());
  const uint64_t worth = options.test.engine == TestEngine::kInterpreter ? 32 : 2000;
  uint64_t work = 0;
  for (const Job& job : jobs) work += has_property(job.test->statements) ? 1 + options.test.requests / 4 : 1;
  size_t cores = std::max(1u, std::thread::hardware_concurrency());
  return std::min({cores, jobs.size(), static_cast<size_t>(1 + work / worth)});
}

class Suite {
 public:
  Suite(std::span<const Bundle> bundles, const SuiteOptions& options) : bundles_(bundles), options_(options) {
    for (size_t i = 0; i < bundles.size(); ++i) {
      Result<ParamValues> resolved = resolve_params(bundles[i], "", {});
      params_.push_back(resolved ? std::move(*resolved) : ParamValues{});
      for (const Test& test : bundles[i].analysis.program.tests) {
        if (!options.selects || options.selects(test))
          jobs_.push_back({i, &test});
        else
          ++report_.skipped;
      }
    }
    report_.tests.resize(jobs_.size());
  }

  TestReport run(const std::function<void(const TestOutcome&)>& done) {
    static const std::atomic<bool> kNever{false};
    auto begin = std::chrono::steady_clock::now();
    size_t threads = threads_for(jobs_, options_);
    workplaces_.resize(std::max<size_t>(threads, 1));
    size_t count = run_jobs(
        jobs_.size(), threads, options_.stop ? *options_.stop : kNever,
        [&](size_t thread, size_t job) { report_.tests[job] = one(workplaces_[thread], jobs_[job]); },
        [&](size_t job) {
          if (done) done(report_.tests[job]);
        });
    report_.stopped = count < jobs_.size();
    report_.tests.resize(count);
    report_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    if (options_.coverage) join_coverage();
    return std::move(report_);
  }

 private:
  using Workplaces = std::map<size_t, Workplace>;  // by bundle

  TestOutcome one(Workplaces& workplaces, const Job& job) const {
    const Bundle& bundle = bundles_[job.bundle];
    auto found = workplaces.find(job.bundle);
    if (found == workplaces.end()) {
      found = workplaces.emplace(job.bundle, Workplace{TestEngines(bundle, options_.test.no_jit), std::nullopt}).first;
      if (options_.coverage) found->second.coverage = coverage_of(bundle);
    }
    Workplace& place = found->second;
    return run_test(bundle, *job.test, options_.test, place.engines, params_[job.bundle],
                    place.coverage ? &*place.coverage : nullptr);
  }

  void join_coverage() {
    CoverageReport& report = report_.coverage.emplace();
    for (size_t i = 0; i < bundles_.size(); ++i) {
      Coverage all = coverage_of(bundles_[i]);
      for (const Workplaces& workplaces : workplaces_) {
        auto found = workplaces.find(i);
        if (found != workplaces.end()) all.add(*found->second.coverage);
      }
      add_coverage(report, all, *bundles_[i].analysis.sources);
    }
  }

  std::span<const Bundle> bundles_;
  const SuiteOptions& options_;
  std::vector<ParamValues> params_;  // by bundle
  std::vector<Job> jobs_;
  std::vector<Workplaces> workplaces_;  // by thread
  TestReport report_;
};

}  // namespace

uint64_t TestReport::failed() const {
  return static_cast<uint64_t>(
      std::count_if(tests.begin(), tests.end(), [](const TestOutcome& test) { return !test.failures.empty(); }));
}

TestReport run_tests(std::span<const Bundle> bundles, const SuiteOptions& options,
                     const std::function<void(const TestOutcome&)>& done) {
  return Suite(bundles, options).run(done);
}

}  // namespace lictor::cli
