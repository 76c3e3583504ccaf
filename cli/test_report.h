// The results of tests as people, scripts and CI read them.
#pragma once

#include <string>
#include <string_view>

#include "cli/output.h"
#include "cli/test_suite.h"

namespace lictor::cli {

/// What failed in one test; "" when it passed.
std::string failed_test_text(const TestOutcome& test, const Output& output);
/// The last line: `12 passed, 1 failed`.
std::string tests_summary(const TestReport& report, std::string_view engine, const Output& output);
/// As docs/architecture.md has it.
std::string tests_json(const TestReport& report);
/// TAP, version 14.
std::string tests_tap(const TestReport& report);
/// JUnit XML: a suite per module, a case per test.
std::string tests_junit(const TestReport& report);

}  // namespace lictor::cli
