// Records and unions in requests, facts and answers: JSON, CSV, paths of mistakes, and what is written again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compiler/analyze.h"
#include "runtime/facts.h"
#include "tests/runtime/policy.h"

namespace lictor {
namespace {

using testing::engine_of;
using testing::lines;

constexpr const char* kPolicy = R"(module t
entity Group in Group
entity User in Group { level: int = 1 }
entity Bot { owner: User?, image: string = "none" from request }
entity Known { rank: int }
type Actor = User | Bot
type Box = record {
  name: string, n: int 1..4 = 1, run_as: bool = false as "runAs", limits: map<string, int>?, owner: Known?
}
relation holds(box: Box, by: Actor)
request Act {
  boxes: list<Box> = [], by: Actor = User("ann"), all: set<Actor> = {}, roles: map<Actor, int> = {},
  extra: open record { app: string = "none", inner: open record { n: int } ? } = {}, maybe: Actor?
}
decision d(r: Act) {
  default deny "no"
  allow held: "{b}" if b in r.boxes, holds(b, r.by).
  allow image: "image {r.by.image}" if r.by is Bot, r.by.image != "none".
  allow many: "{size(r.all)} {size(r.roles)}" if size(r.all) > 0.
  allow open: "{r.extra.app} {i.n}" if some i = r.extra.inner.
  allow boxed: "{b.name} {b.n} {b.run_as} {b.owner?.id ?? \"nobody\"}" if b in r.boxes.
}
)";
constexpr const char* kFacts = R"({
  "entities": {"User": {"ann": {"level": 2}}, "Known": {"k1": {"rank": 1}}},
  "relations": {"holds": [
    [{"name": "web", "limits": {"b": 2, "a": 1}}, "Bot:ci"],
    {"box": {"name": "job", "n": 2, "runAs": true}, "by": {"id": "ann", "type": "User"}},
    [{"name": "old"}, "User::\"an:n\""]]}})";

class Records : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { engine_ = new std::shared_ptr<Engine>(engine_of(kPolicy, kFacts)); }
  static void TearDownTestSuite() { delete engine_; }
  std::string answer(const std::string& json) {
    auto request = BoundRequest::from_json(**engine_, 0, json);
    return request ? (*engine_)->evaluate(*request, 0).winner.reason : lines(request.error());
  }
  static std::shared_ptr<Engine>* engine_;
};
std::shared_ptr<Engine>* Records::engine_ = nullptr;

TEST_F(Records, AreReadByTheirNamesOutsideWithDefaults) {
  EXPECT_EQ(answer(R"({"boxes": [{"name": "a", "runAs": true, "owner": "k1"}]})"), "a 1 true k1");
  EXPECT_EQ(answer(R"({"boxes": [{"n": 4, "name": "a"}]})"), "a 4 false nobody");
}

TEST_F(Records, OfFactsAndRequestsAreOneValue) {
  EXPECT_EQ(answer(R"({"boxes": [{"limits": {"a": 1, "b": 2}, "name": "web"}], "by": "Bot:ci"})"),
            "{name: web, n: 1, run_as: false, limits: {a: 1, b: 2}, owner: none}");
  EXPECT_EQ(answer(R"({"boxes": [{"name": "job", "n": 2, "runAs": true}], "by": {"type": "User", "id": "ann"}})"),
            "{name: job, n: 2, run_as: true, limits: none, owner: none}");
  EXPECT_EQ(answer(R"({"boxes": [{"name": "old"}], "by": "User:an:n"})"),
            "{name: old, n: 1, run_as: false, limits: none, owner: none}");
  EXPECT_EQ(answer(R"({"boxes": [{"name": "job", "n": 2, "runAs": true}], "by": "Bot:ann"})"), "job 2 true nobody");
}

TEST_F(Records, AreRefusedWithThePathOfEachMistake) {
  EXPECT_EQ(
      answer(R"({"boxes": [{"name": "a", "nam": 1}, {"n": 9, "name": 3}, {"n": 1}, [], {"name": "a", "name": "b"}]})"),
      "E0702 `/boxes/0`: unknown field `nam` [did you mean `name`?]\n"
      "E0704 `/boxes/1/n`: 9 lies outside of `int 1..4`\n"
      "E0703 `/boxes/1/name`: expected a string, found the number `3`\n"
      "E0705 `/boxes/2/name`: `name` is missing\n"
      "E0703 `/boxes/3`: expected an object (`Box`), found an array\n"
      "E0706 `/boxes/4/name`: it is given twice\n");
  EXPECT_EQ(
      answer(R"({"boxes": [{"name": "a", "run_as": true, "limits": null}]})"),
      "E0702 `/boxes/0`: unknown field `run_as` [did you mean `runAs`?]\n"
      "E0703 `/boxes/0/limits`: expected an object (`map<string, int>`), found null [leave an absent value out]\n");
}

