// The inside of a BoundRequest: what was given, and what it resolves to in one snapshot.
//
// What was given is kept, as JSON or as values, so that the request can be resolved again when the facts change. All that
// a decision needs (frames, bags, request-time relations) lies here too and is reused: after the first decision nothing
// is allocated.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/engine.h"
#include "runtime/eval_state.h"
#include "runtime/instances.h"
#include "runtime/prepared.h"
#include "runtime/problems.h"
#include "runtime/request_block.h"
#include "runtime/request_relations.h"
#include "runtime/snapshot.h"

namespace lictor {

struct BoundRequest::State {
  State(const Engine& engine, uint32_t decision);

  EvalState eval;

  std::shared_ptr<const Plan> plan;
  std::shared_ptr<const Prepared> prepared;
  uint32_t decision;

  // What was given: one of the two.
  std::string json;  // with simdjson's padding behind json_size
  size_t json_size = 0;
  std::vector<std::optional<Datum>> given;

  // What it resolves to. `broken`: the facts changed so that a mandatory entity is no longer known; the request denies.
  std::shared_ptr<const Snapshot> snapshot;
  ValueTable values;
  ValueTable::Mark bound;  // where values of the evaluation begin
  RequestBlock fields;     // and behind them the bound rows
  std::vector<RequestAttribute> attributes;
  std::vector<std::string> notes;
  std::string broken;

  // For evaluation.
  ErrorList errors;
  RequestRelations relations;
  Instances instances;
  std::vector<int64_t> frame;
  std::vector<int64_t> solution;

  /// Resolves against a snapshot. Mistakes go to `problems`; then the state is of no use before the next resolve().
  void resolve(std::shared_ptr<const Snapshot> to, Problems& problems);
  void find_rows();
  /// Makes ready for one evaluation: forgets the values, errors and relations of the last one.
  void begin(int64_t now, const EvalLimits& limits);
};

/// The same structure, in the header that knows nothing of the library and in the one that generated code goes by.
static_assert(offsetof(detail::StraightContext, facts) == offsetof(EvalContext, snapshot) &&
              offsetof(detail::StraightContext, fields) == offsetof(EvalContext, fields) &&
              offsetof(detail::StraightContext, now) == offsetof(EvalContext, now) &&
              offsetof(detail::StraightContext, runtime) == offsetof(EvalContext, runtime) &&
              offsetof(detail::StraightContext, steps) == offsetof(EvalContext, steps));

/// Reads state.json into state.fields.
void bind_json(BoundRequest::State& state, Problems& problems);
/// Takes state.given into state.fields.
void bind_values(BoundRequest::State& state, Problems& problems);

/// The word behind the fields for one of the decision's bound rows, given the field that names it.
int64_t bound_row(const Plan& plan, uint32_t decision, const BoundRow& row, int64_t field, const SnapshotView& view);

/// The word of an entity that a request names, or nothing where its type has known instances only and this is none.
std::optional<int64_t> bind_entity(BoundRequest::State& state, uint32_t type, std::string_view id);

/// "agent `x9` is unknown; the field is none"
std::string unknown_note(std::string_view field, std::string_view id);

}  // namespace lictor
