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
  Code build(const Pipeline& pipeline, uint32_t slots, LiveRelations* live, const DecisionPlan* decision) {
    std::optional<Code> code = CodeBuilder(plan_, slots, live, decision).build(pipeline);
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
      made.full = build(rule.pipeline, rule.slots, &live, nullptr);
      for (const Pipeline& delta : rule.deltas) made.deltas.push_back(build(delta, rule.slots, &live, nullptr));
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
    for (const ClausePlan& clause : decision.clauses) {
      out.can_err = out.can_err || (clause.can_err && clause.mode == Mode::kEnforce);
    }
    each_root_of_default(decision.decision, [&](const Expr& expr) { out.can_err = out.can_err || errs(expr); });
    out.one_column_indexes = one_column_indexes(plan_, decision);
    for (const ClauseGroup& group : decision.groups) {
      PreparedGroup& made = out.groups.emplace_back();
      made.code = build(group.pipeline, group.slots, nullptr, &decision);
      made.ascending = ascending(group);
      made.table = group.table;
      made.first = static_cast<int32_t>(group.clauses.front());
      made.outcome = group.outcome;
      made.passes_denies = passes_denies(group);
      made.rank = rank_of(place_of(group));
      if (!group.observed) out.deciding = out.groups.size();
    }
    for (size_t i = 0; i < out.groups.size(); ++i) {
      out.groups[i].ends_level =
          i + 1 == out.groups.size() || place_of(decision.groups[i]) != place_of(decision.groups[i + 1]);
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
