// lictor test --labels: agreement with what people want, and how disagreement is shown.
#include <gmock/gmock.h>

#include "tests/cli/command.h"

namespace lictor::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class Labels : public CommandTest {
 protected:
  Labels() {
    write("doors.lictor", kDoors);
    write("facts.json", R"({"entities": {"Person": {"ann": {"rank": "staff"}, "zoe": {"rank": "chief"}}}})");
  }
  Ran run(const std::string& labels, const std::vector<std::string>& more = {}) {
    write("labels.jsonl", labels);
    std::vector<std::string> args = {"test", "doors.lictor", "--facts", "facts.json", "--labels", "labels.jsonl"};
    args.insert(args.end(), more.begin(), more.end());
    return lictor(args);
  }
};

constexpr const char* kRight =
    "{\"request\": {\"who\": \"ann\", \"door\": \"office\"}, \"outcome\": \"allow\", \"clause\": \"rank\"}\n\n"
    "{\"request\": {\"who\": \"ann\", \"door\": \"vault\"}, \"outcome\": \"deny\", \"decision\": \"enter\"}\n"
    "{\"request\": {\"who\": \"zoe\", \"door\": \"vault\", \"tries\": 5}, \"outcome\": \"require\", \"at\": "
    "\"2026-01-01T00:00:00Z\"}\n";
constexpr const char* kWrong =
    "{\"request\": {\"who\": \"ann\", \"door\": \"vault\"}, \"outcome\": \"allow\"}\n"
    "{\"request\": {\"who\": \"ann\", \"door\": \"vault\"}, \"outcome\": \"deny\", \"clause\": \"alarmed\"}\n";

TEST_F(Labels, AllAsLabelled) {
  for (const char* engine : {"interp", "jit"}) {
    Ran ran = run(kRight, {"--engine", engine});
    EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
    EXPECT_THAT(ran.out, HasSubstr("3 of 3 decisions as labelled, 100.00 %"));
  }
}

TEST_F(Labels, WrongOnesAreNamedAndCounted) {
  Ran ran = run(std::string(kRight) + kWrong);
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.out, AllOf(HasSubstr("labels.jsonl:5: expected allow, got deny default: nothing opens vault for ann"),
                             HasSubstr("labels.jsonl:6: expected deny alarmed, got deny default"),
                             HasSubstr("labelled \\ decided    allow     deny  require\n"
                                       "             allow        1        1        0\n"
                                       "              deny        0        2        0\n"
                                       "           require        0        0        1\n"),
                             HasSubstr("3 of 5 decisions as labelled, 60.00 %; at least 100.00 % are wanted")));
  EXPECT_EQ(run(std::string(kRight) + kWrong, {"--min-accuracy", "60%"}).code, 0);
  EXPECT_EQ(run(std::string(kRight) + kWrong, {"--min-accuracy", "0.61"}).code, 1);
}

TEST_F(Labels, NumbersStayExact) {
  write("exact.lictor",
        "module exact\nrequest R { d: decimal }\ndecision d(r: R) {\n  default deny\n"
        "  allow same: \"\" if r.d == 900000000000000.1234.\n}\n");
  write("exact.jsonl", "{\"request\": {\"d\": 900000000000000.1234}, \"outcome\": \"allow\"}\n");
  Ran ran = lictor({"test", "exact.lictor", "--labels", "exact.jsonl"});
  EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
}

TEST_F(Labels, JsonHasTheShapeThatScriptsKnow) {
  nlohmann::json json = parse_json(run(std::string(kRight) + kWrong, {"--format", "json"}).out);
  EXPECT_EQ(json["total"], 5);
  EXPECT_EQ(json["correct"], 3);
  EXPECT_DOUBLE_EQ(json["accuracy"].get<double>(), 0.6);
  EXPECT_EQ(json["confusion"]["allow"]["deny"], 1);
  EXPECT_EQ(json["wrong"][1]["line"], 6);
}

TEST_F(Labels, MistakesNameTheLine) {
  for (const auto& [line, what] : std::vector<std::pair<std::string, std::string>>{
           {"{\"request\": {}}", "`outcome` is missing"},
           {"{\"outcome\": \"deny\"}", "`request` is missing"},
           {"{\"request\": {}, \"outcome\": \"maybe\"}", "`maybe` is no outcome"},
           {"{\"request\": {}, \"outcome\": 1}", "`outcome` must be a text"},
           {"{\"request\": {}, \"outcome\": \"deny\", \"outcome\": \"allow\"}", "twice"},
           {"{\"request\": {\"who\": \"ann\", \"who\": \"zoe\"}, \"outcome\": \"deny\"}", "twice"},
           {"{\"request\": {}, \"outcome\": \"deny\", \"at\": \"\"}", "not empty"},
           {"{\"request\": {\"who\": \"ann\", \"door\": \"vault\"}, \"outcome\": \"deny\", \"clause\": \"ranc\"}",
            "did you mean `rank`"},
           {"{\"request\": {}, \"outcome\": \"deny\", \"note\": \"\"}", "unknown key `note`"},
           {"[1]", "a label is a JSON object"},
           {"{", "a label is a JSON object"},
           {"{\"request\": {}, \"outcome\": \"deny\", \"decision\": \"entr\"}", "entr"},
           {"{\"request\": {\"who\": \"ann\"}, \"outcome\": \"deny\"}", "door"},
           {"{\"request\": {\"who\": \"ann\", \"door\": \"x\"}, \"outcome\": \"deny\", \"at\": \"soon\"}", "soon"}}) {
    Ran ran = run(kRight + line + "\n");
    EXPECT_GE(ran.code, 2) << line;
    EXPECT_THAT(ran.out + ran.err, AllOf(HasSubstr("labels.jsonl:5"), HasSubstr(what))) << line;
  }
  EXPECT_EQ(run("\n\n").code, 3) << "nothing to judge is no agreement";
  std::string deep(200'000, '[');
  EXPECT_EQ(run("{\"request\": " + deep + std::string(200'000, ']') + ", \"outcome\": \"deny\"}\n").code, 3);
  EXPECT_EQ(lictor({"test", "doors.lictor", "--labels", "nowhere.jsonl"}).code, 3);
  EXPECT_EQ(run(kRight, {"--min-accuracy", "most"}).code, 2);
  EXPECT_EQ(lictor({"test", "doors.lictor", "--min-accuracy", "90%"}).code, 2);
}

}  // namespace
}  // namespace lictor::test
