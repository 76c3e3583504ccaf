// Completion: what is offered at a mark `^` in a text, as a person types it, so mostly in the middle of a statement.
#include <algorithm>

#include "tests/lsp/client.h"

namespace lictor::lsp {
namespace {

using Strings = std::vector<std::string>;

const std::string kHead = R"(module c
use std.governance (alert)
enum Level { low < high }
enum Colour { red, green }
entity Agent { level: Level, lead: Agent?, sealed: bool }
relation needs(action: string, level: Level) key(action) { ("read", low) }
param strict: bool = true
request Act { agent: Agent?, action: string }
let asker(r: Act) -> Agent? = r.agent
)";

class CompletionTest : public ::testing::Test {
 protected:
  json items(const std::string& text) {
    Marked found = marked(text);
    client.open("untitled:c", found.text);
    last_ = found.text;
    return client.result("textDocument/completion", at("untitled:c", found.at))["items"];
  }
  Strings labels(const std::string& text) {
    Strings out;
    for (const json& item : items(text)) out.push_back(item["label"]);
    return out;
  }
  /// The first ones, in the order in which an editor shows them.
  Strings first(const std::string& text, size_t count) {
    json all = items(text);
    std::vector<json> sorted(all.begin(), all.end());
    std::ranges::stable_sort(sorted, {}, [](const json& item) { return item["sortText"].get<std::string>(); });
    Strings out;
    for (const json& item : sorted) out.push_back(item["label"]);
    out.resize(std::min(count, out.size()));
    return out;
  }
  bool offers(const std::string& text, const std::string& label) {
    Strings all = labels(text);
    return std::ranges::find(all, label) != all.end();
  }
  static std::string clause(const std::string& body) {
    return kHead + "decision act(r: Act) {\n  default deny \"no\"\n  allow one: \"yes\"\n    if " + body +
           "\n  deny two: \"no\" if r.action == \"x\".\n}\n";
  }

