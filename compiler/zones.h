// Time zones: the system's zone files (RFC 9636), read once each and kept. What a zone says of an instant depends on its
// name and on the version of the data alone. All functions may be called from any thread.
//
// Zones have the names of the IANA database, such as `Europe/Vienna`. Beyond the last change that a file lists, its rule
// for all later years counts, so summer time does not end in 2037.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lictor {

/// Seconds that clocks in the zone are ahead of UTC at an instant (seconds since 1970, UTC). Nothing for an unknown zone.
std::optional<int64_t> zone_offset(std::string_view zone, int64_t seconds);

bool known_zone(std::string_view zone);

/// The names that the data lists, sorted; empty where the system does not list them.
std::vector<std::string> zone_names();

/// "2025b"; "unknown" where the system does not say.
std::string zone_data_version();

}  // namespace lictor
