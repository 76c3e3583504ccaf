// bench_decide: one decision through the bound-request API, beside the same logic by hand, in one run.
//
//   bench_decide DATADIR [RUNS [REQUESTS]]
//
// For each workload every answer is checked first, in every engine. Then the sides take turns, RUNS times (default 15),
// each turn two million decisions over the same requests (default 1,000); printed are nanoseconds per decision (median, smallest,
// largest) and the ratio to the hand-written side (median of the runs' ratios, smallest, largest).
// "lictor native" and "lictor interpreted" are the engine's own decide(), "lictor.h, native" DecisionPoint::decide().
// "by hand, ids" only says whether it is allowed, inlined into the loop; "by hand, outputs" (W1) is a function that gives
// outcome, clause and the values of its message, as Lictor does.
// W1 is the maturity gate; W4_N are N clauses of one shape: action, type, level, tag. Last come the milliseconds from plan
// to native code, without an object cache.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "bench/decide/hand_side.h"
#include "compiler/analyze.h"
#include "compiler/driver.h"
#include "lictor/lictor.h"
#include "runtime/engine.h"

namespace {

using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;
size_t request_count = 1000;
constexpr size_t kTurn = 2'000'000;

double seconds(Clock::time_point from) { return std::chrono::duration<double>(Clock::now() - from).count(); }

[[noreturn]] void stop(const std::string& message) {
  std::cerr << "bench_decide: " << message << "\n";
  std::exit(1);
}

template <class T>
T need(lictor::Result<T> result) {
  if (result) return std::move(*result);
  std::string text = result.error().message;
  for (const auto& d : result.error().diagnostics) text += "\n  " + d.message;
  stop(text);
}

std::string slurp(const std::string& path) {
  std::ifstream in(path);
  if (!in) stop("cannot read " + path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<Json> json_lines(const std::string& path, size_t most) {
  std::ifstream in(path);
  std::vector<Json> out;
  for (std::string line; out.size() < most && std::getline(in, line);) out.push_back(Json::parse(line));
  return out;
}

/// Text, parameters, facts and requests of one workload in Lictor's form.
struct Workload {
  std::string name, text, decision, facts;
  std::vector<std::pair<std::string, std::string>> params;
  std::vector<std::string> requests;
  std::vector<bool> expected;
};

Workload w1(const std::string& dir) {
  Workload w{"W1", slurp(LICTOR_SOURCE_DIR "/bench/policies/w1.lictor"), "gate", "", {}, {}, {}};
  Json source = Json::parse(slurp(dir + "/W1/facts.json")), agents = Json::object(), sessions = Json::object(),
       spaces = Json::object();
  Json actions = Json::array(), components = Json::array();
  static const char* const tiers[] = {"", "student", "intern", "supervised", "autonomous"};
  for (auto& [id, tier] : source["agents"].items()) agents[id] = {{"tier", tier}};
  auto holder = [&](const Json& agent) {  // an agent that is gone is no agent
    return source["agents"].contains(agent.get<std::string>()) ? Json{{"agent", agent}} : Json::object();
  };
  for (auto& [id, agent] : source["sessions"].items()) sessions[id] = holder(agent);
  for (auto& [id, agent] : source["workspaces"].items()) spaces[id] = holder(agent);
  for (auto& [action, level] : source["actions"].items()) actions.push_back({action, tiers[level.get<int>()]});
  for (auto& [name, on] : source["components"].items()) components.push_back({name, on});
  w.facts = Json{{"entities", {{"Agent", agents}, {"Session", sessions}, {"Workspace", spaces}}},
                 {"relations", {{"complexity", actions}, {"component", components}}}}
                .dump();
  w.params = {{"system_default", source["system_default"]}};
  for (const Json& r : json_lines(dir + "/W1/requests.jsonl", request_count)) {
    Json q{{"component", r["component"]},
           {"action", r["action"]},
           {"workspace", r["workspace_id"]},
           {"emergency", r["emergency"]}};
    if (r["agent_id"] != "") q["agent"] = r["agent_id"];
    if (r["session_id"] != "") q["session"] = r["session_id"];
    w.requests.push_back(q.dump());
  }
  return w;
}

Workload w4(const std::string& dir, int n) {
  Workload w{"W4_" + std::to_string(n), "", "allowed", "{}", {}, {}, {}};
  std::ostringstream text;
  text << "module bench.w4\nrequest Act { action: string, type: string, tag: string, level: int 0..100 }\n"
          "decision allowed(r: Act) {\n  default deny \"no rule allows {r.action}\"\n";
  Json source = Json::parse(slurp(dir + "/" + w.name + "/facts.json"));
  int i = 0;
  for (const Json& rule : source["rules"]) {
    text << "  allow rule" << i << ": \"rule " << i << "\"\n    if r.action == " << rule["action"]
         << ", r.type == " << rule["type"] << ", r.level >= " << rule["level"] << ", r.tag in { ";
    for (size_t t = 0; t < rule["tags"].size(); ++t) text << (t ? ", " : "") << rule["tags"][t];
    text << " }.\n";
    ++i;
  }
  text << "}\n";
  w.text = text.str();
  for (const Json& r : json_lines(dir + "/" + w.name + "/requests.jsonl", request_count)) {
    w.requests.push_back(Json{{"action", r["action"]},
                              {"type", r["resource"]["type"]},
                              {"tag", r["resource"]["tag"]},
                              {"level", r["principal"]["level"]}}
                             .dump());
  }
  return w;
}

struct LictorSide {
  std::shared_ptr<lictor::Engine> engine;
  std::vector<lictor::BoundRequest> requests;

  uint64_t loop(size_t total) {
    uint64_t allowed = 0;
    for (size_t i = 0, at = 0; i < total; i++) {
      allowed += engine->decide(requests[at], 1'700'000'000'000'000).outcome == lictor::ast::Outcome::kAllow;
      if (++at == requests.size()) at = 0;
    }
    return allowed;
  }
};

/// The same through the public header: what a program that embeds Lictor has.
struct EmbeddedSide {
  lictor::DecisionPoint decision;
  std::vector<lictor::Request> requests;

  uint64_t loop(size_t total) {
    uint64_t allowed = 0;
    for (size_t i = 0, at = 0; i < total; i++) {
      allowed += decision.decide(requests[at]).allowed();
      if (++at == requests.size()) at = 0;
    }
    return allowed;
  }
};

EmbeddedSide embedded_side(const Workload& w) {
  lictor::Options options;
  options.params = w.params;
  options.wait_for_native = true;
  std::string path = std::filesystem::temp_directory_path() / ("lictor-bench-" + std::to_string(getpid()) + ".json");
  std::ofstream(path) << w.facts;
  options.facts = {path};
  auto loaded = lictor::Policy::from_text(w.text, options);
  std::filesystem::remove(path);
  auto policy = need(std::move(loaded));
  EmbeddedSide side{need(policy.decision(w.decision)), {}};
  for (const std::string& json : w.requests) side.requests.push_back(need(side.decision.bind(json)));
  if (!side.decision.decide(side.requests[0]).native) stop("no native code: " + policy.native_status());
  return side;
}

std::shared_ptr<const lictor::Plan> plan_of(const Workload& w) {
  lictor::Analysis analysis = lictor::analyze({{w.name + ".lictor", w.text}}, {});
  if (!analysis.ok) stop(w.name + ": " + analysis.diagnostics[0].message);
  lictor::LowerOptions options;
  for (const auto& [name, value] : w.params) {
    for (uint32_t p = 0; p < analysis.program.schema.params.size(); ++p) {
      const auto& param = analysis.program.schema.params[p];
      if (param.info.name == name)
        options.params.emplace_back(p, need(lictor::parse_value(analysis.program.schema, param.type, value)));
    }
  }
  return need(lictor::make_plan(analysis, options));
}

LictorSide lictor_side(const Workload& w, std::shared_ptr<const lictor::Plan> plan, lictor::EngineKind kind) {
  lictor::EngineOptions options;
  options.engine = kind;
  options.wait_for_native = true;
  LictorSide side;
  side.engine = need(lictor::Engine::make(plan, options));
  if (kind == lictor::EngineKind::kJit && !side.engine->native_ready())
    stop("no native code: " + side.engine->native_status());
  lictor::FactSet facts = lictor::inline_facts(*plan);
  if (auto added = lictor::add_json_facts(plan->schema, w.facts, w.name, facts); !added) {
    stop(added.error().diagnostics.empty() ? added.error().message : added.error().diagnostics[0].message);
  }
  need(side.engine->publish(std::move(facts)));
  for (const std::string& json : w.requests)
    side.requests.push_back(need(lictor::BoundRequest::from_json(*side.engine, 0, json)));
  return side;
}

struct Spread {
  double middle, least, most;
  explicit Spread(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    least = values.front();
    most = values.back();
    middle = values[values.size() / 2];
  }
};

void check(const Workload& w, const bench::HandSide& hand, LictorSide& side, const char* engine) {
  for (size_t i = 0; i < side.requests.size(); ++i) {
    bool got = side.engine->decide(side.requests[i], 1'700'000'000'000'000).outcome == lictor::ast::Outcome::kAllow;
    if (got != hand.decide(i))
      stop(w.name + ", " + engine + ": request " + std::to_string(i) + " differs: " + w.requests[i]);
  }
}

void measure(const Workload& w, const std::string& dir, int runs) {
  auto hand = bench::hand_side(w.name, dir, request_count);
  auto plan = plan_of(w);
  LictorSide native = lictor_side(w, plan, lictor::EngineKind::kJit);
  LictorSide interpreted = lictor_side(w, plan, lictor::EngineKind::kInterpreter);
  check(w, *hand, native, "native");
  check(w, *hand, interpreted, "interpreted");
  EmbeddedSide embedded = embedded_side(w);
  for (size_t i = 0; i < embedded.requests.size(); ++i) {
    if (embedded.decision.decide(embedded.requests[i]).allowed() != hand->decide(i))
      stop(w.name + ", lictor.h: request " + std::to_string(i) + " differs: " + w.requests[i]);
  }

  std::vector<std::pair<const char*, std::function<uint64_t(size_t)>>> sides = {
      {"by hand, ids", [&](size_t n) { return hand->loop(n); }},
      {"by hand, strings", [&](size_t n) { return hand->loop_strings(n); }},
      {"lictor native", [&](size_t n) { return native.loop(n); }},
      {"lictor interpreted", [&](size_t n) { return interpreted.loop(n); }},
      {"lictor.h, native", [&](size_t n) { return embedded.loop(n); }}};
  std::unique_ptr<bench::HandGate> gate;
  if (w.name == "W1") {
    gate = std::make_unique<bench::HandGate>(dir, request_count);
    for (size_t i = 0; i < request_count; ++i) {
      bench::HandGate::Answer answer;
      gate->decide(gate->requests()[i], answer);
      if ((answer.outcome == 0) != hand->decide(i)) stop("the gate by hand differs at request " + std::to_string(i));
    }
    sides.insert(sides.begin() + 1, {"by hand, outputs", [&](size_t n) {
                                       uint64_t allowed = 0;
                                       bench::HandGate::Answer answer;
                                       for (size_t i = 0, at = 0; i < n; i++) {
                                         gate->decide(gate->requests()[at], answer);
                                         allowed += answer.outcome == 0;
                                         if (++at == gate->requests().size()) at = 0;
                                       }
                                       return allowed;
                                     }});
  }
  std::vector<std::vector<double>> times(sides.size()), ratios(sides.size());
  for (int run = 0; run < runs; ++run) {
    for (size_t s = 0; s < sides.size(); ++s) {
      auto from = Clock::now();
      volatile uint64_t allowed = sides[s].second(kTurn);
      (void)allowed;
      times[s].push_back(seconds(from) * 1e9 / kTurn);
      ratios[s].push_back(times[s].back() / times[0].back());
    }
  }
  for (size_t s = 0; s < sides.size(); ++s) {
    Spread time(times[s]), ratio(ratios[s]);
    std::printf("| %-8s | %-18s | %8.1f | %6.1f - %-6.1f | %7.2f | %5.2f - %-6.2f |\n", w.name.c_str(), sides[s].first,
                time.middle, time.least, time.most, ratio.middle, ratio.least, ratio.most);
  }
}

void measure_build(const Workload& w, int runs) {
  auto plan = plan_of(w);
  std::vector<double> ms;
  for (int run = 0; run < runs; ++run) {
    lictor::EngineOptions options;
    options.wait_for_native = true;
    auto from = Clock::now();
    auto engine = need(lictor::Engine::make(plan, options));
    if (!engine->native_ready()) stop("no native code: " + engine->native_status());
    ms.push_back(seconds(from) * 1e3);
  }
  Spread s(ms);
  std::printf("| %-8s | %8.1f | %6.1f - %-6.1f |\n", w.name.c_str(), s.middle, s.least, s.most);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) stop("usage: bench_decide DATADIR [RUNS [REQUESTS]]");
  std::string dir = argv[1];
  int runs = argc > 2 ? std::atoi(argv[2]) : 15;
  if (argc > 3) request_count = std::strtoul(argv[3], nullptr, 10);
  std::vector<Workload> workloads = {w1(dir), w4(dir, 10), w4(dir, 100), w4(dir, 1000), w4(dir, 10000)};
  std::printf("One decision, %d runs of %zu decisions each, sides in turn, one thread.\n\n", runs, kTurn);
  std::printf(
      "| workload | side | ns, median | least - most | to ids by hand | least - most |\n|---|---|---|---|---|---|\n");
  for (const Workload& w : workloads) measure(w, dir, runs);
  std::printf(
      "\nFrom plan to native code, no cache, %d runs.\n\n| workload | ms, median | least - most |\n|---|---|---|\n",
      runs);
  for (const Workload& w : workloads) measure_build(w, runs);
}
