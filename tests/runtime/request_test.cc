// Requests in JSON: what must be refused, with its path, and what must be read exactly.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/runtime/policy.h"

namespace lictor {
namespace {

using testing::engine_of;
using testing::lines;

constexpr const char* kPolicy = R"(module t
enum Color { red, light_blue as "light-blue" }
entity Role {}
entity User in Role { level: int 0..9 }
entity Box { image: string from request, size: int = 3 }
request Act {
  user: User?, owner: Role, amount: int, rate: decimal, when: time, wait: duration?, color: Color = red,
  tags: set<string>?, limits: map<string, int>?, box: Box?, rows: list<int>?, on: bool = true, small: int 1..4 = 1
}
decision d(r: Act) {
  default deny "no"
  allow exact: "{r.amount} {r.rate} {r.when} {r.color}" if r.on.
  override allow boxed: "{b.image} {b.size}" if some b = r.box.
}
)";
constexpr const char* kFacts = R"({"entities": {"User": {"u1": {"level": 3}}, "Role": {"boss": {}}}})";

std::string with(const std::string& more) {
  return R"({"owner": "boss", "amount": 1, "rate": 0.5, "when": "2026-01-01T00:00:00Z")" + more + "}";
}

class Requests : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { engine_ = new std::shared_ptr<Engine>(engine_of(kPolicy, kFacts)); }
  static void TearDownTestSuite() { delete engine_; }
  std::string answer(const std::string& json) {
    auto request = BoundRequest::from_json(**engine_, 0, json);
    if (!request) return lines(request.error());
    return (*engine_)->evaluate(*request, 0).winner.reason;
  }
  static std::shared_ptr<Engine>* engine_;
};
std::shared_ptr<Engine>* Requests::engine_ = nullptr;

TEST_F(Requests, AreReadExactly) {
  EXPECT_EQ(answer(with("")), "1 0.5 2026-01-01T00:00:00Z red");
  auto amount = [&](const std::string& text) {
    return answer(R"({"owner": "x", "amount": )" + text +
                  R"(, "rate": "12.3400", "when": "2026-01-01T01:30:00.25+01:30"})");
  };
  EXPECT_EQ(amount("9007199254740993"), "9007199254740993 12.34 2026-01-01T00:00:00.25Z red");
  EXPECT_EQ(amount("-9223372036854775808"), "-9223372036854775808 12.34 2026-01-01T00:00:00.25Z red");
  EXPECT_EQ(amount("-0"), "0 12.34 2026-01-01T00:00:00.25Z red");
  EXPECT_EQ(
      answer(with(R"(, "color": "light-blue", "tags": ["a", "b", "a"], "limits": {"x": 1, "y": 2}, "rows": []  )")),
      "1 0.5 2026-01-01T00:00:00Z light_blue");
}

TEST_F(Requests, BringOnlyTheAttributesThatTheyMay) {
  EXPECT_EQ(answer(with(R"(, "box": {"id": "b1", "image": "alpine"})")), "alpine 3");
  EXPECT_EQ(answer(with(R"(, "box": {"image": "alpine", "id": "b1", "size": 4})")),
            "E0709 `/box/size`: the attribute `size` of `Box` may not come with a request\n");
  EXPECT_EQ(answer(with(R"(, "user": {"id": "u1", "level": 9})")),
            "E0709 `/user/level`: the attribute `level` of `User` may not come with a request\n");
  EXPECT_EQ(answer(with(R"(, "box": {"image": "alpine"})")), "E0705 `/box`: `id` is missing\n");
}

TEST_F(Requests, AnUnknownInstanceIsNoneWithANote) {
  auto request = BoundRequest::from_json(**engine_, 0, with(R"(, "user": "u9")"));
  ASSERT_TRUE(request) << lines(request.error());
  ASSERT_EQ(request->notes().size(), 1u);
  EXPECT_EQ(request->notes()[0], "user `u9` is unknown; the field is none");
  EXPECT_EQ(answer(with(R"(, "box": "b9")")), "1 0.5 2026-01-01T00:00:00Z red");
}

