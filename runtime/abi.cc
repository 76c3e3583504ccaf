// What generated code may call: thin doors to the pieces that the interpreter uses too. No exception passes them: what can
// throw here is allocation alone, and then the process ends as it does anywhere else.
#include "runtime/abi.h"

#include "runtime/aggregate.h"
#include "runtime/eval_state.h"
#include "runtime/instances.h"
#include "runtime/operation.h"
#include "runtime/relation/index.h"
#include "runtime/request_relations.h"

using lictor::Bag;
using lictor::BagPool;
using lictor::EvalContext;
using lictor::state_of;

extern "C" {

static uint32_t lictor_probe(const lictor::IndexView* index, const int64_t* key, uint32_t* end) {
  return lictor::probe(*index, key, end);
}

static void lictor_fail(EvalContext* context, int32_t kind, uint32_t file, uint32_t begin, uint32_t end) {
  state_of(context).fail(static_cast<lictor::EvalErrorKind>(kind), {file, begin, end});
}

static void lictor_instance(EvalContext* context, uint32_t clause, const int64_t* words, uint32_t count) {
  lictor::EvalState& state = state_of(context);
  state.instances->add(state, clause, words, count);
}

static const lictor::RelationView* lictor_relation(EvalContext* context, uint32_t relation) {
  lictor::EvalState& state = state_of(context);
  return state.request->reach(state, relation) ? state.request->relation(relation) : nullptr;
}

static const lictor::IndexView* lictor_relation_index(EvalContext* context, uint32_t index) {
  lictor::EvalState& state = state_of(context);
  if (!state.request->reach(state, state.plan->indexes[index].relation)) return nullptr;
  return state.request->index(index);
}

static int32_t lictor_operation(EvalContext* context, uint32_t op, const int64_t* operands, int64_t* result,
                                uint32_t count, int64_t n) {
  auto value = lictor::operation(state_of(context), static_cast<lictor::Op>(op), operands, count, n);
  *result = value.value;
  return static_cast<int32_t>(value.error);
}

static uint32_t lictor_elements(EvalContext* context, int64_t compound, const int64_t** words) {
  auto elements = state_of(context).values->compound(compound);
  *words = elements.data();
  return static_cast<uint32_t>(elements.size());
}

static uint32_t lictor_closure(EvalContext* context, int64_t entity, uint32_t members, const int64_t** words) {
  lictor::EvalState& state = state_of(context);
  auto list = members != 0 ? state.hierarchy->members(entity) : state.hierarchy->containers(entity);
  *words = list.data();
  if (!list.empty() || entity == lictor::kNoneWord) return static_cast<uint32_t>(list.size());
  *words = &(state.singles[entity] = entity);  // in nothing, and nothing in it: it alone
  return 1;
}

static int64_t lictor_attribute(EvalContext* context, int64_t entity, uint32_t attribute) {
  if (entity == lictor::kNoneWord) return lictor::kNoneWord;
  return lictor::attribute(state_of(context), lictor::entity_type_of(entity), entity, attribute);
}

static Bag* lictor_bag_open(EvalContext* context, uint32_t width) {
  lictor::EvalState& state = state_of(context);
  return state.bags.open(state, width);
}

static void lictor_bag_add(Bag* bag, const int64_t* words) { bag->add(words); }

static uint32_t lictor_bag_rows(Bag* bag, const int64_t** words) {
  *words = bag->rows.row(0);
  return bag->rows.count();
}

static void lictor_bag_close(EvalContext*, Bag* bag) { BagPool::close(bag); }

static int32_t lictor_aggregate(EvalContext* context, Bag* bag, uint32_t what, uint32_t type, int64_t percentile,
                                int64_t* result) {
  constexpr int32_t kNoRow = 1, kError = 16;
  lictor::EvalState& state = state_of(context);
  auto value = lictor::aggregate(state.plan->schema, *state.values, bag->rows, static_cast<lictor::Aggregate>(what),
                                 type, percentile);
  switch (value.kind) {
    case lictor::AggregateResult::Kind::kValue:
      *result = value.word;
      return 0;
    case lictor::AggregateResult::Kind::kNoRow:
      return kNoRow;
    case lictor::AggregateResult::Kind::kError:
      return kError + static_cast<int32_t>(value.error);
  }
  return kNoRow;
}

static void lictor_out_of_steps(EvalContext* context) { state_of(context).out_of_steps(); }

}  // extern "C"

namespace lictor {
namespace {

const AbiSymbol kSymbols[] = {
#define LICTOR_ABI(name, signature, doc) {#name, reinterpret_cast<void*>(&::name)},
#include "compiler/abi.def"
#undef LICTOR_ABI
};

}  // namespace

std::span<const AbiSymbol> abi_symbols() { return kSymbols; }

}  // namespace lictor
