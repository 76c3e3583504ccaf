// What a person who knows other languages probably meant where the grammar expected something else.
#pragma once

#include <string>
#include <string_view>

namespace lictor {

/// A hint for the token found, or "". `expected` is the text of the diagnostic, `before` the token before.
std::string hint_for(std::string_view expected, std::string_view found, std::string_view before);

}  // namespace lictor
