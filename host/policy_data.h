// What stands behind the classes of lictor/lictor.h. Included by the files that implement them, by nobody else.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/dependencies.h"
#include "lictor/lictor.h"
#include "runtime/engine.h"
#include "runtime/proof.h"

namespace lictor {

struct Policy::Data {
  std::shared_ptr<Engine> engine;
  std::string name, version;
  std::shared_ptr<const Dependencies> dependencies;  // null: there are none
  std::vector<Diagnostic> warnings;
  std::mutex facts_mutex;            // taken by those who change facts: reading them and publishing is one step
  std::optional<FactSet> own_facts;  // the bundle's, kept from the first change on
};

/// What answers name where no clause decided.
inline constexpr std::string_view kDefaultClause = "default";

struct DecisionPoint::Data {
  std::shared_ptr<Policy::Data> policy;
  uint32_t index = 0;
  std::string name;
  std::vector<std::string_view> clauses;  // ids, by number + 1; the first is kDefaultClause
  detail::StraightPoint straight;
  const DecisionPlan& plan() const { return policy->engine->plan().decisions[index]; }
};

struct Request::State {
  const Engine* engine = nullptr;
  uint32_t decision = 0;
  BoundRequest bound;
  std::shared_ptr<const void> policy;                         // keeps the engine alive
  std::string text;                                           // JSON, as it was bound
  std::optional<std::map<std::string, std::string>> members;  // of `text`, from the first set() on

  Result<void> rebind(std::map<std::string, std::string> changed);
};

struct Verdict::Data {
  std::shared_ptr<const void> policy;  // keeps the schema alive
  const Schema* schema = nullptr;
  Explanation explanation;  // its proof is there only when `explained`
  bool explained = false;
  Outcome outcome = Outcome::kDeny;
  std::string id, decision, proof;
  std::vector<Applied> also;
  std::vector<Effect> obligations, requirements;
  std::vector<Change> changes;
  std::vector<std::pair<std::string, std::string>> yields;
  std::vector<std::string> errors;
  std::vector<Verdict::NearMiss> near_misses;

  const DecisionResult& result() const { return explanation.decision; }
  /// Fills in what is derived from `explanation`.
  void finish();
};

Outcome to_outcome(ast::Outcome outcome);

}  // namespace lictor
