// One loop over instructions. An operand is fetched without a branch: its base picks one of five arrays.
#include "runtime/machine.h"

#include <algorithm>
#include <cassert>

#include "runtime/aggregate.h"
#include "runtime/operation.h"
#include "runtime/relation/index.h"
#include "runtime/request_relations.h"

namespace lictor {
namespace {

// An iterator's words in the frame.
constexpr uint32_t kRow = 0, kAt = 1, kEnd = 2, kFirst = 3, kSecond = 4;
constexpr uint32_t kLongestList = 24;  // operands that fit the machine's own buffer

int64_t from_pointer(const void* pointer) { return static_cast<int64_t>(reinterpret_cast<uintptr_t>(pointer)); }
template <class T>
T* to_pointer(int64_t word) {
  return reinterpret_cast<T*>(static_cast<uintptr_t>(word));
}

class Machine {
 public:
  Machine(const Code& code, EvalState& state, int64_t* frame, Sink* sink)
      : code_(code), state_(state), frame_(frame), sink_(sink) {
    bases_[static_cast<size_t>(Base::kFrame)] = frame;
    bases_[static_cast<size_t>(Base::kImmediate)] = code.immediates.data();
    bases_[static_cast<size_t>(Base::kConstant)] = state.context.snapshot->constants;
    bases_[static_cast<size_t>(Base::kField)] = state.context.fields;
    bases_[static_cast<size_t>(Base::kNow)] = &state.context.now;
  }
  RunEnd run();

 private:
  int64_t get(Operand operand) const { return bases_[operand >> kBaseShift][operand & ((1u << kBaseShift) - 1)]; }
  /// The operands from pool[first], in the buffer or, where they are too many for it, in spill_.
  const int64_t* list(uint32_t first, uint32_t count) {
    int64_t* words = buffer_;
    if (count > kLongestList) {
      spill_.resize(count);
      words = spill_.data();
    }
    for (uint32_t i = 0; i < count; ++i) words[i] = get(code_.pool[first + i]);
    return words;
  }
  bool step() {
    if (state_.context.steps == 0) {
      state_.out_of_steps();
      return false;
    }
    --state_.context.steps;
    return true;
  }

  bool arithmetic(const Instr& instr, arith::Checked result) {
    if (!result.ok()) {
      state_.fail(result.error, code_.sites[instr.x]);
      return false;
    }
    frame_[instr.dst] = result.value;
    return true;
  }
  const IndexView& index(const Instr& instr) const {
    if ((instr.flags & kFlagRequest) != 0) return *state_.request->index(instr.a);
    return state_.context.snapshot->indexes[instr.a];
  }
  const RelationView& relation(const Instr& instr, uint32_t number) const {
    if ((instr.flags & kFlagRequest) != 0) return *state_.request->relation(number);
    return state_.context.snapshot->relations[number];
  }
  int64_t entity_attribute(const Instr& instr) const {
    const EntityView& view = state_.context.snapshot->entities[instr.n];
    return view.columns[instr.b][std::min(entity_number_of(get(instr.a)), view.count + 1)];
  }
  void open_scan(const Instr& instr);
  void open_index(const Instr& instr);
  bool one_row(const Instr& instr);
  void open_live(const Instr& instr);
  bool next_live(const Instr& instr);
  void open_chain(const Instr& instr);
  bool next_chain(const Instr& instr);
  void open_members(const Instr& instr);
  void open_closure(const Instr& instr);
  bool next_instance(const Instr& instr);
  bool close_bag(const Instr& instr);

