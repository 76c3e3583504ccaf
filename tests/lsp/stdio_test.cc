// The command itself over real pipes, as an editor starts it.
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "lsp/framing.h"
#include "tests/lsp/client.h"

namespace lictor::lsp {
namespace {

/// A running `lictor lsp`.
class Process {
 public:
  Process() {
    int in[2], out[2];
    EXPECT_EQ(::pipe2(in, O_CLOEXEC), 0);
    EXPECT_EQ(::pipe2(out, O_CLOEXEC), 0);
    std::signal(SIGPIPE, SIG_IGN);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(in[0], 0);
      ::dup2(out[1], 1);
      ::setenv("LICTOR_CACHE_DIR", "", 1);
      ::execl(LICTOR_COMMAND, "lictor", "lsp", "--stdio", nullptr);
      ::_exit(127);
    }
    ::close(in[0]);
    ::close(out[1]);
    to_ = in[1];
    from_ = out[0];
  }
  ~Process() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
    close_input();
    ::close(from_);
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void raw(std::string_view bytes) {
    while (!bytes.empty()) {
      ssize_t n = ::write(to_, bytes.data(), bytes.size());
      if (n <= 0) return;
      bytes.remove_prefix(static_cast<size_t>(n));
    }
  }
  void send(const json& message) {
    std::string body = message.dump();
    raw("Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  }
  void request(int id, const char* method, json params = json::object()) {
    send({{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", std::move(params)}});
  }
  void notify(const char* method, json params) {
    send({{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}});
  }
  void open(const std::string& text) {
    notify("textDocument/didOpen",
           {{"textDocument", {{"uri", "untitled:a"}, {"languageId", "lictor"}, {"version", 1}, {"text", text}}}});
  }
  void close_input() {
    if (to_ >= 0) ::close(to_);
    to_ = -1;
  }

  /// The next message for which `wanted` holds; null when none comes in time.
  json wait(const std::function<bool(const json&)>& wanted, int seconds = 120) {
    auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
    while (true) {
      while (auto frame = framer_.next()) {
        json message = json::parse(frame->body, nullptr, false);
        if (wanted(message)) return message;
      }
      auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
      pollfd poll{from_, POLLIN, 0};
      if (left.count() <= 0 || ::poll(&poll, 1, static_cast<int>(left.count())) <= 0) return nullptr;
      char buffer[4096];
      ssize_t n = ::read(from_, buffer, sizeof buffer);
      if (n <= 0) return nullptr;
      framer_.feed(std::string_view(buffer, static_cast<size_t>(n)));
    }
  }
  json answer(int id) {
    return wait([&](const json& message) { return message.value("id", json()) == id; });
  }
  json published() {
    return wait([](const json& message) { return message.value("method", "") == "textDocument/publishDiagnostics"; });
  }
  json fault() {
    return wait([](const json& message) { return message.contains("id") && message["id"].is_null(); });
  }
  int exit_code() {
    int status = 0;
    for (int i = 0; i < 3000; ++i) {
      if (::waitpid(pid_, &status, WNOHANG) == pid_) {
        pid_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return -1;
  }
  void start() {
    request(1, "initialize", {{"capabilities", json::object()}});
    answer(1);
    notify("initialized", json::object());
  }

 private:
  pid_t pid_ = -1;
  int to_ = -1, from_ = -1;
  Framer framer_{uint64_t{1} << 30};
};

TEST(Stdio, AWholeSession) {
  Process server;
  server.start();
  server.open("module a\nuse std.governance (alert)\nx\n");
  json published = server.published();
  EXPECT_EQ(published["params"]["diagnostics"][0]["code"], "E0101") << published;
  server.request(2, "shutdown");
  EXPECT_EQ(server.answer(2)["result"], nullptr);
  server.notify("exit", json::object());
  EXPECT_EQ(server.exit_code(), 0);
}

TEST(Stdio, ExitWithoutShutdown) {
  Process server;
  server.start();
  server.notify("exit", json::object());
  EXPECT_EQ(server.exit_code(), 1);
}

TEST(Stdio, TheEndOfTheInputIsTheEnd) {
  Process server;
  server.start();
  server.close_input();
  EXPECT_EQ(server.exit_code(), 1);
}

TEST(Stdio, BadHeadersAreAnsweredAndPassedOver) {
  Process server;
  server.raw("Content-Length: many\r\n\r\n{\"jsonrpc\": \"2.0\"}");
  EXPECT_EQ(server.fault()["error"]["code"], -32700);
  server.raw("Content-Length: 7\r\n\r\nno json");
  EXPECT_EQ(server.fault()["error"]["code"], -32700);
  server.start();
  server.open("x");
  EXPECT_EQ(server.published()["params"]["diagnostics"].size(), 1u);
}

TEST(Stdio, HalfAMessageThenTheEnd) {
  Process server;
  server.start();
  server.raw("Content-Length: 1000\r\n\r\n{\"jsonrpc\": ");
  server.close_input();
  EXPECT_EQ(server.fault()["error"]["code"], -32700);
  EXPECT_EQ(server.exit_code(), 1);
}

TEST(Stdio, HalfAMessageThenAnother) {
  Process server;
  server.start();
  server.raw("Content-Length: 60\r\n\r\n{\"jsonrpc\": ");
  server.request(2, "shutdown");
  server.request(3, "shutdown");
  EXPECT_EQ(server.fault()["error"]["code"], -32700);
  EXPECT_TRUE(server.answer(2).contains("result"));
  EXPECT_EQ(server.answer(3)["error"]["code"], -32600);
}

TEST(Stdio, HalfAPairOfSurrogates) {
  Process server;
  server.start();
  std::string body =
      R"({"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": {"uri": "untitled:a",)"
      R"( "version": 1, "text": "module a // \ud83d \\ud83d \ud83d\ude00 \ude00\nx"}}})";
  server.raw("Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  json found = server.published()["params"]["diagnostics"];
  ASSERT_EQ(found.size(), 1u) << found;
  EXPECT_EQ(found[0]["range"]["start"]["line"], 1);
}

/// Ten thousand changes at once: each is taken, and the analysis keeps up.
TEST(Stdio, AFloodOfChanges) {
  Process server;
  server.start();
  server.open("module a\n\n");
  server.published();
  auto start = std::chrono::steady_clock::now();
  std::thread typist([&] {
    for (int i = 0; i < 10'000; ++i) {
      uint32_t line = 1;
      json change = {{"range", to_json(Range{{line, 0}, {line, 0}})}, {"text", i % 10 == 9 ? "\n" : "/"}};
      server.notify("textDocument/didChange",
                    {{"textDocument", {{"uri", "untitled:a"}, {"version", i + 2}}}, {"contentChanges", {change}}});
    }
    server.request(2, "textDocument/foldingRange", {{"textDocument", {{"uri", "untitled:a"}}}});
  });
  json ranges = server.answer(2);
  typist.join();
  double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  RecordProperty("seconds", std::to_string(seconds));
  ASSERT_TRUE(ranges.contains("result")) << ranges;
  EXPECT_EQ(ranges["result"][0]["endLine"].get<int>() - ranges["result"][0]["startLine"].get<int>(), 999);
  server.request(3, "shutdown");
  server.answer(3);
  server.notify("exit", json::object());
  EXPECT_EQ(server.exit_code(), 0);
}

TEST(Stdio, ADocumentOf50Megabytes) {
  Process server;
  server.start();
  std::string text = "module a\n";
  while (text.size() < 50u << 20) text += "// a line that says nothing and goes on for a while, again and again\n";
  server.open(text);
  json found = server.published()["params"]["diagnostics"];
  ASSERT_EQ(found.size(), 1u);
  server.request(2, "textDocument/documentSymbol", {{"textDocument", {{"uri", "untitled:a"}}}});
  EXPECT_EQ(server.answer(2)["result"], json::array());
}

}  // namespace
}  // namespace lictor::lsp
