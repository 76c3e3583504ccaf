// Formatting, outlines and folding: what needs no names resolved.
#include "tests/lsp/client.h"

namespace lictor::lsp {
namespace {

constexpr const char* kText = R"(module o
// one
// two
enum Level { low < high }
entity User { level: Level }
request Act { user: User }
decision act(r: Act) {
  default deny "no"
  allow good: "yes"
    if r.user.level == high.
}
test "a title" {
  expect act(user: User("a")) deny
}
)";

TEST(Outline, FormattingSendsTheLinesThatDiffer) {
  Client client;
  const std::string untidy = "module a\n\nenum Level { low < high }\nenum   Other{one,two}\n\n// the end\n";
  client.open("untitled:a", untidy);
  json edits = client.result("textDocument/formatting", about("untitled:a"));
  ASSERT_EQ(edits.size(), 1u);
  EXPECT_EQ(range_from(edits[0]["range"]).start.line, 3u);
  EXPECT_EQ(range_from(edits[0]["range"]).end.line, 4u);
  std::string tidy = with_edits(untidy, edits);
  EXPECT_EQ(tidy, "module a\n\nenum Level { low < high }\nenum Other { one, two }\n\n// the end\n");
  client.change_all("untitled:a", tidy);
  EXPECT_EQ(client.result("textDocument/formatting", about("untitled:a")), json::array());
}

TEST(Outline, FormattingIsRightWhereverTheDifferenceLies) {
  Client client;
  for (const char* text : {"module   a\n", "module a", "module a\n\n\n\n", "\n\nmodule a\n", "module a\nenum E{a}",
                           "module a\n\nenum E { a }\nenum F{a}\nenum E2 { a }\n", "module a\r\nenum E { a }\r\n"}) {
    client.open("untitled:a", text);
    std::string tidy = with_edits(text, client.result("textDocument/formatting", about("untitled:a")));
    client.change_all("untitled:a", tidy);
    EXPECT_EQ(client.result("textDocument/formatting", about("untitled:a")), json::array()) << text;
    EXPECT_NE(tidy.find("module a\n"), std::string::npos);
  }
}

TEST(Outline, ATextWithMistakesIsLeftAsItIs) {
  Client client;
  client.open("untitled:a", "module   a\nenum {\n");
  EXPECT_EQ(client.result("textDocument/formatting", about("untitled:a")), json::array());
}

TEST(Outline, SymbolsOfADocument) {
  Client client(false);
  client.call(
      "initialize",
      {{"capabilities", {{"textDocument", {{"documentSymbol", {{"hierarchicalDocumentSymbolSupport", true}}}}}}}});
  client.open("untitled:a", kText);
  json symbols = client.result("textDocument/documentSymbol", about("untitled:a"));
  std::vector<std::string> names;
  for (const json& symbol : symbols) names.push_back(symbol["name"]);
  EXPECT_EQ(names, (std::vector<std::string>{"Level", "User", "Act", "act", "a title"}));
  EXPECT_EQ(symbols[0]["children"].size(), 2u);
  EXPECT_EQ(symbols[3]["children"][0]["name"], "good");
  EXPECT_EQ(range_from(symbols[3]["selectionRange"]), (Range{{6, 9}, {6, 12}}));
  EXPECT_EQ(range_from(symbols[3]["range"]), (Range{{6, 0}, {10, 1}}));
}

TEST(Outline, SymbolsForAClientWithoutTrees) {
  Client client;
  client.open("untitled:a", kText);
  json symbols = client.result("textDocument/documentSymbol", about("untitled:a"));
  EXPECT_EQ(symbols.size(), 10u);
  EXPECT_EQ(symbols[1]["name"], "low");
  EXPECT_EQ(symbols[1]["containerName"], "Level");
}

class OutlineOfFolder : public FolderTest {};

TEST_F(OutlineOfFolder, SymbolsOfTheWorkspace) {
  write("lictor.toml", "");
  write("a.lictor", kText);
  write("deep/b.lictor", "module b\nrelation user_names(name: string)\n");
  Client client(false);
  client.call("initialize", {{"workspaceFolders", {{{"uri", uri("")}, {"name", "x"}}}}});
  json symbols = client.result("workspace/symbol", {{"query", "usr"}});
  ASSERT_EQ(symbols.size(), 3u) << symbols;
  EXPECT_EQ(symbols[0]["name"], "User");
  EXPECT_EQ(symbols[0]["location"]["uri"], uri("a.lictor"));
  EXPECT_EQ(symbols[1]["name"], "user");
  EXPECT_EQ(symbols[1]["containerName"], "o.Act");
  EXPECT_EQ(symbols[2]["name"], "user_names");
}

TEST(Outline, Folding) {
  Client client;
  client.open("untitled:a", kText);
  json ranges = client.result("textDocument/foldingRange", about("untitled:a"));
  json wanted = {{{"startLine", 6}, {"endLine", 10}},
                 {{"startLine", 8}, {"endLine", 9}},
                 {{"startLine", 11}, {"endLine", 13}},
                 {{"startLine", 1}, {"endLine", 2}, {"kind", "comment"}}};
  EXPECT_EQ(ranges, wanted);
}

}  // namespace
}  // namespace lictor::lsp
