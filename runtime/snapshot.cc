// Building goes in the order of need: instances and base rows, constants, indexes over what is complete, then stratum by
// stratum. Code that computes a stratum reads the view while it grows; nobody else sees it before it is complete.
#include "runtime/snapshot.h"

#include <algorithm>

#include "runtime/fact_error.h"
#include "runtime/fixpoint.h"
#include "runtime/values.h"

namespace lictor {

class SnapshotBuilder {
 public:
  SnapshotBuilder(std::shared_ptr<const Plan> plan, const Prepared& prepared, const EvalLimits& limits)
      : plan_(*plan), prepared_(prepared), limits_(limits), out_(new Snapshot()) {
    out_->plan_ = std::move(plan);
  }

  Result<std::shared_ptr<const Snapshot>> run(FactSet facts, uint64_t version) {
    auto encoded = encode_facts(plan_.schema, with_tables(std::move(facts)), version == 0 ? nullptr : &plan_);
    if (!encoded) return std::unexpected(std::move(encoded.error()));
    out_->facts_ = std::move(*encoded);
    if (!build_entities()) return fail(ErrorKind::kLimit, "the hierarchy of entities is too large");
    build_constants();
    build_relations();
    out_->view_.version = version;
    if (version == 0) {
      for (const PreparedStratum& stratum : prepared_.strata) {
        for (uint32_t relation : stratum.relations) build_indexes(relation);
      }
    } else if (auto derived = derive(); !derived) {
      return std::unexpected(std::move(derived.error()));
    }
    out_->view_.compounds = out_->facts_.values->compound_views();
    build_ways();
    return std::shared_ptr<const Snapshot>(std::move(out_));
  }

 private:
  static constexpr uint64_t kMostClosureWords = uint64_t{1} << 28;

  /// Tables that passes made belong to the plan, whatever the facts are.
  FactSet with_tables(FactSet facts) const {
    facts.entities.resize(plan_.schema.entities.size());
    facts.rows.resize(plan_.schema.relations.size());
    for (size_t relation = 0; relation < plan_.rows.size(); ++relation) {
      if (!plan_.schema.relations[relation].synthetic) continue;
      facts.rows[relation].clear();
      for (const FactRow& row : plan_.rows[relation]) facts.rows[relation].push_back(row.values);
    }
    return facts;
  }

  bool build_entities() {
    std::vector<uint32_t> counts;
    for (const BaseEntities& entities : out_->facts_.entities) {
      for (const auto& column : entities.columns) out_->columns_.push_back(column.data());
    }
    const int64_t* const* columns = out_->columns_.data();
    out_->view_.columns = columns;
    for (const BaseEntities& entities : out_->facts_.entities) {
      counts.push_back(entities.known);
      out_->entity_views_.push_back({columns, entities.known});
      columns += entities.columns.size();
    }
    out_->view_.entities = out_->entity_views_.data();
    return out_->hierarchy_.build(counts, out_->facts_.edges, kMostClosureWords);
  }

  void build_constants() {
    for (const Datum& constant : plan_.constants) {
      out_->constants_.push_back(to_word(plan_.schema, *out_->facts_.values, constant.type, constant));
    }
    out_->view_.constants = out_->constants_.data();
  }

  void build_relations() {
    auto count = static_cast<uint32_t>(plan_.schema.relations.size());
    std::vector<bool> later(count, false);
    for (const PreparedStratum& stratum : prepared_.strata) {
      for (uint32_t relation : stratum.relations) later[relation] = true;
    }
    out_->index_views_.resize(plan_.indexes.size());
    out_->indexes_.resize(plan_.indexes.size());
    for (uint32_t relation = 0; relation < count; ++relation) {
      out_->base_rows_.push_back(out_->facts_.rows[relation]->count());
      out_->relations_.push_back(out_->facts_.rows[relation]->view());
    }
    for (uint32_t relation = 0; relation < count; ++relation) {
      if (!later[relation]) build_indexes(relation);
    }
    out_->view_.relations = out_->relations_.data();
    out_->view_.indexes = out_->index_views_.data();
  }

  void build_indexes(uint32_t relation) {
    for (uint32_t number : prepared_.indexes_of[relation]) {
      const Index& index = plan_.indexes[number];
      out_->indexes_[number] = std::make_unique<RelationIndex>();
      out_->indexes_[number]->build(out_->relations_[relation], index.columns, index.unique);
      out_->index_views_[number] = out_->indexes_[number]->view();
    }
  }

