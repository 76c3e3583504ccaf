// What a set of questions saw of the bodies of clauses and rules: which clauses applied, and of each premise whether it was
// seen to hold and to fail.
//
// Bodies are walked as proofs walk them (body_search.h), in canonical order, whatever engine decides: a premise counts
// where all premises to its left hold.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "compiler/program.h"
#include "runtime/engine.h"

namespace lictor {

class Coverage {
 public:
  struct Premise {
    Span span;
    bool condition = true;  // false: it only gives variables their values
    bool held = false;
    bool failed = false;
  };
  struct Item {
    Span span;         // of the clause or rule
    std::string name;  // "enter/alarmed", "may_open"
    bool rule = false;
    bool applied = false;
    std::vector<Premise> premises;
  };

  /// Follows the clauses and rules with a body whose file `wanted` names.
  Coverage(const Program& program, const std::function<bool(uint32_t file)>& wanted);

  /// Looks at the rules that facts alone make true, over the newest facts.
  void see_facts(const Engine& engine);
  /// Looks at every clause of the request's decision, and at the rules that they read.
  void see(Engine& engine, BoundRequest& request, int64_t now);

  /// Adds what another one saw. REQUIRES: both follow the same items.
  void add(const Coverage& other);

  /// In source order.
  const std::vector<Item>& items() const { return items_; }

 private:
  friend class CoverageWatcher;
  void add(const Schema& schema, Span span, std::string name, bool rule, const Body& body);
  Item* find(Span span);

  std::vector<Item> items_;
  std::map<std::pair<uint32_t, uint32_t>, size_t> by_place_;  // file and offset, to items_
};

/// How much of it was seen.
struct CoverageFigures {
  uint64_t clauses = 0, applied_clauses = 0;
  uint64_t rules = 0, applied_rules = 0;
  uint64_t conditions = 0, seen_conditions = 0;  // each counts twice: holding and failing
  void add(const Coverage& coverage);
  CoverageFigures& operator+=(const CoverageFigures& other);
};

}  // namespace lictor
