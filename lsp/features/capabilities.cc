#include "lsp/features/features.h"

namespace lictor::lsp {

json server_capabilities() {
  return {{"textDocumentSync", {{"openClose", true}, {"change", 2}, {"save", true}}},
          {"documentFormattingProvider", true},
          {"documentSymbolProvider", true},
          {"workspaceSymbolProvider", true},
          {"foldingRangeProvider", true},
          {"hoverProvider", true},
          {"definitionProvider", true},
          {"referencesProvider", true},
          {"documentHighlightProvider", true},
          {"completionProvider", {{"triggerCharacters", {"."}}}},
          {"renameProvider", {{"prepareProvider", true}}},
          {"codeActionProvider", {{"codeActionKinds", {"quickfix"}}}},
          {"workspace", {{"workspaceFolders", {{"supported", true}, {"changeNotifications", true}}}}}};
}

}  // namespace lictor::lsp
