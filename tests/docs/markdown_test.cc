// The reader of documents itself: a reader that found no blocks would let every document pass.
#include "tests/docs/markdown.h"

#include <gtest/gtest.h>

namespace lictor::docs {
namespace {

TEST(Markdown, FindsBlocksWithLanguageAttributeAndLine) {
  auto blocks = fenced_blocks("text\n```lictor fragment\na.\n```\n~~~\nplain\n~~~\n");
  ASSERT_EQ(blocks.size(), 2u);
  EXPECT_EQ(blocks[0].language, "lictor");
  EXPECT_EQ(blocks[0].attribute, "fragment");
  EXPECT_EQ(blocks[0].text, "a.\n");
  EXPECT_EQ(blocks[0].line, 2);
  EXPECT_EQ(blocks[1].language, "");
  EXPECT_EQ(blocks[1].text, "plain\n");
}

TEST(Markdown, ALongerFenceHoldsAShorterOne) {
  auto blocks = fenced_blocks("````markdown\n```lictor\nx\n```\n````\n");
  ASSERT_EQ(blocks.size(), 1u);
  EXPECT_EQ(blocks[0].text, "```lictor\nx\n```\n");
}

TEST(Markdown, AnUnclosedBlockEndsWithTheFile) {
  auto blocks = fenced_blocks("```cpp\nint x;\n");
  ASSERT_EQ(blocks.size(), 1u);
  EXPECT_EQ(blocks[0].text, "int x;\n");
}

TEST(Markdown, InlineCodeIsNoFence) { EXPECT_TRUE(fenced_blocks("a ``` b\n    ```\n``x``\n").empty()); }

TEST(Console, JoinsContinuedCommandsAndCollectsOutput) {
  auto commands = console_commands("$ lictor eval -b p \\\n  -d q\nallow\n$ lictor check p\n");
  ASSERT_EQ(commands.size(), 2u);
  EXPECT_EQ(commands[0].text, "lictor eval -b p   -d q");
  EXPECT_EQ(commands[0].expected, std::vector<std::string>{"allow"});
  EXPECT_TRUE(commands[1].expected.empty());
  EXPECT_EQ(commands[1].line, 4);
}

TEST(Console, ComparesLineByLine) {
  EXPECT_TRUE(output_matches({"a", "b "}, {"a ", "b", ""}));
  EXPECT_FALSE(output_matches({"a"}, {"a", "b"}));
  EXPECT_FALSE(output_matches({"a", "b"}, {"a"}));
  EXPECT_FALSE(output_matches({}, {"a"}));
}

TEST(Console, DotsStandForWhatVaries) {
  EXPECT_TRUE(output_matches({"p50 ... ns", "...", "end"}, {"p50 12 ns", "x", "y", "end"}));
  EXPECT_TRUE(output_matches({"..."}, {}));
  EXPECT_FALSE(output_matches({"p50 ... ns"}, {"p50 12 ms"}));
  EXPECT_FALSE(output_matches({"...", "end"}, {"x", "y"}));
}

}  // namespace
}  // namespace lictor::docs
