// lictor repl: piped sessions, mistakes in them, and line editing on a terminal.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "tests/cli/command.h"

namespace lictor::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class Repl : public CommandTest {
 protected:
  Repl() { write("doors.lictor", kDoors); }

  Ran session(const std::string& input, std::vector<std::string> args = {"-b", "doors.lictor"}) const {
    args.insert(args.begin(), "repl");
    RunOptions options;
    options.input = input;
    return lictor(args, options);
  }
  /// What a session that has no mistakes prints.
  std::string answers(const std::string& input) const {
    Ran ran = session(input);
    EXPECT_EQ(ran.code, 0) << input << ran.err;
    return ran.out;
  }
};

TEST_F(Repl, APatternGivesItsRows) {
  Ran ran = session("opens(door, staff)\n");
  EXPECT_EQ(ran.out, "door    rank\noffice  staff\n");
  EXPECT_EQ(ran.err, "1 row\n") << "no prompt where nobody sits";
}

TEST_F(Repl, AConditionGivesItsVariables) {
  EXPECT_EQ(answers("opens(d, r), r >= staff.\n"), "d       r\noffice  staff\nvault   chief\n");
  EXPECT_EQ(answers("opens(d, r), not (r == guest), exists (opens(_, q), q > r)\n"), "d       r\noffice  staff\n")
      << "what `exists` binds is no column";
  EXPECT_EQ(answers("opens(d, _r), _r == chief\n"), "d\nvault\n");
  EXPECT_EQ(answers("n = count { d : opens(d, _) }\n"), "n\n3\n");
}

TEST_F(Repl, WithoutVariablesItIsTrueOrFalse) {
  EXPECT_EQ(answers("opens(\"vault\", chief)\nopens(\"vault\", guest)\n"), "true\nfalse\n");
  EXPECT_EQ(answers("opens(_, chief), 1 < 2\nnot opens(_, _)\n1 < 2\n"), "true\nfalse\ntrue\n");
}

TEST_F(Repl, AValue) {
  EXPECT_EQ(answers("1 + 2 * 3\n"), "7\n");
  EXPECT_EQ(answers("size(\"a.b\") // dots and\n"), "3\n");
  EXPECT_EQ(answers("let limit = 3\nlimit * limit.\n"), "9\n");
  EXPECT_EQ(answers("let top = Rank.chief\ntop\nopens(d, top)\n"), "chief\nd\nvault\n");
}

TEST_F(Repl, DeclarationsAndRulesStay) {
  EXPECT_EQ(answers("relation calls(door: Door, times: int) {\n"
                    "  (\"front\", 3)\n"
                    "}\n"
                    "busy(d) :- calls(d, n),\n"
                    "  n > 2.\n"
                    "busy(d)\n"),
            "d\nfront\n");
  EXPECT_EQ(answers("use std.governance (Severity)\nrelation seen(s: Severity) { (low) }\nseen(s)\n"), "s\nlow\n");
  EXPECT_EQ(answers("opens(d) :- d = \"mine\".\nopens(d)\n"), "d\nmine\n")
      << "a name of the session hides the bundle's";
}

TEST_F(Repl, ADecisionOfTheSession) {
  EXPECT_THAT(answers("decision leave(r: Entry) {\n  default deny \"no\"\n  allow all: \"bye\" if r.tries == 0.\n}\n"
                      "given Person(\"ann\", rank: staff), Door(\"office\")\n"
                      ":decide leave {\"who\": \"ann\", \"door\": \"office\"}\n"),
              StartsWith("allow all: bye\n"));
}

