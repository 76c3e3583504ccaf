// docs/faults: what bad requests get from the command. Each test is named by its row. None may ever be allowed.
#include <gmock/gmock.h>

#include "tests/cli/command.h"

namespace lictor::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr std::string_view kPolicy = R"(module m
entity User { level: int, note: string? from request }
entity Room
request R { user: User?, room: Room?, n: int?, small: int 1..4?, d: decimal?, t: time?, span: duration?, s: string?, flag: bool?, set: set<string>? }
decision yes(r: R) {
  default deny "never"
  allow always: "n is {r.n ?? 0}, d is {r.d ?? 0.0}, s is {r.s ?? \"none\"}".
}
decision when(r: R) {
  default deny "no time"
  allow time: "{t}" if some t = r.t.
  allow span: "{p}" if some p = r.span.
}
request Must { user: User, n: int }
decision must(r: Must) {
  default deny "never"
  allow always: "n is {r.n}" if r.user.level >= 0.
}
)";

class FaultsRequest : public CommandTest {
 protected:
  FaultsRequest() {
    write("m.lictor", kPolicy);
    write("facts.json", R"({"entities": {"User": {"ann": {"level": 1}}}})");
  }

  Ran eval(const std::string& decision, const std::string& request) {
    return lictor({"eval", "-b", "m.lictor", "-d", decision, "--facts", "facts.json", "-r", "-"}, {.input = request});
  }
  void expect_refused(const std::string& decision, const std::string& request, const std::string& what = "") {
    Ran ran = eval(decision, request);
    EXPECT_EQ(ran.code, 3) << request.substr(0, 200) << "\n" << ran.out << ran.err;
    EXPECT_EQ(ran.out, "") << request.substr(0, 200);
    EXPECT_THAT(ran.err, HasSubstr(what)) << request.substr(0, 200);
    EXPECT_LE(ran.err.size(), 4096u) << request.substr(0, 200);
  }
  void expect_reason(const std::string& decision, const std::string& request, const std::string& reason) {
    Ran ran = eval(decision, request);
    EXPECT_EQ(ran.code, 0) << request << ran.err;
    EXPECT_THAT(ran.out, HasSubstr(reason)) << request;
  }
};

TEST_F(FaultsRequest, R02_JsonThatIsNotJsonIsRefused) {
  const std::string cases[] = {
      "",
      " ",
      "null",
      "[]",
      "1",
      "\"x\"",
      "{",
      "}",
      "{\"n\": 1",
      "{\"n\": 1}}",
      "{\"n\": 1} {}",
      "{\"n\": 1} x",
      "{\"n\": 1,}",
      "{,}",
      "{n: 1}",
      "{'n': 1}",
      "{\"n\": 'x'}",
      "{\"n\": 1 // one\n}",
      "{\"n\": /* one */ 1}",
      "{\"n\": NaN}",
      "{\"n\": Infinity}",
      "{\"n\": -Infinity}",
      "{\"n\": +1}",
      "{\"n\": 01}",
      "{\"n\": 1.}",
      "{\"d\": .5}",
      "{\"n\": 0x10}",
      "{\"n\": 1, \"n\": 1}",
      "{\"n\": 1, \"n\": 2}",
      "{\"n\": 1, \"\\u006e\": 2}",
      "{\"s\": \"\xff\"}",
      "{\"s\": \"\xc0\xaf\"}",
      "{\"s\": \"\xed\xa0\x80\"}",
      "{\"s\": \"\\ud800\"}",
      "{\"s\": \"\\udc00\\ud800\"}",
      "{\"s\": \"\\x41\"}",
      "{\"s\": \"a\nb\"}",
      "{\"s\": \"unended",
      "\xef\xbb\xbf{\"n\": 1",
      std::string("{\"n\": 1}\0", 9),
      std::string("{\"s\": \"a\0b\"}", 12),
      "{\"set\": [\"a\",]}",
      "{\"user\": {\"id\": \"ann\", \"id\": \"bob\"}}",
  };
  for (const std::string& request : cases) expect_refused("yes", request);
  expect_reason("yes", "{\"s\": \"\\ud83d\\ude00\"}", "\xf0\x9f\x98\x80");
  expect_reason("yes", " \r\n\t{ } ", "n is 0");
}

TEST_F(FaultsRequest, R02_DeepNestingIsRefused) {
  for (size_t depth : {2'000u, 100'000u}) {
    expect_refused("yes", "{\"set\": " + std::string(depth, '[') + std::string(depth, ']') + "}");
    expect_refused("yes", std::string(depth, '{'));
    std::string objects;
    for (size_t i = 0; i < depth; ++i) objects += "{\"user\":";
    expect_refused("yes", objects);
  }
}

TEST_F(FaultsRequest, R02_ABodyOverTheLimitIsRefused) {
  expect_refused("yes", "{\"s\": \"" + std::string(2 << 20, 'x') + "\"}", "1048576");
}

TEST_F(FaultsRequest, R04_FieldsThatAreWrongAreNamedByTheirPath) {
  expect_refused("yes", R"({"unknown": 1})", "/unknown");
  expect_refused("must", R"({"n": 1})", "/user");
  expect_refused("must", R"({"user": "ann"})", "/n");
  expect_refused("must", R"({"user": "ann", "n": "1"})", "/n");
  expect_refused("yes", R"({"n": null})", "/n");
  expect_refused("must", R"({"user": null, "n": 1})", "/user");
  expect_refused("yes", R"({"n": true})", "/n");
  expect_refused("yes", R"({"flag": 1})", "/flag");
  expect_refused("yes", R"({"flag": "true"})", "/flag");
  expect_refused("yes", R"({"s": 1})", "/s");
  expect_refused("yes", R"({"set": "a"})", "/set");
  expect_refused("yes", R"({"set": ["a", 1]})", "/set/1");
  expect_refused("yes", R"({"small": 5})", "/small");
  expect_refused("yes", R"({"small": 0})", "/small");
  expect_refused("yes", R"({"room": ""})", "/room");
  expect_refused("yes", R"({"room": 7})", "/room");
  expect_refused("yes", R"({"room": ["a"]})", "/room");
  expect_refused("yes", R"({"room": {}})", "/room");
  expect_refused("must", R"({"user": "nobody", "n": 1})", "/user");
  expect_reason("yes", R"({"user": "nobody"})", "nobody");
}

