// Facts written in the text: rows of relations and instances of entities, in declarations and in tests.
#pragma once

#include "compiler/check.h"

namespace lictor {

/// The rows that one written row stands for: lists expand, defaults are filled in. Mistakes are reported and give fewer rows.
std::vector<FactRow> check_row(CheckContext& context, uint32_t module, uint32_t relation,
                               const std::vector<ast::Expr>& values, const std::vector<ast::Name>& names, Span span,
                               bool in_test);

/// One instance: `values[0]` is its id. Nothing after a mistake.
std::optional<InstanceFact> check_instance(CheckContext& context, uint32_t module, uint32_t entity,
                                           const std::vector<ast::Expr>& values, const std::vector<ast::Name>& names,
                                           const std::vector<ast::Expr>& parents, Span span, bool in_test);

}  // namespace lictor
