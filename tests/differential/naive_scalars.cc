#include "tests/differential/naive_scalars.h"

#include <arpa/inet.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <regex>

#include "compiler/civil.h"

namespace lictor::testing {
namespace {

struct Bits {
  int family = 0;
  std::string bits;  // of the prefix, as '0' and '1'
};

Bits bits_of(const std::string& text) {
  size_t slash = text.find('/');
  std::string address = text.substr(0, slash);
  Bits out;
  out.family = address.find(':') == std::string::npos ? AF_INET : AF_INET6;
  unsigned char bytes[16] = {};
  if (inet_pton(out.family, address.c_str(), bytes) != 1) return {};
  size_t length = slash == std::string::npos ? (out.family == AF_INET ? 32 : 128) : std::stoul(text.substr(slash + 1));
  for (size_t i = 0; i < length; ++i) out.bits += (bytes[i / 8] >> (7 - i % 8) & 1) != 0 ? '1' : '0';
  return out;
}

/// Behind the first character.
size_t character(const std::string& text, size_t at) {
  do ++at;
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80);
  return at;
}

bool glob_from(const std::string& pattern, size_t p, const std::string& text, size_t t) {
  if (p == pattern.size()) return t == text.size();
  if (pattern[p] == '*')
    return glob_from(pattern, p + 1, text, t) || (t < text.size() && glob_from(pattern, p, text, character(text, t)));
  if (t == text.size()) return false;
  if (pattern[p] == '?') return glob_from(pattern, p + 1, text, character(text, t));
  if (pattern[p] == '\\') ++p;
  return pattern[p] == text[t] && glob_from(pattern, p + 1, text, t + 1);
}

}  // namespace

bool naive_ip_in(const std::string& inner, const std::string& range) {
  Bits a = bits_of(inner), b = bits_of(range);
  return a.family == b.family && a.bits.starts_with(b.bits);
}

bool naive_glob(const std::string& pattern, const std::string& text) { return glob_from(pattern, 0, text, 0); }

bool naive_regex(const std::string& pattern, const std::string& text) {
  return std::regex_search(text, std::regex(pattern));
}

std::optional<int64_t> naive_civil(int64_t field, int64_t time, const std::string& zone) {
  if (zone.empty() || !std::filesystem::is_regular_file("/usr/share/zoneinfo/" + zone)) return std::nullopt;
  setenv("TZ", zone.c_str(), 1);
  tzset();
  constexpr int64_t kMicro = 1'000'000;
  time_t seconds = time / kMicro;
  std::tm local{};
  localtime_r(&seconds, &local);
  int64_t clock = (local.tm_hour * 3600 + local.tm_min * 60 + local.tm_sec) * kMicro + time % kMicro;
  switch (static_cast<CivilField>(field)) {
    case CivilField::kClock:
      return clock;
    case CivilField::kDate:
      return (seconds + local.tm_gmtoff) * kMicro + time % kMicro - clock;
    case CivilField::kWeekday:
      return (local.tm_wday + 6) % 7;
    case CivilField::kYear:
      return local.tm_year + 1900;
    case CivilField::kMonth:
      return local.tm_mon + 1;
    case CivilField::kDay:
      return local.tm_mday;
    case CivilField::kHour:
      return local.tm_hour;
    case CivilField::kMinute:
      return local.tm_min;
  }
  return std::nullopt;
}

}  // namespace lictor::testing
