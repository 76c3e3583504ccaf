// The engines keep only the place of an error. The values are found by walking the canonical rules of the relation once
// more until the same error shows.
#include "runtime/fact_error.h"

#include <algorithm>

#include "grammar/big_stack.h"
#include "runtime/body_search.h"
#include "runtime/canonical.h"
#include "runtime/decision.h"
#include "runtime/fixpoint.h"
#include "runtime/problems.h"
#include "runtime/values.h"

namespace lictor {
namespace {

class Culprit {
 public:
  Culprit(const Snapshot& facts, EvalState& state, const RawError& wanted)
      : state_(state), search_(state, facts), plan_(facts.plan()), wanted_(wanted) {}

  /// The binding of the first walk that meets the error: ", with x = 5, y = 0"; "" where the search takes too long.
  std::string text() {
    ErrorList* before = std::exchange(state_.errors, &errors_);
    for (const Rule& rule : plan_.rules) {
      if (rule.head == wanted_.relation && values_.empty()) look_in(rule);
    }
    state_.errors = before;
    return values_;
  }

 private:
  bool met() const {
    return std::any_of(errors_.all().begin(), errors_.all().end(),
                       [&](const RawError& error) { return error.kind == wanted_.kind && error.span == wanted_.span; });
  }

  void look_in(const Rule& rule) {
    errors_.clear();
    BodySearch::Frame frame(state_, rule.frame);
    auto note = [&] {
      if (values_.empty() && met()) note_values(frame);
    };
    search_.solve(
        rule.body, frame,
        [&] {
          for (const Expr& arg : rule.args) frame.eval.word(arg);
          note();
          return !values_.empty();
        },
        [&](size_t) { note(); });
  }

  void note_values(const BodySearch::Frame& frame) {
    for (size_t i = 0; i < frame.variables.size(); ++i) {
      const Variable& variable = frame.variables[i];
      if (!frame.bound[i] || variable.name.empty() || variable.name[0] == '$' || variable.name[0] == '_') continue;
      Datum value = to_datum(plan_.schema, *state_.values, variable.type, frame.eval.slots[i]);
      values_ += (values_.empty() ? ", with " : ", ") + variable.name + " = " + show_source(plan_.schema, value);
    }
  }

  EvalState& state_;
  BodySearch search_;
  const Plan& plan_;
  const RawError& wanted_;
  ErrorList errors_;
  std::string values_;
};

}  // namespace

/// A row that rules gave though another has its key: the place of its rule, and both rows.
class KeyConflict {
 public:
  KeyConflict(const Snapshot& facts, EvalState& state, uint32_t relation)
      : facts_(facts), state_(state), search_(state, facts), relation_(relation) {}

  void describe(std::string& values, Span& span) {
    const RelationDecl& decl = facts_.plan().schema.relations[relation_];
    auto rows = first_conflict(decl, facts_.rows(relation_));
    if (!rows) return;
    auto [one, other] = *rows;
    if (const Rule* rule = rule_of(other)) span = rule->span;
    values = ", which has " + text(one) + " and " + text(other);
  }

 private:
  /// The first rule that gives the row; null: it was given, or the search takes too long.
  const Rule* rule_of(uint32_t number) {
    if (number < facts_.base_rows(relation_)) return nullptr;
    const int64_t* words = facts_.rows(relation_).row(number);
    Row row(words, words + facts_.rows(relation_).arity());
    for (const Rule& rule : facts_.plan().rules) {
      if (rule.head != relation_) continue;
      BodySearch::Frame frame(state_, rule.frame);
      if (!search_.unify_head(rule, row, frame)) continue;
      if (search_.solve(rule.body, frame, [&] { return search_.makes(rule, row, frame); })) return &rule;
    }
    return nullptr;
  }

  std::string text(uint32_t number) const {
    std::string out;
    for (const Datum& value : facts_.row(relation_, number)) {
      out += (out.empty() ? "" : ", ") + show_source(facts_.plan().schema, value);
    }
    return "(" + out + ")";
  }

  const Snapshot& facts_;
  EvalState& state_;
  BodySearch search_;
  uint32_t relation_;
};

Error fact_error(const Snapshot& facts, EvalState& state, const ErrorList& errors) {
  const Plan& plan = facts.plan();
  Problems problems;
  for (const RawError& error : errors.all()) {
    std::string values;
    Span span = error.span;
    run_on_big_stack(kBigStack, [&] {
      if (error.kind == EvalErrorKind::kKey) return KeyConflict(facts, state, error.relation).describe(values, span);
      values = Culprit(facts, state, error).text();
    });
    Place place = plan.sources ? plan.sources->place(span) : Place{};
    problems.add(Diag::kFactsRule, {error_text(error.kind), plan.schema.relations[error.relation].info.name, values},
                 place);
  }
  return problems.error("the facts were refused");
}

std::optional<Error> broken_invariants(const Snapshot& facts, EvalState& state) {
  constexpr uint32_t kShown = 3;
  const Plan& plan = facts.plan();
  Problems problems;
  for (const Invariant& invariant : plan.invariants) {
    const RelationView rows = facts.rows(invariant.relation).view();
    const std::string& name = plan.schema.relations[invariant.relation].info.name;
    Place place = plan.sources ? plan.sources->place(invariant.span) : Place{};
    for (uint32_t row = 0; row < rows.count && row < kShown; ++row) {
      CanonicalEval eval(state);
      const int64_t* words = rows.rows + static_cast<size_t>(row) * rows.arity;
      eval.slots.assign(words, words + rows.arity);
      problems.add(Diag::kFactsInvariant, {name, eval.text(invariant.message).value_or("its message errs")}, place);
    }
    if (rows.count > kShown)
      problems.add(Diag::kFactsInvariant, {name, "and " + counted(rows.count - kShown, "violation") + " more"}, place);
  }
  if (!problems.any()) return std::nullopt;
  return problems.error("the facts break what the policy says of them");
}

}  // namespace lictor
