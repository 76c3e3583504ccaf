// What the server can tell about a text, one file per feature. Each function of a request reads its parameters, looks at
// the analysis of the bundle, and answers in the protocol's shapes; it changes nothing.
#pragma once

#include <map>
#include <string>

#include "lsp/options.h"
#include "lsp/protocol.h"
#include "lsp/workspace.h"

namespace lictor::lsp {

struct FeatureContext {
  Workspace& workspace;
  const Options& options;
  const json& client;  // its capabilities
};

/// What the server offers, for the answer to `initialize`.
json server_capabilities();

/// The findings of a bundle by key of file, a list for each of its files; those of lictor.toml too.
std::map<std::string, json> diagnostics_of(const FeatureContext& context, const View& view);

json diagnostic_json(const FeatureContext& context, const View& view, const Diagnostic& diagnostic, uint32_t file);

/// The protocol's WorkspaceEdit from lists of edits by key of file, in the form that the client knows.
json workspace_edit(const FeatureContext& context, std::map<std::string, json> edits);

#define LICTOR_NOTIFICATION(method, function)
#define LICTOR_REQUEST(method, function) Answer function(const FeatureContext& context, const json& params);
#include "lsp/methods.def"
#undef LICTOR_REQUEST
#undef LICTOR_NOTIFICATION

}  // namespace lictor::lsp
