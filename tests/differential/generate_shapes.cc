// What random literals seldom come to by themselves: recursion through every form of premise, rows that rest on
// themselves in one way and not in another, collections, hierarchies.
#include "tests/differential/generate.h"

namespace lictor::testing {

namespace {

// reach: closures. able: rules for a subset of the users; several of them make rows that hold in more ways than one.
const char* const kReach[] = {
    "reach(x, y) :- reach(x, z), link(z, y).\n",
    "reach(x, y) :- link(x, z), reach(z, y).\n",
    "reach(x, y) :- reach(x, z), reach(z, y).\n",
    "reach(x, y) :- reach(y, x).\n",
    "reach(x, y) :- link(x, z), (reach(z, y) or link(y, z)).\n",
    "reach(x, y) :- User(x), some y = x.boss.\n",
};
const char* const kAble[] = {
    "able(x) :- User(x), (able(x) or seed(x)).\n",
    "able(x) :- User(x), exists (link(x, y), able(y)).\n",
    "able(x) :- User(x), exists (able(y), reach(y, x)).\n",
    "able(x) :- link(x, y), (able(x) or able(y)).\n",
    "able(x) :- link(y, x), (able(y), z = y or able(x), z = x), able(z).\n",
    "able(x) :- User(x), exists ((able(x) or link(x, y), able(y)), User(x)).\n",
    "able(x) :- reach(x, y), (exists (able(y), link(_, y)) or seed(y)), not seed(x).\n",
    "able(x) :- link(_, x), exists (reach(x, y), able(y), not seed(y)).\n",
    "able(x) :- User(x), forall (link(x, y)) => (seed(y)), exists (reach(x, z), seed(z)).\n",
    "able(x) :- User(x), n = count { y : reach(x, y) }, n >= 3.\n",
    "able(x) :- reach(x, y), reach(y, x), (link(x, z), able(z) or able(y)).\n",
    "able(x) :- User(x), not exists (link(x, y), not seed(y)), x.level > 2.\n",
    "able(x.boss ?? x) :- able(x), x.level > 1.\n",
    // what stands below not and forall may be higher than the row that is proved
    "able(x) :- User(x), forall (reach(x, y)) => (exists (reach(y, z), seed(z))).\n",
    "able(x) :- User(x), not exists (reach(x, y), exists (reach(y, z), seed(z))).\n",
    "able(x) :- User(x), n = count { y : reach(x, y), exists (reach(y, z), seed(z)) }, n >= 2.\n",
};
// may: the same at request time.
const char* const kMay[] = {
    "may(r: Act, x) :- some x = r.user.\n",
    "may(r: Act, x) :- may(r, y), link(y, x).\n",
    "may(r: Act, x) :- User(x), (may(r, x) or r.amount > 2, seed(x)).\n",
    "may(r: Act, x) :- User(x), exists (link(x, y), (may(r, y) or able(y))).\n",
    "may(r: Act, x) :- able(x), x in r.team.\n",
    "may(r: Act, x) :- may(r, x), r.amount * 3 > 0.\n",
};

template <size_t N>
std::string some_of(const char* const (&rules)[N], int percent, const std::function<bool(int)>& chance) {
  std::string out;
  for (const char* rule : rules) {
    if (chance(percent)) out += rule;
  }
  return out;
}

}  // namespace

std::string Generator::shapes() {
  auto chance = [this](int percent) { return this->chance(percent); };
  std::string out =
      "relation link(from: User, to: User)\nrelation seed(who: User)\nreach(x, y) :- link(x, y).\nable(x) :- "
      "seed(x).\n";
  relations_.push_back({"link", {{'U'}, {'U'}}});
  relations_.push_back({"seed", {{'U'}}});
  relations_.push_back({"reach", {{'U'}, {'U'}}, false, 1});
  relations_.push_back({"able", {{'U'}}, false, 2});
  out += some_of(kReach, 30, chance) + some_of(kAble, 25, chance);
  if (!this->chance(60)) return out;
  std::string may = some_of(kMay, 45, chance);
  if (may.empty()) may = kMay[0];
  relations_.push_back({"may", {{'U'}}, true, 3});
  return out + may;
}

/// Ranges over a collection of the request or over a hierarchy; or "", where there is none.
std::string Generator::ranging(Scope& scope) {
  auto add = [&](char type) {
    scope.bound.emplace_back(fresh(), type);
    return scope.bound.back().first;
  };
  if (scope.request && chance(60)) {
    switch (below(5)) {
      case 0:
        return add('S') + " in r.tags";
      case 1:
        return add('I') + " in r.ranks";
      case 2: {
        std::string index = add('I');
        return "(" + index + ", " + add('I') + ") in r.ranks";
      }
      case 3: {
        std::string key = add('S');
        return "(" + key + ", " + add('I') + ") in r.limits";
      }
      default:
        return add('D') + " in r.docs";
    }
  }
  std::string group = bound(scope, 'G'), user = bound(scope, 'U');
  if (!group.empty() && chance(50)) {
    char type = "UDG"[below(3)];
    std::string member = add(type);
    return member + " in " + group + ", " + type_text(type) + "(" + member + ")";
  }
  if (user.empty()) return "";
  std::string container = add('G');
  return user + " in " + container + ", Group(" + container + ")";
}

}  // namespace lictor::testing
