// Every requirement is a list of half-open intervals of versions.
#include "host/version.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace lictor {
namespace {

using Numbers = std::array<uint64_t, 3>;
constexpr uint64_t kMost = 1'000'000'000;

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

/// One to three numbers; gives how many, 0 where the text is something else.
size_t read_numbers(std::string_view text, Numbers& out) {
  for (size_t count = 0; count < 3; ++count) {
    bool leading_zero = text.size() > 1 && text[0] == '0' && text[1] != '.';
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out[count]);
    if (error != std::errc() || leading_zero || out[count] > kMost) return 0;
    text.remove_prefix(static_cast<size_t>(end - text.data()));
    if (text.empty()) return count + 1;
    if (text[0] != '.') return 0;
    text.remove_prefix(1);
  }
  return 0;
}

/// The first version behind all that begin with the first `count` numbers.
Numbers behind(Numbers from, size_t count) {
  ++from[count - 1];
  for (size_t i = count; i < 3; ++i) from[i] = 0;
  return from;
}

/// How many numbers stay the same under `^`: up to the first that is not 0.
size_t compatible(const Numbers& from, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    if (from[i] != 0) return i + 1;
  }
  return count;
}

std::optional<bool> meets(const Numbers& version, std::string_view one) {
  static constexpr std::string_view kOperators[] = {">=", "<=", ">", "<", "=", "^", "~"};
  std::string_view sign = "^";
  for (std::string_view candidate : kOperators) {
    if (!one.starts_with(candidate)) continue;
    sign = candidate;
    one = trimmed(one.substr(candidate.size()));
    break;
  }
  Numbers from{};
  size_t count = read_numbers(one, from);
  if (count == 0) return std::nullopt;
  if (sign == ">=") return version >= from;
  if (sign == "<") return version < from;
  if (sign == ">") return version >= behind(from, count);
  if (sign == "<=") return version < behind(from, count);
  size_t kept = sign == "^" ? compatible(from, count) : sign == "~" ? std::min<size_t>(count, 2) : count;
  return version >= from && version < behind(from, kept);
}

bool is_label(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-';
  });
}

}  // namespace

std::optional<Version> parse_version(std::string_view text) {
  Version version;
  size_t plus = text.find('+');
  if (plus != std::string_view::npos && !is_label(text.substr(plus + 1))) return std::nullopt;
  text = text.substr(0, plus);
  size_t dash = text.find('-');
  if (dash != std::string_view::npos) {
    version.before = true;
    if (!is_label(text.substr(dash + 1))) return std::nullopt;
  }
  if (read_numbers(text.substr(0, dash), version.numbers) == 0) return std::nullopt;
  return version;
}

std::optional<bool> fulfils(const Version& version, std::string_view requirement) {
  bool all = true;
  for (;;) {
    size_t comma = requirement.find(',');
    std::optional<bool> met = meets(version.numbers, trimmed(requirement.substr(0, comma)));
    if (!met) return std::nullopt;
    all = all && *met;
    if (comma == std::string_view::npos) break;
    requirement.remove_prefix(comma + 1);
  }
  return all && !version.before;
}

}  // namespace lictor