struct Refused {
  const char* what;
  const char* json;  // appended to the good request, or whole where it begins with an exclamation mark
  const char* code;
  const char* message;  // part of it
};

constexpr Refused kRefused[] = {
    {"empty", "!", "E0701", "the text is empty"},
    {"blanks", "! ", "E0701", "JSON"},
    {"no object", "![1]", "E0701", "JSON object"},
    {"a string", "!\"x\"", "E0701", "JSON object"},
    {"trailing data", "!{} {}", "E0701", ""},
    {"trailing comma", "!{\"amount\": 1,}", "E0701", "valid JSON"},
    {"not closed", "!{\"amount\": 1", "E0701", "JSON"},
    {"single quotes", "!{'amount': 1}", "E0701", "JSON"},
    {"comment", "!{\"amount\": 1 /* x */}", "E0701", ""},
    {"byte-order mark", "!\xEF\xBB\xBF{}", "E0701", "JSON"},
    {"invalid UTF-8", ", \"color\": \"\xff\"", "E0701", "UTF-8"},
    {"overlong UTF-8", ", \"color\": \"\xc0\xaf\"", "E0701", "UTF-8"},
    {"lone surrogate", ", \"color\": \"\\ud800\"", "E0701", "`/color`"},
    {"control character", ", \"color\": \"\x01\"", "E0701", "JSON"},
    {"bad escape", ", \"color\": \"\\x41\"", "E0701", "`/color`"},
    {"NaN", ", \"small\": NaN", "E0701", "`/small`"},
    {"leading zero", ", \"small\": 01", "E0701", "`/small`"},
    {"plus sign", ", \"small\": +1", "E0701", "`/small`"},
    {"hexadecimal", ", \"small\": 0x1", "E0701", "`/small`"},
    {"misspelt true", ", \"on\": tru", "E0701", "`/on`"},
    {"duplicate", ", \"amount\": 2", "E0706", "`/amount`"},
    {"duplicate by escape", ", \"\\u0061mount\": 2", "E0706", "`/amount`"},
    {"null for a value", ", \"color\": null", "E0703", "found null"},
    {"null for an optional", ", \"user\": null", "E0703", "found null"},
    {"unknown field", ", \"colour\": \"red\"", "E0702", "unknown field `colour`"},
    {"string for an int", ", \"small\": \"1\"", "E0703", "expected an int, found a string"},
    {"fraction for an int", ", \"small\": 1.0", "E0703", "found the number `1.0`"},
    {"exponent for an int", ", \"small\": 1e0", "E0703", "found the number `1e0`"},
    {"too large", ", \"small\": 9223372036854775808", "E0704", "`9223372036854775808` lies outside of `int"},
    {"out of range", ", \"small\": 5", "E0704", "5 lies outside of `int 1..4`"},
    {"unknown member", ", \"color\": \"rde\"", "E0703", "one of `red`, `light-blue`"},
    {"member by name", ", \"color\": \"light_blue\"", "E0703", "`/color`"},
    {"number for a string", ", \"tags\": [1]", "E0703", "`/tags/0`"},
    {"object for an array", ", \"tags\": {}", "E0703", "expected an array"},
    {"duplicate map key", ", \"limits\": {\"a\": 1, \"a\": 2}", "E0706", "`/limits`"},
    {"the word of none", ", \"limits\": {\"a\": -9223372036854775808}", "E0704",
     "`/limits/a`: -9223372036854775808 lies outside of `int`"},
    {"bad map value", ", \"limits\": {\"a/b\": true}", "E0703", "`/limits/a~1b`"},
    {"empty id", ", \"user\": \"\"", "E0703", "an empty string"},
    {"array for an entity", ", \"user\": [\"u1\"]", "E0703", "`/user`"},
    {"entity without attribute", ", \"user\": {\"id\": \"u1\", \"lvl\": 1}", "E0702", "unknown attribute `lvl`"},
    {"leap second", ", \"wait\": \"23:59:60\"", "E0703", "a duration"},
    {"missing", "!{\"amount\": 1, \"rate\": 1, \"when\": \"2026-01-01T00:00:00Z\"}", "E0705", "`owner` is missing"},
    {"five places", "!{\"owner\": \"x\", \"amount\": 1, \"rate\": 0.00001, \"when\": \"2026-01-01T00:00:00Z\"}",
     "E0703", "`/rate`"},
    {"decimal with exponent", "!{\"owner\": \"x\", \"amount\": 1, \"rate\": 1e2, \"when\": \"2026-01-01T00:00:00Z\"}",
     "E0703", "`/rate`"},
};

