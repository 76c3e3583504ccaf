// Records and unions in native code: fields, literals, `is`, and attributes read of what may be of another type.
#include <gtest/gtest.h>

#include "tests/llvm/engines.h"

namespace lictor::testing {
namespace {

constexpr const char* kPolicy = R"(
module t
entity User { level: int }
entity Bot { owner: User?, rank: int = 5, seen: int = 0 from request }
type Actor = User | Bot
type Box = record { name: string, n: int = 1, owner: Actor?, part: record { m: int }? }
relation user(u: User, level: int) key(u) { ("a", 7) }
relation holds(box: Box, by: Actor) { ({ name: "x", n: 3 }, Bot("b")) ({ name: "y" }, User("a")) }
request R { boxes: list<Box> = [], by: Actor, n: int = 0, one: Box? }
level(r: R, b, l) :- b in r.boxes, some o = b.owner, o is User, l = o.level + 1.
decision d(r: R) {
  default deny "nothing"
  deny seen: "seen {r.by.seen}" if r.by is Bot, r.by.seen > 2.
  deny level: "{b.name} {l}" if level(r, b, l), l > 8.
  allow held: "{b}" if b in r.boxes, holds(b, r.by).
  allow made: "made {r.n}" if holds({ name: "x", n: r.n + 2 }, r.by).
  allow part: "part {m}" if some m = r.one?.part?.m.
  allow high: "high" if case { r.by is User => r.by.level; else => r.by.rank } > 6.
  allow keyed: "keyed" if r.by is User, user[r.by] ?? 0 > 6.
  allow bot: "bot of {o}" if r.by is Bot, some o = r.by.owner.
}
)";

Engines engines() {
  return engines_of(plan_of(kPolicy), {}, [](FactSet& facts) {
    // many users, so that the number of one is beyond the other type's instances
    for (int i = 0; i < 50; ++i) {
      Datum level;
      level.type = kIntType;
      level.n = i == 40 ? 8 : 1;
      facts.entities[0].push_back({i == 0 ? "a" : "u" + std::to_string(i), {level}, {}});
    }
  });
}

TEST(NativeRecords, FieldsAndLiterals) {
  Engines both = engines();
  EXPECT_EQ(ask(both, R"({"by": "Bot:b", "boxes": [{"name": "x", "n": 3}]})"),
            "allow held: {name: x, n: 3, owner: none, part: none}");
  EXPECT_EQ(ask(both, R"({"by": "Bot:b", "n": 1})"), "allow made: made 1");
  EXPECT_EQ(ask(both, R"({"by": "Bot:b", "n": 9223372036854775806})").substr(0, 20), "deny default: nothin");
  EXPECT_EQ(ask(both, R"({"by": "Bot:c", "one": {"name": "q", "part": {"m": 4}}})"), "allow part: part 4");
  EXPECT_EQ(ask(both, R"({"by": "Bot:c", "one": {"name": "q"}})"), "deny default: nothing");
}

TEST(NativeRecords, MembersOfUnions) {
  Engines both = engines();
  EXPECT_EQ(ask(both, R"({"by": "User:u40"})"), "allow high: high");
  EXPECT_EQ(ask(both, R"({"by": "User:u41"})"), "deny default: nothing");
  EXPECT_EQ(ask(both, R"({"by": "User:a"})"), "allow keyed: keyed");
  EXPECT_EQ(ask(both, R"({"by": {"type": "Bot", "id": "z", "seen": 3}})"), "deny seen: seen 3");
  EXPECT_EQ(
      ask(both, R"({"by": "Bot:c", "boxes": [{"name": "x", "owner": "User:u40"}, {"name": "y", "owner": "Bot:b"}]})"),
      "deny level: x 9");
}

}  // namespace
}  // namespace lictor::testing
