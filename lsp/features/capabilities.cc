#include "lsp/features/features.h"

namespace lictor::lsp {

json server_capabilities() {
  return {{"textDocumentSync", {{"openClose", true}, {"change", 2}, {"save", true}}},
          {"documentFormattingProvider", true},
          {"documentSymbolProvider", true},
          {"workspaceSymbolProvider", true},
          {"foldingRangeProvider", true},
          {"workspace", {{"workspaceFolders", {{"supported", true}, {"changeNotifications", true}}}}}};
}

}  // namespace lictor::lsp
