// The table of operations, and questions about expressions.
#include "compiler/core.h"

namespace lictor {
namespace {

constexpr OpInfo kOps[] = {
#define LICTOR_OP(id, name, arity, errs, doc) OpInfo{name, arity, errs, doc},
#include "compiler/ops.def"
#undef LICTOR_OP
};

}  // namespace

const OpInfo& info(Op op) { return kOps[static_cast<size_t>(op)]; }

bool errs(const Expr& expr) {
  if (expr.can_err) return true;
  for (const Expr& arg : expr.args) {
    if (errs(arg)) return true;
  }
  return false;
}

}  // namespace lictor