TEST_F(Requests, RefusedWithCodeAndPath) {
  for (const Refused& c : kRefused) {
    std::string json = c.json[0] == '!' ? std::string(c.json + 1) : with(c.json);
    auto request = BoundRequest::from_json(**engine_, 0, json);
    ASSERT_FALSE(request) << c.what;
    EXPECT_EQ(request.error().kind, ErrorKind::kInvalid) << c.what;
    std::string text = lines(request.error());
    EXPECT_NE(text.find(c.code), std::string::npos) << c.what << ": " << text;
    EXPECT_NE(text.find(c.message), std::string::npos) << c.what << ": " << text;
  }
}

TEST_F(Requests, SyntaxMistakesHaveAPlaceAndOurWords) {
  const std::pair<const char*, const char*> kTable[] = {
      {"{\"owner\": \"x\",\n  \"amount\": 1,\n}", "2:14 not valid JSON: a comma before `}`"},
      {"{\n'owner': 1}", "2:1 not valid JSON: a single quote; names stand in double quotes"},
      {"{\"owner\": 'x'}", "1:11 not valid JSON: a single quote; strings stand in double quotes"},
      {"{\"owner\": \"x\"\n \"amount\": 1}", "2:2 not valid JSON: expected `,` or `}`, found `\"`"},
      {"{\"owner\": \"x\" // who\n}", "1:15 not valid JSON: expected `,` or `}`, found a comment"},
      {"{\"owner\" \"x\"}", "1:10 not valid JSON: expected `:` after a name, found `\"`"},
      {"{owner: 1}", "1:2 not valid JSON: expected a name in double quotes, found `owner`"},
      {"{\"owner\": True}", "1:11 not valid JSON: expected a value, found `True`"},
      {"{\"owner\": \"x", "1:11 not valid JSON: this string is not closed"},
      {"{\"owner\": \"x\ny\"}", "1:11 not valid JSON: this string is not closed on its line"},
      {"{\"owner\": [1, 2}", "1:16 not valid JSON: expected `,` or `]`, found `}`"},
      {"{\n \"owner\": \"x\"", "1:1 not valid JSON: this `{` is not closed"},
      {"{\"small\": 01}", "1:11 not valid JSON: `01` is no number"},
      {"{\"owner\": \"\\x\"}", "1:12 not valid JSON: an escape that JSON does not have"},
      {"{}\n{}", "2:1 not valid JSON: something follows the value: `{`"},
      {"\n[]", "2:1 not a JSON object: it is an array"},
  };
  for (auto [json, expected] : kTable) {
    auto request = BoundRequest::from_json(**engine_, 0, json);
    ASSERT_FALSE(request) << json;
    const std::vector<Diagnostic>& all = request.error().diagnostics;
    auto syntax = std::find_if(all.begin(), all.end(), [](const Diagnostic& d) { return d.code == "E0701"; });
    ASSERT_NE(syntax, all.end()) << json << lines(request.error());
    const Diagnostic& first = *syntax;
    std::string text = first.message.substr(first.message.find("not "));
    EXPECT_EQ(std::to_string(first.place.line) + ":" + std::to_string(first.place.column) + " " + text, expected)
        << json;
  }
}

