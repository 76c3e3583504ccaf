// Every file of tests/cases/bad is a program with mistakes. `// error E0312 E0310` at the end of a line says which
// diagnostics stand there; what the compiler reports must be exactly that: no code less, none more, on no other line.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

#include "compiler/analyze.h"
#include "tests/compiler/analyze_text.h"

namespace lictor {
namespace {

namespace fs = std::filesystem;

using Expected = std::map<uint32_t, std::vector<std::string>>;  // by line, sorted codes

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

Expected marks(const std::string& text) {
  Expected out;
  std::istringstream lines(text);
  std::string line;
  for (uint32_t number = 1; std::getline(lines, line); ++number) {
    size_t at = line.find("// error ");
    if (at == std::string::npos) continue;
    std::istringstream codes(line.substr(at + 9));
    for (std::string code; codes >> code;) out[number].push_back(code);
    std::sort(out[number].begin(), out[number].end());
  }
  return out;
}

Expected found(const Analysis& analysis, const std::string& file) {
  Expected out;
  for (const Diagnostic& diagnostic : analysis.diagnostics) {
    EXPECT_EQ(diagnostic.place.file, file) << diagnostic.message;
    out[diagnostic.place.line].push_back(diagnostic.code);
  }
  for (auto& [line, codes] : out) std::sort(codes.begin(), codes.end());
  return out;
}

std::vector<std::string> bad_files() {
  std::vector<std::string> out;
  for (const auto& entry : fs::directory_iterator(fs::path(LICTOR_SOURCE_DIR) / "tests/cases/bad")) {
    if (entry.path().extension() == ".lictor") out.push_back(entry.path().stem().string());
  }
  std::sort(out.begin(), out.end());
  return out;
}

class BadProgram : public testing::TestWithParam<std::string> {};

TEST_P(BadProgram, ReportsExactlyWhatIsMarked) {
  std::string file = GetParam() + ".lictor";
  std::string text = read(fs::path(LICTOR_SOURCE_DIR) / "tests/cases/bad" / file);
  Analysis analysis = analyze_texts({{file, text}});
  Expected expected = marks(text);
  ASSERT_FALSE(expected.empty()) << "the file marks no mistake";
  EXPECT_FALSE(analysis.ok);
  EXPECT_EQ(found(analysis, file), expected) << rendered(analysis);
}

INSTANTIATE_TEST_SUITE_P(Cases, BadProgram, testing::ValuesIn(bad_files()),
                         [](const auto& param_info) { return param_info.param; });

}  // namespace
}  // namespace lictor
