// Findings in the protocol's shape: the code leads to its page, hints go behind the message, related places follow.
#include <algorithm>

#include "lsp/features/features.h"
#include "lsp/features/places.h"
#include "lsp/uri.h"

namespace lictor::lsp {
namespace {

int severity_number(Severity severity) {
  return severity == Severity::kError ? 1 : severity == Severity::kWarning ? 2 : 3;
}

class Converter {
 public:
  Converter(const FeatureContext& context, const View& view)
      : context_(context), view_(view), places_(context.workspace, view) {}

  json convert(const Diagnostic& diagnostic, uint32_t file) {
    return with_range(diagnostic, places_.range(file, diagnostic.place));
  }

  json with_range(const Diagnostic& diagnostic, const Range& range) {
    std::string message = diagnostic.message;
    for (const std::string& hint : diagnostic.hints) message += "\n" + hint;
    json out = {{"range", to_json(range)},
                {"severity", severity_number(diagnostic.severity)},
                {"source", "lictor"},
                {"message", std::move(message)}};
    if (!diagnostic.code.empty()) out["code"] = diagnostic.code;
    if (auto page = page_uri(diagnostic.code)) out["codeDescription"] = {{"href", *page}};
    json related = json::array();
    for (const Related& item : diagnostic.related) {
      auto file = view_.files.find(item.place.file);
      if (file == view_.files.end() || !view_.in_bundle(file->second)) continue;
      related.push_back({{"location",
                          {{"uri", context_.workspace.uri_of(item.place.file)},
                           {"range", to_json(places_.range(file->second, item.place))}}},
                         {"message", item.message}});
    }
    if (!related.empty()) out["relatedInformation"] = std::move(related);
    return out;
  }

 private:
  std::optional<std::string> page_uri(const std::string& code) {
    if (!context_.options.page || !context_.options.keep_file) return std::nullopt;
    auto [it, fresh] = pages_.emplace(code, std::nullopt);
    if (!fresh) return it->second;
    auto text = context_.options.page(code);
    auto path = text ? context_.options.keep_file(code + ".md", *text) : std::nullopt;
    if (path) it->second = uri_of_path(*path);
    return it->second;
  }

  const FeatureContext& context_;
  const View& view_;
  Places places_;
  std::map<std::string, std::optional<std::string>> pages_;
};

/// Those of lictor.toml: the program does not hold its text.
json config_diagnostics(const FeatureContext& context, const View& view, Converter& convert) {
  json out = json::array();
  SourceFile source(view.config->name, view.config->text);
  Document document(view.config->text);
  std::vector<Diagnostic> found = context.options.check_config(*view.config, view.analysis.program);
  if (view.others) std::ranges::copy(view.others->diagnostics, std::back_inserter(found));
  for (const Diagnostic& diagnostic : found) {
    if (diagnostic.place.file != view.config->name) continue;  // of the lictor.toml of a dependency
    const Place& place = diagnostic.place;
    uint32_t begin = source.offset(place.line, place.column), end = source.offset(place.end_line, place.end_column);
    out.push_back(convert.with_range(diagnostic, document.range(begin, end, context.workspace.encoding)));
  }
  return out;
}

}  // namespace

json diagnostic_json(const FeatureContext& context, const View& view, const Diagnostic& diagnostic, uint32_t file) {
  return Converter(context, view).convert(diagnostic, file);
}

std::map<std::string, json> diagnostics_of(const FeatureContext& context, const View& view) {
  std::map<std::string, json> out;
  const SourceMap& sources = *view.analysis.sources;
  for (uint32_t i = 0; i < view.own_files; ++i) out.emplace(sources.file(i).name(), json::array());
  Converter convert(context, view);
  for (const Diagnostic& diagnostic : view.analysis.diagnostics) {
    auto file = view.files.find(diagnostic.place.file);
    if (file == view.files.end() || !view.in_bundle(file->second)) continue;
    out[diagnostic.place.file].push_back(convert.convert(diagnostic, file->second));
  }
  if (view.config && context.options.check_config) out[view.config->name] = config_diagnostics(context, view, convert);
  return out;
}

}  // namespace lictor::lsp
