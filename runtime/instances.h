// The instances of clauses that one full evaluation found, each once. Reused from decision to decision.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "runtime/eval_state.h"

namespace lictor {

class Instances {
 public:
  struct One {
    uint32_t clause = 0;
    uint32_t first = 0;  // of its words
    uint32_t count = 0;
  };
  struct Erring {
    uint32_t clause = 0;
    ErrorList errors;
  };

  void clear();
  void add(EvalState& state, uint32_t clause, const int64_t* words, uint32_t count);
  void add_errors(uint32_t clause, const ErrorList& errors);

  const std::vector<One>& all() const { return found_; }
  std::span<const int64_t> words(const One& one) const { return {words_.data() + one.first, one.count}; }
  const std::vector<Erring>& erring() const { return erring_; }

 private:
  std::vector<One> found_;
  std::vector<int64_t> words_;
  NumberSet set_;
  std::vector<Erring> erring_;
};

}  // namespace lictor
