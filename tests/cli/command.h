// Runs the built command as a user would, in a folder of the test's own, with a time limit.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace lictor::test {

struct Ran {
  int code = -1;    // the exit code; 128 + signal when one ended it, 124 when it ran out of time
  std::string out;  // stdout
  std::string err;  // stderr
  double seconds = 0;
  long peak_kilobytes = 0;  // of memory in use
};

struct RunOptions {
  std::string input = {};                       // stdin
  std::map<std::string, std::string> env = {};  // on top of a bare environment
  bool terminal = false;                        // stdout and stderr are one pseudo-terminal; all comes in `out`
  std::chrono::seconds limit{60};
};

/// A fresh folder for each test, removed afterwards; the command runs in it.
class CommandTest : public ::testing::Test {
 protected:
  CommandTest();
  ~CommandTest() override;

  /// Runs `lictor ARGS...`.
  Ran lictor(const std::vector<std::string>& args, const RunOptions& options = {}) const;
  /// Writes a file below the folder, making folders on the way.
  void write(const std::string& path, std::string_view text) const;
  std::string read(const std::string& path) const;
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
};

/// Runs any program the same way.
Ran run_program(const std::vector<std::string>& words, const std::filesystem::path& folder,
                const RunOptions& options = {});

/// Parses; a mistake fails the test and gives null.
nlohmann::json parse_json(const std::string& text);

/// The codes of an array of diagnostics.
std::vector<std::string> codes_of(const std::string& diagnostics);

/// A small policy that most tests use: module `doors`, decision `enter`, relation `opens` with inline rows.
extern const std::string_view kDoors;

}  // namespace lictor::test
