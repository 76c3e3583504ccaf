// What an expectation of a test says, held against what came out.
#pragma once

#include <string>
#include <vector>

#include "compiler/program.h"
#include "runtime/decision.h"

namespace lictor::cli {

/// One line of a comparison.
struct Difference {
  std::string what;      // "outcome", "clause", "reason", "obligations", "errors"; "row": one side is ""
  std::string expected;  // "" for a row that should not be there
  std::string got;       // "" for a row that is missing
};

/// What `expected` (kExpect) says and `got` does not have. What it leaves unsaid is not compared. Obligations are compared
/// as a set: their order follows from the clauses, which a test names on its own.
std::vector<Difference> compare_decision(const Schema& schema, const TestStatement& expected,
                                         const DecisionResult& got);

/// Rows of `all` that match the pattern of `expected` (kExpectRows) and should not be there, and rows that are missing.
std::vector<Difference> compare_rows(const Schema& schema, const TestStatement& expected,
                                     const std::vector<std::vector<Datum>>& all);

/// Two lines, indented by nothing: what was expected and what came.
std::string difference_text(const Difference& difference);

}  // namespace lictor::cli
