// lictor.toml: read, checked against its keys, and its parameter values turned into Datums.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "host/bundle.h"

namespace lictor {

/// Fills name, version, fact_limits and params of `bundle` from `config`. Mistakes are added to `bundle.diagnostics`.
/// REQUIRES: bundle.analysis is filled in.
void read_config(const SourceText& config, Bundle& bundle);

/// Finds a parameter by "name" or "module.name". kNotFound, or kUsage where a bare name is ambiguous.
Result<uint32_t> find_param(const Schema& schema, std::string_view name);

}  // namespace lictor
