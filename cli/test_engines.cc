#include "cli/test_engines.h"

#include <fmt/format.h>

#include "compiler/driver.h"

namespace lictor::cli {

Result<Engine*> TestEngines::get(const ParamValues& params, EngineKind kind, uint32_t probe) {
  Result<std::shared_ptr<const Plan>> plan = plan_for(params, probe);
  if (!plan) return std::unexpected(plan.error());
  auto key = std::pair(plan->get(), kind);
  auto found = engines_.find(key);
  if (found != engines_.end()) return found->second.get();
  EngineOptions options;
  options.engine = kind;
  options.wait_for_native = kind == EngineKind::kJit;
  options.no_jit = no_jit_;
  if (kind == EngineKind::kJit) options.cache_dir = default_cache_dir();
  Result<std::shared_ptr<Engine>> engine = Engine::make(*plan, options);
  if (!engine) return std::unexpected(engine.error());
  return engines_.emplace(key, std::move(*engine)).first->second.get();
}

Result<std::shared_ptr<const Plan>> TestEngines::plan_for(const ParamValues& params, uint32_t probe) {
  std::string key = probe == kNoIndex ? "" : fmt::format("probe {}\n", probe);
  for (const auto& [index, value] : params) {
    key += fmt::format("{}={}\n", index, show_source(bundle_.analysis.program.schema, value));
  }
  auto found = plans_.find(key);
  if (found != plans_.end()) return found->second;
  LowerOptions options;
  options.params = params;
  if (probe != kNoIndex) options.probes = {probe};
  Result<std::shared_ptr<const Plan>> plan = make_plan(bundle_.analysis, options);
  if (plan) plans_.emplace(key, *plan);
  return plan;
}

}  // namespace lictor::cli
