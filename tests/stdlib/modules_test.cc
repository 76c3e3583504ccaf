// The table of standard modules holds what stdlib/std/ holds: sorted, once each, byte for byte, under the name that the
// text itself declares.
#include "stdlib/modules.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace lictor {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = fs::path(LICTOR_SOURCE_DIR) / "stdlib";

TEST(StdModules, AreSortedByNameAndUnique) {
  auto modules = std_modules();
  ASSERT_FALSE(modules.empty());
  auto not_less = [](const StdModule& a, const StdModule& b) { return a.name >= b.name; };
  EXPECT_EQ(std::adjacent_find(modules.begin(), modules.end(), not_less), modules.end());
}

TEST(StdModules, AreTheFilesByteForByte) {
  for (const StdModule& module : std_modules()) {
    std::ifstream in(kFolder / module.file, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    EXPECT_EQ(module.text, text) << module.file;
  }
}

TEST(StdModules, NoFileIsLeftOut) {
  size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(kFolder / "std")) {
    if (entry.path().extension() == ".lictor") ++files;
  }
  EXPECT_EQ(files, std_modules().size());
}

TEST(StdModules, DeclareTheNameTheyAreFoundUnder) {
  for (const StdModule& module : std_modules()) {
    EXPECT_NE(("\n" + std::string(module.text)).find("\nmodule " + std::string(module.name) + "\n"), std::string::npos)
        << module.file;
  }
}

}  // namespace
}  // namespace lictor
