// From a decision to its record.
#include "host/canonical_json.h"
#include "host/decision_json.h"
#include "host/store/audit.h"
#include "host/ulid.h"

namespace lictor {

Result<AuditRecord> audit_record(const DecisionResult& result, std::string_view id, std::string_view request) {
  auto canonical = canonical_json(request);
  if (!canonical) return std::unexpected(std::move(canonical.error()));
  AuditRecord record;
  record.time = system_now();
  record.id = id;
  record.bundle = result.bundle_hash;
  record.decision = result.module.empty() ? result.name : result.module + "." + result.name;
  record.facts = result.facts;
  record.request = std::move(*canonical);
  record.outcome = outcome_name(result.outcome);
  record.clause = result.winner.id;
  record.reason = result.winner.reason;
  record.is_override = result.winner.is_override;
  for (const EvalError& error : result.errors) record.errors.push_back(error.message);
  record.engine = engine_name(result.engine);
  record.now = result.now;
  return record;
}

}  // namespace lictor
