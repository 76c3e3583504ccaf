// The audit log for callers inside the tree, which have a DecisionResult instead of the public API's Verdict.
//
// lictor/audit.h has the log itself: opening, appending, verifying, reading.
#pragma once

#include <string>
#include <string_view>

#include "lictor/audit.h"
#include "runtime/decision.h"

namespace lictor {

/// The record of a decision. `request` is the request's JSON as it came; the record keeps it in canonical form (members
/// sorted, no blanks). `id` is the decision's ULID (host/ulid.h). Stamped with the system clock.
Result<AuditRecord> audit_record(const DecisionResult& result, std::string_view id, std::string_view request);

}  // namespace lictor
