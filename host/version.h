// Versions of bundles (semver.org) and what a dependency may ask of them.
//
//   ^1.2        at least 1.2.0, below 2.0.0; below 0.3.0 for ^0.2, below 0.0.4 for ^0.0.3. A bare 1.2 means the same
//   ~1.2.3      at least 1.2.3, below 1.3.0; ~1 is below 2.0.0
//   =1.2        1.2.anything
//   >=1.2, <2   all that are listed
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace lictor {

struct Version {
  std::array<uint64_t, 3> numbers{};
  bool before = false;  // 1.0.0-beta: not yet 1.0.0, so it fulfils no requirement
  auto operator<=>(const Version&) const = default;
};

/// "1", "1.2", "1.2.3", "1.2.3-beta+5"; nothing for anything else.
std::optional<Version> parse_version(std::string_view text);

/// Does the version fulfil the requirement? Nothing where that is none.
std::optional<bool> fulfils(const Version& version, std::string_view requirement);

}  // namespace lictor
