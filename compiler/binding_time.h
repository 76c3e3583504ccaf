// Binding times: when the content of each relation is known.
//   load     inline rows, and rules over such relations, inline instances and parameters alone
//   fact     what depends on files, the host, or entities whose instances come from there
//   request  what reads the request, `now`, or an attribute that a request may bring
#pragma once

#include "compiler/program.h"

namespace lictor {

/// Fills in RelationDecl::time. REQUIRES: stratify() ran.
void find_binding_times(Program& program);

/// By decision: does anything that it reads, rules included, read `now`?
std::vector<bool> decisions_reading_now(const Program& program);

}  // namespace lictor
