// Walking canonical bodies from left to right, for proofs and for the explanation of denials: every way to make a body
// hold, with the rows it rests on. Slow and plain beside the engines; it shares nothing with plans but their facts, so it
// tells the same story whatever engine decided.
//
// Variables given before the search starts (from the head of a rule, from a clause's instance) are tested where the body
// would bind them. Derived relations that exist only as views are computed here, rule by rule.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "compiler/core.h"
#include "runtime/canonical.h"
#include "runtime/snapshot.h"

namespace lictor {

using Row = std::vector<int64_t>;

/// A row that a literal of the body rests on.
struct Support {
  const Literal* literal = nullptr;
  uint32_t relation = kNoIndex;
  Row row;
};

class BodySearch {
 public:
  /// `state` outlives this and has a request, or none: then request-time relations may not be read.
  BodySearch(EvalState& state, const Snapshot& snapshot) : state_(state), snapshot_(snapshot) {}

  /// What the supports from number `from` on weigh; nothing: they may not be used.
  using Weigh = std::function<std::optional<uint32_t>(const std::vector<Support>& supports, size_t from)>;

  /// One frame being searched.
  struct Frame {
    Frame(EvalState& state, const lictor::Frame& of)
        : eval(state), variables(of.variables), bound(of.variables.size()) {
      eval.slots.resize(of.variables.size());
    }
    CanonicalEval eval;
    const std::vector<Variable>& variables;
    std::vector<bool> bound;
    std::vector<Support> supports;  // of the literals that hold so far, nested ones of exists and or included
    // Of the ways in which an `exists`, or an `or` that binds nothing, holds, the lightest is kept, the first of equals: a
    // row that rests on itself in the way found first may be proved by another. Null: the first way. Does not reach
    // into `not`, `forall` and aggregates: what holds there does not hang on how.
    const Weigh* weigh = nullptr;
    /// Are all variables of the expression bound?
    bool knows(const Expr& expr) const;
    void give(uint32_t slot, int64_t word) {
      eval.slots[slot] = word;
      bound[slot] = true;
    }
  };

  /// Called once per solution; true: enough.
  using Then = std::function<bool()>;
  /// Told which literal of the outermost body failed for a binding, and how many held before it.
  using Failed = std::function<void(size_t literal)>;

  /// Told of every body that is walked, nested ones and those of views too.
  class Watcher {
   public:
    virtual ~Watcher() = default;
    virtual void failed(const Body& body, size_t literal) = 0;  // for some binding; all before it held
    virtual void held(const Body& body) = 0;                    // all of it
  };
  Watcher* watcher = nullptr;

  /// True where `then` had enough.
  bool solve(const Body& body, Frame& frame, const Then& then, const Failed& failed = nullptr);

  /// A nested body of which only counts whether, or for what, it holds: its supports and bindings are dropped.
  bool aside(const Body& body, Frame& frame, const Then& then);

  /// Gives the head's variables the words of `row`; false where the head cannot be that row.
  bool unify_head(const Rule& rule, const Row& row, Frame& frame);
  /// Does the head, its body solved, make `row`? (Heads may compute.)
  bool makes(const Rule& rule, const Row& row, Frame& frame);

  /// All rows of a relation that agree with `known` (kNoColumn words match all), each once.
  bool each_row(uint32_t relation, const std::vector<bool>& known, const Row& words,
                const std::function<bool(const Row&)>& visit);
  /// Is it computed by rules whose rows nobody keeps?
  bool is_view(uint32_t relation) const;

  EvalState& state() { return state_; }
  const Snapshot& snapshot() const { return snapshot_; }
  /// Steps taken so far; the caller may stop a search that goes on for too long.
  uint64_t steps = 0;
  uint64_t most_steps = 20'000'000;
  bool exhausted() const { return steps > most_steps; }

 private:
  bool from(const Body& body, size_t at, Frame& frame, const Then& then, const Failed& failed);
  bool literal(const Literal& literal, Frame& frame, const Then& then);
  bool atom(const Literal& literal, Frame& frame, const Then& then);
  bool match(const std::vector<const Arg*>& args, const Row& row, Frame& frame, const Then& then);
  bool bind(uint32_t slot, int64_t word, Frame& frame, const Then& then);
  bool member(const Literal& literal, Frame& frame, const Then& then);
  bool hierarchy(const Literal& literal, Frame& frame, const Then& then);
  bool aggregate(const Literal& literal, Frame& frame, const Then& then);
  bool alternatives(const Literal& literal, Frame& frame, const Then& then);
  bool without_locals(const Literal& literal, const std::vector<bool>& before, Frame& frame, const Then& then);
  bool holds(const Body& body, Frame& frame);
  bool one_way(const Literal& literal, Frame& frame, const Then& then);
  bool view_rows(uint32_t relation, const std::vector<bool>& known, const Row& words,
                 const std::function<bool(const Row&)>& visit);

  EvalState& state_;
  const Snapshot& snapshot_;
};

}  // namespace lictor
