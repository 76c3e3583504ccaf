// The files of a bundle: which there are, and their texts.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "host/bundle.h"

namespace lictor {

struct BundleFiles {
  std::string root;                  // folder; of the first file where files were named
  std::vector<SourceText> policies;  // in sorted path order; named as given on the command line
  std::optional<SourceText> config;  // lictor.toml
};

Result<BundleFiles> read_bundle_files(std::span<const std::string> paths, const LoadOptions& options);

/// A bundle of texts that were read or made; the second half of load_bundle(), without the name of folder or file.
Bundle analyze_bundle(BundleFiles files, const LoadOptions& options);

/// The whole of a regular file. kUnreadable; kLimit when it has more than `max_bytes`.
Result<std::string> read_whole_file(const std::string& path, uint64_t max_bytes);

/// `file` below `root`, or nothing when it leads out of it (absolute, `..`, or through a link).
std::optional<std::string> path_below(const std::string& root, const std::string& file);

}  // namespace lictor
