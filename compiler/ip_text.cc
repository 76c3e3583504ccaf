// Both forms are read group by group; bits behind the prefix are found by masking byte by byte.
#include "compiler/ip_text.h"

#include <algorithm>

#include "compiler/literals.h"

namespace lictor {
namespace {

constexpr size_t kGroups = 8;  // of 16 bits, in IPv6

/// A number of at most `digits` digits without leading zeros, at most `most`.
std::optional<int> small_number(std::string_view text, size_t digits, int most) {
  bool plain = !text.empty() && text.size() <= digits && (text.size() == 1 || text[0] != '0') &&
               std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  if (!plain) return std::nullopt;
  auto value = parse_int(text);
  return value && *value <= most ? std::optional(static_cast<int>(*value)) : std::nullopt;
}

bool read_v4(std::string_view text, uint8_t* bytes) {
  for (int i = 0; i < 4; ++i) {
    size_t dot = i < 3 ? text.find('.') : text.size();
    if (dot == std::string_view::npos) return false;
    auto number = small_number(text.substr(0, dot), 3, 255);
    if (!number) return false;
    bytes[i] = static_cast<uint8_t>(*number);
    text.remove_prefix(std::min(dot + 1, text.size()));
  }
  return text.empty();
}

std::optional<uint16_t> group(std::string_view text) {
  if (text.empty() || text.size() > 4) return std::nullopt;
  uint16_t out = 0;
  for (char c : text) {
    int digit = c >= '0' && c <= '9'   ? c - '0'
                : c >= 'a' && c <= 'f' ? c - 'a' + 10
                : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                       : -1;
    if (digit < 0) return std::nullopt;
    out = static_cast<uint16_t>(out << 4 | digit);
  }
  return out;
}

/// Groups between colons into `bytes`; the last may be an IPv4 address, which fills two. How many bytes, or nothing.
std::optional<size_t> read_groups(std::string_view text, uint8_t* bytes) {
  size_t at = 0;
  while (!text.empty()) {
    size_t colon = text.find(':');
    std::string_view part = text.substr(0, colon);
    if (colon == std::string_view::npos && part.find('.') != std::string_view::npos) {
      if (at + 4 > 2 * kGroups || !read_v4(part, bytes + at)) return std::nullopt;
      return at + 4;
    }
    auto value = group(part);
    if (!value || at + 2 > 2 * kGroups) return std::nullopt;
    bytes[at++] = static_cast<uint8_t>(*value >> 8);
    bytes[at++] = static_cast<uint8_t>(*value);
    if (colon == std::string_view::npos) return at;
    text.remove_prefix(colon + 1);
    if (text.empty()) return std::nullopt;  // it ends with a single colon
  }
  return at;
}

bool read_v6(std::string_view text, std::array<uint8_t, 16>& bytes) {
  size_t gap = text.find("::");
  if (gap == std::string_view::npos) return read_groups(text, bytes.data()) == bytes.size();
  std::array<uint8_t, 16> tail{};
  std::string_view head = text.substr(0, gap), rest = text.substr(gap + 2);
  if (head.find('.') != std::string_view::npos) return false;
  auto before = read_groups(head, bytes.data());
  auto behind = read_groups(rest, tail.data());
  if (!before || !behind || *before + *behind > bytes.size() - 2) return false;
  std::fill(bytes.begin() + static_cast<long>(*before), bytes.end(), uint8_t{0});
  std::copy_n(tail.begin(), *behind, bytes.end() - static_cast<long>(*behind));
  return true;
}

/// The mask of a byte whose first bit is bit `first` of the address.
uint8_t mask_of(int first, int length) {
  int bits = std::clamp(length - first, 0, 8);
  return static_cast<uint8_t>(0xff00 >> bits);
}

std::string show_v4(const uint8_t* bytes) {
  std::string out;
  for (int i = 0; i < 4; ++i) out += (i == 0 ? "" : ".") + std::to_string(bytes[i]);
  return out;
}

std::string hex(uint16_t value) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (int shift = 12; shift >= 0; shift -= 4) {
    int digit = value >> shift & 15;
    if (digit != 0 || !out.empty() || shift == 0) out += kDigits[digit];
  }
  return out;
}

/// RFC 5952: lower case, no leading zeros, `::` for the first longest run of two zero groups or more.
std::string show_v6(const std::array<uint8_t, 16>& bytes) {
  std::array<uint16_t, kGroups> groups{};
  for (size_t i = 0; i < kGroups; ++i) groups[i] = static_cast<uint16_t>(bytes[2 * i] << 8 | bytes[2 * i + 1]);
  bool mapped = groups[5] == 0xffff && std::all_of(groups.begin(), groups.begin() + 5, [](auto g) { return g == 0; });
  if (mapped) return "::ffff:" + show_v4(bytes.data() + 12);
  size_t start = kGroups, longest = 1;
  for (size_t i = 0; i < kGroups; ++i) {
    size_t end = i;
    while (end < kGroups && groups[end] == 0) ++end;
    if (end - i > longest) {
      start = i;
      longest = end - i;
    }
    i = std::max(i, end);
  }
  std::string out;
  for (size_t i = 0; i < kGroups; ++i) {
    if (i == start) {
      out += "::";
      i += longest - 1;
      continue;
    }
    if (!out.empty() && !out.ends_with(':')) out += ':';
    out += hex(groups[i]);
  }
  return out;
}

}  // namespace

std::optional<IpRange> parse_ip(std::string_view text) {
  IpRange out;
  size_t slash = text.find('/');
  std::string_view address = text.substr(0, slash);
  out.v6 = address.find(':') != std::string_view::npos;
  if (!(out.v6 ? read_v6(address, out.bytes) : read_v4(address, out.bytes.data()))) return std::nullopt;
  out.length = out.longest();
  if (slash == std::string_view::npos) return out;
  auto length = small_number(text.substr(slash + 1), 3, out.longest());
  if (!length) return std::nullopt;
  out.length = static_cast<uint8_t>(*length);
  return out;
}

IpRange without_host_bits(IpRange range) {
  for (int i = 0; i < 16; ++i) range.bytes[static_cast<size_t>(i)] &= mask_of(8 * i, range.length);
  return range;
}

bool has_host_bits(const IpRange& range) { return without_host_bits(range) != range; }

std::string show_ip(const IpRange& range) {
  std::string out = range.v6 ? show_v6(range.bytes) : show_v4(range.bytes.data());
  return range.length == range.longest() ? out : out + "/" + std::to_string(range.length);
}

bool contains(const IpRange& range, const IpRange& inner) {
  if (range.v6 != inner.v6 || inner.length < range.length) return false;
  IpRange cut = inner;
  cut.length = range.length;
  return without_host_bits(cut).bytes == range.bytes;
}

int compare(const IpRange& a, const IpRange& b) {
  if (a.v6 != b.v6) return a.v6 ? 1 : -1;
  if (a.bytes != b.bytes) return a.bytes < b.bytes ? -1 : 1;
  return a.length < b.length ? -1 : (a.length > b.length ? 1 : 0);
}

bool ip_contains(std::string_view range, std::string_view inner) {
  auto outer = parse_ip(range), item = parse_ip(inner);
  return outer && item && contains(*outer, *item);
}

int compare_ips(std::string_view a, std::string_view b) {
  auto x = parse_ip(a), y = parse_ip(b);
  return x && y ? compare(*x, *y) : a.compare(b);
}

}  // namespace lictor
