// Operations on addresses, patterns and civil time once more, by other means than the engines have: the C library's
// inet_pton and time zones, the standard library's regular expressions, a glob that tries everything.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace lictor::testing {

bool naive_ip_in(const std::string& inner, const std::string& range);
bool naive_glob(const std::string& pattern, const std::string& text);
bool naive_regex(const std::string& pattern, const std::string& text);
/// Nothing for an unknown zone. Not for times before 1970 or of other threads: it sets the process's zone.
std::optional<int64_t> naive_civil(int64_t field, int64_t time, const std::string& zone);

}  // namespace lictor::testing
