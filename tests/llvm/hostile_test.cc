// Where the system denies what code generation needs, compile_native fails and nothing else happens. Each case runs in a
// child process, because it takes something from the process for good.
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <functional>

#include "runtime/abi.h"
#include "tests/llvm/engines.h"

namespace lictor::testing {
namespace {

constexpr int kMade = 10, kUnavailable = 11, kCannotTell = 12, kOther = 13;

std::shared_ptr<const Plan> policy() {
  std::string text =
      "module t\nrelation p(a: int, b: int) { (1, 2) (2, 3) }\nrequest R { a: int, b: int }\ndecision gate(r: R) {\n  "
      "default deny \"no\"\n";
  for (int i = 0; i < 40; ++i) {
    text += "  allow c" + std::to_string(i) + ": \"x\" if ";
    for (int j = 0; j <= i; ++j) text += "r.a != " + std::to_string(j) + ", ";
    text += "p(r.b, n), n > r.a.\n";
  }
  return plan_of(text + "}\n");
}

/// What compile_native makes of the plan in a child that `prepare` has prepared; a signal's number, negative, if it dies.
int in_child(const Plan& plan, const std::function<bool()>& prepare) {
  pid_t child = ::fork();
  if (child == 0) {
    if (!prepare()) ::_exit(kCannotTell);
    JitOptions options;
    options.abi = abi_symbols();
    auto code = compile_native(plan, options);
    ::_exit(code ? kMade : code.error().kind == ErrorKind::kUnavailable ? kUnavailable : kOther);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

TEST(Hostile, WithoutDenialCodeIsMade) {
  EXPECT_EQ(in_child(*policy(), [] { return true; }), kMade);
}

TEST(Hostile, PagesThatMayNotBecomeExecutable) {
#ifndef PR_SET_MDWE
  constexpr int PR_SET_MDWE = 65;
#endif
  auto plan = policy();
  int result = in_child(*plan, [] { return ::prctl(PR_SET_MDWE, 1, 0, 0, 0) == 0; });
  if (result == kCannotTell) GTEST_SKIP() << "this kernel cannot refuse executable pages";
  EXPECT_EQ(result, kUnavailable);
}

uint64_t mapped_bytes() {
  std::ifstream statm("/proc/self/statm");
  uint64_t pages = 0;
  statm >> pages;
  return pages * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
}

TEST(Hostile, MemoryThatRunsOut) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers do not survive a limit on the address space";
#endif
  auto plan = policy();
  int refused = 0;
  int made = 0;
  for (uint64_t kilobytes = 0; kilobytes <= 96 << 10; kilobytes += kilobytes < 4096 ? 512 : 3072) {
    int result = in_child(*plan, [&] {
      rlimit limit{};
      limit.rlim_cur = limit.rlim_max = mapped_bytes() + kilobytes * 1024;
      return ::setrlimit(RLIMIT_AS, &limit) == 0;
    });
    EXPECT_TRUE(result == kMade || result == kUnavailable) << result << " with " << kilobytes << " KiB";
    refused += result == kUnavailable ? 1 : 0;
    made += result == kMade ? 1 : 0;
  }
  EXPECT_GT(refused, 0);
  EXPECT_GT(made, 0);
}

/// Deep expressions are made or refused; the stack is that of a thread.
TEST(Hostile, DeepExpressions) {
  for (int depth : {100, 900, 5000}) {
    // the parser has limits of its own: the plan is made from a small one
    auto small = plan_of(
        "module t\nrequest R { a: int 0..1, b: int 0..1 }\ndecision gate(r: R) { default deny \"no\" allow x: \"x\" if "
        "r.a + r.b > 1. }\n");
    ASSERT_TRUE(small);
    Plan plan = *small;
    Step& filter = plan.decisions[0].groups[0].pipeline.steps[0];
    ASSERT_EQ(filter.op, StepOp::kFilter);
    for (int i = 0; i < depth; ++i) {
      Expr negation;
      negation.op = Op::kNot;
      negation.type = kBoolType;
      negation.args.push_back(std::move(filter.expr));
      filter.expr = std::move(negation);
    }
    JitOptions options;
    options.abi = abi_symbols();
    auto code = compile_native(plan, options);
    EXPECT_EQ(code.has_value(), depth < 1500) << depth;
  }
}

}  // namespace
}  // namespace lictor::testing
