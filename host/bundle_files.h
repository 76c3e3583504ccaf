// The files of a bundle: which there are, and their texts.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "host/bundle.h"

namespace lictor {

struct BundleFiles {
  std::string root;                                       // folder; of the first file where files were named
  std::vector<SourceText> policies;                       // in sorted path order; named as given on the command line
  std::optional<SourceText> config;                       // lictor.toml
  std::shared_ptr<const Dependencies> dependencies = {};  // null: there are none, or they have mistakes
  std::vector<Diagnostic> diagnostics = {};               // what is wrong with the dependencies
};

/// Reads the files, and all dependencies. kInvalid: the dependencies are not those of lictor.lock (LoadOptions::lock);
/// kUnreadable, kUsage, kLimit: see load_bundle().
Result<BundleFiles> read_bundle_files(std::span<const std::string> paths, const LoadOptions& options);

/// A bundle of texts that were read or made; the second half of load_bundle(), without the name of folder or file.
Bundle analyze_bundle(BundleFiles files, const LoadOptions& options);

/// The lictor.toml of a folder, or nothing where it has none. kUnreadable, kLimit.
Result<std::optional<SourceText>> read_config_text(const std::string& folder, const BundleLimits& limits);

/// The policies below a folder, in sorted path order. `leave_out`: canonical folders that are bundles of their own.
/// kUnreadable (also where there is none), kLimit.
Result<std::vector<SourceText>> read_policies(const std::string& folder, const LoadOptions& options,
                                              const std::set<std::string>& leave_out);

/// The whole of a regular file. kUnreadable; kLimit when it has more than `max_bytes`.
Result<std::string> read_whole_file(const std::string& path, uint64_t max_bytes);

/// `file` below `root`, or nothing when it leads out of it (absolute, `..`, or through a link).
std::optional<std::string> path_below(const std::string& root, const std::string& file);

}  // namespace lictor
