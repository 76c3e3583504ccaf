// The embedding API from end to end: load a policy, bind a request once, decide it, change facts, ask why.
//
// Build it with the tree (`./dev build`), then: build/release/bin/example_embed [BUNDLE]
#include <cstdio>

#include "lictor/lictor.h"

namespace {

constexpr const char* kPolicy = R"(
module example.doors

enum Level { visitor < staff < guard }
entity Person { level: Level }
entity Door { needs: Level } { ("lobby", needs: visitor) ("lab", needs: staff) ("vault", needs: guard) }

request Enter { person: Person, door: Door }

decision enter(r: Enter) {
  default deny "{r.door.id} stays shut"
  allow level: "{r.person.level} may pass {r.door.id}" if r.person.level >= r.door.needs.
}
)";

int fail(const lictor::Error& error) {
  std::fprintf(stderr, "%s\n", lictor::to_text(error).c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  auto policy = argc > 1 ? lictor::Policy::load(argv[1]) : lictor::Policy::from_text(kPolicy);
  if (!policy) return fail(policy.error());
  if (argc > 1) {
    for (const std::string& name : policy->decisions()) std::printf("%s\n", name.c_str());
    return 0;
  }
  auto facts =
      policy->add_facts(R"({"entities": {"Person": {"ada": {"level": "guard"}, "bob": {"level": "visitor"}}}})");
  if (!facts) return fail(facts.error());

  auto enter = policy->decision("enter");
  if (!enter) return fail(enter.error());
  auto request = enter->bind({{"person", "ada"}, {"door", "vault"}});
  if (!request) return fail(request.error());

  int allowed = 0;
  for (int i = 0; i < 1'000'000; ++i) allowed += enter->decide(*request).allowed();
  std::printf("ada at the vault: allowed %d times of 1000000\n", allowed);

  if (auto changed = request->set("person", "bob"); !changed) return fail(changed.error());
  lictor::Verdict verdict = enter->explain(*request);
  std::printf("bob at the vault: %s (%s)\n", std::string(lictor::to_text(verdict.outcome())).c_str(),
              verdict.reason().c_str());
  for (const auto& miss : verdict.near_misses()) {
    std::printf("  %s would have allowed it, but not: %s (%s)\n", miss.clause.c_str(), miss.premise.c_str(),
                miss.values.c_str());
  }
  std::printf("%s\n", verdict.json().c_str());
  return allowed == 1'000'000 && !verdict.allowed() ? 0 : 1;
}