TEST_F(FaultsRequest, R04_AttributesComeOnlyWhereTheyAreDeclaredToComeFromTheRequest) {
  expect_refused("must", R"({"user": {"id": "ann", "level": 9}, "n": 1})", "/user/level");
  expect_refused("must", R"({"user": {"id": "ann", "boss": true}, "n": 1})", "/user/boss");
  expect_refused("must", R"({"user": {"note": "x"}, "n": 1})", "/user");
  expect_reason("must", R"({"user": {"id": "ann", "note": "x"}, "n": 1})", "n is 1");
}

TEST_F(FaultsRequest, R05_IntegersAreExactOrRefused) {
  expect_reason("yes", R"({"n": 9007199254740993})", "n is 9007199254740993");
  expect_reason("yes", R"({"n": -9007199254740993})", "n is -9007199254740993");
  expect_reason("yes", R"({"n": 9223372036854775807})", "n is 9223372036854775807");
  expect_refused("yes", R"({"n": 9223372036854775808})", "/n");
  expect_refused("yes", R"({"n": -9223372036854775809})", "/n");
  expect_refused("yes", R"({"n": 18446744073709551616})", "/n");
  expect_refused("yes", R"({"n": 1.5})", "/n");
  expect_refused("yes", R"({"n": 1e400})");
  expect_refused("yes", "{\"n\": 1" + std::string(5000, '0') + "}");
  for (const char* number : {"1.0", "1e3", "-0"}) {
    Ran ran = eval("yes", std::string("{\"n\": ") + number + "}");
    std::string exact = number == std::string("1.0")   ? "n is 1,"
                        : number == std::string("1e3") ? "n is 1000,"
                                                       : "n is 0,";
    EXPECT_TRUE(ran.code == 3 || (ran.code == 0 && ran.out.find(exact) != std::string::npos))
        << number << ran.out << ran.err;
  }
}

TEST_F(FaultsRequest, R05_DecimalsAreExactOrRefused) {
  expect_reason("yes", R"({"d": 0.3})", "d is 0.3,");
  expect_reason("yes", R"({"d": 0.1234})", "d is 0.1234,");
  expect_reason("yes", R"({"d": 922337203685477.5807})", "d is 922337203685477.5807,");
  expect_refused("yes", R"({"d": 0.12345})", "/d");
  expect_refused("yes", R"({"d": 922337203685477.5808})", "/d");
  expect_refused("yes", R"({"d": "half"})", "/d");
}

TEST_F(FaultsRequest, R06_TimesThatAreNotExactAreRefused) {
  for (const char* time : {"2026-01-01",
                           "2026-01-01T00:00:00",
                           "2026-01-01 00:00:00",
                           "2026-01-01T00:00:00+24:00",
                           "2026-01-01T00:00:00+01",
                           "2023-02-29T00:00:00Z",
                           "2026-02-30T00:00:00Z",
                           "2026-13-01T00:00:00Z",
                           "2026-00-01T00:00:00Z",
                           "2026-01-00T00:00:00Z",
                           "2026-01-32T00:00:00Z",
                           "2026-01-01T24:00:00Z",
                           "2026-01-01T00:60:00Z",
                           "2026-01-01T00:00:61Z",
                           "2026-01-01T23:59:60Z",
                           "10000-01-01T00:00:00Z",
                           "26-01-01T00:00:00Z",
                           "2026-1-1T00:00:00Z",
                           "2026-01-01T00:00:00 Europe/Vienna",
                           "2026-01-01T00:00:00.1234567Z",
                           "2026-01-01T00:00:00.Z",
                           "2026-01-01T00:00:00Zx",
                           "",
                           "now",
                           "1767225600"}) {
    expect_refused("when", std::string("{\"t\": \"") + time + "\"}", "/t");
  }
  expect_refused("when", R"({"t": 1767225600})", "/t");
}

TEST_F(FaultsRequest, R06_TimesAreInstantsInUtc) {
  expect_reason("when", R"({"t": "2026-01-01T00:00:00Z"})", "2026-01-01T00:00:00Z");
  expect_reason("when", R"({"t": "2026-01-01T01:30:00+01:30"})", "2026-01-01T00:00:00Z");
  expect_reason("when", R"({"t": "2024-02-29T23:59:59.123456Z"})", "2024-02-29T23:59:59.123456Z");
  expect_reason("when", R"({"span": "90s"})", "90s");
  expect_refused("when", R"({"span": 90})", "/span");
  expect_refused("when", R"({"span": "90 parsecs"})", "/span");
}

TEST_F(FaultsRequest, R06_TheTimeOfADecisionIsCheckedToo) {
  Ran ran = lictor({"eval", "-b", "m.lictor", "-d", "yes", "-r", "-", "--at", "2023-02-29T00:00:00Z"}, {.input = "{}"});
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.err, HasSubstr("--at"));
}

TEST_F(FaultsRequest, ARequestThatCannotBeRead) {
  Ran ran = lictor({"eval", "-b", "m.lictor", "-d", "yes", "-r", "nowhere.json"});
  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("nowhere.json"), HasSubstr("cannot be read")));
}

}  // namespace
}  // namespace lictor::test
