#include "runtime/coverage.h"

#include <algorithm>
#include <unordered_map>

#include "grammar/big_stack.h"
#include "runtime/body_search.h"
#include "runtime/engine_impl.h"
#include "runtime/fact_eval.h"
#include "runtime/request.h"

namespace lictor {

namespace {

/// Does the premise ask for something? `x = value` does not, nor what goes over all rows or instances that there are.
bool is_condition(const Schema& schema, const Literal& literal) {
  bool over_all = std::none_of(literal.args.begin(), literal.args.end(),
                               [](const Arg& arg) { return arg.mode == Arg::Mode::kMatch; });
  switch (literal.kind) {
    case Literal::Kind::kLet:
      return false;
    case Literal::Kind::kOr:
      return !literal.lookup;  // the value of a key, or none: that never fails
    case Literal::Kind::kInstance:
      return !over_all;
    case Literal::Kind::kAtom:
      return !over_all || schema.relations[literal.relation].time == BindingTime::kRequest;
    default:
      return true;
  }
}

}  // namespace

Coverage::Coverage(const Program& program, const std::function<bool(uint32_t file)>& wanted) {
  for (const Decision& decision : program.decisions) {
    for (const Clause& clause : decision.clauses) {
      if (wanted(clause.span.file))
        add(program.schema, clause.span, decision.info.name + "/" + clause.id, false, clause.body);
    }
  }
  for (const Rule& rule : program.rules) {
    bool fact = rule.body.literals.empty();
    if (!fact && wanted(rule.span.file))
      add(program.schema, rule.span, program.schema.relations[rule.head].info.name, true, rule.body);
  }
  std::sort(items_.begin(), items_.end(), [](const Item& a, const Item& b) {
    return std::pair(a.span.file, a.span.begin) < std::pair(b.span.file, b.span.begin);
  });
  for (size_t i = 0; i < items_.size(); ++i) by_place_.emplace(std::pair(items_[i].span.file, items_[i].span.begin), i);
}

void Coverage::add(const Schema& schema, Span span, std::string name, bool rule, const Body& body) {
  Item item{span, std::move(name), rule, false, {}};
  for (const Literal& literal : body.literals) item.premises.push_back({literal.span, is_condition(schema, literal)});
  items_.push_back(std::move(item));
}

void Coverage::add(const Coverage& other) {
  for (size_t i = 0; i < items_.size(); ++i) {
    const Item& seen = other.items_[i];
    items_[i].applied = items_[i].applied || seen.applied;
    for (size_t p = 0; p < seen.premises.size(); ++p) {
      Premise& premise = items_[i].premises[p];
      premise.held = premise.held || seen.premises[p].held;
      premise.failed = premise.failed || seen.premises[p].failed;
    }
  }
}

Coverage::Item* Coverage::find(Span span) {
  auto found = by_place_.find({span.file, span.begin});
  return found == by_place_.end() ? nullptr : &items_[found->second];
}

/// Writes down what a search tells of the bodies that are followed.
class CoverageWatcher : public BodySearch::Watcher {
 public:
  CoverageWatcher(Coverage& coverage, const Plan& plan, uint32_t decision) {
    auto follow = [&](Span span, const Body& body) {
      Coverage::Item* item = coverage.find(span);
      if (item != nullptr && item->premises.size() == body.literals.size()) items_.emplace(&body, item);
    };
    for (const Rule& rule : plan.rules) follow(rule.span, rule.body);
    if (decision == kNoIndex) return;
    for (const ClausePlan& clause : plan.decisions[decision].clauses) follow(clause.clause.span, clause.clause.body);
  }

  void failed(const Body& body, size_t literal) override {
    auto found = items_.find(&body);
    if (found == items_.end()) return;
    hold(*found->second, literal);
    found->second->premises[literal].failed = true;
  }
  void held(const Body& body) override {
    auto found = items_.find(&body);
    if (found == items_.end()) return;
    hold(*found->second, found->second->premises.size());
    found->second->applied = true;
  }

 private:
  static void hold(Coverage::Item& item, size_t count) {
    for (size_t i = 0; i < count; ++i) item.premises[i].held = true;
  }
  std::unordered_map<const Body*, Coverage::Item*> items_;
};

namespace {

constexpr uint64_t kMostSteps = 1'000'000;  // of one look

void walk(BodySearch& search, EvalState& state, const lictor::Frame& variables, const Body& body) {
  BodySearch::Frame frame(state, variables);
  search.solve(body, frame, [] { return false; });
}

bool is_kept_per_request(const Plan& plan, uint32_t relation) {
  return std::any_of(plan.request_strata.begin(), plan.request_strata.end(), [&](const StratumPlan& stratum) {
    return std::find(stratum.relations.begin(), stratum.relations.end(), relation) != stratum.relations.end();
  });
}

}  // namespace

void Coverage::see_facts(const Engine& engine) {
  std::shared_ptr<const Snapshot> snapshot = engine.snapshot();
  const Plan& plan = snapshot->plan();
  FactEval facts(engine, *snapshot);
  CoverageWatcher watcher(*this, plan, kNoIndex);
  run_on_big_stack(kBigStack, [&] {
    BodySearch search(facts.state, *snapshot);
    search.watcher = &watcher;
    search.most_steps = kMostSteps;
    for (const Rule& rule : plan.rules) {
      if (plan.schema.relations[rule.head].time != BindingTime::kRequest)
        walk(search, facts.state, rule.frame, rule.body);
    }
  });
}

void Coverage::see(Engine& engine, BoundRequest& request, int64_t now) {
  engine.evaluate(request, now);  // resolves the request against the newest facts
  BoundRequest::State& state = request.state();
  if (!state.broken.empty()) return;
  const Plan& plan = *state.plan;
  CoverageWatcher watcher(*this, plan, state.decision);
  run_on_big_stack(kBigStack, [&] {
    state.begin(now, engine.impl().options.limits);
    BodySearch search(state.eval, *state.snapshot);
    search.watcher = &watcher;
    search.most_steps = kMostSteps;
    for (const ClausePlan& clause : plan.decisions[state.decision].clauses) {
      walk(search, state.eval, clause.clause.frame, clause.clause.body);
    }
    for (const Rule& rule : plan.rules) {
      if (is_kept_per_request(plan, rule.head)) walk(search, state.eval, rule.frame, rule.body);
    }
  });
}

CoverageFigures& CoverageFigures::operator+=(const CoverageFigures& other) {
  clauses += other.clauses, applied_clauses += other.applied_clauses;
  rules += other.rules, applied_rules += other.applied_rules;
  conditions += other.conditions, seen_conditions += other.seen_conditions;
  return *this;
}

void CoverageFigures::add(const Coverage& coverage) {
  for (const Coverage::Item& item : coverage.items()) {
    ++(item.rule ? rules : clauses);
    (item.rule ? applied_rules : applied_clauses) += item.applied ? 1 : 0;
    for (const Coverage::Premise& premise : item.premises) {
      if (!premise.condition) continue;
      conditions += 2;
      seen_conditions += (premise.held ? 1 : 0) + (premise.failed ? 1 : 0);
    }
  }
}

}  // namespace lictor
