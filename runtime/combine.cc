// Levels stand as place_of() has them; by default override deny, require, allow, then plain deny, require, allow. The first
// deny or allow decides, an allow to *require* where an unmet require of a level before it is pending. At the end stands the
// default. A clause that erred counts as one deny where it is a deny or a require, and not at all where it is an allow.
#include "runtime/combine.h"

#include <algorithm>
#include <cassert>
#include <map>
#include <tuple>

#include "compiler/plan_walk.h"
#include "runtime/canonical.h"
#include "runtime/values.h"

namespace lictor {
namespace {

using ast::Outcome;

/// A clause instance that applies, with all that it may contribute.
struct Applied {
  Instance shown;
  std::vector<int64_t> words;
  std::vector<AppliedSignature> requirements, meanwhile, then;
};

class Combiner {
 public:
  Combiner(EvalState& state, uint32_t number, const Instances& instances)
      : state_(state),
        schema_(state.plan->schema),
        plan_(state.plan->decisions[number]),
        instances_(instances),
        eval_(state) {}

  DecisionResult run() {
    collect();
    decide();
    list_others();
    std::ranges::sort(yields_, {}, &decltype(yields_)::value_type::first);
    for (auto& [clause, value] : yields_) out_.yields.push_back(std::move(value));
    auto is_change = [](const AppliedSignature& one) { return one.verb != Verb::kEmit; };
    std::ranges::copy_if(out_.obligations, std::back_inserter(out_.changes), is_change);
    std::erase_if(out_.obligations, is_change);
    std::sort(out_.errors.begin(), out_.errors.end(), [](const EvalError& a, const EvalError& b) {
      return std::tuple(a.span.file, a.span.begin, a.span.end, a.kind, std::string_view(a.where)) <
             std::tuple(b.span.file, b.span.begin, b.span.end, b.kind, std::string_view(b.where));
    });
    return std::move(out_);
  }

 private:
  using Level = std::vector<Applied>;
  struct Place {
    Outcome outcome = Outcome::kDeny;
    Level applied;
  };
  Level& level(uint32_t clause, bool erred) {
    Place& place = levels_[place_of(plan_, clause, erred)];
    place.outcome = erred ? Outcome::kDeny : plan_.clauses[clause].clause.outcome;
    return place.applied;
  }

  // ---- what applied -------------------------------------------------------------------------------------------------

  /// Clause by clause in source order, each clause's instances by their values.
  void collect() {
    auto all = instances_.all();
    std::sort(all.begin(), all.end(), [&](const auto& a, const auto& b) { return before(a, b); });
    size_t next = 0;
    std::vector<uint32_t> erring;
    for (const auto& one : instances_.erring()) erring.push_back(one.clause);
    std::sort(erring.begin(), erring.end());
    size_t next_erring = 0;
    while (next < all.size() || next_erring < erring.size()) {
      uint32_t clause = next < all.size() ? all[next].clause : UINT32_MAX;
      if (next_erring < erring.size()) clause = std::min(clause, erring[next_erring]);
      size_t end = next;
      while (end < all.size() && all[end].clause == clause) ++end;
      ErrorList errors;
      if (next_erring < erring.size() && erring[next_erring] == clause) {
        ++next_erring;
        errors = errors_of(clause);
      }
      add_clause(clause, {all.data() + next, all.data() + end}, std::move(errors));
      next = end;
    }
  }

  bool before(const Instances::One& a, const Instances::One& b) const {
    if (a.clause != b.clause) return a.clause < b.clause;
    const Clause& clause = plan_.clauses[a.clause].clause;
    auto x = instances_.words(a);
    auto y = instances_.words(b);
    for (size_t i = 0; i < x.size(); ++i) {
      TypeId type = clause.frame.variables[clause.instance[i]].type;
      int order = compare_words(schema_, *state_.values, type, x[i], y[i]);
      if (order != 0) return order < 0;
    }
    return false;
  }

  const ErrorList& errors_of(uint32_t clause) const {
    for (const auto& one : instances_.erring()) {
      if (one.clause == clause) return one.errors;
    }
    assert(false);  // INVARIANT: asked for erring clauses only
    return instances_.erring().front().errors;
  }

  /// `errors`: of its body. Those of what its instances say come on top: the decision lists all.
  void add_clause(uint32_t number, std::span<const Instances::One> found, ErrorList errors) {
    const Clause& clause = plan_.clauses[number].clause;
    state_.errors = &errors;
    Level applied;
    for (const Instances::One& one : found) applied.push_back(make(number, clause, instances_.words(one)));
    if (!errors.empty()) return add_erring(number, errors);
    if (applied.empty()) return;
    Level& into = level(number, false);
    std::move(applied.begin(), applied.end(), std::back_inserter(into));
  }