TEST_F(Repl, FactsComeAndGo) {
  EXPECT_EQ(answers("given opens(\"roof\", chief)\n"
                    "may_open(chief, \"roof\")\n"
                    "forget opens(\"roof\", _)\n"
                    "may_open(chief, \"roof\")\n"
                    ":undo\n"
                    "may_open(chief, \"roof\")\n"
                    ":undo\n"
                    "may_open(chief, \"roof\")\n"),
            "true\nfalse\ntrue\nfalse\n");
  write("more.json", R"({"relations": {"opens": [["attic", "staff"]]}})");
  EXPECT_EQ(answers(":facts more.json\nopens(d, staff)\n"), "d       rank\nattic   staff\noffice  staff\n");
}

TEST_F(Repl, DecisionsAndProofs) {
  std::string given = "given Person(\"ann\", rank: guest), Door(\"vault\")\n";
  EXPECT_THAT(answers(given + ":explain {\"who\": \"ann\", \"door\": \"vault\"}\n"),
              AllOf(StartsWith("deny default: nothing opens vault for ann\n"), HasSubstr("r.who.rank >= least")));
  EXPECT_THAT(answers(":why may_open(_, \"vault\")\n"), HasSubstr("─ opens(Door(\"vault\"), chief)"));
  EXPECT_THAT(answers(given + ":format json\n:decide {\"who\": \"ann\", \"door\": \"vault\"}\n"),
              HasSubstr("\"decision\": \"deny\""));
}

TEST_F(Repl, AMistakeLeavesTheSessionAsItWas) {
  Ran ran = session(
      "let limit = 3\nlet limit = 4\nopens(d, 3), d != \"x\"\nbad(x) :-\n  opens(y, y).\nlimit\n1 +\n\n:nonsense\n");
  EXPECT_EQ(ran.code, 3);
  EXPECT_EQ(ran.out, "3\n");
  EXPECT_THAT(ran.err, AllOf(HasSubstr("input:1:5: error: the name `limit`"), HasSubstr("input:2:12: error"),
                             HasSubstr("there is no command `:nonsense`"), Not(HasSubstr("answer_"))));
}

TEST_F(Repl, WhatIsEnteredCanBeSeen) {
  EXPECT_EQ(answers("let limit = 3\ngiven opens(\"roof\", chief)\nforget opens(\"vault\", _)\n:list\n"),
            "let limit = 3\ngiven opens(\"roof\", chief)\nforget opens(\"vault\", _)\n");
  EXPECT_THAT(answers(":names\n"), AllOf(HasSubstr("relation    doors.opens(door: Door, rank: Rank)\n"),
                                         HasSubstr("enum        doors.Rank { guest < staff < chief }\n"),
                                         HasSubstr("decision    doors.enter\n")));
  std::string help = answers(":help\n");
  for (const char* command : {":names", ":list", ":undo", ":facts", ":decide", ":explain", ":why", ":quit"})
    EXPECT_THAT(help, HasSubstr(command));
  EXPECT_EQ(answers(":quit\nopens(d, r)\n"), "");
}

TEST_F(Repl, WithoutABundle) {
  std::filesystem::create_directory(folder() / "empty");
  RunOptions options;
  options.input = "relation likes(who: string, what: string) { (\"ann\", \"tea\") }\nlikes(who, \"tea\")\n";
  Ran ran = run_program({"/bin/sh", "-c", "cd empty && " LICTOR_COMMAND " repl"}, folder(), options);
  EXPECT_EQ(ran.out, "who  what\nann  tea\n") << ran.err;
}

TEST_F(Repl, ReloadReadsTheBundleAgain) {
  std::string changed(kDoors);
  changed.replace(changed.find("(\"vault\", chief)"), 16, "(\"cellar\", chief)");
  write("next", changed);
  RunOptions options;
  std::string script =
      "{ echo 'let n = 1'; echo 'opens(d, chief)'; sleep 1; cp next doors.lictor; echo ':reload'; "
      "echo 'opens(d, chief)'; echo 'n'; } | " LICTOR_COMMAND " repl -b doors.lictor";
  Ran ran = run_program({"/bin/sh", "-c", script}, folder(), options);
  EXPECT_EQ(ran.out, "d      rank\nvault  chief\nd       rank\ncellar  chief\n1\n") << ran.err;
}

