// Versions and requirements: rows of what is met, what is not, and what is no requirement at all.
#include "host/version.h"

#include <gtest/gtest.h>

#include <tuple>

namespace lictor {
namespace {

TEST(Version, ReadsThreeNumbersAtMost) {
  for (const char* good : {"1", "1.2", "1.2.3", "0.0.0", "10.20.30", "1.2.3-beta.1", "1.2.3+build-5", "1-a+b"})
    EXPECT_TRUE(parse_version(good)) << good;
  for (const char* bad : {"", ".", "1.", ".1", "1.2.3.4", "01", "1.02", "v1", "1 ", " 1", "1.x", "-1", "1.2.3-", "1+",
                          "99999999999999999999", "1.2.3-b ta", "^1"})
    EXPECT_FALSE(parse_version(bad)) << bad;
  EXPECT_EQ(parse_version("1.2")->numbers, parse_version("1.2.0")->numbers);
}

TEST(Version, Requirements) {
  using Row = std::tuple<const char*, const char*, bool>;
  for (auto [requirement, version, met] :
       {Row{"^1.2", "1.2.0", true},      Row{"^1.2", "1.9.9", true},    Row{"^1.2", "2.0.0", false},
        Row{"^1.2", "1.1.9", false},     Row{"1.2", "1.3", true},       Row{"1", "1.0.0", true},
        Row{"^0.2.3", "0.2.9", true},    Row{"^0.2.3", "0.3.0", false}, Row{"^0.0.3", "0.0.3", true},
        Row{"^0.0.3", "0.0.4", false},   Row{"^0", "0.9", true},        Row{"^0", "1.0", false},
        Row{"^0.0", "0.0.7", true},      Row{"^0.0", "0.1", false},     Row{"~1.2.3", "1.2.9", true},
        Row{"~1.2.3", "1.3.0", false},   Row{"~1", "1.9", true},        Row{"~1", "2.0", false},
        Row{"=1.2", "1.2.7", true},      Row{"=1.2", "1.3.0", false},   Row{"=1.2.3", "1.2.3", true},
        Row{"=1.2.3", "1.2.4", false},   Row{">=1.2", "3.0.0", true},   Row{">1.2", "1.2.9", false},
        Row{">1.2", "1.3.0", true},      Row{"<=1.2", "1.2.9", true},   Row{"<=1.2", "1.3", false},
        Row{"<2", "1.9.9", true},        Row{"<2", "2.0.0", false},     Row{">=1.2, <2", "1.5", true},
        Row{">=1.2, <2", "2.0", false},  Row{" ^ 1.2 ", "1.2", true},   Row{"^1.2", "1.5.0-beta", false},
        Row{"=1.5.0", "1.5.0-rc", false}}) {
    std::optional<bool> got = fulfils(*parse_version(version), requirement);
    ASSERT_TRUE(got) << requirement;
    EXPECT_EQ(*got, met) << requirement << " by " << version;
  }
  for (const char* bad : {"", " ", "^", "latest", "1.2.3.4", "==1", "^^1", ">=1,", ",1", "1 2", "*", "^1.x", "^-1"})
    EXPECT_FALSE(fulfils({}, bad)) << bad;
}

}  // namespace
}  // namespace lictor
