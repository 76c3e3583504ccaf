// The decision is interpreted, whatever engine runs the asker: in brief where none of its clauses can err, else in full.
#include "runtime/granted.h"

#include <cassert>

#include "runtime/combine.h"
#include "runtime/groups.h"
#include "runtime/quick.h"
#include "runtime/request.h"

namespace lictor {

/// The evaluation of one decision that is asked. Kept with the asker's and used again.
struct AskedDecision {
  AskedDecision(const EvalState& asker, uint32_t number)
      : number(number), relations(*asker.plan, *asker.prepared), frame(asker.prepared->frame) {}

  /// The first three are the asker's; what was computed for the last question is forgotten.
  void begin(EvalState& asker, const int64_t* words) {
    const Plan& plan = *asker.plan;
    fields.assign(words, words + plan.schema.requests[plan.decisions[number].decision.request].fields.size());
    for (const BoundRow& row : plan.decisions[number].bound_rows) {
      fields.push_back(bound_row(plan, number, row, words[row.field], *asker.context.snapshot));
    }
    eval.context = {asker.context.snapshot, fields.data(), asker.context.now, &eval, asker.context.steps};
    eval.exhausted = false;
    eval.plan = asker.plan;
    eval.prepared = asker.prepared;
    eval.hierarchy = asker.hierarchy;
    eval.values = asker.values;
    eval.attributes = asker.attributes;
    eval.request = &relations;
    eval.live = nullptr;
    eval.errors = &errors;
    eval.running = kNoIndex;
    eval.memory = asker.memory;
    eval.bags.close_all();
    eval.singles.clear();
    errors.clear();
    relations.reset();
  }

  const uint32_t number;
  EvalState eval;
  std::vector<int64_t> fields;
  ErrorList errors;
  RequestRelations relations;
  Instances instances;
  std::vector<int64_t> frame;
};

/// Those that one evaluation asks.
struct AskedDecisions {
  AskedDecision& of(const EvalState& asker, uint32_t number) {
    for (auto& known : all) {
      if (known->number == number) return *known;
    }
    return *all.emplace_back(std::make_unique<AskedDecision>(asker, number));
  }
  std::vector<std::unique_ptr<AskedDecision>> all;
};

namespace {

arith::Checked answer(AskedDecision& asked) {
  EvalState& eval = asked.eval;
  const PreparedDecision& prepared = eval.prepared->decisions[asked.number];
  const Decision& decision = eval.plan->decisions[asked.number].decision;
  ast::Outcome outcome = ast::Outcome::kDeny;
  if (!prepared.can_err) {
    QuickDecision quick = quick_decision(eval, asked.frame.data(), prepared, decision.default_outcome);
    outcome = static_cast<ast::Outcome>(quick.outcome);
  } else {
    interpret_groups(eval, asked.frame.data(), asked.number, asked.instances);
    if (eval.exhausted) return {0, EvalErrorKind{0}};
    DecisionResult result = combine(eval, asked.number, asked.instances);
    if (result.deciding_erred) return arith::fail(EvalErrorKind::kGranted);
    outcome = result.outcome;
  }
  return {outcome == ast::Outcome::kAllow ? 1 : 0, EvalErrorKind{0}};
}

}  // namespace

arith::Checked granted(EvalState& asker, uint32_t number, const int64_t* fields) {
  assert(asker.prepared != nullptr);  // INVARIANT: what asks a decision is evaluated at request time
  if (!asker.asked) asker.asked = std::make_shared<AskedDecisions>();
  AskedDecision& asked = asker.asked->of(asker, number);
  asked.begin(asker, fields);
  arith::Checked out = answer(asked);
  asker.context.steps = asked.eval.context.steps;
  asker.memory = asked.eval.memory;
  if (!asked.eval.exhausted) return out;
  asker.out_of_steps();
  return {0, EvalErrorKind{0}};
}

}  // namespace lictor
