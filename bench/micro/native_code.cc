// Making native code: anew, from the cache on disk, by shape and number of clauses; and the quick function alone.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "compiler/analyze.h"
#include "compiler/driver.h"
#include "compiler/llvm/jit.h"
#include "runtime/abi.h"
#include "runtime/engine.h"
#include "runtime/request.h"

namespace {

using namespace lictor;

std::string one_shape(int64_t clauses) {
  std::string text =
      "module b\nrequest R { action: string, level: int }\ndecision gate(r: R) {\n  default deny \"no\"\n";
  for (int64_t i = 0; i < clauses; ++i) {
    std::string n = std::to_string(i);
    text += "  allow c" + n + ": \"c\" if r.action == \"a" + n + "\", r.level >= " + std::to_string(i % 10) + ".\n";
  }
  return text + "}\n";
}

/// Clauses that read different fields cannot share a table.
std::string many_shapes(int64_t clauses) {
  constexpr int64_t kFields = 50;
  std::string text = "module b\nrelation p(x: int, y: int) { (1, 2) (2, 3) }\nrequest R {";
  for (int64_t i = 0; i < kFields; ++i) text += (i > 0 ? ", f" : " f") + std::to_string(i) + ": int = 0";
  text += " }\ndecision gate(r: R) {\n  default deny \"no\"\n";
  int64_t made = 0;
  for (int64_t a = 0; a < kFields; ++a) {
    for (int64_t b = a + 1; b < kFields && made < clauses; ++b, ++made) {
      std::string x = "r.f" + std::to_string(a);
      std::string y = "r.f" + std::to_string(b);
      text +=
          "  allow c" + std::to_string(made) + ": \"x\" if " + x + " > 0, p(" + x + ", " + y + "), " + y + " < 10.\n";
    }
  }
  return text + "}\n";
}

std::shared_ptr<const Plan> plan_of(const std::string& text) {
  Analysis analysis = analyze({{"bench.lictor", text}}, {});
  auto plan = make_plan(analysis, {});
  if (!analysis.ok || !plan) std::abort();
  return *plan;
}

void build(benchmark::State& state, const std::string& text) {
  auto plan = plan_of(text);
  JitOptions options;
  options.abi = abi_symbols();
  for (auto _ : state) benchmark::DoNotOptimize(compile_native(*plan, options));
}

void BM_BuildOneShape(benchmark::State& state) { build(state, one_shape(state.range(0))); }
void BM_BuildManyShapes(benchmark::State& state) { build(state, many_shapes(state.range(0))); }

void BM_LoadFromCache(benchmark::State& state) {
  auto plan = plan_of(many_shapes(state.range(0)));
  std::string folder = (std::filesystem::temp_directory_path() / "lictor_bench_XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) return state.SkipWithError("no folder for the cache");
  JitOptions options;
  options.abi = abi_symbols();
  options.cache_dir = folder;
  (void)compile_native(*plan, options);
  for (auto _ : state) {
    auto code = compile_native(*plan, options);
    if (!code || !(*code)->from_cache()) state.SkipWithError("not from the cache");
  }
  std::filesystem::remove_all(folder);
}

void BM_QuickOneShape(benchmark::State& state) {
  auto plan = plan_of(one_shape(state.range(0)));
  EngineOptions engine_options;
  engine_options.wait_for_native = true;
  auto engine = Engine::make(plan, engine_options);
  if (!engine || !(*engine)->publish(inline_facts(*plan))) std::abort();
  auto request = BoundRequest::from_json(**engine, 0, R"({"action": "a9", "level": 9})");
  if (!request) std::abort();
  (*engine)->decide(*request, 0);
  JitOptions options;
  options.abi = abi_symbols();
  auto code = compile_native(*plan, options);
  if (!code) return state.SkipWithError("no native code");
  auto quick = (*code)->decision(0).quick;
  EvalContext& context = request->state().eval.context;
  for (auto _ : state) {
    int64_t values[QuickDecision::kMostValues];
    benchmark::DoNotOptimize(quick(&context, values));
  }
}

BENCHMARK(BM_BuildOneShape)->Arg(10)->Arg(10'000)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_BuildManyShapes)->Arg(10)->Arg(50)->Arg(200)->Arg(1'000)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_LoadFromCache)->Arg(10)->Arg(1'000)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_QuickOneShape)->Arg(10)->Arg(10'000);

}  // namespace

BENCHMARK_MAIN();
