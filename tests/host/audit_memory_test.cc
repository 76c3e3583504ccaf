// docs/faults.md, S6: the n-th allocation fails, for every n, in the store and in the library above it. What was asked for
// fails, nothing acknowledged is lost, nothing is leaked, others go on, and the log works again when there is memory.
// The short form tries every n-th of them, from a start that the seed chooses; the full one tries all.
#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <thread>

#include "lictor/lictor.h"
#include "tests/faults.h"
#include "tests/host/audit_files.h"
#include "tests/host/count_allocations.h"
#include "tests/host/failing_memory.h"

namespace lictor {
namespace {

using testing::FailingMemory;
using testing::fault_rounds;
using testing::fault_seed;
using testing::Folder;
using testing::sample_records;
using Of = FailingMemory::Of;

/// What one scenario does with a log of ten records at `path`. Gives the newest acknowledged record.
struct Scenario {
  const char* name;
  std::function<uint64_t(const std::string& path)> run;
};

uint64_t append(const std::string& path, const AuditOptions& options, std::vector<int> batches) {
  uint64_t acknowledged = 10;
  auto log = AuditLog::open(path, options);
  for (int count : batches) {
    if (!log) break;
    if (auto head = log->append(sample_records(count, static_cast<int>(log->head().seq) + 1))) acknowledged = head->seq;
  }
  return acknowledged;
}

uint64_t append_wrong(const std::string& path) {
  AuditRecord wrong = testing::sample_record(1);
  wrong.request.reset();
  uint64_t acknowledged = 10;
  auto log = AuditLog::open(path);
  if (!log) return acknowledged;
  EXPECT_FALSE(log->append(wrong));
  if (auto head = log->append(sample_records(2))) acknowledged = head->seq;
  return acknowledged;
}

uint64_t verify(const std::string& path, const std::optional<AuditHead>& head) {
  auto report = verify_audit(path, head);
  EXPECT_TRUE(!report || report->ok) << "memory is to blame, not the log: " << report->finding;
  EXPECT_TRUE(report || report.error().kind == ErrorKind::kUnavailable) << report.error().message;
  return 10;
}

uint64_t read(const std::string& path) {
  uint64_t count = 0;
  auto done = read_audit(path, 1, [&](const AuditRecord& record) {
    EXPECT_EQ(record.id, "id-" + std::to_string(++count));
    EXPECT_EQ(record.outcome, count % 2 == 0 ? "allow" : "deny");
    return true;
  });
  EXPECT_TRUE(!done || count == 10u) << "ended early without a word";
  return 10;
}

/// A caller without memory beside one who has some: the second is answered, whatever becomes of the first.
uint64_t append_together(const std::string& path) {
  auto log = AuditLog::open(path);
  if (!log) return 10;
  uint64_t other = 0;
  {
    std::jthread thread([&] {
      for (int i = 0; i < 3; ++i) {
        if (auto head = log->append(sample_records(1))) other = head->seq;
      }
    });
    try {
      (void)log->append(sample_records(2));
    } catch (const std::bad_alloc&) {
    }
  }
  return std::max<uint64_t>(other, 10);
}

std::vector<Scenario> scenarios() {
  std::vector<Scenario> all;
  for (bool durable : {true, false}) {
    for (bool keep : {true, false}) {
      for (bool verify_all : {true, false}) {
        AuditOptions options{.durable = durable, .keep_requests = keep, .verify_all = verify_all};
        all.push_back({"append one", [=](const std::string& path) { return append(path, options, {1}); }});
        all.push_back({"append some", [=](const std::string& path) { return append(path, options, {2, 30, 1}); }});
      }
    }
  }
  all.push_back({"open", [](const std::string& path) { return append(path, {}, {}); }});
  all.push_back({"append many", [](const std::string& path) { return append(path, {}, {200}); }});
  all.push_back({"append nothing", [](const std::string& path) { return append(path, {}, {0, 1}); }});
  all.push_back({"append what is wrong", append_wrong});
  all.push_back({"append together", append_together});
  all.push_back({"verify", [](const std::string& path) { return verify(path, {}); }});
  all.push_back({"read", read});
  all.push_back({"make", [](const std::string& path) {
                   std::filesystem::remove(path);
                   return append(path, {}, {1});
                 }});
  return all;
}

class MemoryFaults : public ::testing::TestWithParam<std::pair<Of, bool>> {
 protected:
  /// One scenario with the fault at `n`. False: the fault lay behind its end.
  bool strike(FailingMemory& memory, const Scenario& scenario, int64_t n, bool lasting) {
    for (const char* suffix : {"", "-wal", "-shm", ".new"}) std::filesystem::remove(path_ + suffix);
    testing::write_file(path_, bytes_);
    const bool makes = std::string_view(scenario.name) == "make";
    uint64_t acknowledged = makes ? 0 : 10;
    memory.fail_after(n, lasting);
    try {
      uint64_t seq = scenario.run(path_);
      if (!makes || seq < 10) acknowledged = seq;
    } catch (const std::bad_alloc&) {
    }
    bool struck = memory.struck();
    memory.heal();
    EXPECT_EQ(memory.held(), held_) << "memory of SQLite's was not given back";
    auto log = AuditLog::open(path_, {.verify_all = true});
    EXPECT_TRUE(log) << log.error().message;
    if (!log) return false;
    EXPECT_GE(log->head().seq, acknowledged);
    EXPECT_TRUE(log->append(sample_records(1)));
    return struck;
  }

