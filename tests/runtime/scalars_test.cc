// Addresses, patterns, digests, dates and clocks in requests and facts: read exactly, refused with their place.
#include <gtest/gtest.h>

#include "tests/runtime/policy.h"

namespace lictor {
namespace {

using testing::engine_of;
using testing::lines;

constexpr const char* kPolicy = R"(module t
entity Host { address: ip }
relation net(range: ip, name: string) key(range)
relation day(date: date, opens: clock)
request Ask { from: ip, day: date?, at: clock?, path: glob?, name: regex?, sum: digest?, nets: map<ip, int>? }
decision d(r: Ask) {
  default deny "{r.from} {r.day} {r.at} {r.path} {r.name} {r.nets}"
  allow inside: "{n}" if net(range, n), r.from in range.
  allow open: "open" if some date = r.day, some at = r.at, day(date, opens), at >= opens.
}
)";
constexpr const char* kFacts = R"({"entities": {"Host": {"h": {"address": "::1"}}},
 "relations": {"net": [["10.0.0.0/8", "home"]], "day": [["2026-01-31", "09:00"]]}})";

class Scalars : public ::testing::Test {
 protected:
  std::string answer(const std::string& json) {
    auto request = BoundRequest::from_json(*engine_, 0, json);
    if (!request) return lines(request.error());
    DecisionResult result = engine_->evaluate(*request, 0);
    return std::string(outcome_name(result.outcome)) + " " + result.winner.reason;
  }
  std::string refusal(const std::string& facts) {
    FactSet set;
    auto added = add_json_facts(engine_->plan().schema, facts, "facts.json", set);
    return added ? "" : lines(added.error());
  }
  std::shared_ptr<Engine> engine_ = engine_of(kPolicy, kFacts);
};

TEST_F(Scalars, AreReadInTheirOneForm) {
  EXPECT_EQ(answer(R"({"from": "11.0.0.1/32", "day": "2026-01-01", "at": "09:00:00", "path": "a*", "name": "^a\\d$",
                       "nets": {"2001:DB8::/32": 1}})"),
            "deny 11.0.0.1 2026-01-01 09:00 a* ^a\\d$ {2001:db8::/32: 1}");
  EXPECT_EQ(answer(R"({"from": "10.9.0.1"})"), "allow home");
  EXPECT_EQ(answer(R"({"from": "::ffff:10.9.0.1"})").substr(0, 4), "deny");
  EXPECT_EQ(answer(R"({"from": "::1", "day": "2026-01-31", "at": "09:00"})"), "allow open");
  EXPECT_EQ(answer(R"({"from": "::1", "day": "2026-01-31", "at": "08:59:59.999999"})").substr(0, 4), "deny");
}

