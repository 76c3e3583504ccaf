// Proofs and the explanation of denials: the same for every engine, because they are made from the canonical rules, the
// snapshot and the answer, not from the engine's trace.
//
// Canonical proof of a fact: the derivation of least height, then first in source order, then least bindings. Absent
// atoms and empty aggregates are leaves; a large aggregate lists its first rows and a count.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "runtime/engine.h"

namespace lictor {

struct ProofNode {
  enum class Kind : uint8_t {
    kClause,
    kRule,
    kFact,
    kInstance,
    kAbsent,
    kTest,
    kLet,
    kAggregate,
    kExists,
    kMember,
    kDefault,
    kTuple,  // of an aggregate
    kAbbreviated
  };
  Kind kind = Kind::kFact;
  std::string text;  // "complexity(\"stream_chat\", streaming, 2)", "a.maturity < m: student < intern"
  std::string rule;  // kClause: its id; kRule: the relation's name
  Place place;       // of the clause or rule; of the premise for everything else
  // kRule, kFact, and kAbbreviated where it stands for a row: the row. kTuple: the tuple.
  uint32_t relation = kNoIndex;
  std::vector<Datum> row;
  uint64_t total = 0;  // kAggregate: how many distinct tuples there are
  std::vector<std::pair<std::string, Datum>> bindings;
  std::vector<ProofNode> children;
};

/// Why a clause that could have changed the answer did not apply: the premise where its most promising binding failed.
struct NearMiss {
  std::string clause;
  ast::Outcome outcome = ast::Outcome::kAllow;
  bool is_override = false;
  std::string premise;  // source text of the failing literal
  std::string values;   // "a.maturity = student, m = intern"
  Place place;          // of the premise
  Place clause_place;
  uint32_t held = 0, total = 0;  // premises that held before it, premises in all
  std::vector<std::pair<std::string, Datum>> bindings;

  /// Where the premise asks a relation that rules define: the rule that came nearest to such a row.
  struct InRule {
    std::string premise, values;
    Place place, rule_place;
    uint32_t held = 0, total = 0;
    std::vector<std::pair<std::string, Datum>> bindings;
  };
  std::optional<InRule> in_rule;
};

struct Explanation {
  DecisionResult decision;
  ProofNode proof;                    // of the winning instance, or the default
  std::vector<NearMiss> near_misses;  // for deny and require: every clause with another outcome, nearest first
};

Explanation explain(Engine& engine, BoundRequest& request, int64_t now);

/// The proof of one row of a relation known at fact time. kNotFound where the row does not hold.
Result<ProofNode> prove(Engine& engine, uint32_t relation, const std::vector<Datum>& row);

/// A tree for terminals, a node per line: control characters that facts and requests brought are escapes.
std::string render(const Schema& schema, const ProofNode& node);

}  // namespace lictor
