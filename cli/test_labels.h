// `lictor test --labels`: requests that people have labelled with the answer they want, and how often the policy agrees.
//
// A file has one JSON object per line: {"request": {...}, "outcome": "deny"}; also "decision" where the bundle has several,
// "clause" where the reason matters too, and "at" for `now`. The bundle's own facts are in force, data files included.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "cli/output.h"
#include "cli/session.h"

namespace lictor::cli {

struct WrongLabel {
  std::string file;
  uint64_t line = 0;
  std::string expected, got;  // "deny below"
  std::string reason;         // of what came
};

struct LabelReport {
  uint64_t total = 0;
  uint64_t correct = 0;
  std::array<std::array<uint64_t, 3>, 3> counts{};  // by ast::Outcome: labelled, then decided
  std::vector<WrongLabel> wrong;                    // in order of the files
  double accuracy() const { return total == 0 ? 1 : static_cast<double>(correct) / static_cast<double>(total); }
};

/// Decides what a file of labels asks and takes it in. kInvalid, kUnreadable, kNotFound with the line: nothing that cannot be
/// asked counts as wrong.
Result<void> judge_labels(const Session& session, const std::string& file, LabelReport& report);

/// The wrong ones, the table of confusion, and the last line.
std::string labels_text(const LabelReport& report, double least, const Output& output);
std::string labels_json(const LabelReport& report);

}  // namespace lictor::cli
