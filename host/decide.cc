// Binding requests and deciding them. decide() is the hot path: it checks that the request is of this decision, asks the
// clock only where the policy reads it, and calls the engine.
#include "host/canonical_json.h"
#include "host/policy_data.h"
#include "host/ulid.h"

namespace lictor {

namespace {

constexpr std::string_view kDefaultClause = "default";

/// Members and their JSON texts. kInvalid: a name twice, or a value that is not one JSON value.
Result<std::map<std::string, std::string>> members_of(std::initializer_list<Request::Field> fields) {
  std::map<std::string, std::string> members;
  for (const Request::Field& field : fields) {
    auto value = canonical_json(field.value.text());
    if (!value)
      return fail(ErrorKind::kInvalid, "the field `" + std::string(field.name) + "`: " + value.error().message);
    if (!members.emplace(field.name, std::move(*value)).second) {
      return fail(ErrorKind::kInvalid, "the field `" + std::string(field.name) + "` is given twice");
    }
  }
  return members;
}

}  // namespace

Request::Value::Value(std::string_view text) : json_(json_string(text)) {}
Request::Value Request::Value::json(std::string text) {
  Value value;
  value.json_ = std::move(text);
  return value;
}

Request::Request(std::unique_ptr<State> state) : state_(std::move(state)) {}
Request::Request(Request&&) noexcept = default;
Request& Request::operator=(Request&&) noexcept = default;
Request::~Request() = default;

Result<void> Request::State::rebind(std::map<std::string, std::string> changed) {
  std::string json = join_members(changed);
  auto again = BoundRequest::from_json(*engine, decision, json);
  if (!again) return std::unexpected(std::move(again.error()));
  bound = std::move(*again);
  members = std::move(changed);
  text = std::move(json);
  return {};
}

Result<void> Request::set(std::string_view name, const Value& value) {
  auto members = state_->members ? *state_->members : canonical_members(state_->text);
  if (!members) return std::unexpected(std::move(members.error()));
  auto text = canonical_json(value.text());
  if (!text) return fail(ErrorKind::kInvalid, "the field `" + std::string(name) + "`: " + text.error().message);
  (*members)[std::string(name)] = std::move(*text);
  return state_->rebind(std::move(*members));
}

Result<void> Request::unset(std::string_view name) {
  auto members = state_->members ? *state_->members : canonical_members(state_->text);
  if (!members) return std::unexpected(std::move(members.error()));
  members->erase(std::string(name));
  return state_->rebind(std::move(*members));
}

const std::vector<std::string>& Request::notes() const { return state_->bound.notes(); }

std::string Request::json() const {
  auto canonical = canonical_json(state_->text);
  return canonical ? std::move(*canonical) : state_->text;
}

Result<Request> DecisionPoint::bind(std::string_view json) const {
  const Engine& engine = *data_->policy->engine;
  auto bound = BoundRequest::from_json(engine, data_->index, json);
  if (!bound) return std::unexpected(std::move(bound.error()));
  return Request(std::unique_ptr<Request::State>(new Request::State{.policy = data_->policy,
                                                                    .engine = &engine,
                                                                    .decision = data_->index,
                                                                    .text = std::string(json),
                                                                    .members = std::nullopt,
                                                                    .bound = std::move(*bound)}));
}

Result<Request> DecisionPoint::bind(std::initializer_list<Request::Field> fields) const {
  auto members = members_of(fields);
  if (!members) return std::unexpected(std::move(members.error()));
  return bind(join_members(*members));
}

Answer DecisionPoint::decide(Request& request) const noexcept {
  return decide(request, data_->plan().uses_now ? system_now() : 0);
}

Answer DecisionPoint::decide(Request& request, int64_t now) const noexcept {
  Engine& engine = *data_->policy->engine;
  const Request::State* state = request.state_.get();
  if (state == nullptr || state->engine != &engine || state->decision != data_->index) {
    return {.outcome = Outcome::kDeny, .clause = kDefaultClause, .native = false};
  }
  try {
    Quick quick = engine.decide(request.state_->bound, now);
    std::string_view clause =
        quick.clause < 0 ? kDefaultClause : std::string_view(data_->plan().clauses[quick.clause].clause.id);
    return {.outcome = to_outcome(quick.outcome), .clause = clause, .native = quick.engine == EngineKind::kJit};
  } catch (const std::exception&) {  // out of memory: fails closed
    return {.outcome = Outcome::kDeny, .clause = kDefaultClause, .native = false};
  }
}

Verdict DecisionPoint::evaluate(Request& request, std::optional<int64_t> now) const {
  return answer(request, now, false);
}
Verdict DecisionPoint::explain(Request& request, std::optional<int64_t> now) const {
  return answer(request, now, true);
}

const std::string& DecisionPoint::name() const { return data_->name; }

Verdict DecisionPoint::answer(Request& request, std::optional<int64_t> now, bool with_proof) const {
  Engine& engine = *data_->policy->engine;
  int64_t time = now ? *now : system_now();
  auto verdict = std::make_shared<Verdict::Data>();
  verdict->policy = data_->policy;
  verdict->schema = &engine.plan().schema;
  verdict->id = make_ulid(system_now());
  verdict->decision = data_->name;
  Request::State* state = request.state_.get();
  if (state == nullptr || state->engine != &engine || state->decision != data_->index) {
    DecisionResult& result = verdict->explanation.decision;
    result.winner.id = kDefaultClause;
    result.winner.reason = "the request was bound for another decision";
    result.module = data_->plan().decision.info.module;
    result.name = data_->plan().decision.info.name;
    result.bundle_hash = engine.plan().bundle_hash;
    result.facts = engine.version();
    result.now = time;
  } else if (with_proof) {
    verdict->explanation = lictor::explain(engine, state->bound, time);
    verdict->explained = true;
  } else {
    verdict->explanation.decision = engine.evaluate(state->bound, time);
  }
  verdict->finish();
  return Verdict(std::move(verdict));
}

}  // namespace lictor
