// docs/faults: what bad policies get from the command. Each test is named by its row.
#include <gmock/gmock.h>

#include <random>

#include "tests/cli/command.h"

namespace lictor::test {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class FaultsPolicy : public CommandTest {
 protected:
  /// Checks one text; gives its findings.
  nlohmann::json check(std::string_view text) {
    write("it.lictor", text);
    last_ = lictor({"check", "it.lictor", "--format", "json"});
    return parse_json(last_.out);
  }

  void expect_refused(std::string_view text, std::string_view what) {
    nlohmann::json found = check(text);
    EXPECT_EQ(last_.code, 1) << text;
    bool named = false;
    for (const auto& one : found)
      named |= one["severity"] == "error" && one["line"] > 0 && one.dump().find(what) != std::string::npos;
    EXPECT_TRUE(named) << text << "\nshould say: " << what << "\nsays: " << found.dump(1);
  }

  Ran last_;
};

std::string repeated(std::string_view text, size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  for (size_t i = 0; i < times; ++i) out += text;
  return out;
}

TEST_F(FaultsPolicy, P01_EmptyFilesAreValidAndDecideNothing) {
  for (const char* text : {"", "\n\n", "// nothing here\n", "module empty\n", "module empty\n// nothing\n"}) {
    EXPECT_THAT(check(text), IsEmpty()) << text;
    EXPECT_EQ(last_.code, 0) << text;
    Ran eval = lictor({"eval", "-b", "it.lictor", "-d", "access", "-r", "-"}, {.input = "{}"});
    EXPECT_EQ(eval.code, 3) << text << eval.err;
    EXPECT_THAT(eval.err, HasSubstr("`access`"));
    EXPECT_EQ(lictor({"query", "-b", "it.lictor", "p(x)"}).code, 3);
  }
}

TEST_F(FaultsPolicy, P02_APolicyOfHundredMegabytesIsRefusedBySize) {
  write("big.lictor", "module big\n");
  std::filesystem::resize_file(folder() / "big.lictor", 100 << 20);
  Ran small = lictor({"check", "--help"});
  Ran ran = lictor({"check", "big.lictor"});
  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("big.lictor"), HasSubstr("16777216")));
  EXPECT_LT(ran.seconds, 2.0);
  EXPECT_LT(ran.peak_kilobytes, small.peak_kilobytes + (32 << 10));
}

TEST_F(FaultsPolicy, P03_LongNamesAndStringsGiveOneShortFinding) {
  const std::string name(1 << 20, 'n'), text(1 << 20, 's');
  for (const std::string& policy :
       {"module m\nrelation " + name + "(x: int)\n", "module m\nrelation p(x: string) { (\"" + text + "\") }\n"}) {
    nlohmann::json found = check(policy);
    ASSERT_THAT(found, SizeIs(1)) << last_.out.substr(0, 2000);
    EXPECT_LE(found[0]["message"].get<std::string>().size(), 1024u);
    EXPECT_LE(last_.out.size(), 4096u);
    EXPECT_EQ(last_.code, 1);
  }
  EXPECT_THAT(check("module m\nrelation " + name.substr(0, 255) + "(x: int)\n"), IsEmpty());
}

TEST_F(FaultsPolicy, P04_WhatIsNotUtf8IsRefusedWithItsOffset) {
  const std::pair<std::string, std::string> cases[] = {
      {"module m\n// \xff\n", "byte 12"},
      {"module m\n// \xc0\xaf\n", "byte 12"},
      {"module m\n// \xe0\x80\xaf\n", "byte 12"},
      {"module m\n// \xed\xa0\x80\n", "byte 12"},
      {"module m\n// \xf4\x90\x80\x80\n", "byte 12"},
      {"module m\n// \xe2\x82", "byte 12"},
      {"\xef\xbb\xbfmodule m\n", "byte 0"},
      {std::string("module m\n// \0\n", 14), "byte 12"},
      {std::string("module m\nrelation p(x: string) { (\"a\0b\") }\n", 44), "byte 36"},
  };
  for (const auto& [text, offset] : cases) expect_refused(text, offset);
  EXPECT_THAT(check("module m\nrelation p(x: string) { (\"a\\0b\") }\n"), IsEmpty());
}

