// Depth first, along the entries as they are written, each folder by its canonical path: links and `..` make no second
// bundle, and a circle is found where it closes.
#include "host/dependency_graph.h"

#include <algorithm>

#include "host/bundle_files.h"
#include "host/version.h"

namespace lictor {

namespace fs = std::filesystem;

namespace {

constexpr size_t kMostDependencies = 256;  // bounds the depth too

/// The folder as the system finds it; the short form where that leads to the same place.
std::string shown(const fs::path& folder, const fs::path& canonical) {
  fs::path plain = folder.lexically_normal();
  if (!plain.has_filename() && plain.has_parent_path() && plain != plain.root_path()) plain = plain.parent_path();
  std::error_code error;
  return (fs::canonical(plain, error) == canonical ? plain : folder).string();
}

std::string why_not(const std::string& path, const std::error_code& error) {
  if (error == std::errc::no_such_file_or_directory) return "has no folder: there is no `" + path + "`";
  if (error == std::errc::too_many_symbolic_link_levels) return "has no folder: `" + path + "` is a circle of links";
  return "has no folder: `" + path + "` cannot be read: " + error.message();
}

}  // namespace

DependencyGraph::DependencyGraph(const std::string& root, const SourceText& config, const BundleLimits& limits)
    : limits_(limits), manifest_(read_manifest(config)) {
  std::error_code error;
  root_folder_ = fs::canonical(root, error);
  std::string name = manifest_.name.empty() ? root_folder_.filename().string() : manifest_.name;
  by_name_[name] = root_folder_;
  open_.push_back({root_folder_, name});
  follow(manifest_, root, false, direct_);
}

std::vector<Diagnostic> DependencyGraph::diagnostics() const {
  std::vector<Diagnostic> out;
  auto add = [&](const Manifest& manifest) {
    for (Diagnostic& one : manifest.text->diagnostics().sorted()) out.push_back(std::move(one));
  };
  if (manifest_.readable) add(manifest_);
  for (const auto& node : nodes_) add(node->manifest);
  for (const auto& node : failed_) add(node->manifest);
  return out;
}

void DependencyGraph::follow(const Manifest& manifest, const std::string& root, bool absolute,
                             std::vector<size_t>& uses) {
  for (const DependencyEntry& entry : manifest.dependencies) follow_entry(manifest, entry, root, absolute, uses);
}

void DependencyGraph::follow_entry(const Manifest& manifest, const DependencyEntry& entry, const std::string& root,
                                   bool absolute, std::vector<size_t>& uses) {
  fs::path folder = fs::path(root.empty() ? "." : root) / entry.path;
  std::error_code error;
  fs::path canonical = fs::canonical(folder, error);
  if (error) return bad(manifest, entry.path_span, entry.name, why_not(entry.path, error));
  if (!fs::is_directory(canonical, error)) {
    return bad(manifest, entry.path_span, entry.name, "has no folder: `" + entry.path + "` is a file");
  }
  auto same = [&](const Open& open) { return open.folder == canonical; };
  if (std::ranges::any_of(open_, same)) return circle(manifest, entry, canonical);
  if (auto known = by_folder_.find(canonical); known != by_folder_.end()) {
    if (is_wanted(manifest, entry, *nodes_[known->second])) uses.push_back(known->second);
    return;
  }
  if (nodes_.size() + open_.size() > kMostDependencies) {
    return bad(manifest, entry.name_span, entry.name, "is one of more than " + std::to_string(kMostDependencies));
  }
  std::unique_ptr<DependencyNode> node = open(manifest, entry, shown(folder, canonical));
  absolute = absolute || fs::path(entry.path).is_absolute();
  node->folder = canonical;
  node->path = absolute ? canonical.string() : canonical.lexically_relative(root_folder_).string();
  auto [named, fresh] = by_name_.emplace(node->name, canonical);
  if (!fresh) {
    bad(manifest, entry.name_span, entry.name,
        "is the name of two bundles: `" + named->second.string() + "` and `" + canonical.string() + "`");
  } else if (node->manifest.readable && is_wanted(manifest, entry, *node)) {
    open_.push_back({canonical, node->name});
    follow(node->manifest, node->root, absolute, node->uses);
    open_.pop_back();
    uses.push_back(nodes_.size());
    by_folder_.emplace(canonical, nodes_.size());
    nodes_.push_back(std::move(node));
    return;
  }
  failed_.push_back(std::move(node));
}

/// Reads its lictor.toml, where it has one.
std::unique_ptr<DependencyNode> DependencyGraph::open(const Manifest& manifest, const DependencyEntry& entry,
                                                      std::string root) {
  auto node = std::make_unique<DependencyNode>();
  node->name = entry.name;
  node->root = std::move(root);
  node->named_in = &manifest;
  node->named = entry.name_span;
  Result<std::optional<SourceText>> config = read_config_text(node->root, limits_);
  if (!config) bad(manifest, entry.path_span, entry.name, "cannot be loaded: " + config.error().message);
  node->manifest = read_manifest(config && *config ? **config : SourceText{node->root + "/lictor.toml", ""});
  node->manifest.readable = node->manifest.readable && config.has_value();
  return node;
}

bool DependencyGraph::is_wanted(const Manifest& manifest, const DependencyEntry& entry,
                                const DependencyNode& node) const {
  std::string own = node.manifest.name;
  if (own.empty()) own = node.folder.filename().string();
  if (own != entry.name) {
    manifest.text->diagnostics()
        .report(Diag::kBadDependency, entry.name_span)
        .arg(entry.name)
        .arg("calls itself `" + own + "`")
        .hint("write `" + own + " = { path = \"" + entry.path + "\" }`");
    return false;
  }
  if (entry.version.empty()) return true;
  std::optional<Version> version = parse_version(node.manifest.version);
  if (version && fulfils(*version, entry.version).value_or(false)) return true;
  std::string has = node.manifest.version.empty() ? "no version" : "the version " + node.manifest.version;
  manifest.text->diagnostics()
      .report(Diag::kDependencyVersion, entry.version_span)
      .arg(entry.name)
      .arg(has)
      .arg(entry.version);
  return false;
}

void DependencyGraph::circle(const Manifest& manifest, const DependencyEntry& entry, const fs::path& folder) const {
  auto begin = std::ranges::find(open_, folder, &Open::folder);
  std::string way;
  for (auto it = begin; it != open_.end(); ++it) way += "`" + it->name + "` -> ";
  manifest.text->diagnostics().report(Diag::kDependencyCycle, entry.name_span).arg(way + "`" + begin->name + "`");
}

void DependencyGraph::bad(const Manifest& manifest, Span span, const std::string& name, const std::string& what) {
  manifest.text->diagnostics().report(Diag::kBadDependency, span).arg(name).arg(what);
}

}  // namespace lictor
