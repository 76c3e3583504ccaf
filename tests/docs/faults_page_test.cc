// docs/faults.md names tests, and the sources have them: each test that the page names exists, and each test that carries
// the number of a row (P14_, R06_, S02_ ...) is named on the page.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

namespace lictor::docs {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = LICTOR_SOURCE_DIR;

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// "Suite.Name" of everything that `pattern` finds in the text, from its first two groups.
std::set<std::string> names(const std::string& text, const std::regex& pattern) {
  std::set<std::string> found;
  for (auto it = std::sregex_iterator(text.begin(), text.end(), pattern); it != std::sregex_iterator(); ++it) {
    found.insert((*it)[1].str() + "." + (*it)[2].str());
  }
  return found;
}

std::set<std::string> named_on_the_page() {
  return names(read(kRoot / "docs/faults.md"), std::regex("`([A-Z][A-Za-z]*)\\.([A-Z][A-Za-z0-9_]*)`"));
}

std::set<std::string> in_the_sources() {
  std::set<std::string> all;
  const std::regex test("TEST(?:_F|_P)?\\((\\w+),\\s*(\\w+)\\)");
  for (const auto& entry : fs::recursive_directory_iterator(kRoot / "tests")) {
    if (entry.path().extension() == ".cc") all.merge(names(read(entry.path()), test));
  }
  return all;
}

TEST(FaultsPage, NamesTestsThatExist) {
  std::set<std::string> tests = in_the_sources(), named = named_on_the_page();
  EXPECT_GT(named.size(), 50u);
  for (const std::string& name : named) EXPECT_TRUE(tests.contains(name)) << "docs/faults.md names " << name;
}

TEST(FaultsPage, LeavesOutNoTestOfARow) {
  std::set<std::string> named = named_on_the_page();
  const std::regex of_a_row("\\w+\\.[PRS][0-9][0-9]_\\w+");
  for (const std::string& name : in_the_sources()) {
    if (std::regex_match(name, of_a_row)) {
      EXPECT_TRUE(named.contains(name)) << "docs/faults.md leaves out " << name;
    }
  }
}

}  // namespace
}  // namespace lictor::docs
