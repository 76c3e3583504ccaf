// A decision in full, from the runtime's form to the public one.
#include <nlohmann/json.hpp>

#include "host/decision_json.h"
#include "host/policy_data.h"
#include "host/ulid.h"
#include "lictor/audit.h"

namespace lictor {

namespace {

std::vector<Verdict::Effect> effects(const Schema& schema, const std::vector<AppliedSignature>& signatures) {
  std::vector<Verdict::Effect> out;
  for (const AppliedSignature& signature : signatures) {
    Verdict::Effect effect{.name = signature.name, .args = {}, .blocking = signature.blocking};
    for (const auto& [name, value] : signature.args) effect.args.emplace_back(name, show(schema, value));
    out.push_back(std::move(effect));
  }
  return out;
}

}  // namespace

Outcome to_outcome(ast::Outcome outcome) {
  switch (outcome) {
    case ast::Outcome::kAllow:
      return Outcome::kAllow;
    case ast::Outcome::kRequire:
      return Outcome::kRequire;
    case ast::Outcome::kDeny:
      break;
  }
  return Outcome::kDeny;
}

std::string_view to_text(Outcome outcome) {
  switch (outcome) {
    case Outcome::kAllow:
      return "allow";
    case Outcome::kRequire:
      return "require";
    case Outcome::kDeny:
      break;
  }
  return "deny";
}

void Verdict::Data::finish() {
  outcome = to_outcome(result().outcome);
  for (const Instance& instance : result().also) {
    also.push_back({instance.id, to_outcome(instance.outcome), instance.is_override, instance.reason});
  }
  obligations = effects(*schema, result().obligations);
  requirements = effects(*schema, result().requirements);
  for (const AppliedSignature& signature : result().changes) {
    Verdict::Change change{signature.verb == Verb::kInsert, signature.name, {}};
    for (const auto& [name, value] : signature.args) change.row.emplace_back(name, show(*schema, value));
    changes.push_back(std::move(change));
  }
  for (const auto& [name, value] : result().yields) yields.emplace_back(name, show(*schema, value));
  for (const EvalError& error : result().errors) errors.push_back(error.message);
  if (!explained) return;
  proof = render(*schema, explanation.proof);
  if (outcome == Outcome::kAllow) return;
  for (const lictor::NearMiss& miss : explanation.near_misses) {
    near_misses.push_back({miss.clause, to_outcome(miss.outcome), miss.premise, miss.values, miss.place});
  }
}

Outcome Verdict::outcome() const { return data_->outcome; }
const std::string& Verdict::clause() const { return data_->result().winner.id; }
const std::string& Verdict::reason() const { return data_->result().winner.reason; }
bool Verdict::is_override() const { return data_->result().winner.is_override; }
const std::vector<Verdict::Applied>& Verdict::also() const { return data_->also; }
const std::vector<Verdict::Effect>& Verdict::obligations() const { return data_->obligations; }
const std::vector<Verdict::Effect>& Verdict::requirements() const { return data_->requirements; }
const std::vector<Verdict::Change>& Verdict::changes() const { return data_->changes; }
const std::string& Verdict::yield(std::string_view name) const {
  static const std::string kNothing;
  for (const auto& [known, value] : data_->yields) {
    if (known == name) return value;
  }
  return kNothing;
}
const std::vector<std::string>& Verdict::errors() const { return data_->errors; }
const std::vector<std::string>& Verdict::notes() const { return data_->result().notes; }
const std::vector<Verdict::NearMiss>& Verdict::near_misses() const { return data_->near_misses; }
const std::string& Verdict::id() const { return data_->id; }
const std::string& Verdict::decision() const { return data_->decision; }
const std::string& Verdict::bundle() const { return data_->result().bundle_hash; }
uint64_t Verdict::facts() const { return data_->result().facts; }
int64_t Verdict::now() const { return data_->result().now; }
bool Verdict::native() const { return data_->result().engine == EngineKind::kJit; }
const std::string& Verdict::proof() const { return data_->proof; }

std::string Verdict::json(int indent) const {
  return to_text(data_->explained ? explanation_json(*data_->schema, data_->explanation, data_->id)
                                  : decision_json(*data_->schema, data_->result(), data_->id),
                 indent);
}

AuditRecord audit_record(const Request& request, const Verdict& verdict) {
  AuditRecord record;
  record.time = system_now();
  record.id = verdict.id();
  record.bundle = verdict.bundle();
  record.decision = verdict.decision();
  record.facts = verdict.facts();
  record.request = request.json();
  record.outcome = to_text(verdict.outcome());
  record.clause = verdict.clause();
  record.reason = verdict.reason();
  record.is_override = verdict.is_override();
  record.errors = verdict.errors();
  record.engine = verdict.native() ? "jit" : "interp";
  record.now = verdict.now();
  return record;
}

}  // namespace lictor
