// docs/faults.md, P20: facts and policies change while decisions run. Each decision sees one version, whole, and names it.
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <thread>

#include "lictor/lictor.h"
#include "tests/faults.h"

namespace lictor {
namespace {

using testing::fault_rounds;

// In version n of the facts every row says n: `left` and `right` are two relations, `Thing` is an entity, `both` derived.
constexpr const char* kText = R"(module m
entity Thing { n: int }
relation left(k: int, n: int) key(k) from host
relation right(k: int, n: int) key(k) from host
both(k, n) :- left(k, n), right(k, n).
request R { k: int, thing: Thing }
decision same(r: R) {
  default deny "no facts"
  deny mixed: "{n} and {m}" if left(r.k, n), right(r.k, m), n != m.
  deny other: "{n} and {r.thing.n}" if left(r.k, n), r.thing.n != n.
  deny stale: "{n}" if left(r.k, n), not both(r.k, n).
  allow same: "{n}" if left(r.k, n), right(r.k, n).
}
)";

std::string facts_of(uint64_t n) {
  std::string number = std::to_string(n), left, right;
  for (int k = 0; k < 8; ++k) {
    std::string row = "[" + std::to_string(k) + ", " + number + "]";
    left += (k ? ", " : "") + row;
    right += (k ? ", " : "") + row;
  }
  return R"({"entities": {"Thing": {"t": {"n": )" + number + R"(}}}, "relations": {"left": [)" + left +
         R"(], "right": [)" + right + "]}}";
}

/// Keeps decisions and swaps in step, so that the swaps are spread over all decisions whatever the scheduler does: a swap
/// waits for its share of decisions, and decisions run ahead by two shares at most.
class Pace {
 public:
  Pace(uint64_t swaps, uint64_t decisions) : swaps_(swaps), decisions_(decisions) {}
  void decided() {
    uint64_t mine = ++decided_;
    while (!stop_ && mine > share(swapped_ + 2)) std::this_thread::yield();
  }
  /// Swaps number 1, 2, ... by `swap`, then lets the deciders end.
  void run(const std::function<void(uint64_t)>& swap) {
    for (uint64_t n = 1; n <= swaps_; ++n) {
      swap(n);
      swapped_ = n;
      while (decided_ < share(n)) std::this_thread::yield();
    }
    stop_ = true;
  }
  bool stopped() const { return stop_; }
  uint64_t decisions() const { return decided_; }

 private:
  uint64_t share(uint64_t swaps) const { return decisions_ * swaps / swaps_; }
  const uint64_t swaps_, decisions_;
  std::atomic<uint64_t> decided_ = 0, swapped_ = 0;
  std::atomic<bool> stop_ = false;
};

struct Counts {
  std::atomic<uint64_t> mixed = 0, misnamed = 0, versions = 0;
};

/// Decides until told to stop; every sixteenth time in full, and then the version named must be the one whose rows it read.
void decide_until_stopped(const Policy& policy, uint64_t first_version, Pace& pace, Counts& counts) {
  auto same = policy.decision("same").value();
  auto request = same.bind({{"k", 3}, {"thing", "t"}}).value();
  uint64_t last = 0;
  for (uint64_t i = 0; !pace.stopped(); ++i) {
    if (i % 16 != 0) {
      counts.mixed += same.decide(request).clause != "same";
    } else {
      Verdict verdict = same.evaluate(request);
      uint64_t wanted = verdict.facts() - first_version;
      counts.mixed += !verdict.allowed();
      counts.misnamed += verdict.reason() != std::to_string(wanted);
      counts.versions += verdict.facts() != last;
      if (verdict.facts() < last) ++counts.misnamed;  // versions never go back
      last = verdict.facts();
    }
    pace.decided();
  }
}

class FaultsPolicy : public ::testing::TestWithParam<Options::Engine> {
 protected:
  Policy load(std::string_view text) const {
    Options options;
    options.engine = GetParam();
    options.cache_dir = "";
    options.wait_for_native = true;
    auto policy = Policy::from_text(text, options);
    EXPECT_TRUE(policy) << to_text(policy.error());
    return std::move(*policy);
  }
};

TEST_P(FaultsPolicy, P20_EachDecisionSeesOneVersionOfTheFacts) {
  Policy policy = load(kText);
  ASSERT_TRUE(policy.replace_facts(facts_of(0)));
  const uint64_t first = policy.facts_version();
  const uint64_t swaps = fault_rounds(200, 1'000), wanted = fault_rounds(50'000, 1'000'000);
  Pace pace(swaps, wanted);
  Counts counts;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 2; ++i) threads.emplace_back([&] { decide_until_stopped(policy, first, pace, counts); });
    pace.run([&](uint64_t n) {
      auto changed = policy.replace_facts(facts_of(n));
      if (!changed || *changed != first + n) ADD_FAILURE() << "swap " << n;
    });
  }
  std::printf("P20: %llu decisions over %llu swaps, %llu times another version\n",
              static_cast<unsigned long long>(pace.decisions()), static_cast<unsigned long long>(swaps),
              static_cast<unsigned long long>(counts.versions));
  EXPECT_EQ(counts.mixed, 0u);
  EXPECT_EQ(counts.misnamed, 0u);
  EXPECT_GE(pace.decisions(), wanted);
  EXPECT_GT(counts.versions, swaps / 10);
}

