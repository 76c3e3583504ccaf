// lictor explain, and the pages it shows: every code has one, and it shows a wrong and a right example.
#include <gmock/gmock.h>

#include <fstream>
#include <set>
#include <sstream>

#include "grammar/diagnostics.h"
#include "tests/cli/command.h"

namespace lictor::test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class Explain : public CommandTest {};

TEST_F(Explain, ShowsAPageWhateverTheCase) {
  Ran ran = lictor({"explain", "e0201"});
  EXPECT_EQ(ran.code, 0);
  EXPECT_THAT(ran.out, StartsWith("E0201"));
}

TEST_F(Explain, AnUnknownCode) {
  Ran ran = lictor({"explain", "E9999"});
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.err, HasSubstr("there is no diagnostic `E9999`"));
}

TEST(Pages, EveryCodeHasAPageAndEveryPageACode) {
  std::set<std::string> codes, pages;
  for (const DiagInfo& one : all_diagnostics()) codes.insert(std::string(one.code));
  for (const auto& entry : std::filesystem::directory_iterator(LICTOR_SOURCE_DIR "/docs/diagnostics")) {
    if (entry.path().extension() == ".md") pages.insert(entry.path().stem().string());
  }
  pages.erase("README");
  for (const std::string& code : codes) EXPECT_TRUE(pages.count(code)) << "no page docs/diagnostics/" << code << ".md";
  for (const std::string& page : pages) EXPECT_TRUE(codes.count(page)) << "a page for no code: " << page;
}

TEST(Pages, EachHasATitleAWrongAndARightExample) {
  for (const DiagInfo& one : all_diagnostics()) {
    std::ifstream file(LICTOR_SOURCE_DIR "/docs/diagnostics/" + std::string(one.code) + ".md");
    std::ostringstream text;
    text << file.rdbuf();
    EXPECT_THAT(text.str(), StartsWith("# " + std::string(one.code) + ": "));
    EXPECT_THAT(text.str(), HasSubstr("\n## Wrong\n")) << one.code;
    EXPECT_THAT(text.str(), HasSubstr("\n## Right\n")) << one.code;
  }
}

}  // namespace
}  // namespace lictor::test
