#include "compiler/builtins.h"

namespace lictor {

const std::vector<Builtin>& builtins() {
  static const std::vector<Builtin> kTable{
      {"size", {TypeKind::kSet}, kIntType, Op::kSize, "number of elements"},
      {"size", {TypeKind::kList}, kIntType, Op::kSize, "number of elements"},
      {"size", {TypeKind::kMap}, kIntType, Op::kSize, "number of keys"},
      {"size", {TypeKind::kString}, kIntType, Op::kTextSize, "length in UTF-8 bytes"},
      {"starts_with", {TypeKind::kString, TypeKind::kString}, kBoolType, Op::kStartsWith, "does it begin so"},
      {"ends_with", {TypeKind::kString, TypeKind::kString}, kBoolType, Op::kEndsWith, "does it end so"},
      {"contains", {TypeKind::kString, TypeKind::kString}, kBoolType, Op::kContains, "does it hold the other text"},
      {"decimal", {TypeKind::kInt}, kDecimalType, Op::kIntToDec, "the same number; errs where it does not fit"},
      {"int", {TypeKind::kDecimal}, kIntType, Op::kDecToInt, "the same number; errs where it is not whole"},
  };
  return kTable;
}

}  // namespace lictor
