// Which folders a bundle's dependencies lie in: the graph of all lictor.toml files, before any policy is read.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "host/bundle.h"
#include "host/manifest.h"

namespace lictor {

struct DependencyNode {
  std::string name;
  std::filesystem::path folder;  // canonical
  std::string root;              // as messages show it
  std::string path;              // as lictor.lock has it
  Manifest manifest;             // its own; empty, with text, where it has no lictor.toml
  std::vector<size_t> uses;      // those before it in the list
  const Manifest* named_in = nullptr;
  Span named;  // the first place that names it
};

class DependencyGraph {
 public:
  /// Follows every entry of the lictor.toml of the folder `root`. Mistakes are reported to the manifests that have them.
  DependencyGraph(const std::string& root, const SourceText& config, const BundleLimits& limits);
  DependencyGraph(const DependencyGraph&) = delete;  // nodes point to manifests
  DependencyGraph& operator=(const DependencyGraph&) = delete;

  const Manifest& manifest() const { return manifest_; }  // of the root
  const std::vector<size_t>& direct() const { return direct_; }
  /// Each once, behind what it uses.
  std::vector<std::unique_ptr<DependencyNode>>& nodes() { return nodes_; }
  const std::filesystem::path& root_folder() const { return root_folder_; }
  /// Of all manifests, sorted in each; broken TOML of the root is left to whoever reads its parameters.
  std::vector<Diagnostic> diagnostics() const;

 private:
  struct Open {  // a bundle whose dependencies are being followed
    std::filesystem::path folder;
    std::string name;
  };

  void follow(const Manifest& manifest, const std::string& root, bool absolute, std::vector<size_t>& uses);
  void follow_entry(const Manifest& manifest, const DependencyEntry& entry, const std::string& root, bool absolute,
                    std::vector<size_t>& uses);
  std::unique_ptr<DependencyNode> open(const Manifest& manifest, const DependencyEntry& entry, std::string root);
  bool is_wanted(const Manifest& manifest, const DependencyEntry& entry, const DependencyNode& node) const;
  void circle(const Manifest& manifest, const DependencyEntry& entry, const std::filesystem::path& folder) const;
  static void bad(const Manifest& manifest, Span span, const std::string& name, const std::string& what);

  const BundleLimits& limits_;
  std::filesystem::path root_folder_;
  Manifest manifest_;
  std::vector<size_t> direct_;
  std::vector<std::unique_ptr<DependencyNode>> nodes_;
  std::map<std::filesystem::path, size_t> by_folder_;
  std::map<std::string, std::filesystem::path> by_name_;
  std::vector<Open> open_;
  std::vector<std::unique_ptr<DependencyNode>> failed_;  // their manifests have what is wrong
};

}  // namespace lictor
