#include "cli/test_report.h"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

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

/// Text for XML: markup escaped, characters that XML 1.0 cannot hold replaced.
std::string xml(std::string_view text) {
  std::string out;
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (byte < 0x20 && c != '\n' && c != '\t')
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
  return out +
         output.paint(Tone::kDim, fmt::format("  ({}, {})", show_nanoseconds(total_seconds(report) * 1e9), engine)) +
         "\n";
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
  nlohmann::ordered_json all = {
      {"passed", report.passed()}, {"failed", report.failed()}, {"skipped", report.skipped}, {"tests", tests}};
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
