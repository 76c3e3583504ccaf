// The graph of folders first (dependency_graph.h), then each bundle on its own, after those it uses: its policies must be
// sound by themselves, and their hash is taken there, so that it is the same whoever depends on it.
#include "host/dependencies.h"

#include <algorithm>

#include "compiler/canonical.h"
#include "compiler/names.h"
#include "host/bundle_files.h"
#include "host/dependency_graph.h"
#include "host/sha256.h"
#include "stdlib/modules.h"

namespace lictor {
namespace {

bool is_error(const Diagnostic& diagnostic) { return diagnostic.severity == Severity::kError; }

std::vector<std::string> data_files(const Schema& schema, size_t own) {
  std::set<std::string> files;
  auto add = [&](const auto& decls) {
    for (const auto& decl : decls) {
      if (decl.source == FactSource::kFile && decl.from.file < own) files.insert(decl.file);
    }
  };
  add(schema.entities);
  add(schema.relations);
  return {files.begin(), files.end()};
}

class Finder {
 public:
  Finder(DependencyGraph& graph, const LoadOptions& options, FoundDependencies& out)
      : graph_(graph), options_(options), out_(out) {
    options_.tests = false;
  }

  Result<void> run() {
    out_.folders.insert(graph_.root_folder().string());
    for (const auto& node : graph_.nodes()) out_.folders.insert(node->folder.string());
    out_.dependencies.direct = graph_.direct();
    for (const auto& node : graph_.nodes()) {
      if (auto done = add(*node); !done) return done;
      if (!out_.diagnostics.empty()) return {};
    }
    const Manifest& root = graph_.manifest();
    if (!root.dependencies.empty()) out_.dependencies.named = place(root, root.dependencies[0].name_span);
    return {};
  }

 private:
  static Place place(const Manifest& manifest, Span span) { return manifest.text->place(span); }

  void report(const DependencyNode& node, Diag id, std::initializer_list<std::string> args) {
    Diagnostics& diagnostics = node.named_in->text->diagnostics();
    {
      auto builder = diagnostics.report(id, node.named);
      for (const std::string& arg : args) builder.arg(arg);
    }
    for (Diagnostic& one : diagnostics.sorted()) out_.diagnostics.push_back(std::move(one));
  }

  Result<void> add(const DependencyNode& node) {
    auto policies = read_policies(node.root, options_, out_.folders);
    if (!policies && policies.error().kind == ErrorKind::kLimit) return std::unexpected(std::move(policies.error()));
    if (!policies) {
      report(node, Diag::kBadDependency, {node.name, "cannot be loaded: " + policies.error().message});
      return {};
    }
    for (const SourceText& text : *policies) bytes_ += text.text.size();
    if (bytes_ > options_.limits.max_total_bytes) {
      return fail(ErrorKind::kLimit,
                  "the dependencies have more than " + std::to_string(options_.limits.max_total_bytes) + " bytes");
    }
    Dependency one{.name = node.name,
                   .version = node.manifest.version,
                   .path = node.path,
                   .root = node.root,
                   .hash = {},
                   .policies = std::move(*policies),
                   .modules = {},
                   .uses = node.uses};
    check(node, one);
    return {};
  }

  /// Analyses it with what it uses, and takes it in where it is sound.
  void check(const DependencyNode& node, Dependency& one) {
    Dependencies& all = out_.dependencies;
    std::vector<std::string> library = all.module_names();
    for (const StdModule& standard : std_modules()) library.emplace_back(standard.name);
    AnalyzeOptions options;
    options.load_module = [&](std::string_view module) {
      auto text = all.load_module(module);
      return text ? text : load_std_module(module);
    };
    options.library = std::move(library);
    options.tests = false;
    options.canonical = false;
    Analysis analysis = analyze(one.policies, options);
    out_.diagnostics = check_uses(analysis, one.policies.size(), one.uses, all, one.name);
    if (!out_.diagnostics.empty()) return;  // much would follow from that
    std::ranges::copy_if(analysis.diagnostics, std::back_inserter(out_.diagnostics), is_error);
    for (size_t i = 0; i < one.policies.size() && out_.diagnostics.empty(); ++i) {
      std::string module = path_text(analysis.modules[i].name);
      if (module.empty()) continue;  // a file without anything
      one.modules.emplace(module, i);
      if (load_std_module(module)) report(node, Diag::kModuleOfTwoBundles, {module, "std", one.name});
    }
    if (!out_.diagnostics.empty()) return;
    if (Result<std::string> hash = hash_of(one, analysis)) {
      one.hash = std::move(*hash);
    } else {
      return report(node, Diag::kBadDependency, {node.name, "cannot be loaded: " + hash.error().message});
    }
    for (const auto& [module, file] : one.modules) all.by_module.emplace(module, all.all.size());
    for (const SourceText& text : one.policies) all.by_file.emplace(text.name, all.all.size());
    all.all.push_back(std::move(one));
  }

