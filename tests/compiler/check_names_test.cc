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

TEST(Names, OneMistakeIsOneDiagnostic) {
  EXPECT_EQ(codes_of("module m\nuse lib.fact (owner, most)\np(a) :- owner(a, n), n > most, lib.fact.owner(a, _).\n"),
            Codes{"E0204"});
  EXPECT_EQ(codes_of("module m\nuse lib.fact as f\nparam c: f.Color\np(a) :- f.owner(a, n), f.double(n) > f.most.\n"),
            Codes{"E0204"});
  EXPECT_EQ(codes_of("module m\nuse lib.facts (ownr)\np(a) :- ownr(a, _).\n"), Codes{"E0312"});
  EXPECT_EQ(codes_of("module m\nrelation q(x: int) { (1 }\np(x) :- q(x).\n"), Codes{"E0101"});
  EXPECT_EQ(codes_of("module m\np(x) :- .\nq(x) :- p(x).\ntest \"t\" { expect rows p(x) { (1) } }\n"), Codes{"E0101"});
  EXPECT_EQ(codes_of("module m\ndecision d(r: Nothing) {\n  default deny \"{r.a}\"\n  allow a if r.b == low.\n}\n"),
            Codes{"E0201"});
  EXPECT_EQ(codes_of("module m\nuse lib.facts (owner)\np(a) :- ownr(a, _).\n"), Codes{"E0201"})
      << "what has no other mistake is still unknown";
}

TEST(Names, WhatHasOneNameOutsideIsOneThing) {
  EXPECT_EQ(codes_of("module m\nrequest R { a: int as \"b\", b: int }\n"), Codes{"E0202"});
  EXPECT_EQ(codes_of("module m\nenum E { a as \"x\", b as \"x\" }\n"), Codes{"E0202"});
  EXPECT_EQ(codes_of("module m\nentity E { a: int as \"id\" }\n"), Codes{"E0211"});
  EXPECT_EQ(codes_of("module m\nrequest R { a: int as \"b\", b: int as \"a\" }\n"), Codes{});
}

TEST(Names, TypesThatNameThemselves) {
  EXPECT_EQ(codes_of("module m\ntype A = A\n"), Codes{"E0209"});
  EXPECT_EQ(codes_of("module m\ntype A = set<B>\ntype B = map<int, A>\n"), Codes{"E0209"});
  EXPECT_EQ(codes_of("module m\ntype A = B\ntype B = int\nrelation p(a: A) { (1) }\n"), Codes{});
}

TEST(Names, InstancesOfTypesFurtherDown) {
  EXPECT_EQ(codes_of("module m\nentity A { b: B = B(\"zz\") }\nentity B { n: int } { (\"b\", n: 1) }\n"),
            Codes{"E0407"});
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
