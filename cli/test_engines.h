// Plans and engines for the tests of one bundle, kept per set of parameters.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "host/bundle.h"

namespace lictor::cli {

/// REQUIRES: the bundle outlives it. Not thread-safe.
class TestEngines {
 public:
  TestEngines(const Bundle& bundle, bool no_jit) : bundle_(bundle), no_jit_(no_jit) {}

  /// The engine of that kind for these parameters, made when first asked for; owned by this object. An engine for native
  /// code is ready when it is returned. `probe`: of Program::probes, or kNoIndex; it is the engine's last decision.
  /// Fails as make_plan() and Engine::make() do.
  Result<Engine*> get(const ParamValues& params, EngineKind kind, uint32_t probe = kNoIndex);

 private:
  Result<std::shared_ptr<const Plan>> plan_for(const ParamValues& params, uint32_t probe);

  const Bundle& bundle_;
  bool no_jit_;
  std::map<std::string, std::shared_ptr<const Plan>> plans_;
  std::map<std::pair<const Plan*, EngineKind>, std::shared_ptr<Engine>> engines_;
};

}  // namespace lictor::cli
