// From plan to LLVM IR. Internal to this folder.
//
// ModuleEmitter owns the module: declarations of what the runtime offers, functions of views (made when first called),
// and the table of entry points, the only symbol that leaves the module.
//
// FunctionEmitter writes one function. A pipeline becomes nested loops: code is written from left to right at one
// insertion point; a step that does not hold branches to `fail_`, and a looping step makes its own next round the new
// `fail_`. So what a step binds is an SSA value that dominates all steps to its right, and no slot needs memory.
#pragma once

#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Module.h>

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "compiler/llvm/layout_ir.h"
#include "compiler/plan.h"

namespace lictor::native {

/// Where the entry points stand in the table `lictor_entries`: by decision its quick function, the one for dense indexes or
/// null, then its groups.
inline constexpr const char* kEntryTable = "lictor_entries";
/// How the names of full forms begin.
inline constexpr const char* kFullPrefix = "full.";

enum class Abi : uint8_t {
#define LICTOR_ABI(name, signature, doc) name,
#include "compiler/abi.def"
#undef LICTOR_ABI
};

/// Nodes (steps and expressions) that one function may have before its decision is cut into several functions.
inline constexpr uint64_t kFunctionNodes = 1500;

/// One group of a level of a quick function, or several that stand in a function of their own.
struct QuickUnit {
  uint32_t first = 0;  // least clause that it may find
  bool table = false;  // may find other clauses than the first
  const ClauseGroup* group = nullptr;
  llvm::Function* part = nullptr;  // i32 part(ctx), where the decision was cut into functions
};

/// The groups of one place (place_of in plan_walk.h): single clauses in their order, then tables.
struct QuickLevel {
  ast::Outcome outcome = ast::Outcome::kDeny;
  bool passes_next = false;  // where it applies, the next level is not asked
  std::vector<QuickUnit> units;
};

class ModuleEmitter {
 public:
  /// REQUIRES: the module is empty and has the target's data layout.
  ModuleEmitter(const Plan& plan, llvm::Module& module);
  /// Fills the module so that it passes LLVM's verifier. REQUIRES: called once.
  void run();

  const Plan& plan() const { return plan_; }
  llvm::LLVMContext& context() { return context_; }
  llvm::Module& module() { return module_; }
  llvm::Function* abi(Abi which);
  /// i1 view(ctx, inputs...): has it a row?
  llvm::Function* view_test(uint32_t view);
  /// void view(ctx, bag, inputs...): puts its rows into the bag.
  llvm::Function* view_rows(uint32_t view);
  /// A function of the module's own; the first parameter is the EvalContext*.
  llvm::Function* make(const std::string& name, llvm::Type* result, const std::vector<llvm::Type*>& parameters);

 private:
  void emit_decision(uint32_t number);
  void emit_quick(uint32_t number);
  llvm::Function* make_quick(const char* prefix, uint32_t number);
  std::vector<QuickUnit> cut(uint32_t number, std::vector<QuickUnit> units);
  void emit_views();
  void emit_table();

  struct PendingView {
    uint32_t view;
    bool rows;
    llvm::Function* function;
  };
  llvm::Function* view_function(uint32_t view, bool rows);

  const Plan& plan_;
  llvm::LLVMContext& context_;
  llvm::Module& module_;
  std::vector<llvm::Function*> abi_;
  std::vector<llvm::Function*> view_tests_, view_rows_;
  std::deque<PendingView> pending_;
  std::vector<llvm::Constant*> entries_;
};

class FunctionEmitter {
 public:
  /// `decision`: whose groups it is for, and so whose bound rows stand behind the fields; null in views.
  FunctionEmitter(ModuleEmitter& module, llvm::Function* function, uint32_t slots, const DecisionPlan* decision);

  /// void full(ctx)
  void full(const ClauseGroup& group);
  /// The two forms of a view.
  void view_test(const View& view);
  void view_rows(const View& view);
  /// i32 part(ctx): the least clause of some groups of one level that applies, kNone, or kLeft.
  void part(const std::vector<QuickUnit>& units);
  /// i64 quick(ctx, values). REQUIRES: nothing in the decision can err; dense: all of one_column_indexes() are.
  void quick(const std::vector<QuickLevel>& levels, bool dense);
  /// i64 quick(ctx, values) where only the full form knows the answer.
  void refuse();

 private:
  using Then = std::function<void()>;
  /// What is looked up in an index.
  struct Probe {
    llvm::Value* view;
    std::vector<llvm::Value*> key;
    bool on_request;
  };
  /// What a unit does on finding clause `clause` (i32); `values` (i64): QuickDecision::values.
  using Hit = std::function<void(llvm::Value* clause, llvm::Value* values)>;

