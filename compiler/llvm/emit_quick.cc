// The quick form of a decision: outcome and deciding clause, nothing recorded.
//
// Levels stand in the order of evaluation: override deny, require, allow, then plain deny, require, allow. The first level
// that applies decides, but for requires: they wait for an allow of their own rank or of one below. Within a level the
// least clause number wins. Single clauses are tried in that order and the first that holds ends the level; the rows of a
// table stand in clause order too, so that its first match is its least.
#include <algorithm>

#include "compiler/llvm/emit.h"
#include "compiler/plan_walk.h"

namespace lictor::native {

using llvm::BasicBlock;
using llvm::Value;

namespace {

/// The step that reads the table of a group: it binds the clause number that the group emits. Null where there is none.
const Step* table_scan(const ClauseGroup& group) {
  const Expr& emitted = group.pipeline.emit[0];
  for (const Step& step : group.pipeline.steps) {
    if (step.op != StepOp::kScan || step.args.empty() || emitted.op != Op::kSlot) continue;
    if (step.args[0].mode == Arg::Mode::kBind && step.args[0].slot == emitted.n) return &step;
  }
  return nullptr;
}

/// Can a clause of this group have one instance at most?
bool one_instance(const Plan& plan, const ClauseGroup& group) {
  if (!group.table) return group.pipeline.single;
  const Step* scan = table_scan(group);
  if (scan == nullptr) return false;
  const std::vector<uint32_t>& key = plan.schema.relations[scan->relation].key;
  if (key != std::vector<uint32_t>{0}) return false;  // a clause may have several rows
  return std::all_of(group.pipeline.steps.begin(), group.pipeline.steps.end(),
                     [&](const Step& step) { return &step == scan || is_single(plan, step); });
}

/// Is the first solution of a table's pipeline the one of the least clause?
bool ascending(const Plan& plan, const ClauseGroup& group) {
  const Step* scan = table_scan(group);
  for (const Step& step : group.pipeline.steps) {
    if (&step == scan) return true;
    if (!is_single(plan, step)) return false;
  }
  return false;
}

}  // namespace

void FunctionEmitter::quick(const DecisionPlan& decision, const std::vector<QuickLevel>& levels) {
  out_ = function_->getArg(1);
  exit_ = block("exit");
  on_leave_ = [&] {
    b_.CreateStore(i32(-1), layout_.at_byte(out_, offsetof(QuickDecision, outcome)));
    b_.CreateRetVoid();
  };
  if (!levels[1].units.empty() || !levels[4].units.empty()) {
    pending_ = variable(b_.getInt32Ty(), "pending");
    b_.CreateStore(i32(-1), pending_);
  }
  for (const QuickLevel& one : levels) {
    if (!one.units.empty()) level(one);
  }
  finish(i32(static_cast<int>(decision.decision.default_outcome)), i32(-1), i32(0), i32(0));
  go_on(exit_);
  b_.CreateRetVoid();
  end_function();
}

void FunctionEmitter::refuse() {
  out_ = function_->getArg(1);
  b_.CreateStore(i32(-1), layout_.at_byte(out_, offsetof(QuickDecision, outcome)));
  b_.CreateRetVoid();
  end_function();
}

void FunctionEmitter::part(const std::vector<QuickUnit>& units) {
  on_leave_ = [&] { b_.CreateRet(i32(-1)); };
  for (const QuickUnit& one : units) {
    BasicBlock* next = block("next");
    fail_ = next;
    unit(one, [&](Value* clause, bool, uint32_t) { b_.CreateRet(clause); });
    go_on(next);
  }
  b_.CreateRet(i32(-1));
  end_function();
}

// ---- levels -----------------------------------------------------------------------------------------------------------

void FunctionEmitter::level(const QuickLevel& level) {
  BasicBlock* after = block("after");
  if (level.outcome == ast::Outcome::kRequire) {  // the first that waits stays the one
    BasicBlock* none_waits = block("none_waits");
    Value* pending = b_.CreateLoad(b_.getInt32Ty(), pending_);
    b_.CreateCondBr(b_.CreateICmpSLT(pending, i32(0)), none_waits, after);
    go_on(none_waits);
  }
  auto hit = [&](Value* clause, Value* exact, Value* count) {
    if (level.outcome != ast::Outcome::kRequire) return win(level.outcome, clause, exact, count);
    b_.CreateStore(clause, pending_);
    b_.CreateBr(after);
  };
  bool tables = std::any_of(level.units.begin(), level.units.end(), [](const QuickUnit& one) { return one.table; });
  if (!tables || level.units.size() == 1) {
    for (const QuickUnit& one : level.units) {
      BasicBlock* next = block("next");
      fail_ = next;
      unit(one, [&](Value* clause, bool exact, uint32_t count) { hit(clause, i32(exact), i32(count)); });
      go_on(next);
    }
    b_.CreateBr(after);
  } else {
    least_of_units(level.units, hit, after);
  }
  go_on(after);
}

/// Tables may find a lesser clause than the single ones before them did, and than one another.
void FunctionEmitter::least_of_units(const std::vector<QuickUnit>& units, const Win& win, BasicBlock* none) {
  llvm::AllocaInst* best = variable(b_.getInt32Ty(), "best");
  llvm::AllocaInst* best_exact = variable(b_.getInt32Ty(), "best_exact");
  llvm::AllocaInst* best_count = variable(b_.getInt32Ty(), "best_count");
  b_.CreateStore(i32(INT32_MAX), best);
  b_.CreateStore(i32(0), best_exact);
  b_.CreateStore(i32(0), best_count);
  auto first_table = std::find_if(units.begin(), units.end(), [](const QuickUnit& one) { return one.table; });
  BasicBlock* tables = block("tables");
  for (auto one = units.begin(); one != units.end(); ++one) {
    if (one == first_table) {
      b_.CreateBr(tables);
      go_on(tables);
    }
    BasicBlock* next = block("next");
    BasicBlock* attempt = block("try");
    Value* so_far = b_.CreateLoad(b_.getInt32Ty(), best);
    b_.CreateCondBr(b_.CreateICmpSLT(i32(one->first), so_far), attempt, next);
    go_on(attempt);
    fail_ = next;
    unit(*one, [&](Value* clause, bool exact, uint32_t count) {
      BasicBlock* better = block("better");
      b_.CreateCondBr(b_.CreateICmpSLT(clause, so_far), better, next);
      go_on(better);
      b_.CreateStore(clause, best);
      b_.CreateStore(i32(exact), best_exact);
      b_.CreateStore(i32(count), best_count);
      b_.CreateBr(one->table ? next : tables);
    });
    go_on(next);
  }
  Value* clause = b_.CreateLoad(b_.getInt32Ty(), best);
  BasicBlock* some = block("some");
  b_.CreateCondBr(b_.CreateICmpEQ(clause, i32(INT32_MAX)), none, some);
  go_on(some);
  win(clause, b_.CreateLoad(b_.getInt32Ty(), best_exact), b_.CreateLoad(b_.getInt32Ty(), best_count));
}

/// Branches to fail_ where no clause of the unit applies. After `hit` the block is closed.
void FunctionEmitter::unit(const QuickUnit& unit, const Hit& hit) {
  if (unit.part != nullptr) {
    Value* clause = b_.CreateCall(unit.part, {ctx_});
    unless(b_.CreateICmpSGE(clause, i32(0)));
    return hit(clause, false, 0);
  }
  const ClauseGroup& group = *unit.group;
  if (group.table && !ascending(plan_, group)) return least_of_table(group, hit);
  pipeline(group.pipeline);
  bool exact = out_ != nullptr && one_instance(plan_, group);
  Value* clause = group.table ? b_.CreateTrunc(word(group.pipeline.emit[0]), b_.getInt32Ty()) : i32(group.clauses[0]);
  close_bags(0);
  open_bags_.clear();
  if (exact) store_values(group);
  hit(clause, exact, exact ? static_cast<uint32_t>(group.pipeline.emit.size() - (group.table ? 1 : 0)) : 0);
}

void FunctionEmitter::least_of_table(const ClauseGroup& group, const Hit& hit) {
  llvm::AllocaInst* least = variable(b_.getInt32Ty(), "least");
  b_.CreateStore(i32(INT32_MAX), least);
  BasicBlock* none = fail_;
  BasicBlock* done = block("all");
  fail_ = done;
  pipeline(group.pipeline);
  Value* clause = b_.CreateTrunc(word(group.pipeline.emit[0]), b_.getInt32Ty());
  Value* so_far = b_.CreateLoad(b_.getInt32Ty(), least);
  b_.CreateStore(b_.CreateBinaryIntrinsic(llvm::Intrinsic::smin, clause, so_far), least);
  b_.CreateBr(fail_);
  open_bags_.clear();
  go_on(done);
  fail_ = none;
  Value* found = b_.CreateLoad(b_.getInt32Ty(), least);
  unless(b_.CreateICmpNE(found, i32(INT32_MAX)));
  hit(found, false, 0);
}

// ---- the answer -------------------------------------------------------------------------------------------------------

void FunctionEmitter::win(ast::Outcome outcome, Value* clause, Value* exact, Value* count) {
  Value* result = i32(static_cast<int>(outcome));
  if (outcome == ast::Outcome::kAllow && pending_ != nullptr) {
    Value* pending = b_.CreateLoad(b_.getInt32Ty(), pending_);
    Value* waits = b_.CreateICmpSGE(pending, i32(0));
    result = b_.CreateSelect(waits, i32(static_cast<int>(ast::Outcome::kRequire)), result);
    clause = b_.CreateSelect(waits, pending, clause);
    exact = b_.CreateSelect(waits, i32(0), exact);
    count = b_.CreateSelect(waits, i32(0), count);
  }
  finish(result, clause, exact, count);
}

void FunctionEmitter::finish(Value* outcome, Value* clause, Value* exact, Value* count) {
  b_.CreateStore(outcome, layout_.at_byte(out_, offsetof(QuickDecision, outcome)));
  b_.CreateStore(clause, layout_.at_byte(out_, offsetof(QuickDecision, clause)));
  b_.CreateStore(exact, layout_.at_byte(out_, offsetof(QuickDecision, exact)));
  b_.CreateStore(count, layout_.at_byte(out_, offsetof(QuickDecision, count)));
  b_.CreateBr(exit_);
}

void FunctionEmitter::store_values(const ClauseGroup& group) {
  size_t first = group.table ? 1 : 0;
  for (size_t i = first; i < group.pipeline.emit.size(); ++i) {
    uint64_t offset = offsetof(QuickDecision, values) + 8 * (i - first);
    b_.CreateStore(word(group.pipeline.emit[i]), layout_.at_byte(out_, offset));
  }
}

}  // namespace lictor::native
