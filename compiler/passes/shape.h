// The shape of a clause's pipeline: what is left of it when its constants are taken out.
#pragma once

#include <cstdint>
#include <vector>

#include "compiler/plan.h"

namespace lictor {

/// May this constant be a column of a table, so that shapes that differ in it are one? `none` belongs to the shape.
bool is_open(const Schema& schema, const Expr& expr);

/// Groups of equal shape have equal hashes.
uint64_t shape_hash(const Schema& schema, const ClauseGroup& group);
bool same_shape(const Schema& schema, const ClauseGroup& a, const ClauseGroup& b);

/// The open constants, in an order that is the same for all groups of a shape. P is Pipeline or const Pipeline.
std::vector<const Expr*> open_constants(const Schema& schema, const Pipeline& pipeline);

}  // namespace lictor
