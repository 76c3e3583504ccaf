// lictor test --watch: sees every way in which files change, and ends when it is told to.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>

#include "cli/watch.h"
#include "tests/cli/command.h"

namespace lictor::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

/// A process whose outputs are read while it runs.
class Running {
 public:
  Running(const std::vector<std::string>& args, const std::filesystem::path& folder) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) std::abort();
    child_ = fork();
    if (child_ == 0) {
      dup2(ends[1], 1);
      dup2(ends[1], 2);
      if (chdir(folder.c_str()) != 0) _exit(126);
      std::vector<char*> words = {const_cast<char*>(LICTOR_COMMAND)};
      for (const std::string& arg : args) words.push_back(const_cast<char*>(arg.c_str()));
      words.push_back(nullptr);
      execv(words[0], words.data());
      _exit(127);
    }
    ::close(ends[1]);
    out_ = ends[0];
  }
  ~Running() {
    if (child_ > 0) {
      kill(child_, SIGKILL);
      waitpid(child_, nullptr, 0);
    }
    ::close(out_);
  }
  Running(const Running&) = delete;  // owns a process
  Running& operator=(const Running&) = delete;

  /// What came since the last call, up to and with `text`; fails the test when a minute passes without it.
  std::string until(const std::string& text) {
    auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    for (;;) {
      if (size_t at = unread_.find(text); at != std::string::npos) {
        std::string out = unread_.substr(0, at + text.size());
        unread_.erase(0, at + text.size());
        return out;
      }
      auto rest = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
      pollfd ready{out_, POLLIN, 0};
      char buffer[4096];
      if (rest.count() <= 0 || poll(&ready, 1, static_cast<int>(rest.count())) <= 0) break;
      ssize_t n = ::read(out_, buffer, sizeof buffer);
      if (n <= 0) break;
      unread_.append(buffer, static_cast<size_t>(n));
    }
    ADD_FAILURE() << "`" << text << "` did not come; there was: " << unread_;
    return "";
  }

  /// The exit code after a signal.
  int end(int signal) {
    kill(child_, signal);
    int status = 0;
    waitpid(child_, &status, 0);
    child_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  pid_t child_ = -1;
  int out_ = -1;
  std::string unread_;
};

constexpr const char* kWaiting = "; Ctrl-C ends\n";

std::string tests(const std::string& answer) {
  return "module doors_test\nuse doors (Person, enter)\ntest \"it\" {\n  given Person(\"ann\", rank: guest)\n"
         "  expect enter(who: \"ann\", door: \"front\") " +
         answer + "\n}\n";
}

class Watch : public CommandTest {
 protected:
  Watch() {
    write("b/doors.lictor", kDoors);
    write("b/doors_test.lictor", tests("allow"));
  }
  void replace(const std::string& name, std::string_view text) const {
    write("beside", text);
    std::filesystem::rename(path("beside"), path(name));
  }
};

TEST_F(Watch, RunsAgainAfterEachKindOfChange) {
  Running run({"test", "b", "--watch"}, folder());
  EXPECT_THAT(run.until(kWaiting), HasSubstr("1 passed, 0 failed"));

  replace("b/doors_test.lictor", tests("deny default"));  // at once, as many editors do
  std::string failed = run.until(kWaiting);
  EXPECT_THAT(failed, HasSubstr("b/doors_test.lictor changed\n"));
  EXPECT_THAT(failed, HasSubstr("0 passed, 1 failed"));

  replace("b/doors_test.lictor", tests("allow"));
  EXPECT_THAT(run.until(kWaiting), HasSubstr("1 passed, 0 failed"));

  replace("b/doors.lictor", "module doors\nrelation");  // does not parse for a while
  EXPECT_THAT(run.until(kWaiting), HasSubstr("error"));
  replace("b/doors.lictor", kDoors);
  EXPECT_THAT(run.until(kWaiting), HasSubstr("1 passed, 0 failed"));

  replace("b/data.csv", "a\n");
  EXPECT_THAT(run.until(kWaiting), HasSubstr("b/data.csv is new\n"));
  replace("b/lictor.toml", "name = \"doors\"\n");
  EXPECT_THAT(run.until(kWaiting), HasSubstr("b/lictor.toml is new\n"));

  std::filesystem::remove(path("b/doors_test.lictor"));
  std::string gone = run.until(kWaiting);
  EXPECT_THAT(gone, HasSubstr("b/doors_test.lictor is gone\n"));
  EXPECT_THAT(gone, HasSubstr("no tests"));
  std::filesystem::rename(path("b"), path("c"));
  EXPECT_THAT(run.until(kWaiting), HasSubstr("cannot be read"));
  std::filesystem::rename(path("c"), path("b"));
  std::string back = run.until(kWaiting);
  EXPECT_THAT(back, HasSubstr("no tests"));
  EXPECT_THAT(back, Not(HasSubstr("\033")));
  EXPECT_EQ(run.end(SIGINT), 0);
}

