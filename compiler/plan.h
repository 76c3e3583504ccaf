// The plan: what every backend runs. Relational operations over slots; no syntax, no names that matter.
//
// A plan is made by lower() for one Program and one set of parameter values, transformed by passes (passes/pipeline.cc
// has the order) and checked by verify() after each pass in debug and test builds. It is immutable from then on and may
// be shared by threads. `dump()` prints it; docs/plan.md explains the form.
//
// Three parts:
//   strata            rules that depend on facts alone: run once per change of facts, by semi-naive iteration;
//   request_strata    rules that depend on the request and are recursive or can err: run per request, whole, on demand;
//   views             rules and bodies that depend on the request and neither recur nor err: called with bound arguments;
//   decisions         clause groups, in the order of evaluation.
// Canonical rules and clauses (core.h, unoptimised, parameters folded) stay in `rules` and `clauses`: proofs and the
// explanation of denials walk those, in every engine the same.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "compiler/core.h"
#include "compiler/program.h"
#include "compiler/read_instances.h"

namespace lictor {

enum class StepOp : uint8_t {
#define LICTOR_STEP(id, name, doc) id,
#include "compiler/plan.def"
#undef LICTOR_STEP
};
const char* name(StepOp op);

struct Pipeline;

struct Step {
  StepOp op = StepOp::kFilter;
  Span span;
  uint32_t relation = kNoIndex;  // kScan: relation; kInstances, kContainers, kMembers: entity type of what is found
  uint32_t index = kNoIndex;     // kScan: Plan::indexes; the matched columns that it covers need no further test
  bool delta = false;            // kScan: only the rows that the last iteration of the fixpoint added
  bool negated = false;          // kAny
  uint32_t view = kNoIndex;      // kCall
  std::vector<Expr> inputs;      // kCall
  std::vector<Arg> args;
  uint32_t slot = 0;
  Expr expr;
  std::vector<Pipeline> bodies;  // kAny, kLookup, kAggregate
  Aggregate aggregate = Aggregate::kCount;
  std::vector<Expr> tuple;
  int64_t percentile = 0;
  bool can_err = false;  // kAggregate: sum or avg may not fit
};

/// Errors: an error counts wherever all steps to its left hold, for every binding. So a pipeline with can_err is always
/// enumerated to its end: a kAny over such a body must not stop at the first solution, nor skip later bodies. Reading a
/// relation of Plan::erring counts as a place that can err: nothing may be hoisted to its left.
///
/// Steps from left to right; when all hold, `emit` is evaluated and handed to whoever runs the pipeline: a rule inserts
/// it, a view yields it, a clause makes an instance of it, a body of kAny only needs to get there.
/// An operation whose can_err is false may rely on guards to its left (`n < 64, m = n + 1`): no step that guards moves to
/// its right.
struct Pipeline {
  std::vector<Step> steps;
  std::vector<Expr> emit;
  bool can_err = false;  // some expression or aggregate in it can err
  bool single = false;   // at most one solution whatever the facts are
};

/// A set of columns of a relation by which scans look rows up.
struct Index {
  uint32_t relation = kNoIndex;
  std::vector<uint32_t> columns;  // ascending
  bool unique = false;            // at most one row per key (the columns contain the relation's key)
};

/// Named views neither recur nor err. The view of an `or` whose alternatives bind variables belongs to one pipeline, is
/// called by it alone and may do both: its alternatives then carry can_err, or read a `delta` of that pipeline's rule.
struct View {
  std::string name;             // for dumps: "may_act[bf_]": a letter per column, bound, free or ignored; "$or3"
  uint32_t request = kNoIndex;  // whose fields it reads; kNoIndex: none
  uint32_t inputs = 0;          // slots 0..inputs-1 of its own frame hold the inputs
  uint32_t outputs = 0;         // each alternative emits this many words
  uint32_t slots = 0;
  std::vector<TypeId> slot_types;
  std::vector<std::string> slot_names;  // for dumps
  std::vector<Pipeline> alternatives;   // rows may repeat across and within alternatives
};

/// A rule with `or`s over variables may have several, one for each way through them.
struct RulePlan {
  uint32_t rule = kNoIndex;  // Plan::rules
  uint32_t head = kNoIndex;
  uint32_t slots = 0;
  std::vector<TypeId> slot_types;
  std::vector<std::string> slot_names;  // for dumps
  Pipeline pipeline;                    // over full relations
  std::vector<Pipeline> deltas;         // recursive rules: one per recursive atom, that atom's scan being `delta`
};

/// A relation of a request stratum begins with its rows in the snapshot, where it has any. Every relation that a rule
/// with BindingTime::kRequest derives either stands in a request stratum or is read through views alone.
struct StratumPlan {
  std::vector<uint32_t> relations;
  std::vector<RulePlan> rules;
  bool recursive = false;
};

/// What the plan keeps of one clause besides its group's pipeline.
struct ClausePlan {
  Clause clause;  // canonical, parameters folded
  std::vector<uint32_t>
      mentions;  // relations read, transitively, that can err (Plan::erring): reading one that erred makes the clause err
  bool can_err = false;  // the clause itself, or something in `mentions`
  Mode mode = Mode::kEnforce;
  uint32_t tier =
      0;  // within its rank: of `first_applicable` the run of clauses of one outcome, of `priority` its place
};

/// Clauses of one shape: they differ in constants only, and the constants are rows of a synthetic relation that one scan of
/// the pipeline reads, most often the first; its column 0 is the clause's number. A clause alone in its group has no table.
/// emit: the values of the clause's `instance` slots, in that order. With a table, emit[0] is the clause number.
struct ClauseGroup {
  ast::Outcome outcome = ast::Outcome::kDeny;
  bool is_override = false;
  bool allow_first = false;       // `permit_overrides`: allow before require before deny
  bool observed = false;          // its clauses do not decide
  uint32_t tier = 0;              // ClausePlan::tier, of all its clauses
  std::vector<uint32_t> clauses;  // ascending, indexes into DecisionPlan::clauses
  bool table = false;
  uint32_t slots = 0;
  std::vector<TypeId> slot_types;
  std::vector<std::string> slot_names;  // for dumps
  Pipeline pipeline;
};

/// A row that a request's field names by itself. It is found when the request is bound, once for all its decisions.
struct BoundRow {
  uint32_t field = kNoIndex;
  uint32_t index =
      kNoIndex;  // unique, of one column: the row whose key the field is; kNoIndex: the field is an entity, its
                 // attributes are the row
  bool operator==(const BoundRow&) const = default;
};

struct DecisionPlan {
  Decision decision;  // canonical, without clauses; parameters folded
  std::vector<ClausePlan>
      clauses;  // in source order; clauses that folding showed never to apply stay here, in no group
  std::vector<ClauseGroup> groups;  // by place_of(): override deny, require, allow; then plain deny, require, allow
                                    // (or as another way of combining has it); then those only observed
  std::vector<uint32_t> request_strata;  // indexes into Plan::request_strata that its clauses may need, in order
  std::vector<BoundRow> bound_rows;      // their words stand behind the request's fields: row + 1, 0 for none, of an
                                         // index; the row of the columns (compiler/layout.h) of an entity
  bool uses_now = false;
  bool light = false;         // no group errs, calls views, opens bags, makes values or reads relations of request time
  uint32_t max_instance = 0;  // most words a group's emit has (clause number left out)
};

struct Plan {
  Schema schema;                                     // with synthetic relations at the end
  std::vector<Datum> params;                         // by Schema::params
  std::vector<std::vector<FactRow>> rows;            // inline rows by relation, those of synthetic relations included
  std::vector<std::vector<InstanceFact>> instances;  // inline instances by entity type
  std::vector<Rule> rules;                           // canonical, parameters folded
  std::vector<Invariant> invariants;                 // parameters folded
  std::vector<Index> indexes;
  std::vector<View> views;
  std::vector<StratumPlan> strata;
  std::vector<StratumPlan> request_strata;
  std::vector<DecisionPlan> decisions;
  std::vector<bool> erring;      // by relation: a request-time rule for it, or for something it reads, can err
  std::vector<Datum> constants;  // every constant that is not one immediate word (strings, entities, compounds);
                                 // kConst expressions of such types carry their number in Expr::n (number_constants),
                                 // those of one immediate word carry the word
  std::vector<ReadInstance> read_instances;  // facts must declare them
  std::string bundle_hash;                   // "sha256:..." over canonical text, parameters, data files, library
  std::shared_ptr<const SourceMap> sources;  // for places in proofs and errors
};

/// Is a constant of this type one immediate word (bool, int, decimal, time, duration, clock, date, enum, none)?
bool is_immediate(const Schema& schema, const Datum& value);

/// The plan as text, the same for the same plan.
std::string dump(const Plan& plan);

/// Finds what no plan may have: slots out of range or read before they are bound, arity or type mismatches, indexes that
/// do not fit their scan, bad references, groups out of order. Empty when all is well. INVARIANT check, not user errors.
std::vector<std::string> verify(const Plan& plan);

}  // namespace lictor
