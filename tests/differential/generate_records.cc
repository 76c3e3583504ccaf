// Records and unions: fields of the request and of a relation, literals of records, and what `is` lets be read.
#include "tests/differential/generate.h"

namespace lictor::testing {

/// Types, and a relation of them. A box has every kind of field; an actor is a user or a document.
std::string Generator::record_declarations() {
  relations_.push_back({"holds", {{'B'}, {'P'}}});
  return "type Box = record { name: string, n: int, color: Color = green, owner: User?, part: record { m: int 0..9, "
         "tags: set<string> }? }\n"
         "type Actor = User | Doc\n"
         "relation holds(box: Box, by: Actor)\n";
}

std::string Generator::record_fields() { return ", box: Box, boxes: list<Box>, who: Actor, helper: Actor?"; }

std::string Generator::box_constant() {
  std::string out = "{ n: " + constant('I') + ", name: " + constant('S');
  if (chance(30)) out += ", color: " + constant('C');
  if (chance(30)) out += ", owner: " + constant('U');
  if (chance(30)) out += ", part: { m: " + std::to_string(below(10)) + ", tags: { " + constant('S') + " } }";
  return out + " }";
}

/// A box made of what is bound; its number may be one that leaves 64 bits.
std::string Generator::box_of(Scope& scope) {
  std::string user = bound(scope, 'U');
  return "{ name: " + term(scope, 'S') + ", n: " + number(scope, 2) + (user.empty() ? "" : ", owner: " + user) + " }";
}

/// A literal about a box, or "" where none is bound.
std::string Generator::box_literal(Scope& scope) {
  auto add = [&](char type) {
    scope.bound.emplace_back(fresh(), type);
    return scope.bound.back().first;
  };
  std::string box = bound(scope, 'B');
  if (box.empty()) return scope.request ? add('B') + " in r.boxes" : "";
  switch (below(scope.request ? 13 : 10)) {
    case 0:
      return add('S') + " = " + box + ".name";
    case 1:
      return add('I') + " = " + box + ".n" + (chance(30) ? " + 1" : "");
    case 2:
      return box + ".color " + (chance(50) ? ">= " : "== ") + term(scope, 'C');
    case 3:
      return "some " + add('U') + " = " + box + ".owner";
    case 4:
      return (chance(50) ? "has " : "not has ") + box + (chance(50) ? ".part" : ".owner");
    case 5:
      return "(" + box + ".part?.m ?? " + constant('I') + ") > " + number(scope, 1);
    case 6: {
      std::string part = fresh();
      return "some " + part + " = " + box + ".part, " + add('S') + " in " + part + ".tags";
    }
    case 7:
      return box + (chance(60) ? " == " : " != ") + (chance(50) ? box_constant() : box_of(scope));
    case 8:
      return add('B') + " = " + box;
    case 9:
      return "size(" + box + ".name) + " + box + ".n > " + constant('I');
    case 10: {
      std::string index = add('I');
      return "(" + index + ", " + add('B') + ") in r.boxes";
    }
    case 11:
      return box + (chance(70) ? " in r.boxes" : " not in r.boxes");
    default:
      return "holds(" + box_of(scope) + ", _)";
  }
}

/// A literal about an actor, or "".
std::string Generator::actor_literal(Scope& scope) {
  auto add = [&](char type) {
    scope.bound.emplace_back(fresh(), type);
    return scope.bound.back().first;
  };
  std::vector<size_t> actors;
  for (size_t i = 0; i < scope.bound.size(); ++i) {
    if (scope.bound[i].second == 'P') actors.push_back(i);
  }
  if (scope.request && (actors.empty() || chance(30))) {
    static const char* const kPaths[] = {"r.who is User, r.who.level > 3", "not r.who is User, r.who.size > 2",
                                         "r.who is Doc, some _o = r.who.owner, _o.level > 2",
                                         "(r.who is User, r.who.color == red or r.who is Doc, r.who.size <= 3)",
                                         "case { r.who is Doc => r.who.size; else => r.who.level } < 5"};
    if (chance(40)) return kPaths[below(5)];
    return chance(50) ? "some " + add('P') + " = r.helper" : add('P') + " = r.who";
  }
  if (actors.empty()) return "";
  size_t at = actors[static_cast<size_t>(below(static_cast<int>(actors.size())))];
  std::string actor = scope.bound[at].first;
  switch (below(6)) {
    case 0:
      scope.bound[at].second = 'U';
      return chance(50) ? actor + " is User" : "not " + actor + " is Doc";
    case 1:
      scope.bound[at].second = 'D';
      return chance(50) ? actor + " is Doc" : "not " + actor + " is User";
    case 2:
      return actor + (chance(70) ? " == " : " != ") + term(scope, "UDP"[below(3)]);
    case 3:
      return actor + (chance(80) ? " in " : " not in ") + term(scope, 'G');
    case 4:
      return add('S') + " = " + actor + ".id";
    default:
      return "case { " + actor + " is User => " + actor + ".level + " + number(scope, 1) + "; else => " + actor +
             ".size } > " + constant('I');
  }
}

/// A rule that hands records and unions on.
std::string Generator::record_shapes() {
  std::string out;
  if (chance(50)) {
    out +=
        "carried(b, a) :- holds(b, a).\ncarried({ name: n, n: k, owner: u }, u) :- holds(b, u), u is User, n = b.name, "
        "k = u.level.\n";
    relations_.push_back({"carried", {{'B'}, {'P'}}, false, 1});
  }
  if (chance(50)) {
    out += "boxed(r: Act, b) :- b in r.boxes, b.n > " + constant('I') +
           ".\nboxed(r: Act, b) :- holds(b, a), a == r.who.\n";
    relations_.push_back({"boxed", {{'B'}}, true, 3});
  }
  return out;
}

}  // namespace lictor::testing
