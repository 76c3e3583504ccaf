// The language server after a keystroke: check again and publish, complete, hover; by the size of the bundle. The bundle
// lies on disk; one of its files is open and changes with each round, so its text is parsed and all of it is checked.
// Beside it what `lictor check` does with the same bundle: reading, parsing and checking all of it.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "cli/heap.h"
#include "host/bundle.h"
#include "lsp/server.h"
#include "lsp/uri.h"

namespace {

using namespace lictor;
using namespace lictor::lsp;
namespace fs = std::filesystem;

/// One file of a governance bundle: its share of rules and clauses over types that a common file declares.
std::string file_text(int64_t number, int64_t rules) {
  std::string n = std::to_string(number);
  std::string text =
      "module bench.m" + n + "\nuse bench.types (Agent, Level, needs, grade)\nuse std.governance (alert)\n\n";
  text += "request Act" + n + " { agent: Agent, action: string, amount: int }\n\n";
  for (int64_t i = 0; i < rules / 2; ++i) {
    std::string r = "able_" + n + "_" + std::to_string(i);
    text += r + "(a: Agent, x: string) :- Agent(a), needs(x, l), a.level >= l, grade(a, g), g > " + std::to_string(i) +
            ", not a.sealed.\n";
  }
  text += "\ndecision act" + n + "(r: Act" + n + ") {\n  default deny \"no {r.action}\"\n";
  for (int64_t i = 0; i < rules - rules / 2; ++i) {
    std::string c = std::to_string(i);
    text += "  allow c" + c + ": \"{r.agent.level} may {r.action}\"\n    if able_" + n + "_" + c +
            "(r.agent, r.action), r.amount < " + c +
            "00, (r.agent.level == high or r.amount > 0)\n    then alert(severity: low, text: \"{r.action}\").\n";
  }
  return text + "}\n";
}

constexpr const char* kTypes =
    "module bench.types\nenum Level { low < middle < high }\nentity Agent { level: Level, sealed: bool }\n"
    "relation needs(action: string, level: Level) key(action) { (\"read\", low) (\"edit\", high) }\n"
    "relation grade(agent: Agent, grade: int)\n";

/// Such a bundle on disk, in a folder that is removed again.
class Folder {
 public:
  Folder(int64_t files, int64_t rules) {
    std::string name = (fs::temp_directory_path() / "lictor_bench_XXXXXX").string();
    path_ = ::mkdtemp(name.data());
    std::ofstream(path_ / "lictor.toml") << "name = \"bench\"\n";
    std::ofstream(path_ / "types.lictor") << kTypes;
    for (int64_t i = 0; i < files; ++i)
      std::ofstream(path_ / ("m" + std::to_string(i) + ".lictor")) << file_text(i, rules / files);
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

/// A server with one file of such a bundle open.
class Editor {
 public:
  Editor(int64_t files, int64_t rules)
      : folder_(files, rules), server_(options(), [this](const json& message) {
          bytes_ += message.size();
          if (message.contains("result")) result_ = message["result"];
        }) {
    uri_ = uri_of_path((folder_.path() / "m0.lictor").string());
    call("initialize", {{"capabilities", json::object()}});
    text_ = file_text(0, rules / files);
    notify("textDocument/didOpen", {{"textDocument", {{"uri", uri_}, {"version", 1}, {"text", text_}}}});
    server_.publish();
    for (const auto& [home, bundle] : server_.workspace().bundles()) {
      if (!bundle->view(server_.workspace().overlay())->analysis.diagnostics.empty()) std::abort();
    }
  }

  /// Types a character into the last rule's number and takes it out again with the next call.
  void type() {
    Document document(text_);
    size_t at = text_.find(", not a.sealed");
    json position = to_json(document.position(at, Encoding::kUtf16));
    json behind = to_json(document.position(at + 1, Encoding::kUtf16));
    json range = {{"start", position}, {"end", typed_ ? behind : position}};
    notify("textDocument/didChange", {{"textDocument", {{"uri", uri_}, {"version", 2}}},
                                      {"contentChanges", {{{"range", range}, {"text", typed_ ? "" : "0"}}}}});
    typed_ = !typed_;
  }
  void publish() { server_.publish(); }
  json ask(const std::string& method, const std::string& before) {
    Document document(text_);
    json position = to_json(document.position(text_.find(before) + before.size(), Encoding::kUtf16));
    call(method, {{"textDocument", {{"uri", uri_}}}, {"position", position}});
    return result_;
  }

 private:
  static Options options() {
    Options out;
    out.load_module = load_std_module;
    return out;
  }
  void call(const char* method, json params) { call(std::string(method), std::move(params)); }
  void call(const std::string& method, json params) {
    server_.receive({{"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", std::move(params)}});
  }
  void notify(const char* method, json params) {
    server_.receive({{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}});
  }

  Folder folder_;
  size_t bytes_ = 0;
  json result_;
  Server server_;
  std::string uri_, text_;
  bool typed_ = false;
};

void keystroke(benchmark::State& state) {
  Editor editor(state.range(0), state.range(1));
  for (auto _ : state) {
    editor.type();
    editor.publish();
  }
}

void complete_after_keystroke(benchmark::State& state) {
  Editor editor(state.range(0), state.range(1));
  for (auto _ : state) {
    editor.type();
    if (editor.ask("textDocument/completion", "if able_0_0(r.agent, r.").at("items").size() != 3) std::abort();
  }
}

void hover_after_keystroke(benchmark::State& state) {
  Editor editor(state.range(0), state.range(1));
  for (auto _ : state) {
    editor.type();
    if (editor.ask("textDocument/hover", "nee").is_null()) std::abort();
  }
}

void check_all(benchmark::State& state) {
  Folder folder(state.range(0), state.range(1));
  std::vector<std::string> paths{folder.path().string()};
  for (auto _ : state) {
    Result<lictor::Bundle> bundle = load_bundle(paths, {.tests = true});
    if (!bundle || !bundle->diagnostics.empty()) std::abort();
  }
}

void sizes(benchmark::internal::Benchmark* bench) {
  bench->ArgNames({"files", "rules"})
      ->Args({5, 100})
      ->Args({20, 1000})
      ->Args({200, 10000})
      ->Unit(benchmark::kMillisecond);
}
BENCHMARK(keystroke)->Apply(sizes);
BENCHMARK(complete_after_keystroke)->Apply(sizes);
BENCHMARK(hover_after_keystroke)->Apply(sizes);
BENCHMARK(check_all)->Apply(sizes);

}  // namespace

int main(int argc, char** argv) {
  lictor::cli::reserve_heap();  // as the command does
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
