// docs/faults.md, R2, R5 and R6 at their figures: shapes of JSON, numbers and times, bound in the process, so that hundreds
// of them take no time. What the command makes of them is in tests/cli/faults_request_test.cc.
#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <set>

#include "lictor/lictor.h"
#include "tests/faults.h"

namespace lictor {
namespace {

constexpr const char* kPolicy = R"(module m
entity User
request R {
  n: int?, d: decimal?, s: string?, flag: bool?, user: User?, list: list<int>?, set: set<string>?,
  map: map<string, int>?, t: time?, span: duration?
}
decision yes(r: R) {
  default deny "never"
  allow always: "{r.n ?? 0}|{r.d ?? 0.0}|{r.s ?? \"-\"}|{r.flag ?? false}".
}
decision when(r: R) {
  default deny "no time"
  allow time: "{t}" if some t = r.t.
}
)";

class FaultsRequest : public ::testing::Test {
 protected:
  static Policy load() {
    auto policy = Policy::from_text(kPolicy, {.engine = Options::Engine::kInterpreter});
    EXPECT_TRUE(policy) << to_text(policy.error());
    return std::move(*policy);
  }
  /// What the decision's reason says, or nothing where the request is refused.
  std::optional<std::string> reason(const DecisionPoint& decision, const std::string& json) {
    auto request = decision.bind(json);
    if (!request) {
      EXPECT_EQ(request.error().kind, ErrorKind::kInvalid) << json.substr(0, 100);
      EXPECT_FALSE(request.error().diagnostics.empty()) << json.substr(0, 100);
      EXPECT_LE(to_text(request.error()).size(), 2048u) << json.substr(0, 100);
      return std::nullopt;
    }
    return decision.evaluate(*request).reason();
  }
  Policy policy_ = load();
  DecisionPoint yes_ = policy_.decision("yes").value(), when_ = policy_.decision("when").value();
};

std::string repeated(const std::string& text, size_t times) {
  std::string out;
  for (size_t i = 0; i < times; ++i) out += text;
  return out;
}

// ---- R2 -------------------------------------------------------------------------------------------------------------

struct Accepted {
  std::string json, reason;
};

std::vector<Accepted> good_shapes() {
  const std::string none = "0|0|-|false";
  std::vector<Accepted> out = {
      {"{}", none},
      {" {} ", none},
      {"\t\r\n{\t\r\n}\t\r\n", none},
      {R"({"n":1})", "1|0|-|false"},
      {R"({ "n" : 1 })", "1|0|-|false"},
      {"{\"n\"\n:\n1\n}", "1|0|-|false"},
      {R"({"n":0})", none},
      {R"({"n":-1})", "-1|0|-|false"},
      {R"({"n":9223372036854775807})", "9223372036854775807|0|-|false"},
      {R"({"n":-9223372036854775807})", "-9223372036854775807|0|-|false"},
      {R"({"d":0.5})", "0|0.5|-|false"},
      {R"({"d":-0.5})", "0|-0.5|-|false"},
      {R"({"d":1})", "0|1|-|false"},
      {R"({"d":"0.5"})", "0|0.5|-|false"},
      {R"({"flag":true})", "0|0|-|true"},
      {R"({"flag":false})", none},
      {R"({"\u006e":7})", "7|0|-|false"},
      {R"({"list":[]})", none},
      {R"({"list":[1,2,3]})", none},
      {R"({"list":[ 1 , 2 ]})", none},
      {R"({"set":["a","b","a"]})", none},
      {R"({"map":{}})", none},
      {R"({"map":{"a":1,"b":2}})", none},
      {R"({"map":{"":1}})", none},
      {R"({"s":""})", "0|0||false"},
  };
  const std::pair<const char*, const char*> strings[] = {
      {R"(a)", "a"},
      {R"(\")", "\""},
      {R"(\\)", "\\"},
      {R"(\/)", "/"},
      {R"(\b\f\n\r\t)", "\b\f\n\r\t"},
      {R"(\u0041)", "A"},
      {R"(\u00e9)", "\xc3\xa9"},
      {R"(\u00E9)", "\xc3\xa9"},
      {R"(\u20ac)", "\xe2\x82\xac"},
      {R"(\ud83d\ude00)", "\xf0\x9f\x98\x80"},
      {R"(\uD83D\uDE00)", "\xf0\x9f\x98\x80"},
      {R"(\udbff\udfff)", "\xf4\x8f\xbf\xbf"},
      {R"(\ufffd)", "\xef\xbf\xbd"},
      {"\xc3\xa9", "\xc3\xa9"},
      {"\xe2\x82\xac", "\xe2\x82\xac"},
      {"\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"},
      {"\x7f", "\x7f"},
      {R"(// no comment)", "// no comment"},
      {R"(/* none */)", "/* none */"},
      {R"([{"no": "array"}])", nullptr},
      {R"(' single ')", "' single '"},
      {R"(\\u0041)", "\\u0041"},
      {R"(\\\")", "\\\""},
      {R"(NaN)", "NaN"},
      {R"(\u2028\u2029)", "\xe2\x80\xa8\xe2\x80\xa9"},
  };
  for (auto [json, text] : strings) {
    if (text != nullptr)
      out.push_back({"{\"s\":\"" + std::string(json) + "\"}", "0|0|" + std::string(text) + "|false"});
  }
  out.push_back({"{\"s\":\"\\u0000\"}", std::string("0|0|\0|false", 11)});
  return out;
}

std::vector<std::string> bad_shapes() {
  std::vector<std::string> out = {
      // no object
      "",
      " ",
      "\n",
      "null",
      "true",
      "1",
      "-",
      "\"s\"",
      "[]",
      "[{}]",
      "[1,2]",
      "nul",
      "undefined",
      "NaN",
      "{}{}",
      "{} {}",
      "{},",
      "{}]",
      "{}}",
      "{} x",
      "{}//",
      "{}#",
      ",{}",
      "]{}",
      "\xef\xbb\xbf{}",
      "\xff\xfe{\0}\0",
      "{}\x01",
      std::string("{}\0", 3),
      std::string("\0{}", 3),
      // structure
      "{",
      "}",
      "{\"",
      "{\"n",
      "{\"n\"",
      "{\"n\":",
      "{\"n\":1",
      "{\"n\":1,",
      "{\"n\":1,}",
      "{,\"n\":1}",
      "{\"n\"}",
      "{\"n\",1}",
      "{\"n\":}",
      "{\"n\"::1}",
      "{\"n\":1:2}",
      "{\"n\":1,,\"d\":1}",
      "{\"n\" 1}",
      "{\"n\"=1}",
      "{n:1}",
      "{'n':1}",
      "{1:1}",
      "{null:1}",
      "{\"n\":1;\"d\":1}",
      "{\"n\":1 \"d\":1}",
      "{\"n\":(1)}",
      "{[]}",
      "{{}}",
      "{\"list\":[1,]}",
      "{\"list\":[,1]}",
      "{\"list\":[1 2]}",
      "{\"list\":[1,,2]}",
      "{\"list\":[1}",
      "{\"list\":[1]]}",
      "{\"list\":[1:2]}",
      "{\"list\":[}",
      "{\"list\":]}",
      "{\"map\":{\"a\"}}",
      "{\"map\":{\"a\":1,}}",
      "{\"map\":{a:1}}",
      "{\"map\":{\"a\":1}",
      "{\"list\":[\"a\":1]}",
      // names that come twice, however they are written
      R"({"n":1,"n":1})",
      R"({"n":1,"n":2})",
      R"({"n":1,"\u006e":2})",
      R"({"\u006e":1,"\u006E":2})",
      R"({"s":"a","n":1,"s":"b"})",
      R"({"map":{"a":1,"a":2}})",
      R"({"map":{"a":1,"\u0061":2}})",
      R"({"user":{"id":"a","id":"b"}})",
      // comments
      "{\"n\":1//\n}",
      "{\"n\":1/**/}",
      "{/**/}",
      "//\n{}",
      "/**/{}",
      "{\"n\":1}//",
      "{#\n}",
      "{}/**/",
      // numbers
      "{\"n\":01}",
      "{\"n\":-01}",
      "{\"n\":00}",
      "{\"n\":+1}",
      "{\"n\":--1}",
      "{\"n\":-}",
      "{\"n\":- 1}",
      "{\"n\":1.}",
      "{\"n\":.5}",
      "{\"n\":-.5}",
      "{\"n\":1e}",
      "{\"n\":1e+}",
      "{\"n\":1E-}",
      "{\"n\":1e1.5}",
      "{\"n\":0x1}",
      "{\"n\":0b1}",
      "{\"n\":1_000}",
      "{\"n\":1,000}",
      "{\"n\":1 000}",
      "{\"n\":1a}",
      "{\"n\":NaN}",
      "{\"n\":nan}",
      "{\"n\":Infinity}",
      "{\"n\":-Infinity}",
      "{\"n\":inf}",
      "{\"d\":.5}",
      "{\"d\":5.}",
      "{\"d\":1e400}",
      "{\"d\":0.00001}",
      "{\"d\":NaN}",
      "{\"n\":\xef\xbc\x91}",
      // words
      "{\"flag\":True}",
      "{\"flag\":TRUE}",
      "{\"flag\":tru}",
      "{\"flag\":truee}",
      "{\"flag\":fals}",
      "{\"flag\":yes}",
      "{\"flag\":nul}",
      "{\"flag\":null}",
      "{\"flag\":nulll}",
      "{\"flag\":\"true\"}",
      "{\"flag\":0}",
      // strings
      "{\"s\":'a'}",
      "{\"s\":`a`}",
      "{\"s\":a}",
      "{\"s\":\"a}",
      "{\"s\":a\"}",
      "{\"s\":\"a\"b\"}",
      "{\"s\":\"\\\"}",
      "{\"s\":\"\\x41\"}",
      "{\"s\":\"\\a\"}",
      "{\"s\":\"\\0\"}",
      "{\"s\":\"\\'\"}",
      "{\"s\":\"\\U0041\"}",
      "{\"s\":\"\\u\"}",
      "{\"s\":\"\\u004\"}",
      "{\"s\":\"\\u00g1\"}",
      "{\"s\":\"\\u 041\"}",
      "{\"s\":\"\\u{41}\"}",
      "{\"s\":\"\\ud800\"}",
      "{\"s\":\"\\udfff\"}",
      "{\"s\":\"\\ud800\\ud800\"}",
      "{\"s\":\"\\udc00\\ud800\"}",
      "{\"s\":\"\\ud800x\"}",
      "{\"s\":\"\\ud800\\n\"}",
      "{\"s\":\"\\ud83d\\u0041\"}",
      "{\"s\":\"a\nb\"}",
      "{\"s\":\"a\tb\"}",
      "{\"s\":\"\x1f\"}",
      std::string("{\"s\":\"\0\"}", 9),
      // bytes that are no UTF-8
      "{\"s\":\"\x80\"}",
      "{\"s\":\"\xbf\"}",
      "{\"s\":\"\xc0\x80\"}",
      "{\"s\":\"\xc0\xaf\"}",
      "{\"s\":\"\xc1\xbf\"}",
      "{\"s\":\"\xc3\"}",
      "{\"s\":\"\xe0\x80\x80\"}",
      "{\"s\":\"\xe0\x9f\xbf\"}",
      "{\"s\":\"\xed\xa0\x80\"}",
      "{\"s\":\"\xed\xbf\xbf\"}",
      "{\"s\":\"\xe2\x82\"}",
      "{\"s\":\"\xf0\x80\x80\x80\"}",
      "{\"s\":\"\xf4\x90\x80\x80\"}",
      "{\"s\":\"\xf5\x80\x80\x80\"}",
      "{\"s\":\"\xfe\"}",
      "{\"s\":\"\xff\"}",
      "{\"\xff\":1}",
      "{\"n\":1\xff}",
      "{\"n\xc3\":1}",
  };
  for (const char* blank : {"\v", "\f", "\xc2\xa0", "\xe2\x80\x8b", "\xe2\x80\xa8"})
    out.push_back("{" + std::string(blank) + "}");
  for (size_t depth : {65u, 1'000u, 100'000u}) {
    out.push_back("{\"list\":" + repeated("[", depth) + repeated("]", depth) + "}");
    out.push_back("{\"map\":" + repeated("{\"a\":", depth) + "1" + repeated("}", depth) + "}");
    out.push_back(repeated("[", depth));
    out.push_back(repeated("{\"n\":", depth));
  }
  return out;
}

TEST_F(FaultsRequest, R02_WhatIsJsonIsReadAndWhatIsNotIsRefused) {
  std::vector<Accepted> good = good_shapes();
  std::vector<std::string> bad = bad_shapes();
  for (const Accepted& one : good) EXPECT_EQ(reason(yes_, one.json), one.reason) << one.json;
  for (const std::string& one : bad) {
    auto request = yes_.bind(one);
    EXPECT_FALSE(request) << "accepted: " << one.substr(0, 200);
    (void)reason(yes_, one);
  }
  std::printf("R2: %zu accepted, %zu refused\n", good.size(), bad.size());
  EXPECT_GT(good.size() + bad.size(), 200u);
  EXPECT_EQ(reason(yes_, R"({"n": 5})"), "5|0|-|false") << "the next good request works";
}

// Every good shape, cut at every byte, is refused: no prefix of an object is an object.
TEST_F(FaultsRequest, R02_NoPrefixIsAccepted) {
  for (const Accepted& one : good_shapes()) {
    size_t end = one.json.find_last_of('}');
    for (size_t cut = 0; cut <= end; ++cut) EXPECT_FALSE(yes_.bind(one.json.substr(0, cut))) << one.json.substr(0, cut);
  }
}

// ---- R5 -------------------------------------------------------------------------------------------------------------

/// The exact text of an int, so that any rounding on the way is seen.
TEST_F(FaultsRequest, R05_IntegersRoundTripOrAreRefused) {
  std::mt19937_64 random(testing::fault_seed("R5", 5));
  std::vector<std::string> words;
  for (int bit = 0; bit < 63; ++bit) {
    for (int64_t around : {-1, 0, 1}) words.push_back(std::to_string((int64_t{1} << bit) + around));
  }
  for (uint64_t i = 0; i < testing::fault_rounds(2'000, 1'000'000); ++i) {
    auto word = static_cast<int64_t>(random() >> random() % 64);
    if (word != INT64_MIN) words.push_back(std::to_string(random() % 2 == 0 ? word : -word));
  }
  for (const std::string& word : words) {
    ASSERT_EQ(reason(yes_, "{\"n\":" + word + "}"), word + "|0|-|false");
  }
  for (const std::string& word :
       {std::string("9223372036854775808"), std::string("-9223372036854775809"), std::string("9223372036854775807.0"),
        std::string("1.0"), std::string("1e3"), std::string("1E0"), std::string("0.5"),
        std::string("18446744073709551615"), std::string("18446744073709551616"), std::string("1e18"),
        std::string("1e19"), "1" + std::string(5000, '0'), "0." + std::string(5000, '0')}) {
    EXPECT_FALSE(yes_.bind("{\"n\":" + word + "}")) << word.substr(0, 40);
  }
}

TEST_F(FaultsRequest, R05_DecimalsRoundTripOrAreRefused) {
  std::mt19937_64 random(testing::fault_seed("R5 decimals", 55));
  for (uint64_t i = 0; i < testing::fault_rounds(2'000, 1'000'000); ++i) {
    uint64_t whole = (random() >> (14 + random() % 50)) % 922'337'203'685'477u;
    std::string places = std::to_string(10'000 + random() % 10'000).substr(1);
    std::string given = std::to_string(whole) + "." + places, shown = given;
    shown.erase(shown.find_last_not_of('0') + 1);
    if (shown.ends_with('.')) shown.pop_back();
    if (random() % 2 == 0 && shown != "0") given.insert(0, "-"), shown.insert(0, "-");
    ASSERT_EQ(reason(yes_, "{\"d\":" + given + "}"), "0|" + shown + "|-|false");
    ASSERT_FALSE(yes_.bind("{\"d\":" + given + "5}")) << "a fifth place";
  }
}

// ---- R6 -------------------------------------------------------------------------------------------------------------

/// A date made by counting: the days since 1970 of each first of a month, year by year. No closed formula is used.
class Calendar {
 public:
  static bool leap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }
  static int days_in(int year, int month) {
    static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return kDays[month - 1] + (month == 2 && leap(year) ? 1 : 0);
  }
  static int64_t days_since_1970(int year, int month, int day) {
    int64_t days = day - 1;
    for (int m = 1; m < month; ++m) days += days_in(year, m);
    for (int y = 1970; y < year; ++y) days += leap(y) ? 366 : 365;
    for (int y = year; y < 1970; ++y) days -= leap(y) ? 366 : 365;
    return days;
  }
  /// The same instant in UTC, found by walking; nothing where it leaves the years 1 to 9999.
  static std::optional<std::string> utc(int64_t seconds, const std::string& fraction) {
    int64_t days = seconds / 86'400 - (seconds % 86'400 < 0 ? 1 : 0), rest = seconds - days * 86'400;
    int year = 1970, month = 1;
    while (days < 0) days += leap(--year) ? 366 : 365;
    while (days >= (leap(year) ? 366 : 365)) days -= leap(year++) ? 366 : 365;
    while (days >= days_in(year, month)) days -= days_in(year, month++);
    if (year < 1 || year > 9999) return std::nullopt;
    char text[40];
    std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d", year, month, static_cast<int>(days) + 1,
                  static_cast<int>(rest / 3600), static_cast<int>(rest / 60 % 60), static_cast<int>(rest % 60));
    std::string places = fraction;
    while (places.ends_with('0')) places.pop_back();
    return std::string(text) + (places.empty() ? "" : "." + places) + "Z";
  }
};

