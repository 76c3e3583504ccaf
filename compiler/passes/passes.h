// The passes, one per file. Each takes a plan that verify() accepts to a plan that verify() accepts and that means the
// same: the same rows, instances and errors for all facts and requests. pipeline.cc spells their order.
#pragma once

#include <functional>
#include <string_view>

#include "compiler/plan.h"
#include "compiler/program.h"

namespace lictor {

/// Canonical rules and clauses: parameters become constants, and operations that these constants keep from erring say so.
/// Before lowering, which decides by that what can err.
void fold_params(Plan& plan);

/// Pipelines: computes what is constant, spreads constants and copies to where they are read, simplifies tests. An
/// expression that errs stays as it is.
void fold_constants(Plan& plan);

/// Removes what can never hold and nothing to its left can err: bodies, alternatives, rules' and clauses' pipelines; tests
/// that always hold; variables that nobody reads. After fold_constants.
void drop_dead(Plan& plan);

/// Puts a view's only alternative in the place of its call. After drop_dead, which leaves fewer alternatives.
void inline_views(Plan& plan);

/// Tests of a scanned column against something known before the scan become columns that the scan matches.
void match_columns(Plan& plan);

/// Groups clauses of one shape: their constants become rows of a table. After everything that changes the shape.
void group_clauses(Plan& plan);

/// An index for every scan that matches columns; scans with equal columns share one.
void choose_indexes(Plan& plan);

/// Plan::constants and the numbers of constants.
void number_constants(Plan& plan);

/// What follows from all the rest: can_err and single of pipelines, what clauses mention, what decisions need. Last.
void annotate(Plan& plan);

/// Runs lowering and all passes; `after` is called after each stage with its name and stops the rest when false.
void run_passes(const Program& program, Plan& plan, const std::function<bool(std::string_view)>& after);

}  // namespace lictor
