// JSON in canonical form, so that equal requests have equal digests: members sorted by name (bytes), no blanks, strings
// with the shortest escapes, numbers as they were written.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "lictor/error.h"

namespace lictor {

/// kInvalid: not JSON, a member twice, or nested more than 1,000 levels deep.
Result<std::string> canonical_json(std::string_view text);

/// The members of an object, each value in canonical form. kInvalid also where it is no object.
Result<std::map<std::string, std::string>> canonical_members(std::string_view text);

/// {"a":1,...} from such members.
std::string join_members(const std::map<std::string, std::string>& members);

/// A string as a JSON literal.
std::string json_string(std::string_view text);

}  // namespace lictor