TEST_F(Watch, EndsWithTheCodeOfTheLastRun) {
  write("b/doors_test.lictor", tests("deny default"));
  Running run({"test", "b", "--watch"}, folder());
  EXPECT_THAT(run.until(kWaiting), HasSubstr("0 passed, 1 failed"));
  EXPECT_EQ(run.end(SIGINT), 1);
}

TEST_F(Watch, ASignalEndsARunInBetween) {
  std::string many = "module doors_test\nuse doors (Person, Entry, enter)\n";
  for (int i = 0; i < 2000; ++i) {
    many += "test \"" + std::to_string(i) +
            "\" {\n  given Person(\"ann\", rank: guest)\n  for all r: Entry where r.tries < 900\n  expect enter(r) "
            "allow\n}\n";
  }
  write("b/doors_test.lictor", many);
  Running run({"test", "b", "--watch", "--requests", "100000", "-j", "2"}, folder());
  run.until("FAILED");
  EXPECT_EQ(run.end(SIGTERM), 0);  // no run has ended
}

TEST_F(Watch, SeesDependencies) {
  write("roles/roles.lictor", "module roles\n");
  write("b/lictor.toml", "name = \"b\"\n[dependencies]\nroles = { path = \"../roles\" }\n");
  ASSERT_EQ(lictor({"lock", "-b", "b"}).code, 0);
  Running run({"test", "b", "--watch"}, folder());
  EXPECT_THAT(run.until(kWaiting), HasSubstr("1 passed, 0 failed"));
  replace("roles/roles.lictor", "module roles\nrelation p(n: int)\n");
  std::string refused = run.until(kWaiting);
  EXPECT_THAT(refused, HasSubstr("roles/roles.lictor changed\n"));
  EXPECT_THAT(refused, HasSubstr("E0662"));
  replace("roles/roles.lictor", "module roles\n");
  EXPECT_THAT(run.until(kWaiting), HasSubstr("1 passed, 0 failed"));
  EXPECT_EQ(run.end(SIGINT), 0);
}

TEST_F(Watch, ShowsTextOnly) {
  for (const char* format : {"json", "junit", "tap"}) {
    Ran ran = lictor({"test", "b", "--watch", "--format", format});
    EXPECT_EQ(ran.code, 2) << format;
    EXPECT_THAT(ran.err, HasSubstr("leave out `--format "));
  }
}

TEST_F(Watch, NamesWhatChanged) {
  using cli::changes_between;
  using cli::look_at;
  write("a/x.lictor", "1");
  write("a/.hidden/y.lictor", "1");
  write("a/notes.txt", "1");
  std::filesystem::create_directory_symlink(path("a"), path("a/loop"));
  std::vector<std::string> paths = {path("a"), path("a/notes.txt"), path("a/none.csv")};
  cli::FileStates before = look_at(paths);
  EXPECT_EQ(before.size(), 2u);
  EXPECT_EQ(look_at(paths), before);
  write("a/x.lictor", "2");
  write("a/z.csv", "");
  std::filesystem::remove(path("a/notes.txt"));
  EXPECT_THAT(
      changes_between(before, look_at(paths)),
      ElementsAre(path("a/notes.txt") + " is gone", path("a/x.lictor") + " changed", path("a/z.csv") + " is new"));
  EXPECT_THAT(changes_between(before, look_at(paths), 1), ElementsAre(path("a/notes.txt") + " is gone", "and 2 more"));
}

}  // namespace
}  // namespace lictor::test
