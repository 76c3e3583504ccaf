// The server: its life, and which method goes where. It neither reads nor writes: messages come in by receive(), and
// `send` is called with those that go out.
//
//   Server server(options, [](const json& message) { ... });
//   server.receive(message);                       // one message of the client; answers are sent before it returns
//   if (server.next_publish()) server.publish();   // when that time has come: diagnostics of what has changed
//   server.exit_code();                            // set once `exit` was received
//
// One thread calls everything but enqueue() and cancel(), which any thread may call.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "lsp/options.h"
#include "lsp/protocol.h"
#include "lsp/workspace.h"

namespace lictor::lsp {

class Server {
 public:
  using Clock = std::chrono::steady_clock;

  Server(Options options, std::function<void(const json&)> send);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Says that a message will be received later, so that `$/cancelRequest` can find it until then.
  void enqueue(const json& message);
  /// `$/cancelRequest`: a request that waits is answered with kRequestCancelled when its turn comes.
  void cancel(const json& message);

  void receive(const json& message);
  /// Answers what could not be read as a message.
  void fault(ErrorCode code, const std::string& why);

  /// When diagnostics are to be published; nothing while none are due.
  std::optional<Clock::time_point> next_publish() const;
  /// Publishes the diagnostics of all bundles that changed: those of files whose list is another than before.
  void publish();

  std::optional<int> exit_code() const { return exit_code_; }
  /// The end of the input: as `exit`, if that did not come.
  int end() const { return exit_code_.value_or(shut_down_ ? 0 : 1); }

  const Workspace& workspace() const { return workspace_; }

 private:
  void reply(const json& id, Answer answer);
  void notify(const char* method, json params);
  void request(const json& id, const std::string& method, const json& params);
  void notification(const std::string& method, const json& params);
  Answer dispatch(const std::string& method, const json& params);
  Answer initialize(const json& params);
  bool take_cancelled(const json& id);
  void mark_changed();
  void publish_bundle(Bundle& bundle);
  void take_back(Bundle& bundle);

  void initialized(const json& params);
  void did_open(const json& params);
  void did_change(const json& params);
  void did_save(const json& params);
  void did_close(const json& params);
  void did_change_files(const json& params);
  void did_change_folders(const json& params);
  void ignored(const json& params);

  const Options options_;
  std::function<void(const json&)> send_;
  Workspace workspace_;
  json client_ = json::object();  // its capabilities
  bool initialized_ = false;
  bool shut_down_ = false;
  std::optional<int> exit_code_;
  int64_t next_request_ = 1;  // ids of our own requests
  std::optional<Clock::time_point> first_change_, last_change_;

  std::mutex mutex_;  // guards the two sets
  std::multiset<json> waiting_;
  std::set<json> cancelled_;
};

}  // namespace lictor::lsp
