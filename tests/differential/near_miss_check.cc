// Near misses: for each clause of another outcome that has no instance, where the binding that got furthest stopped.
#include <algorithm>
#include <functional>

#include "compiler/core_walk.h"
#include "tests/differential/proof_check.h"

namespace lictor::testing {
namespace {

/// Of the first literals those that are premises of their own.
size_t written(const Body& body, size_t first) {
  size_t count = 0;
  for (size_t i = 0; i < first; ++i) count += body.literals[i].hoisted ? 0 : 1;
  return count;
}

size_t missing(const Body& body, const Furthest& stop) {
  return written(body, body.literals.size()) - written(body, stop.literal);
}

bool ready(const Expr& expr, const Slots& slots) {
  return !any_node(expr, [&](const Expr& e) { return e.op == Op::kSlot && !slots[static_cast<size_t>(e.n)]; });
}

}  // namespace

/// `given`: slots that had their value before the first premise.
template <class Stopped>
std::string ProofChecker::stopped(const Body& body, const Frame& frame, const Furthest& wanted, const Slots& given,
                                  const Stopped& got) const {
  if (got.total != written(body, body.literals.size())) return "the number of premises is wrong";
  if (got.held != written(body, wanted.literal))
    return "premise " + std::to_string(wanted.literal) + " is where it stopped";
  Place place = sources_.place(body.literals[wanted.literal].span);
  if (place.line != got.place.line || place.column != got.place.column || place.file != got.place.file)
    return "the premise stands elsewhere";
  std::vector<uint32_t> slots = BodyWalk::bound_by(body, wanted.literal);
  for (uint32_t slot = 0; slot < given.size(); ++slot) {
    if (given[slot]) slots.push_back(slot);
  }
  std::sort(slots.begin(), slots.end());
  slots.erase(std::unique(slots.begin(), slots.end()), slots.end());
  return bound(frame, slots, wanted.slots, got.bindings) ? "" : "its bindings are not those that got furthest";
}

/// What a rule's variables must be where the premise asks for a row; nothing where its head can never be that.
std::optional<Slots> ProofChecker::asked(const Rule& rule, const Literal& premise, const Frame& frame,
                                         const Furthest& outer) {
  BodyWalk::Walk outside(frame, outer.slots), inside(rule.frame, {});
  Slots given(rule.frame.variables.size());
  for (size_t c = 0; c < premise.args.size(); ++c) {
    const Arg& arg = premise.args[c];
    const Expr& head = rule.args[c];
    if (arg.mode != Arg::Mode::kMatch || !ready(arg.expr, outer.slots)) continue;
    auto wanted = walk_.eval(arg.expr, outside);
    if (!wanted) continue;
    if (head.op == Op::kConst && !walk_.same(*head.constant, *wanted)) return std::nullopt;
    if (head.op != Op::kSlot) continue;
    auto& slot = given[static_cast<size_t>(head.n)];
    if (slot && !walk_.same(*slot, *wanted)) return std::nullopt;
    slot = wanted;
  }
  return given;
}

/// The first of the rules that lack the fewest premises.
std::string ProofChecker::in_rule(const Clause& clause, const Furthest& furthest, const NearMiss& got) {
  const Literal& premise = clause.body.literals[furthest.literal];
  const Rule* nearest = nullptr;
  Furthest best;
  Slots given;
  for (const Rule& rule : program_.rules) {
    if (premise.kind != Literal::Kind::kAtom || rule.head != premise.relation) continue;
    auto slots = asked(rule, premise, clause.frame, furthest);
    if (!slots) continue;
    Furthest stop = walk_.furthest(rule.body, rule.frame, *slots);
    if (stop.holds) continue;
    if (nearest && missing(rule.body, stop) >= missing(nearest->body, best)) continue;
    nearest = &rule;
    best = stop;
    given = *slots;
  }
  if (!nearest) return got.in_rule ? "no rule could have made such a row" : "";
  if (!got.in_rule) return "a rule could have made such a row";
  if (!at(got.in_rule->rule_place, nearest->span)) return "another rule came nearest";
  std::string wrong = stopped(nearest->body, nearest->frame, best, given, *got.in_rule);
  return wrong.empty() ? "" : "in the rule: " + wrong;
}

std::string ProofChecker::near_misses(uint32_t number, ast::Outcome outcome, const std::vector<NearMiss>& got) {
  struct Wanted {
    const Clause* clause;
    Furthest furthest;
    size_t missing() const { return testing::missing(clause->body, furthest); }
  };
  std::vector<Wanted> wanted;
  if (outcome != ast::Outcome::kAllow) {
    for (const Clause& clause : program_.decisions[number].clauses) {
      if (clause.is_yield) continue;
      if (clause.outcome == outcome) continue;
      Furthest furthest = walk_.furthest(clause.body, clause.frame, {});
      if (!furthest.holds) wanted.push_back({&clause, furthest});
    }
  }
  std::stable_sort(wanted.begin(), wanted.end(),
                   [](const Wanted& a, const Wanted& b) { return a.missing() < b.missing(); });
  std::string out;
  if (got.size() != wanted.size())
    return std::to_string(got.size()) + " near misses, wanted " + std::to_string(wanted.size()) + "\n";
  for (size_t i = 0; i < got.size(); ++i) {
    const Clause& clause = *wanted[i].clause;
    auto complain = [&](const std::string& what) {
      if (!what.empty()) out += "near miss " + got[i].clause + ": " + what + "\n";
    };
    if (got[i].clause != clause.id || got[i].outcome != clause.outcome || got[i].is_override != clause.is_override ||
        !at(got[i].clause_place, clause.span)) {
      complain("`" + clause.id + "` comes here");
      continue;
    }
    complain(stopped(clause.body, clause.frame, wanted[i].furthest, {}, got[i]));
    complain(in_rule(clause, wanted[i].furthest, got[i]));
  }
  return out;
}

}  // namespace lictor::testing
