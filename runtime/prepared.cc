#include "runtime/prepared.h"

#include <algorithm>
#include <set>

#include "compiler/plan_walk.h"
#include "runtime/code_builder.h"

namespace lictor {
namespace {

/// Relations that a pipeline reads, those of called views included.
class Reads {
 public:
  explicit Reads(const Plan& plan) : plan_(plan) {}
  void add(const Pipeline& pipeline) {
    for (const Step& step : pipeline.steps) {
      if (step.op == StepOp::kScan) relations.insert(step.relation);
      if (step.op == StepOp::kCall && views_.insert(step.view).second) {
        for (const Pipeline& alternative : plan_.views[step.view].alternatives) add(alternative);
      }
      for (const Pipeline& body : step.bodies) add(body);
    }
  }
  std::set<uint32_t> relations;

 private:
  const Plan& plan_;
  std::set<uint32_t> views_;
};

bool loops(const Step& step) {
  switch (step.op) {
    case StepOp::kScan:
    case StepOp::kInstances:
    case StepOp::kCall:
    case StepOp::kMember:
    case StepOp::kContainers:
    case StepOp::kMembers:
      return true;
    default:
      return false;
  }
}

/// Makes a value that must be forgotten before the next evaluation.
bool makes_values(const Expr& e) {
  switch (e.op) {
    case Op::kText:
    case Op::kMakeSet:
    case Op::kMakeList:
    case Op::kMakeMap:
    case Op::kEntityId:
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
        break;
      default:
        return false;
    }
    if (makes_values(step.expr)) return false;
    for (const Arg& arg : step.args) {
      if (arg.mode == Arg::Mode::kMatch && makes_values(arg.expr)) return false;
    }
    for (const Pipeline& body : step.bodies) {
      if (!is_light(plan, body)) return false;
    }
  }
  return std::none_of(pipeline.emit.begin(), pipeline.emit.end(), makes_values);
}

/// Does the first solution have the least clause number? A table's rows stand in order of clauses.
bool ascending(const ClauseGroup& group) {
  if (!group.table) return true;
  const auto& steps = group.pipeline.steps;
  auto first = std::find_if(steps.begin(), steps.end(), loops);
  if (first == steps.end() || first->op != StepOp::kScan || first->args.empty()) return false;
  const Arg& number = first->args[0];
  const Expr& emitted = group.pipeline.emit[0];
  return number.mode == Arg::Mode::kBind && emitted.op == Op::kSlot && emitted.n == static_cast<int64_t>(number.slot);
}

class Preparer {
 public:
  explicit Preparer(const Plan& plan) : plan_(plan), out_(std::make_shared<Prepared>()) {}

  Result<std::shared_ptr<const Prepared>> run() {
    out_->request_stratum.assign(plan_.schema.relations.size(), kNoIndex);
    out_->indexes_of.resize(plan_.schema.relations.size());
    for (uint32_t i = 0; i < plan_.indexes.size(); ++i) out_->indexes_of[plan_.indexes[i].relation].push_back(i);
    for (const StratumPlan& stratum : plan_.strata) out_->strata.push_back(make(stratum));
    for (uint32_t i = 0; i < plan_.request_strata.size(); ++i) {
      for (uint32_t relation : plan_.request_strata[i].relations) out_->request_stratum[relation] = i;
    }
    for (const StratumPlan& stratum : plan_.request_strata) {
      out_->request_strata.push_back(make(stratum));
      find_reads(stratum, static_cast<uint32_t>(out_->request_strata.size() - 1));
    }
    for (const DecisionPlan& decision : plan_.decisions) out_->decisions.push_back(make(decision));
    if (too_large_) return fail(ErrorKind::kLimit, "rules that depend on the request are nested too deeply");
    return out_;
  }

 private:
  Code build(const Pipeline& pipeline, uint32_t slots, LiveRelations* live) {
    std::optional<Code> code = CodeBuilder(plan_, slots, live).build(pipeline);
    if (!code) {
      too_large_ = true;
      return {};
    }
    out_->frame = std::max(out_->frame, code->frame);
    return std::move(*code);
  }

  PreparedStratum make(const StratumPlan& stratum) {
    PreparedStratum out;
    out.relations = stratum.relations;
    out.recursive = stratum.recursive;
    LiveRelations live;
    if (stratum.recursive) live.relations = stratum.relations;
    for (const RulePlan& rule : stratum.rules) {
      PreparedRule made;
      made.rule = rule.rule;
      made.head = rule.head;
      made.full = build(rule.pipeline, rule.slots, &live);
      for (const Pipeline& delta : rule.deltas) made.deltas.push_back(build(delta, rule.slots, &live));
      out.rules.push_back(std::move(made));
    }
    out.chains = std::move(live.indexes);
    return out;
  }

  void find_reads(const StratumPlan& stratum, uint32_t number) {
    Reads reads(plan_);
    for (const RulePlan& rule : stratum.rules) {
      reads.add(rule.pipeline);
      for (const Pipeline& delta : rule.deltas) reads.add(delta);
    }
    std::set<uint32_t> before;
    for (uint32_t relation : reads.relations) {
      uint32_t other = out_->request_stratum[relation];
      if (other == kNoIndex || other >= number) continue;
      before.insert(other);
      before.insert(out_->request_strata[other].reads.begin(), out_->request_strata[other].reads.end());
    }
    out_->request_strata[number].reads.assign(before.begin(), before.end());
  }

  PreparedDecision make(const DecisionPlan& decision) {
    PreparedDecision out;
    for (const ClausePlan& clause : decision.clauses) out.can_err = out.can_err || clause.can_err;
    out.light = !out.can_err && std::all_of(decision.groups.begin(), decision.groups.end(),
                                            [&](const ClauseGroup& g) { return is_light(plan_, g.pipeline); });
    out.one_column_indexes = one_column_indexes(plan_, decision);
    for (const ClauseGroup& group : decision.groups) {
      out.groups.push_back({build(group.pipeline, group.slots, nullptr), ascending(group)});
    }
    return out;
  }

  const Plan& plan_;
  std::shared_ptr<Prepared> out_;
  bool too_large_ = false;
};

}  // namespace

Result<std::shared_ptr<const Prepared>> prepare(const Plan& plan) { return Preparer(plan).run(); }

}  // namespace lictor
