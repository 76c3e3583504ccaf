// What the documents show is true: README.md and docs/**/*.md are read when the tests are listed, and each example in
// them is a test. A ```lictor block passes `lictor check`, and `lictor test` when it holds tests (```lictor fragment is
// not a whole module and is left alone; docs/diagnostics/ shows mistakes too, tests/cli/pages_test.cc runs them). In a
// ```console block each `$ lictor ...` is run, in a folder of its own per document that holds copies of policies/ and
// examples/, and must print what is shown below it. A block with `file=NAME` is written into that folder.
// C++ examples that open with `// compile` are built and run by tests/docs/CMakeLists.txt.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>
#include <string>
#include <vector>

#include "tests/docs/markdown.h"

namespace lictor::docs {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = LICTOR_SOURCE_DIR;

fs::path command_path() {
  const char* given = std::getenv("LICTOR");
  return given != nullptr ? given : LICTOR_COMMAND;
}

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// README.md and docs/**/*.md, relative to the root, sorted.
std::vector<fs::path> documents() {
  std::vector<fs::path> files{"README.md"};
  std::error_code none;
  for (const auto& entry : fs::recursive_directory_iterator(kRoot / "docs", none)) {
    if (entry.path().extension() == ".md") files.push_back(fs::relative(entry.path(), kRoot));
  }
  std::sort(files.begin(), files.end());
  return files;
}

struct Example {
  fs::path file;
  Block block;
};

void PrintTo(const Example& example, std::ostream* out) { *out << example.file.string() << ":" << example.block.line; }

std::vector<Example> examples(std::string_view language) {
  std::vector<Example> found;
  for (const fs::path& file : documents()) {
    if (file.parent_path().filename() == "diagnostics") continue;
    for (Block& block : fenced_blocks(read(kRoot / file))) {
      bool alone = block.attribute != "fragment" && !block.attribute.starts_with("file=");
      if (block.language == language && alone) found.push_back({file, std::move(block)});
    }
  }
  return found;
}

std::string identifier(std::string text) {
  std::replace_if(text.begin(), text.end(), [](unsigned char c) { return !std::isalnum(c); }, '_');
  return text;
}

/// A new empty folder, removed with its content at the end.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "lictor-docs-XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~Folder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;  // owns the folder
  Folder& operator=(const Folder&) = delete;

  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

struct Outcome {
  int status = -1;
  std::string output;  // both streams, as a reader sees them
};

/// Runs a shell command in a folder, the tested `lictor` first on the path.
Outcome run(const fs::path& folder, const std::string& command) {
  std::string line = "cd '" + folder.string() + "' && PATH='" + command_path().parent_path().string() +
                     "':\"$PATH\" NO_COLOR=1 && export PATH NO_COLOR && { " + command + "\n} 2>&1 </dev/null";
  FILE* pipe = popen(line.c_str(), "r");
  if (pipe == nullptr) return {};
  Outcome outcome;
  std::array<char, 4096> buffer{};
  for (size_t n = 0; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) outcome.output.append(buffer.data(), n);
  int status = pclose(pipe);
  outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return outcome;
}

// ---- Policies -------------------------------------------------------------------------------------------------------

class PolicyExample : public testing::TestWithParam<Example> {};

TEST_P(PolicyExample, ChecksAndPassesItsTests) {
  Folder folder;
  std::ofstream(folder.path() / "example.lictor", std::ios::binary) << GetParam().block.text;
  Outcome checked = run(folder.path(), "lictor check example.lictor");
  EXPECT_EQ(checked.status, 0) << checked.output;
  if (GetParam().block.text.find("test \"") == std::string::npos) return;
  Outcome tested = run(folder.path(), "lictor test example.lictor");
  EXPECT_EQ(tested.status, 0) << tested.output;
}

INSTANTIATE_TEST_SUITE_P(Documents, PolicyExample, testing::ValuesIn(examples("lictor")), [](const auto& info) {
  return identifier(info.param.file.string() + "_line_" + std::to_string(info.param.block.line));
});

// ---- Commands -------------------------------------------------------------------------------------------------------

class ConsoleSession : public testing::TestWithParam<fs::path> {};

std::vector<fs::path> documents_with_sessions() {
  std::vector<fs::path> files;
  for (const Example& example : examples("console")) {
    if (files.empty() || files.back() != example.file) files.push_back(example.file);
  }
  return files;
}

/// Runs the block's `lictor` commands; commands of the surroundings (`$ ./dev build`) are only shown.
void expect_session(const fs::path& folder, const fs::path& file, const Block& block) {
  for (const Command& command : console_commands(block.text)) {
    if (!command.text.starts_with("lictor ")) continue;
    Outcome outcome = run(folder, command.text);
    EXPECT_TRUE(output_matches(command.expected, split_lines(outcome.output)))
        << file.string() << ":" << block.line + command.line << ": $ " << command.text << "\nprinted (status "
        << outcome.status << "):\n"
        << outcome.output;
  }
}

TEST_P(ConsoleSession, PrintsWhatIsShown) {
  Folder folder;
  for (const char* shared : {"policies", "examples"}) {
    if (fs::exists(kRoot / shared)) fs::copy(kRoot / shared, folder.path() / shared, fs::copy_options::recursive);
  }
  for (const Block& block : fenced_blocks(read(kRoot / GetParam()))) {
    if (block.language == "console" && block.attribute != "fragment") expect_session(folder.path(), GetParam(), block);
    if (!block.attribute.starts_with("file=")) continue;
    fs::path file = folder.path() / block.attribute.substr(5);
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << block.text;
  }
}

INSTANTIATE_TEST_SUITE_P(Documents, ConsoleSession, testing::ValuesIn(documents_with_sessions()),
                         [](const auto& info) { return identifier(info.param.string()); });

// ---- Links ----------------------------------------------------------------------------------------------------------

class Links : public testing::TestWithParam<fs::path> {};

/// Targets of `[text](target)` outside of code blocks that name a file of the tree.
std::vector<std::string> linked_files(const std::string& markdown) {
  std::vector<std::string> targets;
  for (size_t at = markdown.find("]("); at != std::string::npos; at = markdown.find("](", at + 1)) {
    size_t end = markdown.find_first_of(")\n", at);
    if (end == std::string::npos || markdown[end] != ')') continue;
    std::string target = markdown.substr(at + 2, end - at - 2);
    target.erase(std::min(target.find('#'), target.size()));
    if (!target.empty() && target.find("://") == std::string::npos && !target.starts_with("mailto:")) {
      targets.push_back(target);
    }
  }
  return targets;
}

TEST_P(Links, LeadToFilesThatExist) {
  fs::path file = kRoot / GetParam();
  for (const std::string& target : linked_files(read(file))) {
    EXPECT_TRUE(fs::exists(file.parent_path() / target)) << GetParam().string() << " links to " << target;
  }
}

INSTANTIATE_TEST_SUITE_P(Documents, Links, testing::ValuesIn(documents()),
                         [](const auto& info) { return identifier(info.param.string()); });

}  // namespace
}  // namespace lictor::docs
