// Which column each argument of a pattern stands for: `lictor query 'p(x, "a")'` and `expect rows p(level: n)`.
#pragma once

#include <cstddef>
#include <vector>

#include "compiler/ast.h"
#include "compiler/schema.h"
#include "grammar/diagnostics.h"

namespace lictor {

/// By argument, its column: by position, or by name; where a name stands, columns may be left out. SIZE_MAX: reported.
/// `placed`: the first columns, that have a position; those behind them are given by name alone.
std::vector<size_t> pattern_columns(Diagnostics& diagnostics, const std::vector<FieldDecl>& columns, size_t placed,
                                    const ast::Expr& call);
/// Of a relation; of an event its time has no place, and its number cannot be asked for.
std::vector<size_t> pattern_columns(Diagnostics& diagnostics, const RelationDecl& relation, const ast::Expr& call);

}  // namespace lictor
