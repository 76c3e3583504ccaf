#include <gmock/gmock.h>

#include "tests/cli/command.h"

namespace lictor::test {
namespace {

using ::testing::HasSubstr;

class Init : public CommandTest {};

TEST_F(Init, ANewBundlePassesCheckFmtAndTest) {
  ASSERT_EQ(lictor({"init", "fresh"}).code, 0);
  Ran check = lictor({"check", "fresh"});
  EXPECT_EQ(check.code, 0) << check.out << check.err;
  Ran fmt = lictor({"fmt", "--diff", "fresh"});
  EXPECT_EQ(fmt.code, 0) << fmt.out << fmt.err;
  for (const char* engine : {"interp", "jit", "both"}) {
    Ran test = lictor({"test", "fresh", "--engine", engine});
    EXPECT_EQ(test.code, 0) << engine << test.out << test.err;
    EXPECT_THAT(test.out, HasSubstr("2 passed, 0 failed"));
  }
}

TEST_F(Init, WhatItSaysNextWorks) {
  Ran init = lictor({"init"});
  ASSERT_EQ(init.code, 0) << init.err;
  EXPECT_THAT(init.err, HasSubstr("lictor eval -b . --facts facts.json -r request.json --explain"));
  Ran eval = lictor({"eval", "-b", ".", "--facts", "facts.json", "-r", "request.json", "--explain"});
  EXPECT_EQ(eval.code, 1) << eval.err;
  EXPECT_THAT(eval.out, HasSubstr("deny default: nothing allows ann to edit"));
}

TEST_F(Init, RefusesToOverwrite) {
  write("here/documents.lictor", "module mine\n");
  Ran ran = lictor({"init", "here"});
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.err, HasSubstr("documents.lictor` exists already"));
  EXPECT_EQ(read("here/documents.lictor"), "module mine\n");
  EXPECT_FALSE(std::filesystem::exists(folder() / "here/lictor.toml"));
}

TEST_F(Init, AFolderThatCannotBeMade) {
  write("file", "");
  Ran ran = lictor({"init", "file/below"});
  EXPECT_EQ(ran.code, 70);
  EXPECT_THAT(ran.err, HasSubstr("cannot be made"));
}

}  // namespace
}  // namespace lictor::test
