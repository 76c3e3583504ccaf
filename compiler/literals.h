// Words from text and text from words: the one reading of numbers, durations and times, shared by source, command line,
// requests and data files. All functions are pure. A parser gives nothing for text that is not exactly a value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lictor {

/// "-12"; digits only, no `_`, no `+`. Nothing when it does not fit 64 bits.
std::optional<int64_t> parse_int(std::string_view text);

/// "0.95", "-3" or "12.5000" as a word (times 10,000). Nothing for more than four significant places, or what does not fit.
std::optional<int64_t> parse_decimal(std::string_view text);

/// "95" or "99.5", the text before `%`, as a word: 95 gives 9500. Nothing when four places are not enough.
std::optional<int64_t> parse_percent(std::string_view text);

/// "200ms", "-5m": one whole number and one unit of us ms s m h d w. Microseconds.
std::optional<int64_t> parse_duration(std::string_view text);

/// RFC 3339 with an offset ("2026-01-01T00:00:00Z", "...+02:00"), at most six places of seconds, years 1 to 9999, no leap
/// seconds: what is not exact is refused. Microseconds since 1970-01-01T00:00:00Z.
std::optional<int64_t> parse_time(std::string_view text);

/// "2026-01-01", years 1 to 9999: the microseconds of its midnight as if in UTC.
std::optional<int64_t> parse_date(std::string_view text);

/// "09:00", "09:00:30" or "09:00:30.5": microseconds since midnight.
std::optional<int64_t> parse_clock(std::string_view text);

/// "0.5", "-1e-9" as the bits of the nearest double, never of -0. Nothing for what is not finite.
std::optional<int64_t> parse_float(std::string_view text);

std::string show_decimal(int64_t word, bool always_point);  // "0.3", "2" or, with always_point, "2.0"
std::string show_duration(int64_t microseconds);            // "90s": the largest unit that is exact
std::string show_time(int64_t microseconds);                // "2026-01-01T00:00:00Z"
std::string show_date(int64_t microseconds);                // "2026-01-01"
std::string show_clock(int64_t microseconds);               // "09:00", or with what is finer than minutes
std::string quote(std::string_view text);                   // as a string literal of the language

}  // namespace lictor
