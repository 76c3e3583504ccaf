// Hover, definition, references, highlights: one entry of the table of references each time, or all with its target.
#include <algorithm>

#include "lsp/features/cursor.h"
#include "lsp/features/declarations.h"
#include "lsp/features/features.h"

namespace lictor::lsp {
namespace {

std::string markdown(const Declared& declared) {
  std::string out = "```lictor\n" + declared.signature + "\n```\n";
  out += declared.what;
  if (!declared.owner.empty()) {
    bool module = declared.owner.find('`') == std::string::npos && declared.owner != "built in";
    out += module ? " of module `" + declared.owner + "`" : ", " + declared.owner;
  }
  out += '\n';
  if (!declared.doc.empty()) out += "\n" + declared.doc + "\n";
  return out;
}

}  // namespace

Answer hover(const FeatureContext& context, const json& params) {
  std::optional<Cursor> cursor = cursor_at(context, params);
  if (!cursor || cursor->reference == nullptr) return nullptr;
  std::optional<Declared> declared = declared_by(*cursor->view, *cursor->reference);
  if (!declared) return nullptr;
  Places places(context.workspace, *cursor->view);
  return json{{"contents", {{"kind", "markdown"}, {"value", markdown(*declared)}}},
              {"range", to_json(places.range(cursor->reference->span))}};
}

Answer definition(const FeatureContext& context, const json& params) {
  std::optional<Cursor> cursor = cursor_at(context, params);
  if (!cursor || cursor->reference == nullptr || !cursor->reference->target.valid()) return nullptr;
  Places places(context.workspace, *cursor->view);
  return places.location(cursor->reference->target, context.options);
}

Answer references(const FeatureContext& context, const json& params) {
  std::optional<Cursor> cursor = cursor_at(context, params);
  if (!cursor || cursor->reference == nullptr) return nullptr;
  auto around = params.find("context");
  bool declaration = around != params.end() && around->value("includeDeclaration", false);
  Places places(context.workspace, *cursor->view);
  json out = json::array();
  for (const Reference* reference : same_target(*cursor->view, *cursor->reference)) {
    if (!declaration && reference->span == reference->target) continue;
    json location = places.location(reference->span, context.options);
    if (!location.is_null()) out.push_back(std::move(location));
  }
  return out;
}

Answer document_highlights(const FeatureContext& context, const json& params) {
  std::optional<Cursor> cursor = cursor_at(context, params);
  if (!cursor || cursor->reference == nullptr) return nullptr;
  Places places(context.workspace, *cursor->view);
  json out = json::array();
  for (const Reference* reference : same_target(*cursor->view, *cursor->reference)) {
    if (reference->span.file != cursor->file) continue;
    bool written = reference->span == reference->target;
    out.push_back({{"range", to_json(places.range(reference->span))}, {"kind", written ? 3 : 2}});
  }
  return out;
}

}  // namespace lictor::lsp
