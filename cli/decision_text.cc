#include "cli/decision_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "grammar/diagnostics.h"

namespace lictor::cli {
namespace {

constexpr size_t kMostShown = 10;  // also-rans and near misses; --format json has all

Tone tone_of(ast::Outcome outcome) {
  switch (outcome) {
    case ast::Outcome::kAllow:
      return Tone::kGood;
    case ast::Outcome::kDeny:
      return Tone::kBad;
    case ast::Outcome::kRequire:
      return Tone::kWarn;
  }
  return Tone::kPlain;
}

std::string outcome_words(ast::Outcome outcome, bool is_override) {
  return fmt::format("{}{}", is_override ? "override " : "", outcome_name(outcome));
}

/// A labelled block: the label before its first line.
std::string block(std::string_view label, const std::vector<std::string>& lines, const Output& output) {
  std::string out;
  for (size_t i = 0; i < lines.size() && i < kMostShown; ++i) {
    std::string name = fmt::format("{:11}", i == 0 ? label : "");
    out += fmt::format("  {} {}\n", output.paint(Tone::kDim, name), lines[i]);
  }
  if (lines.size() > kMostShown) out += fmt::format("  {:11} and {} more\n", "", lines.size() - kMostShown);
  return out;
}

std::vector<std::string> signature_lines(const Schema& schema, const std::vector<AppliedSignature>& signatures) {
  std::vector<std::string> out;
  for (const AppliedSignature& signature : signatures) {
    out.push_back(signature_text(schema, signature) + (signature.blocking ? "  (blocking)" : ""));
  }
  return out;
}

std::vector<std::string> error_lines(const std::vector<EvalError>& errors, const Output& output) {
  std::vector<std::string> out;
  for (const EvalError& error : errors) {
    std::string place =
        error.place.line > 0 ? fmt::format("{}:{}:{}: ", error.place.file, error.place.line, error.place.column) : "";
    out.push_back(output.paint(Tone::kBad, printable(place + error.message)));
  }
  return out;
}

std::string heading(std::string_view text, const Output& output) {
  return "\n" + output.paint(Tone::kBold, text) + "\n";
}

std::string indented(std::string_view text) {
  std::string out;
  for (size_t begin = 0; begin < text.size();) {
    size_t end = std::min(text.find('\n', begin), text.size());
    out += fmt::format("  {}\n", text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

/// The proof with its places, `  (file:line)` at the ends of lines, in the background.
std::string proof_text(std::string_view proof, const Output& output) {
  std::string out;
  for (size_t begin = 0; begin < proof.size();) {
    size_t end = std::min(proof.find('\n', begin), proof.size());
    std::string_view line = proof.substr(begin, end - begin);
    size_t place = line.ends_with(')') ? line.rfind("  (") : line.npos;
    out += "  " + std::string(line.substr(0, place));
    if (place != line.npos) out += output.paint(Tone::kDim, line.substr(place));
    out += "\n";
    begin = end + 1;
  }
  return out;
}

std::string near_miss_text(const NearMiss& miss, const SourceMap& sources, const Output& output) {
  std::string head = outcome_words(miss.outcome, miss.is_override);
  std::string out = fmt::format("{} {}  ", output.paint(tone_of(miss.outcome), head),
                                output.paint(Tone::kBold, printable(miss.clause)));
  out += output.paint(Tone::kDim, fmt::format("{} of {} premises hold", miss.held, miss.total)) + "\n";
  Diagnostic fails;
  fails.severity = Severity::kNote;
  fails.place = miss.place;
  fails.message = "this does not hold" + (miss.values.empty() ? "" : ": " + printable(miss.values));
  return out + indented(render(fails, sources, output.data_color()));
}

}  // namespace

std::string headline(const Instance& instance, const Output& output) {
  std::string outcome = outcome_words(instance.outcome, instance.is_override);
  return fmt::format("{} {}: {}", output.paint(tone_of(instance.outcome), outcome),
                     output.paint(Tone::kBold, printable(instance.id)), printable(instance.reason));
}

std::string signature_text(const Schema& schema, const AppliedSignature& signature) {
  std::string out = signature.verb == Verb::kInsert ? "insert " : signature.verb == Verb::kRemove ? "remove " : "";
  out += signature.name + "(";
  for (size_t i = 0; i < signature.args.size(); ++i) {
    const auto& [name, value] = signature.args[i];
    out += fmt::format("{}{}: {}", i == 0 ? "" : ", ", name, printable(show_source(schema, value)));
  }
  return out + ")";
}

std::string decision_text(const Schema& schema, const DecisionResult& decision, const Output& output) {
  Instance winner = decision.winner;
  winner.outcome = decision.outcome;
  std::string out = headline(winner, output) + "\n";
  std::vector<std::string> also, notes, yields;
  for (const Instance& instance : decision.also) also.push_back(headline(instance, output));
  for (const std::string& note : decision.notes) notes.push_back(printable(note));
  out += block("also", also, output);
  out += block("obligations", signature_lines(schema, decision.obligations), output);
  out += block("changes", signature_lines(schema, decision.changes), output);
  out += block("waits for", signature_lines(schema, decision.requirements), output);
  for (const auto& [name, value] : decision.yields) yields.push_back(name + " = " + printable(show(schema, value)));
  out += block("yields", yields, output);
  out += block("errors", error_lines(decision.errors, output), output);
  return out + block("notes", notes, output);
}

std::string explanation_text(const Schema& schema, const Explanation& explanation, const SourceMap& sources,
                             const Output& output) {
  std::string out = heading("Why", output) + proof_text(render(schema, explanation.proof), output);
  if (explanation.near_misses.empty()) return out;
  out += heading("What stood in the way of another answer, nearest first", output);
  size_t shown = std::min(explanation.near_misses.size(), kMostShown);
  for (size_t i = 0; i < shown; ++i)
    out += (i == 0 ? "" : "\n") + near_miss_text(explanation.near_misses[i], sources, output);
  if (shown < explanation.near_misses.size())
    out += fmt::format("and {} more clauses\n", explanation.near_misses.size() - shown);
  return out;
}

}  // namespace lictor::cli
