// Showing findings and failures: clang's way for people, and the forms that editors and CI read.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "cli/output.h"
#include "grammar/source.h"
#include "lictor/error.h"

namespace lictor::cli {

/// One object as docs/architecture.md has it.
nlohmann::ordered_json diagnostic_json(const Diagnostic& diagnostic);
/// An array of them, with a line break at the end.
std::string diagnostics_json(const std::vector<Diagnostic>& diagnostics);
/// SARIF 2.1.0, one run; `sources` turns our columns of bytes into its columns of characters.
std::string diagnostics_sarif(const std::vector<Diagnostic>& diagnostics, const SourceMap& sources);
/// Workflow commands of GitHub: `::error file=...,line=...::message`.
std::string diagnostics_github(const std::vector<Diagnostic>& diagnostics);
/// clang's way, with source lines where `sources` has them.
std::string diagnostics_text(const std::vector<Diagnostic>& diagnostics, const SourceMap& sources, bool color);

/// The failure's diagnostics, or where it has none one whose code is the kind of failure ("unreadable").
std::vector<Diagnostic> findings_of(const Error& error);

/// "2 errors and 1 warning"; "" when there are none.
std::string count_findings(const std::vector<Diagnostic>& diagnostics);
bool has_errors(const std::vector<Diagnostic>& diagnostics);

/// Shows why a command cannot go on and gives its exit code. With `format` json the diagnostics also go to stdout as an
/// array, as findings_of() gives them. `sources` may be null.
int report(const Error& error, const SourceMap* sources, std::string_view format, Output& output);

/// Warnings of a bundle that is otherwise fine: to stderr.
void report_warnings(const std::vector<Diagnostic>& diagnostics, const SourceMap& sources, Output& output);

}  // namespace lictor::cli
