// From spans and places of an analysis to ranges of the protocol.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>

#include "lsp/protocol.h"
#include "lsp/workspace.h"

namespace lictor::lsp {

/// Finds line breaks once per file; lives as long as one answer is put together.
class Places {
 public:
  Places(const Workspace& workspace, const View& view) : workspace_(workspace), view_(view) {}

  /// The file as the editor counts in it.
  const Document& document(uint32_t file);
  Range range(Span span);
  Range range(uint32_t file, const Place& place);
  /// {"uri", "range"}; of a file of the library: where it is kept, or null.
  json location(Span span, const Options& options);

 private:
  const Workspace& workspace_;
  const View& view_;
  std::unordered_map<uint32_t, Document> documents_;
};

}  // namespace lictor::lsp
