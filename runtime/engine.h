// The engine: one plan, a sequence of immutable snapshots of facts, and two ways to decide. lictor.h wraps this.
//
//   auto engine = Engine::make(plan, options);            // inline facts not yet published
//   engine->publish(facts);                               // evaluates the strata; the new version is visible at once
//   BoundRequest request = *BoundRequest::from_json(*engine, decision, text);
//   Quick quick = engine->decide(request, now);           // nanoseconds, no allocation
//   DecisionResult full = engine->evaluate(request, now); // everything: reason, also, obligations, errors
//   Proof proof = engine->explain(request, now);          // runtime/proof.h
//
// Threads: everything on Engine may be called by any thread; publish() is serialised inside, readers take no lock and
// never wait for it. A BoundRequest belongs to one thread at a time; it pins the newest snapshot on each decide().
#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/layout.h"
#include "compiler/llvm/jit.h"
#include "compiler/plan.h"
#include "lictor/straight.h"
#include "runtime/decision.h"
#include "runtime/facts.h"
#include "runtime/memory_limit.h"

namespace lictor {

class Snapshot;

struct EvalLimits {
  uint64_t steps = 50'000'000;     // loop iterations per decision
  uint64_t memory = 256ull << 20;  // bytes that one decision may take for values, bags and request-time relations
  uint64_t load_steps = 20'000'000'000;
  uint64_t load_memory = default_load_memory();  // bytes that deriving from facts may take
  uint64_t request_bytes = 1 << 20;              // of a request's JSON
};

struct EngineOptions {
  EngineKind engine = EngineKind::kJit;
  bool wait_for_native = false;  // make() returns only when native code is ready (tests, bench, eval --engine jit)
  bool no_jit = false;           // never make code; EngineKind::kJit then runs interpreted
  std::string cache_dir;         // object cache; empty: none
  EvalLimits limits;
};

/// Outcome and clause of a decision. Small enough for a register, and laid out as a QuickDecision.
struct Quick {
  ast::Outcome outcome = ast::Outcome::kDeny;
  EngineKind engine = EngineKind::kInterpreter;
  uint16_t unused = 0;
  int32_t clause = -1;  // index into DecisionPlan::clauses, -1: the default
};
static_assert(sizeof(Quick) == sizeof(QuickDecision) && offsetof(Quick, clause) == offsetof(QuickDecision, clause) &&
              offsetof(Quick, engine) == offsetof(QuickDecision, native) && static_cast<int>(EngineKind::kJit) == 1);

class Engine;

/// A request of one decision whose fields are checked and resolved once. Keeps texts that the facts do not know, and
/// resolves them again when a new snapshot is published.
class BoundRequest {
 public:
  /// JSON object per docs/architecture.md. kInvalid with a JSON path in each diagnostic's message; unknown ids of closed
  /// entity types: an error for `E`, `none` and a note for `E?`.
  static Result<BoundRequest> from_json(const Engine& engine, uint32_t decision, std::string_view json);
  /// By field index; nothing = left out (optional or defaulted fields only).
  static Result<BoundRequest> from_values(const Engine& engine, uint32_t decision,
                                          const std::vector<std::optional<Datum>>& fields);
  BoundRequest(BoundRequest&&) noexcept;
  BoundRequest& operator=(BoundRequest&&) noexcept;
  ~BoundRequest();

  uint32_t decision() const;
  const std::vector<std::string>& notes() const;

  struct State;  // runtime/request.h
  State& state() const { return *state_; }
  /// Stays where it is as long as the request lives, also when this is moved.
  const detail::Straight& straight() const { return *straight_; }

 private:
  explicit BoundRequest(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
  const detail::Straight* straight_ = nullptr;  // the state's
};

class Engine {
 public:
  /// `facts`: published at once, as version 1, which saves an empty version 0. Fails where publish() would.
  static Result<std::shared_ptr<Engine>> make(std::shared_ptr<const Plan> plan, const EngineOptions& options,
                                              std::optional<FactSet> facts = std::nullopt);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  const Plan& plan() const;
  /// Replaces all base facts and derives what follows. On failure (a rule erred: named with its row; a limit) nothing changes.
  Result<uint64_t> publish(FactSet facts);
  /// The base facts of the newest snapshot, to add to and publish again.
  FactSet facts() const;
  uint64_t version() const;
  /// Changes when facts are published.
  const std::atomic<uint64_t>& version_place() const { return version_; }

  /// REQUIRES: the request was bound for this engine. No allocation once the request has been decided before.
  Quick decide(BoundRequest& request, int64_t now) {
    const detail::Straight& straight = request.straight();
    if (straight.way->version == version_.load(std::memory_order_acquire)) {
      uint64_t word = straight.decide(now);
      if (static_cast<uint8_t>(word) != QuickDecision::kRefused) return std::bit_cast<Quick>(word);
    }
    return decide_slowly(request, now);
  }
  DecisionResult evaluate(BoundRequest& request, int64_t now);
  /// Rows of a relation (base or derived at fact time), sorted canonically. kUsage for relations that need a request.
  Result<std::vector<std::vector<Datum>>> rows(uint32_t relation) const;
  std::vector<EntityFact> instances(uint32_t entity) const;

  /// Is native code in use, and since when; why not, if it could not be made.
  bool native_ready() const;
  std::string native_status() const;
  void wait_for_native();

  struct Impl;
  Impl& impl() const { return *impl_; }
  std::shared_ptr<const Snapshot> snapshot() const;

 private:
  explicit Engine(std::unique_ptr<Impl> impl);
  Quick decide_slowly(BoundRequest& request, int64_t now);
  void install(std::shared_ptr<const Snapshot> snapshot);
  std::atomic<uint64_t> version_{0};  // of the newest snapshot
  std::unique_ptr<Impl> impl_;
};

}  // namespace lictor
