// What lictor.toml says before any policy is read: the bundle's name, version and dependencies. Its parameters are read
// later (bundle_config.h), when their types are known.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "host/toml_text.h"

namespace lictor {

struct DependencyEntry {
  std::string name;
  std::string path;     // as written
  std::string version;  // what is asked of its version; "" for nothing
  Span name_span, path_span, version_span;
};

struct Manifest {
  std::unique_ptr<TomlText> text;  // for diagnostics; never null
  bool readable = true;            // false: it is no TOML
  std::string name;                // "" where it does not say
  std::string version;
  std::vector<DependencyEntry> dependencies;  // sorted by name
};

/// Mistakes in [dependencies] are reported to `text`, and the entry is left out.
Manifest read_manifest(const SourceText& config);

}  // namespace lictor
