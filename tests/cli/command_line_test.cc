// What holds for every command: help with examples, usage mistakes, colour, the version.
#include <gmock/gmock.h>

#include <fstream>

#include "tests/cli/command.h"

namespace lictor::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

const std::vector<std::vector<std::string>> kCommands = {{"init"},
                                                         {"check"},
                                                         {"fmt"},
                                                         {"test"},
                                                         {"eval"},
                                                         {"query"},
                                                         {"bench"},
                                                         {"explain"},
                                                         {"limits"},
                                                         {"completion"},
                                                         {"host", "audit", "verify"},
                                                         {"host", "audit", "export"}};

class CommandLine : public CommandTest {};

TEST_F(CommandLine, EveryCommandHasHelpWithExamples) {
  for (std::vector<std::string> words : kCommands) {
    words.push_back("--help");
    Ran ran = lictor(words);
    EXPECT_EQ(ran.code, 0) << words[0];
    EXPECT_THAT(ran.out, AllOf(HasSubstr("Usage: lictor " + words[0]), HasSubstr("Examples:"), HasSubstr("--help")));
    EXPECT_EQ(ran.err, "");
  }
}

TEST_F(CommandLine, HelpListsEveryCommand) {
  Ran ran = lictor({"--help"});
  EXPECT_EQ(ran.code, 0);
  for (const auto& words : kCommands) EXPECT_THAT(ran.out, HasSubstr("\n  " + words[0] + " ")) << words[0];
}

TEST_F(CommandLine, VersionIsOneLineOfData) {
  Ran ran = lictor({"--version"});
  EXPECT_EQ(ran.code, 0);
  EXPECT_THAT(ran.out, StartsWith("lictor 0."));
  EXPECT_EQ(std::count(ran.out.begin(), ran.out.end(), '\n'), 1);
}

TEST_F(CommandLine, MistakesOfUsageEndWithTwo) {
  const std::vector<std::vector<std::string>> mistakes = {{},
                                                          {"unknown"},
                                                          {"check", "--unknown"},
                                                          {"check", "--format", "xml"},
                                                          {"check", "--dump", "layout"},
                                                          {"eval", "--engine", "fast"},
                                                          {"eval", "-b"},
                                                          {"eval"},
                                                          {"query", "-b", "."},
                                                          {"explain"},
                                                          {"completion", "tcsh"},
                                                          {"host"},
                                                          {"host", "audit"},
                                                          {"host", "audit", "verify", "x", "--head", "1:zz"},
                                                          {"fmt", "--check", "--diff"},
                                                          {"bench", "-b", "."},
                                                          {"test", "--filter", "("}};
  for (const auto& words : mistakes) {
    Ran ran = lictor(words);
    EXPECT_EQ(ran.code, 2) << ::testing::PrintToString(words) << ran.err;
    EXPECT_EQ(ran.out, "") << ::testing::PrintToString(words);
    EXPECT_NE(ran.err, "") << ::testing::PrintToString(words);
  }
}

TEST_F(CommandLine, TyposGetASuggestion) {
  EXPECT_THAT(lictor({"chek"}).err, HasSubstr("did you mean `check`?"));
  EXPECT_THAT(lictor({"check", "--fromat", "json"}).err, HasSubstr("did you mean `--format`?"));
  EXPECT_THAT(lictor({"check", "--fromat", "json"}).err, HasSubstr("Try `lictor check --help`"));
}

TEST_F(CommandLine, UnknownWordsAreNamed) {
  EXPECT_THAT(lictor({"evl"}).err, HasSubstr("lictor: unknown command `evl`; did you mean `eval`?"));
  EXPECT_THAT(lictor({"eval", "--explian"}).err,
              HasSubstr("lictor: unknown option `--explian`; did you mean `--explain`?"));
  EXPECT_THAT(lictor({"bench", "-b", ".", "--reqest", "x"}).err, HasSubstr("lictor: unknown option `--reqest`"));
  EXPECT_THAT(lictor({"explain", "E0201", "E0202"}).err, HasSubstr("lictor: unknown argument `E0202`"));
  EXPECT_THAT(lictor({"host"}).err, HasSubstr("a command is missing"));
}

TEST_F(CommandLine, ValuesThatDoNotFitAreNamedInOurWords) {
  EXPECT_THAT(lictor({"host", "audit", "export", "x", "--from", "y"}).err, HasSubstr("`--from y` is not a number"));
  EXPECT_THAT(lictor({"bench", "-r", "x", "--seconds", "abc"}).err,
              HasSubstr("`abc` is not a number from 0.01 to 3600"));
  EXPECT_THAT(lictor({"check", "--dump", "plam"}).err, HasSubstr("`plam` is not one of ast, plan, llvm"));
}

TEST_F(CommandLine, GroupsHaveExamplesOfTheirOwn) {
  for (auto words : {std::vector<std::string>{"host", "--help"}, {"host", "audit", "--help"}})
    EXPECT_THAT(lictor(words).out, AllOf(HasSubstr("lictor host audit verify"), Not(HasSubstr("lictor init"))));
}

TEST_F(CommandLine, ColourOnATerminalOnly) {
  write("bad.lictor", "module bad\nrelation p(x: nothing)\n");
  RunOptions terminal{.terminal = true};
  EXPECT_THAT(lictor({"check", "bad.lictor"}, terminal).out, HasSubstr("\033["));
  Ran piped = lictor({"check", "bad.lictor"});
  EXPECT_THAT(piped.out + piped.err, Not(HasSubstr("\033[")));
}

TEST_F(CommandLine, NoColorIsHeeded) {
  write("bad.lictor", "module bad\nrelation p(x: nothing)\n");
  for (const char* value : {"1", "0", "yes"}) {
    RunOptions terminal{.env = {{"NO_COLOR", value}}, .terminal = true};
    Ran ran = lictor({"check", "bad.lictor"}, terminal);
    EXPECT_THAT(ran.out, AllOf(HasSubstr("nothing"), Not(HasSubstr("\033["))));
  }
  RunOptions dumb{.env = {{"TERM", "dumb"}}, .terminal = true};
  EXPECT_THAT(lictor({"check", "bad.lictor"}, dumb).out, Not(HasSubstr("\033[")));
}

TEST_F(CommandLine, AFullDiskIsNotedAtTheEnd) {
  if (!std::ofstream("/dev/full")) GTEST_SKIP() << "no /dev/full here";
  Ran ran = run_program({"/bin/sh", "-c", std::string(LICTOR_COMMAND) + " limits > /dev/full"}, folder());
  EXPECT_EQ(ran.code, 70);
  EXPECT_THAT(ran.err, HasSubstr("could not be written"));
}

TEST_F(CommandLine, LimitsNameEveryLimit) {
  Ran text = lictor({"limits"});
  EXPECT_EQ(text.code, 0);
  for (const char* name : {"file_bytes", "identifier_bytes", "string_bytes", "nesting", "steps", "memory", "load_steps",
                           "load_memory", "request_bytes", "fact_rows"}) {
    EXPECT_THAT(text.out, HasSubstr(name));
  }
  nlohmann::json json = parse_json(lictor({"limits", "--format", "json"}).out);
  auto identifier =
      std::find_if(json.begin(), json.end(), [](const auto& row) { return row["name"] == "identifier_bytes"; });
  ASSERT_NE(identifier, json.end());
  EXPECT_EQ((*identifier)["value"], 255);
  EXPECT_EQ((*identifier)["code"], "E0007");
}

}  // namespace
}  // namespace lictor::test
