// Policies decided by both engines: what each construct of the plan means in native code. ask() fails where they differ.
#include <gtest/gtest.h>

#include "tests/llvm/engines.h"

namespace lictor::testing {
namespace {

/// What every request of six switches is answered with; both engines, quick and full, must agree on each.
std::string all_answers(const Engines& engines) {
  std::string answers;
  for (int bits = 0; bits < 64; ++bits) {
    std::string request;
    for (int i = 0; i < 6; ++i) {
      request += std::string(i == 0 ? "{" : ", ") + "\"" + std::string(1, static_cast<char>('a' + i)) +
                 "\": " + ((bits >> i & 1) != 0 ? "true" : "false");
    }
    std::string answer = ask(engines, request + "}");
    answers += answer.substr(0, answer.find(':')) + "\n";
  }
  return answers;
}

TEST(Native, RanksAndOutcomes) {
  Engines engines = engines_of(plan_of(R"(
module t
request R { a: bool = false, b: bool = false, c: bool = false, d: bool = false, e: bool = false, f: bool = false }
requirement sign(count: int)
decision gate(r: R) {
  default deny "nothing"
  override deny od: "od" if r.a.
  override require oq: "oq" sign(count: 1) if r.b.
  override allow oa: "oa" if r.c.
  deny pd: "pd" if r.d.
  require pq: "pq" sign(count: 2) if r.e.
  allow pa: "pa" if r.f.
}
)"));
  std::string answers = all_answers(engines);
  EXPECT_EQ(answers.substr(0, 30), "deny default\ndeny od\ndeny defa");
  EXPECT_EQ(ask(engines, R"({"b": true, "f": true})"), "require oq: oq; also allow pa: pa");
  EXPECT_EQ(ask(engines, R"({"b": true, "e": true, "f": true})"),
            "require oq: oq; also require pq: pq; also allow pa: pa");
  EXPECT_EQ(ask(engines, R"({"b": true, "d": true, "f": true})"),
            "deny pd: pd; also require oq: oq; also allow pa: pa");
  EXPECT_EQ(ask(engines, R"({"e": true})"), "deny default: nothing; also require pq: pq");
}

TEST(Native, WaysOfCombining) {
  auto engines = [](const std::string& way, const std::string& first) {
    return engines_of(plan_of(R"(
module t
request R { a: bool = false, b: bool = false, c: bool = false, d: bool = false, e: bool = false, f: bool = false }
requirement sign(count: int)
decision gate(r: R) combining )" +
                              way + R"( {
  default deny "nothing"
  )" + first + R"( require q: "q" sign(count: 1) if r.a.
  allow p: "p" if r.b.
  deny n: "n" if r.c.
  deny m: "m" if r.d.
  override require oq: "oq" sign(count: 2) if r.e.
  override deny on: "on" if r.f.
}
)"));
  };
  Engines permit = engines("permit_overrides", "");
  EXPECT_NE(all_answers(permit), "");
  EXPECT_EQ(ask(permit, R"({"b": true, "c": true, "a": true})"), "allow p: p; also require q: q; also deny n: n");
  EXPECT_EQ(ask(permit, R"({"c": true, "d": true})"), "deny n: n; also deny m: m");
  EXPECT_EQ(ask(permit, R"({"a": true, "c": true})"), "deny default: nothing; also require q: q; also deny n: n");
  EXPECT_EQ(ask(permit, R"({"e": true, "f": true, "b": true})"), "require oq: oq; also deny on: on; also allow p: p");
  EXPECT_EQ(ask(permit, R"({"e": true, "f": true, "c": true})"), "deny n: n; also require oq: oq; also deny on: on");

  Engines first = engines("first_applicable", "");
  EXPECT_NE(all_answers(first), all_answers(permit));
  EXPECT_EQ(ask(first, R"({"b": true, "c": true, "d": true})"), "allow p: p; also deny n: n; also deny m: m");
  EXPECT_EQ(ask(first, R"({"a": true, "b": true, "d": true})"), "require q: q; also allow p: p; also deny m: m");
  EXPECT_EQ(ask(first, R"({"a": true, "d": true})"), "deny m: m; also require q: q");
  EXPECT_EQ(ask(first, R"({"b": true, "f": true})"), "deny on: on; also allow p: p");

  Engines ranked = engines("priority", "@priority(-1)");
  EXPECT_NE(all_answers(ranked), all_answers(first));
  EXPECT_EQ(ask(ranked, R"({"a": true, "b": true})"), "allow p: p; also require q: q");
  EXPECT_EQ(ask(ranked, R"({"b": true, "d": true})"), "deny m: m; also allow p: p");
}

TEST(Native, ClausesThatAreOnlyObserved) {
  Engines engines = engines_of(plan_of(R"(
module t
request R { n: int }
decision gate(r: R) {
  default deny "nothing"
  allow small: "small" if r.n < 10.
  @mode(observe) deny odd: "{r.n} is odd" if r.n mod 2 == 1.
  @mode(warn) override deny three: "three" if r.n == 3.
}
)"));
  EXPECT_EQ(ask(engines, R"({"n": 3})"), "allow small: small");
  EXPECT_EQ(ask(engines, R"({"n": 13})"), "deny default: nothing");
}

TEST(Native, KeysAsFunctions) {
  auto plan = plan_of(R"(
module t
entity Owner { rank: int } { ("o1", rank: 3) ("o2", rank: 7) }
relation owner(thing: string, owner: Owner) key(thing) { ("x", "o1") ("y", "o2") }
relation price(thing: string, region: string, cents: int) key(thing, region)
  { ("x", "eu", 100) ("x", "us", 9) ("y", "eu", 5) ("z", "eu", -9_223_372_036_854_775_808) }
request R { thing: string, region: string = "eu", other: string? }
decision gate(r: R) {
  default deny "nothing"
  allow owned: "{owner[r.thing] ?? Owner(\"o1\")}" if owner[r.thing]?.rank ?? 0 > 5.
  deny orphan: "orphan" if not has owner[r.thing], r.other == none.
  allow same: "same" if some o = r.other, owner[o] == owner[r.thing], r.thing != o.
}
decision pay(r: R) {
  default deny "nothing"
  allow cheap: "{price[(r.thing, r.region)] ?? 0}" if price[(r.thing, r.region)] ?? 1000 < 50.
  allow never: "never" if price[(r.thing, r.region)] == none, 1 / (price[(r.thing, r.region)] ?? 0) > 0.
}
)");
  Engines engines = engines_of(plan);
  EXPECT_EQ(ask(engines, R"({"thing": "x"})"), "deny default: nothing");
  EXPECT_EQ(ask(engines, R"({"thing": "y"})"), "allow owned: o2");
  EXPECT_EQ(ask(engines, R"({"thing": "q"})"), "deny orphan: orphan");
  EXPECT_EQ(ask(engines, R"({"thing": "q", "other": "p"})"), "allow same: same");
  EXPECT_EQ(ask(engines, R"({"thing": "x", "other": "y"})"), "deny default: nothing");
  EXPECT_EQ(ask(engines, R"({"thing": "x", "region": "us"})", 0, 1), "allow cheap: 9");
  EXPECT_EQ(ask(engines, R"({"thing": "x"})", 0, 1), "deny default: nothing");
  EXPECT_EQ(ask(engines, R"({"thing": "q"})", 0, 1).substr(0, 39), "deny default: nothing; division by zero");
  EXPECT_EQ(ask(engines, R"({"thing": "z"})", 0, 1).substr(0, 31), "deny default: nothing; overflow");
  auto text = dump_native(*plan, 2);
  ASSERT_TRUE(text);
  EXPECT_EQ(text->find("lictor_bag_open"), std::string::npos);
}

TEST(Native, AttributesOptionalsAndLazyOperators) {
  Engines engines = engines_of(plan_of(R"(
module t
entity Team { lead: User? }
entity User { level: int, team: Team?, boss: User? }
  { ("u1", level: 1, boss: User("u2")) ("u2", level: 5, team: Team("x")) ("u3", level: 3, boss: User("u1")) }
request R { who: User?, other: User?, n: int = 0 }
let level(r: R) -> int? = r.who?.boss?.level ?? r.other?.level
decision gate(r: R) {
  default deny "nothing"
  allow high: "level {n}" if some n = level(r), n >= 3, (n > 4 or r.n == 7).
  deny lead: "lead" if some u = r.who, some t = u.team, not has t.lead.
  allow picked: "picked {v}" if v = case { r.n > 10 => r.n - 10; r.n > 5 => r.n * 2; else => 0 }, v > 8.
}
)"));
  EXPECT_EQ(ask(engines, R"({"who": "u1"})"), "allow high: level 5");
  EXPECT_EQ(ask(engines, R"({"who": "u3", "n": 7})"), "allow picked: picked 14");
  EXPECT_EQ(ask(engines, R"({"who": "u2"})"), "deny lead: lead");
  EXPECT_EQ(ask(engines, R"({"other": "u3", "n": 7})"), "allow high: level 3; also allow picked: picked 14");
  EXPECT_EQ(ask(engines, R"({"n": 19})"), "allow picked: picked 9");
  EXPECT_EQ(ask(engines, R"({})"), "deny default: nothing");
}

TEST(Native, ErrorsCountWhereAllToTheirLeftHolds) {
  Engines engines = engines_of(plan_of(R"(
module t
relation n(value: int) { (1) (5) (0) }
request R { a: int, b: int, d: decimal = 1.0 }
decision gate(r: R) {
  default deny "nothing"
  allow product: "product" if r.a * r.b > 10.
  deny quotient: "quotient" if r.a > 0, r.a / r.b > 10.
  allow rest: "rest" if r.a mod r.b == 3.
  deny some_row: "row {v}" if r.a > 100, n(v), 100 / v == r.b.
  deny exact: "exact" if int(r.d) == 7.
  allow any: "any" if exists (n(v), 10 / v == 2).
}
)"));
  EXPECT_EQ(ask(engines, R"({"a": 3, "b": 4})"),
            "allow product: product; also allow rest: rest; division by zero in clause `any` at 12:37");
  for (const char* request :
       {R"({"a": 3, "b": 4})", R"({"a": 3, "b": 0})", R"({"a": 9223372036854775807, "b": 2})",
        R"({"a": -9223372036854775808, "b": -1})", R"({"a": 200, "b": 100})", R"({"a": 200, "b": 20})",
        R"({"a": 1, "b": 1, "d": 7.5})", R"({"a": 1, "b": 1, "d": 7})", R"({"a": 7, "b": 4})"}) {
    EXPECT_NE(ask(engines, request), "");
  }
  EXPECT_NE(ask(engines, R"({"a": 1, "b": 0})").find("division"), std::string::npos);
}

TEST(Native, CollectionsMapsAndTexts) {
  Engines engines = engines_of(plan_of(R"(
module t
enum Part { canvas, form, stream }
param enforce: map<Part, bool> = { canvas: true, form: false, stream: true }
entity Box { tags: set<string> } { ("b1", tags: {"x", "y"}) ("b2", tags: {}) }
relation part_of(action: string, part: Part) key(action) { ("draw", canvas) ("fill", form) ("send", stream) }
request R { action: string, tags: set<string> = {}, list: list<int> = [], box: Box?, names: map<string, int> = {} }
decision gate(r: R) {
  default deny "nothing"
  deny enforced: "{p} is enforced" if part_of(r.action, p), enforce[p], r.action not in {"send", "draw2"}.
  allow element: "element {i} is {v}" if (i, v) in r.list, v > 5.
  allow tagged: "tag {t}" if some b = r.box, t in b.tags, t in r.tags.
  allow name: "name {k}" if (k, v) in r.names, v == size(k), starts_with(k, "a").
  deny many: "many" if size(r.tags) > 3, ends_with(r.action, "!"), contains(r.action, "x").
  allow last: "{r.action} < z" if r.names["q"] == 4, r.action < "z".
}
)"));
  EXPECT_EQ(ask(engines, R"({"action": "draw"})"), "deny enforced: canvas is enforced");
  EXPECT_EQ(ask(engines, R"({"action": "send"})"), "deny default: nothing");
  EXPECT_EQ(ask(engines, R"({"action": "fill", "list": [1, 9, 7]})"),
            "allow element: element 1 is 9; also allow element: element 2 is 7");
  EXPECT_EQ(ask(engines, R"({"action": "?", "box": "b1", "tags": ["y", "q", "x"]})"),
            "allow tagged: tag x; also allow tagged: tag y");
  EXPECT_EQ(ask(engines, R"({"action": "?", "names": {"abc": 3, "ab": 3, "bcd": 3}})"), "allow name: name abc");
  EXPECT_EQ(ask(engines, R"({"action": "xx!", "tags": ["1", "2", "3", "4"]})"), "deny many: many");
  EXPECT_EQ(ask(engines, R"({"action": "unheard of", "names": {"q": 4}})"), "allow last: unheard of < z");
}

TEST(Native, CollectionsThatThePolicySpellsOut) {
  Engines engines = engines_of(plan_of(R"(
module t
enum Color { red, green, blue, black }
param warm: map<Color, bool> = { red: true, green: false, blue: false, black: true }
param same: map<Color, int> = { red: 7, green: 7, blue: 7, black: 7 }
param price: map<Color, int> = { red: 3, green: 5, blue: -2, black: 0 }
param label: map<Color, string> = { red: "r", green: "g", blue: "b", black: "k" }
request R { color: Color, n: int = 0, text: string = "" }
decision gate(r: R) {
  default deny "nothing"
  allow a: "warm" if warm[r.color].
  allow b: "priced {p}" if p = price[r.color], (p > 2 or p < 0), r.n >= same[r.color].
  allow c: "label {l}" if l = label[r.color], l == r.text.
  allow d: "some color" if r.color in {green, black}, r.n in {1, 2, 3, 5, 8, 13, 21, 34, 55, 89, -7}.
  allow e: "some text" if r.text in {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"}.
  allow f: "few" if r.text in {"x", "y"}, r.n not in {4, 5}.
}
)"));
  for (const char* color : {"red", "green", "blue", "black"}) {
    for (int n : {-7, 0, 1, 4, 6, 7, 8, 90}) {
      for (const char* text : {"r", "b", "k", "j", "x", "unknown"}) {
        EXPECT_NE(ask(engines, std::string(R"({"color": ")") + color + R"(", "n": )" + std::to_string(n) +
                                   R"(, "text": ")" + text + "\"}"),
                  "");
      }
    }
  }
  EXPECT_EQ(ask(engines, R"({"color": "green", "n": 13, "text": "g"})"),
            "allow b: priced 5; also allow c: label g; also allow d: some color; also allow e: some text");
  EXPECT_EQ(ask(engines, R"({"color": "blue", "n": 3, "text": "y"})"), "allow f: few");
}

TEST(Native, RulesOfRequestTime) {
  Engines engines = engines_of(plan_of(R"(
module t
entity Group in Group {} { ("g1") ("g2") ("g3") }
entity User in Group { clearance: int } { ("u1", clearance: 2) ("u2", clearance: 4) ("u3", clearance: 1) }
entity Place in Place {} { ("p1") ("p2") }
relation owns(who: User, what: string) { (User("u1"), "a") (User("u2"), "b") (User("u3"), "a") }
relation edge(from: int, to: int) { (1, 2) (2, 3) (3, 1) (3, 4) (7, 8) }
request R { who: User, what: string = "", limit: int = 0, start: int = 1, group: Group?, place: Place? }

may(r: R, u: User, w: string) :- owns(u, w), u.clearance >= r.limit.
may(r: R, u: User, w: string) :- owns(o, w), User(u), u in Group("g1"), o == r.who.
reach(r: R, x: int) :- x = r.start.
reach(r: R, y: int) :- reach(r, x), edge(x, y).

decision gate(r: R) {
  default deny "nothing"
  allow direct: "direct" if may(r, r.who, r.what).
  allow someone: "{u} may too" if may(r, u, r.what), u != r.who.
  deny members: "{c} holds {r.who}" if r.what == "holds", Group(c), r.who in c, c != Group("g1").
  deny containers: "{c} holds {g}" if r.what == "up", some g = r.group, g in c.
  deny within: "{c} in {p}" if r.what == "down", some p = r.place, c in p.
  deny counted: "{n} reachable" if r.what == "count", n = count { x : reach(r, x) }, n > 1.
  deny summed: "{s} over {m}" if r.what == "sum", s = sum { x : reach(r, x), x != 2 }, m = max { x : reach(r, x) }.
  deny absent: "no others" if r.what == "none", not may(r, r.who, "a").
  deny whole: "all" if r.what == "all", forall (owns(u, "a")) => (u in Group("g1")).
}
)"),
                               {}, [](FactSet& facts) {
                                 facts.entities[0][1].parents = {{0, "g1"}};
                                 facts.entities[0][2].parents = {{0, "g2"}};
                                 facts.entities[2][1].parents = {{2, "p1"}};
                                 facts.entities[1][0].parents = {{0, "g3"}};
                                 facts.entities[1][2].parents = {{0, "g2"}};
                               });
  for (const char* who : {"u1", "u2", "u3"}) {
    for (const char* what : {"a", "b", "c", "holds", "count", "sum", "none", "all"}) {
      for (const char* rest : {"", R"(, "limit": 2)", R"(, "start": 7)", R"(, "limit": 9, "start": 4)"}) {
        std::string request = std::string(R"({"who": ")") + who + R"(", "what": ")" + what + "\"" + rest + "}";
        EXPECT_NE(ask(engines, request), "");
      }
    }
  }
  EXPECT_EQ(ask(engines, R"({"who": "u2", "what": "count"})"), "deny counted: 4 reachable");
  EXPECT_EQ(ask(engines, R"({"who": "u2", "what": "sum"})"), "deny summed: 8 over 4");
  EXPECT_EQ(ask(engines, R"({"who": "u2", "what": "all"})"), "deny whole: all");
  EXPECT_EQ(ask(engines, R"({"who": "u1", "what": "up", "group": "g2"})"),
            "deny containers: g1 holds g2; also deny containers: g2 holds g2");
  EXPECT_EQ(ask(engines, R"({"who": "u1", "what": "down", "place": "p1"})"),
            "deny within: p1 in p1; also deny within: p2 in p1");
  EXPECT_EQ(ask(engines, R"({"who": "u1", "what": "down", "place": "unknown"})"), "deny within: unknown in unknown");
  EXPECT_EQ(ask(engines, R"({"who": "u1", "what": "holds"})"),
            "deny members: g2 holds u1; also deny members: g3 holds u1");
}

/// One clause per row in `clauses`, all of one shape; and the same with other clauses between them.
std::string many_clauses(int count, bool mixed) {
  std::string text =
      "module t\nrequest R { action: string, level: int, flag: bool = false }\ndecision gate(r: R) {\n  default deny "
      "\"none\"\n";
  for (int i = 0; i < count; ++i) {
    std::string n = std::to_string(i);
    if (mixed && i % 7 == 3) {
      text += "  allow m" + n + ": \"mixed " + n + "\" if r.flag, r.level == " + n + ".\n";
      continue;
    }
    text += "  allow c" + n + ": \"clause " + n + "\" if r.action == \"a" + std::to_string(i % 50) +
            "\", r.level >= " + n + ".\n";
  }
  return text + "}\n";
}

TEST(Native, ManyClausesOfOneShape) {
  for (bool mixed : {false, true}) {
    Engines engines = engines_of(plan_of(many_clauses(300, mixed)));
    EXPECT_EQ(ask(engines, R"({"action": "a8", "level": 7})"), "deny default: none");
    EXPECT_EQ(ask(engines, R"({"action": "a8", "level": 60})"), "allow c8: clause 8; also allow c58: clause 58");
    EXPECT_EQ(ask(engines, R"({"action": "unknown", "level": 999})"), "deny default: none");
    for (int level = 0; level < 300; level += 17) {
      for (const char* flag : {"true", "false"}) {
        std::string n = std::to_string(level);
        ask(engines, R"({"action": "a17", "level": )" + n + R"(, "flag": )" + flag + "}");
      }
    }
  }
}

/// Clauses that all differ in shape: more than one function can hold.
TEST(Native, ManyClausesOfManyShapes) {
  std::string text = "module t\nrelation p(x: int, y: int) { (1, 2) (2, 3) (3, 4) }\nrequest R {";
  for (int i = 0; i < 24; ++i) text += std::string(i == 0 ? "" : ",") + " f" + std::to_string(i) + ": int = 0";
  text += " }\ndecision gate(r: R) {\n  default deny \"none\"\n";
  for (int i = 0; i < 276; ++i) {
    int a = 0;
    int b = i;
    while (b >= 23 - a) b -= 23 - a++;
    std::string x = "r.f" + std::to_string(a);
    std::string y = "r.f" + std::to_string(a + 1 + b);
    text += std::string(i % 3 == 0 ? "  deny" : "  allow") + " c" + std::to_string(i) + ": \"" + std::to_string(i) +
            "\" if " + x + " > 0, p(" + x + ", " + y + ").\n";
  }
  text += "}\n";
  Engines engines = engines_of(plan_of(text));
  EXPECT_EQ(ask(engines, "{}"), "deny default: none");
  for (int i = 0; i < 23; ++i) {
    for (int j = i + 1; j < 24; j += 3) {
      ask(engines, "{\"f" + std::to_string(i) + "\": 1, \"f" + std::to_string(j) + "\": 2}");
      ask(engines, "{\"f" + std::to_string(i) + "\": 2, \"f" + std::to_string(j) + "\": 3, \"f0\": 1}");
    }
  }
}

TEST(Native, AnExhaustedBudgetDenies) {
  EvalLimits limits;
  limits.steps = 1000;
  std::string rows;
  for (int i = 0; i < 60; ++i) rows += " (" + std::to_string(i) + ")";
  Engines engines = engines_of(plan_of(R"(
module t
relation n(value: int) {)" + rows + R"( }
request R { a: int }
decision gate(r: R) {
  default deny "nothing"
  deny triple: "triple" if r.a > 0, n(x), n(y), n(z), x + y + z == r.a.
  allow pair: "pair" if r.a < 0, n(x), n(y), x - y == r.a, x > 30.
}
)"),
                               limits);
  EXPECT_NE(ask(engines, R"({"a": 170})").find("budget"), std::string::npos);
  EXPECT_NE(ask(engines, R"({"a": -59})").find("budget"), std::string::npos);
}

TEST(Native, DumpIsText) {
  auto plan = plan_of(many_clauses(3, false));
  auto text = dump_native(*plan, 2);
  ASSERT_TRUE(text) << text.error().message;
  EXPECT_NE(text->find("define internal i64 @quick.0"), std::string::npos);
  EXPECT_NE(text->find("lictor_entries"), std::string::npos);
  EXPECT_EQ(*text, *dump_native(*plan, 2));
}

}  // namespace
}  // namespace lictor::testing
