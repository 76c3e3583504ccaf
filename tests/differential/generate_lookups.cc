// Relations with keys: read as functions, and derived by rules that may or may not agree on the value of a key.
#include "tests/differential/generate.h"

namespace lictor::testing {

namespace {

// home: at request time, half of the time without rows. grade: known with the facts.
const char* const kHome[] = {
    "home(x, x.level) :- User(x), now < time\"2023-11-14T22:21:00Z\".\n",
    "home(x, 3) :- seed(x), now < time\"2023-11-14T22:21:00Z\".\n",
    "home(x, n) :- link(x, y), home(y, n).\n",
    "home(x, n) :- User(x), n = grade[x] ?? 2, now > time\"2023-11-14T22:19:00Z\".\n",
};
const char* const kGrade[] = {
    "grade(x, 4) :- User(x), x.level == 4.\n",
    "grade(x, x.level) :- seed(x).\n",
    "grade(x, x.level) :- link(x, _).\n",
    "grade(x, n) :- grade(x, n), seed(x).\n",
};

}  // namespace

std::string Generator::key_part(Relation& relation) {
  size_t columns = relation.columns.size();
  relation.keys = columns == 3 && chance(60) ? 2 : 1;
  return relation.keys == 2 ? " key(c0, c1)" : " key(c0)";
}

/// `b1[v2]`, of a relation with a key that a rule here may read as a function; "" where there is none of that type.
std::string Generator::lookup(Scope& scope, char type) {
  std::vector<const Relation*> fitting;
  for (const Relation& relation : relations_) {
    bool function = relation.keys != 0 && relation.keys + 1 == relation.columns.size();
    if (function && relation.columns.back().type == type && relation.level < scope.level) fitting.push_back(&relation);
  }
  if (fitting.empty()) return "";
  const Relation& relation = *fitting[below(static_cast<int>(fitting.size()))];
  std::string key;
  for (size_t i = 0; i < relation.keys; ++i) {
    std::string name = bound(scope, relation.columns[i].type);
    key += (i ? ", " : "") + (name.empty() || chance(15) ? constant(relation.columns[i].type) : name);
  }
  return relation.name + (relation.keys > 1 ? "[(" + key + ")]" : "[" + key + "]");
}

/// A literal about such a value.
std::string Generator::keyed(Scope& scope) {
  char type = "ISCUDGMAK"[below(9)];
  std::string value = lookup(scope, type);
  if (value.empty()) return "";
  switch (below(5)) {
    case 0:
      return "has " + value;
    case 1:
      return "not has " + value;
    case 2:
      return value + (chance(50) ? " == " : " != ") + term(scope, type);
    default:
      scope.bound.emplace_back(fresh(), type);
      return "some " + scope.bound.back().first + " = " + value;
  }
}

std::string Generator::keyed_shapes() {
  std::string out;
  if (chance(50)) {
    out += "relation grade(who: User, n: int) key(who)\n";
    relations_.push_back({"grade", {{'U'}, {'I'}}, false, 2, 1});
    size_t before = out.size();
    for (const char* rule : kGrade) out += chance(35) ? rule : "";
    if (out.size() == before) out += kGrade[1];
    if (!chance(60)) return out;
    out += "relation home(who: User, n: int) key(who)\n";
    relations_.push_back({"home", {{'U'}, {'I'}}, false, 3, 1});
    before = out.size();
    for (const char* rule : kHome) out += chance(35) ? rule : "";
    if (out.size() == before) out += kHome[0];
  }
  return out;
}

/// ` combining priority`, or "".
std::string Generator::combining() {
  static const char* const ways[] = {"permit_overrides", "first_applicable", "priority", "deny_overrides"};
  int way = below(8);
  by_priority_ = way == 2;
  return way < 4 ? std::string(" combining ") + ways[way] : "";
}

/// What stands before a clause.
std::string Generator::annotations() {
  std::string out = by_priority_ && chance(70) ? "@priority(" + std::to_string(below(4) - 1) + ") " : "";
  if (chance(10)) out += chance(50) ? "@mode(observe) " : "@mode(case { 1 > 2 => enforce; else => warn }) ";
  return out;
}

}  // namespace lictor::testing
