// docs/plan.md lists every step and every operation, in the words of plan.def and ops.def.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "compiler/core.h"
#include "compiler/plan.h"

namespace lictor {
namespace {

std::string document() {
  std::ifstream in(std::string(LICTOR_SOURCE_DIR) + "/docs/plan.md", std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(PlanDocs, EveryStepIsDescribed) {
  std::string text = document();
#define LICTOR_STEP(id, name, doc) EXPECT_NE(text.find("\n| `" name "` | " doc " |\n"), std::string::npos) << name;
#include "compiler/plan.def"
#undef LICTOR_STEP
}

TEST(PlanDocs, EveryOperationIsDescribed) {
  std::string text = document();
  size_t rows = 0;
#define LICTOR_OP(id, name, arity, errs, doc)                                                                  \
  ++rows;                                                                                                      \
  EXPECT_NE(text.find("\n| `" name "` | " + (arity < 0 ? std::string("any") : std::to_string(arity)) + " | " + \
                      (errs ? "yes" : "no") + " | " doc " |\n"),                                               \
            std::string::npos)                                                                                 \
      << name;
#include "compiler/ops.def"
#undef LICTOR_OP
  EXPECT_GT(rows, 30u);
}

}  // namespace
}  // namespace lictor
