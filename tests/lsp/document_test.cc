// Positions and changes. A plain model, a vector of characters in which everything is found by walking from the start,
// must hold the same text after any sequence of changes.
#include "lsp/document.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "tests/lsp/client.h"

namespace lictor::lsp {
namespace {

std::string utf8(char32_t c) {
  std::string out;
  if (c < 0x80) return {static_cast<char>(c)};
  if (c < 0x800) out += static_cast<char>(0xC0 | (c >> 6));
  if (c >= 0x800 && c < 0x10000) out += static_cast<char>(0xE0 | (c >> 12));
  if (c >= 0x10000) out += {static_cast<char>(0xF0 | (c >> 18)), static_cast<char>(0x80 | ((c >> 12) & 0x3F))};
  if (c >= 0x800) out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
  return out += static_cast<char>(0x80 | (c & 0x3F));
}

std::string utf8(const std::u32string& text) {
  std::string out;
  for (char32_t c : text) out += utf8(c);
  return out;
}

uint32_t width(char32_t c, Encoding encoding) {
  if (encoding == Encoding::kUtf8) return static_cast<uint32_t>(utf8(c).size());
  return encoding == Encoding::kUtf16 && c > 0xFFFF ? 2 : 1;
}

/// The document as the client has it.
struct Model {
  std::u32string text;
  Encoding encoding;

