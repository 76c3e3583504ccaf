// PEGTL's own check of the grammar: no rule can loop without taking something from the text.
#include <gtest/gtest.h>

#include <tao/pegtl/contrib/analyze.hpp>

#include "grammar/grammar.h"

namespace lictor {
namespace {

TEST(Analyze, NoRuleLoopsWithoutProgress) {
  EXPECT_EQ(tao::pegtl::analyze<grammar::module_file>(), 0u);
  EXPECT_EQ(tao::pegtl::analyze<grammar::query>(), 0u);
}

}  // namespace
}  // namespace lictor
