// Termination: a recursive rule must not make ever new values.
//
// A value is new where an operation computes it from what the recursion itself delivered. That is fine when the guards of
// the body bound the result on both sides, or bound it in the direction it moves (`n + 1` with `n < 64`), or when the rule
// has a `limit`. Everything else is refused.
#pragma once

#include "compiler/program.h"
#include "grammar/diagnostics.h"

namespace lictor {

/// REQUIRES: stratify() ran.
void check_termination(const Program& program, Diagnostics& diagnostics);

}  // namespace lictor
