// The table of operations, and questions about expressions.
#include "compiler/core.h"

#include <algorithm>

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
  return expr.can_err || std::any_of(expr.args.begin(), expr.args.end(), [](const Expr& arg) { return errs(arg); });
}

}  // namespace lictor
