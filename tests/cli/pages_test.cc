// The pages of diagnostics tell the truth: what stands under "Wrong" gives the page's code, what stands under "Right" gives
// nothing. A block whose language is `text` only shows what cannot be written into a page (described() makes it); others are
// files, named after the language, by default policy.lictor. "Right" may leave out files that are as under "Wrong".
#include <gmock/gmock.h>

#include <fstream>
#include <map>
#include <set>
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

/// What a page can only describe, as files: bytes that are no text, and what is too large to be shown.
std::map<std::string, std::string> described(const std::string& code) {
  auto times = [](size_t n, std::string_view text) {
    std::string out;
    while (n-- > 0) out += text;
    return out;
  };
  auto policy = [](std::string text) { return std::map<std::string, std::string>{{"policy.lictor", std::move(text)}}; };
  if (code == "E0001") return policy("module a\n// caf\xE9\n");
  if (code == "E0002") return policy("module a\n" + times(17u << 10, std::string(1023, '/') + "\n"));
  if (code == "E0003") return policy("\xEF\xBB\xBFmodule a\n");
  if (code == "E0004") return policy("module a\nrelation p(text: string) { (\"bell: \x07\") }\n");
  if (code == "E0005") return policy("module a\nrelation access\u200Blevel(n: int)\n");
  if (code == "E0007") return policy("module a\nrelation " + times(300, "a") + "(n: int)\n");
  if (code == "E0008") return policy("module a\nrelation p(text: string) { (\"" + times(100 << 10, "a") + "\") }\n");
  if (code == "E0009")
    return policy("module a\nrelation p(n: int)\nq(n) :- p(n), " + times(1001, "(") + "n > 0" + times(1001, ")") +
                  ".\n");
  if (code == "E0010") return policy("module a\n" + times(2500, "relation 1\n"));
  if (code == "W0005") return policy("module a\nrelation p(text: string) { (\"admin\u200B\") }\n");
  if (code != "E0710") return {};
  return {{"policy.lictor",
           "module a\nentity User\nrequest R { user: User }\ndecision d(r: R) {\n  default deny \"no\"\n}\n"},
          {"request.json", "{\"user\": \"" + times(5000, "a") + "\"}"}};
}

/// Codes of what this version of the language does not have: floats, and values of a fixed length in requests.
const std::set<std::string> kOfNothing = {"E0326", "E0707"};

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
  } else if (!kOfNothing.contains(GetParam())) {
    auto files = described(GetParam());
    ASSERT_FALSE(files.empty()) << "nothing under \"Wrong\" is run";
    for (const auto& [name, text] : files) write(name, text);
    Ran ran = run();
    EXPECT_THAT(codes_of(ran.out), Contains(GetParam())) << ran.out.substr(0, 2000) << ran.err.substr(0, 2000);
    for (const auto& [name, text] : files) std::filesystem::remove(folder() / name);
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