TEST_F(Requests, MistakesNameTheLineOfTheirMember) {
  auto request = BoundRequest::from_json(**engine_, 0, "{\n\"owner\": 1,\n \"amonut\": 1,\n\"tags\": [\"a\",\n 2]}");
  ASSERT_FALSE(request);
  std::string places;
  for (const Diagnostic& d : request.error().diagnostics)
    places += d.code + "@" + std::to_string(d.place.line) + ":" + std::to_string(d.place.column) + " ";
  EXPECT_THAT(places, ::testing::StartsWith("E0703@2:1 E0702@3:2 E0703@5:2 E0705@1:1"));
}

TEST_F(Requests, TimesAreExactOrRefused) {
  const char* const bad[] = {"2026-01-01T23:59:60Z",
                             "2026-01-01T00:00:00",
                             "2026-01-01T00:00:00+24:00",
                             "2023-02-29T00:00:00Z",
                             "0000-01-01T00:00:00Z",
                             "10000-01-01T00:00:00Z",
                             "2026-01-01T00:00:00[Europe/Berlin]",
                             "2026-01-01T00:00:00.1234567Z",
                             "2026-01-01",
                             "2026-13-01T00:00:00Z",
                             "2026-01-01t00:00:00z",
                             "1767225600"};
  for (const char* text : bad) {
    std::string json = R"({"owner": "x", "amount": 1, "rate": 1, "when": ")" + std::string(text) + "\"}";
    auto request = BoundRequest::from_json(**engine_, 0, json);
    ASSERT_FALSE(request) << text;
    EXPECT_NE(lines(request.error()).find("E0703 `/when`: expected a time"), std::string::npos) << text;
  }
}

TEST_F(Requests, AllMistakesAreReportedAtOnce) {
  EXPECT_EQ(answer(R"({"owner": 1, "amonut": 1, "rate": "x", "when": "now"})"),
            "E0703 `/owner`: expected the id of a `Role`, found the number `1`\n"
            "E0702 `/amonut`: unknown field `amonut` [did you mean `amount`?]\n"
            "E0703 `/rate`: expected a decimal of at most four places, found \"x\"\n"
            "E0703 `/when`: expected a time such as `2026-01-01T00:00:00Z`, found \"now\"\n"
            "E0705 `/amount`: `amount` is missing\n");
}

TEST_F(Requests, AreRefusedBySize) {
  std::string json = with(", \"tags\": [\"" + std::string(2'000'000, 'x') + "\"]");
  auto request = BoundRequest::from_json(**engine_, 0, json);
  ASSERT_FALSE(request);
  EXPECT_EQ(request.error().diagnostics[0].code, "E0710");
  std::string id = with(R"(, "user": ")" + std::string(5'000, 'u') + "\"");
  request = BoundRequest::from_json(**engine_, 0, id);
  ASSERT_FALSE(request);
  EXPECT_EQ(lines(request.error()), "E0710 `/user`: an id of 5000 bytes, the limit is 1024\n");
}

TEST_F(Requests, DeepNestingIsRefused) {
  std::string deep = with(", \"tags\": " + std::string(100'000, '[') + std::string(100'000, ']'));
  auto request = BoundRequest::from_json(**engine_, 0, deep);
  ASSERT_FALSE(request);
  EXPECT_EQ(request.error().kind, ErrorKind::kInvalid);
}

TEST_F(Requests, ManyRequestsDoNotMakeTheEngineGrow) {
  for (int i = 0; i < 2000; ++i) {
    std::string json = with(R"(, "tags": ["unheard of )" + std::to_string(i) + "\"]");
    auto request = BoundRequest::from_json(**engine_, 0, json);
    ASSERT_TRUE(request);
    (*engine_)->evaluate(*request, 0);
  }
  EXPECT_EQ((*engine_)->instances(0).size(), 1u);
}

}  // namespace
}  // namespace lictor
