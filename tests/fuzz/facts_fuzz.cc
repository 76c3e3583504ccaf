// Arbitrary bytes as facts. The first byte chooses the reader; what it accepts must be publishable or refused as a whole,
// and what was published must read back as it was given.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "compiler/analyze.h"
#include "compiler/driver.h"
#include "runtime/engine.h"

namespace {

constexpr const char* kPolicy = R"(module t
enum Level { low < high }
entity Group in Group {}
entity User in Group { level: Level, boss: User?, tags: set<string> = {} }
relation grants(who: User, what: string, rate: decimal, until: time?) key(who, what)
relation plain(n: int 1..9, on: bool = true)
total(u, s) :- User(u), s = sum { rate, what : grants(u, what, rate, _) }.
above(u, b) :- User(u), some b = u.boss.
above(u, c) :- above(u, b), some c = b.boss.
)";

struct World {
  std::shared_ptr<const lictor::Plan> plan;
  std::shared_ptr<lictor::Engine> engine;
};

World make_world() {
  using namespace lictor;
  Analysis analysis = analyze({{"fuzz.lictor", kPolicy}}, {});
  if (!analysis.ok) std::abort();
  auto plan = make_plan(analysis, {});
  EngineOptions options;
  options.engine = EngineKind::kInterpreter;
  auto engine = Engine::make(*plan, options);
  return {*plan, *engine};
}

lictor::Result<void> read(const lictor::Schema& schema, uint8_t which, std::string_view text, lictor::FactSet& facts) {
  using namespace lictor;
  switch (which % 5) {
    case 0:
      return add_json_facts(schema, text, "f.json", facts);
    case 1:
      return add_csv_facts(schema, 0, false, text, "f.csv", facts);
    case 2:
      return add_csv_facts(schema, 1, true, text, "f.csv", facts);
    case 3:
      return add_jsonl_facts(schema, 0, false, text, "f.jsonl", facts);
    default:
      return add_jsonl_facts(schema, 1, true, text, "f.jsonl", facts);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace lictor;
  static const World world = make_world();
  if (size == 0) return 0;
  FactSet facts;
  std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  auto added = read(world.plan->schema, data[0], text, facts);
  if (!added) {
    if (added.error().diagnostics.empty()) std::abort();
    return 0;
  }
  uint64_t version = world.engine->version();
  auto published = world.engine->publish(facts);
  if (!published) {
    if (world.engine->version() != version) std::abort();
    return 0;
  }
  FactSet again = world.engine->facts();
  if (!world.engine->publish(again)) std::abort();
  FactSet third = world.engine->facts();
  if (again.rows != third.rows) std::abort();
  for (size_t type = 0; type < again.entities.size(); ++type) {
    if (again.entities[type].size() != third.entities[type].size()) std::abort();
  }
  return 0;
}
