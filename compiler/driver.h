// The whole compiler, top to bottom: texts -> Analysis (analyze.h) -> Plan.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/analyze.h"
#include "compiler/plan.h"

namespace lictor {

struct LowerOptions {
  /// Values for parameters by index in Schema::params, type-checked already; others keep their default.
  std::vector<std::pair<uint32_t, Datum>> params;
  /// Of Program::probes: they become decisions behind the program's own, in this order.
  std::vector<uint32_t> probes;
  /// Behind these, a rows probe for each relation that depends on `now` (rows_probe.h).
  bool rows_by_time = false;
  /// Called after lower() and after each pass with the stage's name and the plan so far.
  std::function<void(std::string_view stage, const Plan&)> observe;
  /// Becomes Plan::bundle_hash: "sha256:...", made by who knows all files (host/bundle.cc).
  std::string bundle_hash;
  /// Run verify() after each stage and fail with kInternal on a finding. Always on in builds with asserts.
  bool verify = false;
};

/// REQUIRES: analysis.ok. Fails with kInvalid when a parameter has no value. The plan keeps a reference to the sources.
Result<std::shared_ptr<const Plan>> make_plan(const Analysis& analysis, const LowerOptions& options);
/// The same without a copy of the program: afterwards analysis.program is of no use.
Result<std::shared_ptr<const Plan>> make_plan(Analysis&& analysis, const LowerOptions& options);

}  // namespace lictor
