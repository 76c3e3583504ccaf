// No page is ever writable and executable, and code that is let go is unmapped.
#include <gtest/gtest.h>

#include <bit>
#include <fstream>
#include <string>

#include "compiler/plan_walk.h"
#include "runtime/abi.h"
#include "runtime/request.h"
#include "tests/llvm/engines.h"

namespace lictor::testing {
namespace {

struct Pages {
  int writable_and_executable = 0;
  int anonymous_executable = 0;
};

Pages pages() {
  Pages out;
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    std::string mode = line.substr(line.find(' ') + 1, 4);
    if (mode[1] == 'w' && mode[2] == 'x') ++out.writable_and_executable;
    bool named = line.find('/') != std::string::npos || line.find('[') != std::string::npos;
    if (mode[2] == 'x' && !named) ++out.anonymous_executable;
  }
  return out;
}

TEST(Pages, CodeIsNeverWritable) {
  auto plan = plan_of(R"(
module t
request R { level: int }
decision gate(r: R) { default deny "no" allow high: "level {r.level}" if r.level > 3. }
)");
  JitOptions options;
  options.abi = abi_symbols();
  int before = pages().anonymous_executable;
  auto code = compile_native(*plan, options);
  ASSERT_TRUE(code) << code.error().message;
  Pages with = pages();
  EXPECT_EQ(with.writable_and_executable, 0);
  EXPECT_GT(with.anonymous_executable, before);
  code->reset();
  EXPECT_EQ(pages().anonymous_executable, before);
}

TEST(Pages, SymbolsThatAreMissingAreAFailureNotACrash) {
  auto plan = plan_of(R"(
module t
request R { name: string }
decision gate(r: R) { default deny "no" allow a: "x" if starts_with(r.name, "x"). }
)");
  auto code = compile_native(*plan, {});
  ASSERT_FALSE(code);
  EXPECT_EQ(code.error().kind, ErrorKind::kUnavailable);
}

TEST(Pages, EveryEffortMeansTheSame) {
  auto plan = plan_of(R"(
module t
relation p(a: string, b: int) key(a) { ("k", 5) ("l", 2) }
relation via(a: string, b: string) key(a) { ("k", "k") ("l", "l") }
request R { a: string }
decision gate(r: R) { default deny "no" allow x: "x" if via(r.a, b), p(b, n), n > 3. }
)");
  auto engines = engines_of(plan);
  for (int optimize : {0, 1, 2}) {
    JitOptions options;
    options.abi = abi_symbols();
    options.optimize = optimize;
    auto code = compile_native(*plan, options);
    ASSERT_TRUE(code) << code.error().message;
    ASSERT_EQ((*code)->decision(0).groups.size(), plan->decisions[0].groups.size());
    for (const char* name : {"k", "l", "?"}) {
      auto request = BoundRequest::from_json(*engines.interpreter, 0, std::string(R"({"a": ")") + name + "\"}");
      ASSERT_TRUE(request);
      Quick wanted = engines.interpreter->decide(*request, 0);
      BoundRequest::State& state = request->state();
      for (uint32_t index : one_column_indexes(*plan, plan->decisions[0])) {
        ASSERT_EQ(state.snapshot->view().indexes[index].dense, 1u);
      }
      const NativeDecision& decision = (*code)->decision(0);
      int64_t values[QuickDecision::kMostValues];
      for (NativeDecision::Quick quick : {decision.quick, decision.quick_dense}) {
        ASSERT_NE(quick, nullptr);
        auto got = std::bit_cast<QuickDecision>(quick(&state.eval.context, values));
        EXPECT_EQ(got.outcome, static_cast<int>(wanted.outcome)) << name << ", effort " << optimize;
        EXPECT_EQ(got.clause, wanted.clause) << name << ", effort " << optimize;
      }
    }
  }
}

}  // namespace
}  // namespace lictor::testing
