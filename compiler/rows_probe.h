// The rows of a relation that depends on `now`, asked like a decision: an engine keeps no such rows.
#pragma once

#include "compiler/program.h"

namespace lictor {

/// Does a relation's content depend on `now`, and on no request?
inline bool depends_on_time(const RelationDecl& relation) {
  return relation.time == BindingTime::kRequest && relation.request == kNoIndex;
}

/// The name of such a decision; no name in a text begins so.
std::string rows_probe_name(const RelationDecl& relation);

/// A decision over a request without fields, which the schema then has, that allows once for each row: the bindings of its
/// instances are the rows, by column.
/// REQUIRES: depends_on_time(relation).
Decision rows_probe(Program& program, uint32_t relation);

}  // namespace lictor
