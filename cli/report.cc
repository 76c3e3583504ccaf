#include "cli/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "cli/exit_codes.h"
#include "grammar/diagnostics.h"

namespace lictor::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string to_text(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string_view word(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return "error";
    case Severity::kWarning:
      return "warning";
    case Severity::kNote:
      return "note";
  }
  return "error";
}

/// Characters up to a column of bytes, counted from 1; the column itself where the line is not known.
uint32_t character_column(const SourceMap& sources, const std::string& file, uint32_t line, uint32_t column) {
  for (uint32_t i = 0; i < sources.size(); ++i) {
    if (sources.file(i).name() != file || line == 0 || line > sources.file(i).line_count()) continue;
    std::string_view text = sources.file(i).line(line).substr(0, column - 1);
    auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
    return 1 + static_cast<uint32_t>(std::count_if(text.begin(), text.end(), begins));
  }
  return column;
}

std::string file_uri(std::string_view path) {
  static constexpr std::string_view kPlain = "-._~/";
  std::string out;
  for (char c : path) {
    bool plain =
        (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || kPlain.find(c) != kPlain.npos;
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

Json sarif_location(const Place& place, const SourceMap& sources) {
  Json physical = {{"artifactLocation", {{"uri", file_uri(place.file)}}}};
  if (place.line > 0) {
    physical["region"] = {{"startLine", place.line},
                          {"startColumn", character_column(sources, place.file, place.line, place.column)}};
    if (place.end_line > 0) {
      physical["region"]["endLine"] = place.end_line;
      physical["region"]["endColumn"] = character_column(sources, place.file, place.end_line, place.end_column);
    }
  }
  return {{"physicalLocation", physical}};
}

Json sarif_result(const Diagnostic& diagnostic, const SourceMap& sources) {
  std::string text = diagnostic.message;
  for (const std::string& hint : diagnostic.hints) text += "; " + hint;
  Json result = {{"ruleId", diagnostic.code}, {"level", word(diagnostic.severity)}, {"message", {{"text", text}}}};
  if (!diagnostic.place.file.empty()) result["locations"] = Json::array({sarif_location(diagnostic.place, sources)});
  for (const Related& related : diagnostic.related) {
    Json location = sarif_location(related.place, sources);
    location["message"] = {{"text", related.message}};
    result["relatedLocations"].push_back(location);
  }
  return result;
}

/// The rules that results name, each with the help text of its table.
Json sarif_rules(const std::vector<Diagnostic>& diagnostics) {
  std::map<std::string, std::string> used;
  for (const Diagnostic& diagnostic : diagnostics) used[diagnostic.code];
  for (const DiagInfo& entry : all_diagnostics()) {
    auto found = used.find(std::string(entry.code));
    if (found != used.end()) found->second = general_help(entry);
  }
  Json rules = Json::array();
  for (const auto& [code, help] : used)
    rules.push_back({{"id", code}, {"help", {{"text", help.empty() ? code : help}}}});
  return rules;
}

std::string_view kind_name(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kUsage:
      return "usage";
    case ErrorKind::kUnreadable:
      return "unreadable";
    case ErrorKind::kInvalid:
      return "invalid";
    case ErrorKind::kNotFound:
      return "not_found";
    case ErrorKind::kLimit:
      return "limit";
    case ErrorKind::kUnavailable:
      return "unavailable";
    case ErrorKind::kInternal:
      return "internal";
  }
  return "internal";
}

/// GitHub's escapes; properties need two more than messages.
std::string github_escape(std::string_view text, bool property) {
  std::string out;
  for (char c : text) {
    bool special = c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ','));
    out += special ? fmt::format("%{:02X}", static_cast<unsigned char>(c)) : std::string(1, c);
  }
  return out;
}

}  // namespace

Json diagnostic_json(const Diagnostic& diagnostic) {
  const Place& place = diagnostic.place;
  Json related = Json::array();
  for (const Related& other : diagnostic.related) {
    related.push_back({{"file", other.place.file},
                       {"line", other.place.line},
                       {"column", other.place.column},
                       {"message", other.message}});
  }
  return {{"code", diagnostic.code},
          {"severity", word(diagnostic.severity)},
          {"message", diagnostic.message},
          {"file", place.file},
          {"line", place.line},
          {"column", place.column},
          {"end_line", place.end_line},
          {"end_column", place.end_column},
          {"hints", diagnostic.hints},
          {"related", related}};
}

