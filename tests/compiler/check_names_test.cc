// What modules see of each other.
#include <gtest/gtest.h>

#include "tests/compiler/analyze_text.h"

namespace lictor {
namespace {

using Codes = std::vector<std::string>;

const SourceText kLibrary{"lib.lictor", R"(module lib.facts
enum Color { red, green }
entity Agent { color: Color = red }
relation owner(a: Agent, n: int)
private relation hidden(n: int)
private enum Secret { yes, no }
param most: int = 3
let double(n: int) = n * 2
request Act { n: int }
)"};

Codes codes_of(const std::string& text) { return codes(analyze_texts({kLibrary, {"m.lictor", text}})); }

TEST(Names, FullPathAndLastPart) {
  EXPECT_EQ(codes_of("module m\nuse lib.facts\np(a) :- lib.facts.owner(a, n), facts.owner(_, n), n > facts.most.\n"),
            Codes{});
}

TEST(Names, Alias) {
  EXPECT_EQ(
      codes_of(
          "module m\nuse lib.facts as f\np(a: f.Agent) :- f.owner(a, n), a.color == f.Color.red, f.double(n) > 1.\n"),
      Codes{});
  EXPECT_EQ(codes_of("module m\nuse lib.facts as f\np(a) :- facts.owner(a, _).\n"), Codes{"E0201"});
}

TEST(Names, ImportedByName) {
  EXPECT_EQ(codes_of("module m\nuse lib.facts (owner, most)\np(a) :- owner(a, n), n > most, a.color == green.\n"),
            Codes{});
  EXPECT_EQ(codes_of("module m\nuse lib.facts (owner)\np(a) :- owner(a, n), n > most.\n"), Codes{"E0401"});
}

TEST(Names, PrivateStaysInside) {
  EXPECT_EQ(codes_of("module m\nuse lib.facts (hidden)\n"), Codes{"E0205"});
  EXPECT_EQ(codes_of("module m\nuse lib.facts as f\np(n) :- f.hidden(n).\n"), Codes{"E0205"});
  EXPECT_EQ(codes_of("module m\nuse lib.facts as f\nparam s: f.Secret\n"), Codes{"E0205"});
}

TEST(Names, MembersAreVisibleWithTheirEnum) {
  EXPECT_EQ(codes_of("module m\nuse lib.facts (owner, Color)\np(red) :- owner(_, red).\n"), Codes{"E0208"});
  EXPECT_EQ(codes_of("module m\nuse lib.facts (owner)\np(red) :- owner(_, red).\n"), Codes{});
}

TEST(Names, RulesDefineOnlyRelationsOfTheirModule) {
  Analysis analysis =
      analyze_texts({kLibrary, {"m.lictor", "module m\nuse lib.facts (owner)\nowner(a, 1) :- owner(a, _).\n"}});
  EXPECT_EQ(codes(analysis), Codes{"E0202"}) << rendered(analysis);
}

TEST(Names, ImportsFromTwoModulesAreAmbiguous) {
  Analysis analysis =
      analyze_texts({kLibrary,
                     {"n.lictor", "module n\nparam most: int = 4\n"},
                     {"m.lictor", "module m\nuse lib.facts (most)\nuse n (most)\np(most) :- q(most).\nq(1).\n"}});
  EXPECT_EQ(codes(analysis), Codes{"E0206"}) << rendered(analysis);
}

TEST(Names, OneModuleOneFile) {
  Analysis analysis = analyze_texts({{"a.lictor", "module m\n"}, {"b.lictor", "module m\n"}});
  ASSERT_EQ(codes(analysis), Codes{"E0203"});
  EXPECT_EQ(analysis.diagnostics[0].related[0].place.file, "a.lictor");
}

TEST(Names, ModulesMayUseEachOther) {
  Analysis analysis = analyze_texts({{"a.lictor", "module a\nuse b (q)\nrelation s(x: int)\np(x) :- q(x).\n"},
                                     {"b.lictor", "module b\nuse a (s, p)\nq(x) :- s(x).\nt(x) :- p(x).\n"}});
  EXPECT_TRUE(analysis.ok) << rendered(analysis);
}

TEST(Names, LibraryModulesAreLoadedOnce) {
  Analysis analysis =
      analyze_texts({{"a.lictor", "module a\nuse std.governance (Severity)\nparam s: Severity = high\n"},
                     {"b.lictor", "module b\nuse std.governance (Severity)\nparam s: Severity = low\n"}});
  ASSERT_TRUE(analysis.ok) << rendered(analysis);
  EXPECT_EQ(analysis.modules.size(), 3u);
}

TEST(Names, EmptyFilesAreFine) { EXPECT_TRUE(analyze_texts({{"a.lictor", ""}, {"b.lictor", "// nothing\n"}}).ok); }

}  // namespace
}  // namespace lictor
