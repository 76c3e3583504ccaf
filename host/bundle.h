// A bundle on disk: its policy files, its lictor.toml, its data files. From here the command and the public API start.
//
//   auto bundle = load_bundle({"policies/atom"}, {});          // reads and analyses; mistakes are in bundle->diagnostics
//   auto engine = make_engine(*bundle, {.param_set = "production"});
//
// A bundle is a folder, with a lictor.toml or without one, or one or more .lictor files. From a folder all *.lictor files
// below it are read in sorted path order; hidden files and folders, and links that lead out of the folder, are left alone;
// *_test.lictor only when tests are asked for. `use std.x` finds the standard modules.
//
// lictor.toml:   name = "atom"   version = "1.0.0"   [params.SET] NAME = VALUE ...   [data] max_bytes, max_rows
// The set `default` always applies; a set that is asked for by name goes on top of it. A parameter is named by its own
// name, or as "module.name" where that is ambiguous. Unknown keys are errors with their line.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/analyze.h"
#include "host/dependencies.h"
#include "lictor/error.h"
#include "runtime/engine.h"

namespace lictor {

struct BundleLimits {
  uint64_t max_file_bytes = 16ull << 20;   // of one .lictor file or lictor.toml
  uint64_t max_total_bytes = 64ull << 20;  // of all of them
  uint32_t max_files = 10'000;
  uint32_t max_depth = 32;  // folders below the root
};

/// Values of parameters: index into Schema::params and a value of its type.
using ParamValues = std::vector<std::pair<uint32_t, Datum>>;

struct ParamSet {
  std::string name;
  ParamValues values;
};

/// Movable; immutable after loading, so threads may share it.
struct Bundle {
  std::string name;                // from lictor.toml; else of the folder or first file
  std::string version;             // from lictor.toml; else ""
  std::string root;                // the folder below which data files lie
  std::vector<std::string> files;  // of policies, as read, in order
  Analysis analysis;
  std::vector<ParamSet> params;                      // in order of lictor.toml
  std::shared_ptr<const Dependencies> dependencies;  // null: there are none
  FactLimits fact_limits;                            // [data]
  std::vector<Diagnostic> diagnostics;               // the analysis' and lictor.toml's, sorted: errors and warnings
  bool ok = false;                                   // no errors: make_engine() may be called

  /// The folder below which the data file that is named at a span of the analysis' sources lies, where that is not `root`;
  /// else "".
  std::string other_root(const SourceMap& sources, Span from) const;
};

struct LoadOptions {
  bool tests = false;       // read *_test.lictor and check `test` blocks
  bool lock = true;         // refuse dependencies that are not those of lictor.lock
  bool references = false;  // fill in Analysis::references
  BundleLimits limits = {};
};

/// Reads and analyses one folder, or one or more files. kUnreadable: a path that is missing or cannot be read; kUsage: no
/// path, or a folder among several paths; kLimit: see BundleLimits; kInvalid: lictor.lock is missing or out of date. Mistakes in the texts are no failure: see `ok`.
Result<Bundle> load_bundle(std::span<const std::string> paths, const LoadOptions& options = {});
/// The same for texts that are in memory; `root` is where data files lie, "" where there are none.
Bundle bundle_from_texts(std::vector<SourceText> texts, std::string root, const LoadOptions& options = {});

/// The standard modules, for AnalyzeOptions::load_module.
std::optional<SourceText> load_std_module(std::string_view module);

/// The values of the set `default`, of the set `name` ("" for none other), then `texts` (NAME, VALUE as a person types it).
/// kNotFound: unknown set or parameter, with the nearest name; kInvalid: a value that does not fit its type.
Result<ParamValues> resolve_params(const Bundle& bundle, std::string_view name,
                                   std::span<const std::pair<std::string, std::string>> texts);

struct BundleOptions {
  std::string param_set = {};                                    // on top of `default`; "" for none
  std::vector<std::pair<std::string, std::string>> params = {};  // NAME, VALUE: on top of the sets
  std::vector<std::string> facts = {};                           // further files of facts: JSON, CSV, JSON Lines
  bool rows_by_time = false;  // the rows of relations that depend on `now` can be asked too (compiler/rows_probe.h)
  bool data_files = true;     // read what `from "file"` names
  EngineOptions engine = {};  // its cache_dir is replaced by the next field
  std::optional<std::string> cache_dir = {};  // of native code; nothing: default_cache_dir(); "": none
};

/// Lowers the bundle with its parameters, makes the engine and publishes the facts: inline, data files, then `facts`.
/// The hash of the result covers texts, parameters, data files and the library's version. kInvalid with the bundle's
/// diagnostics when it is not ok, or with those of parameters and facts; kNotFound, kUnreadable, kLimit, kUnavailable.
Result<std::shared_ptr<Engine>> make_engine(const Bundle& bundle, const BundleOptions& options = {});
/// The same without a copy of the program: afterwards bundle.analysis.program is of no use.
Result<std::shared_ptr<Engine>> make_engine(Bundle&& bundle, const BundleOptions& options = {});

/// The base facts that make_engine() publishes: inline facts, data files and `facts`.
Result<FactSet> bundle_facts(const Bundle& bundle, const Plan& plan, const BundleOptions& options);

/// $LICTOR_CACHE_DIR (empty disables), else $XDG_CACHE_HOME/lictor, else ~/.cache/lictor; made with mode 0700. "" when there
/// is none or it cannot be made: a cache is never worth a failure.
std::string default_cache_dir();

/// The decision called `name` ("govern" or "atom.maturity.govern"). kNotFound with the nearest name, or kUsage when a
/// short name is ambiguous; an empty name is right when there is just one decision. Decisions of `dependencies` (null: there
/// are none) stand back behind the bundle's own.
Result<uint32_t> find_decision(const Plan& plan, std::string_view name, const Dependencies* dependencies = nullptr);

}  // namespace lictor
