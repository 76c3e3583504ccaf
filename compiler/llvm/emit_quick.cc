// The quick form of a decision: outcome and deciding clause, nothing recorded.
//
// Levels stand in the order of deciding: override deny, require, allow, then plain deny, require, allow, or as another way
// of combining has it. The first level that applies decides, but for requires: they wait for an allow of a level below. Within a level the
// least clause number wins. Single clauses are tried in that order and the first that holds ends the level; the rows of a
// table stand in clause order too, so that its first match is its least.
#include <algorithm>
#include <bit>

#include "compiler/llvm/emit.h"
#include "compiler/plan_walk.h"

namespace lictor::native {

using llvm::BasicBlock;
using llvm::Value;

static_assert(std::endian::native == std::endian::little);  // finish() puts members at their bits

namespace {

// What a part says where it finds no clause, and where it leaves on an exhausted budget.
constexpr int32_t kNone = -1;
constexpr int32_t kLeft = -2;

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

void FunctionEmitter::quick(const std::vector<QuickLevel>& levels, bool dense) {
  out_ = function_->getArg(1);
  dense_ = dense;
  counts_alone_ = decision_->light;
  on_leave_ = [&] { b_.CreateRet(i64(QuickDecision::kRefused)); };
  if (std::any_of(levels.begin(), levels.end(), [](const auto& l) { return l.outcome == ast::Outcome::kRequire; })) {
    pending_ = variable(b_.getInt32Ty(), "pending");
    b_.CreateStore(i32(-1), pending_);
  }
  for (size_t i = 0; i < levels.size(); ++i) {
    if (!levels[i].passes_next) {
      level(levels[i], nullptr);
      continue;
    }
    BasicBlock* passed = block("passed");
    level(levels[i], passed);
    level(levels[++i], nullptr);
    b_.CreateBr(passed);
    go_on(passed);
  }
  finish(i64(static_cast<int>(decision_->decision.default_outcome)), i32(-1), i64(QuickDecision::kNoValues));
  end_function();
}

void FunctionEmitter::refuse() {
  b_.CreateRet(i64(QuickDecision::kRefused));
  end_function();
}

void FunctionEmitter::part(const std::vector<QuickUnit>& units) {
  counts_alone_ = decision_->light;
  on_leave_ = [&] { b_.CreateRet(i32(kLeft)); };
  for (const QuickUnit& one : units) {
    BasicBlock* next = block("next");
    fail_ = next;
    unit(one, [&](Value* clause, Value*) { b_.CreateRet(clause); });
    go_on(next);
  }
  b_.CreateRet(i32(kNone));
  end_function();
}

// ---- levels -----------------------------------------------------------------------------------------------------------

/// `passed`: where to go on after a require that applies, so that it is asked even where another waits; or null.
void FunctionEmitter::level(const QuickLevel& level, BasicBlock* passed) {
  BasicBlock* after = block("after");
  if (level.outcome == ast::Outcome::kRequire && passed == nullptr) {  // the first that waits stays the one
    BasicBlock* none_waits = block("none_waits");
    Value* pending = b_.CreateLoad(b_.getInt32Ty(), pending_);
    b_.CreateCondBr(b_.CreateICmpSLT(pending, i32(0)), none_waits, after);
    go_on(none_waits);
  }
  auto hit = [&](Value* clause, Value* values) {
    if (level.outcome != ast::Outcome::kRequire) return win(level.outcome, clause, values);
    if (passed != nullptr) {
      Value* waits = b_.CreateLoad(b_.getInt32Ty(), pending_);
      clause = b_.CreateSelect(b_.CreateICmpSLT(waits, i32(0)), clause, waits);
    }
    b_.CreateStore(clause, pending_);
    b_.CreateBr(passed != nullptr ? passed : after);
  };
  bool tables = std::any_of(level.units.begin(), level.units.end(), [](const QuickUnit& one) { return one.table; });
  if (!tables || level.units.size() == 1) {
    for (const QuickUnit& one : level.units) {
      BasicBlock* next = block("next");
      fail_ = next;
      unit(one, hit);
      go_on(next);
    }
    b_.CreateBr(after);
  } else {
    least_of_units(level.units, hit, after);
  }
  go_on(after);
}

/// Tables may find a lesser clause than the single ones before them did, and than one another.
void FunctionEmitter::least_of_units(const std::vector<QuickUnit>& units, const Hit& hit, BasicBlock* none) {
  llvm::AllocaInst* best = variable(b_.getInt32Ty(), "best");
  llvm::AllocaInst* best_values = variable(b_.getInt64Ty(), "best_values");
  b_.CreateStore(i32(INT32_MAX), best);
  b_.CreateStore(i64(QuickDecision::kNoValues), best_values);
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
    unit(*one, [&](Value* clause, Value* values) {
      BasicBlock* better = block("better");
      b_.CreateCondBr(b_.CreateICmpSLT(clause, so_far), better, next);
      go_on(better);
      b_.CreateStore(clause, best);
      b_.CreateStore(values, best_values);
      b_.CreateBr(one->table ? next : tables);
    });
    go_on(next);
  }
  Value* clause = b_.CreateLoad(b_.getInt32Ty(), best);
  BasicBlock* some = block("some");
  b_.CreateCondBr(b_.CreateICmpEQ(clause, i32(INT32_MAX)), none, some);
  go_on(some);
  hit(clause, b_.CreateLoad(b_.getInt64Ty(), best_values));
}

/// Branches to fail_ where no clause of the unit applies. After `hit` the block is closed.
void FunctionEmitter::unit(const QuickUnit& unit, const Hit& hit) {
  if (unit.part != nullptr) {
    Value* clause = b_.CreateCall(unit.part, {ctx_});
    BasicBlock* left = block("left");
    BasicBlock* stayed = block("stayed");
    b_.CreateCondBr(b_.CreateICmpEQ(clause, i32(kLeft)), left, stayed);
    go_on(left);
    on_leave_();
    go_on(stayed);
    unless(b_.CreateICmpNE(clause, i32(kNone)));
    return hit(clause, i64(QuickDecision::kNoValues));
  }
  const ClauseGroup& group = *unit.group;
  if (group.table && !ascending(plan_, group)) return least_of_table(group, hit);
  pipeline(group.pipeline);
  bool exact = out_ != nullptr && one_instance(plan_, group);
  Value* clause = group.table ? b_.CreateTrunc(word(group.pipeline.emit[0]), b_.getInt32Ty()) : i32(group.clauses[0]);
  close_bags(0);
  open_bags_.clear();
  if (exact) store_values(group);
  size_t count = group.pipeline.emit.size() - (group.table ? 1 : 0);
  hit(clause, i64(exact ? static_cast<int64_t>(count) : QuickDecision::kNoValues));
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
  hit(found, i64(QuickDecision::kNoValues));
}

// ---- the answer -------------------------------------------------------------------------------------------------------

void FunctionEmitter::win(ast::Outcome outcome, Value* clause, Value* values) {
  Value* result = i64(static_cast<int>(outcome));
  if (outcome == ast::Outcome::kAllow && pending_ != nullptr) {
    Value* pending = b_.CreateLoad(b_.getInt32Ty(), pending_);
    Value* waits = b_.CreateICmpSGE(pending, i32(0));
    result = b_.CreateSelect(waits, i64(static_cast<int>(ast::Outcome::kRequire)), result);
    clause = b_.CreateSelect(waits, pending, clause);
    values = b_.CreateSelect(waits, i64(QuickDecision::kNoValues), values);
  }
  finish(result, clause, values);
}

/// Returns the QuickDecision, its members at the bits where memory of this machine would have them.
void FunctionEmitter::finish(Value* outcome, Value* clause, Value* values) {
  auto at = [&](Value* value, uint64_t offset) { return b_.CreateShl(value, i64(static_cast<int64_t>(8 * offset))); };
  Value* word = b_.CreateOr(outcome, i64(int64_t{1} << 8 * offsetof(QuickDecision, native)));
  word = b_.CreateOr(word, at(values, offsetof(QuickDecision, values)));
  word = b_.CreateOr(word, at(b_.CreateZExt(clause, b_.getInt64Ty()), offsetof(QuickDecision, clause)));
  b_.CreateRet(word);
}

void FunctionEmitter::store_values(const ClauseGroup& group) {
  size_t first = group.table ? 1 : 0;
  for (size_t i = first; i < group.pipeline.emit.size(); ++i) {
    b_.CreateStore(word(group.pipeline.emit[i]), layout_.at_byte(out_, 8 * (i - first)));
  }
}

}  // namespace lictor::native
