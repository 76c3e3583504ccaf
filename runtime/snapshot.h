// One immutable version of the facts: base facts, everything derived from them at fact time, and the indexes over it all.
// Any number of threads may read it. It keeps the plan it was made for; what was prepared of that must outlive it.
#pragma once

#include <memory>
#include <vector>

#include "runtime/base_facts.h"
#include "runtime/engine.h"
#include "runtime/prepared.h"
#include "runtime/relation/hierarchy.h"
#include "runtime/relation/index.h"

namespace lictor {

/// Of one decision in one snapshot: what deciding it straight needs of the two.
struct DecisionWay : detail::Way {
  const Snapshot* snapshot = nullptr;
  const PreparedDecision* prepared = nullptr;
  ast::Outcome default_outcome = ast::Outcome::kDeny;
  uint32_t frame = 0;  // words that the interpreter needs
};

class Snapshot {
 public:
  /// Encodes and checks the facts, then computes the plan's strata. kInvalid: the facts are not consistent, or a rule errs
  /// on them (named with its variables); kLimit: more steps than `limits` allow.
  static Result<std::shared_ptr<const Snapshot>> make(std::shared_ptr<const Plan> plan, const Prepared& prepared,
                                                      FactSet facts, const EvalLimits& limits, uint64_t version);

  /// Version 0, before anything was published: the plan's own tables and nothing else, nothing derived.
  static Result<std::shared_ptr<const Snapshot>> empty(std::shared_ptr<const Plan> plan, const Prepared& prepared,
                                                       const EvalLimits& limits);

  const SnapshotView& view() const { return view_; }
  const Plan& plan() const { return *plan_; }
  const ValueTable& values() const { return *facts_.values; }
  const Hierarchy& hierarchy() const { return hierarchy_; }
  uint64_t version() const { return view_.version; }
  /// Its code is set by whoever decides first; all set the same.
  DecisionWay& way(uint32_t decision) const { return ways_[decision]; }
  /// Rows of a relation known at fact time; the first base_rows() of them were given, the others derived.
  const RowStore& rows(uint32_t relation) const { return *facts_.rows[relation]; }
  uint32_t base_rows(uint32_t relation) const { return base_rows_[relation]; }
  const BaseEntities& entities(uint32_t type) const { return facts_.entities[type]; }

  /// The base facts again, as they were given (equal rows once).
  FactSet facts() const;
  /// An instance with its attributes and the containers that were given. REQUIRES: 1 <= number <= known.
  EntityFact instance(uint32_t type, uint32_t number) const;
  std::vector<Datum> row(uint32_t relation, uint32_t number) const;

 private:
  friend class SnapshotBuilder;
  Snapshot() = default;

  std::shared_ptr<const Plan> plan_;
  BaseFacts facts_;
  std::vector<uint32_t> base_rows_;
  Hierarchy hierarchy_;
  std::vector<RelationView> relations_;
  std::vector<std::unique_ptr<RelationIndex>> indexes_;
  std::vector<IndexView> index_views_;
  std::vector<const int64_t*> columns_;
  std::vector<EntityView> entity_views_;
  std::vector<int64_t> constants_;
  SnapshotView view_{};
  std::unique_ptr<DecisionWay[]> ways_;
};

}  // namespace lictor