struct Moment {
  int year, month, day, hour, minute, second;
  std::string fraction;                  // digits, without the point
  int sign, offset_hour, offset_minute;  // sign 0: Z

  std::string text() const {
    char out[60];
    std::snprintf(out, sizeof out, "%04d-%02d-%02dT%02d:%02d:%02d", year, month, day, hour, minute, second);
    std::string all = std::string(out) + (fraction.empty() ? "" : "." + fraction);
    if (sign == 0) return all + "Z";
    std::snprintf(out, sizeof out, "%c%02d:%02d", sign < 0 ? '-' : '+', offset_hour, offset_minute);
    return all + out;
  }
  /// By the rule of docs/language.md: years 1 to 9999 (in UTC too), real days, no leap seconds, microseconds at most.
  std::optional<std::string> wanted() const {
    bool good = year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 &&
                day <= Calendar::days_in(year, month) && hour <= 23 && minute <= 59 && second <= 59 &&
                fraction.size() <= 6 && offset_hour <= 23 && offset_minute <= 59;
    if (!good) return std::nullopt;
    int64_t seconds = Calendar::days_since_1970(year, month, day) * 86'400 + hour * 3600 + minute * 60 + second -
                      sign * (offset_hour * 3600 + offset_minute * 60);
    return Calendar::utc(seconds, fraction);
  }
};

