#include "compiler/checked_text.h"

#include <algorithm>
#include <array>
#include <utility>

#include "compiler/ip_text.h"
#include "compiler/pattern.h"

namespace lictor {
namespace {

CheckedText check_ip(std::string_view text) {
  auto range = parse_ip(text);
  if (!range) return {std::string(text), "write `10.0.0.1`, `10.0.0.0/8`, `2001:db8::1` or `2001:db8::/32`"};
  if (!has_host_bits(*range)) return {show_ip(*range), ""};
  std::string range_text = show_ip(without_host_bits(*range));
  IpRange address = *range;
  address.length = address.longest();
  return {std::string(text), "bits are set behind the prefix: write the range `" + range_text + "`, or the address `" +
                                 show_ip(address) + "`"};
}

CheckedText check_digest(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, size_t>, 3> kKinds{
      {{"sha256", 64}, {"sha384", 96}, {"sha512", 128}}};
  size_t colon = text.find(':');
  for (auto [name, digits] : kKinds) {
    if (text.substr(0, colon) != name || colon == std::string_view::npos) continue;
    std::string_view hex = text.substr(colon + 1);
    auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    if (hex.size() == digits && std::ranges::all_of(hex, is_hex)) return {std::string(text), ""};
    return {std::string(text), std::string(name) + " has " + std::to_string(digits) + " digits, 0-9 and a-f"};
  }
  return {std::string(text), "write `sha256:`, `sha384:` or `sha512:` and the digits"};
}

CheckedText pattern(std::string_view text, std::optional<std::string> mistake) {
  return {std::string(text), mistake.value_or("")};
}

}  // namespace

bool is_checked_text(TypeKind kind) {
  return kind == TypeKind::kIp || kind == TypeKind::kGlob || kind == TypeKind::kRegex || kind == TypeKind::kDigest;
}

CheckedText check_text(TypeKind kind, std::string_view text) {
  switch (kind) {
    case TypeKind::kIp:
      return check_ip(text);
    case TypeKind::kGlob:
      return pattern(text, glob_mistake(text));
    case TypeKind::kRegex:
      return pattern(text, regex_mistake(text));
    default:
      return check_digest(text);
  }
}

std::string_view text_form(TypeKind kind) {
  switch (kind) {
    case TypeKind::kIp:
      return "an IP address or range";
    case TypeKind::kGlob:
      return "a glob";
    case TypeKind::kRegex:
      return "a regular expression";
    default:
      return "a digest such as `sha256:...`";
  }
}

std::string_view text_mark(TypeKind kind) {
  switch (kind) {
    case TypeKind::kIp:
      return "ip";
    case TypeKind::kGlob:
      return "glob";
    case TypeKind::kRegex:
      return "re";
    default:
      return "";
  }
}

std::string quote_pattern(std::string_view pattern) {
  std::string out = "\"";
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '\\' && i + 1 < pattern.size()) {
      out += pattern[i++];
    } else if (pattern[i] == '"') {
      out += '\\';
    }
    out += pattern[i];
  }
  return out + '"';
}

}  // namespace lictor
