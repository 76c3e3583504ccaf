// Lifecycles: what they make, and which guards are seen to exclude each other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/compiler/analyze_text.h"

namespace lictor {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// Two transitions of one event with these guards.
std::vector<std::string> two_guards(const std::string& a, const std::string& b) {
  return codes(analyze_text(R"(module t
enum Level { low < middle < high }
entity User { level: Level, teams: set<string> }
entity Model { risk: int 0..10, level: Level, owner: User?, share: decimal }
relation trusted(who: User) from host
relation reviews(model: Model, by: User) from host
param strict: bool = true
lifecycle of Model(actor: User) {
  initial draft
  final live, review
  draft -> live on submit(note: string) if )" +
                            a + ".\n  draft -> review on submit if " + b + ".\n}\n"));
}

TEST(Lifecycle, GuardsThatExcludeEachOther) {
  for (auto [a, b] : std::vector<std::pair<std::string, std::string>>{
           {"object.risk < 5", "object.risk >= 5"},
           {"object.risk < 5", "5 <= object.risk"},
           {"object.risk == 3", "object.risk != 3"},
           {"object.risk == 3", "object.risk > 3"},
           {"object.risk <= 2, trusted(actor)", "trusted(actor), object.risk > 2"},
           {"note == \"\"", "note != \"\""},
           {"note == \"a\"", "note == \"b\""},
           {"object.level == low", "object.level in { middle, high }"},
           {"object.level < middle", "object.level > low"},
           {"object.share > 0.5", "object.share <= 0.5"},
           {"trusted(actor)", "not trusted(actor)"},
           {"reviews(object, actor)", "not reviews(object, actor)"},
           {"reviews(object, _)", "not reviews(object, _)"},
           {"reviews(object, actor)", "not reviews(object, _)"},
           {"reviews(object, u), trusted(u)", "not reviews(object, _)"},
           {"strict", "not strict"},
           {"has object.owner", "not has object.owner"},
           {"\"eu\" in actor.teams", "\"eu\" not in actor.teams"},
           {"actor.level >= middle", "not actor.level >= middle"},
       }) {
    EXPECT_THAT(two_guards(a, b), IsEmpty()) << a << " / " << b;
    EXPECT_THAT(two_guards(b, a), IsEmpty()) << b << " / " << a;
  }
}

TEST(Lifecycle, GuardsThatMayHoldTogether) {
  for (auto [a, b] : std::vector<std::pair<std::string, std::string>>{
           {"object.risk < 5", "object.risk > 3"},
           {"object.risk <= 5", "object.risk >= 5"},
           {"object.risk != 3", "object.risk != 4"},
           {"object.risk == 3", "actor.level != low"},
           {"object.level in { low, middle }", "object.level in { middle, high }"},
           {"note != \"\"", "note != \"a\""},
           {"trusted(actor)", "not reviews(object, actor)"},
           {"reviews(object, _)", "not reviews(object, actor)"},
           {"strict", "strict"},
           {"object.risk < 5 or trusted(actor)", "object.risk >= 5"},
           {"some o = object.owner, trusted(o)", "not trusted(actor)"},
       }) {
    std::string first = a.find(" or ") == std::string::npos ? a : "(" + a + ")";

    EXPECT_THAT(two_guards(first, b), ElementsAre("E0512")) << a << " / " << b;
  }
}

/// A field called like the state that a transition begins in would stand in the state's place.
TEST(Lifecycle, NoFieldStandsForAState) {
  auto with = [](const std::string& actor, const std::string& param) {
    return codes(analyze_text("module t\nentity User\nentity Model\nlifecycle of Model(" + actor +
                              ": User) { initial a final c a -> b on go(" + param +
                              ": Model.State). b -> c on end. }"));
  };
  EXPECT_THAT(with("actor", "to"), IsEmpty());
  EXPECT_THAT(with("actor", "a"), ElementsAre("E0202"));
  EXPECT_THAT(with("actor", "end"), ElementsAre("E0202"));
  EXPECT_THAT(with("b", "to"), ElementsAre("E0202"));
}

TEST(Lifecycle, KeysOfRecordsAreNoFields) {
  EXPECT_THAT(codes(analyze_text(R"(module t
entity User
entity Model
type Note = record { note: string, many: int }
obligation tell(what: Note)
lifecycle of Model(actor: User) {
  initial a
  final b
  a -> b on go(note: string) then tell({ note: note, many: 1 }).
}
)")),
              IsEmpty());
}

TEST(Lifecycle, OverlappingStatesOfAny) {
  std::string text = R"(module t
entity User
entity Model
lifecycle of Model(actor: User) {
  initial draft
  final gone, kept
  draft -> live on publish.
  any -> gone on drop.
  live -> kept on drop.
}
)";
  Analysis analysis = analyze_text(text);
  EXPECT_THAT(codes(analysis), ElementsAre("E0512"));
  EXPECT_THAT(rendered(analysis), HasSubstr("`drop` may lead from `live` to `gone` and to `kept`"));
}

TEST(Lifecycle, MakesTypesRelationsAndDecisions) {
  Analysis analysis = analyze_text(R"(module t
entity User
entity Model
lifecycle of Model(actor: User) {
  initial draft
  final gone
  draft -> live on publish(why: string).
  any -> gone on drop.
  live -> draft after 3d.
}
use_of_names(m) :- Model(m), m.state == live.
qualified(m) :- Model.history(m, _, Model.State.gone, Model.Event.drop, _, _).
)");
  ASSERT_TRUE(analysis.ok) << rendered(analysis);
  const Schema& schema = analysis.program.schema;
  std::vector<std::string> requests, decisions, attributes;
  for (const RequestDecl& request : schema.requests) requests.push_back(request.info.name);
  for (const Decision& decision : analysis.program.decisions) decisions.push_back(decision.info.name);
  for (const FieldDecl& field : schema.entities[1].attributes) attributes.push_back(field.name);
  EXPECT_THAT(requests, ElementsAre("Model.Publish", "Model.Drop"));
  EXPECT_THAT(decisions, ElementsAre("Model.publish", "Model.drop"));
  EXPECT_THAT(attributes, ElementsAre("state", "state_since"));
  EXPECT_TRUE(schema.entities[1].closed);
  const Decision& drop = analysis.program.decisions[1];
  ASSERT_EQ(drop.clauses.size(), 1u);
  EXPECT_EQ(drop.clauses[0].id, "any_to_gone");
}

TEST(Lifecycle, TwoOfOneModuleAreToldApartByTheirOwners) {
  std::string text = R"(module t
entity User
entity Model
entity Case
lifecycle of Model(actor: User) { initial a final b a -> b on close. }
lifecycle of Case(actor: User) { initial a final b a -> b on close. }
)";
  EXPECT_THAT(
      codes(analyze_text(text + "both(m, c) :- Model.history(m, _, _, _, _, _), Case.history(c, _, _, _, _, _).")),
      IsEmpty());
  EXPECT_THAT(codes(analyze_text(text + "one(m) :- history(m, _, _, _, _, _).")), ElementsAre("E0201"));
}

