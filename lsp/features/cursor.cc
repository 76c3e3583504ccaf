#include "lsp/features/cursor.h"

namespace lictor::lsp {

std::optional<Cursor> cursor_at(const FeatureContext& context, const json& params) {
  std::string uri = uri_from(params);
  Position position = position_from(params.at("position"));
  Bundle* bundle = context.workspace.bundle_of(uri);
  if (bundle == nullptr) return std::nullopt;
  Cursor out;
  out.view = bundle->view(context.workspace.overlay(), true);
  auto file = out.view->files.find(Workspace::key_of(uri));
  if (file == out.view->files.end()) return std::nullopt;  // lictor.toml
  out.file = file->second;
  const Document* document = context.workspace.find(uri);
  out.offset = static_cast<uint32_t>(document->offset(position, context.workspace.encoding));
  out.reference = out.view->analysis.references->at(out.file, out.offset);
  return out;
}

std::vector<const Reference*> same_target(const View& view, const Reference& reference) {
  std::vector<const Reference*> out;
  for (const Reference& other : view.analysis.references->all()) {
    if (other.target == reference.target) out.push_back(&other);
  }
  return out;
}

}  // namespace lictor::lsp
