// Text to syntax tree. Never throws, never fails: what cannot be read becomes a kError node and a diagnostic.
#pragma once

#include "grammar/diagnostics.h"
#include "grammar/limits.h"
#include "grammar/syntax.h"

namespace lictor {

/// Parses a whole file. A text that check_text() refuses gives a tree of one kError node.
SyntaxTree parse(const SourceMap& sources, uint32_t file, Diagnostics& diagnostics, const Limits& limits = {});

/// Parses a whole file that holds one expression (`lictor query`); the root is kQuery.
SyntaxTree parse_query(const SourceMap& sources, uint32_t file, Diagnostics& diagnostics, const Limits& limits = {});

/// Parses the expression inside a string: `text` is a copy of the bytes of `file` from `origin`, of the same length,
/// with the string's own escapes taken out. REQUIRES: `text` outlives the tree.
SyntaxTree parse_inside(std::string_view text, uint32_t file, uint32_t origin, Diagnostics& diagnostics,
                        const Limits& limits = {});

}  // namespace lictor
