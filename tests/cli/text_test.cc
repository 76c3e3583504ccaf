// The parts that make text: differences, escapes, figures.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "cli/diff.h"
#include "cli/output.h"
#include "tests/cli/command.h"

namespace lictor::cli {
namespace {

using ::testing::HasSubstr;

TEST(Diff, EqualTextsHaveNone) { EXPECT_EQ(unified_diff("a\nb\n", "a\nb\n", "x", "y"), ""); }

TEST(Diff, ShowsThreeLinesOfContext) {
  EXPECT_EQ(unified_diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n", "a", "b"),
            "--- a\n+++ b\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
}

TEST(Diff, FarChangesAreHunksOfTheirOwn) {
  std::string before, after;
  for (int i = 0; i < 30; ++i) {
    before += std::to_string(i) + "\n";
    after += (i == 2 || i == 25 ? "changed " : "") + std::to_string(i) + "\n";
  }
  std::string diff = unified_diff(before, after, "a", "b");
  EXPECT_THAT(diff, HasSubstr("@@ -1,6 +1,6 @@"));
  EXPECT_THAT(diff, HasSubstr("@@ -23,7 +23,7 @@"));
}

TEST(Diff, AMissingLineBreakAtTheEndIsShown) {
  EXPECT_EQ(unified_diff("a", "a\n", "x", "y"), "--- x\n+++ y\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n");
}

TEST(Diff, FromAndToNothing) {
  EXPECT_EQ(unified_diff("", "a\n", "x", "y"), "--- x\n+++ y\n@@ -0,0 +1 @@\n+a\n");
  EXPECT_EQ(unified_diff("a\n", "", "x", "y"), "--- x\n+++ y\n@@ -1 +0,0 @@\n-a\n");
}

/// Whatever the difference looks like, `patch` must make the second text of the first.
TEST(Diff, PatchMakesOneOfTheOther) {
  struct Folder : lictor::test::CommandTest {
    void TestBody() override {}
    using CommandTest::folder;
    using CommandTest::read;
    using CommandTest::write;
  } folder;
  if (lictor::test::run_program({"/bin/sh", "-c", "command -v patch"}, folder.folder()).code != 0)
    GTEST_SKIP() << "no patch";
  std::mt19937 random(7);
  for (int round = 0; round < 60; ++round) {
    auto text = [&] {
      std::string out;
      for (unsigned i = 0, n = random() % 40; i < n; ++i) out += std::to_string(random() % 5) + "\n";
      return out;
    };
    std::string before = text(), after = text();
    std::string diff = unified_diff(before, after, "file", "file");
    folder.write("file", before);
    folder.write("diff", diff);
    if (!diff.empty()) {
      auto ran = lictor::test::run_program({"/bin/sh", "-c", "patch -s file diff"}, folder.folder());
      ASSERT_EQ(ran.code, 0) << ran.out << diff;
    }
    ASSERT_EQ(folder.read("file"), after) << diff;
  }
}

TEST(Diff, LongTextsThatHaveNothingInCommonAreReplaced) {
  std::string before, after;
  for (int i = 0; i < 5000; ++i) {
    before += "a" + std::to_string(i) + "\n";
    after += "b" + std::to_string(i) + "\n";
  }
  EXPECT_THAT(unified_diff(before, after, "x", "y"), HasSubstr("@@ -1,5000 +1,5000 @@"));
}

TEST(Printable, KeepsTextAndEscapesControls) {
  EXPECT_EQ(printable("héllo \"x\""), "héllo \"x\"");
  EXPECT_EQ(printable("\x1b[31m\n\t\x7f"), "\\x1b[31m\\n\\t\\x7f");
  EXPECT_EQ(printable("\xc2\x9b"), "\\u{9b}");
  EXPECT_EQ(printable("a\xff\xc0\xaf"), "a\\xff\\xc0\\xaf");
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");
}

TEST(Figures, ThreeDigits) {
  EXPECT_EQ(show_nanoseconds(4.321), "4.32 ns");
  EXPECT_EQ(show_nanoseconds(43.21), "43.2 ns");
  EXPECT_EQ(show_nanoseconds(1234), "1.23 us");
  EXPECT_EQ(show_nanoseconds(2.5e9), "2.50 s");
  EXPECT_EQ(show_count(1234567), "1,234,567");
  EXPECT_EQ(show_count(12), "12");
  EXPECT_EQ(plural(1, "row"), "1 row");
  EXPECT_EQ(plural(0, "row"), "0 rows");
}

}  // namespace
}  // namespace lictor::cli
