// Each literal becomes a claim: a subject and what is claimed of it, either that it holds or not, or which values it has.
#include "compiler/exclusion.h"

#include <algorithm>
#include <vector>

namespace lictor {
namespace {

bool same(const Expr& a, const Expr& b) {
  if (a.op != b.op || a.type != b.type || a.n != b.n || a.args.size() != b.args.size()) return false;
  if (a.op == Op::kConst && *a.constant != *b.constant) return false;
  for (size_t i = 0; i < a.args.size(); ++i) {
    if (!same(a.args[i], b.args[i])) return false;
  }
  return true;
}

bool has_variables(const Expr& expr) { return expr.op == Op::kSlot || std::ranges::any_of(expr.args, has_variables); }

bool is_word(TypeKind kind) {
  return kind == TypeKind::kInt || kind == TypeKind::kDecimal || kind == TypeKind::kEnum || kind == TypeKind::kTime ||
         kind == TypeKind::kDuration || kind == TypeKind::kClock || kind == TypeKind::kDate || kind == TypeKind::kBool;
}

/// What is claimed of a subject.
struct Claim {
  enum class Kind : uint8_t { kHolds, kOneOf, kNoneOf, kBetween };
  Kind kind = Kind::kHolds;
  const Expr* subject = nullptr;
  const Literal* atom = nullptr;  // kHolds, instead of a subject
  bool holds = true;
  std::vector<Datum> values;
  int64_t least = INT64_MIN, most = INT64_MAX;
};

class Claims {
 public:
  explicit Claims(const Schema& schema) : schema_(schema) {}

  std::vector<Claim> of(const Body& body) {
    for (const Literal& literal : body.literals) read(literal, true);
    return std::move(out_);
  }

 private:
  void read(const Literal& literal, bool holds) {
    if (literal.kind == Literal::Kind::kTest) return test(literal.expr, holds);
    if (literal.kind == Literal::Kind::kNot && literal.bodies[0].literals.size() == 1)
      return read(literal.bodies[0].literals[0], !holds);
    if (literal.kind != Literal::Kind::kAtom) return;
    // That a row is there may be said with variables; that none is, only where all columns that count are known.
    for (const Arg& arg : literal.args) {
      bool fixed = arg.mode == Arg::Mode::kIgnore || (arg.mode == Arg::Mode::kMatch && !has_variables(arg.expr));
      if (!fixed && !holds) return;
    }
    Claim claim;
    claim.atom = &literal;
    claim.holds = holds;
    out_.push_back(std::move(claim));
  }

  void test(const Expr& expr, bool holds) {
    if (has_variables(expr)) return;
    if (expr.op == Op::kNot) return test(expr.args[0], !holds);
    if (expr.op == Op::kAnd && holds) return test(expr.args[0], true), test(expr.args[1], true);
    if (expr.op == Op::kOr && !holds) return test(expr.args[0], false), test(expr.args[1], false);
    Claim plain;
    plain.subject = &expr;
    plain.holds = holds;
    out_.push_back(std::move(plain));
    if (expr.args.size() != 2) return;
    bool left = expr.args[0].op == Op::kConst, right = expr.args[1].op == Op::kConst;
    if (left == right) return;
    compare(expr, expr.args[left ? 1 : 0], *expr.args[left ? 0 : 1].constant, right, holds);
  }

  /// `subject OP value`, or with the value first.
  void compare(const Expr& expr, const Expr& subject, const Datum& value, bool subject_first, bool holds) {
    Claim claim;
    claim.subject = &subject;
    switch (expr.op) {
      case Op::kEq:
      case Op::kNe:
        claim.kind = (expr.op == Op::kEq) == holds ? Claim::Kind::kOneOf : Claim::Kind::kNoneOf;
        claim.values = {value};
        break;
      case Op::kInSet:
        if (!subject_first) return;
        claim.kind = holds ? Claim::Kind::kOneOf : Claim::Kind::kNoneOf;
        claim.values = value.items;
        break;
      case Op::kLt:
      case Op::kLe: {
        if (!is_word(schema_.types.kind(subject.type))) return;
        claim.kind = Claim::Kind::kBetween;
        // At most, or at least; strict where the operator is and holds, or is not and does not hold.
        bool upper = subject_first == holds, strict = (expr.op == Op::kLt) == holds;
        if (upper && strict && value.n == INT64_MIN) return;
        if (!upper && strict && value.n == INT64_MAX) return;
        (upper ? claim.most : claim.least) = value.n - (strict ? (upper ? 1 : -1) : 0);
        break;
      }
      default:
        return;
    }
    out_.push_back(std::move(claim));
  }

  const Schema& schema_;
  std::vector<Claim> out_;
};

/// Is each row that matches `there` one of those that `absent` says are not there?
bool covers(const Literal& absent, const Literal& there) {
  if (absent.relation != there.relation || absent.args.size() != there.args.size()) return false;
  for (size_t i = 0; i < absent.args.size(); ++i) {
    const Arg &out = absent.args[i], &in = there.args[i];
    bool any = out.mode == Arg::Mode::kIgnore;
    if (!any && (in.mode != Arg::Mode::kMatch || !same(out.expr, in.expr))) return false;
  }
  return true;
}

bool is_among(const Schema& schema, const std::vector<Datum>& values, const Datum& value) {
  return std::ranges::any_of(values, [&](const Datum& other) { return compare(schema, other, value) == 0; });
}

/// No value of the list passes the other claim.
bool none_passes(const Schema& schema, const std::vector<Datum>& values, const Claim& other) {
  return std::ranges::all_of(values, [&](const Datum& value) {
    if (other.kind == Claim::Kind::kOneOf) return !is_among(schema, other.values, value);
    if (other.kind == Claim::Kind::kNoneOf) return is_among(schema, other.values, value);
    return other.kind == Claim::Kind::kBetween && !value.none && (value.n < other.least || value.n > other.most);
  });
}

bool contradict(const Schema& schema, const Claim& a, const Claim& b) {
  if ((a.atom != nullptr) != (b.atom != nullptr)) return false;
  if (a.atom != nullptr) return a.holds != b.holds && covers(*(a.holds ? b : a).atom, *(a.holds ? a : b).atom);
  if (!same(*a.subject, *b.subject)) return false;
  bool plain = a.kind == Claim::Kind::kHolds, other_plain = b.kind == Claim::Kind::kHolds;
  if (plain || other_plain) return plain && other_plain && a.holds != b.holds;
  if (a.kind == Claim::Kind::kOneOf) return none_passes(schema, a.values, b);
  if (b.kind == Claim::Kind::kOneOf) return none_passes(schema, b.values, a);
  bool between = a.kind == Claim::Kind::kBetween && b.kind == Claim::Kind::kBetween;
  return between && (a.most < b.least || b.most < a.least);
}

}  // namespace

bool exclude_each_other(const Schema& schema, const Body& a, const Body& b) {
  std::vector<Claim> first = Claims(schema).of(a), second = Claims(schema).of(b);
  return std::ranges::any_of(first, [&](const Claim& claim) {
    return std::ranges::any_of(second, [&](const Claim& other) { return contradict(schema, claim, other); });
  });
}

}  // namespace lictor
