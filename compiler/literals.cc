// Numbers, durations and times are read digit by digit with overflow checks; days and dates by the civil-calendar
// arithmetic on 400-year eras, so no C library time function (and no locale or zone) is involved.
#include "compiler/literals.h"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "compiler/calendar.h"
#include "compiler/types.h"

namespace lictor {
namespace {

constexpr std::array<std::pair<std::string_view, int64_t>, 7> kUnits{{{"w", 7 * kDay},
                                                                      {"d", kDay},
                                                                      {"h", 3'600 * kSecond},
                                                                      {"m", 60 * kSecond},
                                                                      {"s", kSecond},
                                                                      {"ms", 1'000},
                                                                      {"us", 1}}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Reads fixed-width fields from left to right; `ok` stays false after the first mismatch.
struct Reader {
  std::string_view text;
  size_t at = 0;
  bool ok = true;

  bool peek(char c) const { return at < text.size() && text[at] == c; }
  void expect(char c) {
    if (peek(c)) {
      ++at;
    } else {
      ok = false;
    }
  }
  int64_t digits(size_t count, int64_t lo, int64_t hi) {
    int64_t value = 0;
    for (size_t i = 0; i < count; ++i, ++at) {
      if (at >= text.size() || !is_digit(text[at])) {
        ok = false;
        return lo;
      }
      value = value * 10 + (text[at] - '0');
    }
    if (value < lo || value > hi) ok = false;
    return value;
  }
  /// ".5" to ".500000": microseconds.
  int64_t fraction() {
    if (!peek('.')) return 0;
    ++at;
    int64_t value = 0;
    int64_t places = 0;
    for (; at < text.size() && is_digit(text[at]); ++at, ++places)
      value = places < 6 ? value * 10 + (text[at] - '0') : 0;
    if (places == 0 || places > 6) ok = false;
    for (; places < 6; ++places) value *= 10;
    return value;
  }
  int64_t offset() {
    if (peek('Z')) {
      ++at;
      return 0;
    }
    int64_t direction = peek('-') ? -1 : 1;
    if (!peek('+') && !peek('-')) ok = false;
    ++at;
    int64_t hours = digits(2, 0, 23);
    expect(':');
    int64_t minutes = digits(2, 0, 59);
    return direction * (hours * 3'600 + minutes * 60) * kSecond;
  }
};

/// digits with at most one point, as a word of `scale` (a power of ten).
std::optional<int64_t> parse_scaled(std::string_view text, int64_t scale) {
  bool negative = !text.empty() && text[0] == '-';
  if (negative) text.remove_prefix(1);
  size_t point = text.find('.');
  std::string_view whole = text.substr(0, point);
  std::string_view places = point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
  if (whole.empty() || (point != std::string_view::npos && places.empty())) return std::nullopt;
  int64_t value = 0;
  auto push = [&](int64_t digit) {
    return !__builtin_mul_overflow(value, 10, &value) &&
           !__builtin_add_overflow(value, negative ? -digit : digit, &value);
  };
  for (char c : whole) {
    if (!is_digit(c) || !push(c - '0')) return std::nullopt;
  }
  for (char c : places) {
    if (!is_digit(c)) return std::nullopt;
    if (scale == 1 && c != '0') return std::nullopt;
    if (scale == 1) continue;
    if (!push(c - '0')) return std::nullopt;
    scale /= 10;
  }
  if (__builtin_mul_overflow(value, scale, &value)) return std::nullopt;
  return value;
}

std::string padded(int64_t value, size_t width) {
  std::string text = std::to_string(value);
  return text.size() >= width ? text : std::string(width - text.size(), '0') + text;
}

}  // namespace

std::optional<int64_t> parse_int(std::string_view text) {
  int64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<int64_t> parse_decimal(std::string_view text) { return parse_scaled(text, kDecimalScale); }

std::optional<int64_t> parse_percent(std::string_view text) { return parse_scaled(text, kDecimalScale / 100); }

std::optional<int64_t> parse_duration(std::string_view text) {
  size_t digits = text.find_first_not_of("-0123456789");
  if (digits == std::string_view::npos) return std::nullopt;
  std::optional<int64_t> number = parse_int(text.substr(0, digits));
  if (!number) return std::nullopt;
  for (auto [unit, microseconds] : kUnits) {
    if (unit != text.substr(digits)) continue;
    int64_t value = 0;
    if (__builtin_mul_overflow(*number, microseconds, &value)) return std::nullopt;
    return value;
  }
  return std::nullopt;
}

std::optional<int64_t> parse_time(std::string_view text) {
  Reader in{text};
  int64_t year = in.digits(4, 1, 9999);
  in.expect('-');
  int64_t month = in.digits(2, 1, 12);
  in.expect('-');
  int64_t day = in.digits(2, 1, 31);
  in.expect('T');
  int64_t hour = in.digits(2, 0, 23);
  in.expect(':');
  int64_t minute = in.digits(2, 0, 59);
  in.expect(':');
  int64_t second = in.digits(2, 0, 59);
  int64_t fraction = in.fraction();
  int64_t offset = in.offset();
  if (!in.ok || in.at != text.size() || day > days_in_month(year, month)) return std::nullopt;
  int64_t seconds = days_from_civil(year, month, day) * 86'400 + hour * 3'600 + minute * 60 + second;
  int64_t word = seconds * kSecond + fraction - offset;
  // An offset can lead out of the years that can be written: such an instant could not be shown again.
  if (word < kFirstDay || word >= kBehindLastDay) return std::nullopt;
  return word;
}

std::optional<int64_t> parse_date(std::string_view text) {
  Reader in{text};
  Date date{};
  date.year = in.digits(4, 1, 9999);
  in.expect('-');
  date.month = in.digits(2, 1, 12);
  in.expect('-');
  date.day = in.digits(2, 1, 31);
  if (!in.ok || in.at != text.size() || date.day > days_in_month(date.year, date.month)) return std::nullopt;
  return days_from_civil(date.year, date.month, date.day) * kDay;
}

std::optional<int64_t> parse_clock(std::string_view text) {
  Reader in{text};
  int64_t seconds = in.digits(2, 0, 23) * 3'600;
  in.expect(':');
  seconds += in.digits(2, 0, 59) * 60;
  int64_t fraction = 0;
  if (in.peek(':')) {
    in.expect(':');
    seconds += in.digits(2, 0, 59);
    fraction = in.fraction();
  }
  if (!in.ok || in.at != text.size()) return std::nullopt;
  return seconds * kSecond + fraction;
}

std::optional<int64_t> parse_float(std::string_view text) {
  double value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return std::bit_cast<int64_t>(value == 0 ? 0.0 : value);
}

std::string show_decimal(int64_t word, bool always_point) {
  // The magnitude as unsigned: INT64_MIN has no positive counterpart.
  uint64_t magnitude = word < 0 ? 0 - static_cast<uint64_t>(word) : static_cast<uint64_t>(word);
  std::string out = (word < 0 ? "-" : "") + std::to_string(magnitude / kDecimalScale);
  std::string places = padded(static_cast<int64_t>(magnitude % kDecimalScale), 4);
  places.erase(places.find_last_not_of('0') + 1);
  if (places.empty() && always_point) places = "0";
  return places.empty() ? out : out + "." + places;
}

std::string show_duration(int64_t microseconds) {
  if (microseconds == 0) return "0s";
  for (auto [unit, size] : kUnits) {
    if (microseconds % size == 0) return std::to_string(microseconds / size) + std::string(unit);
  }
  return {};
}

namespace {

/// ".5" for half a second, "" for none.
std::string fraction_text(int64_t microseconds) {
  if (microseconds == 0) return {};
  std::string places = padded(microseconds, 6);
  places.erase(places.find_last_not_of('0') + 1);
  return "." + places;
}

int64_t day_of(int64_t microseconds) { return microseconds / kDay - (microseconds % kDay < 0 ? 1 : 0); }

std::string seconds_text(int64_t of_day) {
  int64_t second = of_day / kSecond;
  return padded(second / 3'600, 2) + ":" + padded(second / 60 % 60, 2) + ":" + padded(second % 60, 2) +
         fraction_text(of_day % kSecond);
}

}  // namespace

std::string show_time(int64_t microseconds) {
  return show_date(microseconds) + "T" + seconds_text(microseconds - day_of(microseconds) * kDay) + "Z";
}

std::string show_date(int64_t microseconds) {
  Date date = civil_from_days(day_of(microseconds));
  return padded(date.year, 4) + "-" + padded(date.month, 2) + "-" + padded(date.day, 2);
}

std::string show_clock(int64_t microseconds) {
  std::string text = seconds_text(microseconds);
  return text.ends_with(":00") ? text.substr(0, 5) : text;
}

std::string quote(std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out = "\"";
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '{':
        out += "\\{";
        break;
      case '}':
        out += "\\}";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\r':
        out += "\\r";
        break;
      default:
        if (byte >= 0x20 && byte != 0x7F) {
          out += c;
        } else {
          out += "\\u{";
          out += kHex[byte >> 4];
          out += kHex[byte & 15];
          out += "}";
        }
    }
  }
  return out + "\"";
}

}  // namespace lictor
