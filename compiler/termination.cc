// Per rule of a recursive stratum: which slots carry what the recursion delivers, which of those were computed from it,
// and whether each head argument made of them is bounded.
#include "compiler/termination.h"

#include <algorithm>

#include "compiler/ranges.h"
#include "compiler/strata.h"

namespace lictor {
namespace {

enum class Origin : uint8_t {
  kOutside,  // from facts, the request, constants: finitely many
  kPassed,   // handed on by the recursion as it is
  kMade      // computed from what the recursion delivered
};

Origin worse(Origin a, Origin b) { return std::max(a, b); }

class RuleCheck {
 public:
  RuleCheck(const Program& program, const Rule& rule, const std::vector<bool>& recursive)
      : recursive_(recursive),
        origins_(rule.frame.variables.size(), Origin::kOutside),
        made_of_(rule.frame.variables.size()),
        ranges_(program.schema, rule.frame) {
    visit_literals(rule.body, false, [&](const Literal& literal, bool) { read(literal); });
    for (const Literal& literal : rule.body.literals) ranges_.learn(literal);
  }

  bool recurs() const { return recurs_; }

  bool bounded(const Expr& arg) const {
    if (origin(arg) != Origin::kMade) return true;
    const Expr& made = definition(arg);
    Interval interval = ranges_.of(arg);
    Interval computed = ranges_.of(made);
    interval = {std::max(interval.lo, computed.lo), std::min(interval.hi, computed.hi)};
    if (interval.bounded()) return true;
    return moves(made, interval);
  }

 private:
  void read(const Literal& literal) {
    switch (literal.kind) {
      case Literal::Kind::kAtom:
        if (!recursive_[literal.relation]) return;
        recurs_ = true;
        for (const Arg& arg : literal.args) {
          if (arg.mode == Arg::Mode::kBind) origins_[arg.slot] = worse(origins_[arg.slot], Origin::kPassed);
        }
        return;
      case Literal::Kind::kLet:
      case Literal::Kind::kSome:
        origins_[literal.slot] = worse(origins_[literal.slot], origin(literal.expr));
        made_of_[literal.slot] = &literal.expr;
        return;
      case Literal::Kind::kMember:
        for (const Arg& arg : literal.args) {
          if (arg.mode == Arg::Mode::kBind) origins_[arg.slot] = worse(origins_[arg.slot], origin(literal.expr));
        }
        return;
      default:
        return;
    }
  }

  Origin origin(const Expr& expr) const {
    switch (expr.op) {
      case Op::kSlot:
        return origins_[static_cast<size_t>(expr.n)];
      case Op::kAttr:  // of finitely many entities
      case Op::kMapGet:
      case Op::kMapGetTotal:
      case Op::kEntityId:
      case Op::kSize:
      case Op::kIpPrefixLength:
      case Op::kCivil:  // of finitely many times
        return Origin::kOutside;
      default:
        break;
    }
    Origin worst = Origin::kOutside;
    for (const Expr& arg : expr.args) worst = worse(worst, origin(arg));
    bool hands_on = expr.op == Op::kSome || expr.op == Op::kCoalesce || expr.op == Op::kIf || expr.op == Op::kAs ||
                    expr.op == Op::kRecordField || expr.op == Op::kMakeRecord || expr.op == Op::kIntToDec ||
                    expr.op == Op::kDecToInt || expr.op == Op::kLeast || expr.op == Op::kGreatest;
    if (expr.type == kBoolType) return Origin::kOutside;
    return worst == Origin::kOutside || hands_on ? worst : Origin::kMade;
  }

  /// What a slot was computed from, however many `x = e` stand between.
  const Expr& definition(const Expr& expr) const {
    const Expr* at = &expr;
    while (at->op == Op::kSlot && made_of_[static_cast<size_t>(at->n)] != nullptr)
      at = made_of_[static_cast<size_t>(at->n)];
    return *at;
  }

  /// x + c with c >= 0 and a bound above, or x - c with a bound below, x being what the recursion delivered.
  bool moves(const Expr& made, const Interval& interval) const {
    if (made.op != Op::kAdd && made.op != Op::kSub) return false;
    for (size_t delivered : {size_t{0}, size_t{1}}) {
      if (made.op == Op::kSub && delivered == 1) continue;
      const Expr& base = made.args[delivered];
      const Expr& step = made.args[1 - delivered];
      if (origin(base) != Origin::kPassed || origin(step) != Origin::kOutside) continue;
      Interval by = ranges_.of(step);
      bool up = made.op == Op::kAdd ? by.lo >= 0 : by.hi <= 0;
      bool down = made.op == Op::kAdd ? by.hi <= 0 : by.lo >= 0;
      if ((up && interval.hi != INT64_MAX) || (down && interval.lo != INT64_MIN)) return true;
    }
    return false;
  }

  const std::vector<bool>& recursive_;
  std::vector<Origin> origins_;
  std::vector<const Expr*> made_of_;
  SlotRanges ranges_;
  bool recurs_ = false;
};

}  // namespace

void check_termination(const Program& program, Diagnostics& diagnostics) {
  std::vector<bool> recursive(program.schema.relations.size());
  for (const Stratum& stratum : program.strata) {
    if (!stratum.recursive) continue;
    for (uint32_t relation : stratum.relations) recursive[relation] = true;
    for (uint32_t index : stratum.rules) {
      const Rule& rule = program.rules[index];
      if (rule.limit) continue;
      RuleCheck check(program, rule, recursive);
      for (size_t i = 0; check.recurs() && i < rule.args.size(); ++i) {
        if (check.bounded(rule.args[i])) continue;
        diagnostics.report(Diag::kNewValues, rule.args[i].span)
            .arg(std::to_string(i + 1))
            .arg(program.schema.relations[rule.head].info.name);
      }
    }
    for (uint32_t relation : stratum.relations) recursive[relation] = false;
  }
}

}  // namespace lictor