/// What a host does that serves one policy and now and then another: readers take a copy, which lives as long as they do.
class Serving {
 public:
  explicit Serving(Policy policy) : policy_(std::move(policy)) {}
  Policy get() const {
    std::lock_guard held(mutex_);
    return policy_;
  }
  void set(Policy policy) {
    std::lock_guard held(mutex_);
    std::swap(policy_, policy);
  }

 private:
  mutable std::mutex mutex_;
  Policy policy_;
};

std::string policy_text(int number) {
  return "module m\nrequest R { k: int }\nlet version = " + std::to_string(number) +
         "\ndecision which(r: R) {\n  default deny \"none\"\n  allow v" + std::to_string(number) +
         ": \"{version}\" if r.k + version >= version.\n}\n";
}

// A request that was bound for the policy before is never decided by the one after.
TEST_P(FaultsPolicy, P20_EachDecisionSeesOneVersionOfThePolicy) {
  std::vector<Policy> policies;
  std::vector<std::string> hashes;
  for (int i = 0; i < 4; ++i) {
    policies.push_back(load(policy_text(i)));
    hashes.push_back(policies.back().bundle_hash());
  }
  Serving serving(policies[0]);
  const uint64_t swaps = fault_rounds(200, 1'000);
  Pace pace(swaps, fault_rounds(10'000, 1'000'000));
  std::atomic<uint64_t> mixed = 0, across = 0;
  auto serve = [&] {
    std::optional<Request> kept;  // of the policy that was served before
    std::string kept_hash;
    while (!pace.stopped()) {
      Policy policy = serving.get();
      auto which = policy.decision("which").value();
      auto request = which.bind({{"k", 1}}).value();
      Verdict verdict = which.evaluate(request);
      auto number = static_cast<size_t>(verdict.reason()[0] - '0');
      mixed += number >= hashes.size() || verdict.bundle() != hashes[number] ||
               verdict.clause() != "v" + verdict.reason() || verdict.bundle() != policy.bundle_hash();
      if (kept && kept_hash != policy.bundle_hash()) {
        mixed += which.decide(*kept).allowed();
        ++across;
      }
      kept = std::move(request);
      kept_hash = policy.bundle_hash();
      pace.decided();
    }
  };
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 2; ++i) threads.emplace_back(serve);
    pace.run([&](uint64_t n) { serving.set(policies[n % policies.size()]); });
  }
  EXPECT_EQ(mixed, 0u);
  EXPECT_GT(across, swaps / 10);
}

INSTANTIATE_TEST_SUITE_P(Engines, FaultsPolicy, ::testing::Values(Options::Engine::kInterpreter, Options::Engine::kJit),
                         [](const auto& info) { return info.param == Options::Engine::kJit ? "Jit" : "Interpreter"; });

}  // namespace
}  // namespace lictor
