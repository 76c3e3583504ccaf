// Runs one `test` block of a bundle and says what differs from what it expects.
//
// A test sees inline facts and what it gives, never data files; its parameters are the bundle's `default` set and what
// it says `with`. Statements take effect in order: an expectation sees what stands above it. Plans and engines are kept
// per set of parameters, so a thousand tests of one set compile once.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/test_compare.h"
#include "cli/test_coverage.h"
#include "cli/test_engines.h"
#include "host/bundle.h"

namespace lictor::cli {

enum class TestEngine { kInterpreter, kJit, kBoth };  // kBoth: also any difference between the two is a failure

struct TestOptions {
  TestEngine engine = TestEngine::kInterpreter;
  uint64_t requests = 200;  // generated for each `for all`, at most
  uint64_t seed = 1;        // of the generated requests
  bool no_jit = false;
};

/// An expectation that was not met, or could not be looked at.
struct TestFailure {
  Place place;
  std::string statement;  // as it stands in the file
  std::string about;      // which case or which generated request; "" otherwise
  std::vector<Difference> differences;
  std::string problem;  // why it could not be looked at; "" otherwise
  std::string proof;    // why the decision came out as it did; "" otherwise
};

struct TestOutcome {
  std::string name;
  std::string module;
  Place place;
  double seconds = 0;
  std::vector<TestFailure> failures;  // none: passed
};

/// `engines` and `coverage` (null: nobody asked for it) are of the caller's thread alone. REQUIRES: bundle.ok.
TestOutcome run_test(const Bundle& bundle, const Test& test, const TestOptions& options, TestEngines& engines,
                     const ParamValues& params, Coverage* coverage);

/// What went wrong, without colour, several lines.
std::string failure_text(const TestFailure& failure);

}  // namespace lictor::cli
