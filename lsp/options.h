// What the surroundings give the server: it knows neither the standard modules nor lictor.toml nor where files may be put.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/analyze.h"

namespace lictor::lsp {

/// What a bundle's lictor.toml names as dependencies.
struct Others {
  std::vector<SourceText> modules;      // with absolute paths as names
  std::vector<std::string> names;       // of the modules, in the same order
  std::vector<std::string> folders;     // canonical: bundles of their own, also where they lie in the bundle's folder
  std::vector<Diagnostic> diagnostics;  // what is wrong with them; then there are no modules
};

struct Options {
  ModuleLoader load_module;
  std::vector<std::string> library;  // names of modules that load_module can give

  /// The dependencies of the bundle in a folder, as they are on disk. May be empty.
  std::function<Others(const std::string& root, const SourceText& config)> dependencies;

  /// What is wrong with a bundle's lictor.toml; the program is the bundle's, checked or not. May be empty.
  std::function<std::vector<Diagnostic>(const SourceText& config, const Program& program)> check_config;

  /// The page of a diagnostic ("E0312") as Markdown. May be empty.
  std::function<std::optional<std::string_view>(std::string_view code)> page;

  /// Puts a text that has no file (a page, a standard module) where the editor can open it; gives its path. May be empty.
  std::function<std::optional<std::string>(std::string_view name, std::string_view text)> keep_file;

  std::string version = LICTOR_VERSION;

  /// Diagnostics follow when no change has come for `quiet`, at the latest `patience` after the first change.
  std::chrono::milliseconds quiet{40};
  std::chrono::milliseconds patience{1000};

  /// A longer message is skipped and answered with an error. A document of 50 MB fits, escaped as JSON.
  uint64_t max_message_bytes = uint64_t{256} << 20;
};

}  // namespace lictor::lsp
