// What a person who knows other languages probably meant where the grammar expected something else.
#pragma once

#include <string>
#include <string_view>

namespace lictor {

/// A hint for the token found, or "". `expected` is the text of the diagnostic.
std::string hint_for(std::string_view expected, std::string_view found);

}  // namespace lictor