TEST_F(Scalars, AreRefusedWithTheirPath) {
  EXPECT_EQ(answer(R"({"from": "10.0.0.300"})").substr(0, 66),
            "E0703 `/from`: expected an IP address or range, found \"10.0.0.300\"");
  EXPECT_EQ(answer(R"({"from": "::", "path": "a\\"})"),
            "E0703 `/path`: expected a glob, found \"a\\\\\" [nothing stands behind the last `\\`]\n");
  EXPECT_EQ(answer(R"({"from": "::", "name": "("})"),
            "E0703 `/name`: expected a regular expression, found \"(\" [missing ): `(`]\n");
  EXPECT_EQ(answer(R"({"from": "::", "day": "2026-02-30"})"),
            "E0703 `/day`: expected a date such as `2026-01-01`, found \"2026-02-30\"\n");
  EXPECT_EQ(answer(R"({"from": "::", "at": "25:00"})"),
            "E0703 `/at`: expected a clock time such as `09:00`, found \"25:00\"\n");
  EXPECT_EQ(answer(R"({"from": "::", "sum": "x"})").substr(0, 34), "E0703 `/sum`: expected a digest su");
  EXPECT_EQ(answer(R"({"from": 1})"), "E0703 `/from`: expected an IP address or range, found the number `1`\n");
  EXPECT_EQ(answer(R"({"from": "::", "nets": {"1.2.3.4": 1, "1.2.3.4/32": 2}})").substr(0, 5), "E0706");
  EXPECT_EQ(answer(R"({"from": "::", "nets": {"1.2.3": 1}})").substr(0, 20), "E0703 `/nets/1.2.3`:");
}

TEST_F(Scalars, AreRefusedInFacts) {
  EXPECT_EQ(refusal(R"({"relations": {"net": [["10.0.0.1/8", "home"]]}})").substr(0, 5), "E0603");
  EXPECT_EQ(refusal(R"({"entities": {"Host": {"h": {"address": "x"}}}})").substr(0, 5), "E0603");
  FactSet set;
  auto added =
      add_csv_facts(engine_->plan().schema, 0, false, "range,name\n10.0.0.0/8,a\n10.0.0.1/8,b\n", "net.csv", set);
  ASSERT_FALSE(added);
  EXPECT_NE(lines(added.error()).find("10.0.0.1/8"), std::string::npos) << lines(added.error());
}

TEST(Floats, AreReadExactlyAndErrWhereTheyAreNotFinite) {
  auto engine = engine_of(
      "module t\nrequest R { a: float, b: float = 1 }\ndecision d(r: R) {\n  default deny \"{r.a}\"\n"
      "  deny product: \"{decimal(r.a * r.b)}\" if r.a * r.b >= 0.25.\n"
      "  deny quotient: \"{decimal(r.a / r.b)}\" if r.a / r.b < -1000000000.\n}\n");
  auto answer = [&](const std::string& json) {
    auto request = BoundRequest::from_json(*engine, 0, json);
    if (!request) return lines(request.error());
    DecisionResult result = engine->evaluate(*request, 0);
    std::string out = result.winner.id + " " + result.winner.reason;
    for (const EvalError& error : result.errors) out += "; " + error.message;
    return out;
  };
  EXPECT_EQ(answer(R"({"a": 0.5, "b": 0.5})"), "product 0.25");
  EXPECT_EQ(answer(R"({"a": 0.00005})"), "default 5e-05");
  EXPECT_EQ(answer(R"({"a": 1.00005, "b": 1})"), "product 1.0001");  // the double above 1.00005
  EXPECT_EQ(answer(R"({"a": 1.00015, "b": 1})"), "product 1.0002");
  EXPECT_EQ(answer(R"({"a": 2.5e-1, "b": 1.0002})"), "product 0.25");  // 0.25005 is a tie in decimals, not in binary
  EXPECT_EQ(answer(R"({"a": -0.0})"), "default 0");
  EXPECT_EQ(answer(R"({"a": 1e300, "b": 1e300})"),
            "product clause `product` could not be evaluated: overflow; overflow in clause `product`");
  EXPECT_EQ(
      answer(R"({"a": 1, "b": 0})"),
      "quotient clause `quotient` could not be evaluated: division by zero; division by zero in clause `quotient`");
  EXPECT_EQ(answer(R"({"a": 922337203685477.5, "b": 1})"), "product 922337203685477.5");
  EXPECT_EQ(answer(R"({"a": 922337203685478, "b": 1})"),
            "product clause `product` could not be evaluated: overflow; overflow in clause `product`");
  EXPECT_EQ(answer(R"({"a": 1e400})").substr(0, 40), "E0703 `/a`: expected a finite number, fo");
  EXPECT_EQ(answer(R"({"a": "1"})").substr(0, 40), "E0703 `/a`: expected a finite number, fo");
}

TEST_F(Scalars, EqualAddressesAreOneKey) {
  FactSet set;
  auto added = add_json_facts(engine_->plan().schema,
                              R"({"relations": {"net": [["::1", "a"], ["0:0:0:0:0:0:0:1/128", "b"]]}})", "f.json", set);
  auto published = added ? engine_->publish(std::move(set)) : std::unexpected(added.error());
  EXPECT_FALSE(published);
}

}  // namespace
}  // namespace lictor
