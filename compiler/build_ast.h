// Text to Ast: parse (grammar/), then drop what only people need.
#pragma once

#include <string_view>

#include "compiler/ast.h"
#include "grammar/diagnostics.h"
#include "grammar/source.h"

namespace lictor {

/// Parses file `file` of `sources` and builds its Ast. Mistakes go to `diagnostics`; what could be parsed is returned.
ast::Module build_module(const SourceMap& sources, uint32_t file, Diagnostics& diagnostics);

/// Parses one atom or expression, as `lictor query` takes it (`p(x, "a")`). Returns an empty vector after an error.
std::vector<ast::Expr> build_expression(const SourceMap& sources, uint32_t file, Diagnostics& diagnostics);

}  // namespace lictor