template <class T>
T any(std::mt19937_64& random, std::initializer_list<T> values) {
  return values.begin()[random() % values.size()];
}

Moment moment(std::mt19937_64& random) {
  auto mostly = [&](int likely, std::initializer_list<int> edges) {
    return random() % 3 == 0 ? any(random, edges) : likely;
  };
  auto below = [&](int limit) { return static_cast<int>(random() % static_cast<unsigned>(limit)); };
  Moment out{mostly(1 + below(9999), {0, 1, 4, 100, 400, 1600, 1900, 1969, 1970, 1972, 2000, 2023, 2024, 2100, 9999}),
             mostly(1 + below(12), {0, 1, 2, 12, 13, 99}),
             mostly(1 + below(28), {0, 1, 28, 29, 30, 31, 32, 99}),
             mostly(below(24), {0, 23, 24, 99}),
             mostly(below(60), {0, 59, 60, 99}),
             mostly(below(60), {0, 59, 60, 61, 99}),
             any<std::string>(random, {"", "", "0", "5", "123", "123456", "999999", "000001", "1234567", "0000000"}),
             any(random, {0, 0, 1, -1}),
             0,
             0};
  if (out.sign != 0) {
    out.offset_hour = mostly(below(15), {0, 14, 23, 24});
    out.offset_minute = mostly(0, {0, 30, 45, 59, 60});
  }
  return out;
}

