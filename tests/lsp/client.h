// A client of the server in the same process: what an editor would send, and what came back.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "lsp/server.h"

namespace lictor::lsp {

/// A standard module `std.governance` and pages, as the command gives them.
Options test_options();

class Client {
 public:
  /// `start`: with `initialize` and `initialized` done.
  explicit Client(bool start = true, Options options = test_options());

  Server server;
  std::vector<json> received;  // all messages of the server

  /// Sends a request; its whole answer.
  json call(const std::string& method, json params);
  /// The same; an error fails the test.
  json result(const std::string& method, json params);
  void notify(const std::string& method, json params);

  void open(const std::string& uri, const std::string& text, int64_t version = 1);
  /// Changes a range, given as line and character from 0.
  void change(const std::string& uri, std::array<uint32_t, 4> range, const std::string& text);
  void change_all(const std::string& uri, const std::string& text);
  void close(const std::string& uri);

  /// The diagnostics last published for a document; null where none were. Publishes what is due.
  json diagnostics(const std::string& uri);
  /// Their codes, in order.
  std::vector<std::string> codes(const std::string& uri);
  std::string text(const std::string& uri);

 private:
  int64_t next_id_ = 1;
};

/// A fresh folder, removed afterwards.
class FolderTest : public ::testing::Test {
 protected:
  FolderTest();
  ~FolderTest() override;
  void write(const std::string& name, std::string_view text) const;
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string uri(const std::string& name) const;

 private:
  std::filesystem::path folder_;
};

/// `{"textDocument": {"uri": ...}}`
json about(const std::string& uri);
/// The same with a position: that of the mark `^` in `text`, which is taken out.
struct Marked {
  std::string text;
  Position at;  // in UTF-16 units
};
Marked marked(const std::string& text);
json at(const std::string& uri, Position position);

/// The text after edits, applied from the last to the first.
std::string with_edits(const std::string& text, const json& edits);

}  // namespace lictor::lsp
