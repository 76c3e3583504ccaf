// The full form of a clause group, the two forms of a view, and what all functions share.
#include <cassert>

#include "compiler/llvm/emit.h"
#include "compiler/plan_walk.h"

namespace lictor::native {

using llvm::BasicBlock;
using llvm::Value;

FunctionEmitter::FunctionEmitter(ModuleEmitter& module, llvm::Function* function, uint32_t slots,
                                 const DecisionPlan* decision)
    : module_(module),
      plan_(module.plan()),
      function_(function),
      b_(module.context()),
      layout_(plan_, b_),
      ctx_(function->getArg(0)),
      decision_(decision),
      slots_(slots, nullptr) {
  layout_.set_context(ctx_);
  entry_ = block("entry");
  BasicBlock* start = block("start");
  go_on(entry_);
  b_.CreateBr(start);
  go_on(start);
}

// ---- functions --------------------------------------------------------------------------------------------------------

void FunctionEmitter::full(const ClauseGroup& group) {
  on_leave_ = [&] { b_.CreateRetVoid(); };
  BasicBlock* done = block("done");
  fail_ = done;
  pipeline(group.pipeline);
  std::vector<Value*> words;
  for (const Expr& expr : group.pipeline.emit) words.push_back(word(expr));
  Value* clause = i32(group.clauses[0]);
  if (group.table) {
    clause = b_.CreateTrunc(words[0], b_.getInt32Ty());
    words.erase(words.begin());
  }
  call(Abi::lictor_instance, {ctx_, clause, words_in_scratch(words), i32(static_cast<int64_t>(words.size()))});
  bool enough = !group.table && words.empty() && !enumerates(group.pipeline);
  if (enough) close_bags(0);
  b_.CreateBr(enough ? done : fail_);
  go_on(done);
  b_.CreateRetVoid();
  end_function();
}

void FunctionEmitter::all_alternatives(const View& view, const std::function<void(const Pipeline&)>& on_row) {
  for (const Pipeline& alternative : view.alternatives) {
    std::fill(slots_.begin(), slots_.end(), nullptr);
    uint32_t first = function_->arg_size() - view.inputs;
    for (uint32_t i = 0; i < view.inputs; ++i) slots_[i] = function_->getArg(first + i);
    BasicBlock* other = block("other");
    fail_ = other;
    pipeline(alternative);
    on_row(alternative);
    open_bags_.clear();
    go_on(other);
  }
}

void FunctionEmitter::view_test(const View& view) {
  on_leave_ = [&] { b_.CreateRet(b_.getFalse()); };
  bool whole = false;
  for (const Pipeline& alternative : view.alternatives) whole = whole || enumerates(alternative);
  llvm::AllocaInst* flag = whole ? variable(b_.getInt1Ty(), "any") : nullptr;
  if (whole) b_.CreateStore(b_.getFalse(), flag);
  all_alternatives(view, [&](const Pipeline& alternative) {
    for (const Expr& expr : alternative.emit) {
      if (errs(expr)) word(expr);
    }
    if (whole) {
      b_.CreateStore(b_.getTrue(), flag);
      b_.CreateBr(fail_);
    } else {
      close_bags(0);
      b_.CreateRet(b_.getTrue());
    }
  });
  b_.CreateRet(whole ? b_.CreateLoad(b_.getInt1Ty(), flag) : static_cast<Value*>(b_.getFalse()));
  end_function();
}

void FunctionEmitter::view_rows(const View& view) {
  on_leave_ = [&] { b_.CreateRetVoid(); };
  Value* bag = function_->getArg(1);
  all_alternatives(view, [&](const Pipeline& alternative) {
    std::vector<Value*> words;
    for (const Expr& expr : alternative.emit) words.push_back(word(expr));
    call(Abi::lictor_bag_add, {bag, words_in_scratch(words)});
    b_.CreateBr(fail_);
  });
  b_.CreateRetVoid();
  end_function();
}

// ---- parts ------------------------------------------------------------------------------------------------------------

BasicBlock* FunctionEmitter::block(const char* name) { return BasicBlock::Create(module_.context(), name, function_); }

void FunctionEmitter::unless(Value* condition) {
  BasicBlock* holds = block("holds");
  b_.CreateCondBr(condition, holds, fail_);
  go_on(holds);
}

llvm::AllocaInst* FunctionEmitter::variable(llvm::Type* type, const char* name) {
  llvm::IRBuilder<> entry(entry_, entry_->begin());
  return entry.CreateAlloca(type, nullptr, name);
}

Value* FunctionEmitter::scratch(uint32_t count) {
  if (scratch_ == nullptr) scratch_ = variable(b_.getInt64Ty(), "scratch");
  scratch_words_ = std::max(scratch_words_, count);
  return scratch_;
}

Value* FunctionEmitter::words_in_scratch(const std::vector<Value*>& words) {
  Value* memory = scratch(static_cast<uint32_t>(words.size()));
  for (size_t i = 0; i < words.size(); ++i) b_.CreateStore(words[i], layout_.at_byte(memory, 8 * i));
  return memory;
}

/// Memory for a call's result: a word, a pointer or a number. Read it before the next call.
Value* FunctionEmitter::result_word() {
  if (result_ == nullptr) result_ = variable(b_.getInt64Ty(), "result");
  return result_;
}

Value* FunctionEmitter::call(Abi which, const std::vector<Value*>& args) {
  return b_.CreateCall(module_.abi(which), args);
}

/// Where a loop goes when the step budget is exhausted.
BasicBlock* FunctionEmitter::leave() {
  if (leave_ != nullptr) return leave_;
  leave_ = block("leave");
  BasicBlock* here = b_.GetInsertBlock();
  go_on(leave_);
  call(Abi::lictor_out_of_steps, {ctx_});
  on_leave_();
  go_on(here);
  return leave_;
}

void FunctionEmitter::end_function() {
  if (scratch_ != nullptr) scratch_->setOperand(0, i32(std::max(scratch_words_, 1u)));
}

}  // namespace lictor::native
