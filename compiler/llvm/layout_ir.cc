// Every address is base + offsetof. Tables whose length the plan fixes are marked dereferenceable, so that the optimiser
// may read them before a branch that guards the reading.
#include "compiler/llvm/layout_ir.h"

#include <cstddef>

namespace lictor::native {

using llvm::Value;

LayoutIr::LayoutIr(const Plan& plan, llvm::IRBuilder<>& builder) : plan_(plan), b_(builder), first_column_{0} {
  for (const EntityDecl& entity : plan.schema.entities) {
    first_column_.push_back(first_column_.back() + static_cast<uint32_t>(entity.attributes.size()));
  }
}

Value* LayoutIr::at_byte(Value* base, uint64_t offset) {
  return offset == 0 ? base : b_.CreateConstInBoundsGEP1_64(b_.getInt8Ty(), base, offset);
}

Value* LayoutIr::invariant(llvm::Type* type, Value* base, uint64_t offset) {
  llvm::LoadInst* load = b_.CreateAlignedLoad(type, at_byte(base, offset), llvm::Align(type->isIntegerTy(32) ? 4 : 8));
  load->setMetadata(llvm::LLVMContext::MD_invariant_load, llvm::MDNode::get(b_.getContext(), {}));
  return load;
}

/// A pointer to `bytes` bytes at least; 0: may be null.
Value* LayoutIr::pointer(Value* base, uint64_t offset, uint64_t bytes) {
  auto* load = llvm::cast<llvm::LoadInst>(invariant(b_.getPtrTy(), base, offset));
  if (bytes == 0) return load;
  load->setMetadata(llvm::LLVMContext::MD_nonnull, llvm::MDNode::get(b_.getContext(), {}));
  auto* size = llvm::ConstantAsMetadata::get(b_.getInt64(bytes));
  load->setMetadata(llvm::LLVMContext::MD_dereferenceable, llvm::MDNode::get(b_.getContext(), size));
  return load;
}

Value* LayoutIr::snapshot() { return pointer(ctx_, offsetof(EvalContext, snapshot), sizeof(SnapshotView)); }

Value* LayoutIr::table(uint64_t member, uint64_t bytes) { return pointer(snapshot(), member, bytes); }

// ---- words ------------------------------------------------------------------------------------------------------------

Value* LayoutIr::field(uint32_t number) {
  return invariant(b_.getInt64Ty(), pointer(ctx_, offsetof(EvalContext, fields), 8 * (number + 1)), 8 * number);
}

Value* LayoutIr::now() { return invariant(b_.getInt64Ty(), ctx_, offsetof(EvalContext, now)); }

Value* LayoutIr::constant(uint32_t number) {
  Value* all = table(offsetof(SnapshotView, constants), 8 * plan_.constants.size());
  return invariant(b_.getInt64Ty(), all, 8 * number);
}

Value* LayoutIr::compound_words(Value* id, Value** count) {
  Value* all = table(offsetof(SnapshotView, compounds), 0);
  Value* at = b_.CreateInBoundsGEP(b_.getPtrTy(), all, id);
  Value* view = pointer(at, 0, sizeof(CompoundView));
  *count = invariant(b_.getInt32Ty(), view, offsetof(CompoundView, count));
  return pointer(view, offsetof(CompoundView, words), 0);
}

Value* LayoutIr::attribute(uint32_t entity, uint32_t attribute, Value* word, bool clamp) {
  Value* number = b_.CreateAnd(word, b_.getInt64(UINT32_MAX));
  if (clamp || !plan_.schema.entities[entity].closed) {  // closed types have no instances of the request's own
    Value* last = b_.CreateAdd(b_.CreateZExt(entity_count(entity), b_.getInt64Ty()), b_.getInt64(1));
    number = b_.CreateBinaryIntrinsic(llvm::Intrinsic::umin, number, last);
  }
  return attribute_at(entity, attribute, number);
}

Value* LayoutIr::attribute_at(uint32_t entity, uint32_t attribute, Value* row) {
  Value* all = table(offsetof(SnapshotView, columns), 8 * first_column_.back());
  Value* column = pointer(all, 8 * (first_column_[entity] + attribute), 8);
  return element(b_.getInt64Ty(), column, row);
}

Value* LayoutIr::entity_count(uint32_t entity) {
  Value* all = table(offsetof(SnapshotView, entities), sizeof(EntityView) * plan_.schema.entities.size());
  return invariant(b_.getInt32Ty(), all, sizeof(EntityView) * entity + offsetof(EntityView, count));
}

// ---- relations and indexes --------------------------------------------------------------------------------------------

Value* LayoutIr::relation_view(uint32_t relation) {
  Value* all = table(offsetof(SnapshotView, relations), sizeof(RelationView) * plan_.schema.relations.size());
  return at_byte(all, sizeof(RelationView) * relation);
}

Value* LayoutIr::index_view(uint32_t index) {
  Value* all = table(offsetof(SnapshotView, indexes), sizeof(IndexView) * plan_.indexes.size());
  return at_byte(all, sizeof(IndexView) * index);
}

Value* LayoutIr::rows(Value* view) { return pointer(view, offsetof(RelationView, rows), 0); }
Value* LayoutIr::row_count(Value* view) { return invariant(b_.getInt32Ty(), view, offsetof(RelationView, count)); }
Value* LayoutIr::index_offsets(Value* view) { return pointer(view, offsetof(IndexView, offsets), 0); }
Value* LayoutIr::index_permutation(Value* view) { return pointer(view, offsetof(IndexView, permutation), 0); }
Value* LayoutIr::index_base(Value* view) { return invariant(b_.getInt64Ty(), view, offsetof(IndexView, base)); }
Value* LayoutIr::index_size(Value* view) { return invariant(b_.getInt64Ty(), view, offsetof(IndexView, size)); }
Value* LayoutIr::index_dense(Value* view) {
  return b_.CreateICmpNE(invariant(b_.getInt32Ty(), view, offsetof(IndexView, dense)), b_.getInt32(0));
}

Value* LayoutIr::element(llvm::Type* type, Value* array, Value* at) {
  Value* wide = b_.CreateZExt(at, b_.getInt64Ty());
  return invariant(type, b_.CreateInBoundsGEP(type, array, wide), 0);
}

Value* LayoutIr::column(Value* row, uint32_t column) { return invariant(b_.getInt64Ty(), row, 8 * uint64_t{column}); }

Value* LayoutIr::steps() { return at_byte(ctx_, offsetof(EvalContext, steps)); }

}  // namespace lictor::native
