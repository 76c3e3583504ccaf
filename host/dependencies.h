// Other bundles that a bundle is made of: [dependencies] in lictor.toml, and what those depend on.
//
//   [dependencies]
//   roles = { path = "../roles", version = "^1.2" }
//
// A dependency is a bundle's folder. Its modules can be named by `use`, its data files are read from its own folder; its
// tests and parameter sets stay behind. Each folder is loaded once, however many ways lead to it. A module may use
// modules of its own bundle, of those that its bundle names as dependencies, and of the library.
//
// Whether a dependency is what it was when it was last looked at is for lictor.lock to say (lock_file.h).
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/analyze.h"
#include "lictor/error.h"

namespace lictor {

struct Dependency {
  std::string name;     // in lictor.toml, its own and those of the bundles that name it
  std::string version;  // "" where it has none
  std::string path;     // as lictor.lock has it: from the bundle's folder, or absolute where it is written so
  std::string root;     // its folder, as messages show it
  std::string hash;     // "sha256:...": tokens of its policies, its data files, and the hashes of what it depends on
  std::vector<SourceText> policies;       // without *_test.lictor
  std::map<std::string, size_t> modules;  // by name, to `policies`
  std::vector<size_t> uses;               // of Dependencies::all, those before it: its own dependencies
};

/// Immutable after loading, so threads may share it.
struct Dependencies {
  std::vector<Dependency> all;  // each once, behind those that it needs itself
  std::vector<size_t> direct;   // those that the bundle names itself
  Place named;                  // of the first one in lictor.toml

  /// The module of that name, or nothing.
  std::optional<SourceText> load_module(std::string_view module) const;
  /// The one that a file, by its name in diagnostics, is of; or null.
  const Dependency* of_file(std::string_view file) const;
  /// The one that defines a module; or null.
  const Dependency* of_module(std::string_view module) const;
  std::vector<std::string> module_names() const;

  std::map<std::string, size_t, std::less<>> by_module;
  std::map<std::string, size_t, std::less<>> by_file;
};

struct FoundDependencies {
  Dependencies dependencies;
  std::vector<Diagnostic> diagnostics;  // what is wrong with them; then `dependencies` must not be used
  std::set<std::string> folders;        // canonical: of all of them; a bundle leaves them out where they lie in its own
};

struct LoadOptions;

/// Reads and checks all that `config`, the lictor.toml in the folder `root`, names. kLimit: too large altogether.
Result<FoundDependencies> find_dependencies(const std::string& root, const SourceText& config,
                                            const LoadOptions& options);

/// What is wrong between the modules of one bundle, the first `own` of the analysis, and its dependencies: a module that
/// both define, a module of a bundle that it does not name. `uses`: its dependencies, of `all`. `name`: the bundle's.
std::vector<Diagnostic> check_uses(const Analysis& analysis, size_t own, std::span<const size_t> uses,
                                   const Dependencies& all, std::string_view name);

}  // namespace lictor
