// lictor host audit verify|export: what an audit log says, and whether anybody touched it.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/report.h"
#include "host/decision_json.h"
#include "lictor/audit.h"

namespace lictor::cli {
namespace {

struct VerifyOptions {
  std::string file;
  std::string head;
  std::string format;
};

struct ExportOptions {
  std::string file;
  uint64_t from = 1;
};

using Json = nlohmann::ordered_json;

/// `SEQ:HASH`, or the line that head_text() makes.
Result<std::optional<AuditHead>> expected_head(const std::string& text) {
  if (text.empty()) return std::nullopt;
  size_t colon = text.find(':');
  Result<AuditHead> head =
      parse_head(colon == std::string::npos
                     ? text
                     : fmt::format("lictor-audit-head-1 {} {}", text.substr(0, colon), text.substr(colon + 1)));
  if (!head) return fail(ErrorKind::kUsage, "`--head` is not of the form SEQ:HASH with a number and 64 hex digits");
  return *head;
}

std::string as_text(const std::string& file, const AuditReport& report, const Output& output) {
  std::string out = report.ok ? output.paint(Tone::kGood, "intact") : output.paint(Tone::kBad, "broken");
  out += fmt::format(": {}, {} verified\n", printable(file), plural(report.records, "record"));
  if (!report.ok) {
    std::string place = report.bad ? fmt::format("at record {}: ", *report.bad) : "";
    out += fmt::format("  {}{}\n", place, printable(report.finding));
  }
  out += fmt::format("  head       {}:{}\n  identity   {}\n", report.head.seq, report.head.hash, report.identity);
  return out + fmt::format("  guarantee  {}\n", printable(report.guarantee));
}

Json as_json(const AuditReport& report) {
  Json out = {{"ok", report.ok},
              {"records", report.records},
              {"head", {{"seq", report.head.seq}, {"hash", report.head.hash}}},
              {"identity", report.identity},
              {"checked_head", report.checked_head},
              {"guarantee", report.guarantee}};
  if (report.bad) out["bad"] = *report.bad;
  if (!report.ok) out["finding"] = report.finding;
  return out;
}

int run_verify(const VerifyOptions& options, Output& output) {
  auto head = expected_head(options.head);
  if (!head) return report(head.error(), nullptr, options.format, output);
  Result<AuditReport> found = verify_audit(options.file, *head);
  if (!found) return report(found.error(), nullptr, options.format, output);
  output.data(options.format == "json" ? to_text(as_json(*found), 2) + "\n" : as_text(options.file, *found, output));
  return found->ok ? kExitOk : kExitFindings;
}

Json record_json(const AuditRecord& record) {
  Json out = {{"seq", record.seq},
              {"time", time_text(record.time)},
              {"id", record.id},
              {"bundle", record.bundle},
              {"decision", record.decision},
              {"facts", record.facts},
              {"request_digest", record.request_digest}};
  if (record.request) {
    Json request = Json::parse(*record.request, nullptr, false);
    out["request"] = request.is_discarded() ? Json(*record.request) : request;
  }
  out.update({{"outcome", record.outcome},
              {"clause", record.clause},
              {"reason", record.reason},
              {"override", record.is_override},
              {"errors", record.errors},
              {"engine", record.engine},
              {"now", time_text(record.now)},
              {"hash", record.hash}});
  return out;
}

int run_export(const ExportOptions& options, Output& output) {
  Result<void> read = read_audit(options.file, options.from, [&](const AuditRecord& record) {
    output.data(to_text(record_json(record)) + "\n");
    return true;
  });
  return read ? kExitOk : report(read.error(), nullptr, "text", output);
}

void add_verify(CLI::App& command, Run& run) {
  auto options = std::make_shared<VerifyOptions>();
  command.add_option("FILE", options->file, "the audit log")->required();
  command
      .add_option("--head", options->head, "a head that was kept elsewhere; finds cut tails and rewritten chains too")
      ->option_text("SEQ:HASH");
  add_choice(command, "--format", options->format, {"text", "json"}, "how to show the finding");
  set_examples(command,
               "lictor host audit verify decisions.audit\n"
               "lictor host audit verify decisions.audit --head 1000:9f86d081...");
  on_chosen<VerifyOptions>(command, run, options, run_verify);
}

void add_export(CLI::App& command, Run& run) {
  auto options = std::make_shared<ExportOptions>();
  command.add_option("FILE", options->file, "the audit log")->required();
  command.add_option("--from", options->from, "the first record (default 1)")->option_text("SEQ");
  set_examples(command, "lictor host audit export decisions.audit > decisions.jsonl");
  on_chosen<ExportOptions>(command, run, options, run_export);
}

}  // namespace

void add_host(CLI::App& command, Run& run) {
  command.require_subcommand(1);
  constexpr const char* kExamples =
      "lictor host audit verify decisions.audit\n"
      "lictor host audit export decisions.audit > decisions.jsonl";
  set_examples(command, kExamples);  // the commands below begin with those of the one above
  CLI::App& audit = *command.add_subcommand("audit", "read and verify an audit log");
  audit.require_subcommand(1);
  add_verify(*audit.add_subcommand("verify", "verify the chain of an audit log"), run);
  add_export(*audit.add_subcommand("export", "print the records as JSON Lines"), run);
}

}  // namespace lictor::cli
