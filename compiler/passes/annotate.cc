// What backends want to know without looking: which pipelines can err or have one solution at most, what each clause
// reads that can err, and what a decision needs before its clauses are asked.
#include <algorithm>

#include "compiler/passes/passes.h"
#include "compiler/plan_walk.h"

namespace lictor {
namespace {

void annotate_pipeline(const Plan& plan, Pipeline& pipeline) {
  pipeline.single = true;
  for (Step& step : pipeline.steps) {
    for (Pipeline& body : step.bodies) {
      annotate_pipeline(plan, body);
      for (const Expr& expr : step.tuple) body.can_err = body.can_err || errs(expr);
    }
    pipeline.single = pipeline.single && is_single(plan, step);
  }
  pipeline.can_err = can_err(plan, pipeline);
}

/// `asks`: is set where a decision is asked.
bool reads_now(const Plan& plan, const Expr& root, bool& asks) {
  return any_node(root, [&](const Expr& node) {
    asks = asks || node.op == Op::kGranted;
    return node.op == Op::kNow || (node.op == Op::kGranted && plan.decisions[static_cast<size_t>(node.n)].uses_now);
  });
}

/// Makes a value that must be forgotten before the next evaluation, or is an evaluation of its own.
bool makes_values(const Expr& e) {
  switch (e.op) {
    case Op::kGranted:
    case Op::kText:
    case Op::kMakeSet:
    case Op::kMakeList:
    case Op::kMakeMap:
    case Op::kMakeRecord:
    case Op::kEntityId:
    case Op::kLower:
    case Op::kUpper:
    case Op::kTrim:
    case Op::kSubstring:
    case Op::kReplace:
    case Op::kConcat:
    case Op::kSplit:
    case Op::kJoin:
    case Op::kSetUnion:
    case Op::kSetIntersect:
    case Op::kSetMinus:
      return true;
    default:
      return std::any_of(e.args.begin(), e.args.end(), makes_values);
  }
}

/// Leaves nothing behind in the evaluation's state: stored rows, tests and plain words only.
bool is_light(const Plan& plan, const Pipeline& pipeline) {
  for (const Step& step : pipeline.steps) {
    switch (step.op) {
      case StepOp::kScan:
        if (plan.schema.relations[step.relation].time == BindingTime::kRequest) return false;
        break;
      case StepOp::kInstances:
      case StepOp::kMember:
      case StepOp::kFilter:
      case StepOp::kLet:
      case StepOp::kSome:
      case StepOp::kAny:
      case StepOp::kLookup:
        break;
      default:
        return false;
    }
    if (makes_values(step.expr)) return false;
    for (const Arg& arg : step.args) {
      if (arg.mode == Arg::Mode::kMatch && makes_values(arg.expr)) return false;
    }
    if (std::any_of(step.tuple.begin(), step.tuple.end(), makes_values)) return false;
    for (const Pipeline& body : step.bodies) {
      if (!is_light(plan, body)) return false;
    }
  }
  return std::none_of(pipeline.emit.begin(), pipeline.emit.end(), makes_values);
}

/// Finds the rows that fields name by themselves: as the key of a table, or as an entity whose attributes are read.
class BoundRows {
 public:
  BoundRows(const Plan& plan, DecisionPlan& decision) : plan_(plan), decision_(decision) {
    decision.bound_rows.clear();
  }
  void find(const Pipeline& pipeline) {
    each_step(pipeline, [&](const Step& step) { find(step); });
    each_plan_root(pipeline, [&](const Expr& root) { each_node(root, [&](const Expr& node) { attribute(node); }); });
  }

 private:
  void find(const Step& step) {
    if (step.op != StepOp::kScan || step.index == kNoIndex) return;
    const Index& index = plan_.indexes[step.index];
    bool on_request = plan_.schema.relations[step.relation].time == BindingTime::kRequest;
    if (on_request || !index.unique || index.columns.size() != 1) return;
    const Expr& key = step.args[index.columns[0]].expr;
    if (key.op == Op::kField) add({static_cast<uint32_t>(key.n), step.index});
  }
  void attribute(const Expr& node) {
    if (node.op != Op::kAttr || node.args[0].op != Op::kField) return;
    const Type& type = plan_.schema.types[base_type(plan_.schema, node.args[0].type)];
    if (type.kind != TypeKind::kEntity) return;
    const FieldDecl& attribute = plan_.schema.entities[type.decl].attributes[static_cast<size_t>(node.n)];
    if (!attribute.from_request) add({static_cast<uint32_t>(node.args[0].n), kNoIndex});
  }
  void add(BoundRow row) {
    auto& rows = decision_.bound_rows;
    if (rows.size() < kMost && std::find(rows.begin(), rows.end(), row) == rows.end()) rows.push_back(row);
  }

  static constexpr size_t kMost = 64;  // rows beyond are looked up by each decision
  const Plan& plan_;
  DecisionPlan& decision_;
};

/// What reading a relation of request time leads to.
struct Reach {
  std::vector<uint32_t> relations;  // of request time, itself included, ascending
  bool now = false;
  bool done = false;
};

class Annotator {
 public:
  explicit Annotator(Plan& plan) : plan_(plan), reach_(plan.schema.relations.size()) {
    reads_.resize(reach_.size());
    now_.resize(reach_.size());
    stratum_of_.assign(reach_.size(), kNoIndex);
    for (uint32_t i = 0; i < plan.request_strata.size(); ++i) {
      for (uint32_t relation : plan.request_strata[i].relations) stratum_of_[relation] = i;
    }
    for (const Rule& rule : plan.rules) {
      if (!at_request_time(rule.head)) continue;
      add_reads(rule.body, reads_[rule.head]);
      each_root_of_rule(rule,
                        [&](const Expr& root) { now_[rule.head] = now_[rule.head] || reads_now(plan, root, asks_); });
    }
  }

