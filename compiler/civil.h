// Civil time: what clocks and calendars in a time zone show at an instant.
#pragma once

#include <optional>
#include <string_view>

#include "compiler/arith.h"

namespace lictor {

/// In the order of kCivilFields. The number is Expr::n of Op::kCivil.
enum class CivilField : uint8_t { kClock, kDate, kWeekday, kYear, kMonth, kDay, kHour, kMinute };
inline constexpr std::string_view kCivilFields[] = {"clock", "date", "weekday", "year",
                                                    "month", "day",  "hour",    "minute"};
/// Expr::n of a civil time as a whole, which is no value.
inline constexpr int64_t kWholeCivil = -1;

/// The word of a field: a clock as microseconds since midnight, a date as the microseconds of its midnight, a weekday from
/// 0 for Monday. kZone for an unknown zone, kOverflow outside of the years 1 to 9999.
arith::Checked civil_field(CivilField field, int64_t time, std::string_view zone);

}  // namespace lictor
