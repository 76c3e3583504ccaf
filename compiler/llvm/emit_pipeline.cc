// Steps. What does not hold branches to fail_; a looping step makes its next round the new fail_.
#include <algorithm>
#include <cassert>

#include "compiler/llvm/emit.h"
#include "compiler/llvm/facts_of_types.h"
#include "compiler/plan_walk.h"

namespace lictor::native {

using llvm::BasicBlock;
using llvm::Value;

namespace {

bool mentions(const Expr& expr, const std::vector<uint32_t>& slots) {
  return any_node(expr, [&](const Expr& node) {
    return node.op == Op::kSlot && std::find(slots.begin(), slots.end(), static_cast<uint32_t>(node.n)) != slots.end();
  });
}

}  // namespace

void FunctionEmitter::pipeline(const Pipeline& pipeline) {
  for (const Step& one : pipeline.steps) step(one);
}

void FunctionEmitter::step(const Step& step) {
  switch (step.op) {
    case StepOp::kScan:
      return scan(step);
    case StepOp::kInstances:
      return instances(step);
    case StepOp::kCall:
      return call(step);
    case StepOp::kMember:
      return member(step);
    case StepOp::kContainers:
    case StepOp::kMembers:
      return closure(step);
    case StepOp::kFilter:
      return require(step.expr);
    case StepOp::kLet:
      slots_[step.slot] = word(step.expr);
      return;
    case StepOp::kSome: {
      Value* value = word(step.expr);
      unless(b_.CreateICmpNE(value, i64(kNoneWord)));
      slots_[step.slot] = value;
      return;
    }
    case StepOp::kAny:
      return any(step);
    case StepOp::kLookup:
      return lookup(step);
    case StepOp::kAggregate:
      return aggregate(step);
  }
}

// ---- columns ----------------------------------------------------------------------------------------------------------

/// What columns are compared with is evaluated once, before the loop, so that it errs once and even where there is no row.
/// Only where it mentions a variable that the same step binds it must wait for the row (null here).
std::vector<Value*> FunctionEmitter::early_matches(const Step& step) {
  std::vector<uint32_t> own;
  std::vector<Value*> early(step.args.size(), nullptr);
  for (size_t i = 0; i < step.args.size(); ++i) {
    const Arg& arg = step.args[i];
    if (arg.mode == Arg::Mode::kBind) own.push_back(arg.slot);
    if (arg.mode == Arg::Mode::kMatch && !mentions(arg.expr, own)) early[i] = word(arg.expr);
  }
  return early;
}

void FunctionEmitter::match(const Arg& arg, Value* early, const std::function<Value*()>& value) {
  if (arg.mode == Arg::Mode::kIgnore) return;
  if (arg.mode == Arg::Mode::kBind) {
    slots_[arg.slot] = value();
    return;
  }
  Value* wanted = early != nullptr ? early : word(arg.expr);
  unless(b_.CreateICmpEQ(value(), wanted));
}

// ---- loops ------------------------------------------------------------------------------------------------------------

/// Code that no loop repeats costs no step: its length bounds it.
void FunctionEmitter::take_step() {
  Value* left = b_.CreateLoad(b_.getInt64Ty(), steps());
  BasicBlock* go = block("step");
  b_.CreateCondBr(b_.CreateICmpEQ(left, i64(0)), leave(), go);
  go_on(go);
  b_.CreateStore(b_.CreateSub(left, i64(1)), steps());
}

/// Where the step budget is counted. Nothing that a light decision calls takes from it: its copy can be a register, and
/// need not be set anew for each decision.
Value* FunctionEmitter::steps() {
  if (!counts_alone_) return layout_.steps();
  if (steps_ == nullptr) {
    steps_ = variable(b_.getInt64Ty(), "steps");
    llvm::IRBuilder<> entry(entry_->getTerminator());
    Value* all = entry.CreateConstInBoundsGEP1_64(entry.getInt8Ty(), ctx_, offsetof(EvalContext, steps));
    entry.CreateStore(entry.CreateLoad(entry.getInt64Ty(), all), steps_);
  }
  return steps_;
}

Value* FunctionEmitter::bound_row(const Expr& field, uint32_t index) {
  if (decision_ == nullptr || field.op != Op::kField) return nullptr;
  auto word = bound_word(plan_, *decision_, static_cast<uint32_t>(field.n), index);
  return word ? layout_.field(*word) : nullptr;
}

Value* FunctionEmitter::loop(Value* begin, Value* end, const Then& at_end) {
  BasicBlock* before = b_.GetInsertBlock();
  BasicBlock* head = block("head");
  BasicBlock* body = block("body");
  BasicBlock* next = block("next");
  BasicBlock* done = at_end ? block("done") : fail_;
  b_.CreateBr(head);
  go_on(head);
  llvm::PHINode* at = b_.CreatePHI(b_.getInt32Ty(), 2);
  at->addIncoming(begin, before);
  b_.CreateCondBr(b_.CreateICmpULT(at, end), body, done);
  go_on(next);
  at->addIncoming(b_.CreateNUWAdd(at, i32(1)), next);
  b_.CreateBr(head);
  if (at_end) {
    go_on(done);
    at_end();
    b_.CreateBr(fail_);
  }
  go_on(body);
  take_step();
  fail_ = next;
  return at;
}

// ---- scans ------------------------------------------------------------------------------------------------------------

void FunctionEmitter::scan(const Step& step) {
  const RelationDecl& relation = plan_.schema.relations[step.relation];
  bool on_request = relation.time == BindingTime::kRequest;
  Value* view = nullptr;
  auto reached = [&](Abi which, uint32_t number) {
    Value* pointer = call(which, {ctx_, i32(number)});
    BasicBlock* computed = block("computed");
    b_.CreateCondBr(b_.CreateIsNull(pointer), leave(), computed);
    go_on(computed);
    return pointer;
  };
  if (on_request) view = reached(Abi::lictor_relation, step.relation);
  std::vector<Value*> early = early_matches(step);
  std::vector<bool> covered(step.args.size(), false);
  if (view == nullptr) view = layout_.relation_view(step.relation);
  auto words = static_cast<int64_t>(relation.columns.size());
  auto row_at = [&](Value* number) {
    Value* wide = b_.CreateZExt(number, b_.getInt64Ty());
    return b_.CreateGEP(b_.getInt64Ty(), layout_.rows(view), b_.CreateMul(wide, i64(words)));
  };
  Value* row = nullptr;
  if (step.index == kNoIndex) {
    row = row_at(loop(i32(0), layout_.row_count(view)));
  } else {
    const Index& index = plan_.indexes[step.index];
    std::vector<Value*> key;
    for (uint32_t column : index.columns) {
      assert(early[column] != nullptr);  // INVARIANT: an index covers matched columns only
      key.push_back(early[column]);
      covered[column] = true;
    }
    Value* index_view = on_request ? reached(Abi::lictor_relation_index, step.index) : layout_.index_view(step.index);
    size_t key_size = key.size();
    Probe probe{index_view, std::move(key), on_request};
    if (index.unique) {
      Value* number = on_request || key_size != 1 ? nullptr : bound_row(step.args[index.columns[0]].expr, step.index);
      if (number != nullptr) {
        unless(b_.CreateICmpNE(number, i64(0)));
      } else {
        number = b_.CreateZExt(unique_row(probe), b_.getInt64Ty());
      }
      row = row_at(b_.CreateNUWSub(number, i64(1)));
    } else {
      Value* begin = nullptr;
      Value* end = nullptr;
      index_range(probe, &begin, &end);
      Value* permutation = layout_.index_permutation(index_view);
      Value* at = loop(begin, end);
      row = row_at(layout_.element(b_.getInt32Ty(), permutation, at));
    }
  }
  for (uint32_t column = 0; column < step.args.size(); ++column) {
    if (covered[column]) continue;
    match(step.args[column], early[column], [&] { return layout_.column(row, column); });
  }
}

/// Where the key of a dense index stands in its offsets; the step fails where it is none of them. An index that is not
/// dense goes on at `hashed`; where it is known that it cannot be asked so, nothing goes there.
Value* FunctionEmitter::dense_slot(const Probe& probe, BasicBlock* hashed) {
  if (!dense_ || probe.on_request) {
    BasicBlock* dense = block("dense");
    b_.CreateCondBr(layout_.index_dense(probe.view), dense, hashed);
    go_on(dense);
  }
  Value* slot = b_.CreateSub(probe.key[0], layout_.index_base(probe.view));
  unless(b_.CreateICmpULT(slot, layout_.index_size(probe.view)));
  return slot;
}

/// The number of the one row plus 1 (i32); where there is none the step fails.
Value* FunctionEmitter::unique_row(const Probe& probe) {
  BasicBlock* hashed = block("hashed");
  BasicBlock* found = block("found");
  auto* number = llvm::PHINode::Create(b_.getInt32Ty(), 2, "row", found);
  auto arrives = [&](Value* value) {
    number->addIncoming(value, b_.GetInsertBlock());
    b_.CreateBr(found);
  };
  if (probe.key.size() == 1) {
    Value* slot = dense_slot(probe, hashed);
    arrives(layout_.element(b_.getInt32Ty(), layout_.index_offsets(probe.view), slot));
  } else {
    b_.CreateBr(hashed);
  }
  go_on(hashed);
  Value* end = result_word();
  arrives(call(Abi::lictor_probe, {probe.view, words_in_scratch(probe.key), end}));
  go_on(found);
  unless(b_.CreateICmpNE(number, i32(0)));
  return number;
}

/// The positions [begin, end) of the key's rows in the permutation.
void FunctionEmitter::index_range(const Probe& probe, Value** begin, Value** end) {
  BasicBlock* hashed = block("hashed");
  BasicBlock* range = block("range");
  auto* first = llvm::PHINode::Create(b_.getInt32Ty(), 2, "begin", range);
  auto* last = llvm::PHINode::Create(b_.getInt32Ty(), 2, "end", range);
  auto arrives = [&](Value* from, Value* to) {
    first->addIncoming(from, b_.GetInsertBlock());
    last->addIncoming(to, b_.GetInsertBlock());
    b_.CreateBr(range);
  };
  if (probe.key.size() == 1) {
    Value* slot = dense_slot(probe, hashed);
    Value* offsets = layout_.index_offsets(probe.view);
    Value* from = layout_.element(b_.getInt32Ty(), offsets, slot);
    arrives(from, layout_.element(b_.getInt32Ty(), offsets, b_.CreateAdd(slot, i64(1))));
  } else {
    b_.CreateBr(hashed);
  }
  go_on(hashed);
  Value* result = result_word();
  Value* from = call(Abi::lictor_probe, {probe.view, words_in_scratch(probe.key), result});
  arrives(from, b_.CreateLoad(b_.getInt32Ty(), result));
  go_on(range);
  *begin = first;
  *end = last;
}

// ---- other sources of rows --------------------------------------------------------------------------------------------

void FunctionEmitter::instances(const Step& step) {
  const Arg& arg = step.args[0];
  Value* count = layout_.entity_count(step.relation);
  if (arg.mode == Arg::Mode::kMatch) {  // is it a known instance?
    Value* entity = word(arg.expr);
    Value* number = b_.CreateTrunc(entity, b_.getInt32Ty());
    Value* known = b_.CreateICmpULT(b_.CreateSub(number, i32(1)), count);
    Value* of_type = b_.CreateICmpEQ(b_.CreateAShr(entity, i64(32)), i64(step.relation));
    return unless(b_.CreateAnd(known, of_type));
  }
  Value* at = loop(i32(0), count);
  if (arg.mode == Arg::Mode::kIgnore) return;
  Value* number = b_.CreateZExt(b_.CreateAdd(at, i32(1)), b_.getInt64Ty());
  slots_[arg.slot] = b_.CreateOr(number, i64(static_cast<int64_t>(step.relation) << 32));
}

/// A view of which only the existence of a row matters is a function that says so; the rows of others go through a bag.
void FunctionEmitter::call(const Step& step) {
  const View& view = plan_.views[step.view];
  std::vector<Value*> args = {ctx_};
  for (const Expr& input : step.inputs) args.push_back(word(input));
  bool any_row =
      std::all_of(step.args.begin(), step.args.end(), [](const Arg& arg) { return arg.mode == Arg::Mode::kIgnore; });
  if (any_row) return unless(b_.CreateCall(module_.view_test(step.view), args));
  std::vector<Value*> early = early_matches(step);
  Value* bag = call(Abi::lictor_bag_open, {ctx_, i32(view.outputs)});
  args.insert(args.begin() + 1, bag);
  b_.CreateCall(module_.view_rows(step.view), args);
  Value* result = result_word();
  Value* count = call(Abi::lictor_bag_rows, {bag, result});
  Value* rows = b_.CreateLoad(b_.getPtrTy(), result);
  open_bags_.push_back(bag);
  Value* at = loop(i32(0), count, [&] { call(Abi::lictor_bag_close, {ctx_, bag}); });
  Value* wide = b_.CreateMul(b_.CreateZExt(at, b_.getInt64Ty()), i64(view.outputs));
  Value* row = b_.CreateInBoundsGEP(b_.getInt64Ty(), rows, wide);
  for (uint32_t i = 0; i < step.args.size(); ++i) {
    match(step.args[i], early[i], [&] { return b_.CreateLoad(b_.getInt64Ty(), layout_.at_byte(row, 8 * i)); });
  }
}

void FunctionEmitter::member(const Step& step) {
  TypeKind kind = base_of(plan_.schema, step.expr.type).kind;
  Value* collection = word(step.expr);
  std::vector<Value*> early = early_matches(step);
  Value* result = result_word();
  Value* count = call(Abi::lictor_elements, {ctx_, collection, result});
  Value* words = b_.CreateLoad(b_.getPtrTy(), result);
  bool map = kind == TypeKind::kMap;
  if (map) count = b_.CreateLShr(count, i32(1));
  Value* at = loop(i32(0), count);
  Value* wide = b_.CreateZExt(at, b_.getInt64Ty());
  Value* first = b_.CreateInBoundsGEP(b_.getInt64Ty(), words, map ? b_.CreateShl(wide, i64(1)) : wide);
  auto element = [&](uint64_t offset) { return b_.CreateLoad(b_.getInt64Ty(), layout_.at_byte(first, offset)); };
  if (kind == TypeKind::kList && step.args.size() == 2) {
    match(step.args[0], early[0], [&] { return wide; });
    return match(step.args[1], early[1], [&] { return element(0); });
  }
  for (uint32_t i = 0; i < step.args.size(); ++i) match(step.args[i], early[i], [&] { return element(8 * i); });
}

void FunctionEmitter::closure(const Step& step) {
  Value* entity = word(step.expr);
  std::vector<Value*> early = early_matches(step);
  Value* result = result_word();
  Value* members = i32(step.op == StepOp::kMembers ? 1 : 0);
  Value* count = call(Abi::lictor_closure, {ctx_, entity, members, result});
  Value* words = b_.CreateLoad(b_.getPtrTy(), result);
  Value* at = b_.CreateZExt(loop(i32(0), count), b_.getInt64Ty());
  Value* found = b_.CreateLoad(b_.getInt64Ty(), b_.CreateInBoundsGEP(b_.getInt64Ty(), words, at));
  if (step.relation != kNoIndex) {
    unless(b_.CreateICmpEQ(b_.CreateAShr(found, i64(32)), i64(step.relation)));
  }
  match(step.args[0], early[0], [&] { return found; });
}

// ---- nested pipelines -------------------------------------------------------------------------------------------------

/// Where something in a pipeline can err, every solution must be visited.
bool FunctionEmitter::enumerates(const Pipeline& pipeline) const {
  return pipeline.can_err || can_err(plan_, pipeline);
}

void FunctionEmitter::any(const Step& step) {
  bool whole = std::any_of(step.bodies.begin(), step.bodies.end(), [&](const Pipeline& p) { return enumerates(p); });
  BasicBlock* outer = fail_;
  BasicBlock* found = block("found");
  llvm::AllocaInst* flag = whole ? variable(b_.getInt1Ty(), "any") : nullptr;
  if (whole) b_.CreateStore(b_.getFalse(), flag);
  size_t bags = open_bags_.size();
  for (const Pipeline& body : step.bodies) {
    BasicBlock* other = block("other");
    fail_ = other;
    pipeline(body);
    if (whole) {
      b_.CreateStore(b_.getTrue(), flag);
      b_.CreateBr(fail_);
    } else {
      close_bags(bags);
      b_.CreateBr(step.negated ? outer : found);
    }
    open_bags_.resize(bags);
    go_on(other);
  }
  fail_ = outer;
  if (whole) {
    Value* any = b_.CreateLoad(b_.getInt1Ty(), flag);
    b_.CreateCondBr(any, step.negated ? outer : found, step.negated ? found : outer);
  } else {
    b_.CreateBr(step.negated ? found : outer);
  }
  go_on(found);
}

/// One solution is all there is. Where its value errs, the whole step does not hold.
void FunctionEmitter::lookup(const Step& step) {
  BasicBlock* outer = fail_;
  BasicBlock* none = block("none");
  BasicBlock* done = block("looked_up");
  size_t bags = open_bags_.size();
  fail_ = none;
  pipeline(step.bodies[0]);
  close_bags(bags);
  open_bags_.resize(bags);
  fail_ = outer;
  Value* value = word(step.tuple[0]);
  BasicBlock* found = b_.GetInsertBlock();
  b_.CreateBr(done);
  go_on(none);
  b_.CreateBr(done);
  go_on(done);
  llvm::PHINode* either = b_.CreatePHI(b_.getInt64Ty(), 2);
  either->addIncoming(value, found);
  either->addIncoming(i64(kNoneWord), none);
  slots_[step.slot] = either;
}

void FunctionEmitter::aggregate(const Step& step) {
  BasicBlock* outer = fail_;
  BasicBlock* counted = block("counted");
  Value* bag = call(Abi::lictor_bag_open, {ctx_, i32(static_cast<int64_t>(step.tuple.size()))});
  size_t bags = open_bags_.size();
  open_bags_.push_back(bag);
  fail_ = counted;
  pipeline(step.bodies[0]);
  std::vector<Value*> words;
  for (const Expr& expr : step.tuple) words.push_back(word(expr));
  call(Abi::lictor_bag_add, {bag, words_in_scratch(words)});
  b_.CreateBr(fail_);
  open_bags_.resize(bags);

  go_on(counted);
  fail_ = outer;
  Value* result = result_word();
  Value* status = call(Abi::lictor_aggregate, {ctx_, bag, i32(static_cast<int>(step.aggregate)),
                                               i32(step.tuple[0].type), i64(step.percentile), result});
  Value* value = b_.CreateLoad(b_.getInt64Ty(), result);
  call(Abi::lictor_bag_close, {ctx_, bag});
  if (step.can_err) {
    Span place = step.expr.span.valid() ? step.expr.span : step.span;
    must_be(b_.CreateICmpULT(status, i32(16)), b_.CreateSub(status, i32(16)), place);
  }
  unless(b_.CreateICmpEQ(status, i32(0)));
  match(step.args[0], nullptr, [&] { return value; });
}

void FunctionEmitter::close_bags(size_t from) {
  for (size_t i = open_bags_.size(); i > from; --i) call(Abi::lictor_bag_close, {ctx_, open_bags_[i - 1]});
}

}  // namespace lictor::native
