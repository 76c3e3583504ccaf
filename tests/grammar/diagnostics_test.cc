#include "grammar/diagnostics.h"

#include <gtest/gtest.h>

#include <set>

#include "grammar/source.h"

namespace lictor {
namespace {

TEST(Source, LinesAndColumnsCountFromOne) {
  SourceFile file("a", "ab\r\nc\n\nd");
  EXPECT_EQ(file.line_count(), 4u);
  EXPECT_EQ(file.line(1), "ab");
  EXPECT_EQ(file.line(3), "");
  EXPECT_EQ(file.line(4), "d");
  EXPECT_EQ(file.line_column(0), std::pair(1u, 1u));
  EXPECT_EQ(file.line_column(4), std::pair(2u, 1u));
  EXPECT_EQ(file.line_column(999), std::pair(4u, 2u));
}

TEST(Source, JoinTakesTheSmallestSpanOverBoth) {
  EXPECT_EQ(join({1, 5, 9}, {1, 2, 6}), (Span{1, 2, 9}));
  EXPECT_EQ(join({}, {1, 2, 6}), (Span{1, 2, 6}));
  EXPECT_EQ(join({1, 2, 6}, {}), (Span{1, 2, 6}));
}

TEST(Table, CodesAreUniqueAndHelpful) {
  std::set<std::string_view> codes;
  for (const DiagInfo& info : all_diagnostics()) {
    EXPECT_TRUE(codes.insert(info.code).second) << info.code << " is used twice";
    EXPECT_EQ(info.code.size(), 5u) << info.code;
    EXPECT_EQ(info.code[0], info.severity == Severity::kWarning ? 'W' : 'E') << info.code;
    EXPECT_FALSE(info.text.empty());
    EXPECT_TRUE(info.help.ends_with(".")) << info.code << " needs a sentence of help";
  }
}

TEST(Collector, SortsAndDropsDuplicates) {
  SourceMap sources;
  uint32_t a = sources.add("a.lictor", "one\ntwo\n"), b = sources.add("b.lictor", "three\n");
  Diagnostics diagnostics(sources);
  diagnostics.report(Diag::kExpected, {b, 0, 5}).arg("x").arg("y");
  diagnostics.report(Diag::kExpected, {a, 4, 7}).arg("x").arg("y");
  diagnostics.report(Diag::kExpected, {a, 0, 3}).arg("x").arg("y");
  diagnostics.report(Diag::kExpected, {a, 4, 7}).arg("x").arg("y");
  std::string places;
  for (const Diagnostic& d : diagnostics.sorted()) places += d.place.file + std::to_string(d.place.line) + " ";
  EXPECT_EQ(places, "a.lictor1 a.lictor2 b.lictor1 ");
  EXPECT_EQ(diagnostics.error_count(), 4u);
}

TEST(Collector, GivesTheHelpOfTheTableWhereAReportHasNoHint) {
  SourceMap sources;
  uint32_t a = sources.add("a.lictor", "one\n");
  Diagnostics diagnostics(sources);
  diagnostics.report(Diag::kSingleVariable, {a, 0, 1}).arg("who");
  diagnostics.report(Diag::kSingleVariable, {a, 1, 2}).arg("who").hint("did you mean `whom`?");
  diagnostics.report(Diag::kTypeMismatch, {a, 2, 3}).arg("an int").arg("a string");
  auto all = diagnostics.sorted();
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].hints, std::vector<std::string>{"write `_` or `_who` if it is meant to be ignored"});
  EXPECT_EQ(all[1].hints, std::vector<std::string>{"did you mean `whom`?"});
  EXPECT_EQ(all[2].hints, std::vector<std::string>{"Lictor never converts silently; convert explicitly"});
  EXPECT_EQ(general_help(info(Diag::kSingleVariable)), "Write `_` or `_NAME` if it is meant to be ignored.");
}

TEST(Collector, KnowsErrorsInsideOfASpan) {
  SourceMap sources;
  uint32_t a = sources.add("a.lictor", "one two three\n");
  Diagnostics diagnostics(sources);
  diagnostics.report(Diag::kHiddenText, {a, 1, 2}).arg("x").arg("y");
  diagnostics.report(Diag::kExpected, {a, 4, 7}).arg("x").arg("y");
  EXPECT_TRUE(diagnostics.has_error_in({a, 3, 8}));
  EXPECT_FALSE(diagnostics.has_error_in({a, 0, 4})) << "a warning is no error";
  EXPECT_FALSE(diagnostics.has_error_in({a, 5, 8}));
}

TEST(Collector, KeepsTheLimitAndCountsOn) {
  SourceMap sources;
  uint32_t a = sources.add("a", std::string(100, 'x'));
  Diagnostics diagnostics(sources, 10);
  for (uint32_t i = 0; i < 50; ++i) diagnostics.report(Diag::kExpected, {a, i, i + 1}).arg("x").arg("y");
  EXPECT_EQ(diagnostics.sorted().size(), 10u);
  EXPECT_EQ(diagnostics.error_count(), 50u);
}

