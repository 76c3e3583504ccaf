// Which column each argument of a pattern stands for: `lictor query 'p(x, "a")'` and `expect rows p(level: n)`.
#pragma once

#include <cstddef>
#include <vector>

#include "compiler/ast.h"
#include "compiler/schema.h"
#include "grammar/diagnostics.h"

namespace lictor {

/// By argument, its column: by position, or by name; where a name stands, columns may be left out. SIZE_MAX: reported.
std::vector<size_t> pattern_columns(Diagnostics& diagnostics, const std::vector<FieldDecl>& columns,
                                    const ast::Expr& call);

}  // namespace lictor
