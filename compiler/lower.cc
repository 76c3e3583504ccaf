// The way through lowering: which relations of request time can err, which become views, then strata and clauses.
//
// A relation of request time becomes a view when it neither recurs nor can err, has no rows of its own, and asking it does
// not repeat too much work: a view is evaluated anew at each place that reads it, so a tower of relations that each read
// the next one twice would double its work at every level. Such a relation is materialised like a recursive one.
#include "compiler/lower.h"

#include <algorithm>
#include <functional>
#include <map>

#include "compiler/core_walk.h"
#include "compiler/fold.h"
#include "compiler/lower_internal.h"
#include "compiler/plan_walk.h"

namespace lictor {
namespace {

constexpr uint64_t kHeaviestView = 64;  // bodies that one call evaluates, those of views below it included
constexpr uint32_t kDeepestView = 16;   // calls inside of calls

class Lowering {
 public:
  Lowering(const std::vector<Stratum>& strata, Plan& plan) : strata_(strata), plan_(plan) {}

  void run() {
    find_erring();
    ViewTable views(plan_, find_views());
    for (const Stratum& stratum : strata_) lower_stratum(stratum, views);
    for (DecisionPlan& decision : plan_.decisions) lower_decision(decision, views);
    views.finish();
  }

 private:
  bool at_request_time(const Stratum& stratum) const {
    return std::any_of(stratum.relations.begin(), stratum.relations.end(), [&](uint32_t relation) {
      return plan_.schema.relations[relation].time == BindingTime::kRequest;
    });
  }

  bool rule_errs(const Rule& rule) const {
    bool found = rule.limit.has_value();
    each_root_of_rule(rule, [&](const Expr& expr) { found = found || errs(expr); });
    each_literal_in(rule.body, [&](const Literal& literal) {
      if (literal.kind == Literal::Kind::kAggregate) found = found || literal.expr.can_err;
      if (literal.kind == Literal::Kind::kAtom) found = found || plan_.erring[literal.relation];
    });
    return found;
  }

  /// Relations that are computed together show each other's errors.
  void find_erring() {
    plan_.erring.assign(plan_.schema.relations.size(), false);
    for (const Stratum& stratum : strata_) {
      if (!at_request_time(stratum)) continue;
      bool any = std::any_of(stratum.rules.begin(), stratum.rules.end(),
                             [&](uint32_t rule) { return rule_errs(plan_.rules[rule]); }) ||
                 std::any_of(stratum.relations.begin(), stratum.relations.end(),  // rules may give two values for a key
                             [&](uint32_t relation) { return !plan_.schema.relations[relation].key.empty(); });
      for (uint32_t relation : stratum.relations) plan_.erring[relation] = any;
    }
  }

  bool can_be_view(const Stratum& stratum) const {
    if (stratum.recursive || !at_request_time(stratum)) return false;
    return std::all_of(stratum.relations.begin(), stratum.relations.end(), [&](uint32_t relation) {
      return !plan_.erring[relation] && plan_.schema.relations[relation].source == FactSource::kNone &&
             plan_.rows[relation].empty();
    });
  }

  std::vector<bool> find_views() {
    size_t count = plan_.schema.relations.size();
    std::vector<bool> is_view(count);
    std::vector<uint64_t> weight(count);
    std::vector<uint32_t> depth(count);
    for (const Stratum& stratum : strata_) {
      if (!can_be_view(stratum)) continue;
      uint64_t heaviest = 0;
      uint32_t deepest = 0;
      for (uint32_t r : stratum.rules) {
        heaviest += 1;
        each_literal_in(plan_.rules[r].body, [&](const Literal& literal) {
          if (literal.kind != Literal::Kind::kAtom || !is_view[literal.relation]) return;
          heaviest = std::min(heaviest + weight[literal.relation], kHeaviestView + 1);
          deepest = std::max(deepest, depth[literal.relation] + 1);
        });
      }
      if (heaviest > kHeaviestView || deepest > kDeepestView) continue;
      for (uint32_t relation : stratum.relations) {
        is_view[relation] = true;
        weight[relation] = heaviest;
        depth[relation] = deepest;
      }
    }
    return is_view;
  }

