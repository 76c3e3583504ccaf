// The interpreter: runs Code (runtime/code.h). The reference that native code is held against.
#pragma once

#include <vector>

#include "runtime/code.h"
#include "runtime/eval_state.h"

namespace lictor {

enum class RunEnd : uint8_t { kAll, kStopped, kExhausted };  // every solution; the sink had enough; a budget ended

/// Hands every solution to `sink`. Errors go to state.errors. `frame` has room for code.frame words.
RunEnd run(const Code& code, EvalState& state, int64_t* frame, Sink& sink);

/// The same for a caller who only asks whether there is a solution. REQUIRES: the code reports no errors.
bool has_solution(const Code& code, EvalState& state, int64_t* frame);

}  // namespace lictor
