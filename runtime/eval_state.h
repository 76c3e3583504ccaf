// What an evaluation carries beside its EvalContext: values it made, errors, bags, frames, and the request-time relations.
// EvalContext::runtime points to one. Belongs to one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "compiler/layout.h"
#include "compiler/plan.h"
#include "runtime/code.h"
#include "runtime/relation/chain_index.h"
#include "runtime/relation/hierarchy.h"
#include "runtime/relation/row_store.h"
#include "runtime/value_table.h"

namespace lictor {

/// An error as it happened: why and where. Distinct ones only.
struct RawError {
  EvalErrorKind kind = EvalErrorKind::kOverflow;
  Span span;
  uint32_t relation = kNoIndex;  // in a rule for it; kNoIndex: in the clause itself
  bool operator==(const RawError&) const = default;
};

class ErrorList {
 public:
  void add(const RawError& error);
  void add_all(const ErrorList& other);
  void clear() { errors_.clear(); }
  bool empty() const { return errors_.empty(); }
  const std::vector<RawError>& all() const { return errors_; }

 private:
  std::vector<RawError> errors_;
};

/// Where solutions go.
class Sink {
 public:
  virtual ~Sink() = default;
  /// `words`: the pipeline's emit, valid during the call. True: enough, stop.
  virtual bool emit(const int64_t* words) = 0;
};

/// A relation that grows while its stratum is computed. Rows up to `visible` are read; those from `delta` on are new.
struct LiveRelation {
  RowStore* rows = nullptr;
  uint32_t delta = 0;
  uint32_t visible = 0;
};

/// The growing part of a fixpoint: relations by number, chain indexes by the number the code gave them.
struct LiveStratum {
  std::vector<std::pair<uint32_t, LiveRelation>> relations;
  std::vector<std::pair<uint32_t, ChainIndex>> chains;  // relation, index
  LiveRelation& relation(uint32_t number);
};

/// Attributes that came with the request, by entity and attribute.
struct RequestAttribute {
  int64_t entity = 0;
  uint32_t attribute = 0;
  int64_t word = 0;
};

class RequestRelations;
class Instances;

struct EvalState;
struct Prepared;
struct AskedDecisions;

/// Distinct tuples of one aggregate while it runs.
struct Bag {
  Bag(EvalState& owner, uint32_t width) : state(owner), rows(width) {}
  void add(const int64_t* words);
  EvalState& state;
  RowStore rows;
  bool open = true;
};

/// Bags, reused from decision to decision.
class BagPool {
 public:
  /// Valid until it is closed; the owner's memory budget pays for what is added.
  Bag* open(EvalState& owner, uint32_t width);
  static void close(Bag* bag) { bag->open = false; }
  void close_all();

 private:
  std::vector<std::unique_ptr<Bag>> bags_;
};

struct EvalState {
  EvalContext context{};
  bool exhausted = false;  // a budget is; the evaluation means nothing any more
  const Plan* plan = nullptr;
  const Prepared* prepared = nullptr;  // null at fact time
  const Hierarchy* hierarchy = nullptr;
  ValueTable* values = nullptr;
  const std::vector<RequestAttribute>* attributes = nullptr;  // null at fact time
  RequestRelations* request = nullptr;                        // null at fact time
  LiveStratum* live = nullptr;                                // while a recursive stratum is computed
  ErrorList* errors = nullptr;                                // of the running clause or rule
  uint32_t running = kNoIndex;                                // relation whose rule runs; kNoIndex: a clause
  uint64_t memory = 0;                                        // bytes that may still be taken
  BagPool bags;
  Instances* instances = nullptr;                // where native code reports instances; full form only
  std::unordered_map<int64_t, int64_t> singles;  // entities outside of the hierarchy, as lists of one
  std::shared_ptr<AskedDecisions> asked;         // what `granted` needs, from its first use on (granted.h)

  void fail(EvalErrorKind kind, Span span) { errors->add({kind, span, running}); }
  /// Takes from the memory budget; when it is exhausted so are the steps, which every loop looks at.
  void charge(uint64_t bytes);
  void out_of_steps() {
    exhausted = true;
    context.steps = 0;
  }
};

inline EvalState& state_of(EvalContext* context) { return *static_cast<EvalState*>(context->runtime); }

}  // namespace lictor
