#include "host/manifest.h"

#include "host/version.h"

namespace lictor {
namespace {

class ManifestReader {
 public:
  explicit ManifestReader(const SourceText& config) {
    manifest_.text = std::make_unique<TomlText>(config);
    std::optional<toml::table> table = manifest_.text->parse(Diag::kBadToml);
    manifest_.readable = table.has_value();
    if (!table) return;
    if (const auto* name = (*table)["name"].as_string()) manifest_.name = name->get();
    if (const auto* version = (*table)["version"].as_string()) manifest_.version = version->get();
    if (const toml::node* node = table->get("dependencies")) dependencies(*node);
  }

  Manifest take() { return std::move(manifest_); }

 private:
  void must_be(const std::string& name, const char* what, const toml::node& node) {
    manifest_.text->diagnostics().report(Diag::kBadKeyValue, span(node.source())).arg(name).arg(what);
  }

  Span span(const toml::source_region& region) const { return manifest_.text->span(region); }

  void dependencies(const toml::node& node) {
    const toml::table* table = node.as_table();
    if (table == nullptr) return must_be("dependencies", "a table such as [dependencies]", node);
    for (const auto& [key, value] : *table) {
      DependencyEntry entry{.name = std::string(key.str()),
                            .path = {},
                            .version = {},
                            .name_span = span(key.source()),
                            .path_span = {},
                            .version_span = {}};
      if (read(entry, value)) manifest_.dependencies.push_back(std::move(entry));
    }
  }

  bool read(DependencyEntry& entry, const toml::node& node) {
    std::string name = "dependencies." + entry.name;
    const toml::table* table = node.as_table();
    const toml::node* path = table != nullptr ? table->get("path") : nullptr;
    if (entry.name.empty() || path == nullptr || !path->is_string() || path->as_string()->get().empty()) {
      must_be(name, "a table with the folder of a bundle, such as { path = \"../other\" }", node);
      return false;
    }
    entry.path = path->as_string()->get();
    entry.path_span = span(path->source());
    bool good = true;
    for (const auto& [key, value] : *table) {
      if (key == "path") continue;
      if (key == "version") {
        good = version(entry, value) && good;
        continue;
      }
      manifest_.text->diagnostics()
          .report(Diag::kUnknownKey, span(key.source()))
          .arg(name + "." + std::string(key.str()))
          .hint("a dependency has `path` and `version`");
      good = false;
    }
    return good;
  }

  bool version(DependencyEntry& entry, const toml::node& node) {
    const auto* text = node.as_string();
    if (text == nullptr || !fulfils({}, text->get())) {
      must_be("dependencies." + entry.name + ".version", "a requirement such as \"^1.2\" or \">=1.2, <2\"", node);
      return false;
    }
    entry.version = text->get();
    entry.version_span = span(node.source());
    return true;
  }

  Manifest manifest_;
};

}  // namespace

Manifest read_manifest(const SourceText& config) { return ManifestReader(config).take(); }

}  // namespace lictor
