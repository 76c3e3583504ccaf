// toml++ parses; its nodes carry line and column, so every mistake is shown where it stands.
#include "host/bundle_config.h"

#include <algorithm>
#include <array>

#include "host/toml_text.h"
#include "host/toml_value.h"

namespace lictor {

namespace {

class ConfigReader {
 public:
  ConfigReader(const SourceText& config, Bundle& bundle)
      : bundle_(bundle), schema_(bundle.analysis.program.schema), text_(config), diagnostics_(text_.diagnostics()) {}

  void run() {
    if (std::optional<toml::table> table = text_.parse(Diag::kBadToml)) root(*table);
    for (Diagnostic& diagnostic : diagnostics_.sorted()) bundle_.diagnostics.push_back(std::move(diagnostic));
  }

 private:
  Span span(const toml::source_region& region) const { return text_.span(region); }

  void unknown_key(std::string_view name, const toml::key& key, const std::vector<std::string>& known) {
    auto report = diagnostics_.report(Diag::kUnknownKey, span(key.source()));
    report.arg(name);
    if (std::string near = nearest_name(key.str(), known); !near.empty()) report.hint("did you mean `" + near + "`?");
  }

  void must_be(std::string_view name, const char* what, const toml::node& node) {
    diagnostics_.report(Diag::kBadKeyValue, span(node.source())).arg(name).arg(what);
  }

  void root(const toml::table& table) {
    for (const auto& [key, node] : table) {
      if (key == "name")
        string(key.str(), node, bundle_.name);
      else if (key == "version")
        string(key.str(), node, bundle_.version);
      else if (key == "params")
        params(node);
      else if (key == "data")
        data(node);
      else if (key != "dependencies")  // read before: dependency_graph.cc
        unknown_key(key.str(), key, {"name", "version", "dependencies", "params", "data"});
    }
  }

  void string(std::string_view name, const toml::node& node, std::string& out) {
    const auto* value = node.as_string();
    if (value == nullptr || value->get().empty()) return must_be(name, "a text that is not empty", node);
    out = value->get();
  }

  void data(const toml::node& node) {
    const toml::table* table = node.as_table();
    if (table == nullptr) return must_be("data", "a table", node);
    for (const auto& [key, value] : *table) {
      if (key == "max_bytes")
        positive("data.max_bytes", value, bundle_.fact_limits.max_file_bytes);
      else if (key == "max_rows")
        positive("data.max_rows", value, bundle_.fact_limits.max_rows);
      else
        unknown_key("data." + std::string(key.str()), key, {"max_bytes", "max_rows"});
    }
  }

  void positive(std::string_view name, const toml::node& node, uint64_t& out) {
    const auto* value = node.as_integer();
    if (value == nullptr || value->get() <= 0) return must_be(name, "a whole number greater than 0", node);
    out = static_cast<uint64_t>(value->get());
  }

  void params(const toml::node& node) {
    const toml::table* sets = node.as_table();
    if (sets == nullptr) return must_be("params", "tables such as [params.default]", node);
    for (const auto& [name, content] : *sets) {
      const toml::table* values = content.as_table();
      if (values == nullptr) {
        must_be("params." + std::string(name.str()), "a table of parameters, such as [params.default]", content);
        continue;
      }
      ParamSet set{.name = std::string(name.str()), .values = {}};
      for (const auto& [key, value] : *values) param(set, std::string(key.str()), key, value);
      bundle_.params.push_back(std::move(set));
    }
  }

  /// `name` is a parameter, or a module whose parameters the table `node` gives.
  void param(ParamSet& set, const std::string& name, const toml::key& key, const toml::node& node) {
    auto found = find_param(schema_, name);
    if (found) {
      const ParamDecl& decl = schema_.params[*found];
      if (auto value = toml_value(schema_, decl.type, node)) {
        set.values.emplace_back(*found, std::move(*value));
      } else {
        auto report = diagnostics_.report(Diag::kBadParamValue, span(node.source()));
        report.arg(name).arg(type_name(schema_, decl.type)).arg("this " + std::string(kind_name(node)));
        if (std::string hint = toml_hint(schema_, decl.type, node); !hint.empty()) report.hint(hint);
      }
    } else if (found.error().kind == ErrorKind::kUsage) {
      diagnostics_.report(Diag::kAmbiguousParam, span(key.source())).arg(name).arg(found.error().message);
    } else if (node.is_table() && is_module_prefix(name)) {
      for (const auto& [inner, value] : *node.as_table())
        param(set, name + "." + std::string(inner.str()), inner, value);
    } else {
      auto report = diagnostics_.report(Diag::kUnknownName, span(key.source()));
      report.arg("parameter").arg(name);
      if (std::string near = nearest_name(name, names()); !near.empty()) report.hint("did you mean `" + near + "`?");
    }
  }

  bool is_module_prefix(const std::string& name) const {
    return std::ranges::any_of(schema_.params, [&](const ParamDecl& decl) {
      return decl.info.module == name || decl.info.module.starts_with(name + ".");
    });
  }

  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const ParamDecl& decl : schema_.params) all.push_back(decl.info.name);
    return all;
  }

  static std::string_view kind_name(const toml::node& node) {
    static constexpr std::array<std::string_view, 10> kNames = {"nothing", "table",   "array", "string", "integer",
                                                                "float",   "boolean", "date",  "time",   "date-time"};
    return kNames[static_cast<size_t>(node.type())];
  }

  Bundle& bundle_;
  const Schema& schema_;
  TomlText text_;
  Diagnostics& diagnostics_;
};

}  // namespace

void read_config(const SourceText& config, Bundle& bundle) { ConfigReader(config, bundle).run(); }

Result<uint32_t> find_param(const Schema& schema, std::string_view name) {
  std::vector<uint32_t> found;
  for (uint32_t i = 0; i < schema.params.size(); ++i) {
    if (schema.params[i].info.qualified() == name) return i;
    if (schema.params[i].info.name == name) found.push_back(i);
  }
  if (found.size() == 1) return found[0];
  if (found.empty()) return fail(ErrorKind::kNotFound, "there is no parameter `" + std::string(name) + "`");
  std::string names;
  for (uint32_t i : found) names += (names.empty() ? "`" : ", `") + schema.params[i].info.qualified() + "`";
  return fail(ErrorKind::kUsage, names);
}

}  // namespace lictor