TEST(Lifecycle, TimeHasNoActor) {
  auto with = [](const std::string& condition) {
    return codes(analyze_text(
        "module t\nentity User\nentity Model { owner: User? }\nrelation busy(u: User)\nlifecycle of Model(actor: User) "
        "{ initial a final b a -> b on go. a -> c after 1h if " +
        condition + ". c -> b on go. }"));
  };
  EXPECT_THAT(with("has object.owner"), IsEmpty());
  EXPECT_THAT(with("exists (busy(actor), User(actor))"), ElementsAre("E0401"));
}

TEST(Lifecycle, ARuleDoesNotHideWhatALifecycleGives) {
  std::string text = R"(module t
entity User
entity Model
lifecycle of Model(actor: User) { initial a final b a -> b on close. }
)";
  EXPECT_THAT(codes(analyze_text(text + "history(m) :- Model(m).")), ElementsAre("E0202"));
  EXPECT_THAT(codes(analyze_text(text + "stories(m) :- Model(m).")), IsEmpty());
}

TEST(Lifecycle, NamesAreSeenFromOtherModules) {
  SourceText models = {"models.lictor", R"(module models
entity User
entity Model
lifecycle of Model(actor: User) { initial a final b a -> b on close. }
)"};
  auto with = [&](std::string text) { return codes(analyze_texts({models, {"other.lictor", std::move(text)}})); };
  EXPECT_THAT(with("module o\nuse models (Model)\nx(m) :- Model.history(m, _, b, _, _, _).\n"), IsEmpty());
  EXPECT_THAT(with("module o\nuse models\nx(m) :- models.Model.history(m, _, b, _, _, _).\n"), IsEmpty());
  EXPECT_THAT(with("module o\nuse models as s\nx(m) :- s.Model.history(m, _, b, _, _, _).\n"), IsEmpty());
  EXPECT_THAT(with("module o\nx(m) :- Model.history(m, _, _, _, _, _).\n"), ElementsAre("E0201"));
}

}  // namespace
}  // namespace lictor
