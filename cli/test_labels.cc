#include "cli/test_labels.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/files.h"
#include "cli/session.h"
#include "grammar/diagnostics.h"
#include "host/bundle.h"
#include "host/canonical_json.h"
#include "host/decision_json.h"

namespace lictor::cli {
namespace {

using Json = nlohmann::json;

constexpr uint64_t kMostBytes = 256ull << 20;  // of one file
constexpr std::array<ast::Outcome, 3> kOutcomes = {ast::Outcome::kAllow, ast::Outcome::kDeny, ast::Outcome::kRequire};

struct Label {
  std::string decision, clause, at, request;
  ast::Outcome outcome = ast::Outcome::kDeny;
};

Error at_line(Error error, const std::string& file, uint64_t line) {
  error.message = fmt::format("{}:{}: {}", file, line, error.message);
  return error;
}

Error mistake(std::string message) { return {ErrorKind::kInvalid, std::move(message), {}}; }

Result<ast::Outcome> outcome_of(const std::string& word) {
  for (ast::Outcome outcome : kOutcomes) {
    if (word == outcome_name(outcome)) return outcome;
  }
  return std::unexpected(mistake(fmt::format("`{}` is no outcome: write allow, deny or require", printable(word))));
}

/// Reads one line. Members are taken apart as text: what is asked stays as it was written, exact.
Result<Label> read_label(const std::string& line) {
  auto members = canonical_members(line);
  if (!members) {
    return std::unexpected(mistake("a label is a JSON object on a line of its own: " + members.error().message));
  }
  Label label;
  for (const auto& [key, json] : *members) {
    if (key == "request") {
      label.request = json;
      continue;
    }
    std::string* field = key == "decision" ? &label.decision : key == "clause" ? &label.clause : nullptr;
    if (key == "at") field = &label.at;
    if (field == nullptr && key != "outcome") {
      return std::unexpected(mistake(fmt::format(
          "unknown key `{}`: a label has `request`, `outcome`, `decision`, `clause` and `at`", printable(key))));
    }
    Json value = json.starts_with('"') ? Json::parse(json, nullptr, false) : Json();
    if (!value.is_string() || value.get<std::string>().empty()) {
      return std::unexpected(mistake(fmt::format("`{}` must be a text, and not empty", key)));
    }
    if (field != nullptr) {
      *field = value.get<std::string>();
      continue;
    }
    Result<ast::Outcome> outcome = outcome_of(value.get<std::string>());
    if (!outcome) return std::unexpected(outcome.error());
    label.outcome = *outcome;
  }
  for (const char* key : {"request", "outcome"}) {
    if (!members->contains(key)) return std::unexpected(mistake(fmt::format("`{}` is missing", key)));
  }
  return label;
}

/// A clause that the decision does not have can never be the answer.
Result<void> know_clause(const DecisionPlan& decision, const std::string& clause) {
  std::vector<std::string> known{"default"};
  for (const ClausePlan& one : decision.clauses) {
    if (!one.clause.is_yield) known.push_back(one.clause.id);
  }
  if (clause.empty() || std::find(known.begin(), known.end(), clause) != known.end()) return {};
  std::string near = nearest_name(clause, known);
  return std::unexpected(
      mistake(fmt::format("decision `{}` has no clause `{}`{}", decision.decision.info.name, printable(clause),
                          near.empty() ? "" : fmt::format("; did you mean `{}`?", near))));
}

Result<DecisionResult> decide(const Session& session, const Label& label) {
  Engine& engine = *session.engine;
  Result<uint32_t> decision = find_decision(engine.plan(), label.decision, session.bundle.dependencies.get());
  if (!decision) return std::unexpected(decision.error());
  if (auto known = know_clause(engine.plan().decisions[*decision], label.clause); !known) {
    return std::unexpected(known.error());
  }
  Result<int64_t> now = now_of(label.at, engine.plan().schema);
  if (!now)
    return std::unexpected(
        mistake(fmt::format("`at`: `{}` is not a time such as 2026-01-01T00:00:00Z", printable(label.at))));
  Result<BoundRequest> request = BoundRequest::from_json(engine, *decision, label.request);
  if (!request) return std::unexpected(request.error());
  return engine.evaluate(*request, *now);
}

std::string answer_text(ast::Outcome outcome, const std::string& clause) {
  return clause.empty() ? std::string(outcome_name(outcome)) : fmt::format("{} {}", outcome_name(outcome), clause);
}

}  // namespace

Result<void> judge_labels(const Session& session, const std::string& file, LabelReport& report) {
  Result<std::string> text = read_file(file, kMostBytes);
  if (!text) return std::unexpected(text.error());
  std::istringstream lines(*text);
  uint64_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    Result<Label> label = read_label(line);
    if (!label) return std::unexpected(at_line(std::move(label.error()), file, number));
    Result<DecisionResult> got = decide(session, *label);
    if (!got) return std::unexpected(at_line(std::move(got.error()), file, number));
    ++report.total;
    ++report.counts[static_cast<size_t>(label->outcome)][static_cast<size_t>(got->outcome)];
    bool right = label->outcome == got->outcome && (label->clause.empty() || label->clause == got->winner.id);
    if (right) {
      ++report.correct;
      continue;
    }
    report.wrong.push_back({file, number, answer_text(label->outcome, label->clause),
                            answer_text(got->outcome, got->winner.id), got->winner.reason});
  }
  if (report.total == 0) return std::unexpected(mistake(fmt::format("{}: there are no labels", file)));
  return {};
}