  const Code& code_;
  EvalState& state_;
  int64_t* frame_;
  Sink* sink_;
  const int64_t* bases_[kBases];
  int64_t buffer_[kLongestList];
  std::vector<int64_t> spill_;
};

void Machine::open_scan(const Instr& instr) {
  const RelationView& view = relation(instr, instr.a);
  frame_[instr.dst + kAt] = 0;
  frame_[instr.dst + kEnd] = view.count;
  frame_[instr.dst + kFirst] = from_pointer(view.rows);
}

void Machine::open_index(const Instr& instr) {
  const IndexView& view = index(instr);
  uint32_t end = 0;
  uint32_t begin = probe(view, list(instr.b, instr.n), &end);
  int64_t* iterator = frame_ + instr.dst;
  iterator[kAt] = begin;
  iterator[kEnd] = end;
  iterator[kFirst] = view.unique != 0 ? 0 : from_pointer(view.permutation);
  iterator[kSecond] = from_pointer(relation(instr, instr.x).rows);
}

bool Machine::one_row(const Instr& instr) {
  const IndexView& view = index(instr);
  uint32_t row = 0;
  if (view.dense != 0) {
    uint64_t slot = static_cast<uint64_t>(get(code_.pool[instr.b])) - static_cast<uint64_t>(view.base);
    if (slot >= view.size) return false;
    row = view.offsets[slot];
  } else {
    uint32_t end = 0;
    row = probe(view, list(instr.b, instr.n), &end);
  }
  if (row == 0) return false;
  const RelationView& rows = relation(instr, instr.x);
  frame_[instr.dst + kRow] = from_pointer(rows.rows + static_cast<size_t>(row - 1) * rows.arity);
  return true;
}

void Machine::open_live(const Instr& instr) {
  const LiveRelation& live = state_.live->relation(instr.a);
  frame_[instr.dst + kAt] = (instr.flags & kFlagDelta) != 0 ? live.delta : 0;
  frame_[instr.dst + kEnd] = live.visible;
  frame_[instr.dst + kFirst] = from_pointer(&live);
}

bool Machine::next_live(const Instr& instr) {
  int64_t* iterator = frame_ + instr.dst;
  if (iterator[kAt] == iterator[kEnd]) return false;
  const auto* live = to_pointer<LiveRelation>(iterator[kFirst]);
  iterator[kRow] = from_pointer(live->rows->row(static_cast<uint32_t>(iterator[kAt]++)));
  return true;
}

void Machine::open_chain(const Instr& instr) {
  auto& [number, chain] = state_.live->chains[instr.a];
  const LiveRelation& live = state_.live->relation(number);
  int64_t* iterator = frame_ + instr.dst;
  iterator[kAt] = chain.first(*live.rows, list(instr.b, instr.n));
  iterator[kEnd] = (instr.flags & kFlagDelta) != 0 ? live.delta : 0;  // rows below are old; chains run downwards
  iterator[kFirst] = from_pointer(&live);
  iterator[kSecond] = from_pointer(&chain);
}

bool Machine::next_chain(const Instr& instr) {
  int64_t* iterator = frame_ + instr.dst;
  auto row = static_cast<uint32_t>(iterator[kAt]);
  if (row == ChainIndex::kEnd || row < static_cast<uint32_t>(iterator[kEnd])) return false;
  iterator[kRow] = from_pointer(to_pointer<LiveRelation>(iterator[kFirst])->rows->row(row));
  iterator[kAt] = to_pointer<ChainIndex>(iterator[kSecond])->next(row);
  return true;
}

void Machine::open_members(const Instr& instr) {
  auto words = state_.values->compound(get(instr.a));
  frame_[instr.dst + kAt] = 0;
  frame_[instr.dst + kEnd] = static_cast<int64_t>(words.size());
  frame_[instr.dst + kFirst] = from_pointer(words.data());
}

void Machine::open_closure(const Instr& instr) {
  int64_t* iterator = frame_ + instr.dst;
  int64_t entity = get(instr.a);
  bool members = (instr.flags & kFlagDelta) != 0;
  auto words = members ? state_.hierarchy->members(entity) : state_.hierarchy->containers(entity);
  iterator[kAt] = 0;
  iterator[kEnd] = static_cast<int64_t>(words.size());
  iterator[kFirst] = from_pointer(words.data());
  if (!words.empty() || entity == kNoneWord) return;
  iterator[kSecond] = entity;  // in nothing, and nothing in it: it alone
  iterator[kEnd] = 1;
  iterator[kFirst] = from_pointer(&iterator[kSecond]);
}

bool Machine::next_instance(const Instr& instr) {
  int64_t* iterator = frame_ + instr.dst;
  if (iterator[kAt] == iterator[kEnd]) return false;
  iterator[kFirst] = entity_word(instr.a, static_cast<uint32_t>(++iterator[kAt]));
  iterator[kRow] = from_pointer(&iterator[kFirst]);
  return true;
}

bool Machine::close_bag(const Instr& instr) {
  const AggregateCode& what = code_.aggregates[instr.x];
  Bag* bag = to_pointer<Bag>(frame_[instr.a]);
  AggregateResult result =
      aggregate(state_.plan->schema, *state_.values, bag->rows, what.what, what.type, what.percentile);
  BagPool::close(bag);
  if (result.kind == AggregateResult::Kind::kError) state_.fail(result.error, code_.sites[what.site]);
  if (result.kind != AggregateResult::Kind::kValue) return false;
  frame_[instr.dst] = result.word;
  return true;
}

#define LICTOR_BRANCH(condition)                  \
  at = (condition) ? at + 1 : first + at->target; \
  break

RunEnd Machine::run() {
  const Instr* const first = code_.instrs.data();
  const Instr* at = first;
  for (;;) {
    switch (at->op) {
      case Vm::kMove:
        frame_[at->dst] = get(at->a);
        ++at;
        break;
      case Vm::kEq:
        frame_[at->dst] = get(at->a) == get(at->b) ? 1 : 0;
        ++at;
        break;
      case Vm::kNe:
        frame_[at->dst] = get(at->a) != get(at->b) ? 1 : 0;
        ++at;
        break;
      case Vm::kLt:
        frame_[at->dst] = get(at->a) < get(at->b) ? 1 : 0;
        ++at;
        break;
      case Vm::kLe:
        frame_[at->dst] = get(at->a) <= get(at->b) ? 1 : 0;
        ++at;
        break;
      case Vm::kNot:
        frame_[at->dst] = get(at->a) == 0 ? 1 : 0;
        ++at;
        break;
      case Vm::kHas:
        frame_[at->dst] = get(at->a) != kNoneWord ? 1 : 0;
        ++at;
        break;
      case Vm::kAdd:
        LICTOR_BRANCH(arithmetic(*at, arith::add(get(at->a), get(at->b))));
      case Vm::kSub:
        LICTOR_BRANCH(arithmetic(*at, arith::sub(get(at->a), get(at->b))));
      case Vm::kMul:
        LICTOR_BRANCH(arithmetic(*at, arith::mul(get(at->a), get(at->b))));
      case Vm::kAttr:
        frame_[at->dst] = entity_attribute(*at);
        ++at;
        break;
      case Vm::kAttrRow:
        frame_[at->dst] = state_.context.snapshot->columns[at->b][get(at->a)];
        ++at;
        break;
      case Vm::kAttrRequest:
        frame_[at->dst] = attribute(state_, at->n, get(at->a), at->b);
        ++at;
        break;
      case Vm::kOperation: {
        const int64_t* operands = list(at->a, at->b);
        int64_t n = get(code_.pool[at->a - 1]);
        LICTOR_BRANCH(arithmetic(*at, operation(state_, static_cast<Op>(at->n), operands, at->b, n)));
      }
      case Vm::kJump:
        at = first + at->target;
        break;
      case Vm::kJumpBack:
        at = first + frame_[at->a];
        break;
      case Vm::kRemember:
        frame_[at->dst] = at->target;
        ++at;
        break;
      case Vm::kUnless:
        LICTOR_BRANCH(get(at->a) != 0);
      case Vm::kIf:
        LICTOR_BRANCH(get(at->a) == 0);
      case Vm::kUnlessEq:
        LICTOR_BRANCH(get(at->a) == get(at->b));
      case Vm::kUnlessNe:
        LICTOR_BRANCH(get(at->a) != get(at->b));
      case Vm::kUnlessLt:
        LICTOR_BRANCH(get(at->a) < get(at->b));
      case Vm::kUnlessLe:
        LICTOR_BRANCH(get(at->a) <= get(at->b));
      case Vm::kUnlessType:
        LICTOR_BRANCH(entity_type_of(get(at->a)) == at->n);
      case Vm::kReach:
        if (!state_.request->reach(state_, at->a)) return RunEnd::kExhausted;
        ++at;
        break;
      case Vm::kScanOpen:
        open_scan(*at);
        ++at;
        break;
      case Vm::kScanNext: {
        if (!step()) return RunEnd::kExhausted;
        int64_t* iterator = frame_ + at->dst;
        if (iterator[kAt] == iterator[kEnd]) {
          at = first + at->target;
          break;
        }
        iterator[kRow] = from_pointer(to_pointer<const int64_t>(iterator[kFirst]) + iterator[kAt]++ * at->n);
        ++at;
        break;
      }
      case Vm::kIndexOpen:
        open_index(*at);
        ++at;
        break;
      case Vm::kIndexNext: {
        if (!step()) return RunEnd::kExhausted;
        int64_t* iterator = frame_ + at->dst;
        if (iterator[kAt] == iterator[kEnd]) {
          at = first + at->target;
          break;
        }
        uint32_t row = to_pointer<const uint32_t>(iterator[kFirst])[iterator[kAt]++];
        iterator[kRow] = from_pointer(to_pointer<const int64_t>(iterator[kSecond]) + static_cast<size_t>(row) * at->n);
        ++at;
        break;
      }
      case Vm::kIndexBound: {
        int64_t row = get(at->a);
        if (row == 0) {
          at = first + at->target;
          break;
        }
        const RelationView& rows = state_.context.snapshot->relations[at->x];
        frame_[at->dst + kRow] = from_pointer(rows.rows + static_cast<size_t>(row - 1) * rows.arity);
        ++at;
        break;
      }
      case Vm::kIndexOne:
        LICTOR_BRANCH(one_row(*at));
      case Vm::kLiveOpen:
        open_live(*at);
        ++at;
        break;
      case Vm::kLiveNext:
        if (!step()) return RunEnd::kExhausted;
        LICTOR_BRANCH(next_live(*at));
      case Vm::kChainOpen:
        open_chain(*at);
        ++at;
        break;
      case Vm::kChainNext:
        if (!step()) return RunEnd::kExhausted;
        LICTOR_BRANCH(next_chain(*at));
      case Vm::kMemberOpen:
        open_members(*at);
        ++at;
        break;
      case Vm::kMemberNext: {
        if (!step()) return RunEnd::kExhausted;
        int64_t* iterator = frame_ + at->dst;
        if (iterator[kAt] == iterator[kEnd]) {
          at = first + at->target;
          break;
        }
        iterator[kRow] = from_pointer(to_pointer<const int64_t>(iterator[kFirst]) + iterator[kAt]);
        iterator[kAt] += at->n;
        ++at;
        break;
      }
      case Vm::kMemberIndex:
        frame_[at->dst] = frame_[at->a + kAt] - 1;
        ++at;
        break;
      case Vm::kInstancesOpen:
        frame_[at->dst + kAt] = 0;
        frame_[at->dst + kEnd] = state_.context.snapshot->entities[at->a].count;
        ++at;
        break;
      case Vm::kInstancesNext:
        if (!step()) return RunEnd::kExhausted;
        LICTOR_BRANCH(next_instance(*at));
      case Vm::kClosureOpen:
        open_closure(*at);
        ++at;
        break;
      case Vm::kColumnBind:
        frame_[at->dst] = to_pointer<const int64_t>(frame_[at->a + kRow])[at->n];
        ++at;
        break;
      case Vm::kColumnMatch:
        LICTOR_BRANCH(to_pointer<const int64_t>(frame_[at->a + kRow])[at->n] == get(at->b));
      case Vm::kBagOpen:
        frame_[at->dst] = from_pointer(state_.bags.open(state_, at->n));
        ++at;
        break;
      case Vm::kBagAdd:
        to_pointer<Bag>(frame_[at->a])->add(list(at->b, at->n));
        ++at;
        break;
      case Vm::kBagClose:
        LICTOR_BRANCH(close_bag(*at));
      case Vm::kEmit:
        if (sink_ == nullptr || sink_->emit(list(at->a, at->n))) return RunEnd::kStopped;
        at = first + at->target;
        break;
      case Vm::kHalt:
        return state_.exhausted ? RunEnd::kExhausted : RunEnd::kAll;
    }
  }
}

#undef LICTOR_BRANCH

}  // namespace

RunEnd run(const Code& code, EvalState& state, int64_t* frame, Sink& sink) {
  return Machine(code, state, frame, &sink).run();
}

bool has_solution(const Code& code, EvalState& state, int64_t* frame) {
  return Machine(code, state, frame, nullptr).run() == RunEnd::kStopped;
}

}  // namespace lictor
