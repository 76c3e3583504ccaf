#include "runtime/near_miss.h"

#include <algorithm>

#include "runtime/proof_text.h"
#include "runtime/values.h"

namespace lictor {
namespace {

/// Where the binding that got furthest failed, and what it had bound by then.
struct Furthest {
  bool any = false;
  bool holds = false;
  size_t literal = 0;
  std::vector<int64_t> slots;
  std::vector<bool> bound;
};

/// How many of the first literals are premises that the author wrote.
uint32_t premises(const Body& body, size_t first) {
  return static_cast<uint32_t>(std::count_if(body.literals.begin(), body.literals.begin() + static_cast<long>(first),
                                             [](const Literal& l) { return !l.hoisted; }));
}

class Search {
 public:
  explicit Search(BodySearch& search) : search_(search), text_(search), plan_(search.snapshot().plan()) {}

  std::optional<NearMiss> clause(const Clause& clause) {
    BodySearch::Frame frame(search_.state(), clause.frame);
    Furthest furthest = this->furthest(clause.body, frame);
    if (furthest.holds || !furthest.any) return std::nullopt;
    const Literal& premise = clause.body.literals[furthest.literal];
    NearMiss miss;
    miss.clause = clause.id;
    miss.outcome = clause.outcome;
    miss.is_override = clause.is_override;
    miss.premise = text_.source(premise.span);
    miss.values = text_.values(premise, frame);
    miss.place = text_.place(premise.span);
    miss.clause_place = text_.place(clause.span);
    miss.held = premises(clause.body, furthest.literal);
    miss.total = premises(clause.body, clause.body.literals.size());
    miss.bindings = text_.bindings(frame);
    miss.in_rule = in_rule(premise, frame);
    if (miss.in_rule) {
      const NearMiss::InRule& in = *miss.in_rule;
      miss.values += (miss.values.empty() ? "" : "; ") + ("its rule needs `" + in.premise + "`") +
                     (in.values.empty() ? "" : " with " + in.values);
    }
    return miss;
  }

 private:
  /// Most premises held; then least bindings. Leaves the frame as it was at that point.
  Furthest furthest(const Body& body, BodySearch::Frame& frame) {
    Furthest best;
    best.holds = search_.solve(
        body, frame, [] { return true; },
        [&](size_t literal) {
          bool further = !best.any || literal > best.literal;
          if (!further && (literal < best.literal || !less(frame, best))) return;
          best = {true, false, literal, frame.eval.slots, frame.bound};
        });
    if (best.any) {
      frame.eval.slots = best.slots;
      frame.bound = best.bound;
    }
    return best;
  }

  bool less(const BodySearch::Frame& frame, const Furthest& than) const {
    for (size_t i = 0; i < frame.variables.size(); ++i) {
      bool both = frame.bound[i] && than.bound[i];
      if (!both || frame.eval.slots[i] == than.slots[i]) continue;
      TypeId type = frame.variables[i].type;
      return compare_words(plan_.schema, *search_.state().values, type, frame.eval.slots[i], than.slots[i]) < 0;
    }
    return false;
  }

  /// Where the premise asks a relation that rules define: how far the rule got that came nearest to such a row.
  std::optional<NearMiss::InRule> in_rule(const Literal& premise, BodySearch::Frame& outer) {
    std::optional<NearMiss::InRule> nearest;
    if (premise.kind != Literal::Kind::kAtom) return nearest;
    for (const Rule& rule : plan_.rules) {
      if (rule.head != premise.relation) continue;
      BodySearch::Frame frame(search_.state(), rule.frame);
      if (!give_head(rule, premise, outer, frame)) continue;
      Furthest furthest = this->furthest(rule.body, frame);
      if (furthest.holds || !furthest.any) continue;
      uint32_t total = premises(rule.body, rule.body.literals.size());
      uint32_t held = premises(rule.body, furthest.literal), missing = total - held;
      if (nearest && missing >= nearest->total - nearest->held) continue;
      const Literal& failing = rule.body.literals[furthest.literal];
      nearest = NearMiss::InRule{text_.source(failing.span),
                                 text_.values(failing, frame),
                                 text_.place(failing.span),
                                 text_.place(rule.span),
                                 held,
                                 total,
                                 text_.bindings(frame)};
    }
    return nearest;
  }

  /// Gives the head's variables what the premise asks for; false where the head can never be that.
  bool give_head(const Rule& rule, const Literal& premise, BodySearch::Frame& outer, BodySearch::Frame& frame) {
    for (size_t c = 0; c < premise.args.size(); ++c) {
      const Arg& arg = premise.args[c];
      std::optional<int64_t> wanted;
      if (arg.mode == Arg::Mode::kMatch && outer.knows(arg.expr)) wanted = outer.eval.word(arg.expr);
      if (arg.mode == Arg::Mode::kBind && outer.bound[arg.slot]) wanted = outer.eval.slots[arg.slot];
      const Expr& head = rule.args[c];
      if (!wanted || (head.op != Op::kSlot && head.op != Op::kConst)) continue;
      if (head.op == Op::kConst && frame.eval.word(head) != wanted) return false;
      if (head.op != Op::kSlot) continue;
      auto slot = static_cast<uint32_t>(head.n);
      if (frame.bound[slot] && frame.eval.slots[slot] != *wanted) return false;
      frame.give(slot, *wanted);
    }
    return true;
  }

  BodySearch& search_;
  ProofText text_;
  const Plan& plan_;
};

}  // namespace

std::vector<NearMiss> near_misses(BodySearch& search, const DecisionPlan& plan, const DecisionResult& decision) {
  std::vector<NearMiss> out;
  Search clauses(search);
  for (const ClausePlan& c : plan.clauses) {
    if (c.clause.is_yield) continue;
    if (c.clause.outcome == decision.outcome) continue;
    if (auto miss = clauses.clause(c.clause)) out.push_back(std::move(*miss));
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const NearMiss& a, const NearMiss& b) { return a.total - a.held < b.total - b.held; });
  return out;
}

}  // namespace lictor
