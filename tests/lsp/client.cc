#include "tests/lsp/client.h"

#include <algorithm>
#include <fstream>

#include "lsp/uri.h"

namespace lictor::lsp {

Options test_options() {
  Options options;
  options.load_module = [](std::string_view module) -> std::optional<SourceText> {
    if (module != "std.governance") return std::nullopt;
    return SourceText{"std/governance.lictor",
                      "module std.governance\n\n/// How bad it is.\nenum Severity { low < critical }\n\n"
                      "/// Tells somebody.\nobligation alert(severity: Severity, text: string)\n"};
  };
  options.library = {"std.governance"};
  return options;
}

Client::Client(bool start, Options options)
    : server(std::move(options), [this](const json& message) { received.push_back(message); }) {
  if (!start) return;
  call("initialize", {{"processId", nullptr}, {"rootUri", nullptr}, {"capabilities", json::object()}});
  notify("initialized", json::object());
}

json Client::call(const std::string& method, json params) {
  int64_t id = next_id_++;
  size_t before = received.size();
  server.receive({{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", std::move(params)}});
  for (size_t i = before; i < received.size(); ++i) {
    if (received[i].value("id", json()) == id) return received[i];
  }
  ADD_FAILURE() << method << " was not answered";
  return nullptr;
}

json Client::result(const std::string& method, json params) {
  json answer = call(method, std::move(params));
  if (!answer.contains("result")) {
    ADD_FAILURE() << method << ": " << answer.dump();
    return nullptr;
  }
  return answer["result"];
}

void Client::notify(const std::string& method, json params) {
  server.receive({{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}});
}

void Client::open(const std::string& uri, const std::string& text, int64_t version) {
  notify("textDocument/didOpen",
         {{"textDocument", {{"uri", uri}, {"languageId", "lictor"}, {"version", version}, {"text", text}}}});
}

void Client::change(const std::string& uri, std::array<uint32_t, 4> range, const std::string& text) {
  json change = {{"range", to_json(Range{{range[0], range[1]}, {range[2], range[3]}})}, {"text", text}};
  notify("textDocument/didChange", {{"textDocument", {{"uri", uri}, {"version", 2}}}, {"contentChanges", {change}}});
}

void Client::change_all(const std::string& uri, const std::string& text) {
  notify("textDocument/didChange",
         {{"textDocument", {{"uri", uri}, {"version", 2}}}, {"contentChanges", {{{"text", text}}}}});
}

void Client::close(const std::string& uri) { notify("textDocument/didClose", about(uri)); }

json Client::diagnostics(const std::string& uri) {
  if (server.next_publish()) server.publish();
  for (size_t i = received.size(); i-- > 0;) {
    const json& message = received[i];
    if (message.value("method", "") == "textDocument/publishDiagnostics" && message["params"]["uri"] == uri)
      return message["params"]["diagnostics"];
  }
  return nullptr;
}

std::vector<std::string> Client::codes(const std::string& uri) {
  std::vector<std::string> out;
  for (const json& diagnostic : diagnostics(uri)) out.push_back(diagnostic.value("code", ""));
  return out;
}

std::string Client::text(const std::string& uri) {
  return server.workspace().overlay().at(Workspace::key_of(uri)).document.text();
}

FolderTest::FolderTest() {
  std::string name = (std::filesystem::temp_directory_path() / "lictor_lsp_XXXXXX").string();
  folder_ = std::filesystem::canonical(::mkdtemp(name.data()));
}

FolderTest::~FolderTest() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void FolderTest::write(const std::string& name, std::string_view text) const {
  std::filesystem::create_directories((folder_ / name).parent_path());
  std::ofstream(folder_ / name, std::ios::binary) << text;
}

std::string FolderTest::uri(const std::string& name) const { return uri_of_path(path(name)); }

json about(const std::string& uri) { return {{"textDocument", {{"uri", uri}}}}; }

Marked marked(const std::string& text) {
  size_t mark = text.find('^');
  EXPECT_NE(mark, std::string::npos) << "no mark in " << text;
  Marked out{text, {}};
  out.text.erase(mark, 1);
  out.at = Document(out.text).position(mark, Encoding::kUtf16);
  return out;
}

json at(const std::string& uri, Position position) {
  json out = about(uri);
  out["position"] = to_json(position);
  return out;
}

std::string with_edits(const std::string& text, const json& edits) {
  std::vector<json> sorted(edits.begin(), edits.end());
  std::ranges::sort(sorted, [](const json& a, const json& b) {
    return position_from(b["range"]["start"]) < position_from(a["range"]["start"]);
  });
  Document document(text);
  for (const json& edit : sorted) {
    document.replace(range_from(edit["range"]), Encoding::kUtf16, edit["newText"].get<std::string>());
  }
  return document.text();
}

}  // namespace lictor::lsp
