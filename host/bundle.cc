// Loading, in order: files, analysis, lictor.toml. Then make_engine(): parameters, hash, plan, engine, facts.
#include "host/bundle.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <set>

#include "compiler/check.h"
#include "compiler/driver.h"
#include "compiler/zones.h"
#include "grammar/diagnostics.h"
#include "host/bundle_config.h"
#include "host/bundle_files.h"
#include "host/sha256.h"
#include "stdlib/modules.h"

namespace lictor {

namespace {

std::vector<std::string> std_module_names() {
  std::vector<std::string> names;
  for (const StdModule& standard : std_modules()) names.emplace_back(standard.name);
  return names;
}

bool is_error(const Diagnostic& diagnostic) { return diagnostic.severity == Severity::kError; }

/// "atom" of "policies/atom/", "." or "a/atom.lictor".
std::string name_of(const std::string& path) {
  std::error_code error;
  std::filesystem::path whole = std::filesystem::absolute(path, error).lexically_normal();
  if (!whole.has_filename()) whole = whole.parent_path();
  return whole.extension() == ".lictor" ? whole.stem().string() : whole.filename().string();
}

/// Expected form of kUsage from find_param(): the message lists the candidates.
std::unexpected<Error> no_such_param(const Schema& schema, const std::string& name, const Error& error) {
  if (error.kind == ErrorKind::kUsage) {
    return fail(ErrorKind::kUsage, "the parameter `" + name + "` is declared in several modules: " + error.message);
  }
  std::vector<std::string> names;
  for (const ParamDecl& decl : schema.params) names.push_back(decl.info.name);
  std::string near = nearest_name(name, names);
  return fail(error.kind, error.message + (near.empty() ? "" : "; did you mean `" + near + "`?"));
}

void set_value(ParamValues& values, uint32_t param, const Datum& value) {
  auto there = std::ranges::find(values, param, &ParamValues::value_type::first);
  if (there != values.end())
    there->second = value;
  else
    values.emplace_back(param, value);
}

Result<const ParamSet*> find_set(const Bundle& bundle, std::string_view name) {
  std::vector<std::string> names;
  for (const ParamSet& set : bundle.params) {
    if (set.name == name) return &set;
    names.push_back(set.name);
  }
  std::string near = nearest_name(name, names);
  return fail(ErrorKind::kNotFound, "there is no parameter set `" + std::string(name) + "`" +
                                        (near.empty() ? "" : "; did you mean `" + near + "`?"));
}

std::function<std::string(Span)> other_root_of(const Bundle& bundle, const SourceMap& sources) {
  if (!bundle.dependencies) return {};
  return [&](Span from) { return bundle.other_root(sources, from); };
}

/// A data file could not be read: what is wrong with all of them, each at its place. `error`: what is known already.
std::unexpected<Error> data_file_error(const Bundle& bundle, Error error) {
  FactSet facts;
  const Schema& schema = bundle.analysis.program.schema;
  auto read = add_data_files(schema, bundle.root, facts, bundle.fact_limits, bundle.analysis.sources.get(),
                             other_root_of(bundle, *bundle.analysis.sources));
  return std::unexpected(read ? std::move(error) : std::move(read.error()));
}

/// By name, so that the order in which they were found does not count.
void add_dependencies(Sha256& hash, const Dependencies& dependencies) {
  std::map<std::string, std::string> hashes;
  for (const Dependency& one : dependencies.all) hashes.emplace(one.name, one.hash);
  hash.add_field("dependencies");
  hash.add_field(static_cast<int64_t>(hashes.size()));
  for (const auto& [name, of] : hashes) {
    hash.add_field(name);
    hash.add_field(of);
  }
}

/// Covers what a decision depends on besides facts that the host brings: texts, parameters, data files, library.
Result<std::string> bundle_hash(const Bundle& bundle, const ParamValues& params, bool data_files) {
  const Schema& schema = bundle.analysis.program.schema;
  Sha256 hash;
  hash.add("lictor-bundle-1\n");
  hash.add_field(LICTOR_VERSION);
  hash.add_field(bundle.analysis.program.canonical);
  if (uses_civil(bundle.analysis.program)) hash.add_field("tzdata " + zone_data_version());
  std::set<std::string> values;
  for (const auto& [param, value] : params) {
    values.insert(schema.params[param].info.qualified() + " = " + show_source(schema, value));
  }
  hash.add_field(static_cast<int64_t>(values.size()));
  for (const std::string& value : values) hash.add_field(value);

  if (bundle.dependencies) add_dependencies(hash, *bundle.dependencies);

  std::set<std::string> files;  // of its own: what dependencies read is in their hashes
  auto own = [&](const auto& decl) { return bundle.other_root(*bundle.analysis.sources, decl.from).empty(); };
  for (const EntityDecl& decl : schema.entities) {
    if (decl.source == FactSource::kFile && own(decl)) files.insert(decl.file);
  }
  for (const RelationDecl& decl : schema.relations) {
    if (decl.source == FactSource::kFile && own(decl)) files.insert(decl.file);
  }
  for (const std::string& file : data_files ? files : std::set<std::string>()) {
    std::optional<std::string> path = path_below(bundle.root, file);
    if (!path)
      return data_file_error(bundle,
                             {ErrorKind::kUnreadable, "the data file `" + file + "` leads out of the bundle", {}});
    auto text = read_whole_file(*path, bundle.fact_limits.max_file_bytes);
    if (!text) return data_file_error(bundle, std::move(text.error()));
    hash.add_field(file);
    hash.add_field(hex(sha256(*text)));
  }
  return "sha256:" + hex(hash.finish());
}

bool has_code(const Diagnostic& found, Diag id) { return found.code == info(id).code; }

/// The analysis' findings. Warnings about a dependency are for its own author; what only follows from mistakes of the
/// dependencies is left out.
void take_findings(Bundle& bundle) {
  const Dependencies* dependencies = bundle.dependencies.get();
  bool unloaded = !bundle.diagnostics.empty(), twice = false;
  if (dependencies != nullptr) {
    bundle.diagnostics =
        check_uses(bundle.analysis, bundle.files.size(), dependencies->direct, *dependencies, name_of(bundle.root));
    twice =
        std::ranges::any_of(bundle.diagnostics, [](const auto& d) { return has_code(d, Diag::kModuleOfTwoBundles); });
  }
  for (const Diagnostic& found : twice ? std::vector<Diagnostic>() : bundle.analysis.diagnostics) {
    bool foreign = dependencies != nullptr && dependencies->of_file(found.place.file) != nullptr;
    if ((foreign && !is_error(found)) || (unloaded && has_code(found, Diag::kUnknownModule))) continue;
    bundle.diagnostics.push_back(found);
  }
}

}  // namespace

std::string Bundle::other_root(const SourceMap& sources, Span from) const {
  if (!dependencies || !from.valid()) return "";
  const Dependency* of = dependencies->of_file(sources.file(from.file).name());
  return of != nullptr ? of->root : "";
}

Bundle analyze_bundle(BundleFiles files, const LoadOptions& options) {
  Bundle bundle;
  bundle.root = std::move(files.root);
  for (const SourceText& text : files.policies) bundle.files.push_back(text.name);
  bundle.dependencies = std::move(files.dependencies);
  const Dependencies* dependencies = bundle.dependencies.get();
  AnalyzeOptions analyze_options;
  analyze_options.load_module = [dependencies](std::string_view module) {
    auto text = dependencies != nullptr ? dependencies->load_module(module) : std::nullopt;
    return text ? text : load_std_module(module);
  };
  analyze_options.library = std_module_names();
  if (dependencies != nullptr) {
    std::ranges::copy(dependencies->module_names(), std::back_inserter(analyze_options.library));
  }
  analyze_options.tests = options.tests;
  analyze_options.references = options.references;
  bundle.analysis = analyze(std::move(files.policies), analyze_options);
  bundle.diagnostics = std::move(files.diagnostics);
  take_findings(bundle);
  if (files.config) read_config(*files.config, bundle);
  bundle.ok = std::ranges::none_of(bundle.diagnostics, is_error);
  return bundle;
}

Result<Bundle> load_bundle(std::span<const std::string> paths, const LoadOptions& options) {
  auto files = read_bundle_files(paths, options);
  if (!files) return std::unexpected(std::move(files.error()));
  Bundle bundle = analyze_bundle(std::move(*files), options);
  if (bundle.name.empty()) bundle.name = name_of(paths[0]);
  return bundle;
}

Bundle bundle_from_texts(std::vector<SourceText> texts, std::string root, const LoadOptions& options) {
  Bundle bundle = analyze_bundle({.root = std::move(root), .policies = std::move(texts), .config = {}}, options);
  if (!bundle.analysis.modules.empty()) bundle.name = bundle.files[0];
  return bundle;
}

std::optional<SourceText> load_std_module(std::string_view module) {
  for (const StdModule& standard : std_modules()) {
    if (standard.name == module) return SourceText{std::string(standard.file), std::string(standard.text)};
  }
  return std::nullopt;
}

Result<ParamValues> resolve_params(const Bundle& bundle, std::string_view name,
                                   std::span<const std::pair<std::string, std::string>> texts) {
  const Schema& schema = bundle.analysis.program.schema;
  ParamValues values;
  for (const ParamSet& set : bundle.params) {
    if (set.name == "default") values = set.values;
  }
  if (!name.empty()) {
    auto set = find_set(bundle, name);
    if (!set) return std::unexpected(std::move(set.error()));
    for (const auto& [param, value] : (*set)->values) set_value(values, param, value);
  }
  for (const auto& [param_name, text] : texts) {
    auto param = find_param(schema, param_name);
    if (!param) return no_such_param(schema, param_name, param.error());
    auto value = parse_value(schema, schema.params[*param].type, text);
    if (!value) {
      Error error = std::move(value.error());
      error.message = "the parameter `" + param_name + "`: " + error.message;
      return std::unexpected(std::move(error));
    }
    set_value(values, *param, *value);
  }
  return values;
}

Result<FactSet> bundle_facts(const Bundle& bundle, const Plan& plan, const BundleOptions& options) {
  FactSet facts = inline_facts(plan);
  if (options.data_files) {
    if (auto done = add_data_files(plan.schema, bundle.root, facts, bundle.fact_limits, plan.sources.get(),
                                   other_root_of(bundle, *plan.sources));
        !done) {
      return std::unexpected(std::move(done.error()));
    }
  }
  for (const std::string& file : options.facts) {
    if (auto done = add_facts_file(plan.schema, file, facts, bundle.fact_limits); !done) {
      return std::unexpected(std::move(done.error()));
    }
  }
  return facts;
}

namespace {

/// `make` calls make_plan() with the bundle's analysis.
template <class Make>
Result<std::shared_ptr<Engine>> make_engine(const Bundle& bundle, const BundleOptions& options, Make make) {
  if (!bundle.ok) {
    std::vector<Diagnostic> mistakes = bundle.diagnostics;
    return fail(ErrorKind::kInvalid, "the bundle `" + bundle.name + "` has errors", std::move(mistakes));
  }
  auto params = resolve_params(bundle, options.param_set, options.params);
  if (!params) return std::unexpected(std::move(params.error()));
  auto hash = bundle_hash(bundle, *params, options.data_files);
  if (!hash) return std::unexpected(std::move(hash.error()));
  auto plan = make({.params = std::move(*params),
                    .probes = {},
                    .rows_by_time = options.rows_by_time,
                    .observe = {},
                    .bundle_hash = std::move(*hash)});
  if (!plan) return std::unexpected(std::move(plan.error()));
  auto facts = bundle_facts(bundle, **plan, options);
  if (!facts) return std::unexpected(std::move(facts.error()));

  EngineOptions engine_options = options.engine;
  engine_options.cache_dir = options.cache_dir ? *options.cache_dir : default_cache_dir();
  return Engine::make(std::move(*plan), engine_options, std::move(*facts));
}

}  // namespace

Result<std::shared_ptr<Engine>> make_engine(const Bundle& bundle, const BundleOptions& options) {
  return make_engine(bundle, options, [&](const LowerOptions& lower) { return make_plan(bundle.analysis, lower); });
}

Result<std::shared_ptr<Engine>> make_engine(Bundle&& bundle, const BundleOptions& options) {
  return make_engine(bundle, options,
                     [&](const LowerOptions& lower) { return make_plan(std::move(bundle.analysis), lower); });
}

Result<uint32_t> find_decision(const Plan& plan, std::string_view name, const Dependencies* dependencies) {
  std::vector<uint32_t> found;
  std::vector<std::string> names;
  for (uint32_t i = 0; i < plan.decisions.size(); ++i) {
    const DeclInfo& info = plan.decisions[i].decision.info;
    if (info.name.starts_with('$')) continue;  // a rows probe
    if (info.qualified() == name) return i;
    bool owned = info.name.size() > name.size() && info.name.ends_with(name) &&
                 info.name[info.name.size() - name.size() - 1] == '.';  // `Model.approve`
    if (name.empty() || info.name == name || owned) found.push_back(i);
    names.push_back(info.name);
  }
  auto foreign = [&](uint32_t i) {
    const Span& span = plan.decisions[i].decision.info.span;
    return span.valid() && dependencies->of_file(plan.sources->file(span.file).name()) != nullptr;
  };
  if (dependencies != nullptr && !std::ranges::all_of(found, foreign)) std::erase_if(found, foreign);
  if (found.size() == 1) return found[0];
  if (!found.empty()) {
    std::string message =
        name.empty() ? "the bundle has several decisions:" : "`" + std::string(name) + "` is ambiguous:";
    for (uint32_t i : found) message += " `" + plan.decisions[i].decision.info.qualified() + "`";
    return fail(ErrorKind::kUsage, message);
  }
  if (name.empty()) return fail(ErrorKind::kNotFound, "the bundle has no decision");
  std::string near = nearest_name(name, names);
  return fail(ErrorKind::kNotFound, "there is no decision `" + std::string(name) + "`" +
                                        (near.empty() ? "" : "; did you mean `" + near + "`?"));
}

}  // namespace lictor
