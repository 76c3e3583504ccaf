// Records and unions at the public API: what a request brings, what the answer and the audit say of it.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "lictor/audit.h"
#include "lictor/lictor.h"

namespace lictor {
namespace {

constexpr const char* kText = R"(module pods
entity User
entity Bot { owner: User? }
type Actor = User | Bot
type Box = record { name: string, n: int = 1, run_as: bool = false as "runAs", note: string? }
obligation tell(box: Box, by: Actor, roles: map<Actor, int>)
request Act { box: Box, by: Actor, roles: map<Actor, int> = {}, extra: open record { app: string = "" } = {} }
decision act(r: Act) {
  default deny "no"
  allow yes: "{r.by} and {r.box.name}" if r.box.n > 0 then tell(box: r.box, by: r.by, roles: r.roles).
}
)";

Policy policy() {
  Options options;
  options.engine = Options::Engine::kInterpreter;
  auto made = Policy::from_text(kText, options);
  EXPECT_TRUE(made) << to_text(made.error());
  return std::move(*made);
}

TEST(RecordsInAnswers, AreWrittenAsTheyAreRead) {
  Policy pods = policy();
  auto act = pods.decision("act").value();
  auto request = act.bind(R"({"box": {"name": "a", "runAs": true}, "by": "User:ann", "roles": {"Bot:b": 1}})").value();
  auto answer = act.evaluate(request);
  EXPECT_EQ(answer.reason(), "User:ann and a");
  auto json = nlohmann::ordered_json::parse(answer.json());
  EXPECT_EQ(json["obligations"][0]["args"].dump(),
            R"({"box":{"name":"a","n":1,"runAs":true},"by":{"type":"User","id":"ann"},"roles":{"Bot:b":1}})");
  EXPECT_EQ(answer.obligations()[0].args[1].second, "User:ann");
}

TEST(RecordsInAnswers, TheAuditKeepsWhatAnOpenRecordBrought) {
  Policy pods = policy();
  auto act = pods.decision("act").value();
  auto request =
      act.bind(
             R"({"by": {"id": "b", "type": "Bot"}, "extra": {"more": [1, {"z": null}], "app": "x"}, "box": {"name": "a"}})")
          .value();
  auto record = audit_record(request, act.evaluate(request));
  EXPECT_EQ(record.request,
            R"({"box":{"name":"a"},"by":{"id":"b","type":"Bot"},"extra":{"app":"x","more":[1,{"z":null}]}})");
}

}  // namespace
}  // namespace lictor