TEST_F(FaultsRequest, R06_TimesAreTheInstantsOfATableMadeByCounting) {
  std::mt19937_64 random(testing::fault_seed("R6", 6));
  std::vector<Moment> table = {
      {1, 1, 1, 0, 0, 0, "", 0, 0, 0},          {1, 1, 1, 0, 0, 0, "", 1, 0, 1},  // the year 0, in UTC
      {1, 1, 1, 23, 58, 59, "", 1, 23, 59},     {9999, 12, 31, 23, 59, 59, "999999", 0, 0, 0},
      {9999, 12, 31, 23, 59, 59, "", -1, 0, 1},  // the year 10000, in UTC
      {9999, 12, 31, 0, 0, 0, "", -1, 23, 59},  {2023, 2, 29, 0, 0, 0, "", 0, 0, 0},
      {2024, 2, 29, 0, 0, 0, "", 0, 0, 0},      {1900, 2, 29, 0, 0, 0, "", 0, 0, 0},
      {2000, 2, 29, 0, 0, 0, "", 0, 0, 0},      {2016, 12, 31, 23, 59, 60, "", 0, 0, 0},
      {2024, 3, 31, 2, 30, 0, "", 1, 1, 0},     {1969, 12, 31, 23, 59, 59, "5", 0, 0, 0},
      {2024, 1, 1, 0, 0, 0, "", 1, 24, 0},      {1970, 1, 1, 0, 0, 0, "", -1, 0, 0},
  };
  const uint64_t count = testing::fault_rounds(1'500, 200'000);
  while (table.size() < count) table.push_back(moment(random));
  size_t accepted = 0;
  for (const Moment& one : table) {
    std::optional<std::string> wanted = one.wanted();
    ASSERT_EQ(reason(when_, "{\"t\":\"" + one.text() + "\"}"), wanted) << one.text();
    accepted += wanted ? 1 : 0;
    if (wanted) {
      ASSERT_EQ(reason(when_, "{\"t\":\"" + *wanted + "\"}"), wanted) << "what is shown is read again";
    }
  }
  std::printf("R6: %zu times, %zu accepted\n", table.size(), accepted);
  EXPECT_GT(accepted, table.size() / 20);
  EXPECT_LT(accepted, table.size() * 19 / 20);
}

