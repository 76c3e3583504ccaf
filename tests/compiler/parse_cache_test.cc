// Analysing again with what was parsed before: the same findings as without, whatever changed in between; and the table
// of references changes no finding.
#include <gtest/gtest.h>

#include <random>

#include "tests/compiler/analyze_text.h"

namespace lictor {
namespace {

std::vector<std::string> start_texts() {
  return {
      "module a\nenum Level { low < high }\nentity Agent { level: Level }\n",
      "module b\nuse a (Agent, Level)\nrelation p(x: Agent, l: Level)\nq(x) :- p(x, l), l >= x.level.\n",
      "module c\nuse b (q)\nuse std.governance (alert)\nrequest R { a: string }\ndecision d(r: R) {\n"
      "  default deny \"no {r.a}\"\n  allow x: \"y\" if q(z), r.a == z.id then alert(severity: low, text: \"t\").\n}\n",
      "module e\ntest \"t\" {\n  given nothing(1)\n}\n"};
}

Analysis analyse(const std::vector<std::string>& texts, ParseCache* cache, bool references) {
  std::vector<SourceText> sources;
  for (size_t i = 0; i < texts.size(); ++i) sources.push_back({"f" + std::to_string(i) + ".lictor", texts[i]});
  AnalyzeOptions options;
  options.load_module = [](std::string_view name) -> std::optional<SourceText> {
    if (name != "std.governance") return std::nullopt;
    return SourceText{"std/governance.lictor",
                      "module std.governance\nenum Severity { low < critical }\n"
                      "obligation alert(severity: Severity, text: string)\n"};
  };
  options.parsed = cache;
  options.references = references;
  return analyze(std::move(sources), options);
}

TEST(ParseCache, GivesWhatParsingAnewGives) {
  std::mt19937 random(7);
  std::vector<std::string> texts = start_texts();
  ParseCache cache;
  for (int round = 0; round < 400; ++round) {
    switch (random() % 8) {
      case 0:  // another file: those behind it get other numbers
        texts.insert(texts.begin() + static_cast<ptrdiff_t>(random() % (texts.size() + 1)),
                     "module n" + std::to_string(round) + "\nx\n");
        break;
      case 1:
        if (texts.size() > 2) texts.erase(texts.begin() + static_cast<ptrdiff_t>(random() % texts.size()));
        break;
      case 2:
        texts = start_texts();
        break;
      default: {
        std::string& text = texts[random() % texts.size()];
        if (text.empty()) break;
        size_t at = random() % text.size();
        if (random() % 2 == 0)
          text.erase(at, 1 + random() % 3);
        else
          text.insert(at, 1, "ax(){}.,:\n"[random() % 10]);
      }
    }
    Analysis kept = analyse(texts, &cache, random() % 2 == 0), anew = analyse(texts, nullptr, false);
    ASSERT_EQ(rendered(kept), rendered(anew)) << "round " << round;
    ASSERT_EQ(kept.ok, anew.ok);
    ASSERT_EQ(kept.program.canonical, anew.program.canonical);
    ASSERT_EQ(dump(kept.program), dump(anew.program));
  }
}

TEST(ParseCache, ParsesWhatChangedAlone) {
  std::vector<std::string> texts = start_texts();
  ParseCache cache;
  analyse(texts, &cache, false);
  EXPECT_EQ(cache.parsed(), 5u);  // the library's module too
  analyse(texts, &cache, true);
  EXPECT_EQ(cache.parsed(), 5u);
  texts[2] += "// more\n";
  Analysis analysis = analyse(texts, &cache, false);
  EXPECT_EQ(cache.parsed(), 6u);
  EXPECT_EQ(analysis.sources->file(2).text(), texts[2]);
}

TEST(References, NothingIsKeptUnlessAskedFor) {
  EXPECT_FALSE(analyse(start_texts(), nullptr, false).references.has_value());
  Analysis analysis = analyse(start_texts(), nullptr, true);
  ASSERT_TRUE(analysis.references.has_value());
  std::string all;
  for (const Reference& reference : analysis.references->all()) {
    if (reference.span.file != 1) continue;
    all += std::string(analysis.sources->text(reference.span)) + ">" +
           std::to_string(analysis.sources->place(reference.target).line) +
           (reference.target.file == 1 ? " " : "@" + std::to_string(reference.target.file) + " ");
  }
  EXPECT_EQ(all,
            "b>1 a>1@0 Agent>3@0 Level>2@0 p>3 x>3 Agent>3@0 l>3 Level>2@0 q>4 x>4 p>3 x>4 l>4 l>4 x>4 level>3@0 ");
}

}  // namespace
}  // namespace lictor
