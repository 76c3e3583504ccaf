// The one canonical layout, for `lictor fmt` and the editor: 110 columns, indents of two, comments kept where they are,
// at most one blank line in a row. No token is added, dropped or changed, so a text means the same before and after;
// formatting twice gives the same as formatting once.
#pragma once

#include <string>

#include "grammar/syntax.h"

namespace lictor {

inline constexpr uint32_t kFormatWidth = 110;  // columns

/// The canonical text. A tree that is not complete (its text has syntax errors) comes back as it was written.
std::string format(const SyntaxTree& tree);

}  // namespace lictor
