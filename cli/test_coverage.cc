#include "cli/test_coverage.h"

#include <fmt/format.h>

#include <set>

namespace lictor::cli {
namespace {

void add_gap(CoverageReport& report, const SourceMap& sources, Span span, std::string text) {
  report.gaps.push_back({sources.place(span), std::move(text)});
}

}  // namespace

Coverage coverage_of(const Bundle& bundle) {
  std::set<std::string> own(bundle.files.begin(), bundle.files.end());
  const SourceMap& sources = *bundle.analysis.sources;
  return Coverage(bundle.analysis.program, [&](uint32_t file) {
    const std::string& name = sources.file(file).name();
    return own.contains(name) && !name.ends_with("_test.lictor");
  });
}

void add_coverage(CoverageReport& report, const Coverage& coverage, const SourceMap& sources) {
  report.figures.add(coverage);
  for (const Coverage::Item& item : coverage.items()) {
    if (!item.applied) {
      add_gap(report, sources, item.span,
              item.rule ? fmt::format("a rule of `{}` made no row", printable(item.name))
                        : fmt::format("the clause `{}` never applied", printable(item.name)));
    }
    for (const Coverage::Premise& premise : item.premises) {
      if (!premise.condition || (premise.held && premise.failed)) continue;
      std::string_view what = premise.held ? "never failed" : (premise.failed ? "never held" : "was never reached");
      add_gap(report, sources, premise.span,
              fmt::format("`{}` of `{}` {}", printable(sources.text(premise.span)), printable(item.name), what));
    }
  }
}

std::string coverage_text(const CoverageReport& report, const Output& output) {
  std::string out;
  for (const CoverageGap& gap : report.gaps) {
    out += fmt::format("{}:{}:{}: {}\n", gap.place.file, gap.place.line, gap.place.column, gap.text);
  }
  const CoverageFigures& f = report.figures;
  std::string line;
  auto part = [&](uint64_t seen, uint64_t all, std::string_view noun) {
    if (all > 0) line += fmt::format("{}{} of {}", line.empty() ? "coverage: " : ", ", seen, plural(all, noun));
  };
  part(f.applied_clauses, f.clauses, "clause");
  part(f.applied_rules, f.rules, "rule");
  part(f.seen_conditions, f.conditions, "condition");
  if (line.empty()) return "coverage: there is nothing to cover\n";
  bool whole = report.gaps.empty();
  return out + output.paint(whole ? Tone::kGood : Tone::kBold, line) +
         (whole ? "" : output.paint(Tone::kDim, "  (each counts twice: seen to hold, seen to fail)")) + "\n";
}

}  // namespace lictor::cli
