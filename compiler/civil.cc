#include "compiler/civil.h"

#include "compiler/calendar.h"
#include "compiler/zones.h"

namespace lictor {
namespace {

int64_t floor_to(int64_t value, int64_t unit) {
  int64_t rest = value % unit;
  return value - (rest < 0 ? rest + unit : rest);
}

int64_t field_of(CivilField field, int64_t local) {
  int64_t midnight = floor_to(local, kDay), clock = local - midnight, day = midnight / kDay;
  switch (field) {
    case CivilField::kClock:
      return clock;
    case CivilField::kDate:
      return midnight;
    case CivilField::kWeekday:
      return ((day + 3) % 7 + 7) % 7;  // 1970-01-01 was a Thursday
    case CivilField::kYear:
      return civil_from_days(day).year;
    case CivilField::kMonth:
      return civil_from_days(day).month;
    case CivilField::kDay:
      return civil_from_days(day).day;
    case CivilField::kHour:
      return clock / (3'600 * kSecond);
    case CivilField::kMinute:
      return clock / (60 * kSecond) % 60;
  }
  return 0;
}

}  // namespace

arith::Checked civil_field(CivilField field, int64_t time, std::string_view zone) {
  if (time < kFirstDay || time >= kBehindLastDay) return arith::fail(EvalErrorKind::kOverflow);
  auto offset = zone_offset(zone, floor_to(time, kSecond) / kSecond);
  if (!offset) return arith::fail(EvalErrorKind::kZone);
  int64_t local = time + *offset * kSecond;
  if (local < kFirstDay || local >= kBehindLastDay) return arith::fail(EvalErrorKind::kOverflow);
  return {field_of(field, local), EvalErrorKind{0}};
}

}  // namespace lictor
