// What the tests of bundles saw of their clauses, rules and conditions, and what they did not.
#pragma once

#include <string>
#include <vector>

#include "cli/output.h"
#include "host/bundle.h"
#include "runtime/coverage.h"

namespace lictor::cli {

struct CoverageGap {
  Place place;
  std::string text;  // "the clause `enter/alarmed` never applied"
};

struct CoverageReport {
  CoverageFigures figures;
  std::vector<CoverageGap> gaps;  // in source order
};

/// Follows a bundle's own clauses and rules; those of the library and of test files are left out.
Coverage coverage_of(const Bundle& bundle);
/// Takes in what was seen of one bundle.
void add_coverage(CoverageReport& report, const Coverage& coverage, const SourceMap& sources);

/// Gaps, then "coverage: 3 of 4 clauses, 2 of 2 rules, 13 of 16 conditions".
std::string coverage_text(const CoverageReport& report, const Output& output);

}  // namespace lictor::cli
