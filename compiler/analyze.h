// The compiler's front half: texts to a checked Program. All that an editor needs; never links LLVM.
//
//   parse -> names -> types and check -> binding order and range restriction -> strata -> termination -> binding times
//
// Every stage goes on after a mistake; a Program is usable by lower() only when the diagnostics have no error.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/module_list.h"
#include "compiler/parse_cache.h"
#include "compiler/program.h"
#include "compiler/references.h"
#include "grammar/diagnostics.h"

namespace lictor {

struct SourceText {
  std::string name;  // as diagnostics show it
  std::string text;
};

/// Gives the text of a module that `use` names and the bundle lacks ("std.governance"), or nothing.
using ModuleLoader = std::function<std::optional<SourceText>(std::string_view module)>;

struct AnalyzeOptions {
  ModuleLoader load_module;
  std::vector<std::string> library;  // names of modules that load_module can give, for suggestions
  bool tests = true;                 // check the texts' `test` blocks too; those of loaded modules are left out always
  bool canonical = true;             // fill in Program::canonical; an editor, which hashes nothing, saves the time
  bool references = false;           // fill in Analysis::references
  ParseCache* parsed = nullptr;      // takes over what it holds and is brought up to date
};

/// Owns everything a Program refers to. Movable, immutable after analyze() returned it: threads may share it.
struct Analysis {
  std::shared_ptr<const SourceMap> sources;
  ModuleList modules;  // the bundle's, then the library's that were used
  Program program;
  std::vector<Diagnostic> diagnostics;   // sorted; errors and warnings
  std::optional<References> references;  // what the names in the texts refer to, where it was asked for
  bool ok = false;                       // no errors
};

Analysis analyze(std::vector<SourceText> texts, const AnalyzeOptions& options);

/// Checks `text` ("p(x, \"a\")") as a pattern over a relation or entity type of an analysed program, in the scope of the
/// bundle's modules. Gives relation (or entity) and per column a constant, or nothing for a variable or `_`.
struct Query {
  uint32_t relation = kNoIndex;
  uint32_t entity = kNoIndex;
  std::vector<std::optional<Datum>> columns;
  std::vector<std::string> names;                    // per column: the variable's name, or the column's
  std::vector<std::pair<uint32_t, uint32_t>> equal;  // columns that name the same variable
  bool history = false;                              // rows whose time is over too
};
Result<Query> analyze_query(const Analysis& analysis, std::string_view text);

/// A value as a person types it on a command line for an expected type: `0.95`, `true`, `agent-1`, `{a, b}`.
Result<Datum> parse_value(const Schema& schema, TypeId type, std::string_view text);

/// A readable dump of the checked program (`lictor check --dump ast`).
std::string dump(const Program& program);

}  // namespace lictor
