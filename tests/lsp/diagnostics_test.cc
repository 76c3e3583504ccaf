// Diagnostics: of the whole bundle, with open documents in place of files, published when something changed.
#include <chrono>

#include "tests/lsp/client.h"

namespace lictor::lsp {
namespace {

using Strings = std::vector<std::string>;
using DiagnosticsTest = FolderTest;

constexpr const char* kTypes = "module d.types\nenum Level { low < high }\n";
constexpr const char* kRules =
    "module d.rules\nuse d.types (Level)\nrelation seen(level: Level) { (low) }\nabove(l) :- seen(l), l > low.\n";

size_t publications(const Client& client, const std::string& uri) {
  return static_cast<size_t>(std::ranges::count_if(client.received, [&](const json& message) {
    return message.value("method", "") == "textDocument/publishDiagnostics" && message["params"]["uri"] == uri;
  }));
}

TEST_F(DiagnosticsTest, OneDocumentAlone) {
  Client client;
  client.open("untitled:a", "module a\nrelation p(n: int) { (1) }\nq(n) :- p(n), n > x.\n");
  json found = client.diagnostics("untitled:a");
  ASSERT_EQ(found.size(), 1u) << found;
  EXPECT_EQ(found[0]["code"], "E0401");
  EXPECT_EQ(found[0]["source"], "lictor");
  EXPECT_EQ(found[0]["severity"], 1);
  EXPECT_EQ(range_from(found[0]["range"]), (Range{{2, 18}, {2, 19}}));
  client.change("untitled:a", {2, 18, 2, 19}, "0");
  EXPECT_EQ(client.codes("untitled:a"), Strings{});
}

TEST_F(DiagnosticsTest, OpenDocumentsStandInPlaceOfFiles) {
  write("lictor.toml", "name = \"d\"\n");
  write("types.lictor", kTypes);
  write("deep/rules.lictor", kRules);
  Client client;
  client.open(uri("types.lictor"), kTypes);
  EXPECT_EQ(client.codes(uri("deep/rules.lictor")), Strings{});
  // A mistake in one document shows in a file that is not open.
  client.change(uri("types.lictor"), {1, 5, 1, 10}, "Grade");
  EXPECT_FALSE(client.codes(uri("deep/rules.lictor")).empty());
  client.close(uri("types.lictor"));
  client.open(uri("deep/rules.lictor"), kRules);
  EXPECT_EQ(client.codes(uri("deep/rules.lictor")), Strings{});  // the file on disk counts again
}

TEST_F(DiagnosticsTest, RelatedPlacesAndHints) {
  write("lictor.toml", "");
  write("types.lictor", kTypes);
  write("rules.lictor", "");
  Client client;
  client.open(uri("rules.lictor"), "module d.rules\nuse d.types (Levl)\nenum E { a }\nenum E { b }\n");
  json found = client.diagnostics(uri("rules.lictor"));
  ASSERT_EQ(found.size(), 2u) << found;
  EXPECT_NE(found[0]["message"].get<std::string>().find("did you mean `Level`?"), std::string::npos);
  json related = found[1]["relatedInformation"];
  ASSERT_EQ(related.size(), 1u);
  EXPECT_EQ(related[0]["location"]["uri"], uri("rules.lictor"));
  EXPECT_EQ(range_from(related[0]["location"]["range"]), (Range{{2, 5}, {2, 6}}));
}

TEST_F(DiagnosticsTest, OnlyWhatChangedIsPublished) {
  write("lictor.toml", "");
  write("a.lictor", "module a\nx\n");
  write("b.lictor", "module b\ny\n");
  Client client;
  client.open(uri("a.lictor"), "module a\nx\n");
  EXPECT_EQ(client.codes(uri("a.lictor")).size(), 1u);
  EXPECT_EQ(client.codes(uri("b.lictor")).size(), 1u);
  client.change_all(uri("a.lictor"), "module a\n");
  EXPECT_EQ(client.codes(uri("a.lictor")), Strings{});
  EXPECT_EQ(publications(client, uri("a.lictor")), 2u);
  EXPECT_EQ(publications(client, uri("b.lictor")), 1u);
}

TEST_F(DiagnosticsTest, ClosingTheLastDocumentTakesThemBack) {
  write("lictor.toml", "");
  write("b.lictor", "module b\ny\n");
  Client client;
  client.open(uri("a.lictor"), "module a\n");
  EXPECT_EQ(client.codes(uri("b.lictor")).size(), 1u);
  client.close(uri("a.lictor"));
  EXPECT_EQ(client.codes(uri("b.lictor")), Strings{});
}

TEST_F(DiagnosticsTest, FoldersWithoutConfigAreTheirOwn) {
  write("a.lictor", "module a\n");
  write("deep/b.lictor", "module b\ny\n");
  Client client;
  client.open(uri("a.lictor"), "module a\nuse b\n");
  EXPECT_EQ(client.codes(uri("a.lictor")).size(), 1u);
  EXPECT_EQ(client.diagnostics(uri("deep/b.lictor")), nullptr);
  write("lictor.toml", "");
  client.notify("workspace/didChangeWatchedFiles", {{"changes", json::array()}});
  EXPECT_EQ(client.codes(uri("a.lictor")), Strings{});
  EXPECT_EQ(client.codes(uri("deep/b.lictor")).size(), 1u);
}

TEST_F(DiagnosticsTest, TheNearestBundleSpeaksForAFile) {
  write("lictor.toml", "");
  write("a.lictor", "module a\n");
  write("inner/lictor.toml", "");
  write("inner/b.lictor", "module b\ny\n");
  Client client;
  client.open(uri("a.lictor"), "module a\n");
  client.open(uri("inner/b.lictor"), "module b\ny\n");
  EXPECT_EQ(client.codes(uri("inner/b.lictor")).size(), 1u);
  EXPECT_EQ(publications(client, uri("inner/b.lictor")), 1u);
}

TEST_F(DiagnosticsTest, TheConfigIsCheckedToo) {
  Options options = test_options();
  options.check_config = [](const SourceText& config, const Program&) {
    Diagnostic bad;
    bad.code = "E0802";
    bad.message = "unknown";
    bad.place = {config.name, 2, 1, 2, 4};
    return config.text.find("bad") == std::string::npos ? std::vector<Diagnostic>{} : std::vector{bad};
  };
  write("lictor.toml", "name = \"x\"\nbad = 1\n");
  Client client(true, options);
  client.open(uri("a.lictor"), "module a\n");
  json found = client.diagnostics(uri("lictor.toml"));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(range_from(found[0]["range"]), (Range{{1, 0}, {1, 3}}));
  client.open(uri("lictor.toml"), "name = \"x\"\n");
  EXPECT_EQ(client.codes(uri("lictor.toml")), Strings{});
}

TEST_F(DiagnosticsTest, CodesLeadToTheirPages) {
  Options options = test_options();
  options.page = [](std::string_view code) { return std::optional(code == "E0101" ? "page" : ""); };
  options.keep_file = [](std::string_view name, std::string_view text) {
    return text == "page" ? std::optional("/kept/" + std::string(name)) : std::nullopt;
  };
  Client client(true, options);
  client.open("untitled:a", "module a\nx\nenum E { a }\nenum E { b }\n");
  json found = client.diagnostics("untitled:a");
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0]["codeDescription"]["href"], "file:///kept/E0101.md");
  EXPECT_FALSE(found[1].contains("codeDescription"));
}

