// Where the cursor stands: the file, the byte, and the name there.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "compiler/references.h"
#include "lsp/features/features.h"
#include "lsp/features/places.h"

namespace lictor::lsp {

struct Cursor {
  std::shared_ptr<const View> view;  // with references
  uint32_t file = 0;
  uint32_t offset = 0;
  const Reference* reference = nullptr;  // of the view; null where no name with a meaning stands
};

/// From `textDocument` and `position`. Nothing where the document is not open.
std::optional<Cursor> cursor_at(const FeatureContext& context, const json& params);

/// All places that mean what this one means, in order.
std::vector<const Reference*> same_target(const View& view, const Reference& reference);

}  // namespace lictor::lsp