TEST(Collector, CutsLongArgumentsBetweenCharacters) {
  SourceMap sources;
  uint32_t a = sources.add("a", "x");
  Diagnostics diagnostics(sources);
  std::string umlauts;
  for (int i = 0; i < 500; ++i) umlauts += "\xC3\xA4";
  diagnostics.report(Diag::kExpected, {a, 0, 1}).arg(umlauts).arg("a\nb\x1b");
  std::string message = diagnostics.sorted()[0].message;
  EXPECT_LT(message.size(), 300u);
  EXPECT_NE(message.find("\xC3\xA4..., found a\\nb\\x1b"), std::string::npos) << message;
}

std::string shown(const std::string& text, Span span, bool color = false) {
  SourceMap sources;
  sources.add("a.lictor", text);
  Diagnostics diagnostics(sources);
  diagnostics.report(Diag::kUnknownName, span).arg("name").arg("x").hint("did you mean `y`?");
  return render(diagnostics.sorted()[0], sources, color);
}

TEST(Render, CaretLine) {
  EXPECT_EQ(shown("module a\nparam x: int\n", {0, 15, 16}),
            "a.lictor:2:7: error: unknown name `x` [E0201]\n"
            "  param x: int\n"
            "        ^\n"
            "  hint: did you mean `y`?\n");
}

TEST(Render, TabsAndWideBytesKeepTheCaretInPlace) {
  EXPECT_EQ(shown("\t\"\xC3\xA4\xC3\xB6\" abc", {0, 8, 11}),
            "a.lictor:1:9: error: unknown name `x` [E0201]\n"
            "  \t\"\xC3\xA4\xC3\xB6\" abc\n"
            "  \t     ^~~\n"
            "  hint: did you mean `y`?\n");
}

TEST(Render, SeveralLinesShowTheFirst) {
  std::string out = shown("ab cd\nef\n", {0, 3, 8});
  EXPECT_NE(out.find("  ab cd\n     ^~...\n"), std::string::npos) << out;
}

TEST(Render, EndOfFileAndNoPlace) {
  EXPECT_NE(shown("ab", {0, 2, 2}).find("  ab\n    ^\n"), std::string::npos);
  EXPECT_EQ(shown("ab", {}), "error: unknown name `x` [E0201]\n  hint: did you mean `y`?\n");
}

TEST(Render, ControlCharactersNeverReachTheTerminal) {
  std::string out = shown("a \x1b[31m b", {0, 0, 1});
  EXPECT_EQ(out.find('\x1b'), std::string::npos);
  EXPECT_NE(shown("a", {0, 0, 1}, true).find("\033[1;31m"), std::string::npos);
}

TEST(Render, InvisibleCharactersAreShown) {
  std::string out = shown("a \xE2\x80\xAE b \xFF", {0, 0, 1});
  EXPECT_NE(out.find("  a ? b ?\n"), std::string::npos) << out;
  SourceMap sources;
  Diagnostics diagnostics(sources);
  diagnostics.report(Diag::kUnknownName, {}).arg("name").arg("a\xE2\x80\xAE\xFF\xC3\xA4");
  EXPECT_EQ(diagnostics.sorted()[0].message, "unknown name `a\\u{202e}\\xff\xC3\xA4`");
}

TEST(Render, LongLinesAreCutAroundTheCaret) {
  std::string out = shown(std::string(5000, 'a') + "X" + std::string(5000, 'b'), {0, 5000, 5001});
  EXPECT_LT(out.size(), 600u);
  size_t line = out.find("  aaa"), caret = out.find('^');
  ASSERT_NE(caret, std::string::npos);
  size_t column = caret - (out.rfind('\n', caret) + 1);
  EXPECT_EQ(out[line + column], 'X');
}

TEST(Render, RelatedPlaces) {
  SourceMap sources;
  uint32_t a = sources.add("a.lictor", "one\ntwo\n");
  Diagnostics diagnostics(sources);
  diagnostics.report(Diag::kUnknownName, {a, 4, 7}).arg("name").arg("x").related({a, 0, 3}, "declared here");
  EXPECT_NE(render(diagnostics.sorted()[0], sources, false).find("a.lictor:1:1: note: declared here\n  one\n  ^~~\n"),
            std::string::npos);
}

TEST(Nearest, FindsWhatATypoMeant) {
  std::vector<std::string> known = {"maturity", "component", "level", "id", "agent"};
  EXPECT_EQ(nearest_name("maturty", known), "maturity");
  EXPECT_EQ(nearest_name("amturity", known), "maturity");
  EXPECT_EQ(nearest_name("Maturity", known), "maturity");
  EXPECT_EQ(nearest_name("levle", known), "level");
  EXPECT_EQ(nearest_name("is", known), "id");
  EXPECT_EQ(nearest_name("zz", known), "");
  EXPECT_EQ(nearest_name("workspace", known), "");
  EXPECT_EQ(nearest_name("", known), "");
  EXPECT_EQ(nearest_name("agent", known), "") << "a name is not a typo of itself";
  EXPECT_EQ(nearest_name(std::string(1000, 'a'), {std::string(1001, 'a')}), "");
}

}  // namespace
}  // namespace lictor
