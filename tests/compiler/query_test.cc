// Values and patterns as people type them on a command line.
#include <gtest/gtest.h>

#include "tests/compiler/analyze_text.h"

namespace lictor {
namespace {

const Analysis& program() {
  static const Analysis kAnalysis = analyze_text(R"(module t
enum Level { low < high }
entity Agent {}
relation p(a: Agent, level: Level, name: string, n: int 0..9)
relation two(a: Agent, n: int, b: Agent)
param a: bool = true
param b: int 1..4 = 1
param c: decimal = 0.5
param d: Level = low
param e: Agent?
param f: set<string> = {}
param g: map<Level, int> = { low: 1, high: 2 }
param h: duration = 1h
param i: time?
param j: list<int> = []
)");
  return kAnalysis;
}

std::string value(size_t param, std::string_view text) {
  const Schema& schema = program().program.schema;
  Result<Datum> out = parse_value(schema, schema.params[param].type, text);
  return out ? show_source(schema, *out) : "error: " + out.error().message;
}

TEST(ParseValue, RecordsAndUnions) {
  Analysis analysis = analyze_text(R"(module t
entity User
entity Bot
type Actor = User | Bot
param box: record { name: string, n: int 1..4 = 1, note: string?, by: Actor } = { name: "a", by: User("u") }
param who: Actor?
)");
  ASSERT_TRUE(analysis.ok) << rendered(analysis);
  const Schema& schema = analysis.program.schema;
  auto value = [&](size_t param, std::string_view text) {
    Result<Datum> out = parse_value(schema, schema.params[param].type, text);
    return out ? show_source(schema, *out) : "error";
  };
  EXPECT_EQ(value(0, R"({name: "x", by: Bot("b")})"), R"({name: "x", n: 1, note: none, by: Bot("b")})");
  EXPECT_EQ(value(0, R"({by: "User:a:b", note: "y", n: 4, name: "x"})"),
            R"({name: "x", n: 4, note: "y", by: User("a:b")})");
  for (const char* wrong : {"{}", R"({name: "x"})", R"({name: "x", by: "b"})", R"({name: "x", by: Bot("b"), n: 5})",
                            R"({name: "x", by: Bot("b"), m: 1})", R"({name: "x", name: "y", by: Bot("b")})"}) {
    EXPECT_EQ(value(0, wrong), "error") << wrong;
  }
  EXPECT_EQ(value(1, "User:ann"), R"(User("ann"))");
  EXPECT_EQ(value(1, R"(User::"ann")"), "error");  // a person quotes what has quotes
  EXPECT_EQ(value(1, "none"), "none");
  EXPECT_EQ(value(1, "Group:ann"), "error");
}

TEST(ParseValue, Scalars) {
  ASSERT_TRUE(program().ok) << rendered(program());
  EXPECT_EQ(value(0, "true"), "true");
  EXPECT_EQ(value(1, "4"), "4");
  EXPECT_EQ(value(2, "95%"), "0.95");
  EXPECT_EQ(value(2, "-0.25"), "-0.25");
  EXPECT_EQ(value(3, "high"), "high");
  EXPECT_EQ(value(4, "agent-1"), "Agent(\"agent-1\")");
  EXPECT_EQ(value(4, "Agent(\"a b\")"), "Agent(\"a b\")");
  EXPECT_EQ(value(4, "none"), "none");
  EXPECT_EQ(value(7, "90m"), "90m");
  EXPECT_EQ(value(8, "2026-01-01T00:00:00Z"), "time\"2026-01-01T00:00:00Z\"");
}

TEST(ParseValue, Collections) {
  EXPECT_EQ(value(5, "{b, a, b}"), "{\"a\", \"b\"}");
  EXPECT_EQ(value(6, "{high: 2, low: 1}"), "{low: 1, high: 2}");
  EXPECT_EQ(value(9, "[2, 1]"), "[2, 1]");
}

TEST(ParseValue, RefusesWhatDoesNotFit) {
  EXPECT_EQ(value(0, "yes"), "error: `yes` is not a value of type `bool`");
  EXPECT_EQ(value(1, "5"), "error: `5` is not a value of type `int 1..4`");
  EXPECT_EQ(value(3, "mid"), "error: `mid` is not a value of type `Level`");
  EXPECT_EQ(value(6, "{low: 1}"), "error: `{low: 1}` is not a value of type `map<Level, int>`");
  EXPECT_EQ(value(6, "{low: 1, low: 2}"), "error: `{low: 1, low: 2}` is not a value of type `map<Level, int>`");
  EXPECT_EQ(value(9, "[1, x]"), "error: `[1, x]` is not a value of type `list<int>`");
}

TEST(Query, ConstantsVariablesAndWildcards) {
  Result<Query> query = analyze_query(program(), "p(x, high, \"a\", _)");
  ASSERT_TRUE(query) << query.error().message;
  EXPECT_EQ(query->relation, 0u);
  EXPECT_FALSE(query->columns[0]);
  EXPECT_EQ(query->columns[1]->n, 1);
  EXPECT_EQ(query->columns[2]->text, "a");
  EXPECT_FALSE(query->columns[3]);
  EXPECT_EQ(query->names, (std::vector<std::string>{"x", "level", "name", "n"}));
}

TEST(Query, RepeatedVariablesAndEntities) {
  Result<Query> query = analyze_query(program(), "t.two(x, 3, x)");
  ASSERT_TRUE(query) << query.error().message;
  EXPECT_EQ(query->equal, (std::vector<std::pair<uint32_t, uint32_t>>{{0, 2}}));
  query = analyze_query(program(), "Agent(a)");
  ASSERT_TRUE(query) << query.error().message;
  EXPECT_EQ(query->entity, 0u);
  query = analyze_query(program(), "p");
  ASSERT_TRUE(query) << query.error().message;
  EXPECT_EQ(query->columns.size(), 4u);
}

TEST(Query, ArgumentsByName) {
  Result<Query> query = analyze_query(program(), "p(name: \"a\", a: x)");
  ASSERT_TRUE(query) << query.error().message;
  EXPECT_FALSE(query->columns[0]);
  EXPECT_FALSE(query->columns[1]);
  ASSERT_TRUE(query->columns[2]);
  EXPECT_EQ(query->columns[2]->text, "a");
  EXPECT_EQ(query->names, (std::vector<std::string>{"x", "level", "name", "n"}));
  EXPECT_EQ(analyze_query(program(), "p(nam: \"a\")").error().diagnostics[0].code, "E0312");
  EXPECT_EQ(analyze_query(program(), "p(x, a: y)").error().diagnostics[0].code, "E0311");
}

TEST(Query, InstancesHaveTheirTypeWhereNothingElseNamesIt) {
  Analysis lonely = analyze_text("module t\nentity V { n: int } { (\"v1\", n: 1) }\n");
  Result<Query> query = analyze_query(lonely, "V(\"v1\")");
  ASSERT_TRUE(query) << query.error().message;
  EXPECT_EQ(lonely.program.schema.types.kind(query->columns[0]->type), TypeKind::kEntity);
}

TEST(Query, ARepeatedVariableNeedsOneType) {
  Analysis all = analyze_text(R"(module t
enum Level { low < high }
entity A {}
entity B {}
relation q(a: A, b: B, s: string, n: int 0..9, k: int, d: decimal, h: duration, t: time, l: Level, o: A?, m: int?)
)");
  ASSERT_TRUE(all.ok) << rendered(all);
  auto code = [&](std::string_view one, std::string_view other) {
    std::string pattern = "q(" + std::string(one) + ": x, " + std::string(other) + ": x)";
    Result<Query> query = analyze_query(all, pattern);
    return query ? std::string("fine") : query.error().diagnostics[0].code + " " + query.error().message;
  };
  for (auto [one, other] :
       {std::pair("a", "b"), {"a", "s"}, {"n", "d"}, {"n", "h"}, {"h", "t"}, {"l", "n"}, {"l", "t"}})
    EXPECT_EQ(code(one, other).substr(0, 5), "E0301") << one << other;
  for (auto [one, other] : {std::pair("n", "k"), {"a", "o"}, {"m", "n"}}) EXPECT_EQ(code(one, other), "fine") << one;
  EXPECT_EQ(
      code("a", "n"),
      "E0301 expected a value of type `A`, which `x` has in column `a`, found one of type `int 0..9` in column `n`");
}

TEST(Query, Mistakes) {
  EXPECT_EQ(analyze_query(program(), "q(x)").error().diagnostics[0].code, "E0201");
  EXPECT_EQ(analyze_query(program(), "p(x)").error().diagnostics[0].code, "E0309");
  EXPECT_EQ(analyze_query(program(), "p(x, high, \"a\", 10)").error().diagnostics[0].code, "E0301");
  EXPECT_EQ(analyze_query(program(), "p(x,").error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(analyze_query(program(), "1 + 2").error().diagnostics[0].code, "E0318");
}

}  // namespace
}  // namespace lictor
