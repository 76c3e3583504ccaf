// Words from text and back, types and values as people read them, components of graphs.
#include "compiler/literals.h"

#include <gtest/gtest.h>

#include "compiler/canonical.h"
#include "compiler/graph.h"
#include "compiler/schema.h"

namespace lictor {
namespace {

TEST(Literals, Decimals) {
  EXPECT_EQ(parse_decimal("0.95"), 9500);
  EXPECT_EQ(parse_decimal("-3"), -30000);
  EXPECT_EQ(parse_decimal("12.50000"), 125000);
  EXPECT_EQ(parse_decimal("922337203685477.5807"), INT64_MAX);
  EXPECT_EQ(parse_decimal("-922337203685477.5808"), INT64_MIN);
  for (const char* bad : {"", ".5", "5.", "1.23456", "1e3", "922337203685477.5808", "--1", "1 "}) {
    EXPECT_FALSE(parse_decimal(bad)) << bad;
  }
  EXPECT_EQ(parse_percent("99.5"), 9950);
  EXPECT_FALSE(parse_percent("0.001"));
}

TEST(Literals, ShowDecimal) {
  EXPECT_EQ(show_decimal(3000, false), "0.3");
  EXPECT_EQ(show_decimal(20000, false), "2");
  EXPECT_EQ(show_decimal(20000, true), "2.0");
  EXPECT_EQ(show_decimal(-5, false), "-0.0005");
  EXPECT_EQ(show_decimal(INT64_MIN, false), "-922337203685477.5808");
}

TEST(Literals, Integers) {
  EXPECT_EQ(parse_int("-9223372036854775808"), INT64_MIN);
  EXPECT_FALSE(parse_int("9223372036854775808"));
  EXPECT_FALSE(parse_int("1_000"));
  EXPECT_FALSE(parse_int("+1"));
}

TEST(Literals, Durations) {
  EXPECT_EQ(parse_duration("200ms"), 200'000);
  EXPECT_EQ(parse_duration("-5m"), -300'000'000);
  EXPECT_FALSE(parse_duration("5"));
  EXPECT_FALSE(parse_duration("5y"));
  EXPECT_FALSE(parse_duration("99999999999w"));
  EXPECT_EQ(show_duration(90'000'000), "90s");
  EXPECT_EQ(show_duration(86'400'000'000), "1d");
  EXPECT_EQ(show_duration(0), "0s");
  EXPECT_EQ(show_duration(1), "1us");
}

TEST(Literals, Times) {
  EXPECT_EQ(parse_time("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(parse_time("1970-01-01T01:00:00.5+01:00"), 500'000);
  for (const char* text : {"2026-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z",
                           "2024-02-29T12:30:00.25Z", "1969-12-31T23:59:59.999999Z"}) {
    ASSERT_TRUE(parse_time(text)) << text;
    EXPECT_EQ(show_time(*parse_time(text)), text);
  }
  for (const char* bad :
       {"2026-01-01T23:59:60Z", "2023-02-29T00:00:00Z", "2026-01-01T00:00:00", "2026-01-01", "0000-01-01T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00.1234567Z",
        "2026-01-01T00:00:00Zx", "2026-01-01t00:00:00z", "2026-01-01T00:00:00 Europe/Berlin"}) {
    EXPECT_FALSE(parse_time(bad)) << bad;
  }
}

TEST(Types, EqualTypesHaveOneId) {
  TypeTable types;
  TypeId a = types.set_of(types.ranged(kIntType, 1, 4));
  EXPECT_EQ(a, types.set_of(types.ranged(kIntType, 1, 4)));
  EXPECT_NE(a, types.set_of(kIntType));
  EXPECT_EQ(types.optional_of(types.optional_of(a)), types.optional_of(a));
  EXPECT_EQ(types.strip_range(types.optional_of(types.ranged(kIntType, 1, 4))), types.optional_of(kIntType));
}

TEST(Schema, ValuesHaveOneOrder) {
  Schema schema;
  TypeId optional = schema.types.optional_of(kIntType);
  Datum none{optional, true, 0, "", {}}, one{optional, false, 1, "", {}}, two{optional, false, 2, "", {}};
  EXPECT_LT(compare(schema, none, one), 0);
  EXPECT_LT(compare(schema, one, two), 0);
  EXPECT_EQ(compare(schema, none, none), 0);
  Datum a{kStringType, false, 0, "a", {}}, b{kStringType, false, 0, "\xC3\xA4", {}};
  EXPECT_LT(compare(schema, a, b), 0);
  TypeId list = schema.types.list_of(kStringType);
  EXPECT_LT(compare(schema, Datum{list, false, 0, "", {a}}, Datum{list, false, 0, "", {a, a}}), 0);
  EXPECT_EQ(show(schema, Datum{list, false, 0, "", {a, b}}), "[a, \xC3\xA4]");
  EXPECT_EQ(show_source(schema, Datum{kStringType, false, 0, "a\"{b}\n", {}}), "\"a\\\"\\{b\\}\\n\"");
}

TEST(Graph, ComponentsComeAfterWhatTheyNeed) {
  Graph graph{{1}, {2}, {0, 3}, {}, {4}};
  EXPECT_EQ(strongly_connected(graph), (std::vector<std::vector<uint32_t>>{{3}, {0, 1, 2}, {4}}));
  EXPECT_TRUE(is_cycle(graph, {4}));
  EXPECT_FALSE(is_cycle(graph, {3}));
  EXPECT_EQ(shortest_cycle(graph, {0, 1, 2}, 1, 2), (std::vector<uint32_t>{1, 2, 0, 1}));
  EXPECT_EQ(shortest_cycle(graph, {4}, 4, 4), (std::vector<uint32_t>{4, 4}));
}

TEST(Graph, ALongChainIsNoDeepRecursion) {
  Graph graph(1'000'000);
  for (uint32_t i = 0; i + 1 < graph.size(); ++i) graph[i].push_back(i + 1);
  EXPECT_EQ(strongly_connected(graph).size(), graph.size());
}

TEST(Canonical, LayoutAndCommentsDoNotCount) {
  EXPECT_EQ(canonical_text("p(x) :-q(x,1.5). // c\n"), canonical_text("/// d\np ( x )\n:- q(x, 1.5) ."));
  EXPECT_NE(canonical_text("a. b"), canonical_text("a.b"));
  EXPECT_NE(canonical_text("\"a  b\""), canonical_text("\"a b\""));
  EXPECT_EQ(canonical_text("\"a // b\" c"), canonical_text("\"a // b\"\nc"));
}

}  // namespace
}  // namespace lictor
