#include <gmock/gmock.h>
#include <sys/stat.h>

#include "tests/cli/command.h"

namespace lictor::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr std::string_view kUntidy = "module   untidy\nrelation p( x:int ){(1)(2)}\n// kept\nq(x):-p(x),x>1.\n";

class Fmt : public CommandTest {};

TEST_F(Fmt, IsTheSameTheSecondTime) {
  write("untidy.lictor", kUntidy);
  EXPECT_EQ(lictor({"fmt", "untidy.lictor"}).code, 0);
  std::string once = read("untidy.lictor");
  EXPECT_NE(once, kUntidy);
  EXPECT_THAT(once, HasSubstr("// kept"));
  Ran again = lictor({"fmt", "untidy.lictor"});
  EXPECT_EQ(again.out, "");
  EXPECT_EQ(read("untidy.lictor"), once);
  EXPECT_EQ(lictor({"fmt", "--check", "untidy.lictor"}).code, 0);
  EXPECT_EQ(lictor({"check", "untidy.lictor"}).code, 0);
}

TEST_F(Fmt, CheckNamesFilesAndChangesNothing) {
  write("b/untidy.lictor", kUntidy);
  write("b/.hidden.lictor", kUntidy);
  write("b/notes.txt", kUntidy);
  Ran ran = lictor({"fmt", "--check", "b"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_EQ(ran.out, "b/untidy.lictor\n");
  EXPECT_EQ(read("b/untidy.lictor"), kUntidy);
}

TEST_F(Fmt, DiffShowsWhatWouldChange) {
  write("untidy.lictor", kUntidy);
  Ran ran = lictor({"fmt", "--diff", "untidy.lictor"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.out, AllOf(HasSubstr("--- untidy.lictor\n+++ untidy.lictor\n@@ -1,4 +1,"),
                             HasSubstr("-module   untidy\n"), HasSubstr("+module untidy\n")));
  EXPECT_EQ(read("untidy.lictor"), kUntidy);
}

TEST_F(Fmt, StandardInputComesOutOnStandardOutput) {
  Ran ran = lictor({"fmt", "-"}, {.input = std::string(kUntidy)});
  EXPECT_EQ(ran.code, 0);
  EXPECT_THAT(ran.out, HasSubstr("module untidy\n"));
}

TEST_F(Fmt, AFileWithSyntaxErrorsIsLeftAsItIs) {
  write("bad.lictor", "module   bad\nrelation p(((\n");
  Ran ran = lictor({"fmt", "bad.lictor"});
  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("bad.lictor:2:"), HasSubstr("was left as it is")));
  EXPECT_EQ(read("bad.lictor"), "module   bad\nrelation p(((\n");
}

TEST_F(Fmt, OneBadFileDoesNotKeepTheOthersBack) {
  write("a.lictor", "module a (\n");
  write("b.lictor", kUntidy);
  EXPECT_EQ(lictor({"fmt", "a.lictor", "b.lictor"}).code, 3);
  EXPECT_NE(read("b.lictor"), kUntidy);
}

TEST_F(Fmt, KeepsTheFilesModeAndFollowsLinks) {
  write("real.lictor", kUntidy);
  chmod(path("real.lictor").c_str(), 0640);
  std::filesystem::create_symlink("real.lictor", folder() / "link.lictor");
  EXPECT_EQ(lictor({"fmt", "link.lictor"}).code, 0);
  EXPECT_TRUE(std::filesystem::is_symlink(folder() / "link.lictor"));
  EXPECT_NE(read("real.lictor"), kUntidy);
  struct stat status{};
  ASSERT_EQ(stat(path("real.lictor").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0640u);
}

TEST_F(Fmt, AMissingFile) { EXPECT_EQ(lictor({"fmt", "nowhere.lictor"}).code, 3); }

}  // namespace
}  // namespace lictor::test
