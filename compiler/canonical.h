// The text that a bundle's hash covers: its tokens, so that layout and comments do not count.
#pragma once

#include <string>
#include <string_view>

namespace lictor {

/// One line per token. Two texts give the same lines when they differ in layout and comments only.
std::string canonical_text(std::string_view text);

}  // namespace lictor
