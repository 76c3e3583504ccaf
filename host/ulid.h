// ULIDs: 26 letters and digits that sort by time. They name decisions.
#pragma once

#include <cstdint>
#include <string>

namespace lictor {

/// 48 bits of milliseconds, 80 random bits from the system, in Crockford's base 32. Any thread may call it.
std::string make_ulid(int64_t microseconds);

/// The system clock: microseconds since 1970, UTC.
int64_t system_now();

}  // namespace lictor