  // ---- emit_expr.cc ----
  llvm::Value* word(const Expr& expr);
  llvm::Value* truth(const Expr& expr);
  /// Goes on only where the expression is true.
  void require(const Expr& expr);
  llvm::Value* constant(const Expr& expr);
  llvm::Value* attribute(const Expr& expr);
  llvm::Value* is_of(llvm::Value* entity, uint32_t type);
  llvm::Value* arithmetic(const Expr& expr);
  llvm::Value* overflow_checked(llvm::Intrinsic::ID id, llvm::Value* a, llvm::Value* b, const Expr& expr);
  llvm::Value* divide(const Expr& expr);
  llvm::Value* operation(const Expr& expr);
  llvm::Value* in_constant_set(const Expr& expr);
  llvm::Value* in_inline_set(const Expr& expr);
  llvm::Value* inline_map_get(const Expr& expr);
  llvm::Value* total_map_get(const Expr& expr);
  /// By branches: only one of the two is evaluated.
  llvm::Value* choose(llvm::Value* condition, const std::function<llvm::Value*()>& yes,
                      const std::function<llvm::Value*()>& no);
  llvm::Value* lazy(const Expr& expr);
  llvm::Value* lazy_truth(const Expr& expr);
  void must_be(llvm::Value* condition, llvm::Value* kind, Span span);
  bool is_cheap(const Expr& expr) const;

  // ---- emit_pipeline.cc ----
  void pipeline(const Pipeline& pipeline);
  void step(const Step& step);
  void scan(const Step& step);
  void instances(const Step& step);
  void call(const Step& step);
  void member(const Step& step);
  void closure(const Step& step);
  void any(const Step& step);
  void lookup(const Step& step);
  void aggregate(const Step& step);
  llvm::Value* unique_row(const Probe& probe);
  void index_range(const Probe& probe, llvm::Value** begin, llvm::Value** end);
  llvm::Value* dense_slot(const Probe& probe, llvm::BasicBlock* hashed);
  std::vector<llvm::Value*> early_matches(const Step& step);
  void match(const Arg& arg, llvm::Value* early, const std::function<llvm::Value*()>& value);
  /// Opens a loop over [begin, end) of i32 and returns the index; rounds take from the step budget.
  llvm::Value* loop(llvm::Value* begin, llvm::Value* end, const Then& at_end = nullptr);
  void take_step();
  llvm::Value* steps();
  /// The word (i64) behind the fields for the row that a field names, or null.
  llvm::Value* bound_row(const Expr& field, uint32_t index);
  void close_bags(size_t from);

  // ---- emit_quick.cc ----
  void level(const QuickLevel& level, llvm::BasicBlock* passed);
  void least_of_units(const std::vector<QuickUnit>& units, const Hit& hit, llvm::BasicBlock* none);
  void unit(const QuickUnit& unit, const Hit& hit);
  void least_of_table(const ClauseGroup& group, const Hit& hit);
  void win(ast::Outcome outcome, llvm::Value* clause, llvm::Value* values);
  void finish(llvm::Value* outcome, llvm::Value* clause, llvm::Value* values);
  void store_values(const ClauseGroup& group);

  // ---- parts of functions ----
  void end_function();
  void all_alternatives(const View& view, const std::function<void(const Pipeline&)>& on_row);
  llvm::BasicBlock* block(const char* name);
  void go_on(llvm::BasicBlock* block) { b_.SetInsertPoint(block); }
  void unless(llvm::Value* condition);
  llvm::AllocaInst* variable(llvm::Type* type, const char* name);
  /// Memory for `count` words that a call reads at once; shared by all calls of the function.
  llvm::Value* scratch(uint32_t count);
  llvm::Value* words_in_scratch(const std::vector<llvm::Value*>& words);
  llvm::BasicBlock* leave();
  llvm::Value* result_word();
  llvm::Value* call(Abi which, const std::vector<llvm::Value*>& args);
  bool enumerates(const Pipeline& pipeline) const;
  llvm::ConstantInt* i64(int64_t value) { return b_.getInt64(static_cast<uint64_t>(value)); }
  llvm::ConstantInt* i32(int64_t value) { return b_.getInt32(static_cast<uint32_t>(value)); }

  ModuleEmitter& module_;
  const Plan& plan_;
  llvm::Function* function_;
  llvm::IRBuilder<> b_;
  LayoutIr layout_;
  llvm::Value* ctx_;
  const DecisionPlan* decision_;
  llvm::Value* out_ = nullptr;  // where values go, in quick functions
  bool dense_ = false;          // one-column indexes over facts are
  bool counts_alone_ = false;   // takes its steps from a copy of the budget
  std::vector<llvm::Value*> slots_;
  std::vector<llvm::Value*> open_bags_;
  llvm::BasicBlock* entry_ = nullptr;
  llvm::BasicBlock* fail_ = nullptr;
  llvm::BasicBlock* leave_ = nullptr;
  std::function<void()> on_leave_;     // writes what leaving on an exhausted budget does
  llvm::AllocaInst* steps_ = nullptr;  // the copy of the step budget, in light decisions
  llvm::AllocaInst* scratch_ = nullptr;
  llvm::AllocaInst* result_ = nullptr;
  llvm::AllocaInst* pending_ = nullptr;  // clause of the pending require, or -1
  uint32_t scratch_words_ = 0;
};

}  // namespace lictor::native
