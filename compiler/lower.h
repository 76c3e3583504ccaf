// Lowering: from core language to the first form of a plan. The passes (passes/pipeline.cc) do the rest.
#pragma once

#include <vector>

#include "compiler/plan.h"
#include "compiler/program.h"

namespace lictor {

/// What a plan keeps of a program as it is: schema, facts, rules, clauses; no pipeline yet. `params` by Schema::params.
Plan begin_plan(const Program& program, std::vector<Datum> params);
/// The same without a copy: these parts are taken out of `program`.
Plan begin_plan(Program&& program, std::vector<Datum> params);

/// Makes a pipeline of every rule, view and clause (one group per clause), and decides which relations of request time
/// become views and which are materialised. REQUIRES: parameters are folded; `strata` are the program's, in order.
void lower(const std::vector<Stratum>& strata, Plan& plan);

}  // namespace lictor
