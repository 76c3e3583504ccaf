// A zone file is a list of instants at which the offset changes, the offset from each on, and a rule in the notation of
// POSIX ("CET-1CEST,M3.5.0,M10.5.0/3") for what comes after the last one.
#include "compiler/zones.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <sstream>

#include "compiler/calendar.h"

namespace lictor {
namespace {

constexpr const char* kFolders[] = {"/usr/share/zoneinfo/", "/usr/lib/zoneinfo/", "/usr/share/lib/zoneinfo/"};
constexpr size_t kLargestFile = 1 << 20;
constexpr int64_t kDay = 86'400;

// ---- the rule for later years ---------------------------------------------------------------------------------------

/// One change a year: "M3.5.0/2", "J60" or "59".
struct YearlyChange {
  enum class Form : uint8_t { kWeekday, kDayWithoutLeap, kDay } form = Form::kWeekday;
  int month = 0, week = 0, day = 0;
  int64_t second = 7'200;  // of that day, on clocks before the change

  int64_t local_seconds(int64_t year) const {
    int64_t new_year = days_from_civil(year, 1, 1);
    if (form == Form::kDay) return (new_year + day) * kDay + second;
    if (form == Form::kDayWithoutLeap) {
      bool behind = days_in_month(year, 2) == 29 && day >= 60;
      return (new_year + day - 1 + (behind ? 1 : 0)) * kDay + second;
    }
    int64_t first = days_from_civil(year, month, 1);
    int64_t sunday_based = ((first + 4) % 7 + 7) % 7;
    int64_t date = 1 + (day - sunday_based + 7) % 7 + 7 * (week - 1);
    if (date > days_in_month(year, month)) date -= 7;
    return days_from_civil(year, month, date) * kDay + second;
  }
};

struct Rule {
  int64_t standard = 0, summer = 0;  // offsets
  bool has_summer = false;
  YearlyChange begin, end;

  int64_t offset(int64_t seconds) const {
    if (!has_summer) return standard;
    int64_t local = seconds + standard;
    int64_t days = local / kDay - (local % kDay < 0 ? 1 : 0);
    int64_t year = civil_from_days(days).year;
    int64_t from = begin.local_seconds(year) - standard, to = end.local_seconds(year) - summer;
    bool inside = from < to ? seconds >= from && seconds < to : seconds >= from || seconds < to;
    return inside ? summer : standard;
  }
};

/// Reads a rule from left to right; `ok` stays false after the first mistake.
struct RuleReader {
  std::string_view text;
  bool ok = true;

  bool take(char c) {
    if (text.empty() || text[0] != c) return false;
    text.remove_prefix(1);
    return true;
  }

  void name() {
    size_t length = 0;
    if (take('<')) {
      length = text.find('>');
      ok = ok && length != std::string_view::npos;
      text.remove_prefix(ok ? length + 1 : text.size());
      return;
    }
    while (length < text.size() && std::isalpha(static_cast<unsigned char>(text[length])) != 0) ++length;
    ok = ok && length >= 3;
    text.remove_prefix(length);
  }

  int64_t number(int64_t most) {
    int64_t value = 0;
    size_t digits = 0;
    while (digits < text.size() && digits < 4 && text[digits] >= '0' && text[digits] <= '9')
      value = value * 10 + (text[digits++] - '0');
    text.remove_prefix(digits);
    ok = ok && digits > 0 && value <= most;
    return value;
  }

  /// "[+-]hh[:mm[:ss]]"
  int64_t time() {
    bool negative = take('-');
    if (!negative) take('+');
    int64_t out = number(167) * 3'600;
    if (take(':')) out += number(59) * 60;
    if (take(':')) out += number(59);
    return negative ? -out : out;
  }

  YearlyChange change() {
    YearlyChange out;
    ok = ok && take(',');
    if (take('M')) {
      out.month = static_cast<int>(number(12));
      ok = ok && take('.');
      out.week = static_cast<int>(number(5));
      ok = ok && take('.');
      out.day = static_cast<int>(number(6));
      ok = ok && out.month > 0 && out.week > 0;
    } else {
      out.form = take('J') ? YearlyChange::Form::kDayWithoutLeap : YearlyChange::Form::kDay;
      out.day = static_cast<int>(number(365));
    }
    if (take('/')) out.second = time();
    return out;
  }
};

std::optional<Rule> read_rule(std::string_view text) {
  RuleReader in{text};
  Rule out;
  in.name();
  out.standard = -in.time();  // POSIX counts westwards
  if (!in.text.empty() && in.ok) {
    out.has_summer = true;
    in.name();
    out.summer = !in.text.empty() && in.text[0] != ',' ? -in.time() : out.standard + 3'600;
    out.begin = in.change();
    out.end = in.change();
  }
  return in.ok && in.text.empty() ? std::optional(out) : std::nullopt;
}

// ---- zone files -----------------------------------------------------------------------------------------------------

struct Zone {
  std::vector<int64_t> changes;  // seconds since 1970, ascending
  std::vector<int32_t> offsets;  // offsets[0] before the first change, offsets[i + 1] from changes[i] on
  std::optional<Rule> rule;

  int64_t offset(int64_t seconds) const {
    auto after = std::ranges::upper_bound(changes, seconds);
    if (after == changes.end() && rule) return rule->offset(seconds);
    return offsets[static_cast<size_t>(after - changes.begin())];
  }
};

/// Big-endian numbers of a file.
struct Bytes {
  std::string_view text;
  bool ok = true;