  bool breaks(size_t at) const {
    bool pair = text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n';
    return text[at] == '\n' || (text[at] == '\r' && !pair);
  }
  /// The character that a position stands before; past the end of a line or of the text, that end.
  size_t index(Position position) const {
    size_t at = 0;
    for (uint32_t line = 0; line < position.line; ++line) {
      while (at < text.size() && !breaks(at)) ++at;
      if (at == text.size()) return at;
      ++at;
    }
    for (uint32_t used = 0; at < text.size() && text[at] != '\r' && text[at] != '\n'; ++at) {
      if (used == position.character) break;
      used += width(text[at], encoding);
    }
    return at;
  }
  Position position(size_t index) const {
    Position out;
    for (size_t at = 0; at < index; ++at) {
      bool inside_break = text[at] == '\r' && !breaks(at);
      if (breaks(at))
        out = {out.line + 1, 0};
      else if (!inside_break)
        out.character += width(text[at], encoding);
    }
    return out;
  }
  void replace(Range range, const std::u32string& with) {
    size_t begin = index(range.start), end = index(range.end);
    if (begin > end) std::swap(begin, end);
    text.replace(begin, end - begin, with);
  }
};

std::u32string random_text(std::mt19937& random, size_t most) {
  static const std::u32string kLetters = U"ab .\n\n\r\u00e9\u6f22\U0001F600";
  std::u32string out;
  for (size_t n = random() % (most + 1); n > 0; --n) {
    if (random() % 12 == 0)
      out += U"\r\n";
    else
      out += kLetters[random() % kLetters.size()];
  }
  return out;
}

/// Mostly a place in the text, now and then one outside of it.
Position random_position(std::mt19937& random, const Model& model) {
  if (random() % 20 == 0) return {static_cast<uint32_t>(random() % 50), 1000};
  if (random() % 40 == 0) return {UINT32_MAX, static_cast<uint32_t>(random() % 5)};
  return model.position(random() % (model.text.size() + 1));
}

uint64_t edits_to_make() {
  const char* given = std::getenv("LICTOR_LSP_EDITS");
  return given == nullptr ? 100'000 : std::strtoull(given, nullptr, 10);
}

class RandomEdits : public ::testing::TestWithParam<std::string> {};

/// Through the server, as an editor sends them: several changes in one message, now and then the whole text.
TEST_P(RandomEdits, TheDocumentIsTheClients) {
  const std::string name = GetParam();
  Encoding encoding = name == "utf-8" ? Encoding::kUtf8 : name == "utf-16" ? Encoding::kUtf16 : Encoding::kUtf32;
  std::mt19937 random(42 + static_cast<uint32_t>(encoding));
  Client client(false);
  client.call("initialize", {{"capabilities", {{"general", {{"positionEncodings", {name}}}}}}});
  const std::string uri = "untitled:one";
  Model model{U"first\nsecond \U0001F600\r\nthird", encoding};
  client.open(uri, utf8(model.text));
  const Document& document = *const_cast<Workspace&>(client.server.workspace()).find(uri);
  uint64_t share = edits_to_make() / 3 + 1;
  for (uint64_t done = 0; done < share;) {
    json changes = json::array();
    for (size_t n = 1 + random() % 3; n > 0; --n, ++done) {
      bool whole = random() % 500 == 0 || model.text.size() > 400;
      std::u32string text = random_text(random, whole ? 60 : 8);
      if (whole) {
        model.text = text;
        changes.push_back({{"text", utf8(text)}});
        continue;
      }
      Range range{random_position(random, model), random_position(random, model)};
      if (random() % 3 == 0) range.end = range.start;
      model.replace(range, text);
      changes.push_back({{"range", to_json(range)}, {"text", utf8(text)}});
    }
    client.notify("textDocument/didChange",
                  {{"textDocument", {{"uri", uri}, {"version", 2}}}, {"contentChanges", changes}});
    ASSERT_EQ(document.text(), utf8(model.text)) << "after " << done << " edits";
    size_t index = random() % (model.text.size() + 1);
    bool inside_break =
        index > 0 && index < model.text.size() && model.text[index] == '\n' && model.text[index - 1] == '\r';
    size_t offset = utf8(model.text.substr(0, index)).size();
    if (!inside_break) {
      ASSERT_EQ(document.position(offset, encoding), model.position(index)) << "after " << done << " edits";
      ASSERT_EQ(document.offset(model.position(index), encoding), offset) << "after " << done << " edits";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Document, RandomEdits, ::testing::Values("utf-8", "utf-16", "utf-32"));

TEST(Document, CountsInTheAgreedUnit) {
  Document document("a\u00e9\u6f22\U0001F600z\n");
  struct Row {
    Encoding encoding;
    uint32_t before_z;
  };
  for (Row row : {Row{Encoding::kUtf8, 10}, Row{Encoding::kUtf16, 5}, Row{Encoding::kUtf32, 4}}) {
    EXPECT_EQ(document.position(10, row.encoding), (Position{0, row.before_z}));
    EXPECT_EQ(document.offset({0, row.before_z}, row.encoding), 10u);
  }
}

TEST(Document, LinesEndInThreeWays) {
  Document document("a\rb\r\nc\n\rd");
  EXPECT_EQ(document.line_count(), 5u);
  EXPECT_EQ(document.offset({1, 99}, Encoding::kUtf16), 3u);  // before the \r
  EXPECT_EQ(document.offset({4, 0}, Encoding::kUtf16), 8u);
  document.replace({{1, 1}, {2, 0}}, Encoding::kUtf16, "\r");  // the \n goes, its \r is typed anew
  EXPECT_EQ(document.text(), "a\rb\rc\n\rd");
  EXPECT_EQ(document.line_count(), 5u);
  document.replace({{2, 0}, {2, 0}}, Encoding::kUtf16, "\n");  // and becomes a \r\n again
  EXPECT_EQ(document.line_count(), 5u);
}

TEST(Document, OutsideOfTheTextIsItsEnd) {
  Document document("one\ntwo");
  document.replace({{7, 3}, {900, 1}}, Encoding::kUtf16, "!");
  EXPECT_EQ(document.text(), "one\ntwo!");
  document.replace({{0, 4000000000u}, {0, 4000000000u}}, Encoding::kUtf16, "?");
  EXPECT_EQ(document.text(), "one?\ntwo!");
  document.replace({{1, 2}, {0, 1}}, Encoding::kUtf16, "");
  EXPECT_EQ(document.text(), "oo!");
}

/// The client's text then has a lone surrogate, which UTF-8 has not: U+FFFD keeps every later position in step.
TEST(Document, InsideOfAPair) {
  for (bool first : {true, false}) {
    Document document("a\U0001F600b");
    document.replace(first ? Range{{0, 1}, {0, 2}} : Range{{0, 2}, {0, 3}}, Encoding::kUtf16, "");
    EXPECT_EQ(document.text(), "a\uFFFDb");
    EXPECT_EQ(document.offset({0, 2}, Encoding::kUtf16), 4u);
  }
  Document document("\U0001F600");
  document.replace({{0, 1}, {0, 1}}, Encoding::kUtf16, "xy");
  EXPECT_EQ(document.text(), "\uFFFDxy\uFFFD");
  EXPECT_EQ(document.position(document.text().size(), Encoding::kUtf16), (Position{0, 4}));
}

}  // namespace
}  // namespace lictor::lsp