  void build_ways() {
    out_->ways_ = std::make_unique<DecisionWay[]>(plan_.decisions.size());
    for (size_t i = 0; i < plan_.decisions.size(); ++i) {
      DecisionWay& way = out_->ways_[i];
      way.version = out_->view_.version;
      way.facts = &out_->view_;
      way.steps = limits_.steps;
      way.decision = &plan_.decisions[i];
      way.snapshot = out_.get();
      way.prepared = &prepared_.decisions[i];
      way.default_outcome = plan_.decisions[i].decision.default_outcome;
      way.frame = prepared_.frame;
    }
  }

  Result<void> derive() {
    ErrorList errors;
    EvalState state;
    state.context.snapshot = &out_->view_;
    state.context.runtime = &state;
    state.context.steps = limits_.load_steps;
    state.memory = limits_.load_memory;
    state.plan = &plan_;
    state.hierarchy = &out_->hierarchy_;
    state.values = out_->facts_.values.get();
    state.errors = &errors;
    std::vector<int64_t> frame(prepared_.frame);
    for (const PreparedStratum& stratum : prepared_.strata) {
      std::vector<RowStore*> stores;
      for (uint32_t relation : stratum.relations) stores.push_back(out_->facts_.rows[relation].get());
      if (!compute_stratum(stratum, state, stores, frame.data())) {
        return fail(ErrorKind::kLimit, "deriving from the facts takes more steps or memory than allowed");
      }
      for (uint32_t relation : stratum.relations) {
        out_->relations_[relation] = out_->facts_.rows[relation]->view();
      }
      if (!errors.empty()) return std::unexpected(fact_error(*out_, state, errors));
      for (uint32_t relation : stratum.relations) build_indexes(relation);
    }
    if (auto broken = broken_invariants(*out_, state)) return std::unexpected(std::move(*broken));
    return {};
  }

  const Plan& plan_;
  const Prepared& prepared_;
  const EvalLimits& limits_;
  std::unique_ptr<Snapshot> out_;
};

Result<std::shared_ptr<const Snapshot>> Snapshot::make(std::shared_ptr<const Plan> plan, const Prepared& prepared,
                                                       FactSet facts, const EvalLimits& limits, uint64_t version) {
  return SnapshotBuilder(std::move(plan), prepared, limits).run(std::move(facts), version);
}

Result<std::shared_ptr<const Snapshot>> Snapshot::empty(std::shared_ptr<const Plan> plan, const Prepared& prepared,
                                                        const EvalLimits& limits) {
  return make(std::move(plan), prepared, {}, limits, 0);
}

std::vector<Datum> Snapshot::row(uint32_t relation, uint32_t number) const {
  const RelationDecl& decl = plan_->schema.relations[relation];
  const int64_t* words = facts_.rows[relation]->row(number);
  std::vector<Datum> out;
  for (size_t c = 0; c < decl.columns.size(); ++c) {
    out.push_back(to_datum(plan_->schema, *facts_.values, decl.columns[c].type, words[c]));
  }
  return out;
}

EntityFact Snapshot::instance(uint32_t type, uint32_t number) const {
  const EntityDecl& decl = plan_->schema.entities[type];
  int64_t entity = entity_word(type, number);
  EntityFact out;
  out.id = facts_.values->entity_id(entity);
  for (size_t a = 0; a < decl.attributes.size(); ++a) {
    int64_t word = facts_.entities[type].columns[a][number];
    out.attributes.push_back(to_datum(plan_->schema, *facts_.values, decl.attributes[a].type, word));
  }
  auto first = std::lower_bound(facts_.edges.begin(), facts_.edges.end(), std::pair(entity, INT64_MIN));
  for (; first != facts_.edges.end() && first->first == entity; ++first) {
    out.parents.emplace_back(entity_type_of(first->second), facts_.values->entity_id(first->second));
  }
  return out;
}

FactSet Snapshot::facts() const {
  FactSet out;
  out.entities.resize(facts_.entities.size());
  out.rows.resize(facts_.rows.size());
  for (uint32_t type = 0; type < facts_.entities.size(); ++type) {
    for (uint32_t number = 1; number <= facts_.entities[type].declared; ++number) {
      out.entities[type].push_back(instance(type, number));
    }
  }
  for (uint32_t relation = 0; relation < facts_.rows.size(); ++relation) {
    for (uint32_t i = 0; i < base_rows_[relation]; ++i) out.rows[relation].push_back(row(relation, i));
  }
  return out;
}

}  // namespace lictor