std::string diagnostics_json(const std::vector<Diagnostic>& diagnostics) {
  Json all = Json::array();
  for (const Diagnostic& diagnostic : diagnostics) all.push_back(diagnostic_json(diagnostic));
  return to_text(all, 2);
}

std::string diagnostics_sarif(const std::vector<Diagnostic>& diagnostics, const SourceMap& sources) {
  Json results = Json::array();
  for (const Diagnostic& diagnostic : diagnostics) results.push_back(sarif_result(diagnostic, sources));
  Json driver = {{"name", "lictor"}, {"version", LICTOR_VERSION}, {"rules", sarif_rules(diagnostics)}};
  Json run = {{"tool", {{"driver", driver}}}, {"columnKind", "unicodeCodePoints"}, {"results", results}};
  return to_text({{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                  {"version", "2.1.0"},
                  {"runs", Json::array({run})}},
                 2);
}

std::string diagnostics_github(const std::vector<Diagnostic>& diagnostics) {
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics) {
    const Place& place = diagnostic.place;
    out += fmt::format("::{} ", diagnostic.severity == Severity::kNote ? "notice" : word(diagnostic.severity));
    out += fmt::format("file={}", github_escape(place.file, true));
    if (place.line > 0) {
      out += fmt::format(",line={},col={},endLine={},endColumn={}", place.line, place.column, place.end_line,
                         place.end_column);
    }
    std::string text = diagnostic.message;
    for (const std::string& hint : diagnostic.hints) text += "\n" + hint;
    out += fmt::format(",title={}::{}\n", github_escape(diagnostic.code, true), github_escape(text, false));
  }
  return out;
}

std::string diagnostics_text(const std::vector<Diagnostic>& diagnostics, const SourceMap& sources, bool color) {
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics) out += render(diagnostic, sources, color);
  return out;
}

std::vector<Diagnostic> findings_of(const Error& error) {
  if (!error.diagnostics.empty()) return error.diagnostics;
  Diagnostic diagnostic;
  diagnostic.code = kind_name(error.kind);
  diagnostic.message = error.message;
  return {diagnostic};
}

std::string count_findings(const std::vector<Diagnostic>& diagnostics) {
  auto count = [&](Severity severity) {
    return static_cast<uint64_t>(std::count_if(diagnostics.begin(), diagnostics.end(),
                                               [&](const Diagnostic& d) { return d.severity == severity; }));
  };
  uint64_t errors = count(Severity::kError), warnings = count(Severity::kWarning);
  if (errors > 0 && warnings > 0) return plural(errors, "error") + " and " + plural(warnings, "warning");
  if (errors > 0) return plural(errors, "error");
  return warnings > 0 ? plural(warnings, "warning") : "";
}

bool has_errors(const std::vector<Diagnostic>& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(),
                     [](const Diagnostic& d) { return d.severity == Severity::kError; });
}

int report(const Error& error, const SourceMap* sources, std::string_view format, Output& output) {
  static const SourceMap kNoSources;
  if (format == "json") {
    output.data(diagnostics_json(findings_of(error)));
  } else {
    output.message(diagnostics_text(error.diagnostics, sources ? *sources : kNoSources, output.message_color()));
  }
  std::string text = error.message;
  if (!error.diagnostics.empty()) {
    // What the findings say is not said again.
    size_t again = text.find(": " + error.diagnostics[0].message);
    if (again != std::string::npos) text.resize(again);
    if (text.empty() || text == error.diagnostics[0].message) text = count_findings(error.diagnostics);
  }
  output.message(fmt::format("{} {}\n", output.paint_message(Tone::kBad, "lictor:"), printable(text)));
  return exit_code(error.kind);
}

void report_warnings(const std::vector<Diagnostic>& diagnostics, const SourceMap& sources, Output& output) {
  output.message(diagnostics_text(diagnostics, sources, output.message_color()));
}

}  // namespace lictor::cli
