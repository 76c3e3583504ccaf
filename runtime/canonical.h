// Evaluating canonical expressions (compiler/core.h) as they stand: messages, obligations, and the premises of proofs. Slow
// and plain beside the interpreter's code; used once per instance that is shown to somebody.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runtime/eval_state.h"

namespace lictor {

class CanonicalEval {
 public:
  /// `state` outlives this; its errors take what goes wrong.
  explicit CanonicalEval(EvalState& state) : state_(state), schema_(state.plan->schema) {}

  std::vector<int64_t> slots;  // REQUIRES: room for the slots of what is evaluated

  /// Nothing where it errs.
  std::optional<int64_t> word(const Expr& expr);
  std::optional<Datum> datum(const Expr& expr);
  /// The value as messages show it.
  std::optional<std::string> text(const Expr& expr);
  EvalState& state() { return state_; }

 private:
  std::optional<int64_t> lazy(const Expr& expr);

  EvalState& state_;
  const Schema& schema_;
};

}  // namespace lictor