  void lower_stratum(const Stratum& stratum, ViewTable& views) {
    if (stratum.rules.empty() || views.is_view(stratum.relations[0])) return;
    StratumPlan out;
    out.relations = stratum.relations;
    out.recursive = stratum.recursive;
    std::vector<bool> members(plan_.schema.relations.size());
    for (uint32_t relation : stratum.relations) members[relation] = stratum.recursive;
    for (uint32_t rule : stratum.rules) {
      std::vector<Body> storage;
      for (const Body& body : expand_ors(plan_.rules[rule].body, storage)) {
        out.rules.push_back(lower_rule(rule, body, members, views));
      }
    }
    (at_request_time(stratum) ? plan_.request_strata : plan_.strata).push_back(std::move(out));
  }

  RulePlan lower_rule(uint32_t number, const Body& body, const std::vector<bool>& members, ViewTable& views) {
    const Rule& rule = plan_.rules[number];
    RulePlan out;
    out.rule = number;
    out.head = rule.head;
    SlotSpace frame = frame_of(rule.frame, plan_.schema.relations[rule.head].request);
    out.pipeline = lower_variant(rule, body, nullptr, frame, views);
    each_literal_in(body, [&](const Literal& literal) {
      if (literal.kind != Literal::Kind::kAtom || !members[literal.relation]) return;
      out.deltas.push_back(lower_variant(rule, body, &literal, frame, views));
    });
    out.slots = static_cast<uint32_t>(frame.types.size());
    out.slot_types = std::move(frame.types);
    out.slot_names = std::move(frame.names);
    return out;
  }

  static Pipeline lower_variant(const Rule& rule, const Body& body, const Literal* delta, SlotSpace& frame,
                                ViewTable& views) {
    Pipeline out;
    BodyLowerer lowerer(views, rule.frame, frame, false, delta);
    lowerer.lower(body, out.steps);
    for (const Expr& arg : rule.args) out.emit.push_back(lowerer.expr(arg));
    return out;
  }

  static SlotSpace frame_of(const Frame& frame, uint32_t request) {
    SlotSpace space;
    space.request = request;
    space.types.reserve(frame.variables.size());
    space.names.reserve(frame.variables.size());
    for (const Variable& variable : frame.variables) space.add(variable.type, variable.name);
    return space;
  }

  void lower_decision(DecisionPlan& decision, ViewTable& views) {
    find_modes(decision);
    find_tiers(decision);
    decision.groups.reserve(decision.clauses.size());
    for (uint32_t i = 0; i < decision.clauses.size(); ++i) {
      decision.groups.push_back(lower_clause(i, decision, views));
    }
    sort_by_place(decision.groups);
  }

  /// Keeps the order of groups of one place. What is sorted is small; each group moves once.
  static void sort_by_place(std::vector<ClauseGroup>& groups) {
    std::vector<std::pair<uint64_t, size_t>> order;
    order.reserve(groups.size());
    for (size_t i = 0; i < groups.size(); ++i) order.emplace_back(place_of(groups[i]), i);
    std::ranges::sort(order);
    std::vector<ClauseGroup> sorted;
    sorted.reserve(groups.size());
    for (auto [place, i] : order) sorted.push_back(std::move(groups[i]));
    groups = std::move(sorted);
  }

  /// The parameters are folded in: what is no constant now can err, and a clause that might decide does.
  void find_modes(DecisionPlan& decision) const {
    for (ClausePlan& clause : decision.clauses) {
      if (clause.clause.mode.empty()) continue;
      Expr mode = clause.clause.mode[0];
      fold(plan_.schema, mode);
      if (is_constant(mode)) clause.mode = static_cast<Mode>(mode.constant->n);
    }
  }