  /// The engine's version does not count: lictor.lock is about what the dependency says.
  Result<std::string> hash_of(const Dependency& one, const Analysis& analysis) const {
    Sha256 hash;
    hash.add("lictor-dependency-1\n");
    hash.add_field(one.name);
    hash.add_field(static_cast<int64_t>(one.modules.size()));
    for (const auto& [module, file] : one.modules) {
      hash.add_field(module);
      hash.add_field(canonical_text(one.policies[file].text));
    }
    std::vector<std::string> files = data_files(analysis.program.schema, one.policies.size());
    hash.add_field(static_cast<int64_t>(files.size()));
    for (const std::string& file : files) {
      std::optional<std::string> path = path_below(one.root, file);
      if (!path) return fail(ErrorKind::kUnreadable, "the data file `" + file + "` leads out of the bundle");
      auto text = read_whole_file(*path, FactLimits{}.max_file_bytes);
      if (!text) return std::unexpected(std::move(text.error()));
      hash.add_field(file);
      hash.add_field(hex(sha256(*text)));
    }
    std::map<std::string, std::string> uses;
    for (size_t use : one.uses) uses.emplace(out_.dependencies.all[use].name, out_.dependencies.all[use].hash);
    hash.add_field(static_cast<int64_t>(uses.size()));
    for (const auto& [name, of] : uses) {
      hash.add_field(name);
      hash.add_field(of);
    }
    return "sha256:" + hex(hash.finish());
  }

  DependencyGraph& graph_;
  LoadOptions options_;
  FoundDependencies& out_;
  uint64_t bytes_ = 0;
};

}  // namespace

std::optional<SourceText> Dependencies::load_module(std::string_view module) const {
  const Dependency* one = of_module(module);
  if (one == nullptr) return std::nullopt;
  return one->policies[one->modules.at(std::string(module))];
}

const Dependency* Dependencies::of_file(std::string_view file) const {
  auto found = by_file.find(file);
  return found == by_file.end() ? nullptr : &all[found->second];
}

const Dependency* Dependencies::of_module(std::string_view module) const {
  auto found = by_module.find(module);
  return found == by_module.end() ? nullptr : &all[found->second];
}

std::vector<std::string> Dependencies::module_names() const {
  std::vector<std::string> out;
  for (const auto& [module, index] : by_module) out.push_back(module);
  return out;
}

Result<FoundDependencies> find_dependencies(const std::string& root, const SourceText& config,
                                            const LoadOptions& options) {
  FoundDependencies out;
  DependencyGraph graph(root, config, options.limits);
  out.diagnostics = graph.diagnostics();
  if (!out.diagnostics.empty()) return out;
  if (auto done = Finder(graph, options, out).run(); !done) return std::unexpected(std::move(done.error()));
  return out;
}

std::vector<Diagnostic> check_uses(const Analysis& analysis, size_t own, std::span<const size_t> uses,
                                   const Dependencies& all, std::string_view name) {
  Diagnostics diagnostics(*analysis.sources);
  for (size_t i = 0; i < std::min(own, analysis.modules.size()); ++i) {
    const ast::Module& module = analysis.modules[i];
    std::string path = path_text(module.name);
    if (const Dependency* other = all.of_module(path)) {
      diagnostics.report(Diag::kModuleOfTwoBundles, module.name.span).arg(path).arg(other->name).arg(name);
    }
    for (const ast::Use& use : module.uses) {
      const Dependency* of = all.of_module(path_text(use.module));
      if (of == nullptr) continue;
      if (std::ranges::any_of(uses, [&](size_t one) { return &all.all[one] == of; })) continue;
      diagnostics.report(Diag::kNotADependency, use.module.span).arg(path_text(use.module)).arg(of->name).arg(name);
    }
  }
  return diagnostics.sorted();
}

}  // namespace lictor
