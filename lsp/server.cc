#include "lsp/server.h"

#include <fmt/format.h>

#include <algorithm>

#include "lsp/features/features.h"
#include "lsp/uri.h"

namespace lictor::lsp {
namespace {

bool is_id(const json& id) { return id.is_string() || id.is_number_integer(); }

json id_of(const json& message) {
  if (!message.is_object()) return nullptr;
  auto id = message.find("id");
  return id != message.end() && is_id(*id) ? *id : json(nullptr);
}

/// The value at a path of keys, or null.
json at_path(const json& value, std::initializer_list<const char*> keys) {
  const json* at = &value;
  for (const char* key : keys) {
    if (!at->is_object()) return nullptr;
    auto next = at->find(key);
    if (next == at->end()) return nullptr;
    at = &*next;
  }
  return *at;
}

/// UTF-16 unless the client offers UTF-8, which costs us nothing.
Encoding choose_encoding(const json& offered) {
  if (!offered.is_array()) return Encoding::kUtf16;
  for (const json& name : offered) {
    if (name == "utf-8") return Encoding::kUtf8;
    if (name == "utf-16") return Encoding::kUtf16;
    if (name == "utf-32") return Encoding::kUtf32;
  }
  return Encoding::kUtf16;
}

const char* name_of(Encoding encoding) {
  return encoding == Encoding::kUtf8 ? "utf-8" : encoding == Encoding::kUtf16 ? "utf-16" : "utf-32";
}

void add_folder(const json& uri, std::vector<std::string>& out) {
  if (!uri.is_string()) return;
  if (auto path = path_of_uri(uri.get<std::string>())) out.push_back(*path);
}

}  // namespace

Server::Server(Options options, std::function<void(const json&)> send)
    : options_(std::move(options)), send_(std::move(send)), workspace_(options_) {}

// ---- Messages --------------------------------------------------------------------------------------------------------

void Server::enqueue(const json& message) {
  json id = id_of(message);
  if (id.is_null()) return;
  std::lock_guard lock(mutex_);
  waiting_.insert(std::move(id));
}

void Server::cancel(const json& message) {
  json id = at_path(message, {"params", "id"});
  std::lock_guard lock(mutex_);
  if (waiting_.contains(id)) cancelled_.insert(std::move(id));
}

bool Server::take_cancelled(const json& id) {
  std::lock_guard lock(mutex_);
  if (auto waiting = waiting_.find(id); waiting != waiting_.end()) waiting_.erase(waiting);
  return cancelled_.erase(id) > 0;
}

void Server::reply(const json& id, Answer answer) {
  json message = {{"jsonrpc", "2.0"}, {"id", id}};
  if (answer)
    message["result"] = std::move(*answer);
  else
    message["error"] = {{"code", static_cast<int>(answer.error().code)}, {"message", answer.error().message}};
  send_(message);
}

void Server::notify(const char* method, json params) {
  send_({{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}});
}

void Server::fault(ErrorCode code, const std::string& why) { reply(nullptr, std::unexpected(RpcError{code, why})); }

void Server::receive(const json& message) {
  if (!message.is_object()) return fault(ErrorCode::kInvalidRequest, "a message is a JSON object");
  auto method = message.find("method");
  auto id = message.find("id");
  static const json kNothing = json::object();
  auto params = message.find("params");
  const json& given = params == message.end() ? kNothing : *params;
  if (method == message.end()) {
    // An answer to a request of ours needs nothing done.
    bool answer = message.contains("result") || message.contains("error");
    if (!answer) fault(ErrorCode::kInvalidRequest, "a message without a method");
    return;
  }
  if (!method->is_string())
    return reply(id_of(message), std::unexpected(RpcError{ErrorCode::kInvalidRequest, "`method` is not a string"}));
  if (id == message.end()) return notification(method->get<std::string>(), given);
  if (!is_id(*id)) return fault(ErrorCode::kInvalidRequest, "`id` is neither a number nor a string");
  request(*id, method->get<std::string>(), given);
}

void Server::request(const json& id, const std::string& method, const json& params) {
  if (take_cancelled(id)) {
    return reply(id, std::unexpected(RpcError{ErrorCode::kRequestCancelled, "the client took the request back"}));
  }
  try {
    reply(id, dispatch(method, params));
  } catch (const json::exception& problem) {
    reply(id, std::unexpected(RpcError{ErrorCode::kInvalidParams, problem.what()}));
  }
}

Answer Server::dispatch(const std::string& method, const json& params) {
  if (method == "initialize") return initialize(params);
  if (!initialized_) return std::unexpected(RpcError{ErrorCode::kServerNotInitialized, "`initialize` comes first"});
  if (shut_down_) return std::unexpected(RpcError{ErrorCode::kInvalidRequest, "the server was shut down"});
  if (method == "shutdown") {
    shut_down_ = true;
    return nullptr;
  }
  FeatureContext context{workspace_, options_, client_};
#define LICTOR_NOTIFICATION(name, function)
#define LICTOR_REQUEST(name, function) \
  if (method == name) return function(context, params);
#include "lsp/methods.def"
#undef LICTOR_REQUEST
#undef LICTOR_NOTIFICATION
  return std::unexpected(RpcError{ErrorCode::kMethodNotFound, fmt::format("there is no method `{}`", method)});
}

void Server::notification(const std::string& method, const json& params) {
  if (method == "exit") {
    exit_code_ = shut_down_ ? 0 : 1;
    return;
  }
  if (!initialized_ || shut_down_) return;
  try {
#define LICTOR_REQUEST(name, function)
#define LICTOR_NOTIFICATION(name, function) \
  if (method == name) return function(params);
#include "lsp/methods.def"
#undef LICTOR_REQUEST
#undef LICTOR_NOTIFICATION
  } catch (const json::exception& problem) {
    // A notification has no answer; without a word, a document that is out of step would go unnoticed.
    notify("window/logMessage", {{"type", 1}, {"message", fmt::format("{}: {}", method, problem.what())}});
  }
}

// ---- Life ------------------------------------------------------------------------------------------------------------

Answer Server::initialize(const json& params) {
  if (initialized_) return std::unexpected(RpcError{ErrorCode::kInvalidRequest, "`initialize` came before"});
  client_ = params.is_object() ? params.value("capabilities", json::object()) : json::object();
  workspace_.encoding = choose_encoding(at_path(client_, {"general", "positionEncodings"}));
  if (json folders = at_path(params, {"workspaceFolders"}); folders.is_array()) {
    for (const json& folder : folders) add_folder(at_path(folder, {"uri"}), workspace_.folders);
  } else {
    add_folder(at_path(params, {"rootUri"}), workspace_.folders);
  }
  initialized_ = true;
  json capabilities = server_capabilities();
  capabilities["positionEncoding"] = name_of(workspace_.encoding);
  return json{{"capabilities", std::move(capabilities)},
              {"serverInfo", {{"name", "lictor"}, {"version", options_.version}}}};
}

void Server::initialized(const json&) {
  if (at_path(client_, {"workspace", "didChangeWatchedFiles", "dynamicRegistration"}) != true) return;
  json watchers = json::array({{{"globPattern", "**/*.lictor"}}, {{"globPattern", "**/lictor.toml"}}});
  json registration = {{"id", "files"},
                       {"method", "workspace/didChangeWatchedFiles"},
                       {"registerOptions", {{"watchers", std::move(watchers)}}}};
  send_({{"jsonrpc", "2.0"},
         {"id", fmt::format("lictor-{}", next_request_++)},
         {"method", "client/registerCapability"},
         {"params", {{"registrations", json::array({std::move(registration)})}}}});
}

void Server::ignored(const json&) {}

// ---- Documents -------------------------------------------------------------------------------------------------------

void Server::did_open(const json& params) {
  const json& item = params.at("textDocument");
  workspace_.open(item.at("uri").get<std::string>(), item.at("text").get<std::string>(), item.value("version", 0));
  mark_changed();
}

void Server::did_change(const json& params) {
  std::string uri = uri_from(params);
  Document* document = workspace_.find(uri);
  if (document == nullptr) {
    return notify("window/logMessage", {{"type", 1}, {"message", "a change of `" + uri + "`, which is not open"}});
  }
  // Read as a whole before anything is changed: a change that makes no sense must not be done by half.
  struct Change {
    std::optional<Range> range;
    const std::string* text;
  };
  std::vector<Change> changes;
  for (const json& change : params.at("contentChanges")) {
    const auto& text = change.at("text").get_ref<const std::string&>();
    auto range = change.find("range");
    bool whole = range == change.end() || range->is_null();
    changes.push_back({whole ? std::nullopt : std::optional(range_from(*range)), &text});
  }
  for (const Change& change : changes) {
    if (change.range)
      document->replace(*change.range, workspace_.encoding, *change.text);
    else
      document->set_text(*change.text);
  }
  const json& version = params.at("textDocument").value("version", json());
  if (version.is_number_integer()) document->set_version(version.get<int64_t>());
  workspace_.changed(uri);
  mark_changed();
}

void Server::did_save(const json& params) {
  // A file that another one of the bundle reads may have been written with it.
  if (workspace_.bundle_of(uri_from(params)) == nullptr) return;
  workspace_.disk_changed();
  mark_changed();
}

void Server::did_close(const json& params) {
  workspace_.close(uri_from(params));
  mark_changed();
}

void Server::did_change_files(const json&) {
  workspace_.disk_changed();
  mark_changed();
}

void Server::did_change_folders(const json& params) {
  const json& event = params.at("event");
  std::vector<std::string> removed;
  for (const json& folder : event.at("removed")) add_folder(at_path(folder, {"uri"}), removed);
  std::erase_if(workspace_.folders,
                [&](const std::string& folder) { return std::ranges::find(removed, folder) != removed.end(); });
  for (const json& folder : event.at("added")) add_folder(at_path(folder, {"uri"}), workspace_.folders);
}

// ---- Diagnostics -----------------------------------------------------------------------------------------------------

void Server::mark_changed() {
  last_change_ = Clock::now();
  if (!first_change_) first_change_ = last_change_;
}

std::optional<Server::Clock::time_point> Server::next_publish() const {
  if (!first_change_) return std::nullopt;
  return std::min(*last_change_ + options_.quiet, *first_change_ + options_.patience);
}

void Server::publish() {
  first_change_.reset();
  for (auto& bundle : workspace_.take_closed()) take_back(*bundle);
  for (auto& [home, bundle] : workspace_.bundles()) {
    if (bundle->diagnostics_due) publish_bundle(*bundle);
  }
}

void Server::take_back(Bundle& bundle) {
  for (const auto& [key, sent] : bundle.published) {
    bool other = std::ranges::any_of(workspace_.bundles(), [&](const auto& item) { return item.second->holds(key); });
    if (!other && sent != "[]") {
      notify("textDocument/publishDiagnostics", {{"uri", workspace_.uri_of(key)}, {"diagnostics", json::array()}});
    }
  }
}

void Server::publish_bundle(Bundle& bundle) {
  bundle.diagnostics_due = false;
  std::shared_ptr<const View> view = bundle.view(workspace_.overlay());
  std::map<std::string, json> found = diagnostics_of({workspace_, options_, client_}, *view);
  for (const auto& [key, sent] : bundle.published) found.emplace(key, json::array());  // what is no longer there
  std::map<std::string, std::string> published;
  for (auto& [key, list] : found) {
    if (!workspace_.is_home(bundle, key)) continue;
    std::string text = list.dump(-1, ' ', false, json::error_handler_t::replace);
    auto before = bundle.published.find(key);
    bool known = before != bundle.published.end();
    auto open = workspace_.overlay().find(key);
    bool is_open = open != workspace_.overlay().end();
    if (known ? before->second != text : text != "[]" || is_open) {
      json params = {{"uri", workspace_.uri_of(key)}, {"diagnostics", std::move(list)}};
      if (is_open) params["version"] = open->second.document.version();
      notify("textDocument/publishDiagnostics", std::move(params));
    }
    if (view->files.contains(key) || text != "[]") published.emplace(key, std::move(text));
  }
  bundle.published = std::move(published);
}

}  // namespace lictor::lsp