TEST_F(FaultsPolicy, P04_MutatedFilesNeverCrash) {
  std::mt19937 random(4);
  std::vector<std::string> args = {"check", "--format", "json"};
  for (int i = 0; i < 200; ++i) {
    std::string text(kDoors);
    for (int k = 0; k < 1 + i % 5; ++k) {
      size_t at = random() % text.size();
      switch (random() % 3) {
        case 0:
          text[at] = static_cast<char>(random());
          break;
        case 1:
          text.erase(at, 1 + random() % 8);
          break;
        default:
          text.insert(at, text.substr(random() % text.size(), random() % 40));
      }
    }
    std::string folder = "f" + std::to_string(i);
    write(folder + "/it.lictor", text);
    args.push_back(folder);
  }
  Ran ran = lictor(args);
  EXPECT_EQ(ran.code, 1) << ran.err.substr(0, 2000);
  EXPECT_TRUE(parse_json(ran.out).is_array());
}

TEST_F(FaultsPolicy, P06_DeepNestingIsAcceptedToTheLimitAndRefusedAbove) {
  auto policy = [](std::string_view open, std::string_view close, size_t depth) {
    return "module m\nrelation p(x: int) { (1) }\nq(x) :- p(x), " + repeated(open, depth) + "x > 0" +
           repeated(close, depth) + ".\n";
  };
  EXPECT_THAT(check(policy("(", ")", 900)), IsEmpty());
  EXPECT_EQ(last_.code, 0) << last_.err;
  for (size_t depth : {2'000u, 100'000u}) {
    for (auto [open, close] : {std::pair("(", ")"), std::pair("not (", ")"), std::pair("exists (", ")"),
                               std::pair("x == {", "}"), std::pair("x == [", "]")}) {
      check(policy(open, close, depth));
      EXPECT_EQ(last_.code, 1) << open << depth << last_.err.substr(0, 500);
    }
  }
}

TEST_F(FaultsPolicy, P06_TenMillionBrackets) {
  for (const char* bracket : {"(", "{", "["}) {
    check("module m\nq(x) :- x == " + repeated(bracket, 10'000'000));
    EXPECT_EQ(last_.code, 1) << last_.err.substr(0, 500);
    EXPECT_LT(last_.seconds, 20.0);
  }
}

