// The built-in functions, the only list: the checker finds calls in it, editors what to offer, and docs/language.md has a
// table made of it (tests/docs/builtins_test.cc), whose examples run in both engines.
//
// A function of no module is seen everywhere; a relation or `let` of the same name that a module sees comes first. The
// others belong to standard modules and are imported like what those declare: `use std.text (lower)`, or `text.lower(x)`.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "compiler/core.h"

namespace lictor {

struct BuiltinParam {
  // NOLINTNEXTLINE(google-explicit-constructor): rows of the table are lists of kinds
  BuiltinParam(TypeKind the_kind, TypeKind the_elem = TypeKind::kError) : kind(the_kind), elem(the_elem) {}
  TypeKind kind;
  TypeKind elem;  // kSet, kList: of their elements; kError: any, but the same as in the first argument
};

struct Builtin {
  enum class Shape : uint8_t { kPlain, kOptional, kList, kFirst };  // of the result; kFirst: the first argument's type

  std::string_view module;  // "std.text"; "" for those seen everywhere
  std::string_view name;
  std::vector<BuiltinParam> params;
  TypeId result;  // or its element, as `shape` says
  Op op;
  std::string_view doc;
  std::vector<std::pair<std::string_view, std::string_view>> examples = {};  // expression, and an equal one
  Shape shape = Shape::kPlain;
};

/// All rows, grouped by module and name.
const std::vector<Builtin>& builtins();

/// `lower(string) -> string`: as documentation shows it.
std::string builtin_signature(const Schema& schema, const Builtin& builtin);

}  // namespace lictor