  Applied make(uint32_t number, const Clause& clause, std::span<const int64_t> words) {
    Applied out;
    out.words.assign(words.begin(), words.end());
    out.shown.clause = static_cast<int32_t>(number);
    out.shown.id = clause.id;
    out.shown.outcome = clause.outcome;
    out.shown.is_override = clause.is_override;
    out.shown.mode = plan_.clauses[number].mode;
    eval_.slots.assign(clause.frame.variables.size(), kNoneWord);
    for (size_t i = 0; i < words.size(); ++i) {
      const Variable& variable = clause.frame.variables[clause.instance[i]];
      eval_.slots[clause.instance[i]] = words[i];
      out.shown.bindings.emplace_back(variable.name, to_datum(schema_, *state_.values, variable.type, words[i]));
    }
    if (auto reason = eval_.text(clause.message)) out.shown.reason = std::move(*reason);
    out.requirements = apply(clause.requirements, schema_.requirements);
    out.meanwhile = apply(clause.meanwhile, schema_.obligations);
    out.then = apply(clause.then, schema_.obligations);
    return out;
  }

  std::vector<AppliedSignature> apply(const std::vector<Application>& list, const std::vector<SignatureDecl>& decls) {
    std::vector<AppliedSignature> out;
    for (const Application& application : list) {
      bool change = application.verb != Verb::kEmit;
      const RelationDecl* relation = change ? &schema_.relations[application.signature] : nullptr;
      const SignatureDecl* decl = change ? nullptr : &decls[application.signature];
      AppliedSignature applied{
          change ? relation->info.name : decl->info.name, {}, !change && decl->blocking, application.verb};
      const std::vector<FieldDecl>& params = change ? relation->columns : decl->params;
      for (size_t i = 0; i < application.args.size(); ++i) {
        if (i < application.any.size() && application.any[i]) continue;
        if (auto value = eval_.datum(application.args[i])) applied.args.emplace_back(params[i].name, std::move(*value));
      }
      out.push_back(std::move(applied));
    }
    return out;
  }

  void add_erring(uint32_t number, const ErrorList& errors) {
    const Clause& clause = plan_.clauses[number].clause;
    for (const RawError& error : errors.all()) add_error(error, clause);
    out_.deciding_erred = out_.deciding_erred || plan_.clauses[number].mode == Mode::kEnforce;
    if (clause.outcome == Outcome::kAllow) return;
    Applied erred;
    erred.shown.clause = static_cast<int32_t>(number);
    erred.shown.id = clause.id;
    erred.shown.outcome = clause.outcome;
    erred.shown.is_override = clause.is_override;
    erred.shown.mode = plan_.clauses[number].mode;
    erred.shown.erred = true;
    erred.shown.reason =
        "clause `" + clause.id + "` could not be evaluated: " + std::string(error_text(errors.all().front().kind));
    level(number, true).push_back(std::move(erred));
  }

  void add_error(const RawError& raw, const Clause& clause) {
    EvalError error;
    error.kind = raw.kind;
    error.span = raw.span;
    bool of_rule = raw.relation != kNoIndex;
    error.where = of_rule ? schema_.relations[raw.relation].info.name : clause.id;
    error.message =
        std::string(error_text(raw.kind)) + (of_rule ? " in a rule for `" : " in clause `") + error.where + "`";
    for (const EvalError& other : out_.errors) {
      if (other.kind == error.kind && other.span == error.span && other.where == error.where) return;
    }
    if (state_.plan->sources) error.place = state_.plan->sources->place(raw.span);
    out_.errors.push_back(std::move(error));
  }

  // ---- what decides -------------------------------------------------------------------------------------------------

  void decide() {
    const Level* pending = nullptr;
    uint32_t passed = UINT32_MAX;  // the rank whose denies a require keeps from deciding
    for (const auto& [at, place] : levels_) {
      uint32_t rank = rank_of(at);
      if (rank > 1) break;  // only observed
      if (place.outcome == Outcome::kRequire) {
        if (pending == nullptr) pending = &place.applied;
        if (plan_.decision.combining == Combining::kPermitOverrides) passed = rank;
      } else if (place.outcome == Outcome::kDeny) {
        if (rank != passed) return win(place.applied, Outcome::kDeny, at);
      } else {
        return pending != nullptr ? win(*pending, Outcome::kRequire, at) : win(place.applied, Outcome::kAllow, at);
      }
    }
    win_by_default();
  }

