// A decision, and why, as a person reads it on a terminal.
#pragma once

#include <string>

#include "cli/output.h"
#include "grammar/source.h"
#include "runtime/decision.h"
#include "runtime/proof.h"

namespace lictor::cli {

/// `deny below: "..."`: outcome and clause as an author would write them.
std::string headline(const Instance& instance, const Output& output);

/// Outcome, clause, reason; then what else there is: also, obligations, requirements, errors, notes.
std::string decision_text(const Schema& schema, const DecisionResult& decision, const Output& output);

/// The proof; for deny and require also the clauses that could have changed the answer, nearest first, each with the
/// premise where it failed.
std::string explanation_text(const Schema& schema, const Explanation& explanation, const SourceMap& sources,
                             const Output& output);

/// `alert(severity: critical, text: "bypass used")`
std::string signature_text(const Schema& schema, const AppliedSignature& signature);

}  // namespace lictor::cli
