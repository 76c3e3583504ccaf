// Broken programs: whatever is changed in a good one, the analysis ends, and a name that is changed is refused.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "tests/compiler/analyze_text.h"

namespace lictor {
namespace {

namespace fs = std::filesystem;

constexpr const char* kProgram = R"(module m
use std.governance (alert)
enum Level { low < mid < high }
entity Group in Group {}
entity User in Group { level: Level = low, score: decimal = 0.5, boss: User? }
relation amount(owner: User, value: int 0..100, since: time)
relation table(name: string, least: Level) key(name) { ("one", low) ("two", high) }
request Act { user: User, action: string, count: int, labels: map<string, string> }
param bound: int = 100
let chief(someone: User) -> User? = someone.boss ?? someone.boss?.boss
let spent(someone: User) -> int = sum { part, day : amount(someone, part, day) }
acts(query: Act, actor) :- (actor = query.user or acts(query, below), some actor = chief(below)).
reach(inner, outer) :- Group(inner), inner in outer, Group(outer), outer != inner.
small(owner) :- amount(owner, value, _), value < bound, not reach(Group("a"), Group("b")).
decision govern(request_given: Act) {
  default deny "nothing for {request_given.action}"
  allow fine: "{actor} at {needed}"
    if acts(request_given, actor), table(request_given.action, needed), actor.level >= needed, spent(actor) < bound,
       forall (amount(actor, value, day)) => (value > 3, day < now)
    then alert(severity: medium, text: "fine").
  deny label: "no" if some found = request_given.labels["x"], (found == "a" or starts_with(found, "b")).
}
test "one" {
  given User("u", level: high) in Group("g")
  at time"2026-01-01T00:00:00Z"
  expect govern(user: "u", action: "one", count: 1, labels: {}) allow fine
}
)";

struct Word {
  size_t begin, size;
};

/// The words of a text outside of strings and comments.
std::vector<Word> words(std::string_view text) {
  std::vector<Word> out;
  for (size_t at = 0; at < text.size();) {
    if (text[at] == '"') {
      at = text.find('"', at + 1) + 1;
      continue;
    }
    size_t end = at;
    while (end < text.size() && (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '_')) ++end;
    if (end > at && std::isalpha(static_cast<unsigned char>(text[at])) != 0) out.push_back({at, end - at});
    at = std::max(end, at + 1);
  }
  return out;
}

TEST(Mutation, TheProgramItselfIsFine) {
  Analysis analysis = analyze_text(kProgram);
  EXPECT_TRUE(analysis.ok) << rendered(analysis);
}

TEST(Mutation, EveryMisspeltWordIsRefused) {
  const std::string text = kProgram;
  // Names that nothing but their declaration mentions may be called anything.
  const std::vector<std::string> free{"m",     "one",   "fine",  "label", "count", "mid",
                                      "score", "owner", "value", "since", "small", "least"};
  size_t changed = 0;
  for (const Word& word : words(text)) {
    std::string name = text.substr(word.begin, word.size);
    if (std::find(free.begin(), free.end(), name) != free.end()) continue;
    std::string mutated = text;
    mutated.insert(word.begin + word.size, "zq");
    EXPECT_FALSE(analyze_text(mutated).ok) << name << " at byte " << word.begin;
    ++changed;
  }
  EXPECT_GT(changed, 100u);
}

std::string mutate(std::string text, std::mt19937& random) {
  auto pick = [&](size_t n) { return static_cast<size_t>(random() % n); };
  for (size_t n = 1 + pick(3); n > 0; --n) {
    std::vector<Word> all = words(text);
    if (all.size() < 2) return text;
    Word a = all[pick(all.size())], b = all[pick(all.size())];
    std::string other = text.substr(b.begin, b.size);
    switch (pick(5)) {
      case 0:
        text.replace(a.begin, a.size, other);
        break;
      case 1:
        text.erase(a.begin, a.size);
        break;
      case 2:
        text.insert(a.begin, other + " ");
        break;
      case 3:
        text.replace(a.begin, a.size, "(" + other + ")");
        break;
      default:
        text.replace(a.begin, a.size, std::to_string(pick(1000)));
        break;
    }
  }
  return text;
}

TEST(Mutation, TheAnalysisAlwaysEnds) {
  std::vector<std::string> seeds{kProgram};
  for (const auto& entry : fs::directory_iterator(fs::path(LICTOR_SOURCE_DIR) / "tests/cases/bad")) {
    std::ifstream in(entry.path(), std::ios::binary);
    seeds.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  std::sort(seeds.begin(), seeds.end());
  std::mt19937 random(20260101);
  size_t accepted = 0;
  for (int i = 0; i < 3000; ++i) {
    // Each third one begins as a program without mistakes, however many files with mistakes there are.
    bool sound = i % 3 == 0;
    std::string text = mutate(sound ? std::string(kProgram) : seeds[static_cast<size_t>(i) % seeds.size()], random);
    Analysis analysis = analyze_text(text);
    bool error = std::any_of(analysis.diagnostics.begin(), analysis.diagnostics.end(),
                             [](const Diagnostic& d) { return d.severity == Severity::kError; });
    ASSERT_EQ(analysis.ok, !error) << text;
    accepted += analysis.ok ? 1 : 0;
    EXPECT_FALSE(analysis.ok && dump(analysis.program).empty());
  }
  EXPECT_GT(accepted, 0u);
}

}  // namespace
}  // namespace lictor
