// Canonical JSON, ULIDs and digests: the small parts that the audit and the hashes rest on.
#include "host/canonical_json.h"

#include <gtest/gtest.h>

#include <set>

#include "host/sha256.h"
#include "host/ulid.h"

namespace lictor {
namespace {

TEST(CanonicalJson, IsOneTextForEqualRequests) {
  struct Pair {
    const char* given;
    const char* canonical;
  };
  for (const auto& [given, canonical] : {
           Pair{R"({ "b" : 1, "a" : [ true, null, "x" ] })", R"({"a":[true,null,"x"],"b":1})"},
           Pair{R"({"a":{"z":{},"y":[]}})", R"({"a":{"y":[],"z":{}}})"},
           Pair{R"("\u00e9\/\u0041\n\u0001")", "\"\u00e9/A\\n\\u0001\""},
           Pair{R"({"é":1,"z":2,"Z":3})", R"({"Z":3,"z":2,"é":1})"},
           Pair{"9223372036854775807", "9223372036854775807"},
           Pair{"-9223372036854775808", "-9223372036854775808"},
           Pair{"18446744073709551615", "18446744073709551615"},
           Pair{"0.1000", "0.1000"},
           Pair{"123456789012345678901234567890", "123456789012345678901234567890"},
           Pair{"922337203685477.5807", "922337203685477.5807"},
           Pair{"\"\\\"\\\\\"", "\"\\\"\\\\\""},
       }) {
    auto text = canonical_json(given);
    ASSERT_TRUE(text) << given;
    EXPECT_EQ(*text, canonical);
    EXPECT_EQ(*canonical_json(*text), *text);
  }
}

TEST(CanonicalJson, RefusesWhatIsNotOneGoodValue) {
  for (const char* bad : {"", "{", "{}{}", "nul", "{\"a\":1,\"a\":1}", "{\"a\":{\"b\":1,\"b\":2}}", "[1,]", "'x'",
                          "NaN", "\"\xff\"", "01", "{a:1}", "1 // one", "\"\\ud800\""}) {
    EXPECT_FALSE(canonical_json(bad)) << bad;
  }
}

TEST(CanonicalJson, RefusesDepth) {
  EXPECT_TRUE(canonical_json(std::string(1'000, '[') + std::string(1'000, ']')));
  EXPECT_FALSE(canonical_json(std::string(1'001, '[') + std::string(1'001, ']')));
  EXPECT_FALSE(canonical_json(std::string(10'000'000, '[')));
}

TEST(CanonicalJson, TakesAnObjectApartAndPutsItTogether) {
  auto members = canonical_members(R"({"b": [1, 2], "a": "x"})");
  ASSERT_TRUE(members);
  EXPECT_EQ(*members, (std::map<std::string, std::string>{{"a", "\"x\""}, {"b", "[1,2]"}}));
  EXPECT_EQ(join_members(*members), R"({"a":"x","b":[1,2]})");
  EXPECT_FALSE(canonical_members("[]"));
  EXPECT_FALSE(canonical_members("3"));
}

TEST(Ulid, IsSortedByTimeAndNeverRepeats) {
  EXPECT_EQ(make_ulid(0).substr(0, 10), "0000000000");
  EXPECT_EQ(make_ulid(1'469'918'176'385'000).substr(0, 10), "01ARYZ6S41");  // the example of its specification
  EXPECT_LT(make_ulid(1'000'000), make_ulid(2'000'000));
  std::set<std::string> seen;
  for (int i = 0; i < 10'000; ++i) {
    std::string id = make_ulid(5'000'000);
    EXPECT_EQ(id.size(), 26u);
    EXPECT_EQ(id.find_first_not_of("0123456789ABCDEFGHJKMNPQRSTVWXYZ"), std::string::npos);
    seen.insert(id);
  }
  EXPECT_EQ(seen.size(), 10'000u);
}

TEST(Sha256, GivesTheKnownDigests) {
  EXPECT_EQ(hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  Sha256 hash;
  hash.add("a");
  hash.add("bc");
  EXPECT_EQ(hex(hash.finish()), hex(sha256("abc")));
  EXPECT_EQ(hex(hash.finish()), hex(sha256("")));  // finish() begins anew
  hash.add_field("ab");
  hash.add_field("c");
  Digest one = hash.finish();
  hash.add_field("a");
  hash.add_field("bc");
  EXPECT_NE(one, hash.finish());
}

TEST(Sha256, ReadsItsOwnHexAndNothingElse) {
  Digest digest;
  EXPECT_TRUE(parse_hex(hex(sha256("abc")), digest));
  EXPECT_EQ(digest, sha256("abc"));
  EXPECT_FALSE(parse_hex(hex(sha256("abc")).substr(1), digest));
  EXPECT_FALSE(parse_hex(std::string(64, 'G'), digest));
  EXPECT_FALSE(parse_hex(std::string(64, 'A'), digest));
}

}  // namespace
}  // namespace lictor
