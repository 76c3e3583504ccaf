// The pages of diagnostics tell the truth: what stands under "Wrong" gives the page's code, what stands under "Right" gives
// nothing. A block whose language is `text` only shows what cannot be written into a page; others are files, named after
// the language, by default policy.lictor. "Right" may leave out files that are as under "Wrong".
#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "tests/cli/command.h"

namespace lictor::test {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;

const std::filesystem::path kPages = LICTOR_SOURCE_DIR "/docs/diagnostics";

std::vector<std::string> page_codes() {
  std::vector<std::string> codes;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(kPages, none)) {
    if (entry.path().extension() == ".md") codes.push_back(entry.path().stem().string());
  }
  std::sort(codes.begin(), codes.end());
  return codes;
}

class DiagnosticPage : public CommandTest, public ::testing::WithParamInterface<std::string> {
 protected:
  /// Writes the files of a section; false when it has none.
  bool write_files(const std::string& section) {
    std::istringstream lines(section);
    std::string line, name, text;
    bool inside = false, any = false;
    while (std::getline(lines, line)) {
      if (line.starts_with("```") && !inside) {
        std::istringstream info(line.substr(3));
        std::string language;
        name.clear();
        info >> language >> name;
        if (name.empty()) name = language == "text" ? "" : "policy.lictor";
        text.clear();
        inside = true;
      } else if (line.starts_with("```")) {
        inside = false;
        if (!name.empty()) write(name, text);
        any |= !name.empty();
      } else if (inside) {
        text += line + "\n";
      }
    }
    return any;
  }

  bool has(const char* name) const { return std::filesystem::exists(folder() / name); }

  /// Runs the command that reads the files: `eval` for a request, `query` for facts, else `check`.
  Ran run() {
    if (has("request.json")) return lictor({"eval", "-b", ".", "-r", "request.json", "--format", "json"});
    if (!has("facts.json")) return lictor({"check", ".", "--format", "json"});
    write("probe.lictor", "module probe\nrelation probe(n: int) { (1) }\n");
    return lictor({"query", "-b", ".", "--facts", "facts.json", "probe(n)", "--format", "json"});
  }
};

TEST_P(DiagnosticPage, ItsExamplesAreWrongAndRight) {
  std::ifstream file(kPages / (GetParam() + ".md"));
  std::ostringstream all;
  all << file.rdbuf();
  std::string page = all.str();
  size_t wrong = page.find("\n## Wrong\n"), right = page.find("\n## Right\n");
  ASSERT_LT(wrong, right);
  if (write_files(page.substr(wrong, right - wrong))) {
    Ran ran = run();
    EXPECT_THAT(codes_of(ran.out), Contains(GetParam())) << ran.out << ran.err;
  }
  ASSERT_TRUE(write_files(page.substr(right)));
  Ran ran = run();
  EXPECT_LE(ran.code, 1) << ran.out << ran.err;
  if (!has("request.json") && !has("facts.json")) {
    EXPECT_EQ(ran.out, "[]\n");
  }
}

INSTANTIATE_TEST_SUITE_P(Pages, DiagnosticPage, ::testing::ValuesIn(page_codes()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace lictor::test
