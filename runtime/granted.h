// `granted`: one decision asks another, inside of its own evaluation.
#pragma once

#include "compiler/arith.h"
#include "runtime/eval_state.h"

namespace lictor {

/// Does decision `number` allow the request whose fields, by position, are the words? It sees the asker's facts, `now` and
/// what the asker's request brought, and its steps and bytes come out of the asker's budget. kGranted where a clause of it
/// that decides, or its default, has an error; a budget that is exhausted exhausts the asker's.
/// REQUIRES: request time; as many words as the decision's request has fields.
arith::Checked granted(EvalState& asker, uint32_t number, const int64_t* fields);

}  // namespace lictor
