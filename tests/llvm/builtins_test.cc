// Every example of the table of built-in functions, decided by both engines.
#include <gtest/gtest.h>

#include <set>

#include "compiler/builtins.h"
#include "tests/llvm/engines.h"

namespace lictor::testing {
namespace {

TEST(Builtins, ExamplesHoldInBothEngines) {
  std::set<std::string> imports;
  std::string clauses;
  size_t count = 0;
  for (const Builtin& row : builtins()) {
    if (!row.module.empty()) imports.insert("use " + std::string(row.module) + " (" + std::string(row.name) + ")\n");
    EXPECT_FALSE(row.examples.empty()) << row.name;
    for (const auto& [call, value] : row.examples) {
      std::string test =
          value == "none" ? "not has " + std::string(call) : std::string(call) + " == " + std::string(value);
      clauses += "  allow e" + std::to_string(count++) + ": \"" + std::string(row.name) + "\" if r.on, " + test + ".\n";
    }
  }
  std::string text = "module t\nuse std.time (Weekday)\n";
  for (const std::string& use : imports) text += use;
  text += "request R { on: bool = true }\ndecision d(r: R) {\n  default deny \"none\"\n" + clauses + "}\n";
  std::string answer = ask(engines_of(plan_of(text)), "{}");
  for (size_t i = 0; i < count; ++i)
    EXPECT_NE((answer + ";").find("allow e" + std::to_string(i) + ": "), std::string::npos) << text << answer;
}

}  // namespace
}  // namespace lictor::testing