  static void add_distinct(std::vector<AppliedSignature>& into, const std::vector<AppliedSignature>& from) {
    for (const AppliedSignature& one : from) {
      auto same = [&](const AppliedSignature& other) {
        return other.verb == one.verb && other.name == one.name && other.args == one.args;
      };
      // A change that another one of its relation has undone since is no duplicate.
      auto other_change = [&](const AppliedSignature& other) {
        return other.verb != Verb::kEmit && other.name == one.name && !same(other);
      };
      auto last = std::find_if(into.rbegin(), into.rend(), [&](const AppliedSignature& other) {
        return same(other) || (one.verb != Verb::kEmit && other_change(other));
      });
      if (last == into.rend() || !same(*last)) into.push_back(one);
    }
  }

  /// `last`: the place that was asked last.
  void win(const Level& winners, Outcome outcome, uint64_t last) {
    winner_ = &winners.front();
    out_.outcome = outcome;
    out_.winner = winner_->shown;
    for (const Applied& one : winners) {
      add_distinct(out_.obligations, outcome == Outcome::kRequire ? one.meanwhile : one.then);
    }
    if (outcome != Outcome::kRequire) return;
    for (const auto& [at, place] : levels_) {
      if (at > last) break;
      if (place.outcome != Outcome::kRequire) continue;
      for (const Applied& one : place.applied) add_distinct(out_.requirements, one.requirements);
    }
  }

  void win_by_default() {
    const Decision& decision = plan_.decision;
    ErrorList errors;
    state_.errors = &errors;
    eval_.slots.clear();
    out_.outcome = decision.default_outcome;
    out_.winner.id = "default";
    out_.winner.outcome = decision.default_outcome;
    if (auto reason = eval_.text(decision.default_message)) out_.winner.reason = std::move(*reason);
    add_distinct(out_.requirements, apply(decision.default_requirements, schema_.requirements));
    // A default that asks has allowed nothing yet: its `then` waits for the answer.
    if (decision.default_outcome != Outcome::kRequire)
      add_distinct(out_.obligations, apply(decision.default_then, schema_.obligations));
    if (errors.empty()) return;
    Clause as_clause;
    as_clause.id = "default";
    for (const RawError& error : errors.all()) add_error(error, as_clause);
    out_.deciding_erred = true;
    out_.outcome = out_.winner.outcome = Outcome::kDeny;
    out_.winner.erred = true;
    out_.winner.reason = "the default could not be evaluated: " + std::string(error_text(errors.all().front().kind));
  }

  void list_others() {
    for (auto& [at, place] : levels_) {
      for (size_t i = 0; i < place.applied.size(); ++i) {
        Applied& one = place.applied[i];
        if (&one == winner_) continue;
        if (one.shown.mode == Mode::kYield) {
          yield(place.applied, i);
          continue;
        }
        if (one.shown.mode == Mode::kWarn) warn(one.shown);
        (rank_of(at) > 1 ? out_.observed : out_.also).push_back(std::move(one.shown));
      }
    }
  }

  /// Instances of one yield stand side by side: two of them are two values.
  void yield(const Level& all, size_t at) {
    const Instance& one = all[at].shown;
    auto same = [&](size_t other) { return other < all.size() && all[other].shown.clause == one.clause; };
    if (at > 0 && same(at - 1)) return;
    const Clause& clause = plan_.clauses[static_cast<size_t>(one.clause)].clause;
    if (same(at + 1)) return add_error({EvalErrorKind::kYield, clause.span, kNoIndex}, clause);
    yields_.emplace_back(one.clause, one.bindings[0]);
  }

  void warn(const Instance& instance) {
    out_.notes.push_back("warning: clause `" + instance.id + "` would " + std::string(outcome_name(instance.outcome)) +
                         ": " + instance.reason);
  }

  EvalState& state_;
  const Schema& schema_;
  const DecisionPlan& plan_;
  const Instances& instances_;
  CanonicalEval eval_;
  std::map<uint64_t, Place> levels_;
  const Applied* winner_ = nullptr;
  std::vector<std::pair<int32_t, std::pair<std::string, Datum>>> yields_;  // by clause
  DecisionResult out_;
};

}  // namespace

DecisionResult combine(EvalState& state, uint32_t number, const Instances& instances) {
  return Combiner(state, number, instances).run();
}

DecisionResult denied_by_budget(const Plan& plan, uint32_t number) {
  DecisionResult out;
  out.winner.id = "default";
  out.winner.erred = true;
  out.winner.reason = "the decision could not be evaluated: " + std::string(error_text(EvalErrorKind::kBudget));
  EvalError error;
  error.kind = EvalErrorKind::kBudget;
  error.where = plan.decisions[number].decision.info.name;
  error.message = std::string(error_text(error.kind)) + " in decision `" + error.where + "`";
  error.span = plan.decisions[number].decision.span;
  if (plan.sources) error.place = plan.sources->place(error.span);
  out.errors.push_back(std::move(error));
  return out;
}

}  // namespace lictor