TEST_F(FaultsPolicy, P06_LongChainsOfNegation) {
  for (size_t length : {100'000u, 1'000'000u}) {
    check("module m\nrelation p(x: int)\nq(x) :- p(x), " + repeated("not ", length) + "x > 0.\n");
    EXPECT_EQ(last_.code, 1);
    check("module m\nrelation p(x: int)\nq(x) :- p(x), x > " + repeated("-", length) + "1.\n");
    EXPECT_EQ(last_.code, 1);
  }
}

TEST_F(FaultsPolicy, P08_UnknownNamesAreRefusedWithTheNearest) {
  const std::pair<const char*, const char*> changes[] = {
      {"opens(r.door, least), r.who", "open(r.door, least), r.who"},
      {"r.who.rank >= least", "r.who.ranc >= least"},
      {"request Entry { who: Person", "request Entry { who: Persom"},
      {"require escort: \"more than three tries\" escort_by(rank: chief)\n    if r.tries",
       "require escort: \"more than three tries\" escort_by(rank: chief)\n    if r.triess"},
      {"then log(", "then logg("},
      {"relation opens(door: Door", "relation opens(door: Doro"},
      {"rank: Rank; badge", "rank: Rank; badge"},
      {"Rank.chief", "Rank.chef"},
      {"module doors\n", "module doors\nuse std.governence\n"}};
  for (const auto& [from, to] : changes) {
    std::string text(kDoors);
    size_t at = text.find(from);
    if (at == std::string::npos) continue;
    text.replace(at, std::string_view(from).size(), to);
    nlohmann::json found = check(text);
    EXPECT_EQ(last_.code, 1) << to;
    EXPECT_THAT(found.dump(), HasSubstr("did you mean")) << to;
  }
}

TEST_F(FaultsPolicy, P09_WrongArityTypeAndDoubleNamesShowBothPlaces) {
  expect_refused("module m\nrelation p(x: int) { (1, 2) }\n", "");
  expect_refused("module m\nrelation p(x: int)\nq(x) :- p(x, _).\n", "");
  expect_refused("module m\nrelation p(x: int) { (\"one\") }\n", "int");
  expect_refused("module m\nrelation p(x: int)\nq(x) :- p(x), x == \"one\".\n", "int");
  for (const char* text :
       {"module m\nrelation p(x: int)\nrelation p(x: int)\n", "module m\nenum E { a, b }\nentity E\n",
        "module m\nrequest R { n: int, n: int }\n", "module m\nenum E { a, a }\n"}) {
    nlohmann::json found = check(text);
    ASSERT_THAT(found, Not(IsEmpty())) << text;
    ASSERT_THAT(found[0]["related"], Not(IsEmpty())) << text << found.dump(1);
    EXPECT_GT(found[0]["related"][0]["line"], 0) << text;
  }
}

TEST_F(FaultsPolicy, P10_UnboundVariablesAreRefused) {
  const char* bodies[] = {
      "q(x, y) :- p(x).",
      "q(y) :- p(_).",
      "q(x) :- not p(x).",
      "q(x) :- x > 1.",
      "q(x) :- x == 1.",
      "q(x) :- p(y), x > y.",
      "q(x) :- p(y), not r(x, y).",
      "q(x) :- p(x), y + 1 == x.",
      "q(x) :- p(x) or x > 2.",
      "q(x) :- (p(x) or r(y, y)), p(_).",
      "q(x) :- p(y), exists (p(x)), y > 0.",
      "q(x) :- forall (p(x)) => (r(x, x)).",
      "q(n) :- n = m + 1, m = n - 1.",
      "q(x) :- not (p(y), r(y, x)).",
      "q(n) :- n = sum { v : v > 1 }.",
      "q(n) :- n = count { a : p(b) }, b > 0.",
      "q(z) :- p(x), z in y.",
      "q(x) :- p(y), not exists (r(y, z)), x = z.",
      "q(x) :- r(x, y), not p(z), z > y.",
      "q(x) :- p(x), case { z > 1 => true; else => false }.",
  };
  for (const char* body : bodies) {
    nlohmann::json found =
        check("module m\nrelation p(x: int)\nrelation r(x: int, y: int)\n" + std::string(body) + "\n");
    EXPECT_EQ(last_.code, 1) << body;
    bool error_at_rule = false;
    for (const auto& one : found) error_at_rule |= one["severity"] == "error" && one["line"] == 4;
    EXPECT_TRUE(error_at_rule) << body << found.dump(1);
  }
}

TEST_F(FaultsPolicy, P11_CyclesThroughNegationAndAggregationAreNamedRuleByRule) {
  for (int length : {1, 2, 50}) {
    for (const char* kind : {"not ", "count"}) {
      std::string text = "module m\nrelation base(x: int) { (1) }\n";
      for (int i = 0; i < length; ++i) {
        std::string next = "p" + std::to_string((i + 1) % length) + "(x)";
        std::string last = kind == std::string("not ") ? "not " + next : "0 = count { x : " + next + " }";
        text += "p" + std::to_string(i) + "(x) :- base(x), " + (i + 1 == length ? last : next) + ".\n";
      }
      nlohmann::json found = check(text);
      EXPECT_EQ(last_.code, 1) << text;
      std::string all = found.dump();
      for (int i = 0; i < length; ++i) EXPECT_THAT(all, HasSubstr("p" + std::to_string(i))) << kind << length;
    }
  }
}

TEST_F(FaultsPolicy, P15_IntegersThatDoNotFitAreRefused) {
  for (const std::string& number :
       {std::string("9223372036854775808"), std::string("18446744073709551616"), "1" + std::string(5000, '0')}) {
    expect_refused("module m\nrelation p(x: int) { (" + number + ") }\n", "E0");
    expect_refused("module m\nrelation p(x: int)\nq(x) :- p(x), x < " + number + ".\n", "E0");
  }
  EXPECT_THAT(check("module m\nrelation p(x: int) { (9223372036854775807) (-9223372036854775808) }\n"), IsEmpty())
      << last_.out;
}

}  // namespace
}  // namespace lictor::test
