// Holds proofs and near misses against the naive evaluator's model, node by node: what they say must be so, and must be the
// canonical thing to say (runtime/proof.h). Reads their structure, never their text, except for what is a text.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "compiler/analyze.h"
#include "runtime/proof.h"
#include "tests/differential/body_walk.h"

namespace lictor::testing {

class ProofChecker {
 public:
  ProofChecker(const Analysis& analysis, Naive& naive)
      : program_(analysis.program), sources_(*analysis.sources), walk_(analysis.program, naive) {}

  /// Complaints, a line each; empty where the proof of the row is right.
  std::string row(uint32_t relation, const std::vector<Datum>& row, const ProofNode& proof);
  /// The same for the proof of a decision's winner, and for its near misses. REQUIRES: the naive evaluator has just
  /// decided the same request: `wanted`.
  std::string decision(uint32_t decision, const NaiveDecision& wanted, const ProofNode& proof);
  std::string near_misses(uint32_t decision, ast::Outcome outcome, const std::vector<NearMiss>& got);
  /// The naive evaluator has decided something new.
  void forget_request() { walk_.forget_request(); }
  bool holds(uint32_t relation, const std::vector<Datum>& row) const { return walk_.contains(relation, row); }

 private:
  using Key = std::pair<uint32_t, std::string>;
  using Nodes = std::vector<ProofNode>;
  using Bindings = std::vector<std::pair<std::string, Datum>>;
  using Then = BodyWalk::Then;

  void begin();
  std::string end();
  void complain(const ProofNode& node, const std::string& what);
  bool at(const Place& place, Span span) const;

  // rows
  void row_node(const ProofNode& node);
  void rule_node(const ProofNode& node, const Canonical& canonical);
  void children(const ProofNode& node);
  void circle(const Key& from, const ProofNode& node, std::map<Key, int>& state);

  // clauses and rules
  bool premises_fit(const Body& body, const ProofNode& node);
  void instance(const Body& body, const Frame& frame, const ProofNode& node, const Slots& canonical,
                const std::function<bool(BodyWalk::Walk&)>& head);
  void premises(const Body& body, size_t at, const Nodes& nodes, BodyWalk::Walk& walk, const Then& then);
  void inside(const Literal& l, const Nodes& supports, BodyWalk::Walk& walk, const Then& then);
  bool tuples(const Literal& l, const ProofNode& node, BodyWalk::Walk& walk);
  bool bound(const Frame& frame, const std::vector<uint32_t>& slots, const Slots& values, const Bindings& stated) const;

  // near misses
  template <class Stopped>
  std::string stopped(const Body& body, const Frame& frame, const Furthest& wanted, const Slots& given,
                      const Stopped& got) const;
  std::string in_rule(const Clause& clause, const Furthest& furthest, const NearMiss& got);
  std::optional<Slots> asked(const Rule& rule, const Literal& premise, const Frame& frame, const Furthest& outer);

  const Program& program_;
  const SourceMap& sources_;
  BodyWalk walk_;
  std::string complaints_;
  std::map<Key, const ProofNode*> full_;    // rows shown in full
  std::vector<const ProofNode*> referred_;  // rows that stand for one shown elsewhere
  size_t size_ = 0;
};

/// Everything that a proof says, for comparing the proofs of two engines.
std::string shape(const Schema& schema, const ProofNode& node);
std::string shape(const Schema& schema, const std::vector<NearMiss>& misses);

}  // namespace lictor::testing
