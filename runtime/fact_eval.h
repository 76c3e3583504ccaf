// What is needed to evaluate over facts alone: for proofs of rows, and for what tests see of rules.
#pragma once

#include "runtime/engine_impl.h"
#include "runtime/eval_state.h"
#include "runtime/snapshot.h"

namespace lictor {

/// REQUIRES: engine and snapshot outlive it.
struct FactEval {
  FactEval(const Engine& engine, const Snapshot& snapshot)
      : values(static_cast<uint32_t>(snapshot.plan().schema.entities.size()), &snapshot.values()) {
    state.plan = &snapshot.plan();
    state.hierarchy = &snapshot.hierarchy();
    state.values = &values;
    state.errors = &errors;
    state.context.snapshot = &snapshot.view();
    state.context.runtime = &state;
    state.context.steps = engine.impl().options.limits.steps;
    state.memory = engine.impl().options.limits.memory;
  }
  FactEval(const FactEval&) = delete;  // its state points into it

  ValueTable values;
  ErrorList errors;
  EvalState state;
};

}  // namespace lictor
