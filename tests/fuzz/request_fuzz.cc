// Arbitrary bytes as a request: refused with a diagnostic or decided, never a crash; and twice the same.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "compiler/analyze.h"
#include "compiler/driver.h"
#include "runtime/engine.h"

namespace {

constexpr const char* kPolicy = R"(module t
enum Color { red < green }
entity Group in Group {}
entity User in Group { level: int, boss: User? }
entity Box { image: string from request, size: int = 3 }
relation grants(who: User, what: string) { (User("u1"), "read") }
request Act {
  user: User?, group: Group?, amount: int = 0, rate: decimal = 1.0, when: time?, wait: duration?, color: Color = red,
  tags: set<string>?, limits: map<string, int>?, box: Box?, rows: list<int>?, action: string = "read"
}
decision d(r: Act) {
  default deny "no {r.action}"
  allow grant: "{u} may {r.action}" if some u = r.user, grants(u, r.action), u in Group("g1").
  deny large: "{r.amount * r.amount}" if r.amount * r.amount > 100.
  deny tagged: "{t}" if some s = r.tags, t in s, starts_with(t, "x").
  allow boxed: "{b.image} {b.size}" if some b = r.box, r.rate * 2.0 > 1.0.
}
)";

std::shared_ptr<lictor::Engine> make_engine() {
  using namespace lictor;
  Analysis analysis = analyze({{"fuzz.lictor", kPolicy}}, {});
  if (!analysis.ok) std::abort();
  auto plan = make_plan(analysis, {});
  EngineOptions options;
  options.engine = EngineKind::kInterpreter;
  auto engine = Engine::make(*plan, options);
  FactSet facts = inline_facts(**plan);
  const char* json =
      R"({"entities": {"User": {"u1": {"level": 3, "in": {"Group": ["g1"]}}, "u2": {"level": 1, "boss": "u1"}}}})";
  if (!add_json_facts((*plan)->schema, json, "facts.json", facts) || !(*engine)->publish(facts)) std::abort();
  return *engine;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace lictor;
  static const std::shared_ptr<Engine> engine = make_engine();
  auto request = BoundRequest::from_json(*engine, 0, {reinterpret_cast<const char*>(data), size});
  if (!request) {
    if (request.error().diagnostics.empty()) std::abort();
    for (const Diagnostic& diagnostic : request.error().diagnostics) {
      if (diagnostic.message.empty() || diagnostic.message.size() > 1024) std::abort();
    }
    return 0;
  }
  DecisionResult first = engine->evaluate(*request, 0);
  Quick quick = engine->decide(*request, 0);
  DecisionResult second = engine->evaluate(*request, 0);
  bool same = first.outcome == second.outcome && first.winner.reason == second.winner.reason &&
              quick.outcome == first.outcome && quick.clause == first.winner.clause;
  if (!same) std::abort();
  return 0;
}