  Folder folder_{Folder::Where::kMemory};
  std::string path_ = folder_ / "a.audit", bytes_;
  int64_t held_ = 0;
};

TEST_P(MemoryFaults, S06_AtEachAllocationLeaveAGoodLog) {
  auto [of, lasting] = GetParam();
  std::mt19937_64 random(fault_seed("S6", 6));
  testing::make_log(path_, 10);
  bytes_ = testing::read_file(path_);
  FailingMemory memory(of);
  const int64_t in_short = of == Of::kNew ? 5 : 29;
  const int64_t step = std::max<int64_t>(1, in_short / static_cast<int64_t>(fault_rounds(1, 100)));
  int64_t faults = 0;
  (void)verify_audit(path_);  // what SQLite keeps for good is taken now
  held_ = memory.held();
  std::vector<Scenario> all = scenarios();
  for (const Scenario& scenario : all) {
    SCOPED_TRACE(scenario.name);
    for (auto n = static_cast<int64_t>(random() % static_cast<uint64_t>(step));; n += step) {
      SCOPED_TRACE("allocation " + std::to_string(n));
      bool struck = strike(memory, scenario, n, lasting);
      if (HasFailure()) return;
      if (!struck) break;
      ++faults;
    }
  }
  std::printf("S6: %zu scenarios, %lld faults\n", all.size(), static_cast<long long>(faults));
  EXPECT_GT(faults, 100);
}

INSTANTIATE_TEST_SUITE_P(Faults, MemoryFaults,
                         ::testing::Values(std::pair{Of::kSqlite, false}, std::pair{Of::kSqlite, true},
                                           std::pair{Of::kNew, false}, std::pair{Of::kNew, true}),
                         [](const auto& info) {
                           return std::string(info.param.first == Of::kNew ? "New" : "Sqlite") +
                                  (info.param.second ? "Lasting" : "Once");
                         });

// ---- Deciding -------------------------------------------------------------------------------------------------------

constexpr const char* kPolicy = R"(module m
entity User { level: int } { ("ann", level: 3) ("bob", level: 1) }
relation grant(user: User, what: string) from host
reaches(r: Ask, u, w) :- grant(u, w), u == r.user.
request Ask { user: User, what: string, tags: set<string>? }
decision ask(r: Ask) {
  default deny "nothing says so"
  allow granted: "{r.user.id} has {w}" if reaches(r, r.user, w), w == r.what.
  allow level: "{n}" if n = r.user.level * 2, n > 4, not grant(r.user, "none").
  deny far: "overflow" if r.user.level + 9223372036854775805 > 0, r.what == "far".
}
)";

Policy policy() {
  Options options;
  options.engine = Options::Engine::kInterpreter;  // LLVM ends the process when it has no memory
  auto made = Policy::from_text(kPolicy, options);
  EXPECT_TRUE(made) << to_text(made.error());
  EXPECT_TRUE(made->replace_facts(R"({"relations": {"grant": [["bob", "read"], ["ann", "write"]]}})"));
  return std::move(*made);
}

/// Runs `call` with the fault at every n, until the fault lies behind its end.
template <class Call, class Check>
int64_t at_each_allocation(bool lasting, const Call& call, const Check& check) {
  FailingMemory memory(Of::kNew);
  int64_t n = 0;
  for (bool struck = true; struck && !::testing::Test::HasFailure(); ++n) {
    SCOPED_TRACE("allocation " + std::to_string(n));
    memory.fail_after(n, lasting);
    try {
      call();
    } catch (const std::bad_alloc&) {
    }
    struck = memory.struck();
    memory.heal();
    check();
  }
  return n;
}

// decide() never throws and never allows more; everything else throws std::bad_alloc or fails, and then works again.
TEST(FaultsMemory, S06_DecisionsNeverAllowMoreAndThePolicyStaysWhole) {
  int64_t faults = 0;
  for (bool lasting : {false, true}) {
    Policy asked = policy();
    auto ask = asked.decision("ask").value();
    for (const char* json : {R"({"user": "bob", "what": "write"})", R"({"user": "ann", "what": "far", "tags": ["a"]})",
                             R"({"user": "bob", "what": "read"})"}) {
      Request request = ask.bind(json).value();
      const Outcome wanted = ask.decide(request).outcome;
      Answer answer;
      auto never_more = [&] { EXPECT_TRUE(answer.outcome == wanted || answer.outcome == Outcome::kDeny) << json; };
      auto works = [&] { EXPECT_EQ(ask.decide(request).outcome, wanted) << json; };
      faults += at_each_allocation(
          lasting,
          [&] {
            Request fresh = ask.bind(json).value_or(ask.bind(json).value());
            answer = ask.decide(fresh);
            (void)ask.decide(request);
          },
          [&] { never_more(), works(); });
      faults += at_each_allocation(
          lasting, [&] { answer.outcome = ask.evaluate(request).outcome(); }, [&] { never_more(), works(); });
      faults += at_each_allocation(
          lasting, [&] { answer.outcome = ask.explain(request).outcome(); }, [&] { never_more(), works(); });
      faults += at_each_allocation(
          lasting, [&] { (void)request.set("what", "read"), (void)request.set("what", "x"); },
          [&] { (void)ask.decide(request); });
    }
  }
  EXPECT_GT(faults, 500);
}

TEST(FaultsMemory, S06_FactsChangeWholeOrNotAtAll) {
  int64_t faults = 0;
  for (bool lasting : {false, true}) {
    Policy asked = policy();
    auto ask = asked.decision("ask").value();
    Request request = ask.bind(R"({"user": "bob", "what": "write"})").value();
    uint64_t version = asked.facts_version();
    faults += at_each_allocation(
        lasting, [&] { (void)asked.replace_facts(R"({"relations": {"grant": [["bob", "write"], ["bob", "read"]]}})"); },
        [&] {
          bool changed = asked.facts_version() != version;
          EXPECT_EQ(ask.decide(request).allowed(), changed);
          version = asked.replace_facts(R"({"relations": {"grant": []}})").value();
        });
    faults += at_each_allocation(
        lasting, [&] { (void)Policy::from_text(kPolicy, {.engine = Options::Engine::kInterpreter}); },
        [&] { EXPECT_FALSE(ask.decide(request).allowed()); });
  }
  EXPECT_GT(faults, 500);
}

}  // namespace
}  // namespace lictor
