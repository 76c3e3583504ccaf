// IP addresses and ranges as text: read, put into the one canonical form, compared, and asked what they contain. A value of
// the type `ip` is its canonical text everywhere, so equal addresses are equal texts.
//
// Canonical: IPv4 as four numbers, IPv6 as RFC 5952 has it; "/length" stands behind ranges alone, so an address and the
// range of that one address are one value.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lictor {

struct IpRange {
  bool v6 = false;
  std::array<uint8_t, 16> bytes{};  // IPv4 in the first four
  uint8_t length = 0;               // bits of the prefix
  uint8_t longest() const { return v6 ? 128 : 32; }
  bool operator==(const IpRange&) const = default;
};

/// Nothing where the text is neither an address nor a range. Bits behind the prefix are kept: see has_host_bits().
std::optional<IpRange> parse_ip(std::string_view text);
/// Are bits set behind the prefix? No value of the language has any.
bool has_host_bits(const IpRange& range);
/// The same range without those bits.
IpRange without_host_bits(IpRange range);
std::string show_ip(const IpRange& range);

/// Does `range` contain `inner`, an address or range? IPv4 and IPv6 never contain each other.
bool contains(const IpRange& range, const IpRange& inner);
/// Canonical order: IPv4 first, then by bytes, then wider ranges first.
int compare(const IpRange& a, const IpRange& b);

// The same for values, which are canonical texts.
bool ip_contains(std::string_view range, std::string_view inner);
int compare_ips(std::string_view a, std::string_view b);

}  // namespace lictor