  bool asks() const { return asks_; }

  void decision(DecisionPlan& decision) {
    decision.uses_now = false;
    each_root_of_default(decision.decision,
                         [&](const Expr& e) { decision.uses_now = decision.uses_now || reads_now(plan_, e, asks_); });
    std::vector<bool> strata(plan_.request_strata.size());
    for (ClausePlan& clause : decision.clauses) this->clause(clause, decision, strata);
    decision.request_strata.clear();
    for (uint32_t i = 0; i < strata.size(); ++i) {
      if (strata[i]) decision.request_strata.push_back(i);
    }
    decision.max_instance = 0;
    // What is only observed, or gives the value of a yield, is not looked at where outcome and clause alone are wanted.
    decision.light = std::none_of(decision.clauses.begin(), decision.clauses.end(), [](const ClausePlan& clause) {
      return clause.mode == Mode::kEnforce && clause.can_err;
    });
    BoundRows bound(plan_, decision);
    for (const ClauseGroup& group : decision.groups) {
      decision.light = decision.light && (group.observed || is_light(plan_, group.pipeline));
      bound.find(group.pipeline);
      auto words = static_cast<uint32_t>(group.pipeline.emit.size()) - (group.table ? 1 : 0);
      decision.max_instance = std::max(decision.max_instance, words);
    }
  }

 private:
  bool at_request_time(uint32_t relation) const {
    return plan_.schema.relations[relation].time == BindingTime::kRequest;
  }

  void add_reads(const Body& body, std::vector<uint32_t>& out) const {
    each_literal_in(body, [&](const Literal& literal) {
      if (literal.kind == Literal::Kind::kAtom && at_request_time(literal.relation)) out.push_back(literal.relation);
    });
  }

  /// A walk of its own for each relation that clauses read: without recursion, whatever the rules look like.
  const Reach& reach(uint32_t relation) {
    Reach& out = reach_[relation];
    if (out.done) return out;
    std::vector<bool> seen(reach_.size());
    std::vector<uint32_t> open{relation};
    seen[relation] = true;
    while (!open.empty()) {
      uint32_t at = open.back();
      open.pop_back();
      out.relations.push_back(at);
      out.now = out.now || now_[at];
      for (uint32_t next : reads_[at]) {
        if (!seen[next]) open.push_back(next);
        seen[next] = true;
      }
    }
    std::sort(out.relations.begin(), out.relations.end());
    out.done = true;
    return out;
  }

  void clause(ClausePlan& clause, DecisionPlan& decision, std::vector<bool>& strata) {
    each_root_of_clause(clause.clause,
                        [&](const Expr& e) { decision.uses_now = decision.uses_now || reads_now(plan_, e, asks_); });
    std::vector<uint32_t> direct;
    add_reads(clause.clause.body, direct);
    clause.mentions.clear();
    for (uint32_t relation : direct) {
      const Reach& reached = reach(relation);
      decision.uses_now = decision.uses_now || reached.now;
      for (uint32_t r : reached.relations) {
        if (stratum_of_[r] != kNoIndex) strata[stratum_of_[r]] = true;
        if (plan_.erring[r]) clause.mentions.push_back(r);
      }
    }
    std::sort(clause.mentions.begin(), clause.mentions.end());
    clause.mentions.erase(std::unique(clause.mentions.begin(), clause.mentions.end()), clause.mentions.end());
    clause.can_err = clause.clause.can_err || !clause.mentions.empty();
  }

  Plan& plan_;
  bool asks_ = false;                         // some rule or clause asks a decision
  std::vector<Reach> reach_;                  // by relation
  std::vector<std::vector<uint32_t>> reads_;  // by relation: of request time
  std::vector<bool> now_;                     // by relation
  std::vector<uint32_t> stratum_of_;          // by relation
};

}  // namespace

void annotate(Plan& plan) {
  // views call views: a caller's flags need the callee's, so until nothing changes
  for (bool changed = true; changed;) {
    changed = false;
    for (View& view : plan.views) {
      for (Pipeline& alternative : view.alternatives) {
        bool single = alternative.single;
        bool errs = alternative.can_err;
        annotate_pipeline(plan, alternative);
        changed = changed || single != alternative.single || errs != alternative.can_err;
      }
    }
  }
  each_pipeline(plan, [&](Pipeline& pipeline) { annotate_pipeline(plan, pipeline); });
  // A decision asks one that may stand behind it, and rules ask decisions: until nothing changes.
  for (bool changed = true; changed;) {
    changed = false;
    Annotator annotator(plan);
    for (DecisionPlan& decision : plan.decisions) {
      bool uses_now = decision.uses_now;
      annotator.decision(decision);
      changed = changed || uses_now != decision.uses_now;
    }
    changed = changed && annotator.asks();
  }
}

}  // namespace lictor
