// Strata: which relations are computed together, and in which order. A relation must be complete before it is negated or
// aggregated; a cycle through either is an error that names the cycle rule by rule.
#pragma once

#include "compiler/program.h"
#include "grammar/diagnostics.h"

namespace lictor {

/// Fills in Program::strata: the derived relations, each stratum after all it reads. A decision that `granted` asks must be
/// complete before the asker, like a relation that is negated; a cycle through one is reported too. Linear in the size of the rules.
void stratify(Program& program, Diagnostics& diagnostics);

/// Calls visit(literal, complete) for every literal of a body and of the bodies nested in it; `complete`: it stands
/// where the relation must be complete (in a negation, a `forall` or an aggregate).
template <class Visit>
void visit_literals(const Body& body, bool complete, Visit&& visit) {
  for (const Literal& literal : body.literals) {
    visit(literal, complete);
    bool inner = complete || literal.kind == Literal::Kind::kNot || literal.kind == Literal::Kind::kForall ||
                 literal.kind == Literal::Kind::kAggregate;
    for (const Body& nested : literal.bodies) visit_literals(nested, inner, visit);
  }
}

}  // namespace lictor