  Client client;
  std::string last_;
};

TEST_F(CompletionTest, BehindTheDotOfARequest) {
  for (const char* body : {"r.^", "r.^.", "r.ac^", "r.ac^.", "strict, r.^", "not (r.^", "needs(r.^", "needs(r.^, l).",
                           "x = r.^, strict.", "asker(r) == r.^"})
    EXPECT_EQ(labels(clause(body)), (Strings{"agent", "action"})) << body;
}

TEST_F(CompletionTest, BehindTheDotOfAnEntity) {
  Strings attributes{"level", "lead", "sealed", "id"};
  for (const char* body : {"some a = r.agent, a.^", "some a = r.agent, a.^.", "some a = asker(r), a.le^ >= low.",
                           "Agent(a), a.^", "some a = r.agent, some b = a.lead, b.^", "r.agent?.^",
                           "exists (Agent(q), q.^", "n = count { a : Agent(a), a.^"})
    EXPECT_EQ(labels(clause(body)), attributes) << body;
}

TEST_F(CompletionTest, InAMessage) {
  EXPECT_EQ(labels(kHead + "decision d(r: Act) {\n  default deny \"no {r.^}\"\n}\n"), (Strings{"agent", "action"}));
  EXPECT_EQ(labels(kHead + "decision d(r: Act) {\n  default deny \"no r.^\"\n}\n"), Strings{});
  EXPECT_EQ(labels(kHead + "// r.^\n"), Strings{});
}

TEST_F(CompletionTest, MembersOfAnEnum) {
  EXPECT_EQ(labels(clause("some a = r.agent, a.level == Level.^")), (Strings{"low", "high"}));
  EXPECT_EQ(labels(clause("x = Colour.g^")), (Strings{"red", "green"}));
}

TEST_F(CompletionTest, TheValuesThatAreWantedComeFirst) {
  for (const char* body :
       {"some a = r.agent, a.level >= ^", "some a = r.agent, a.level == ^.", "needs(r.action, ^", "needs(r.action, ^).",
        "needs(r.action, level: h^).", "some a = r.agent, a.level in {low, ^"})
    EXPECT_EQ(first(clause(body), 2), (Strings{"high", "low"})) << body;
  EXPECT_EQ(first(clause("some a = r.agent, a.sealed == ^."), 2), (Strings{"a", "false"}));
  EXPECT_EQ(first(kHead + "relation p(l: Level) { (^) }\n", 2), (Strings{"high", "low"}));
  EXPECT_EQ(first(kHead + "param p: Colour = ^\n", 2), (Strings{"green", "red"}));
}

TEST_F(CompletionTest, NamesInScope) {
  Strings all = labels(clause("some who = r.agent, ^"));
  for (const char* wanted :
       {"who", "r", "strict", "needs", "asker", "Agent", "Level", "size", "not", "exists", "count"})
    EXPECT_NE(std::ranges::find(all, wanted), all.end()) << wanted;
  EXPECT_EQ(std::ranges::find(all, "act"), all.end());  // a decision is no value
  EXPECT_EQ(std::ranges::find(all, "lictor_hole_"), all.end());
  EXPECT_FALSE(offers(kHead + "p(x) :- needs(x, other).\nq(y) :- needs(y, ^", "other"));  // of another rule
}

TEST_F(CompletionTest, NamesOfColumnsAndParameters) {
  EXPECT_TRUE(offers(clause("needs(^"), "action"));
  EXPECT_TRUE(offers(clause("needs(action: \"x\", ^"), "level"));
  EXPECT_FALSE(offers(clause("needs(action: ^"), "level"));
  json all = items(clause("needs(^"));
  auto action = std::ranges::find_if(all, [](const json& item) { return item["label"] == "action"; });
  ASSERT_NE(action, all.end());
  EXPECT_EQ((*action)["textEdit"]["newText"], "action: ");
  EXPECT_EQ((*action)["detail"], "string");
  EXPECT_TRUE(offers(kHead + "decision d(r: Act) {\n  default deny \"no\" then alert(^\n}\n", "severity"));
  EXPECT_TRUE(offers(kHead + "decision d(r: Act) { default deny \"no\" }\ntest \"t\" {\n  expect d(^\n}\n", "agent"));
  EXPECT_TRUE(offers(kHead + "test \"t\" {\n  given Agent(\"a\", ^\n}\n", "level"));
}

TEST_F(CompletionTest, Keywords) {
  EXPECT_TRUE(offers("^", "module"));
  EXPECT_TRUE(offers(kHead + "dec^", "decision"));
  EXPECT_TRUE(offers(kHead + "\n^\n", "relation"));
  EXPECT_TRUE(offers(clause("strict.\n  al^"), "allow"));
  EXPECT_TRUE(offers(kHead + "decision d(r: Act) {\n  ^\n}\n", "default"));
  EXPECT_TRUE(offers(kHead + "decision d(r: Act) {\n  default deny \"no\"\n  ^\n}\n", "override"));
  EXPECT_TRUE(offers(kHead + "test \"t\" {\n  ^\n}\n", "given"));
  EXPECT_TRUE(offers(clause("strict th^"), "then"));
  EXPECT_FALSE(offers(clause("strict.\n  al^"), "strict"));
}

TEST_F(CompletionTest, Types) {
  Strings all = labels(kHead + "entity E { a: ^ }\n");
  for (const char* wanted : {"Level", "Agent", "int", "set"})
    EXPECT_NE(std::ranges::find(all, wanted), all.end()) << wanted;
  EXPECT_EQ(std::ranges::find(all, "strict"), all.end());
  EXPECT_TRUE(offers(kHead + "param p: L^\n", "Level"));
  EXPECT_TRUE(offers(kHead + "param p: set<^\n", "Level"));
  EXPECT_TRUE(offers(kHead + "entity E in ^ { a: int }\n", "Agent"));
}

TEST_F(CompletionTest, ModulesAndWhatTheyGive) {
  EXPECT_EQ(labels("module a\nuse ^\n"), (Strings{"a", "std.governance"}));
  EXPECT_EQ(labels("module a\nuse std.g^\n"), (Strings{"a", "std.governance"}));
  EXPECT_EQ(labels("module a\nuse std.governance (^)\n"), (Strings{"Severity", "alert"}));
  EXPECT_EQ(labels("module a\nuse std.governance as g\nparam p: g.^\n"), (Strings{"Severity", "alert"}));
  json item = items("module a\nuse std.g^\n")[1];
  EXPECT_EQ(range_from(item["textEdit"]["range"]), (Range{{1, 4}, {1, 9}}));
}

TEST_F(CompletionTest, TheWholeWordIsReplaced) {
  json item = items(clause("needs(r.action, lo^w)."))[0];
  Range range = range_from(item["textEdit"]["range"]);
  EXPECT_EQ(range.end.character - range.start.character, 3u);
}

/// Wherever the cursor stands in a text, there is an answer, and it takes no longer than a person waits.
TEST_F(CompletionTest, EverywhereInAText) {
  std::string text =
      clause("some a = r.agent, needs(r.action, l), a.level >= l, not (a.sealed or strict).") +
      "test \"t\" {\n  given Agent(\"a\", level: high, sealed: false)\n  expect act(agent: \"a\", action: "
      "\"read\") allow one\n}\n";
  client.open("untitled:c", text);
  Document document(text);
  for (size_t offset = 0; offset <= text.size(); ++offset) {
    Position position = document.position(offset, Encoding::kUtf16);
    json answer = client.call("textDocument/completion", at("untitled:c", position));
    ASSERT_TRUE(answer.contains("result")) << offset;
  }
}

}  // namespace
}  // namespace lictor::lsp
