// How generated code reads the structures of layout.h: loads by the offsets that C++ gives the members.
//
// What a snapshot holds never changes while it lives, and a request's fields never change while it is decided: such loads
// are marked invariant, so that the optimiser keeps one of many. Internal to this folder; one object per function.
#pragma once

#include <llvm/IR/IRBuilder.h>

#include "compiler/layout.h"
#include "compiler/plan.h"

namespace lictor::native {

class LayoutIr {
 public:
  LayoutIr(const Plan& plan, llvm::IRBuilder<>& builder);
  /// The function's EvalContext*; before anything else.
  void set_context(llvm::Value* ctx) { ctx_ = ctx; }

  // ---- words ----
  llvm::Value* field(uint32_t number);
  llvm::Value* now();
  llvm::Value* constant(uint32_t number);
  /// The words of a snapshot's compound, and how many they are (i32).
  llvm::Value* compound_words(llvm::Value* id, llvm::Value** count);
  /// Branch-free: of none the row 0, of an instance that only the request knows the defaults.
  /// `clamp`: the word may be that of another type; then the value is that of some row.
  llvm::Value* attribute(uint32_t entity, uint32_t attribute, llvm::Value* word, bool clamp = false);
  /// The same by the row of the columns (i64).
  llvm::Value* attribute_at(uint32_t entity, uint32_t attribute, llvm::Value* row);
  llvm::Value* entity_count(uint32_t entity);

  // ---- relations and indexes ----
  llvm::Value* relation_view(uint32_t relation);
  llvm::Value* index_view(uint32_t index);
  llvm::Value* rows(llvm::Value* relation_view);
  llvm::Value* row_count(llvm::Value* relation_view);
  llvm::Value* index_offsets(llvm::Value* index_view);
  llvm::Value* index_permutation(llvm::Value* index_view);
  llvm::Value* index_base(llvm::Value* index_view);
  llvm::Value* index_size(llvm::Value* index_view);
  llvm::Value* index_dense(llvm::Value* index_view);

  /// Element `at` (i32 or i64, unsigned) of an immutable array of i32 or i64.
  llvm::Value* element(llvm::Type* type, llvm::Value* array, llvm::Value* at);
  /// Word `column` of an immutable row.
  llvm::Value* column(llvm::Value* row, uint32_t column);
  /// The address of the step budget.
  llvm::Value* steps();
  llvm::Value* at_byte(llvm::Value* base, uint64_t offset);

 private:
  llvm::Value* snapshot();
  llvm::Value* table(uint64_t member, uint64_t bytes);
  llvm::Value* invariant(llvm::Type* type, llvm::Value* base, uint64_t offset);
  llvm::Value* pointer(llvm::Value* base, uint64_t offset, uint64_t bytes);

  const Plan& plan_;
  llvm::IRBuilder<>& b_;
  llvm::Value* ctx_ = nullptr;
  std::vector<uint32_t> first_column_;  // by entity type, in SnapshotView::columns; behind the last: how many there are
};

}  // namespace lictor::native
