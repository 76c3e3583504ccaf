// Walking bodies over the naive evaluator's model with a say in which rows its atoms may use: what a checker of proofs
// needs and an evaluator does not. Shares with the engines what the naive evaluator shares, and nothing more.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/differential/naive.h"

namespace lictor::testing {

using Slots = std::vector<std::optional<Datum>>;

/// How a row is proved canonically: from rows of least height, by the first such rule, with the least bindings.
struct Canonical {
  uint32_t height = 0;  // 0: it was given
  uint32_t rule = 0;    // in Program::rules
  Slots slots;          // of the rule's frame; those of nested bodies are left out
};

/// Where the binding of a body that got furthest stopped.
struct Furthest {
  bool holds = false;
  size_t literal = 0;
  Slots slots;  // what was bound by then
};

/// REQUIRES: `naive` outlives this and is not asked anything else between two calls that shall speak of one model.
class BodyWalk {
 public:
  BodyWalk(const Program& program, Naive& naive) : program_(program), naive_(naive) {}

  using Row = std::vector<Datum>;
  using Then = std::function<void()>;
  /// Calls `use` with each row that the atom may use.
  using Atoms = std::function<void(const Literal& atom, const std::function<void(const Row&)>& use)>;

  bool contains(uint32_t relation, const Row& row) const;
  bool given(uint32_t relation, const Row& row) const;
  bool same(const Datum& a, const Datum& b) const { return naive_.same(a, b); }
  bool same(const Row& a, const Row& b) const;

  /// A walk in a frame where some slots have their values; errors lead nowhere.
  struct Walk {
    Walk(const Frame& frame, Slots slots);
    Naive::Scope scope;
    std::set<std::string> errors;
    std::set<uint32_t> reached;
  };

  /// `then` for every way to make the body hold with the rows that `atoms` allows; `not`, `forall` and aggregates see all
  /// rows of the model. `each_way`: all ways of an `exists` too, not only one.
  void ways(const Body& body, Walk& walk, const Atoms& atoms, bool each_way, const Then& then);
  /// The literal as the naive evaluator takes it.
  void literal(const Literal& l, Walk& walk, const Then& then) { naive_.literal(l, walk.scope, then); }
  std::optional<Datum> eval(const Expr& expr, Walk& walk) { return naive_.eval(expr, walk.scope); }
  void match(const Literal& l, const Row& row, Walk& walk, const Then& then);
  /// The distinct tuples of an aggregate, in the order of their values.
  std::vector<Row> tuples(const Literal& l, Walk& walk);

  /// The canonical proof of a row of the model.
  const Canonical* canonical(uint32_t relation, const Row& row);
  /// The canonical way in which a body holds, some slots given; nothing where it does not hold.
  std::optional<Canonical> canonical_way(const Body& body, const Frame& frame, const Slots& wanted);
  /// Slots that are `wanted` must have that value.
  Furthest furthest(const Body& body, const Frame& frame, const Slots& wanted);
  /// The model has changed.
  void forget_request();

  /// The slots that the first `count` literals bind for what stands to their right.
  static std::vector<uint32_t> bound_by(const Body& body, size_t count);

 private:
  using Known = std::map<std::pair<uint32_t, std::string>, Canonical>;
  void rounds(bool request_time, Known& known);
  void round(uint32_t rule, uint32_t height, const Known& known, Known& found);
  Atoms below(const Known& known, uint32_t height);
  const Known& known(bool with_request);
  bool less(const Slots& a, const Slots& b) const;
  bool agree(const std::vector<uint32_t>& slots, const Slots& have, const Slots& wanted) const;
  void far(const Body& body, size_t at, Walk& walk, const Slots& wanted, Furthest& out);

  const Program& program_;
  Naive& naive_;
  std::optional<Known> facts_, all_;  // rows known at fact time; those of the request too
};

}  // namespace lictor::testing
