// Expressions: words as i64, conditions as i1. Operands of lazy operations are selects where they are cheap and cannot err,
// branches otherwise. An operation that errs reports and goes where its step's failure does.
#include <algorithm>
#include <set>

#include "compiler/llvm/emit.h"
#include "compiler/llvm/facts_of_types.h"

namespace lictor::native {

using llvm::BasicBlock;
using llvm::Value;

namespace {

constexpr int kCheapNodes = 12;     // of an operand that is evaluated although it may not be needed
constexpr size_t kUnrolledSet = 8;  // elements of a constant set that are compared one by one

/// Nodes of an expression that may be evaluated although nothing asks for it; kCheapNodes + 1 where it may not.
int speculative_cost(const Schema& schema, const Expr& expr) {
  if (expr.can_err) return kCheapNodes + 1;
  switch (expr.op) {
    case Op::kAttr:
      if (brought_by_request(schema, expr)) return kCheapNodes + 1;
      break;
    case Op::kConst:
    case Op::kSlot:
    case Op::kField:
    case Op::kNow:
    case Op::kAdd:
    case Op::kSub:
    case Op::kMul:
    case Op::kNeg:
    case Op::kIntToDec:
    case Op::kSome:
    case Op::kEq:
    case Op::kNe:
    case Op::kLt:
    case Op::kLe:
    case Op::kWithin:
    case Op::kNot:
    case Op::kHas:
    case Op::kIs:
    case Op::kAs:
    case Op::kAnd:
    case Op::kOr:
    case Op::kIf:
    case Op::kCoalesce:
      break;
    default:
      return kCheapNodes + 1;
  }
  int cost = 1;
  for (const Expr& arg : expr.args) {
    cost += speculative_cost(schema, arg);
    if (cost > kCheapNodes) break;
  }
  return cost;
}

bool is_condition(Op op) {
  switch (op) {
    case Op::kEq:
    case Op::kNe:
    case Op::kLt:
    case Op::kLe:
    case Op::kWithin:
    case Op::kNot:
    case Op::kHas:
    case Op::kIs:
    case Op::kAnd:
    case Op::kOr:
    case Op::kInSet:
      return true;
    default:
      return false;
  }
}

}  // namespace

bool FunctionEmitter::is_cheap(const Expr& expr) const { return speculative_cost(plan_.schema, expr) <= kCheapNodes; }

// ---- words ------------------------------------------------------------------------------------------------------------

Value* FunctionEmitter::word(const Expr& expr) {
  if (is_condition(expr.op)) return b_.CreateZExt(truth(expr), b_.getInt64Ty());
  switch (expr.op) {
    case Op::kConst:
      return constant(expr);
    case Op::kSlot:
      return slots_[static_cast<size_t>(expr.n)];
    case Op::kField:
      return layout_.field(static_cast<uint32_t>(expr.n));
    case Op::kNow:
      return layout_.now();
    case Op::kAttr:
      return attribute(expr);
    case Op::kAdd:
    case Op::kSub:
    case Op::kMul:
    case Op::kNeg:
    case Op::kIntToDec:
      return arithmetic(expr);
    case Op::kDiv:
    case Op::kMod:
      return divide(expr);
    case Op::kSome: {
      Value* value = word(expr.args[0]);
      if (expr.can_err) {
        must_be(b_.CreateICmpNE(value, i64(kNoneWord)), i32(static_cast<int>(EvalErrorKind::kOverflow)), expr.span);
      }
      return value;
    }
    case Op::kAs:
      return word(expr.args[0]);
    case Op::kIf:
    case Op::kCoalesce:
      return lazy(expr);
    case Op::kMapGetTotal:
      return expr.args[0].op == Op::kConst ? total_map_get(expr) : operation(expr);
    default:
      return operation(expr);
  }
}

Value* FunctionEmitter::constant(const Expr& expr) {
  const Datum& value = *expr.constant;
  if (value.none) return i64(kNoneWord);
  if (is_immediate(plan_.schema, value)) return i64(value.n);
  return layout_.constant(static_cast<uint32_t>(expr.n));
}

Value* FunctionEmitter::attribute(const Expr& expr) {
  auto number = static_cast<uint32_t>(expr.n);
  if (Value* row = bound_row(expr.args[0], kNoIndex); row != nullptr && !brought_by_request(plan_.schema, expr)) {
    return layout_.attribute_at(entity_of(plan_.schema, expr.args[0].type), number, row);
  }
  Value* entity = word(expr.args[0]);
  uint32_t type = entity_of(plan_.schema, expr.args[0].type);
  // Behind `is` the attribute may be read before the test is made: then it is some value of the column.
  bool may_differ = expr.args[0].op == Op::kAs;
  if (!brought_by_request(plan_.schema, expr)) return layout_.attribute(type, number, entity, may_differ);
  auto brought = [&] { return call(Abi::lictor_attribute, {ctx_, entity, i32(expr.n)}); };
  if (may_differ) return choose(is_of(entity, type), brought, [&] { return i64(kNoneWord); });
  return choose(b_.CreateICmpEQ(entity, i64(kNoneWord)), [&] { return i64(kNoneWord); }, brought);
}

/// The upper half of an entity's word is its type.
Value* FunctionEmitter::is_of(Value* entity, uint32_t type) {
  return b_.CreateICmpEQ(b_.CreateLShr(entity, i64(32)), i64(type));
}

Value* FunctionEmitter::arithmetic(const Expr& expr) {
  Value* a = word(expr.args[0]);
  switch (expr.op) {
    case Op::kNeg:
      return overflow_checked(llvm::Intrinsic::ssub_with_overflow, i64(0), a, expr);
    case Op::kIntToDec:
      return overflow_checked(llvm::Intrinsic::smul_with_overflow, a, i64(kDecimalScale), expr);
    case Op::kAdd:
      return overflow_checked(llvm::Intrinsic::sadd_with_overflow, a, word(expr.args[1]), expr);
    case Op::kSub:
      return overflow_checked(llvm::Intrinsic::ssub_with_overflow, a, word(expr.args[1]), expr);
    default:
      return overflow_checked(llvm::Intrinsic::smul_with_overflow, a, word(expr.args[1]), expr);
  }
}

Value* FunctionEmitter::overflow_checked(llvm::Intrinsic::ID id, Value* a, Value* b, const Expr& expr) {
  if (!expr.can_err) {
    if (id == llvm::Intrinsic::sadd_with_overflow) return b_.CreateAdd(a, b);
    return id == llvm::Intrinsic::ssub_with_overflow ? b_.CreateSub(a, b) : b_.CreateMul(a, b);
  }
  Value* pair = b_.CreateBinaryIntrinsic(id, a, b);
  Value* fits = b_.CreateNot(b_.CreateExtractValue(pair, 1));
  must_be(fits, i32(static_cast<int>(EvalErrorKind::kOverflow)), expr.span);
  return b_.CreateExtractValue(pair, 0);
}

/// The machine traps where the language errs, and also for INT64_MIN mod -1, which is 0.
Value* FunctionEmitter::divide(const Expr& expr) {
  Value* a = word(expr.args[0]);
  Value* b = word(expr.args[1]);
  Value* is_minus_one = b_.CreateICmpEQ(b, i64(-1));
  if (expr.can_err) {
    must_be(b_.CreateICmpNE(b, i64(0)), i32(static_cast<int>(EvalErrorKind::kDivisionByZero)), expr.span);
    if (expr.op == Op::kDiv) {
      Value* overflows = b_.CreateAnd(is_minus_one, b_.CreateICmpEQ(a, i64(INT64_MIN)));
      must_be(b_.CreateNot(overflows), i32(static_cast<int>(EvalErrorKind::kOverflow)), expr.span);
    }
  }
  if (expr.op == Op::kDiv) return b_.CreateSDiv(a, b);
  Value* safe = b_.CreateSelect(is_minus_one, i64(1), b);
  return b_.CreateSRem(a, safe);
}

// ---- operations of the runtime ----------------------------------------------------------------------------------------

Value* FunctionEmitter::operation(const Expr& expr) {
  std::vector<Value*> operands;
  for (const Expr& arg : expr.args) {
    if (expr.op == Op::kText) operands.push_back(i64(arg.type));
    operands.push_back(word(arg));
  }
  int64_t n = expr.n;
  if (expr.op == Op::kSize) n = base_of(plan_.schema, expr.args[0].type).kind == TypeKind::kMap ? 2 : 1;
  Value* result = result_word();
  Value* error = call(Abi::lictor_operation, {ctx_, i32(static_cast<int>(expr.op)), words_in_scratch(operands), result,
                                              i32(static_cast<int64_t>(operands.size())), i64(n)});
  if (expr.can_err) must_be(b_.CreateICmpEQ(error, i32(0)), error, expr.span);
  return b_.CreateLoad(b_.getInt64Ty(), result);
}

/// Sets of immediate words are a switch, which LLVM turns into a test of bits, a search or a jump.
Value* FunctionEmitter::in_inline_set(const Expr& expr) {
  BasicBlock* inside = block("inside");
  BasicBlock* outside = block("outside");
  BasicBlock* join = block("join");
  std::set<int64_t> words;
  for (const Datum& item : expr.args[1].constant->items) words.insert(immediate_word(item));
  llvm::SwitchInst* branch = b_.CreateSwitch(word(expr.args[0]), outside, static_cast<unsigned>(words.size()));
  for (int64_t one : words) branch->addCase(i64(one), inside);
  for (BasicBlock* end : {inside, outside}) {
    go_on(end);
    b_.CreateBr(join);
  }
  go_on(join);
  llvm::PHINode* found = b_.CreatePHI(b_.getInt1Ty(), 2);
  found->addIncoming(b_.getTrue(), inside);
  found->addIncoming(b_.getFalse(), outside);
  return found;
}

/// Small sets that the policy spells out are compared in place; the runtime searches all others.
Value* FunctionEmitter::in_constant_set(const Expr& expr) {
  const Datum& set = *expr.args[1].constant;
  size_t size = set.items.size();
  if (size == 0) return b_.getFalse();
  if (is_inline_collection(plan_.schema, set)) return in_inline_set(expr);
  Value* element = word(expr.args[0]);
  Value* count = nullptr;
  Value* words = layout_.compound_words(word(expr.args[1]), &count);
  auto compare = [&] {
    Value* found = nullptr;
    for (uint32_t i = 0; i < size; ++i) {
      Value* same = b_.CreateICmpEQ(element, layout_.column(words, i));
      found = found == nullptr ? same : b_.CreateOr(found, same);
    }
    return found;
  };
  auto search = [&] {
    Value* result = result_word();
    Value* set = word(expr.args[1]);
    call(Abi::lictor_operation,
         {ctx_, i32(static_cast<int>(Op::kInSet)), words_in_scratch({element, set}), result, i32(2), i64(0)});
    return b_.CreateICmpNE(b_.CreateLoad(b_.getInt64Ty(), result), i64(0));
  };
  return choose(b_.CreateICmpEQ(count, i32(static_cast<int64_t>(size))), compare, search);
}

/// A map of immediate words by ordinal: one value for all, bits of a word, or an array beside the code.
Value* FunctionEmitter::inline_map_get(const Expr& expr) {
  const Datum& map = *expr.args[0].constant;
  Value* key = word(expr.args[1]);
  std::vector<uint64_t> values;
  uint64_t bits = 0;
  bool truths = map.items.size() / 2 <= 64;
  for (size_t i = 1; i < map.items.size(); i += 2) {
    values.push_back(static_cast<uint64_t>(immediate_word(map.items[i])));
    truths = truths && values.back() <= 1;
    if (truths) bits |= values.back() << (i / 2);
  }
  if (std::all_of(values.begin(), values.end(), [&](uint64_t value) { return value == values[0]; })) {
    return b_.getInt64(values[0]);
  }
  if (truths) return b_.CreateAnd(b_.CreateLShr(b_.getInt64(bits), key), i64(1));
  llvm::Constant* array = llvm::ConstantDataArray::get(module_.context(), values);
  auto* table = new llvm::GlobalVariable(module_.module(), array->getType(), true, llvm::GlobalValue::PrivateLinkage,
                                         array, "map");
  return layout_.element(b_.getInt64Ty(), table, key);
}

/// The value of ordinal k stands at words[2 * k + 1].
Value* FunctionEmitter::total_map_get(const Expr& expr) {
  const Datum& map = *expr.args[0].constant;
  bool by_ordinal = is_inline_collection(plan_.schema, map);
  for (size_t i = 0; i < map.items.size(); i += 2) {
    by_ordinal = by_ordinal && immediate_word(map.items[i]) == static_cast<int64_t>(i / 2);
  }
  if (by_ordinal) return inline_map_get(expr);
  Value* count = nullptr;
  Value* words = layout_.compound_words(word(expr.args[0]), &count);
  Value* at = b_.CreateAdd(b_.CreateShl(word(expr.args[1]), i64(1)), i64(1));
  return layout_.element(b_.getInt64Ty(), words, at);
}

// ---- lazy operations --------------------------------------------------------------------------------------------------

Value* FunctionEmitter::choose(Value* condition, const std::function<Value*()>& yes,
                               const std::function<Value*()>& no) {
  BasicBlock* then_block = block("then");
  BasicBlock* else_block = block("else");
  BasicBlock* join = block("join");
  b_.CreateCondBr(condition, then_block, else_block);
  go_on(then_block);
  Value* a = yes();
  BasicBlock* then_end = b_.GetInsertBlock();
  b_.CreateBr(join);
  go_on(else_block);
  Value* b = no();
  BasicBlock* else_end = b_.GetInsertBlock();
  b_.CreateBr(join);
  go_on(join);
  llvm::PHINode* phi = b_.CreatePHI(a->getType(), 2);
  phi->addIncoming(a, then_end);
  phi->addIncoming(b, else_end);
  return phi;
}

Value* FunctionEmitter::lazy(const Expr& expr) {
  if (expr.op == Op::kCoalesce) {
    Value* first = word(expr.args[0]);
    Value* absent = b_.CreateICmpEQ(first, i64(kNoneWord));
    if (is_cheap(expr.args[1])) return b_.CreateSelect(absent, word(expr.args[1]), first);
    return choose(absent, [&] { return word(expr.args[1]); }, [&] { return first; });
  }
  Value* condition = truth(expr.args[0]);
  if (is_cheap(expr.args[1]) && is_cheap(expr.args[2])) {
    Value* yes = word(expr.args[1]);
    return b_.CreateSelect(condition, yes, word(expr.args[2]));
  }
  return choose(condition, [&] { return word(expr.args[1]); }, [&] { return word(expr.args[2]); });
}

Value* FunctionEmitter::lazy_truth(const Expr& expr) {
  Value* first = truth(expr.args[0]);
  bool both = expr.op == Op::kAnd;
  if (is_cheap(expr.args[1])) {
    Value* second = truth(expr.args[1]);
    return both ? b_.CreateLogicalAnd(first, second) : b_.CreateLogicalOr(first, second);
  }
  auto second = [&] { return truth(expr.args[1]); };
  if (both) return choose(first, second, [&]() -> Value* { return b_.getFalse(); });
  return choose(first, [&]() -> Value* { return b_.getTrue(); }, second);
}

// ---- conditions -------------------------------------------------------------------------------------------------------

Value* FunctionEmitter::truth(const Expr& expr) {
  auto compare = [&](llvm::CmpInst::Predicate predicate) {
    Value* a = word(expr.args[0]);
    return b_.CreateICmp(predicate, a, word(expr.args[1]));
  };
  switch (expr.op) {
    case Op::kEq:
      return compare(llvm::CmpInst::ICMP_EQ);
    case Op::kNe:
      return compare(llvm::CmpInst::ICMP_NE);
    case Op::kLt:
      return compare(llvm::CmpInst::ICMP_SLT);
    case Op::kLe:
      return compare(llvm::CmpInst::ICMP_SLE);
    case Op::kNot:
      return b_.CreateNot(truth(expr.args[0]));
    case Op::kHas:
      return b_.CreateICmpNE(word(expr.args[0]), i64(kNoneWord));
    case Op::kWithin: {  // an unsigned difference is exact where the time is not after now
      Value* time = word(expr.args[0]);
      Value* now = word(expr.args[1]);
      Value* window = word(expr.args[2]);
      Value* past = b_.CreateAnd(b_.CreateICmpSLE(time, now), b_.CreateICmpSGT(window, i64(0)));
      return b_.CreateAnd(past, b_.CreateICmpULT(b_.CreateSub(now, time), window));
    }
    case Op::kIs:
      return is_of(word(expr.args[0]), static_cast<uint32_t>(expr.n));
    case Op::kAnd:
    case Op::kOr:
      return lazy_truth(expr);
    case Op::kInSet:
      if (expr.args[1].op == Op::kConst && (expr.args[1].constant->items.size() <= kUnrolledSet ||
                                            is_inline_collection(plan_.schema, *expr.args[1].constant))) {
        return in_constant_set(expr);
      }
      return b_.CreateICmpNE(operation(expr), i64(0));
    default:
      return b_.CreateICmpNE(word(expr), i64(0));
  }
}

void FunctionEmitter::require(const Expr& expr) {
  if (expr.op != Op::kAnd) return unless(truth(expr));
  require(expr.args[0]);
  require(expr.args[1]);
}

// ---- errors -----------------------------------------------------------------------------------------------------------

void FunctionEmitter::must_be(Value* condition, Value* kind, Span span) {
  BasicBlock* error = block("error");
  BasicBlock* fine = block("fine");
  b_.CreateCondBr(condition, fine, error);
  go_on(error);
  call(Abi::lictor_fail, {ctx_, kind, i32(span.file), i32(span.begin), i32(span.end)});
  b_.CreateBr(fail_);
  go_on(fine);
}

}  // namespace lictor::native
