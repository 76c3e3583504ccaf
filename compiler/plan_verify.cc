// The verifier: facts, indexes, strata, views and clause groups; verify_pipeline.cc looks into pipelines.
#include <algorithm>

#include "compiler/plan.h"
#include "compiler/plan_walk.h"
#include "compiler/verify_pipeline.h"

namespace lictor {
namespace {

constexpr size_t kMostFindings = 50;

class Verifier {
 public:
  explicit Verifier(const Plan& plan) : plan_(plan), pipelines_(plan, findings_) {}

  std::vector<std::string> run() {
    facts();
    indexes();
    if (!findings_.empty()) return std::move(findings_);
    if (!view_calls_end()) return std::move(findings_);
    for (size_t i = 0; i < plan_.strata.size(); ++i) stratum(i, plan_.strata[i], false);
    for (size_t i = 0; i < plan_.request_strata.size(); ++i) stratum(i, plan_.request_strata[i], true);
    for (const View& view : plan_.views) this->view(view);
    for (const DecisionPlan& decision : plan_.decisions) this->decision(decision);
    if (findings_.size() > kMostFindings) findings_.resize(kMostFindings);
    return std::move(findings_);
  }

 private:
  void find(const std::string& where, const std::string& what) { findings_.push_back(where + ": " + what); }

  bool at_request_time(uint32_t relation) const {
    return plan_.schema.relations[relation].time == BindingTime::kRequest;
  }

  void facts() {
    size_t relations = plan_.schema.relations.size();
    if (plan_.params.size() != plan_.schema.params.size()) find("params", "not one value for each parameter");
    if (plan_.instances.size() != plan_.schema.entities.size()) find("instances", "not one list for each entity type");
    if (!plan_.erring.empty() && plan_.erring.size() != relations) find("erring", "not one flag for each relation");
    if (plan_.rows.size() != relations) return find("rows", "not one list for each relation");
    for (uint32_t r = 0; r < relations; ++r) {
      const RelationDecl& relation = plan_.schema.relations[r];
      for (const FactRow& row : plan_.rows[r]) {
        if (row.values.size() == relation.columns.size()) continue;
        find("rows of " + relation.info.name, "a row of " + std::to_string(row.values.size()) + " values");
        break;
      }
    }
  }

  void indexes() {
    for (size_t i = 0; i < plan_.indexes.size(); ++i) {
      const Index& index = plan_.indexes[i];
      std::string where = "index " + std::to_string(i);
      if (index.relation >= plan_.schema.relations.size()) {
        find(where, "no such relation");
        continue;
      }
      const RelationDecl& relation = plan_.schema.relations[index.relation];
      bool ascending = std::is_sorted(index.columns.begin(), index.columns.end(), std::less_equal<>());
      if (index.columns.empty() || !ascending) find(where, "its columns are not ascending");
      if (!index.columns.empty() && index.columns.back() >= relation.columns.size()) find(where, "no such column");
      if (index.unique != is_unique(relation, index.columns)) find(where, "wrong about being unique");
    }
  }

  /// Views call views, but never in a circle. Without recursion: peels off views whose callees are all peeled off.
  bool view_calls_end() {
    std::vector<std::vector<uint32_t>> callers(plan_.views.size());
    std::vector<uint32_t> waiting(plan_.views.size());
    for (uint32_t v = 0; v < plan_.views.size(); ++v) {
      for (const Pipeline& alternative : plan_.views[v].alternatives) {
        each_step(alternative, [&](const Step& step) {
          if (step.op != StepOp::kCall || step.view >= plan_.views.size()) return;
          callers[step.view].push_back(v);
          ++waiting[v];
        });
      }
    }
    std::vector<uint32_t> ready;
    for (uint32_t v = 0; v < waiting.size(); ++v) {
      if (waiting[v] == 0) ready.push_back(v);
    }
    for (size_t i = 0; i < ready.size(); ++i) {
      for (uint32_t caller : callers[ready[i]]) {
        if (--waiting[caller] == 0) ready.push_back(caller);
      }
    }
    if (ready.size() == waiting.size()) return true;
    find("views", "call each other in a circle");
    return false;
  }

  /// What a pipeline of request time may read: facts, and what request strata compute.
  std::vector<bool> request_readable() const {
    std::vector<bool> readable(plan_.schema.relations.size());
    for (uint32_t r = 0; r < readable.size(); ++r) readable[r] = !at_request_time(r);
    for (const StratumPlan& stratum : plan_.request_strata) {
      for (uint32_t relation : stratum.relations) readable[relation] = true;
    }
    return readable;
  }

  /// The same for a rule: of computed relations only those of earlier strata, and of its own where it is recursive.
  std::vector<bool> stratum_readable(size_t number, bool request) const {
    std::vector<bool> readable(plan_.schema.relations.size());
    for (uint32_t r = 0; r < readable.size(); ++r) readable[r] = !at_request_time(r);
    const auto& strata = request ? plan_.request_strata : plan_.strata;
    for (size_t i = 0; i < strata.size(); ++i) {
      bool before = i < number || (i == number && strata[i].recursive);
      for (uint32_t relation : strata[i].relations) readable[relation] = before;
    }
    return readable;
  }

