#include "lsp/features/features.h"

namespace lictor::lsp {

json workspace_edit(const FeatureContext& context, std::map<std::string, json> edits) {
  static const json::json_pointer kVersioned("/workspace/workspaceEdit/documentChanges");
  bool versioned = context.client.value(kVersioned, false);
  json changes = json::object(), documents = json::array();
  for (auto& [key, list] : edits) {
    std::string uri = context.workspace.uri_of(key);
    auto open = context.workspace.overlay().find(key);
    json version = open == context.workspace.overlay().end() ? json(nullptr) : json(open->second.document.version());
    if (versioned)
      documents.push_back({{"textDocument", {{"uri", uri}, {"version", version}}}, {"edits", std::move(list)}});
    else
      changes[uri] = std::move(list);
  }
  return versioned ? json{{"documentChanges", std::move(documents)}} : json{{"changes", std::move(changes)}};
}

}  // namespace lictor::lsp
