// Addresses, patterns, digests, dates, clocks and zones: what is one, how it is shown, what it matches and contains.
#include <gtest/gtest.h>

#include <algorithm>

#include "compiler/calendar.h"
#include "compiler/checked_text.h"
#include "compiler/civil.h"
#include "compiler/ip_text.h"
#include "compiler/literals.h"
#include "compiler/pattern.h"
#include "compiler/zones.h"

namespace lictor {
namespace {

std::string ip(const std::string& text) {
  CheckedText checked = check_text(TypeKind::kIp, text);
  return checked.ok() ? checked.text : "no: " + checked.why.substr(0, 8);
}

TEST(Addresses, HaveOneForm) {
  EXPECT_EQ(ip("10.0.0.1"), "10.0.0.1");
  EXPECT_EQ(ip("10.0.0.1/32"), "10.0.0.1");
  EXPECT_EQ(ip("0.0.0.0/0"), "0.0.0.0/0");
  EXPECT_EQ(ip("2001:DB8:0:0:0:0:0:1"), "2001:db8::1");
  EXPECT_EQ(ip("2001:db8:0:1:1:1:1:1"), "2001:db8:0:1:1:1:1:1");
  EXPECT_EQ(ip("2001:0:0:1:0:0:0:1"), "2001:0:0:1::1");
  EXPECT_EQ(ip("2001:db8::1:0:0:1"), "2001:db8::1:0:0:1");  // the first of two equal runs
  EXPECT_EQ(ip("::"), "::");
  EXPECT_EQ(ip("::1"), "::1");
  EXPECT_EQ(ip("1::"), "1::");
  EXPECT_EQ(ip("::/0"), "::/0");
  EXPECT_EQ(ip("fe80:0::/10"), "fe80::/10");
  EXPECT_EQ(ip("::ffff:10.0.0.1"), "::ffff:10.0.0.1");
  EXPECT_EQ(ip("::ffff:a00:1"), "::ffff:10.0.0.1");
  EXPECT_EQ(ip("1:2:3:4:5:6:1.2.3.4"), "1:2:3:4:5:6:102:304");
  EXPECT_EQ(ip("2001:db8::1/128"), "2001:db8::1");
}

TEST(Addresses, NothingElseIsOne) {
  for (const char* text : {"",
                           "10.0.0",
                           "10.0.0.1.2",
                           "010.0.0.1",
                           "256.0.0.1",
                           "10.0.0.1/33",
                           "10.0.0.0/08",
                           "10.0.0.0/",
                           "10.0.0.0/-1",
                           " 10.0.0.1",
                           "10.0.0.1 ",
                           "1:2:3",
                           "1:2:3:4:5:6:7:8:9",
                           "1::2::3",
                           ":::",
                           ":1",
                           "1:",
                           "12345::",
                           "g::",
                           "::1%eth0",
                           "1.2.3.4::",
                           "::1.2.3",
                           "1:2:3:4:5:6:7::8:9",
                           "1:2:3:4:5:6:7:1.2.3.4",
                           "::/129"}) {
    EXPECT_EQ(ip(text), "no: write `1") << text;
  }
  EXPECT_EQ(ip("10.0.0.1/8"), "no: bits are");
  EXPECT_EQ(ip("2001:db8::1/64"), "no: bits are");
  EXPECT_EQ(check_text(TypeKind::kIp, "10.0.0.1/8").why,
            "bits are set behind the prefix: write the range `10.0.0.0/8`, or the address `10.0.0.1`");
}

TEST(Addresses, ContainAddressesAndRanges) {
  EXPECT_TRUE(ip_contains("10.0.0.0/8", "10.255.0.1"));
  EXPECT_TRUE(ip_contains("10.0.0.0/8", "10.128.0.0/9"));
  EXPECT_TRUE(ip_contains("10.0.0.0/8", "10.0.0.0/8"));
  EXPECT_TRUE(ip_contains("10.0.0.1", "10.0.0.1"));
  EXPECT_TRUE(ip_contains("::/0", "2001:db8::/32"));
  EXPECT_TRUE(ip_contains("10.128.0.0/9", "10.129.0.0"));
  EXPECT_FALSE(ip_contains("10.128.0.0/9", "10.127.255.255"));
  EXPECT_FALSE(ip_contains("10.0.0.0/8", "11.0.0.0"));
  EXPECT_FALSE(ip_contains("10.128.0.0/9", "10.0.0.0/8"));
  EXPECT_FALSE(ip_contains("::/0", "10.0.0.1"));
  EXPECT_FALSE(ip_contains("0.0.0.0/0", "::1"));
  EXPECT_FALSE(ip_contains("::ffff:0.0.0.0/96", "10.0.0.1"));
}

TEST(Addresses, AreOrderedByFamilyBytesAndLength) {
  const char* const ordered[] = {"0.0.0.0/0", "9.0.0.0", "10.0.0.0/8", "10.0.0.0",
                                 "10.0.0.1",  "::/0",    "::1",        "2001:db8::"};
  for (size_t i = 0; i < std::size(ordered); ++i) {
    for (size_t j = 0; j < std::size(ordered); ++j) {
      EXPECT_EQ(compare_ips(ordered[i], ordered[j]) < 0, i < j) << ordered[i] << " " << ordered[j];
    }
  }
}

TEST(Globs, MatchWholeTexts) {
  struct Case {
    const char *pattern, *text;
    bool matches;
  };
  for (auto [pattern, text, matches] : std::initializer_list<Case>{{"", "", true},
                                                                   {"", "a", false},
                                                                   {"*", "", true},
                                                                   {"*", "a/b", true},
                                                                   {"a*", "a", true},
                                                                   {"a*", "ba", false},
                                                                   {"*a", "ba", true},
                                                                   {"*a", "ab", false},
                                                                   {"a?c", "abc", true},
                                                                   {"a?c", "ac", false},
                                                                   {"?", "\xC3\xA9", true},
                                                                   {"??", "\xC3\xA9", false},
                                                                   {"*?", "", false},
                                                                   {"*ab*ab", "abab", true},
                                                                   {"*ab*ab", "ab", false},
                                                                   {"*aab", "aaaab", true},
                                                                   {"\\*", "*", true},
                                                                   {"\\*", "a", false},
                                                                   {"\\?b", "?b", true},
                                                                   {"\\\\", "\\", true},
                                                                   {"a\\bc", "abc", true},
                                                                   {"*.png", "x/y.png", true},
                                                                   {"*.png", "x.png2", false},
                                                                   {"**", "ab", true},
                                                                   {"a*b*c", "a-b-b-c", true}}) {
    EXPECT_EQ(glob_matches(pattern, text), matches) << pattern << " " << text;
  }
  EXPECT_TRUE(glob_mistake("a\\"));
  EXPECT_FALSE(glob_mistake("a\\\\"));
  EXPECT_TRUE(glob_mistake(std::string(1025, 'a')));
}

TEST(Globs, TakeTimeInProportion) {
  std::string text(20'000, 'a');
  EXPECT_FALSE(glob_matches("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", text));
}

TEST(Regexes, MatchParts) {
  EXPECT_TRUE(regex_matches("b+", "abc"));
  EXPECT_FALSE(regex_matches("^b+$", "abc"));
  EXPECT_TRUE(regex_matches("^\\d{3}$", "123"));
  EXPECT_TRUE(regex_matches("", ""));
  EXPECT_FALSE(regex_matches("(a*)*$b", std::string(20'000, 'a')));
  EXPECT_EQ(regex_mistake("a(b").value_or(""), "missing ): `a(b`");
  EXPECT_EQ(regex_mistake("((a{1000}){1000}){1000}").value_or("").substr(0, 7), "invalid");
  EXPECT_TRUE(regex_mistake("\\pL{1000}"));
  EXPECT_TRUE(regex_mistake(std::string(4097, 'a')));
  EXPECT_FALSE(regex_mistake("^[a-z]+$"));
}

TEST(Digests, HaveTheirDigits) {
  auto ok = [](const std::string& text) { return check_text(TypeKind::kDigest, text).ok(); };
  EXPECT_TRUE(ok("sha256:" + std::string(64, 'a')));
  EXPECT_TRUE(ok("sha512:" + std::string(128, '0')));
  EXPECT_FALSE(ok("sha256:" + std::string(64, 'A')));
  EXPECT_FALSE(ok("sha256:" + std::string(63, 'a')));
  EXPECT_FALSE(ok("md5:" + std::string(32, 'a')));
  EXPECT_FALSE(ok("sha256"));
  EXPECT_FALSE(ok(""));
}

TEST(Patterns, AreShownAsTheyAreWritten) {
  EXPECT_EQ(quote_pattern(R"(a\d{3}")"), R"("a\d{3}\"")");
  EXPECT_EQ(quote_pattern(R"(a\")"), R"("a\"")");
  EXPECT_EQ(quote_pattern(R"(\\)"), R"("\\")");
}

TEST(Clocks, AreReadAndShown) {
  auto shown = [](const char* text) {
    auto word = parse_clock(text);
    return word ? show_clock(*word) : "none";
  };
  EXPECT_EQ(shown("00:00"), "00:00");
  EXPECT_EQ(shown("09:05:00"), "09:05");
  EXPECT_EQ(shown("23:59:59.999999"), "23:59:59.999999");
  EXPECT_EQ(shown("12:00:30.50"), "12:00:30.5");
  for (const char* text :
       {"24:00", "9:00", "09:60", "09:00:60", "09", "09:00:", "09:00:00.", "09:00:00.1234567", "", "09:00Z"})
    EXPECT_EQ(shown(text), "none") << text;
}

TEST(Dates, AreReadAndShown) {
  for (const char* text : {"0001-01-01", "1969-12-31", "1970-01-01", "2024-02-29", "9999-12-31"}) {
    ASSERT_TRUE(parse_date(text)) << text;
    EXPECT_EQ(show_date(*parse_date(text)), text);
  }
  EXPECT_EQ(*parse_date("1970-01-02"), kDay);
  for (const char* text : {"0000-01-01", "2023-02-29", "2026-13-01", "2026-1-1", "2026-01-01T00:00:00Z", ""})
    EXPECT_FALSE(parse_date(text)) << text;
}

std::string local(const char* zone, const char* time) {
  auto field = [&](CivilField which) { return civil_field(which, *parse_time(time), zone); };
  if (!field(CivilField::kDate).ok())
    return field(CivilField::kDate).error == EvalErrorKind::kZone ? "no zone" : "overflow";
  constexpr const char* kDays[] = {"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"};
  return std::string(kDays[field(CivilField::kWeekday).value]) + " " + show_date(field(CivilField::kDate).value) + " " +
         show_clock(field(CivilField::kClock).value);
}

TEST(Zones, SayWhatClocksShow) {
  EXPECT_EQ(local("Europe/Vienna", "2026-01-01T00:00:00Z"), "Th 2026-01-01 01:00");
  EXPECT_EQ(local("Europe/Vienna", "2026-03-29T00:59:59.5Z"), "Su 2026-03-29 01:59:59.5");
  EXPECT_EQ(local("Europe/Vienna", "2026-03-29T01:00:00Z"), "Su 2026-03-29 03:00");
  EXPECT_EQ(local("Europe/Vienna", "2026-10-25T00:59:59Z"), "Su 2026-10-25 02:59:59");
  EXPECT_EQ(local("Europe/Vienna", "2026-10-25T01:00:00Z"), "Su 2026-10-25 02:00");
  EXPECT_EQ(local("America/New_York", "2026-07-04T03:00:00Z"), "Fr 2026-07-03 23:00");
  EXPECT_EQ(local("Asia/Kathmandu", "2026-01-01T00:00:00Z"), "Th 2026-01-01 05:45");
  EXPECT_EQ(local("Etc/UTC", "1969-12-31T23:59:59Z"), "We 1969-12-31 23:59:59");
  EXPECT_EQ(local("Pacific/Kiritimati", "2026-01-31T12:00:00Z"), "Su 2026-02-01 02:00");
}

// What no zone file lists one by one: its rule for later years.
TEST(Zones, KeepSummerTimeInLaterYears) {
  EXPECT_EQ(local("Europe/Vienna", "2100-07-01T00:00:00Z"), "Th 2100-07-01 02:00");
  EXPECT_EQ(local("Europe/Vienna", "2100-01-01T00:00:00Z"), "Fr 2100-01-01 01:00");
  EXPECT_EQ(local("Europe/Vienna", "2100-03-28T00:59:59Z"), "Su 2100-03-28 01:59:59");
  EXPECT_EQ(local("Europe/Vienna", "2100-03-28T01:00:00Z"), "Su 2100-03-28 03:00");
  EXPECT_EQ(local("Europe/Vienna", "2100-10-31T01:00:00Z"), "Su 2100-10-31 02:00");
  EXPECT_EQ(local("Australia/Sydney", "2100-01-01T00:00:00Z"), "Fr 2100-01-01 11:00");
  EXPECT_EQ(local("Australia/Sydney", "2100-07-01T00:00:00Z"), "Th 2100-07-01 10:00");
  EXPECT_EQ(local("America/New_York", "2100-12-31T23:59:59Z"), "Fr 2100-12-31 18:59:59");
  EXPECT_EQ(local("Asia/Kolkata", "2100-01-01T00:00:00Z"), "Fr 2100-01-01 05:30");
}

TEST(Zones, UnknownOnesAreSaid) {
  for (const char* zone : {"", "Europe/Wien", "../zoneinfo/Etc/UTC", "/etc/localtime", "posix/Etc/UTC", "right/Etc/UTC",
                           "tzdata.zi", "Europe", "Europe/", "localtime", "Etc/UTC\n"}) {
    EXPECT_EQ(local(zone, "2026-01-01T00:00:00Z"), "no zone") << zone;
  }
  EXPECT_EQ(local("Etc/GMT+1", "0001-01-01T00:00:00Z"), "overflow");
  EXPECT_EQ(local("Etc/GMT-1", "9999-12-31T23:59:59Z"), "overflow");
}

TEST(Zones, AreListed) {
  auto names = zone_names();
  ASSERT_FALSE(names.empty());
  EXPECT_TRUE(std::ranges::is_sorted(names));
  for (const std::string& name : names) EXPECT_TRUE(known_zone(name)) << name;
  EXPECT_GT(names.size(), 300u);
  EXPECT_EQ(zone_data_version().substr(0, 2), "20");
}

}  // namespace
}  // namespace lictor
