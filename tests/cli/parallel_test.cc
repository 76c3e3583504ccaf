// lictor test -j N: any number of threads gives the same output, the same coverage and the same counterexamples.
#include <gmock/gmock.h>

#include "tests/cli/command.h"

namespace lictor::test {
namespace {

using ::testing::HasSubstr;

class Parallel : public CommandTest {
 protected:
  Parallel() {
    write("b/doors.lictor", kDoors);
    std::string tests = "module doors_test\nuse doors (Person, Door, Entry, enter, may_open)\n";
    for (int i = 0; i < 120; ++i) {
      std::string n = std::to_string(i);
      bool wrong = i % 17 == 3;
      tests += "test \"" + n + "\" {\n  given Person(\"p" + n + "\", rank: " + (i % 2 ? "guest" : "chief") +
               ")\n  expect enter(who: \"p" + n + "\", door: \"vault\") " +
               ((i % 2 == 0) != wrong ? "allow" : "deny default") + "\n}\n";
      if (i % 40 == 7) {
        tests += "test \"all " + n + "\" {\n  given Person(\"p" + n +
                 "\", rank: staff)\n  for all r: Entry where r.tries < " + std::to_string(i * 10) +
                 "\n  expect enter(r) deny default\n}\n";
      }
    }
    write("b/doors_test.lictor", tests);
  }

  Ran run(const std::string& jobs, std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"test", "b", "-j", jobs});
    return lictor(more);
  }
};

/// Without what a clock says.
std::string timeless(std::string text) {
  size_t at = text.rfind("  (");
  return at == std::string::npos ? text : text.substr(0, at);
}

nlohmann::json timeless_json(const std::string& text) {
  nlohmann::json json = parse_json(text);
  for (auto& test : json["tests"]) test.erase("seconds");
  return json;
}

TEST_F(Parallel, TheSameTextWithAnyNumberOfThreads) {
  Ran one = run("1", {"--coverage"});
  EXPECT_EQ(one.code, 1) << one.err;
  EXPECT_THAT(one.out, HasSubstr("FAILED doors_test: 3\n"));
  EXPECT_THAT(one.out, HasSubstr("FAILED doors_test: all 47\n"));
  EXPECT_THAT(one.out, HasSubstr("coverage: "));
  for (const char* jobs : {"2", "7", "500"}) {
    Ran many = run(jobs, {"--coverage"});
    EXPECT_EQ(many.code, 1) << many.err;
    EXPECT_EQ(timeless(many.out), timeless(one.out)) << jobs;
  }
  Ran free = lictor({"test", "b", "--coverage"});
  EXPECT_EQ(timeless(free.out), timeless(one.out));
}

TEST_F(Parallel, TheSameJsonOnBothEngines) {
  Ran one = run("1", {"--engine", "both", "--format", "json", "--seed", "7"});
  Ran many = run("4", {"--engine", "both", "--format", "json", "--seed", "7"});
  EXPECT_EQ(one.code, 1) << one.err;
  EXPECT_EQ(many.code, 1) << many.err;
  nlohmann::json json = timeless_json(one.out);
  EXPECT_EQ(json["tests"].size(), 123u);
  EXPECT_EQ(timeless_json(many.out), json);
}

TEST_F(Parallel, SeveralBundlesKeepTheirOrder) {
  write("c/doors.lictor", kDoors);
  write(
      "c/doors_test.lictor",
      "module doors_test\nuse doors (may_open)\ntest \"c\" {\n  expect rows may_open(chief, _d) { (\"front\") }\n}\n");
  Ran one = lictor({"test", "b", "c", "b", "-j", "1", "--coverage"});
  Ran many = lictor({"test", "b", "c", "b", "-j", "5", "--coverage"});
  EXPECT_EQ(one.code, 1) << one.err;
  EXPECT_EQ(timeless(many.out), timeless(one.out));
}

TEST_F(Parallel, ANumberOfThreadsIsAWholeNumberAboveZero) {
  for (const char* jobs : {"0", "-1", "many", "1025"}) EXPECT_EQ(run(jobs).code, 2) << jobs;
}

}  // namespace
}  // namespace lictor::test