  static void find_tiers(DecisionPlan& decision) {
    if (decision.decision.combining == Combining::kFirstApplicable) find_runs(decision);
    if (decision.decision.combining != Combining::kPriority) return;
    std::map<int64_t, uint32_t, std::greater<>> tiers;
    for (const ClausePlan& clause : decision.clauses) tiers[clause.clause.priority] = 0;
    uint32_t next = 0;
    for (auto& [priority, tier] : tiers) tier = next++;
    for (ClausePlan& clause : decision.clauses) clause.tier = tiers[clause.clause.priority];
  }

  /// Of clauses of one outcome that follow one another the least that applies is the first: they can be asked together.
  static void find_runs(DecisionPlan& decision) {
    uint32_t tiers[2] = {0, 0};
    const Clause* last[2] = {nullptr, nullptr};
    for (ClausePlan& clause : decision.clauses) {
      if (clause.mode != Mode::kEnforce) continue;
      size_t rank = clause.clause.is_override ? 0 : 1;
      if (last[rank] != nullptr && last[rank]->outcome != clause.clause.outcome) ++tiers[rank];
      last[rank] = &clause.clause;
      clause.tier = tiers[rank];
    }
  }

  ClauseGroup lower_clause(uint32_t number, const DecisionPlan& decision, ViewTable& views) {
    const Clause& clause = decision.clauses[number].clause;
    const uint32_t request = decision.decision.request;
    ClauseGroup group;
    group.outcome = clause.outcome;
    group.is_override = clause.is_override;
    group.allow_first = decision.decision.combining == Combining::kPermitOverrides;
    group.observed = decision.clauses[number].mode != Mode::kEnforce;
    group.tier = decision.clauses[number].tier;
    group.clauses.push_back(number);
    SlotSpace frame = frame_of(clause.frame, request);
    BodyLowerer lowerer(views, clause.frame, frame, false, nullptr);
    lowerer.lower(clause.body, group.pipeline.steps);
    for (uint32_t slot : clause.instance) {
      group.pipeline.emit.push_back(slot_expr(slot, frame.types[slot], clause.frame.variables[slot].span));
    }
    group.slots = static_cast<uint32_t>(frame.types.size());
    group.slot_types = std::move(frame.types);
    group.slot_names = std::move(frame.names);
    return group;
  }

  const std::vector<Stratum>& strata_;
  Plan& plan_;
};

}  // namespace

Plan begin_plan(Program&& program, std::vector<Datum> params) {
  Plan plan;
  plan.schema = std::move(program.schema);
  plan.params = std::move(params);
  plan.rows = std::move(program.rows);
  plan.rows.resize(plan.schema.relations.size());
  plan.instances = std::move(program.instances);
  plan.instances.resize(plan.schema.entities.size());
  plan.rules = std::move(program.rules);
  plan.invariants = std::move(program.invariants);
  plan.decisions.reserve(program.decisions.size());
  for (Decision& decision : program.decisions) {
    std::vector<Clause> clauses = std::move(decision.clauses);
    DecisionPlan& out = plan.decisions.emplace_back();
    out.decision = std::move(decision);
    out.decision.clauses.clear();
    out.clauses.reserve(clauses.size());
    for (Clause& clause : clauses) out.clauses.push_back({std::move(clause), {}, false});
  }
  return plan;
}

Plan begin_plan(const Program& program, std::vector<Datum> params) {
  Program copy;
  copy.schema = program.schema;
  copy.rows = program.rows;
  copy.instances = program.instances;
  copy.rules = program.rules;
  copy.invariants = program.invariants;
  copy.decisions = program.decisions;
  return begin_plan(std::move(copy), std::move(params));
}

void lower(const std::vector<Stratum>& strata, Plan& plan) { Lowering(strata, plan).run(); }

}  // namespace lictor
