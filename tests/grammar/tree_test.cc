// Pairs of source and tree, and the promise that a tree holds every byte of its text.
#include "grammar/syntax.h"

#include <gtest/gtest.h>

#include "tests/grammar/support.h"

namespace lictor {
namespace {

using testing::Parsed;

struct Pair {
  const char* source;
  const char* tree;
};

class Tree : public ::testing::TestWithParam<Pair> {};

TEST_P(Tree, IsTheDump) {
  Parsed parsed(GetParam().source);
  EXPECT_EQ(parsed.codes(), "");
  EXPECT_EQ(dump(parsed.tree), GetParam().tree);
}

const Pair kPairs[] = {
    {"", "module_file\n"},
    {"// only a comment\n", "module_file\n"},
    {"module a.b // why\n",
     "module_file\n"
     "  declaration\n"
     "    module\n"
     "      key module\n"
     "      path\n"
     "        word a\n"
     "        sym .\n"
     "        word b\n"},
    {"p(x) :- not q(x, 1..4), x.y?.z == -2.",
     "module_file\n"
     "  declaration\n"
     "    rule\n"
     "      word p\n"
     "      head_args\n"
     "        sym (\n"
     "        expr\n"
     "          word x\n"
     "        sym )\n"
     "      sym :-\n"
     "      body\n"
     "        literal\n"
     "          key not\n"
     "          expr\n"
     "            word q\n"
     "            args\n"
     "              sym (\n"
     "              expr\n"
     "                word x\n"
     "              sym ,\n"
     "              expr\n"
     "                int 1\n"
     "                sym ..\n"
     "                int 4\n"
     "              sym )\n"
     "        sym ,\n"
     "        literal\n"
     "          expr\n"
     "            word x\n"
     "            sym .\n"
     "            word y\n"
     "            sym ?.\n"
     "            word z\n"
     "            sym ==\n"
     "            sym -\n"
     "            int 2\n"
     "      sym .\n"},
    {"param a: map<K, V?> = { x: 09:00 }",
     "module_file\n"
     "  declaration\n"
     "    param\n"
     "      key param\n"
     "      word a\n"
     "      sym :\n"
     "      type\n"
     "        type_term\n"
     "          word map\n"
     "          type_args\n"
     "            sym <\n"
     "            type\n"
     "              type_term\n"
     "                path\n"
     "                  word K\n"
     "            sym ,\n"
     "            type\n"
     "              type_term\n"
     "                path\n"
     "                  word V\n"
     "                sym ?\n"
     "            sym >\n"
     "      sym =\n"
     "      expr\n"
     "        braces\n"
     "          sym {\n"
     "          expr\n"
     "            word x\n"
     "          sym :\n"
     "          expr\n"
     "            clock 09:00\n"
     "          sym }\n"},
};
INSTANTIATE_TEST_SUITE_P(Pairs, Tree, ::testing::ValuesIn(kPairs));

TEST(TreeTest, TokensOfEveryKind) {
  Parsed parsed(
      "p(1_000, 0.95, 95%, 99.5%, 200ms, 24h, 09:00, time\"t\", ip\"i\", re\"\\d\", glob\"*\", \"s\", true, none, "
      "_x).");
  EXPECT_EQ(parsed.codes(), "");
  std::string kinds;
  for (const SyntaxNode& node : parsed.tree.nodes) {
    bool plain = node.kind == SyntaxKind::kSymbol || node.kind == SyntaxKind::kSkipped;
    if (is_token(node.kind) && !plain) kinds += std::string(name(node.kind)) + " ";
  }
  EXPECT_EQ(kinds, "word int decimal percent percent duration duration clock time ip regex glob string key key word ");
}

/// Words with a meaning somewhere are names everywhere else.
TEST(TreeTest, KeywordsAreContextual) {
  Parsed parsed(
      "relation from(key: int, test: string, default: bool, request: int, rows: int)\n"
      "test(param, at) :- given(param, expect: 1), at == with, then_ = limit.\n"
      "param allow: int = deny\n"
      "count(x) :- x = count, y = min(x, 2), open = record.\n");
  EXPECT_EQ(parsed.codes(), "");
}

TEST(TreeTest, ReservedWordsAreNotNames) {
  for (const char* word :
       {"true", "false", "none", "not", "in", "or", "exists", "forall", "some", "if", "then", "case", "else"}) {
    Parsed parsed("param " + std::string(word) + ": int");
    EXPECT_EQ(parsed.codes(), "E0101 1:7\n") << word;
  }
}

void expect_lossless(const SyntaxTree& tree) {
  EXPECT_EQ(print(tree), tree.text);
  uint32_t at = 0;
  for (const SyntaxNode& node : tree.nodes) {
    ASSERT_LE(node.begin, node.end);
    if (!is_token(node.kind)) continue;
    ASSERT_GE(node.begin, at) << "tokens overlap";
    std::string_view gap = tree.text.substr(at, node.begin - at);
    for (const Comment& comment : tree.comments) {
      if (comment.begin >= at && comment.end <= node.begin)
        gap = tree.text.substr(comment.end, node.begin - comment.end);
    }
    ASSERT_EQ(gap.find_first_not_of(" \t\r\n"), std::string_view::npos) << "text lost before a token: " << gap;
    at = node.end;
  }
}

TEST(TreeTest, EveryByteIsKept) {
  for (const char* name : {"example.lictor", "crowded.lictor"}) {
    Parsed parsed(testing::data(name));
    EXPECT_EQ(parsed.codes(), "") << name;
    EXPECT_GT(parsed.tree.nodes.size(), 500u);
    expect_lossless(parsed.tree);
  }
}

TEST(TreeTest, EveryByteIsKeptOfABrokenText) {
  std::string text = testing::data("example.lictor");
  for (size_t at = 0; at < text.size(); at += 7) {
    Parsed parsed(text.substr(0, at) + " ;; " + text.substr(at));
    expect_lossless(parsed.tree);
  }
}

TEST(TreeTest, SizesSpanTheChildren) {
  Parsed parsed(testing::data("example.lictor"));
  const SyntaxTree& tree = parsed.tree;
  ASSERT_EQ(tree.end(0), tree.nodes.size());
  for (uint32_t i = 0; i < tree.nodes.size(); ++i) {
    uint32_t c = tree.first(i);
    while (c < tree.end(i)) c = tree.next(c);
    ASSERT_EQ(c, tree.end(i));
    ASSERT_TRUE(!is_token(tree.kind(i)) || tree[i].size == 1);
  }
}

}  // namespace
}  // namespace lictor