  void frame(const std::string& where, uint32_t slots, const std::vector<TypeId>& types,
             const std::vector<std::string>& names) {
    if (types.size() != slots || names.size() != slots) find(where, "not one type and name for each slot");
  }

  void stratum(size_t number, const StratumPlan& stratum, bool request) {
    std::string where = std::string(request ? "request stratum " : "stratum ") + std::to_string(number);
    for (uint32_t relation : stratum.relations) {
      if (relation >= plan_.schema.relations.size()) return find(where, "no such relation");
      if (at_request_time(relation) != request) find(where, "a relation of another time");
    }
    std::vector<bool> readable = stratum_readable(number, request);
    for (const RulePlan& rule : stratum.rules) this->rule(where, stratum, rule, readable, request);
  }

  void rule(const std::string& stratum_where, const StratumPlan& stratum, const RulePlan& rule,
            const std::vector<bool>& readable, bool request) {
    std::string where = stratum_where + ", rule " + std::to_string(rule.rule);
    if (rule.rule >= plan_.rules.size()) return find(where, "no such rule");
    if (rule.head != plan_.rules[rule.rule].head) return find(where, "the head is another than the rule's");
    bool of_stratum = std::count(stratum.relations.begin(), stratum.relations.end(), rule.head) != 0;
    if (!of_stratum) find(where, "the head is not of this stratum");
    frame(where, rule.slots, rule.slot_types, rule.slot_names);
    if (!stratum.recursive && !rule.deltas.empty()) find(where, "deltas without recursion");
    PipelineScope scope{where,   rule.slots, &rule.slot_types, 0, plan_.schema.relations[rule.head].request,
                        request, false,      readable};
    emits(rule.pipeline, scope, plan_.schema.relations[rule.head].columns);
    pipelines_.check(rule.pipeline, scope);
    if (deltas_in(plan_, rule.pipeline) != 0) find(where, "reads new rows in the full pipeline");
    scope.may_delta = true;
    for (const Pipeline& delta : rule.deltas) {
      scope.where = where + ", delta";
      emits(delta, scope, plan_.schema.relations[rule.head].columns);
      pipelines_.check(delta, scope);
      if (deltas_in(plan_, delta) != 1) find(scope.where, "does not read new rows at one place");
    }
  }

  void emits(const Pipeline& pipeline, const PipelineScope& scope, const std::vector<FieldDecl>& columns) {
    if (pipeline.emit.size() != columns.size()) {
      find(scope.where,
           "emits " + std::to_string(pipeline.emit.size()) + " words for " + std::to_string(columns.size()));
    }
  }

  void view(const View& view) {
    std::string where = "view " + view.name;
    frame(where, view.slots, view.slot_types, view.slot_names);
    if (view.inputs > view.slots) find(where, "more inputs than slots");
    bool anonymous = view.name.starts_with("$or");
    // an `or` of a rule of fact time reads what that rule may; its callers are checked for what they read
    PipelineScope scope{where,        view.slots, &view.slot_types, view.inputs,
                        view.request, true,       anonymous,        request_readable()};
    for (const Pipeline& alternative : view.alternatives) {
      if (alternative.emit.size() != view.outputs) find(where, "emits another number of words than it says");
      pipelines_.check(alternative, scope);
      if (alternative.can_err && !anonymous) find(where, "can err");
    }
  }

  void decision(const DecisionPlan& decision) {
    std::string where = "decision " + decision.decision.info.name;
    std::vector<bool> grouped(decision.clauses.size());
    uint64_t last = 0;
    for (size_t i = 0; i < decision.groups.size(); ++i) {
      const ClauseGroup& group = decision.groups[i];
      if (place_of(group) < last) find(where, "groups out of order");
      last = place_of(group);
      this->group(where + ", group " + std::to_string(i), decision, group, grouped);
    }
    needs(where, decision);
  }

  void group(const std::string& where, const DecisionPlan& decision, const ClauseGroup& group,
             std::vector<bool>& grouped) {
    if (!std::is_sorted(group.clauses.begin(), group.clauses.end(), std::less_equal<>()))
      find(where, "clauses not ascending");
    if (group.clauses.empty()) return find(where, "has no clause");
    for (uint32_t number : group.clauses) {
      if (number >= decision.clauses.size()) return find(where, "no such clause");
      const Clause& clause = decision.clauses[number].clause;
      if (grouped[number]) find(where, "clause " + clause.id + " stands in two groups");
      grouped[number] = true;
      if (clause.outcome != group.outcome || clause.is_override != group.is_override) {
        find(where, "clause " + clause.id + " has another outcome");
      }
      if (group.pipeline.emit.size() != clause.instance.size() + (group.table ? 1 : 0)) {
        find(where, "emits another number of words than clause " + clause.id + " has");
      }
    }
    frame(where, group.slots, group.slot_types, group.slot_names);
    pipelines_.check(group.pipeline, {where, group.slots, &group.slot_types, 0, decision.decision.request, true, false,
                                      request_readable()});
    if (group.table) return table(where, group);
    if (group.clauses.size() != 1) find(where, "clauses without a table");
  }

