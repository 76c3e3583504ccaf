// What reaches beyond a clause: yields, changes of relations that the host keeps, and questions to another decision.
#include "tests/differential/generate.h"

namespace lictor::testing {

/// Yields of the decision, which its clauses may read: `y0` always has a value, `y1` only where its condition holds.
std::string Generator::yields() {
  yields_ = below(3);
  std::string out;
  Scope scope;
  scope.request = true;
  scope.level = 100;
  if (yields_ > 0) {
    std::string value = number(scope, 2);
    if (chance(50)) value = "count { x : x in r.tags } + " + value;
    out += "  yield y0: int = " + value + "\n";
  }
  if (yields_ > 1) {
    std::string text = body(scope, 1 + below(2));
    std::string value = chance(30) ? "y0" : number(scope, 1);
    if (chance(35)) {  // it may have several values
      value = fresh();
      text += ", " + value + " in r.ranks";
    }
    out += with_single_marked("  yield y1: int = " + value + " if " + text + ".\n");
  }
  return out;
}

/// A premise that reads a yield, or "".
std::string Generator::reads_yield(Scope& scope) {
  if (yields_ == 0) return "";
  std::string limit = std::to_string(below(6) - 1);
  if (yields_ == 1 || chance(50)) return "y0 " + std::string(chance(50) ? ">= " : "< ") + limit;
  if (chance(30)) return "not has y1";
  std::string variable = fresh();
  scope.bound.emplace_back(variable, 'I');
  return "some " + variable + " = y1, " + variable + " <= " + limit;
}

/// `insert b1(..)`, `remove b1(.., _)`, or "" where the host keeps no relation.
std::string Generator::change(Scope& scope) {
  std::vector<const Relation*> kept;
  for (const Relation& relation : relations_) {
    if (relation.host) kept.push_back(&relation);
  }
  if (kept.empty()) return "";
  const Relation& relation = *kept[below(static_cast<int>(kept.size()))];
  bool removes = !relation.event && chance(40);
  std::string args;
  for (const Column& column : relation.columns) {
    args += (args.empty() ? "" : ", ") + (removes && chance(40) ? "_" : term(scope, column.type));
  }
  if (relation.expires) args += removes ? ", _" : ", now";
  return (removes ? "remove " : "insert ") + relation.name + "(" + args + ")";
}

/// What stands in front of an atom and behind it, so that more or fewer rows are seen.
std::string Generator::before(const Relation& relation) {
  return (relation.expires || relation.event) && chance(30) ? "history of " : "";
}
std::string Generator::behind(const Relation& relation) {
  if (!relation.event || chance(60)) return "";
  return chance(80) ? " within " + std::to_string(1 + below(20)) + "h" : " within 1us";
}

/// A question to decision `e`, which stands below `d`.
std::string Generator::granted(Scope& scope) {
  std::string no = chance(30) ? "not " : "";
  if (chance(30)) return no + "granted e(r)";
  return no + "granted e(user: " + (chance(50) ? "r.user" : term(scope, 'U')) + ", team: " + term(scope, 'G') +
         ", amount: " + number(scope, 1) + ", tag: " + term(scope, 'S') + ", color: " + term(scope, 'C') +
         ", rate: " + term(scope, 'M') +
         ", tags: r.tags, ranks: r.ranks, limits: r.limits, docs: r.docs, address: r.address, hour: r.hour, load: "
         "r.load" +
         (records_ ? ", box: " + (chance(50) ? "r.box" : box_of(scope)) + ", boxes: r.boxes, who: " + term(scope, 'P')
                   : "") +
         ")";
}

/// It reads what stands below the relations that depend on a request, so that those may ask it.
std::string Generator::asked_decision() {
  std::string out = "decision e(r: Act) {\n  default deny \"nothing\"\n";
  for (int i = 0, n = 1 + below(3); i < n; ++i) {
    Scope scope;
    scope.request = true;
    scope.level = 1;
    static const char* const outcomes[] = {"allow", "allow", "deny", "require"};
    std::string outcome = outcomes[below(4)];
    std::string text = body(scope, 1 + below(2));
    if (chance(25)) text += ", r.amount * 3_000_000_000_000_000_000 != r.amount";
    if (chance(20)) text += ", now > time\"2026-01-01T00:00:00Z\"";
    out += with_single_marked("  " + std::string(chance(10) ? "override " : "") + outcome + " e" + std::to_string(i) +
                              (outcome == "require" ? ": \"e\" approval(count: 1)" : "") + " if " + text + ".\n");
  }
  return out + "}\n";
}

}  // namespace lictor::testing
