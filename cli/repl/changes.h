// Changes of facts that a session makes: applied in order, on top of the bundle's facts.
#pragma once

#include <string>
#include <vector>

#include "cli/repl/source.h"
#include "host/bundle.h"
#include "runtime/facts.h"

namespace lictor::cli {

/// REQUIRES: `bundle` was analysed with its tests, of which those of `module` are the given facts, in order.
/// kUsage: forgetting what rules derive.
Result<void> apply_changes(const Bundle& bundle, const std::string& module, const std::vector<Change>& changes,
                           FactSet& facts);

}  // namespace lictor::cli
