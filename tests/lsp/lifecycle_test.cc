// The life of a server, and messages that make no sense.
#include "tests/lsp/client.h"

namespace lictor::lsp {
namespace {

int code_of(const json& answer) { return answer.contains("error") ? answer["error"]["code"].get<int>() : 0; }

TEST(Lifecycle, NothingBeforeInitialize) {
  Client client(false);
  EXPECT_EQ(code_of(client.call("textDocument/hover", about("a"))), -32002);
  client.open("untitled:a", "module");
  EXPECT_EQ(client.diagnostics("untitled:a"), nullptr);
  client.call("initialize", json::object());
  EXPECT_EQ(code_of(client.call("initialize", json::object())), -32600);
}

TEST(Lifecycle, ExitCodes) {
  Client polite;
  EXPECT_EQ(polite.result("shutdown", nullptr), nullptr);
  EXPECT_FALSE(polite.server.exit_code().has_value());
  EXPECT_EQ(code_of(polite.call("workspace/symbol", {{"query", ""}})), -32600);
  polite.notify("exit", nullptr);
  EXPECT_EQ(polite.server.exit_code(), 0);

  Client rude;
  rude.notify("exit", nullptr);
  EXPECT_EQ(rude.server.exit_code(), 1);

  Client gone;
  EXPECT_EQ(gone.server.end(), 1);
  gone.call("shutdown", nullptr);
  EXPECT_EQ(gone.server.end(), 0);
}

TEST(Lifecycle, TheEncodingIsTheClientsFirstChoice) {
  struct Row {
    json offered;
    const char* chosen;
  };
  for (const Row& row : {Row{nullptr, "utf-16"}, Row{{"utf-8", "utf-16"}, "utf-8"}, Row{{"utf-32"}, "utf-32"},
                         Row{{"utf-16", "utf-8"}, "utf-16"}, Row{{"koi8"}, "utf-16"}, Row{"utf-8", "utf-16"}}) {
    Client client(false);
    json answer = client.result("initialize", {{"capabilities", {{"general", {{"positionEncodings", row.offered}}}}}});
    EXPECT_EQ(answer["capabilities"]["positionEncoding"], row.chosen) << row.offered;
  }
}

TEST(Lifecycle, MessagesThatMakeNoSense) {
  Client client;
  EXPECT_EQ(code_of(client.call("textDocument/unheardOf", json::object())), -32601);
  EXPECT_EQ(code_of(client.call("textDocument/formatting", json::object())), -32602);
  EXPECT_EQ(code_of(client.call("textDocument/formatting", nullptr)), -32602);
  EXPECT_EQ(code_of(client.call("textDocument/formatting", about("untitled:not-open"))), -32602);
  for (const json& message : {json(nullptr), json::array(), json(7), json{{"jsonrpc", "2.0"}},
                              json{{"id", {1}}, {"method", "shutdown"}}, json{{"id", 1}, {"method", 5}}}) {
    client.received.clear();
    client.server.receive(message);
    ASSERT_EQ(client.received.size(), 1u) << message;
    EXPECT_EQ(code_of(client.received[0]), -32600) << message;
  }
  client.received.clear();
  client.server.receive({{"id", 99}, {"result", nullptr}});  // an answer to a request of ours
  EXPECT_TRUE(client.received.empty());
}

TEST(Lifecycle, ABrokenNotificationIsSaidAndChangesNothing) {
  Client client;
  client.open("untitled:a", "one");
  json good = {{"range", to_json(Range{{0, 0}, {0, 0}})}, {"text", "x"}};
  json bad = {{"range", {{"start", {{"line", -1}, {"character", 0}}}, {"end", nullptr}}}, {"text", "y"}};
  client.received.clear();
  client.notify("textDocument/didChange", {{"textDocument", {{"uri", "untitled:a"}}}, {"contentChanges", {good, bad}}});
  EXPECT_EQ(client.text("untitled:a"), "one");
  ASSERT_EQ(client.received.size(), 1u);
  EXPECT_EQ(client.received[0]["method"], "window/logMessage");
  client.change("untitled:b", {0, 0, 0, 0}, "x");
  EXPECT_EQ(client.received.back()["method"], "window/logMessage");
}

TEST(Lifecycle, ARequestThatWaitsCanBeTakenBack) {
  Client client;
  json waiting = {{"id", 500}, {"method", "workspace/symbol"}, {"params", {{"query", ""}}}};
  client.server.enqueue(waiting);
  client.server.cancel({{"method", "$/cancelRequest"}, {"params", {{"id", 500}}}});
  client.server.cancel({{"method", "$/cancelRequest"}, {"params", {{"id", "never seen"}}}});
  client.server.receive(waiting);
  EXPECT_EQ(code_of(client.received.back()), -32800);
  client.server.enqueue(waiting);  // the same number again is another request
  client.server.receive(waiting);
  EXPECT_EQ(code_of(client.received.back()), 0);
}

TEST(Lifecycle, WatchesFilesWhereTheClientCan) {
  Client client(false);
  client.call("initialize",
              {{"capabilities", {{"workspace", {{"didChangeWatchedFiles", {{"dynamicRegistration", true}}}}}}}});
  client.notify("initialized", json::object());
  EXPECT_EQ(client.received.back()["method"], "client/registerCapability");
}

}  // namespace
}  // namespace lictor::lsp
