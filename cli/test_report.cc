#include "cli/test_report.h"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

namespace lictor::cli {
namespace {

std::string message_of(const TestOutcome& test) {
  std::string out;
  for (const TestFailure& failure : test.failures) out += failure_text(failure);
  return out;
}

double total_seconds(const TestReport& report) {
  double out = 0;
  for (const TestOutcome& test : report.tests) out += test.seconds;
  return out;
}

double share(uint64_t part, uint64_t whole) {
  return whole == 0 ? 1 : static_cast<double>(part) / static_cast<double>(whole);
}

nlohmann::ordered_json coverage_json(const CoverageReport& report) {
  const CoverageFigures& f = report.figures;
  nlohmann::ordered_json gaps = nlohmann::ordered_json::array();
  for (const CoverageGap& gap : report.gaps) {
    gaps.push_back(
        {{"file", gap.place.file}, {"line", gap.place.line}, {"column", gap.place.column}, {"message", gap.text}});
  }
  return {{"clauses", share(f.applied_clauses, f.clauses)},
          {"rules", share(f.applied_rules, f.rules)},
          {"conditions", share(f.seen_conditions, f.conditions)},
          {"gaps", gaps}};
}

/// Text for XML: markup escaped, characters that XML 1.0 cannot hold replaced.
std::string xml(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    auto byte = static_cast<unsigned char>(c);
    std::string_view three = text.substr(i, 3);
    if (three == "\xEF\xBF\xBE" || three == "\xEF\xBF\xBF") {  // U+FFFE and U+FFFF are no characters of XML
      out += '?';
      i += 2;
    } else if (byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0) {  // C1 controls
      out += '?';
      ++i;
    } else if (c == '\n')
      out += "&#10;";
    else if (c == '\t')
      out += "&#9;";
    else if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (byte < 0x20)
      out += '?';
    else
      out += c;
  }
  return out;
}

std::string junit_case(const TestOutcome& test) {
  std::string head = fmt::format("    <testcase name=\"{}\" classname=\"{}\" file=\"{}\" line=\"{}\" time=\"{:.6f}\"",
                                 xml(test.name), xml(test.module), xml(test.place.file), test.place.line, test.seconds);
  if (test.failures.empty()) return head + "/>\n";
  const TestFailure& first = test.failures.front();
  std::string summary = first.problem.substr(0, first.problem.find('\n'));
  for (const Difference& d : first.differences)
    summary += fmt::format("{}{}: expected {}, got {}", summary.empty() ? "" : "; ", d.what, d.expected, d.got);
  return fmt::format("{}>\n      <failure message=\"{}\">{}</failure>\n    </testcase>\n", head, xml(summary),
                     xml(message_of(test)));
}

}  // namespace

std::string failed_test_text(const TestOutcome& test, const Output& output) {
  if (test.failures.empty()) return "";
  std::string out = fmt::format("{} {}: {}\n", output.paint(Tone::kBad, "FAILED"), printable(test.module),
                                output.paint(Tone::kBold, printable(test.name)));
  return out + message_of(test) + "\n";
}

std::string tests_summary(const TestReport& report, std::string_view engine, const Output& output) {
  if (report.tests.empty()) return "no tests\n";
  std::string passed = fmt::format("{} passed", show_count(report.passed())),
              failed = fmt::format("{} failed", show_count(report.failed()));
  std::string out = output.paint(report.failed() > 0 ? Tone::kPlain : Tone::kGood, passed) + ", ";
  out += output.paint(report.failed() > 0 ? Tone::kBad : Tone::kPlain, failed);
  if (report.skipped > 0) out += fmt::format(", {} skipped", show_count(report.skipped));
  return out + output.paint(Tone::kDim, fmt::format("  ({}, {})", show_nanoseconds(report.seconds * 1e9), engine)) +
         "\n";
}

std::string tests_tap(const TestReport& report) {
  std::string out = fmt::format("TAP version 14\n1..{}\n", report.tests.size());
  for (size_t i = 0; i < report.tests.size(); ++i) {
    const TestOutcome& test = report.tests[i];
    std::string name;
    for (char c : printable(test.module + ": " + test.name))
      name += c == '#' || c == '\\' ? fmt::format("\\{}", c) : std::string(1, c);
    out += fmt::format("{} {} - {}\n", test.failures.empty() ? "ok" : "not ok", i + 1, name);
    if (test.failures.empty()) continue;
    out += fmt::format("  ---\n  at:\n    file: {}\n    line: {}\n  message: |\n",
                       nlohmann::json(test.place.file).dump(), test.place.line);
    std::istringstream lines(message_of(test));
    for (std::string line; std::getline(lines, line);) out += "    " + line + "\n";
    out += "  ...\n";
  }
  return out;
}

std::string tests_json(const TestReport& report) {
  nlohmann::ordered_json tests = nlohmann::ordered_json::array();
  for (const TestOutcome& test : report.tests) {
    tests.push_back({{"name", test.name},
                     {"file", test.place.file},
                     {"line", test.place.line},
                     {"status", test.failures.empty() ? "passed" : "failed"},
                     {"seconds", test.seconds},
                     {"message", message_of(test)}});
  }
  nlohmann::ordered_json all = {{"passed", report.passed()}, {"failed", report.failed()}, {"skipped", report.skipped}};
  if (report.coverage) all["coverage"] = coverage_json(*report.coverage);
  all["tests"] = std::move(tests);
  return all.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::string tests_junit(const TestReport& report) {
  std::map<std::string, TestReport> suites;
  for (const TestOutcome& test : report.tests) suites[test.module].tests.push_back(test);
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  out += fmt::format("<testsuites tests=\"{}\" failures=\"{}\" time=\"{:.6f}\">\n", report.tests.size(),
                     report.failed(), total_seconds(report));
  for (const auto& [module, suite] : suites) {
    out += fmt::format(
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"0\" time=\"{:.6f}\">\n",
        xml(module), suite.tests.size(), suite.failed(), total_seconds(suite));
    for (const TestOutcome& test : suite.tests) out += junit_case(test);
    out += "  </testsuite>\n";
  }
  return out + "</testsuites>\n";
}

}  // namespace lictor::cli
