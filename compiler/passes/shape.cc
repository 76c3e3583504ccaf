#include "compiler/passes/shape.h"

#include <algorithm>

#include "compiler/plan_walk.h"

namespace lictor {
namespace {

/// Equal but for ranges on the outside, as TypeTable::strip_range() would make them.
bool same_open_type(const TypeTable& types, TypeId a, TypeId b) {
  if (a == b) return true;
  const Type& x = types[a];
  const Type& y = types[b];
  if (x.kind != y.kind) return false;
  if (x.kind == TypeKind::kOptional) return same_open_type(types, x.elem, y.elem);
  return x.decl == y.decl && x.elem == y.elem && x.key == y.key && x.members == y.members;
}

class Hasher {
 public:
  explicit Hasher(const Schema& schema) : schema_(schema) {}

  void add(uint64_t value) { hash_ = (hash_ ^ value) * 0x9E3779B97F4A7C15u + (hash_ >> 31); }

  void pipeline(const Pipeline& pipeline) {
    add(pipeline.steps.size());
    for (const Step& step : pipeline.steps) this->step(step);
    for (const Expr& expr : pipeline.emit) this->expr(expr);
  }

  uint64_t hash() const { return hash_; }

 private:
  void step(const Step& step) {
    add(static_cast<uint64_t>(step.op) << 8 ^ (step.negated ? 1 : 0));
    add(uint64_t{step.relation} << 32 ^ step.view);
    add(step.slot);
    for (const Expr& input : step.inputs) expr(input);
    for (const Arg& arg : step.args) {
      add(static_cast<uint64_t>(arg.mode) << 32 ^ arg.slot);
      if (arg.mode == Arg::Mode::kMatch) expr(arg.expr);
    }
    if (uses_expr(step.op)) expr(step.expr);
    for (const Pipeline& body : step.bodies) pipeline(body);
    for (const Expr& part : step.tuple) expr(part);
  }

  void expr(const Expr& expr) {
    add(static_cast<uint64_t>(expr.op));
    if (expr.op != Op::kConst)
      add(static_cast<uint64_t>(expr.n));
    else
      add(is_open(schema_, expr) ? static_cast<uint64_t>(schema_.types.kind(expr.type)) : 99);
    for (const Expr& arg : expr.args) this->expr(arg);
  }

  const Schema& schema_;
  uint64_t hash_ = 0;
};

class Comparer {
 public:
  explicit Comparer(const Schema& schema) : schema_(schema) {}

  bool pipelines(const Pipeline& a, const Pipeline& b) const {
    return all(a.steps, b.steps, [this](const Step& x, const Step& y) { return steps(x, y); }) && lists(a.emit, b.emit);
  }

 private:
  template <class T, class Fn>
  static bool all(const std::vector<T>& a, const std::vector<T>& b, Fn&& same) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), same);
  }

  bool lists(const std::vector<Expr>& a, const std::vector<Expr>& b) const {
    return all(a, b, [this](const Expr& x, const Expr& y) { return exprs(x, y); });
  }

  bool steps(const Step& a, const Step& b) const {
    return a.op == b.op && a.relation == b.relation && a.view == b.view && a.negated == b.negated && a.slot == b.slot &&
           a.delta == b.delta && a.aggregate == b.aggregate && a.percentile == b.percentile &&
           lists(a.inputs, b.inputs) && lists(a.tuple, b.tuple) &&
           all(a.args, b.args, [this](const Arg& x, const Arg& y) { return args(x, y); }) &&
           (!uses_expr(a.op) || exprs(a.expr, b.expr)) &&
           all(a.bodies, b.bodies, [this](const Pipeline& x, const Pipeline& y) { return pipelines(x, y); });
  }

  bool args(const Arg& a, const Arg& b) const {
    return a.mode == b.mode && a.slot == b.slot && (a.mode != Arg::Mode::kMatch || exprs(a.expr, b.expr));
  }

  bool exprs(const Expr& a, const Expr& b) const {
    if (a.op != b.op || !same_open_type(schema_.types, a.type, b.type)) return false;
    if (a.op == Op::kConst) return constants(a, b);
    return a.n == b.n && a.can_err == b.can_err && lists(a.args, b.args);
  }

  bool constants(const Expr& a, const Expr& b) const {
    bool open = is_open(schema_, a);
    if (open != is_open(schema_, b)) return false;
    return open || a.constant == b.constant || *a.constant == *b.constant;
  }

  const Schema& schema_;
};

}  // namespace

bool is_open(const Schema&, const Expr& expr) { return expr.op == Op::kConst && !expr.constant->none; }

uint64_t shape_hash(const Schema& schema, const ClauseGroup& group) {
  Hasher hasher(schema);
  hasher.add(place_of(group));
  hasher.pipeline(group.pipeline);
  return hasher.hash();
}

bool same_shape(const Schema& schema, const ClauseGroup& a, const ClauseGroup& b) {
  return place_of(a) == place_of(b) && a.slots == b.slots && Comparer(schema).pipelines(a.pipeline, b.pipeline);
}

std::vector<const Expr*> open_constants(const Schema& schema, const Pipeline& pipeline) {
  std::vector<const Expr*> out;
  each_plan_root(pipeline, [&](const Expr& root) {
    each_node(root, [&](const Expr& node) {
      if (is_open(schema, node)) out.push_back(&node);
    });
  });
  return out;
}

}  // namespace lictor
