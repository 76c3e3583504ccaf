// Ten thousand spoilt texts: nothing crashes, every byte stays in the tree, and what is still complete keeps the laws
// of the formatter. The seed is fixed, so a failure repeats.
#include <gtest/gtest.h>

#include <random>

#include "grammar/format.h"
#include "tests/grammar/support.h"

namespace lictor {
namespace {

using testing::Parsed;

class Mutator {
 public:
  explicit Mutator(uint32_t seed) : random_(seed) {}

  std::string spoil(std::string text) {
    size_t times = 1 + below(4);
    for (size_t i = 0; i < times; ++i) {
      size_t at = below(text.size()), length = std::min(text.size() - at, below(20));
      switch (below(6)) {
        case 0:
          text.erase(at, length);
          break;
        case 1:
          text.insert(at, text.substr(below(text.size()), below(40)));
          break;
        case 2:
          text[at] = static_cast<char>(below(256));
          break;
        case 3:
          text.insert(at, kPieces[below(std::size(kPieces))]);
          break;
        case 4:
          text.resize(at + 1);
          break;
        default:
          std::swap(text[at], text[below(text.size())]);
          break;
      }
    }
    return text;
  }

 private:
  static constexpr const char* kPieces[] = {"(",  ")",  "{",    "}",  "[",  "]",   "\"",      ".",        ",",
                                            ":-", "=>", "not ", "//", "\n", "if ", "allow ",  "@",        "<",
                                            ">",  "??", "..",   "_",  "\\", "1",   "count {", "\xC3\xA4", "/// "};
  size_t below(size_t limit) { return limit == 0 ? 0 : std::uniform_int_distribution<size_t>(0, limit - 1)(random_); }
  std::mt19937 random_;
};

TEST(Mutation, TenThousandSpoiltTexts) {
  const std::string texts[] = {testing::data("example.lictor"), testing::data("crowded.lictor")};
  size_t complete = 0, refused = 0;
  for (uint32_t seed = 0; seed < 10'000; ++seed) {
    std::string text = Mutator(seed).spoil(texts[seed % 2]);
    Parsed parsed(text);
    ASSERT_EQ(print(parsed.tree), text) << seed;
    ASSERT_EQ(parsed.tree.complete, !parsed.diagnostics.has_errors()) << seed;
    if (!parsed.tree.complete) {
      ++refused;
      continue;
    }
    ++complete;
    std::string once = format(parsed.tree);
    Parsed again(once);
    ASSERT_EQ(testing::tokens(again.tree), testing::tokens(parsed.tree)) << seed;
    ASSERT_EQ(format(again.tree), once) << seed;
  }
  EXPECT_GT(complete, 1000u);
  EXPECT_GT(refused, 1000u);
}

}  // namespace
}  // namespace lictor