std::string labels_text(const LabelReport& report, double least, const Output& output) {
  constexpr size_t kShown = 20;
  std::string out;
  for (size_t i = 0; i < report.wrong.size() && i < kShown; ++i) {
    const WrongLabel& wrong = report.wrong[i];
    out += fmt::format("{}:{}: expected {}, got {}: {}\n", wrong.file, wrong.line, printable(wrong.expected), wrong.got,
                       printable(wrong.reason));
  }
  if (report.wrong.size() > kShown) out += fmt::format("and {} more\n", show_count(report.wrong.size() - kShown));
  out += fmt::format("{:>18}{:>9}{:>9}{:>9}\n", "labelled \\ decided", "allow", "deny", "require");
  for (ast::Outcome row : kOutcomes) {
    out += fmt::format("{:>18}", outcome_name(row));
    for (ast::Outcome column : kOutcomes) {
      out += fmt::format("{:>9}", show_count(report.counts[static_cast<size_t>(row)][static_cast<size_t>(column)]));
    }
    out += "\n";
  }
  bool enough = report.accuracy() >= least;
  std::string last = fmt::format("{} of {} as labelled, {:.2f} %", show_count(report.correct),
                                 plural(report.total, "decision"), 100 * report.accuracy());
  if (!enough) last += fmt::format("; at least {:.2f} % are wanted", 100 * least);
  return out + output.paint(enough ? Tone::kGood : Tone::kBad, last) + "\n";
}

std::string labels_json(const LabelReport& report) {
  nlohmann::ordered_json confusion, wrong = nlohmann::ordered_json::array();
  for (ast::Outcome row : kOutcomes) {
    for (ast::Outcome column : kOutcomes) {
      confusion[std::string(outcome_name(row))][std::string(outcome_name(column))] =
          report.counts[static_cast<size_t>(row)][static_cast<size_t>(column)];
    }
  }
  for (const WrongLabel& one : report.wrong) {
    wrong.push_back(
        {{"file", one.file}, {"line", one.line}, {"expected", one.expected}, {"got", one.got}, {"reason", one.reason}});
  }
  nlohmann::ordered_json all = {{"total", report.total},
                                {"correct", report.correct},
                                {"accuracy", report.accuracy()},
                                {"confusion", confusion},
                                {"wrong", wrong}};
  return all.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace lictor::cli
