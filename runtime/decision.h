// The full answer of a decision, for people, JSON, audit and tests. Values are Datums: nothing in it refers to a snapshot.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "compiler/layout.h"
#include "compiler/plan.h"

namespace lictor {

/// An obligation to carry out, a requirement that a `require` waits for, or a change of a relation's rows.
struct AppliedSignature {
  std::string name;                                 // of the obligation or requirement; of a change the relation
  std::vector<std::pair<std::string, Datum>> args;  // `remove`: the columns that rows must have, others are anything
  bool blocking = false;
  Verb verb = Verb::kEmit;
};

/// One clause instance that applied.
struct Instance {
  int32_t clause = -1;  // index into DecisionPlan::clauses; -1: the default
  std::string id;       // the clause's id; "default"
  ast::Outcome outcome = ast::Outcome::kDeny;
  bool is_override = false;
  std::string reason;
  std::vector<std::pair<std::string, Datum>> bindings;  // variable, value: what makes this instance
  Mode mode = Mode::kEnforce;
  bool erred = false;  // a deny or require that denies because it erred
};

/// An evaluation error: an expected outcome of the language, never a Result.
struct EvalError {
  EvalErrorKind kind = EvalErrorKind::kOverflow;
  std::string message;  // "overflow in clause `late`"
  std::string where;    // clause id or relation name
  Span span;
  Place place;
};

enum class EngineKind : uint8_t { kInterpreter, kJit };

struct DecisionResult {
  ast::Outcome outcome = ast::Outcome::kDeny;
  Instance winner;
  std::vector<Instance> also;                 // other instances that applied: by rank, outcome, source position, values
  std::vector<Instance> observed;             // of clauses in modes observe and warn, in the same order
  std::vector<AppliedSignature> obligations;  // of the winning instances, in order, duplicates once
  std::vector<AppliedSignature> changes;  // `insert` and `remove`, of the winning instances, in order, duplicates once
  std::vector<AppliedSignature> requirements;         // what a require waits for
  std::vector<std::pair<std::string, Datum>> yields;  // in source order; those without a value are left out
  std::vector<EvalError> errors;                      // distinct, by source position
  bool deciding_erred = false;                        // a clause that decides, or the default, is among them
  std::vector<std::string> notes;                     // "agent `x9` is unknown; the field is none"
  std::string module, name;                           // of the decision
  std::string bundle_hash;
  uint64_t facts = 0;  // snapshot version
  int64_t now = 0;
  EngineKind engine = EngineKind::kInterpreter;
};

std::string_view outcome_name(ast::Outcome outcome);  // "allow"
std::string_view mode_name(Mode mode);                // "observe"
std::string_view error_text(EvalErrorKind kind);      // "overflow"

}  // namespace lictor
