// lictor.lock: what the dependencies of a bundle were when somebody last looked at them. `lictor lock` writes it beside
// lictor.toml; whoever loads the bundle refuses dependencies that differ from it. Canonical TOML, sorted by name.
#pragma once

#include <string>
#include <vector>

#include "host/dependencies.h"

namespace lictor {

inline constexpr const char* kLockName = "lictor.lock";

/// The whole text of the file.
std::string lock_text(const Dependencies& dependencies);

struct LockRead {
  std::string name, version, path, hash;
  Place place;  // of its name
};

/// The entries of a lock file. `diagnostics`: why it cannot be read.
struct LockFile {
  std::vector<LockRead> entries;
  std::vector<Diagnostic> diagnostics;
};
LockFile read_lock(const SourceText& text);

/// How the dependencies differ from the file, one finding for each; empty: they do not. `command`: what to run, for hints.
std::vector<Diagnostic> lock_differences(const Dependencies& dependencies, const LockFile& lock,
                                         const std::string& file, const std::string& command);

}  // namespace lictor
