// The core language: expressions and bodies after checking. Program and Plan share it.
//
// Names are resolved, lets inlined, literals typed, variables numbered. A body's literals stand in canonical order:
// written order, except that a literal which needs a variable not yet bound waits until it is bound (leftmost ready
// literal first). Errors are defined on this order: an error counts where all literals to its left hold. Naive
// evaluation is: walk from left to right. Variables of nested bodies have slots of their own in the same frame.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "compiler/schema.h"

namespace lictor {

enum class Op : uint8_t {
#define LICTOR_OP(id, name, arity, errs, doc) id,
#include "compiler/ops.def"
#undef LICTOR_OP
};

struct OpInfo {
  const char* name;
  int arity;
  bool errs;
  const char* doc;
};
const OpInfo& info(Op op);

struct Expr {
  Op op = Op::kConst;
  TypeId type = kErrorType;
  Span span;
  int64_t n = 0;                          // slot, field, attribute, parameter number
  std::shared_ptr<const Datum> constant;  // kConst
  std::vector<Expr> args;
  bool can_err = false;  // this operation itself (not its operands) can err, by its value ranges
};

/// Does this expression or any operand carry can_err?
bool errs(const Expr& expr);

/// One column of an atom.
struct Arg {
  enum class Mode : uint8_t { kIgnore, kBind, kMatch };
  Mode mode = Mode::kIgnore;
  uint32_t slot = 0;  // kBind
  Expr expr;          // kMatch: evaluated before the atom is read
};

struct Literal;
struct Body {
  std::vector<Literal> literals;  // all must hold; an empty body holds
};

enum class Aggregate : uint8_t { kCount, kSum, kMin, kMax, kAvg, kPercentile, kCollect };

struct Literal {
  enum class Kind : uint8_t {
    kAtom,       // relation, args: a row matches
    kInstance,   // relation = entity index, args[0]: ranges over all known instances
    kTest,       // expr is true
    kLet,        // slot = expr
    kSome,       // slot = expr, where the optional expr is present
    kMember,     // args[0] (and args[1] for maps: key, value; lists: index from 0, element) in expr: set, list or map
    kHierarchy,  // args[0] in args[1], entities, one of them bound here: enumerates members or containers (reflexive)
    kNot,        // bodies[0] has no solution; its new variables are local
    kExists,     // bodies[0] has a solution; its new variables are local
    kForall,     // each solution of bodies[0] has a solution of bodies[1]; all local
    kOr,         // some body holds; slots in `exports` are bound by every body and live on
    kAggregate,  // args[0] = aggregate over distinct tuples `tuple` of bodies[0]; args[0] binds or matches
  };
  Kind kind = Kind::kTest;
  bool hoisted = false;  // no premise of its own: it prepares the literal behind it (a let's or an aggregate's value)
  Span span;
  uint32_t relation = kNoIndex;
  std::vector<Arg> args;
  uint32_t slot = 0;
  Expr expr;
  std::vector<Body> bodies;
  std::vector<uint32_t> exports;
  bool lookup = false;  // kOr: `owner[m]` (check_lookup.cc): an atom of one row at most and its value, or none
  Aggregate aggregate = Aggregate::kCount;
  std::vector<Expr> tuple;     // kAggregate: the first is the value
  int64_t percentile = 0;      // kPercentile: the share as a decimal word (95% = 9500)
  TypeId result = kErrorType;  // kAggregate: the result's type
};
// avg of int and decimal is a decimal (half to even), of duration a duration (half to even). sum is checked and exact:
// it errs only where the exact total does not fit; kAggregate literals with sum or avg carry expr.can_err and expr.span.

struct Variable {
  std::string name;  // "$1" for invented ones
  TypeId type = kErrorType;
  Span span;
};

/// Slots of one rule or clause.
struct Frame {
  std::vector<Variable> variables;
};

}  // namespace lictor