  /// One scan of a synthetic relation whose column 0 is emitted first, with rows for its clauses alone.
  void table(const std::string& where, const ClauseGroup& group) {
    const Step* scan = nullptr;
    size_t scans = 0;
    for (const Step& step : group.pipeline.steps) {
      if (step.op != StepOp::kScan || !plan_.schema.relations[step.relation].synthetic) continue;
      scan = &step;
      ++scans;
    }
    if (scans != 1) return find(where, "does not read one table");
    const Expr& number = group.pipeline.emit[0];
    bool numbered = scan->args[0].mode == Arg::Mode::kBind && number.op == Op::kSlot &&
                    static_cast<uint32_t>(number.n) == scan->args[0].slot;
    if (!numbered) find(where, "does not emit the number of the clause");
    std::vector<uint32_t> clauses;
    for (const FactRow& row : plan_.rows[scan->relation]) clauses.push_back(static_cast<uint32_t>(row.values[0].n));
    std::sort(clauses.begin(), clauses.end());
    clauses.erase(std::unique(clauses.begin(), clauses.end()), clauses.end());
    bool known = std::includes(group.clauses.begin(), group.clauses.end(), clauses.begin(), clauses.end());
    if (!known) find(where, "the table has a clause that is not the group's");
  }

  /// What annotate() says of a decision covers what its groups do.
  void needs(const std::string& where, const DecisionPlan& decision) {
    std::vector<bool> listed(plan_.request_strata.size());
    for (uint32_t stratum : decision.request_strata) {
      if (stratum >= listed.size()) return find(where, "no such request stratum");
      listed[stratum] = true;
    }
    if (!std::is_sorted(decision.request_strata.begin(), decision.request_strata.end()))
      find(where, "request strata out of order");
    std::vector<bool> needed(plan_.schema.relations.size());
    bool now = false;
    for (const ClauseGroup& group : decision.groups) {
      collect(group.pipeline, needed, now);
      size_t words = group.pipeline.emit.size() - (group.table ? 1 : 0);
      if (words > decision.max_instance) find(where, "an instance of more words than max_instance");
    }
    if (now && !decision.uses_now) find(where, "uses `now` and does not say so");
    for (size_t i = 0; i < listed.size(); ++i) {
      for (uint32_t relation : plan_.request_strata[i].relations) {
        if (needed[relation] && !listed[i]) find(where, "does not list request stratum " + std::to_string(i));
      }
    }
    for (const ClausePlan& clause : decision.clauses) mentions(where, clause);
    for (const BoundRow& row : decision.bound_rows) bound_row(where, decision, row);
  }

  void bound_row(const std::string& where, const DecisionPlan& decision, const BoundRow& row) {
    const auto& fields = plan_.schema.requests[decision.decision.request].fields;
    if (row.field >= fields.size()) return find(where, "a bound row of no field");
    if (row.index == kNoIndex) {
      TypeId type = base_type(plan_.schema, fields[row.field].type);
      if (plan_.schema.types.kind(type) != TypeKind::kEntity) find(where, "a bound row of a field that is no entity");
      return;
    }
    if (row.index >= plan_.indexes.size()) return find(where, "a bound row in no index");
    const Index& index = plan_.indexes[row.index];
    bool on_request = plan_.schema.relations[index.relation].time == BindingTime::kRequest;
    if (!index.unique || index.columns.size() != 1 || on_request) find(where, "a bound row in an index that has none");
  }

  void mentions(const std::string& where, const ClausePlan& clause) {
    for (uint32_t relation : clause.mentions) {
      bool erring = relation < plan_.erring.size() && plan_.erring[relation];
      if (!erring) find(where, "clause " + clause.clause.id + " mentions a relation that cannot err");
    }
    if (!clause.mentions.empty() && !clause.can_err)
      find(where, "clause " + clause.clause.id + " can err and does not say so");
  }

  void collect(const Pipeline& pipeline, std::vector<bool>& needed, bool& now) const {
    each_plan_root(pipeline, [&](const Expr& root) {
      now = now || any_node(root, [&](const Expr& node) {
              bool asks = node.op == Op::kGranted && static_cast<size_t>(node.n) < plan_.decisions.size();
              return node.op == Op::kNow || (asks && plan_.decisions[static_cast<size_t>(node.n)].uses_now);
            });
    });
    each_step(pipeline, [&](const Step& step) {
      if (step.op == StepOp::kScan && step.relation < needed.size()) needed[step.relation] = true;
      if (step.op != StepOp::kCall || step.view >= plan_.views.size()) return;
      for (const Pipeline& alternative : plan_.views[step.view].alternatives) collect(alternative, needed, now);
    });
  }

  const Plan& plan_;
  std::vector<std::string> findings_;
  PipelineVerifier pipelines_;
};

}  // namespace

std::vector<std::string> verify(const Plan& plan) { return Verifier(plan).run(); }

}  // namespace lictor
