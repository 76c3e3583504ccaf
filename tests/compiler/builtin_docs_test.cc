// docs/language.md has a table of the built-in functions, made of compiler/builtins.cc.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "compiler/builtins.h"

namespace lictor {
namespace {

std::string table() {
  Schema schema;
  std::string out = "| function | of | what it gives | for example |\n|---|---|---|---|\n";
  for (const Builtin& row : builtins()) {
    std::string examples;
    for (const auto& [call, value] : row.examples) {
      bool truth = value == "true" || value == "false";
      std::string shown =
          truth ? (value == "true" ? "`" : "not `") + std::string(call) + "`"
                : "`" + std::string(call) + (value == "none" ? "` is none" : " == " + std::string(value) + "`");
      examples += (examples.empty() ? "" : "; ") + shown;
    }
    out += "| `" + builtin_signature(schema, row) + "` | " +
           (row.module.empty() ? "" : "`" + std::string(row.module) + "` ") + "| " + std::string(row.doc) + " | " +
           examples + " |\n";
  }
  return out;
}

TEST(BuiltinDocs, TheReferenceHasTheTable) {
  std::ifstream in(std::string(LICTOR_SOURCE_DIR) + "/docs/language.md", std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  EXPECT_NE(text.find("\n" + table() + "\n"), std::string::npos) << table();
}

}  // namespace
}  // namespace lictor
