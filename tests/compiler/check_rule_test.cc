// Bodies in canonical order: source beside what the checker makes of it, in the notation of dump(Program): `?x#0` binds
// slot 0, `x#0` matches it, `!` marks what can err.
#include <gtest/gtest.h>

#include "tests/compiler/analyze_text.h"

namespace lictor {
namespace {

constexpr const char* kDeclarations = R"(module t
enum Level { low < mid < high }
enum Kind { red, green }
entity Group in Group {}
entity User in Group { level: Level = low, boss: User?, tags: set<string> = {}, risk: int 0..10 = 1 }
relation p(x: int)
relation e(x: int, y: int)
relation kind(x: int, k: Kind)
relation some_day(x: int, until: time?)
relation owns(u: User, g: Group)
request Act { user: User?, n: int, small: int 0..100, labels: map<string, string>, share: map<Kind, decimal> }
param most: int = 3
let twice(n: int) -> int = n + n
let total(u: User) -> int = sum { g : owns(u, h), p(g), h == h }
acts(r: Act, u) :- some u = r.user.
)";

struct Case {
  const char* name;
  const char* rule;
  const char* dump;
};

void PrintTo(const Case& given, std::ostream* out) { *out << given.rule; }

const Case kCases[] = {
    {"atoms_bind_then_match", "t(x) :- e(x, y), p(y).", R"(rule t(x#0)
  e(?x#0, ?y#1)
  p(y#1)
)"},
    {"repeated_variable", "t(x) :- e(x, x).", R"(rule t(x#0)
  e(?x#0, x#0)
)"},
    {"comparison_waits", "t(x) :- x > 3, p(x).", R"(rule t(x#0)
  p(?x#0)
  test lt(3, x#0)
)"},
    {"leftmost_ready_first", "t(x) :- not p(y), x == y, p(x), y = x, p(7).", R"(rule t(x#0)
  p(?x#0)
  y#1 = x#0
  not
    {
      p(y#1)
    }
  test eq(x#0, y#1)
  p(7)
)"},
    {"equals_binds_or_tests", "t(x) :- x = 3, p(x), x = 4.", R"(rule t(x#0)
  x#0 = 3
  p(x#0)
  test eq(x#0, 4)
)"},
    {"pairs", "t(a, b) :- p(x), (a, b) = (x, 2).", R"(rule t(a#1, b#2)
  p(?x#0)
  a#1 = x#0
  b#2 = 2
)"},
    {"expression_of_own_variable", "t(x) :- e(x, x + 1).", R"(rule t(x#0)
  e(?x#0, ?$1#1)
  test eq($1#1, add!(x#0, 1))
)"},
    {"expression_of_bound_variable", "t(x) :- p(x), e(x, x + 1).", R"(rule t(x#0)
  p(?x#0)
  e(x#0, add!(x#0, 1))
)"},
    {"enum_members_are_constants", "t(x) :- kind(x, red), kind(x, k), k == green.", R"(rule t(x#0)
  kind(?x#0, red)
  kind(x#0, ?k#1)
  test eq(k#1, green)
)"},
    {"by_name", "t(y) :- e(y: y).", R"(rule t(y#0)
  e(_, ?y#0)
)"},
    {"negated_test", "t(x) :- p(x), not x > most.", R"(rule t(x#0)
  p(?x#0)
  test not(lt(param most, x#0))
)"},
    {"locals_of_not", "t(x) :- p(x), not (e(x, y), y > 2).", R"(rule t(x#0)
  p(?x#0)
  not
    {
      e(x#0, ?y#1)
      test lt(2, y#1)
    }
)"},
    {"or_exports", "t(x, y) :- (p(x), y = 1 or e(x, y)).", R"(rule t(x#0, y#1)
  or x#0 y#1
    {
      p(?x#0)
      y#1 = 1
    }
    {
      e(?x#0, ?y#1)
    }
)"},
    {"or_locals", "t(x) :- p(x), (e(x, y), y > 1 or e(y, x), y < 9).", R"(rule t(x#0)
  p(?x#0)
  or
    {
      e(x#0, ?y#1)
      test lt(1, y#1)
    }
    {
      e(?y#2, x#0)
      test lt(y#2, 9)
    }
)"},
    {"nested_or_shares_the_slot", "t(x) :- (p(x) or (e(x, _) or e(_, x))).", R"(rule t(x#0)
  or x#0
    {
      p(?x#0)
    }
    {
      or x#0
        {
          e(?x#0, _)
        }
        {
          e(_, ?x#0)
        }
    }
)"},
    {"forall_chains", "t(x) :- p(x), forall (e(x, y)) => (p(y), y > x).", R"(rule t(x#0)
  p(?x#0)
  forall
    {
      e(x#0, ?y#1)
    }
    => {
      p(y#1)
      test lt(x#0, y#1)
    }
)"},
    {"aggregate", "t(x, n) :- p(x), n = count { y : e(x, y) }.", R"(rule t(x#0, n#1)
  p(?x#0)
  count y#2 -> (?n#1)
    {
      e(x#0, ?y#2)
    }
)"},
    {"aggregate_locals_shadow", "t(y, n) :- p(y), n = max { y : e(_, y) }.", R"(rule t(y#0, n#1)
  p(?y#0)
  max y#2 -> (?n#1)
    {
      e(_, ?y#2)
    }
)"},
    {"aggregate_in_expression", "t(x) :- p(x), x > 2 * count { y : e(x, y) }.", R"(rule t(x#0)
  p(?x#0)
  count y#2 -> (?$1#1)
    {
      e(x#0, ?y#2)
    }
  test lt(mul!(2, $1#1), x#0)
)"},
    {"aggregate_is_tested", "t(x) :- p(x), x = sum { y : e(x, y) }.", R"(rule t(x#0)
  p(?x#0)
  sum y#1 -> (x#0) !
    {
      e(x#0, ?y#1)
    }
)"},
    {"percentile", "t(x) :- x = percentile(95%) { y, z : e(z, y) }.", R"(rule t(x#0)
  percentile 9500 y#1 z#2 -> (?x#0)
    {
      e(?z#2, ?y#1)
    }
)"},
    {"some_and_safe_field", "t(u) :- User(u), some b = u.boss?.boss, b != u.", R"(rule t(u#0)
  User(?u#0)
  some b#1 = attr.1(attr.1(u#0))
  test ne(b#1, u#0)
)"},
    {"plain_becomes_optional", "t(u) :- User(u), u.boss == User(\"a\"), u.boss != none.", R"(rule t(u#0)
  User(?u#0)
  test eq(attr.1(u#0), User("a"))
  test ne(attr.1(u#0), none)
)"},
    {"members_of_a_set", "t(u, s) :- User(u), s in u.tags, \"x\" in u.tags.", R"(rule t(u#0, s#1)
  User(?u#0)
  member (?s#1) in attr.2(u#0)
  test in_set("x", attr.2(u#0))
)"},
    {"hierarchy_is_tested", "t(u) :- u in Group(\"g\"), User(u).", R"(rule t(u#0)
  User(?u#0)
  test in_entity(u#0, Group("g"))
)"},
    {"hierarchy_enumerates_containers", "t(g, h) :- owns(_, g), g in h.", R"(rule t(g#0, h#1)
  owns(_, ?g#0)
  hierarchy (g#0, ?h#1)
)"},
    {"range", "t(x) :- p(x), x in 1..most, x not in { 2, 3 }.", R"(rule t(x#0)
  p(?x#0)
  test and(le(1, x#0), le(x#0, param most))
  test not(in_set(x#0, {2, 3}))
)"},
    {"let_is_inlined", "t(x) :- p(x), twice(x * 2) == 8.", R"(rule t(x#0)
  p(?x#0)
  test eq(add!(mul!(x#0, 2), mul!(x#0, 2)), 8)
)"},
    {"let_with_aggregate", "t(u) :- User(u), total(u) > 2.", R"(rule t(u#0)
  User(?u#0)
  sum $2#2 -> (?$1#1) !
    {
      owns(u#0, ?$3#3)
      p(?$2#2)
      test eq($3#3, $3#3)
    }
  test lt(2, $1#1)
)"},
    {"request_is_passed_on", "t(q, u) :- acts(q, u).", R"(rule t(u#0)
  acts(?u#0)
)"},
    {"request_fields", "t(r: Act, v) :- v = r.labels[\"a\"] ?? \"none\", r.share[red] > 10%.", R"(rule t(v#0)
  v#0 = coalesce(map_get(field.3, "a"), "none")
  test lt(0.1, map_get_total(field.4, red))
)"},
    {"case_becomes_choices", "t(x, c) :- p(x), c = case { x > 9 => high; x > 3 => mid; else => Level.low }.",
     R"(rule t(x#0, c#1)
  p(?x#0)
  c#1 = if(lt(9, x#0), high, if(lt(3, x#0), mid, low))
)"},
    {"guards_prove_no_error", "t(x) :- p(x), x < 100, x > 0, y = x + 1, 7 / x > 1, y > 3.", R"(rule t(x#0)
  p(?x#0)
  test lt(x#0, 100)
  test lt(0, x#0)
  y#1 = add(x#0, 1)
  test lt(1, div(7, x#0))
  test lt(3, y#1)
)"},
    {"ranges_prove_no_error", "t(u, s) :- User(u), s = u.risk * 1000 - 5.", R"(rule t(u#0, s#1)
  User(?u#0)
  s#1 = sub(mul(attr.3(u#0), 1000), 5)
)"},
    {"case_guards_its_arms", "t(x, c) :- p(x), c = case { x > 0 => 7 mod x; else => 7 / x }.", R"(rule t(x#0, c#1)
  p(?x#0)
  c#1 = if(lt(0, x#0), mod(7, x#0), div!(7, x#0))
)"},
};

/// The lines of `dump` that belong to rules of relation t.
std::string rules_of_t(const std::string& dump) {
  std::string out;
  bool inside = false;
  for (size_t at = 0; at < dump.size();) {
    size_t end = dump.find('\n', at) + 1;
    std::string line = dump.substr(at, end - at);
    if (line[0] != ' ') inside = line.starts_with("rule t(");
    if (inside) out += line;
    at = end;
  }
  return out;
}

class RuleCase : public testing::TestWithParam<Case> {};

TEST_P(RuleCase, Dump) {
  Analysis analysis = analyze_text(std::string(kDeclarations) + GetParam().rule + "\n");
  ASSERT_TRUE(analysis.ok) << rendered(analysis);
  EXPECT_EQ(rules_of_t(dump(analysis.program)), GetParam().dump);
}

INSTANTIATE_TEST_SUITE_P(Cases, RuleCase, testing::ValuesIn(kCases),
                         [](const auto& param_info) { return std::string(param_info.param.name); });

}  // namespace
}  // namespace lictor
