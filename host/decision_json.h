// The decision in JSON, exactly as docs/architecture.md has it: one form for the command, the public API and the audit.
//
// Values: bool and int as they are; decimal as a number where a double shows it exactly, else a string; time in RFC 3339,
// duration as "90s"; enum members by wire name, entities by id; sets and lists as arrays, maps as objects, none as null.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "runtime/decision.h"
#include "runtime/proof.h"

namespace lictor {

nlohmann::ordered_json value_json(const Schema& schema, const Datum& value);
/// `id`: the decision's ULID (host/ulid.h).
nlohmann::ordered_json decision_json(const Schema& schema, const DecisionResult& result, std::string_view id);
/// decision_json() and `proof`, and for deny and require `near_misses`.
nlohmann::ordered_json explanation_json(const Schema& schema, const Explanation& explanation, std::string_view id);
nlohmann::ordered_json proof_json(const Schema& schema, const ProofNode& node);

/// The text of a JSON value; bytes that are no UTF-8 are replaced by U+FFFD. indent -1: one line.
std::string to_text(const nlohmann::ordered_json& json, int indent = -1);

/// "interp", "jit".
std::string_view engine_name(EngineKind kind);
/// "2026-01-01T00:00:00Z", with a fraction only where there is one. Microseconds since 1970, UTC.
std::string time_text(int64_t microseconds);

}  // namespace lictor
