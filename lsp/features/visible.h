// The names that can stand at a place: what a module sees, what a module gives to others, the variables of a statement.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/names.h"
#include "lsp/bundle.h"
#include "lsp/options.h"

namespace lictor::lsp {

struct VisibleName {
  std::string text;
  SymbolKind kind = SymbolKind::kParam;
  std::string doc;
};

/// Own names and those imported by name.
std::vector<VisibleName> visible(const View& view, uint32_t file);
/// What another module may use of the module called `module`, of the bundle or of the library.
std::vector<VisibleName> exported(const View& view, const std::string& module, const Options& options);

/// The words that lead to other modules: "governance" of `use std.governance`, "g" of `use std.governance as g`.
std::vector<std::string> prefixes(const View& view, uint32_t file);
/// The module that a prefix stands for, or "".
std::string module_of_prefix(const View& view, uint32_t file, std::string_view prefix);

/// What a callee takes by name: columns, parameters, attributes, fields of a decision's request. Empty where unknown.
std::vector<FieldDecl> parameters_of(const View& view, uint32_t file, std::string_view callee);

struct VisibleVariable {
  std::string name;
  TypeId type = kErrorType;
};
/// The variables of the rule, clause or let around a byte.
std::vector<VisibleVariable> variables_around(const View& view, uint32_t file, uint32_t offset);

}  // namespace lictor::lsp
