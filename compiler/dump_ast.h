// The canonical text of an Ast, without places: two texts that mean the same have the same dump.
#pragma once

#include <string>

#include "compiler/ast.h"

namespace lictor::ast {

/// A line per declaration, clause and statement.
std::string dump(const Module& module);

/// `(binary + (name a) (int 1))`.
std::string dump(const Expr& expr);

/// `(and L (not L) (or (and L) (and L)) ...)`.
std::string dump(const Body& body);

}  // namespace lictor::ast