TEST_F(Repl, ABundleThatWentBadIsNotTaken) {
  RunOptions options;
  std::string script =
      "{ echo 'opens(d, chief)'; sleep 1; echo 'module doors oops' >doors.lictor; echo ':reload'; "
      "echo 'given opens(\"roof\", chief)'; echo 'opens(d, chief)'; } | " LICTOR_COMMAND " repl -b doors.lictor";
  Ran ran = run_program({"/bin/sh", "-c", script}, folder(), options);
  EXPECT_EQ(ran.out, "d      rank\nvault  chief\nd      rank\nroof   chief\nvault  chief\n") << ran.err;
  EXPECT_THAT(ran.err, HasSubstr("doors.lictor:1:14: error"));
  EXPECT_EQ(ran.code, 3);
}

TEST_F(Repl, ABundleWithErrors) {
  write("bad.lictor", "module bad\nrelation p(x: nothing)\n");
  Ran ran = session("1\n", {"-b", "bad.lictor"});
  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(ran.err, HasSubstr("bad.lictor:2:15: error"));
}

TEST_F(Repl, AnEntryThatIsTooLong) {
  Ran ran = session("\"" + std::string(3 << 20, 'x') + "\"\n1 + 1\n");
  EXPECT_EQ(ran.code, 3);
  EXPECT_EQ(ran.out, "2\n");
  EXPECT_THAT(ran.err, HasSubstr("more than a mebibyte"));
  EXPECT_EQ(session(std::string(100'000, '(') + "\n\n1 + 1\n").out, "2\n");
}

/// A session of docs/command-line.md, in a block whose language is `repl`, prints what is shown there.
TEST_F(Repl, TheSessionInTheDocuments) {
  std::ifstream file(LICTOR_SOURCE_DIR "/docs/command-line.md");
  std::string line, input, shown;
  bool inside = false;
  while (std::getline(file, line)) {
    if (line == "```repl" || line == "```") {
      inside = line == "```repl";
    } else if (inside) {
      bool typed = line.starts_with("lictor> ") || line.starts_with("   ...> ");
      (typed ? input : shown) += (typed ? line.substr(8) : line) + "\n";
    }
  }
  ASSERT_NE(input, "");
  ASSERT_EQ(lictor({"init", "demo"}).code, 0);
  RunOptions options;
  options.input = input;
  Ran ran =
      run_program({"/bin/sh", "-c", LICTOR_COMMAND " repl -b demo --facts demo/facts.json 2>&1"}, folder(), options);
  EXPECT_EQ(ran.out, shown);
}

// ---- On a terminal ---------------------------------------------------------------------------------------------------

/// The command on a terminal of its own, its input typed when it is ready for it.
class Typed {
 public:
  explicit Typed(const std::filesystem::path& folder) {
    child_ = forkpty(&terminal_, nullptr, nullptr, nullptr);
    if (child_ != 0) return;
    if (chdir(folder.c_str()) != 0) _exit(126);
    std::string home = "HOME=" + folder.string();
    const char* words[] = {LICTOR_COMMAND, "repl", "-b", "doors.lictor", nullptr};
    const char* env[] = {"TERM=xterm", "LC_ALL=C.UTF-8", "NO_COLOR=1", home.c_str(), nullptr};
    execve(words[0], const_cast<char**>(words), const_cast<char**>(env));
    _exit(127);
  }
  ~Typed() {
    if (child_ > 0) {
      kill(child_, SIGKILL);
      waitpid(child_, nullptr, 0);
    }
    close(terminal_);
  }
  Typed(const Typed&) = delete;
  Typed& operator=(const Typed&) = delete;

  void type(const std::string& keys) { ASSERT_EQ(write(terminal_, keys.data(), keys.size()), ssize_t(keys.size())); }
  /// Reads until the text comes, from where the last one ended. False: it does not within 20 seconds.
  bool sees(const std::string& text, int tenths = 200) {
    for (int waited = 0; waited < tenths;) {
      if (size_t at = seen_.find(text); at != std::string::npos) {
        seen_.erase(0, at + text.size());
        return true;
      }
      pollfd fd{terminal_, POLLIN, 0};
      char buffer[4096];
      if (poll(&fd, 1, 100) == 0) {
        ++waited;
        continue;
      }
      ssize_t n = read(terminal_, buffer, sizeof buffer);
      if (n <= 0) return seen_.find(text) != std::string::npos;
      seen_.append(buffer, static_cast<size_t>(n));
    }
    return false;
  }
  /// Waits for the prompt, and until keys go to the editor: it shows the prompt first, and what is typed before the terminal
  /// is in its hands (Ctrl-D, Ctrl-C) means something to the terminal.
  bool prompted(const std::string& prompt = "lictor> ") {
    if (!sees(prompt)) return false;
#if LICTOR_EDITLINE
    for (int waited = 0; waited < 2000; ++waited) {
      termios modes{};
      if (tcgetattr(terminal_, &modes) != 0) return false;
      if ((modes.c_lflag & ICANON) == 0) return true;
      usleep(10'000);
    }
    return false;
#else
    return true;
#endif
  }
  const std::string& rest() const { return seen_; }
  int exit_code() {
    int status = 0;
    for (int waited = 0; waitpid(child_, &status, WNOHANG) == 0; ++waited) {
      if (waited == 2000) return -1;  // 20 seconds; the child is killed at the end
      usleep(10'000);
    }
    child_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  int terminal_ = -1;
  pid_t child_ = -1;
  std::string seen_;
};

TEST_F(Repl, OnATerminal) {
  Typed typed(folder());
  ASSERT_TRUE(typed.prompted()) << typed.rest();
  typed.type("opens(d,\n");
  ASSERT_TRUE(typed.prompted("...> ")) << typed.rest();
  typed.type("chief)\n");
  ASSERT_TRUE(typed.sees("vault  chief")) << typed.rest();
  ASSERT_TRUE(typed.prompted());
  typed.type("no_such\n");
  ASSERT_TRUE(typed.sees("error"));
  ASSERT_TRUE(typed.prompted());
  typed.type("\x04");
  EXPECT_EQ(typed.exit_code(), 0) << "a person has seen the mistake";
}

#if LICTOR_EDITLINE
TEST_F(Repl, LinesAreEdited) {
  Typed typed(folder());
  ASSERT_TRUE(typed.prompted()) << typed.rest();
  typed.type("may_o\t");
  ASSERT_TRUE(typed.sees("pen")) << typed.rest();
  typed.type("(_, \"vaultX\x7f\")\n");
  ASSERT_TRUE(typed.sees("chief  vault")) << typed.rest();
  ASSERT_TRUE(typed.prompted());
  typed.type("\x1b[A\n");  // up
  ASSERT_TRUE(typed.sees("chief  vault")) << typed.rest();
  ASSERT_TRUE(typed.prompted());
  typed.type("opens(");
  ASSERT_TRUE(typed.sees("opens("));
  // An interrupt that comes while the line is still being drawn is lost, as it is to a person, who types it again.
  bool dropped = false;
  for (int tries = 0; tries < 20 && !dropped; ++tries) {
    typed.type("\x03");
    dropped = typed.sees("lictor> ", 10);
  }
  ASSERT_TRUE(dropped) << "Ctrl-C drops the line: " << typed.rest();
  typed.type("40 + 2\n");
  ASSERT_TRUE(typed.sees("\r\n42")) << typed.rest();
  typed.type(":quit\n");
  EXPECT_EQ(typed.exit_code(), 0);
  EXPECT_THAT(read(".cache/lictor/repl_history"), HasSubstr("40"));
}
#endif

}  // namespace
}  // namespace lictor::test
