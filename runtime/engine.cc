// Making engines, publishing facts, deciding. What a decision does is in decide() and evaluate(), top to bottom.
#include "runtime/engine.h"

#include <algorithm>
#include <bit>
#include <cstddef>

#include "runtime/combine.h"
#include "runtime/engine_impl.h"
#include "runtime/groups.h"
#include "runtime/machine.h"
#include "runtime/quick.h"
#include "runtime/request.h"
#include "runtime/values.h"

namespace lictor {

// ---- Making and publishing ------------------------------------------------------------------------------------------

Engine::Engine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Engine::~Engine() = default;

void Engine::install(std::shared_ptr<const Snapshot> snapshot) {
  uint64_t number = snapshot->version();
  std::lock_guard lock(impl_->pointer);
  impl_->newest.swap(snapshot);  // the old one is released behind the lock
  version_.store(number, std::memory_order_release);
}

Result<std::shared_ptr<Engine>> Engine::make(std::shared_ptr<const Plan> plan, const EngineOptions& options,
                                             std::optional<FactSet> facts) {
  auto impl = std::make_unique<Impl>();
  impl->plan = std::move(plan);
  impl->options = options;
  if (options.engine != EngineKind::kJit) {
    impl->native.refuse("interpreted: the interpreter was asked for");
  } else if (options.no_jit) {
    impl->native.refuse("interpreted: native code is switched off");
  } else {
    impl->native.start(impl->plan, options.cache_dir);  // beside all that follows
  }
  auto prepared = prepare(*impl->plan);
  if (!prepared) return std::unexpected(std::move(prepared.error()));
  impl->prepared = std::move(*prepared);
  auto first = facts ? Snapshot::make(impl->plan, *impl->prepared, std::move(*facts), options.limits, 1)
                     : Snapshot::empty(impl->plan, *impl->prepared, options.limits);
  if (!first) return std::unexpected(std::move(first.error()));
  if (options.wait_for_native) impl->native.wait();
  std::shared_ptr<Engine> engine(new Engine(std::move(impl)));
  engine->install(std::move(*first));
  return engine;
}

const Plan& Engine::plan() const { return *impl_->plan; }
uint64_t Engine::version() const { return version_.load(std::memory_order_acquire); }
std::shared_ptr<const Snapshot> Engine::snapshot() const { return impl_->current(); }
FactSet Engine::facts() const { return impl_->current()->facts(); }
bool Engine::native_ready() const { return impl_->code() != nullptr; }
std::string Engine::native_status() const { return impl_->native.status(); }
void Engine::wait_for_native() { impl_->native.wait(); }

Result<uint64_t> Engine::publish(FactSet facts) {
  std::lock_guard lock(impl_->publishing);
  uint64_t next = version() + 1;
  auto snapshot = Snapshot::make(impl_->plan, *impl_->prepared, std::move(facts), impl_->options.limits, next);
  if (!snapshot) return std::unexpected(std::move(snapshot.error()));
  install(std::move(*snapshot));
  return next;
}

// ---- Requests -------------------------------------------------------------------------------------------------------

BoundRequest::BoundRequest(std::unique_ptr<State> state)
    : state_(std::move(state)), straight_(&state_->fields.straight()) {}
BoundRequest::BoundRequest(BoundRequest&&) noexcept = default;
BoundRequest& BoundRequest::operator=(BoundRequest&&) noexcept = default;
BoundRequest::~BoundRequest() = default;
uint32_t BoundRequest::decision() const { return state_->decision; }
const std::vector<std::string>& BoundRequest::notes() const { return state_->notes; }

Result<BoundRequest> BoundRequest::from_values(const Engine& engine, uint32_t decision,
                                               const std::vector<std::optional<Datum>>& fields) {
  auto state = std::make_unique<State>(engine, decision);
  state->given = fields;
  Problems problems;
  state->resolve(engine.snapshot(), problems);
  if (problems.any()) return std::unexpected(problems.error("the request was refused"));
  return BoundRequest(std::move(state));
}

// ---- Deciding -------------------------------------------------------------------------------------------------------

namespace {

/// Facts were published since: the request is resolved against them.
void refresh(const Engine& engine, BoundRequest::State& state) {
  Problems problems;
  state.resolve(engine.snapshot(), problems);
  if (problems.any()) state.broken = problems.error("the request no longer fits the facts").message;
}

/// All instances and errors of all clauses.
void find_instances(BoundRequest::State& state, const NativeCode* native) {
  if (native == nullptr) return interpret_groups(state.eval, state.frame.data(), state.decision, state.instances);
  const DecisionPlan& plan = state.plan->decisions[state.decision];
  state.instances.clear();
  state.eval.instances = &state.instances;
  for (size_t i = 0; i < plan.groups.size() && !state.eval.exhausted; ++i) {
    state.errors.clear();
    state.eval.errors = &state.errors;
    native->decision(state.decision).groups[i](&state.eval.context);
    if (state.errors.empty()) continue;
    for (uint32_t clause : plan.groups[i].clauses) state.instances.add_errors(clause, state.errors);
  }
}

DecisionResult full_decision(BoundRequest::State& state, const NativeCode* native) {
  find_instances(state, native);
  DecisionResult result;
  if (!state.eval.exhausted) result = combine(state.eval, state.decision, state.instances);
  return state.eval.exhausted ? denied_by_budget(*state.plan, state.decision) : result;
}

DecisionResult broken_decision(const BoundRequest::State& state) {
  DecisionResult result;
  result.winner.id = "default";
  result.winner.reason = state.broken;
  return result;
}

/// The code for the indexes that the request's snapshot has.
NativeDecision::Quick quick_code(const BoundRequest::State& state, const NativeDecision& decision) {
  if (decision.quick_dense == nullptr) return decision.quick;
  for (uint32_t index : state.prepared->decisions[state.decision].one_column_indexes) {
    if (state.snapshot->view().indexes[index].dense == 0) return decision.quick;
  }
  return decision.quick_dense;
}

/// A decision that needs no preparing. As soon as it is known how it will be decided from now on, its way is open.
uint64_t decide_light(BoundRequest::State& state, const Engine::Impl& engine, int64_t now) {
  DecisionWay& way = state.snapshot->way(state.decision);
  const NativeCode* native = engine.code();
  if (native != nullptr) {
    auto code = reinterpret_cast<detail::Way::Code>(quick_code(state, native->decision(state.decision)));
    way.code.store(code, std::memory_order_relaxed);
    state.fields.straight() = {&way, &state.eval};
    return state.fields.straight().decide(now);
  }
  if (engine.interprets_for_good()) {
    way.code.store(interpret_straight, std::memory_order_relaxed);
    state.fields.straight() = {&way, &state};
    return state.fields.straight().decide(now);
  }
  detail::StraightContext context{way.facts, state.fields.begin(), now, &state, way.steps, &way};
  return interpret_straight(&context, nullptr);
}

QuickDecision decide_quickly(BoundRequest::State& state, const NativeCode* native) {
  if (native == nullptr) return quick_decision(state);
  int64_t values[QuickDecision::kMostValues];
  return std::bit_cast<QuickDecision>(quick_code(state, native->decision(state.decision))(&state.eval.context, values));
}

}  // namespace

/// Everything but the straight way: new facts, code that has to be made ready for, errors.
Quick Engine::decide_slowly(BoundRequest& request, int64_t now) {
  BoundRequest::State& state = request.state();
  if (state.snapshot->version() != version()) refresh(*this, state);
  const NativeCode* native = impl_->code();
  Quick answer;
  answer.engine = native != nullptr ? EngineKind::kJit : EngineKind::kInterpreter;
  if (!state.broken.empty()) return answer;
  bool can_err = state.prepared->decisions[state.decision].can_err;
  if (!can_err && state.plan->decisions[state.decision].light) {
    uint64_t word = decide_light(state, *impl_, now);
    return static_cast<uint8_t>(word) == QuickDecision::kRefused ? answer : std::bit_cast<Quick>(word);
  }
  state.begin(now, impl_->options.limits);
  if (!can_err) {
    QuickDecision quick = decide_quickly(state, native);
    if (state.eval.exhausted) return answer;
    if (quick.outcome != QuickDecision::kRefused) return std::bit_cast<Quick>(quick);
    state.begin(now, impl_->options.limits);
  }
  DecisionResult full = full_decision(state, native);
  answer.outcome = full.outcome;
  answer.clause = full.winner.clause;
  return answer;
}

DecisionResult Engine::evaluate(BoundRequest& request, int64_t now) {
  BoundRequest::State& state = request.state();
  if (state.snapshot->version() != version()) refresh(*this, state);
  const NativeCode* native = impl_->code();
  DecisionResult result;
  if (state.broken.empty()) {
    state.begin(now, impl_->options.limits);
    result = full_decision(state, native);
  } else {
    result = broken_decision(state);
  }
  const Decision& decision = state.plan->decisions[state.decision].decision;
  result.module = decision.info.module;
  result.name = decision.info.name;
  result.notes.insert(result.notes.begin(), state.notes.begin(), state.notes.end());
  result.bundle_hash = state.plan->bundle_hash;
  result.facts = state.snapshot->version();
  result.now = now;
  result.engine = native != nullptr ? EngineKind::kJit : EngineKind::kInterpreter;
  return result;
}

// ---- Looking at facts -----------------------------------------------------------------------------------------------

Result<std::vector<std::vector<Datum>>> Engine::rows(uint32_t relation) const {
  const Schema& schema = impl_->plan->schema;
  if (relation >= schema.relations.size()) return fail(ErrorKind::kNotFound, "there is no such relation");
  const RelationDecl& decl = schema.relations[relation];
  if (decl.time == BindingTime::kRequest) {
    // Without a request among its arguments, it is `now` that its rows wait for.
    return fail(ErrorKind::kUsage, "the rows of `" + decl.info.name + "` depend on " +
                                       (decl.request == kNoIndex ? "`now`, which only a decision has"
                                                                 : "a request; ask a decision that reads them"));
  }
  auto snapshot = impl_->current();
  std::vector<std::vector<Datum>> out;
  for (uint32_t i = 0; i < snapshot->rows(relation).count(); ++i) out.push_back(snapshot->row(relation, i));
  std::sort(out.begin(), out.end(), [&](const auto& a, const auto& b) {
    for (size_t c = 0; c < a.size(); ++c) {
      if (int order = compare(schema, a[c], b[c]); order != 0) return order < 0;
    }
    return false;
  });
  return out;
}

std::vector<EntityFact> Engine::instances(uint32_t entity) const {
  auto snapshot = impl_->current();
  std::vector<EntityFact> out;
  for (uint32_t number = 1; number <= snapshot->entities(entity).known; ++number) {
    out.push_back(snapshot->instance(entity, number));
  }
  std::sort(out.begin(), out.end(), [](const EntityFact& a, const EntityFact& b) { return a.id < b.id; });
  return out;
}

}  // namespace lictor
