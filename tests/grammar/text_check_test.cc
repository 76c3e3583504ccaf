// Texts that are refused before they reach the grammar (the table of bad inputs, P1 to P6).
#include "grammar/text_check.h"

#include <gtest/gtest.h>

#include <chrono>

#include "grammar/big_stack.h"
#include "tests/grammar/support.h"

namespace lictor {
namespace {

using testing::Parsed;

TEST(TextCheck, EmptyAndCommentsAreValid) {
  for (const char* text : {"", "\n\n", "// nothing\n", "/// doc\n// more", " \t\r\n"}) {
    Parsed parsed(text);
    EXPECT_EQ(parsed.codes(), "");
    EXPECT_TRUE(parsed.tree.complete);
  }
}

TEST(TextCheck, SizeIsRefusedBeforeReading) {
  SourceMap sources;
  Diagnostics diagnostics(sources);
  uint32_t file = sources.add("big.lictor", std::string(100u << 20, '('));
  auto start = std::chrono::steady_clock::now();
  SyntaxTree tree = parse(sources, file, diagnostics);
  auto spent = std::chrono::steady_clock::now() - start;
  ASSERT_EQ(diagnostics.sorted().size(), 1u);
  EXPECT_EQ(diagnostics.sorted()[0].code, "E0002");
  EXPECT_LT(std::chrono::duration<double>(spent).count(), 0.05);
  EXPECT_FALSE(tree.complete);
}

TEST(TextCheck, LongNamesAndStringsGetShortMessages) {
  Parsed name("param " + std::string(1u << 20, 'a') + ": int");
  EXPECT_EQ(name.codes(), "E0007 1:7\n");
  Parsed text("param p: string = \"" + std::string(1u << 20, 'a') + "\"");
  EXPECT_EQ(text.codes(), "E0008 1:19\n");
  for (const Parsed* parsed : {&name, &text}) {
    std::string shown = render(parsed->diagnostics.sorted()[0], parsed->sources, false);
    EXPECT_LE(shown.size(), 1024u);
  }
  EXPECT_EQ(Parsed("param " + std::string(255, 'a') + ": int").codes(), "");
  EXPECT_EQ(Parsed("param " + std::string(256, 'a') + ": int").codes(), "E0007 1:7\n");
  EXPECT_EQ(Parsed("param p: string = \"" + std::string(65536, 'a') + "\"").codes(), "");
  EXPECT_EQ(Parsed("param p: string = \"" + std::string(65537, 'a') + "\"").codes(), "E0008 1:19\n");
}

struct Bytes {
  const char* name;
  std::string text;
  const char* codes;
};

TEST(TextCheck, WrongBytes) {
  const Bytes kTable[] = {
      {"byte-order mark", "\xEF\xBB\xBFmodule a", "E0003 1:1\n"},
      {"lone continuation", "module a\n\x80", "E0001 2:1\n"},
      {"overlong slash", "param p: string = \"\xC0\xAF\"", "E0001 1:20\n"},
      {"lone surrogate", "// \xED\xA0\x80", "E0001 1:4\n"},
      {"past the last code point", "// \xF4\x90\x80\x80", "E0001 1:4\n"},
      {"cut short", "// \xE2\x82", "E0001 1:4\n"},
      {"NUL in code", std::string("param p\0: int", 13), "E0004 1:8\n"},
      {"NUL in a string", std::string("param p: string = \"\0\"", 21), "E0004 1:20\n"},
      {"NUL in a comment", std::string("// \0", 4), "E0004 1:4\n"},
      {"escape sequence", "// \x1B[31m", "E0004 1:4\n"},
      {"carriage return alone", "// a\rparam", "E0004 1:5\n"},
  };
  for (const Bytes& row : kTable) EXPECT_EQ(Parsed(row.text).codes(), row.codes) << row.name;
  EXPECT_EQ(Parsed("module a\r\n// b\r\n").codes(), "");
}

std::string utf8(uint32_t c) {
  std::string out;
  append_utf8(out, c);
  return out;
}

TEST(TextCheck, EveryBidirectionalControlIsCaught) {
  const uint32_t kControls[] = {0x061C, 0x200E, 0x200F, 0x202A, 0x202B, 0x202C,
                                0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069};
  for (uint32_t c : kControls) {
    EXPECT_EQ(Parsed("param a" + utf8(c) + "b: int").codes(), "E0005 1:8\n") << std::hex << c;
    Parsed text("param p: string = \"a" + utf8(c) + "\"");
    EXPECT_EQ(text.codes(), "W0005 1:21\n") << std::hex << c;
    EXPECT_TRUE(text.tree.complete);
    EXPECT_EQ(Parsed("// " + utf8(c)).codes(), "W0005 1:4\n") << std::hex << c;
  }
}

TEST(TextCheck, InvisibleAndLookAlikeCharactersAreRefusedInNames) {
  for (uint32_t c : {0x200Bu, 0x200Cu, 0x200Du, 0x2060u, 0xFEFFu, 0x00ADu, 0x3164u, 0xFE0Fu, 0xE0041u}) {
    EXPECT_EQ(Parsed("param a" + utf8(c) + ": int").codes(), "E0005 1:8\n") << std::hex << c;
  }
  Parsed cyrillic("param \xD0\xB0gent: int");  // CYRILLIC SMALL LETTER A
  ASSERT_EQ(cyrillic.codes(), "E0006 1:7\n");
  EXPECT_EQ(cyrillic.diagnostics.sorted()[0].hints[0], "it looks like the ASCII character `a`");
  EXPECT_EQ(Parsed("param caf\xC3\xA9: int").codes(), "E0006 1:10\n");
  EXPECT_EQ(Parsed("param p: string = \"caf\xC3\xA9\" // \xE2\x80\xA6").codes(), "");
}

std::string brackets(size_t count, const char* open, const char* close) {
  std::string out = "p(x) :- x == ";
  for (size_t i = 0; i < count; ++i) out += open;
  out += "1";
  for (size_t i = 0; i < count; ++i) out += close;
  return out + ".";
}

TEST(Nesting, AThousandLevelsAreReadOnASmallStack) {
  run_on_big_stack(512 << 10, [] {
    for (auto [open, close] : {std::pair("(", ")"), std::pair("{", "}"), std::pair("[", "]"), std::pair("f(", ")"),
                               std::pair("not (", ")"), std::pair("count { a : ", "}")}) {
      Parsed parsed(brackets(1000, open, close));
      EXPECT_EQ(parsed.codes(), "") << open;
      EXPECT_EQ(print(parsed.tree), parsed.tree.text);
      EXPECT_FALSE(dump(parsed.tree).empty());
      EXPECT_EQ(Parsed(brackets(1001, open, close)).diagnostics.sorted()[0].code, "E0009") << open;
    }
  });
}

TEST(Nesting, TypesCountToo) {
  auto types = [](size_t count) {
    std::string out = "type T = ";
    for (size_t i = 0; i < count; ++i) out += i % 2 ? "set<" : "list<\n";
    return out + "int" + std::string(count, '>');
  };
  EXPECT_EQ(Parsed(types(1000)).codes(), "");
  EXPECT_EQ(Parsed(types(1001)).diagnostics.sorted()[0].code, "E0009");
}

TEST(Nesting, ComparisonsDoNotCount) {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += "p(x) :- x.list < 5, x.set < (6).\n";
  EXPECT_EQ(Parsed(text).codes(), "");
}

TEST(Nesting, FarTooDeepIsRefusedAtOnce) {
  for (size_t depth : {size_t{100'000}, size_t{10'000'000}}) {
    for (char open : {'(', '[', '{'}) {
      auto start = std::chrono::steady_clock::now();
      Parsed parsed("p(x) :- " + std::string(depth, open));
      std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
      EXPECT_EQ(parsed.codes(), "E0009 1:1009\n");
      EXPECT_LT(spent.count(), 0.5);
    }
  }
}

TEST(Nesting, MillionsOfNegationsAreReadFlat) {
  std::string text = "p(x) :- ";
  for (int i = 0; i < 1'000'000; ++i) text += "not ";
  run_on_big_stack(512 << 10, [&] { EXPECT_EQ(Parsed(text + "q(x).").codes(), ""); });
}

TEST(Size, TimeGrowsWithTheTextOnly) {
  auto seconds = [](int conditions) {
    std::string text = "p(x) :- q(x)";
    for (int i = 0; i < conditions; ++i) text += ", x.field != \"a\"";
    double best = 1e9;
    for (int run = 0; run < 5; ++run) {
      auto start = std::chrono::steady_clock::now();
      Parsed parsed(text + ".");
      EXPECT_EQ(parsed.codes(), "");
      best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
    return best;
  };
  double once = seconds(50'000), twice = seconds(100'000);
  EXPECT_LT(twice, 4 * once) << "a conjunction of 100,000 conditions must cost about twice that of 50,000";
}

TEST(LimitTable, NamesEveryLimitAndItsCode) {
  for (const LimitRow& row : limit_table({})) {
    EXPECT_GT(row.value, 0u);
    EXPECT_TRUE(row.code.starts_with("E00")) << row.name;
  }
}

}  // namespace
}  // namespace lictor