TEST_F(Records, OpenOnesTakeWhatIsNotDeclared) {
  EXPECT_EQ(answer(R"({"extra": {"app": "shop", "more": [1, {"x": null}], "inner": {"n": 3, "m": {}}}})"), "shop 3");
  EXPECT_EQ(answer(R"({"extra": {"more": [1, tru]}})").substr(0, 5), "E0701");
  EXPECT_EQ(answer(R"({"extra": {"inner": {"m": 1}}})"), "E0705 `/extra/inner/n`: `n` is missing\n");
}

TEST_F(Records, AnUnknownInstanceInAnOptionalFieldIsNoneWithANote) {
  auto request = BoundRequest::from_json(**engine_, 0, R"({"boxes": [{"name": "a", "owner": "k9"}]})");
  ASSERT_TRUE(request) << lines(request.error());
  ASSERT_EQ(request->notes().size(), 1u);
  EXPECT_EQ(request->notes()[0], "boxes/0/owner `k9` is unknown; the field is none");
  const Schema& schema = (*engine_)->plan().schema;
  auto box = parse_value(schema, schema.requests[0].fields[0].type, R"([{name: "a", owner: "k9"}])");
  ASSERT_TRUE(box);
  auto same = BoundRequest::from_values(**engine_, 0, {*box, {}, {}, {}, {}, {}});
  ASSERT_TRUE(same) << lines(same.error());
  EXPECT_EQ(same->notes(), request->notes());
  EXPECT_EQ((*engine_)->evaluate(*same, 0).winner.reason, "a 1 false nobody");
}

TEST_F(Records, AUnionSaysWhichTypeItIs) {
  EXPECT_EQ(answer(R"({"all": ["User:a", {"type": "User", "id": "a"}, "Bot:a"], "roles": {"User:a": 1, "Bot:a": 2}})"),
            "2 2");
  EXPECT_EQ(answer(R"({"by": {"image": "alpine", "id": "x", "type": "Bot"}})"), "image alpine");
  EXPECT_EQ(answer(R"({"all": ["a", "Group:a", {"id": "a"}, {"type": "Group", "id": "a"}, {"type": 3}, 7, "User:"]})"),
            "E0703 `/all/0`: expected an entity such as `User:ID` or `Bot:ID`, found \"a\"\n"
            "E0703 `/all/1`: expected an entity such as `User:ID` or `Bot:ID`, found \"Group:a\"\n"
            "E0705 `/all/2/type`: `type` is missing [it says which of `User | Bot` it is]\n"
            "E0703 `/all/3/type`: expected one of `User`, `Bot`, found \"Group\"\n"
            "E0703 `/all/4/type`: expected the name of an entity type, found the number `3`\n"
            "E0703 `/all/5`: expected an entity such as `User:ID` or `Bot:ID`, found the number `7`\n"
            "E0703 `/all/6`: expected an id, found an empty string\n");
  EXPECT_EQ(answer(R"({"by": {"type": "User", "id": "a", "level": 3}})"),
            "E0709 `/by/level`: the attribute `level` of `User` may not come with a request\n");
  EXPECT_EQ(answer(R"({"roles": {"a": 1}})"),
            "E0703 `/roles/a`: expected an entity such as `User:ID` or `Bot:ID`, found \"a\"\n");
}

TEST(RecordFacts, StandInCsvAsJson) {
  auto engine = engine_of(kPolicy);
  const Schema& schema = engine->plan().schema;
  uint32_t holds = 0;
  while (schema.relations[holds].info.name != "holds") ++holds;
  FactSet facts;
  auto added = add_csv_facts(schema, holds, false, "by,box\nBot:ci,\"{\"\"name\"\": \"\"a\"\", \"\"n\"\": 2}\"\n",
                             "holds.csv", facts, {});
  ASSERT_TRUE(added) << lines(added.error());
  EXPECT_EQ(show_source(schema, facts.rows[holds][0][0]),
            "{name: \"a\", n: 2, run_as: false, limits: none, owner: none}");
  EXPECT_EQ(show_source(schema, facts.rows[holds][0][1]), "Bot(\"ci\")");
  auto refused = add_csv_facts(schema, holds, false, "by,box\nci,{}\n", "holds.csv", facts, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(lines(refused.error()),
            "E0603 `/by`: expected an entity such as `User:ID` or `Bot:ID`, found \"ci\"\n"
            "E0605 `/box/name`: `name` is missing\n");
}

TEST(RecordFacts, NameTheInstanceThatIsNotKnown) {
  auto plan = testing::plan_of(kPolicy);
  FactSet facts;
  auto added = add_json_facts(plan->schema, R"({"relations": {"holds": [[{"name": "a", "owner": "k9"}, "User:u"]]}})",
                              "f", facts);
  ASSERT_TRUE(added);
  auto checked = check_facts(plan->schema, facts);
  ASSERT_FALSE(checked);
  EXPECT_THAT(lines(checked.error()), ::testing::HasSubstr("there is no `Known` with the id \"k9\""));
}

}  // namespace
}  // namespace lictor
