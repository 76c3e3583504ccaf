// The difference of two texts, line by line, as `diff -u` prints it.
#pragma once

#include <string>
#include <string_view>

namespace lictor::cli {

/// A unified diff with three lines of context; "" when the texts are equal. Finds a shortest edit where the texts differ
/// in up to some thousand lines; beyond that, what lies between their common beginning and end is shown as replaced.
std::string unified_diff(std::string_view before, std::string_view after, std::string_view before_name,
                         std::string_view after_name);

}  // namespace lictor::cli