TEST_F(DiagnosticsTest, ABurstIsAnalysedOnce) {
  write("lictor.toml", "");
  for (int i = 0; i < 20; ++i) write("m" + std::to_string(i) + ".lictor", "module m" + std::to_string(i) + "\n");
  Client client;
  client.open(uri("m3.lictor"), "module m3\n");
  EXPECT_EQ(client.codes(uri("m3.lictor")), Strings{});
  Bundle& bundle = *client.server.workspace().bundles().begin()->second;
  EXPECT_EQ(bundle.analysed(), 1u);
  EXPECT_EQ(bundle.parsed(), 20u);
  for (int i = 0; i < 1000; ++i) client.change(uri("m3.lictor"), {1, 0, 1, 0}, "// typed\n");
  EXPECT_EQ(bundle.analysed(), 1u);
  EXPECT_EQ(client.codes(uri("m3.lictor")), Strings{});
  EXPECT_EQ(bundle.analysed(), 2u);
  EXPECT_EQ(bundle.parsed(), 21u);  // the one that changed
}

TEST_F(DiagnosticsTest, TheyFollowAQuietMomentOrPatience) {
  Options options = test_options();
  options.quiet = std::chrono::milliseconds(100);
  options.patience = std::chrono::milliseconds(300);
  Client client(true, options);
  EXPECT_FALSE(client.server.next_publish().has_value());
  auto before = Server::Clock::now();
  client.open("untitled:a", "x");
  auto due = client.server.next_publish();
  ASSERT_TRUE(due.has_value());
  EXPECT_GE(*due, before + options.quiet);
  while (Server::Clock::now() < before + options.patience) client.change("untitled:a", {0, 0, 0, 0}, "y");
  EXPECT_LE(*client.server.next_publish(), Server::Clock::now() + std::chrono::milliseconds(50));
  client.server.publish();
  EXPECT_FALSE(client.server.next_publish().has_value());
}

TEST_F(DiagnosticsTest, AHugeDocumentIsRefusedAndTheServerLives) {
  Client client;
  std::string text = "module a\n";
  while (text.size() < (50u << 20)) text += "// a line that says nothing and goes on for a while, again and again\n";
  client.open("untitled:a", text);
  EXPECT_EQ(client.codes("untitled:a").size(), 1u);
  client.change("untitled:a", {1, 0, 1, 2}, "--");
  EXPECT_EQ(client.text("untitled:a").substr(9, 4), "-- a");
  EXPECT_EQ(client.result("textDocument/formatting", about("untitled:a")), json::array());
  client.change_all("untitled:a", "module a\n");
  EXPECT_EQ(client.codes("untitled:a"), Strings{});
}

}  // namespace
}  // namespace lictor::lsp
