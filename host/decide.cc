// Binding requests and deciding them. decide() is the hot path: it checks that the request is of this decision, asks the
// clock only where the policy reads it, and calls the engine.
#include "host/canonical_json.h"
#include "host/policy_data.h"
#include "host/ulid.h"

namespace lictor {

namespace {

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

namespace {
constinit const detail::Straight kClosed;  // of a request that was moved away
}

Request::Request(std::unique_ptr<State> state) : state_(std::move(state)), straight_(&state_->bound.straight()) {}
Request::Request(Request&& other) noexcept
    : state_(std::move(other.state_)), straight_(std::exchange(other.straight_, &kClosed)) {}
Request& Request::operator=(Request&& other) noexcept {
  state_ = std::move(other.state_);
  straight_ = std::exchange(other.straight_, &kClosed);
  return *this;
}
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
  auto done = state_->rebind(std::move(*members));
  straight_ = &state_->bound.straight();
  return done;
}

Result<void> Request::unset(std::string_view name) {
  auto members = state_->members ? *state_->members : canonical_members(state_->text);
  if (!members) return std::unexpected(std::move(members.error()));
  members->erase(std::string(name));
  auto done = state_->rebind(std::move(*members));
  straight_ = &state_->bound.straight();
  return done;
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
  return Request(std::unique_ptr<Request::State>(new Request::State{.engine = &engine,
                                                                    .decision = data_->index,
                                                                    .bound = std::move(*bound),
                                                                    .policy = data_->policy,
                                                                    .text = std::string(json),
                                                                    .members = std::nullopt}));
}

Result<Request> DecisionPoint::bind(std::initializer_list<Request::Field> fields) const {
  auto members = members_of(fields);
  if (!members) return std::unexpected(std::move(members.error()));
  return bind(join_members(*members));
}

static_assert(QuickDecision::kRefused == detail::Straight::kRefused);
static_assert(QuickDecision::kMostValues == detail::Straight::kValues);
static_assert(static_cast<int>(Outcome::kAllow) == static_cast<int>(ast::Outcome::kAllow) &&
              static_cast<int>(Outcome::kDeny) == static_cast<int>(ast::Outcome::kDeny) &&
              static_cast<int>(Outcome::kRequire) == static_cast<int>(ast::Outcome::kRequire));

DecisionPoint::DecisionPoint(std::shared_ptr<const Data> data) : data_(std::move(data)), point_(&data_->straight) {}

int64_t DecisionPoint::system_now() noexcept { return lictor::system_now(); }

/// Everything but the straight way through native code.
Answer DecisionPoint::decide_slowly(Request& request, int64_t now) const noexcept {
  const Data& data = *data_;
  Engine& engine = *data.policy->engine;
  Request::State* state = request.state_.get();
  if (state == nullptr || state->engine != &engine || state->decision != data.index) {
    return {.outcome = Outcome::kDeny, .clause = kDefaultClause, .native = false};
  }
  try {
    Quick quick = engine.decide(state->bound, now);
    return {.outcome = to_outcome(quick.outcome),
            .clause = data.clauses[static_cast<size_t>(quick.clause + 1)],
            .native = quick.engine == EngineKind::kJit};
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
  int64_t time = now ? *now : lictor::system_now();
  auto verdict = std::make_shared<Verdict::Data>();
  verdict->policy = data_->policy;
  verdict->schema = &engine.plan().schema;
  verdict->id = make_ulid(lictor::system_now());
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
