// The built-in functions, the only list. A call finds its row by name and by the types of its arguments; a relation or
// `let` of the same name that a module sees comes first.
#pragma once

#include <string_view>
#include <vector>

#include "compiler/core.h"

namespace lictor {

struct Builtin {
  std::string_view name;
  std::vector<TypeKind> params;  // kSet, kList, kMap: with any elements
  TypeId result;
  Op op;
  std::string_view doc;
};

/// All rows, grouped by name.
const std::vector<Builtin>& builtins();

}  // namespace lictor
