// lictor completion: the scripts are valid where the shell is here to say so, and complete what the command has.
#include <gmock/gmock.h>

#include "tests/cli/command.h"

namespace lictor::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class Completion : public CommandTest {
 protected:
  /// What bash offers after `words`, the last of which is being typed.
  std::string offers(const std::string& words, int index) {
    write("script", lictor({"completion", "bash"}).out);
    std::string shell = "source ./script; COMP_WORDS=(" + words + "); COMP_CWORD=" + std::to_string(index) +
                        "; _lictor; printf '%s\\n' \"${COMPREPLY[@]}\"";
    return run_program({"/bin/bash", "-c", shell}, folder()).out;
  }
};

TEST_F(Completion, ScriptsAreValidWhereTheShellIsHere) {
  for (std::string shell : {"bash", "zsh", "fish"}) {
    Ran script = lictor({"completion", shell});
    EXPECT_EQ(script.code, 0);
    EXPECT_THAT(script.out, AllOf(HasSubstr("check"), HasSubstr("verify"), HasSubstr("format")));
    write("script", script.out);
    Ran valid = run_program({"/usr/bin/env", shell, "-n", "script"}, folder());
    if (valid.code != 127) {
      EXPECT_EQ(valid.code, 0) << shell << valid.err;
    }
  }
}

TEST_F(Completion, BashCompletesCommandsOptionsAndValues) {
  EXPECT_EQ(offers("lictor che", 1), "check\n");
  EXPECT_EQ(offers("lictor host audit ver", 3), "verify\n");
  EXPECT_EQ(offers("lictor check --form", 2), "--format\n");
  EXPECT_EQ(offers("lictor check --format s", 3), "sarif\n");
  EXPECT_EQ(offers("lictor completion z", 2), "zsh\n");
  EXPECT_EQ(offers("lictor test --format j", 3), "json\njunit\n");
  EXPECT_EQ(offers("lictor eval --explain --form", 3), "--format\n") << "a flag takes no value";
}

TEST_F(Completion, BashOffersFilesElsewhere) {
  write("policy.lictor", "");
  EXPECT_EQ(offers("lictor check pol", 2), "policy.lictor\n");
  EXPECT_EQ(offers("lictor eval -b pol", 3), "policy.lictor\n");
}

}  // namespace
}  // namespace lictor::test