TEST_F(FaultsRequest, R06_TimesThatAreWrittenOtherwiseAreRefused) {
  std::mt19937_64 random(testing::fault_seed("R6 spelling", 66));
  const std::string good = "2024-02-29T23:59:58.123456+01:30";
  ASSERT_EQ(reason(when_, "{\"t\":\"" + good + "\"}"), "2024-02-29T22:29:58.123456Z");
  std::set<std::string> tried;
  for (size_t at = 0; at <= good.size(); ++at) {
    if (at < good.size()) tried.insert(std::string(good).erase(at, 1));
    for (char c : std::string_view(" xTZ:-+.,tz_/")) {
      tried.insert(std::string(good).insert(at, 1, c));
      if (at < good.size() && good[at] != c) tried.insert(std::string(good).replace(at, 1, 1, c));
    }
  }
  // these are other good times, made by the same changes
  for (const char* other :
       {"2024-02-29T23:59:58.123456-01:30", "2024-02-29T23:59:58.12345+01:30", "2024-02-29T23:59:58.23456+01:30",
        "2024-02-29T23:59:58.13456+01:30", "2024-02-29T23:59:58.12456+01:30", "2024-02-29T23:59:58.12356+01:30",
        "2024-02-29T23:59:58.12346+01:30"}) {
    EXPECT_EQ(tried.erase(other), 1u) << other;
  }
  for (const char* extra :
       {"", "now", "1709251198", "20240229T235958Z", "2024-060T00:00:00Z", "2024-W09-4T00:00:00Z",
        "2024-02-29T23:59:58 Europe/Vienna", "2024-02-29T23:59:58[Europe/Vienna]", "+2024-02-29T00:00:00Z",
        "-001-01-01T00:00:00Z", "10000-01-01T00:00:00Z", "2024-02-29", "23:59:58Z"}) {
    tried.insert(extra);
  }
  for (const std::string& text : tried) EXPECT_EQ(reason(when_, "{\"t\":\"" + text + "\"}"), std::nullopt) << text;
  EXPECT_GT(tried.size(), 200u);
}

}  // namespace
}  // namespace lictor
