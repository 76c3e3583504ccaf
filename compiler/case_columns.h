// Tables of cases: what follows `cases (a, b) { rows }` in a test, written out for one row.
#pragma once

#include <span>
#include <vector>

#include "compiler/ast.h"
#include "grammar/diagnostics.h"

namespace lictor {

/// The statements with the row's values in place of the table's columns: where a value stands, and where an expectation
/// has its outcome, clause or reason. Reports values that do not fit there. `used` gets, by column, whether it was read.
std::vector<ast::Statement> with_case(std::span<const ast::Statement> statements, const std::vector<ast::Name>& columns,
                                      const ast::Row& row, Diagnostics& diagnostics, std::vector<bool>& used);

}  // namespace lictor