  std::string_view take(size_t count) {
    ok = ok && count <= text.size();
    std::string_view out = ok ? text.substr(0, count) : std::string_view();
    text.remove_prefix(out.size());
    return out;
  }
  int64_t number(size_t count) {
    std::string_view bytes = take(count);
    if (!ok) return 0;
    uint64_t out = (static_cast<uint8_t>(bytes[0]) & 0x80) != 0 ? ~uint64_t{0} : 0;
    for (char c : bytes) out = out << 8 | static_cast<uint8_t>(c);
    return static_cast<int64_t>(out);
  }
};

struct Header {
  size_t utc_marks = 0, standard_marks = 0, leaps = 0, changes = 0, types = 0, characters = 0;
};

std::optional<Header> read_header(Bytes& in) {
  if (in.take(4) != "TZif") return std::nullopt;
  std::string_view version = in.take(16);
  if (!in.ok || version[0] < '2') return std::nullopt;
  Header out;
  for (size_t* count : {&out.utc_marks, &out.standard_marks, &out.leaps, &out.changes, &out.types, &out.characters})
    *count = static_cast<size_t>(in.number(4)) & 0xffffffff;
  bool fits = in.ok && out.types > 0 && out.changes < kLargestFile && out.types < 256;
  return fits ? std::optional(out) : std::nullopt;
}

std::optional<Zone> read_zone(std::string_view text) {
  Bytes in{text};
  auto old = read_header(in);  // first comes a block with 32-bit instants, for readers of long ago
  if (!old) return std::nullopt;
  in.take(old->changes * 5 + old->types * 6 + old->characters + old->leaps * 8 + old->standard_marks + old->utc_marks);
  auto header = read_header(in);
  if (!header || header->leaps != 0) return std::nullopt;
  Zone zone;
  for (size_t i = 0; i < header->changes; ++i) zone.changes.push_back(in.number(8));
  std::string_view kinds = in.take(header->changes);
  std::vector<int32_t> types;
  for (size_t i = 0; i < header->types; ++i) {
    types.push_back(static_cast<int32_t>(in.number(4)));
    in.take(2);
  }
  in.take(header->characters + header->standard_marks + header->utc_marks);
  if (!in.ok || !std::ranges::is_sorted(zone.changes) || !in.text.starts_with('\n')) return std::nullopt;
  zone.offsets.push_back(types[0]);
  for (char kind : kinds) {
    if (static_cast<uint8_t>(kind) >= types.size()) return std::nullopt;
    zone.offsets.push_back(types[static_cast<uint8_t>(kind)]);
  }
  std::string_view footer = in.text.substr(1, in.text.find('\n', 1) - 1);
  zone.rule = read_rule(footer);
  if (!footer.empty() && !zone.rule) return std::nullopt;
  return zone;
}

std::optional<std::string> read_file(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return std::nullopt;
  std::ifstream in(path, std::ios::binary);
  std::string text(kLargestFile, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(in.gcount()));
  return text.empty() || !in.eof() ? std::nullopt : std::optional(std::move(text));
}

std::optional<std::string> read_data(std::string_view name) {
  for (const char* folder : kFolders) {
    if (auto text = read_file(folder + std::string(name))) return text;
  }
  return std::nullopt;
}

/// A name as the database has them: no way out of the folder, and not the variants with leap seconds.
bool is_zone_name(std::string_view name) {
  auto plain = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '+' || c == '-' || c == '/';
  };
  return !name.empty() && name.size() <= 64 && name[0] != '/' && std::ranges::all_of(name, plain) &&
         !name.starts_with("right/") && !name.starts_with("posix/") && name != "posixrules" && name != "localtime";
}

class Zones {
 public:
  std::shared_ptr<const Zone> find(std::string_view name) {
    {
      std::shared_lock lock(mutex_);
      if (auto it = known_.find(name); it != known_.end()) return it->second;
    }
    if (!is_zone_name(name)) return nullptr;
    auto text = read_data(name);
    auto zone = text ? read_zone(*text) : std::nullopt;
    if (!zone) return nullptr;  // not kept: no request can make the process grow by asking for zones that do not exist
    std::unique_lock lock(mutex_);
    return known_.try_emplace(std::string(name), std::make_shared<const Zone>(std::move(*zone))).first->second;
  }

 private:
  std::shared_mutex mutex_;
  std::map<std::string, std::shared_ptr<const Zone>, std::less<>> known_;
};

std::shared_ptr<const Zone> zone_named(std::string_view name) {
  static Zones& zones = *new Zones;  // never destroyed: other threads may still ask while the process ends
  return zones.find(name);
}

}  // namespace

std::optional<int64_t> zone_offset(std::string_view zone, int64_t seconds) {
  auto found = zone_named(zone);
  return found ? std::optional(found->offset(seconds)) : std::nullopt;
}

bool known_zone(std::string_view zone) { return zone_named(zone) != nullptr; }

std::vector<std::string> zone_names() {
  std::vector<std::string> out;
  std::istringstream lines(read_data("tzdata.zi").value_or(""));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string kind, first, second;
    words >> kind >> first >> second;
    if (kind == "Z") out.push_back(first);
    if (kind == "L") out.push_back(second);
  }
  std::ranges::sort(out);
  return out;
}

std::string zone_data_version() {
  constexpr std::string_view kBefore = "# version ";
  std::string text = read_data("tzdata.zi").value_or("");
  if (!text.starts_with(kBefore)) return "unknown";
  return text.substr(kBefore.size(), text.find('\n') - kBefore.size());
}

}  // namespace lictor
