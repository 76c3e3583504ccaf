// The module: a quick function per decision, a full function per clause group, the views that they call.
//
// The optimiser is worse than linear in the size of one function, so a decision of many groups is cut: some groups of one
// level share a function, and quick calls these one after the other.
#include <llvm/IR/Verifier.h>

#include <algorithm>
#include <cassert>

#include "compiler/llvm/emit.h"
#include "compiler/plan_walk.h"

namespace lictor::native {

using llvm::Function;

namespace {

constexpr const char* kAbiNames[] = {
#define LICTOR_ABI(name, signature, doc) #name,
#include "compiler/abi.def"
#undef LICTOR_ABI
};
constexpr const char* kAbiSignatures[] = {
#define LICTOR_ABI(name, signature, doc) signature,
#include "compiler/abi.def"
#undef LICTOR_ABI
};

llvm::Type* abi_type(llvm::LLVMContext& context, char letter) {
  switch (letter) {
    case 'v':
      return llvm::Type::getVoidTy(context);
    case 'p':
      return llvm::PointerType::getUnqual(context);
    case 'l':
      return llvm::Type::getInt64Ty(context);
    default:
      return llvm::Type::getInt32Ty(context);
  }
}

uint64_t nodes(const Pipeline& pipeline) {
  uint64_t count = 0;
  each_step(pipeline, [&](const Step&) { count += 4; });
  each_plan_root(pipeline, [&](const Expr& root) { each_node(root, [&](const Expr&) { ++count; }); });
  return count;
}

bool any_can_err(const Plan& plan, const DecisionPlan& decision) {
  if (decision.max_instance > QuickDecision::kMostValues) return true;
  bool found = false;
  each_root_of_default(decision.decision, [&](const Expr& expr) { found = found || errs(expr); });
  return found ||
         std::any_of(decision.clauses.begin(), decision.clauses.end(),
                     [](const ClausePlan& c) { return c.can_err && c.mode == Mode::kEnforce; }) ||
         std::any_of(decision.groups.begin(), decision.groups.end(), [&](const ClauseGroup& group) {
           return !group.observed && (group.pipeline.can_err || can_err(plan, group.pipeline));
         });
}

}  // namespace

ModuleEmitter::ModuleEmitter(const Plan& plan, llvm::Module& module)
    : plan_(plan),
      context_(module.getContext()),
      module_(module),
      abi_(std::size(kAbiNames), nullptr),
      view_tests_(plan.views.size(), nullptr),
      view_rows_(plan.views.size(), nullptr) {}

void ModuleEmitter::run() {
  for (uint32_t i = 0; i < plan_.decisions.size(); ++i) emit_decision(i);
  emit_views();
  emit_table();
  assert(!llvm::verifyModule(module_, &llvm::errs()));  // INVARIANT: what is emitted is well-formed
}

// ---- declarations -----------------------------------------------------------------------------------------------------

Function* ModuleEmitter::abi(Abi which) {
  auto number = static_cast<size_t>(which);
  if (abi_[number] != nullptr) return abi_[number];
  std::string_view signature = kAbiSignatures[number];
  std::vector<llvm::Type*> parameters;
  for (char letter : signature.substr(2, signature.size() - 3)) parameters.push_back(abi_type(context_, letter));
  auto* type = llvm::FunctionType::get(abi_type(context_, signature[0]), parameters, false);
  Function* function = Function::Create(type, Function::ExternalLinkage, kAbiNames[number], module_);
  function->setDoesNotThrow();
  function->setWillReturn();
  if (which == Abi::lictor_probe) {
    function->setMemoryEffects(llvm::MemoryEffects::readOnly() | llvm::MemoryEffects::argMemOnly());
  }
  if (which == Abi::lictor_fail || which == Abi::lictor_out_of_steps) function->addFnAttr(llvm::Attribute::Cold);
  abi_[number] = function;
  return function;
}

Function* ModuleEmitter::make(const std::string& name, llvm::Type* result, const std::vector<llvm::Type*>& parameters) {
  auto* type = llvm::FunctionType::get(result, parameters, false);
  Function* function = Function::Create(type, Function::InternalLinkage, name, module_);
  function->setDoesNotThrow();
  llvm::Argument* ctx = function->getArg(0);
  ctx->setName("ctx");
  ctx->addAttr(llvm::Attribute::NonNull);
  ctx->addAttr(llvm::Attribute::NoUndef);
  ctx->addAttr(llvm::Attribute::getWithDereferenceableBytes(context_, sizeof(EvalContext)));
  return function;
}

// ---- views ------------------------------------------------------------------------------------------------------------

Function* ModuleEmitter::view_function(uint32_t view, bool rows) {
  Function*& slot = (rows ? view_rows_ : view_tests_)[view];
  if (slot != nullptr) return slot;
  std::vector<llvm::Type*> parameters = {abi_type(context_, 'p')};
  if (rows) parameters.push_back(abi_type(context_, 'p'));
  parameters.insert(parameters.end(), plan_.views[view].inputs, abi_type(context_, 'l'));
  llvm::Type* result = rows ? llvm::Type::getVoidTy(context_) : llvm::Type::getInt1Ty(context_);
  slot = make((rows ? "rows." : "test.") + plan_.views[view].name, result, parameters);
  pending_.push_back({view, rows, slot});
  return slot;
}

Function* ModuleEmitter::view_test(uint32_t view) { return view_function(view, false); }
Function* ModuleEmitter::view_rows(uint32_t view) { return view_function(view, true); }

void ModuleEmitter::emit_views() {
  while (!pending_.empty()) {
    PendingView next = pending_.front();
    pending_.pop_front();
    const View& view = plan_.views[next.view];
    FunctionEmitter emitter(*this, next.function, view.slots, nullptr);
    if (next.rows) {
      emitter.view_rows(view);
    } else {
      emitter.view_test(view);
    }
  }
}

// ---- decisions --------------------------------------------------------------------------------------------------------

void ModuleEmitter::emit_decision(uint32_t number) {
  emit_quick(number);
  llvm::Type* pointer = abi_type(context_, 'p');
  for (const ClauseGroup& group : plan_.decisions[number].groups) {
    Function* full = make(kFullPrefix + std::to_string(number), abi_type(context_, 'v'), {pointer});
    FunctionEmitter(*this, full, group.slots, &plan_.decisions[number]).full(group);
    entries_.push_back(full);
  }
}

void ModuleEmitter::emit_quick(uint32_t number) {
  const DecisionPlan& decision = plan_.decisions[number];
  Function* quick = make_quick("quick.", number);
  entries_.push_back(quick);
  if (any_can_err(plan_, decision)) {
    entries_.push_back(llvm::ConstantPointerNull::get(llvm::PointerType::getUnqual(context_)));
    return FunctionEmitter(*this, quick, 0, &decision).refuse();
  }

  std::vector<QuickLevel> levels;
  const ClauseGroup* last = nullptr;
  uint32_t slots = 0;
  uint64_t size = 0;
  for (const ClauseGroup& group : decision.groups) {
    if (group.observed) continue;
    if (last == nullptr || place_of(*last) != place_of(group)) {
      bool passed = last != nullptr && passes_denies(*last) && rank_of(place_of(*last)) == rank_of(place_of(group));
      if (passed) levels.back().passes_next = true;
      levels.push_back({group.outcome, false, {}});
    }
    last = &group;
    levels.back().units.push_back({group.clauses[0], group.table, &group, nullptr});
    slots = std::max(slots, group.slots);
    size += nodes(group.pipeline);
  }
  for (QuickLevel& level : levels) {
    auto& units = level.units;
    std::stable_sort(units.begin(), units.end(), [](const QuickUnit& a, const QuickUnit& b) {
      return std::pair(a.table, a.first) < std::pair(b.table, b.first);
    });
    if (size > kFunctionNodes) units = cut(number, std::move(units));
  }
  FunctionEmitter(*this, quick, slots, &decision).quick(levels, false);
  if (size <= kFunctionNodes && !one_column_indexes(plan_, decision).empty()) {
    Function* dense = make_quick("dense.", number);
    FunctionEmitter(*this, dense, slots, &decision).quick(levels, true);
    entries_.push_back(dense);
  } else {
    entries_.push_back(llvm::ConstantPointerNull::get(llvm::PointerType::getUnqual(context_)));
  }
}

Function* ModuleEmitter::make_quick(const char* prefix, uint32_t number) {
  llvm::Type* pointer = abi_type(context_, 'p');
  Function* quick = make(prefix + std::to_string(number), abi_type(context_, 'l'), {pointer, pointer});
  llvm::Argument* values = quick->getArg(1);
  values->addAttr(llvm::Attribute::NoAlias);
  values->addAttr(llvm::Attribute::getWithDereferenceableBytes(context_, 8 * QuickDecision::kMostValues));
  return quick;
}

/// Moves the groups of a level into functions of bounded size. A table stands alone.
std::vector<QuickUnit> ModuleEmitter::cut(uint32_t number, std::vector<QuickUnit> units) {
  std::vector<QuickUnit> out;
  std::vector<QuickUnit> some;
  uint64_t size = 0;
  auto close = [&] {
    if (some.empty()) return;
    Function* part = make("part." + std::to_string(number), abi_type(context_, 'i'), {abi_type(context_, 'p')});
    part->addFnAttr(llvm::Attribute::NoInline);
    uint32_t slots = 0;
    for (const QuickUnit& unit : some) slots = std::max(slots, unit.group->slots);
    FunctionEmitter(*this, part, slots, &plan_.decisions[number]).part(some);
    out.push_back({some[0].first, some[0].table, nullptr, part});
    some.clear();
    size = 0;
  };
  for (const QuickUnit& unit : units) {
    if (unit.table || size > kFunctionNodes / 2) close();
    some.push_back(unit);
    size += nodes(unit.group->pipeline);
    if (unit.table) close();
  }
  close();
  return out;
}

void ModuleEmitter::emit_table() {
  auto* type = llvm::ArrayType::get(abi_type(context_, 'p'), entries_.size());
  new llvm::GlobalVariable(module_, type, true, llvm::GlobalValue::ExternalLinkage,
                           llvm::ConstantArray::get(type, entries_), kEntryTable);
}

}  // namespace lictor::native
