// The order of steps. Literals between two places that can err may change places freely as far as errors go; what each
// needs bound must stand to its left, and arithmetic stays behind all that stood to its left, because a guard there may be
// the reason why it cannot err.
//
//   may(u, d) :- member(u, g), grant(g, d).      asked for one d: grant first, by d; then member, by g
//
// The choice is greedy: tests that are ready, then look-ups that find at most one row, then tests that search, then
// look-ups by some column, and only then a whole relation; among equals, as written.
#include <algorithm>

#include "compiler/core_walk.h"
#include "compiler/lower_internal.h"
#include "compiler/plan_walk.h"

namespace lictor {
namespace {

constexpr size_t kMostReordered = 200;  // the choice is quadratic: longer bodies stay as they are written
constexpr size_t kMostBodies = 8;       // ways through the `or`s of one rule

void split_test(const Literal& literal, const Expr& test, std::vector<Item>& out) {
  if (test.op != Op::kAnd) {
    out.push_back({&literal, &test});
    return;
  }
  for (const Expr& arg : test.args) split_test(literal, arg, out);
}

struct Needs {
  std::vector<uint32_t> hard;  // slots that must be bound before
  std::vector<uint32_t> binds;
  bool barrier = false;  // can err
  bool guarded = false;
  bool done = false;
};

class Order {
 public:
  Order(const Body& body, const OrderContext& context) : context_(context), bound_(context.bound) {
    for (const Literal& literal : body.literals) {
      if (literal.kind == Literal::Kind::kTest) {
        split_test(literal, literal.expr, items_);
      } else {
        items_.push_back({&literal, nullptr});
      }
    }
  }

  std::vector<Item> run() {
    bool tests = std::all_of(items_.begin(), items_.end(), [](const Item& item) { return item.test != nullptr; });
    if (items_.size() < 2 || tests || items_.size() > kMostReordered) return std::move(items_);
    describe();
    for (size_t begin = 0; begin < items_.size();) {
      size_t end = begin;
      while (end < items_.size() && !needs_[end].barrier) ++end;
      segment(begin, end);
      if (end < items_.size()) take(end++);
      begin = end;
    }
    return std::move(out_);
  }

 private:
  void describe() {
    needs_.resize(items_.size());
    for (size_t i = 0; i < items_.size(); ++i) describe_binds(*items_[i].literal, needs_[i]);
    for (const Needs& needs : needs_) {
      for (uint32_t slot : needs.binds) {
        if (slot >= level_.size()) level_.resize(slot + 1);
        level_[slot] = true;
      }
    }
    for (size_t i = 0; i < items_.size(); ++i) describe_reads(items_[i], needs_[i]);
  }

  static void describe_binds(const Literal& literal, Needs& needs) {
    for (const Arg& arg : literal.args) {
      if (arg.mode == Arg::Mode::kBind) needs.binds.push_back(arg.slot);
    }
    if (literal.kind == Literal::Kind::kLet || literal.kind == Literal::Kind::kSome)
      needs.binds.push_back(literal.slot);
    for (uint32_t slot : literal.exports) needs.binds.push_back(slot);
  }

  void describe_reads(const Item& item, Needs& needs) {
    if (item.test != nullptr) return read(*item.test, needs);
    const Literal& literal = *item.literal;
    if (literal.kind == Literal::Kind::kAtom) {
      needs.barrier = context_.plan.erring[literal.relation];
      for (const Arg& arg : literal.args) {
        if (arg.mode == Arg::Mode::kMatch && arg.expr.op != Op::kSlot) read(arg.expr, needs);
      }
      return;
    }
    each_root(literal, [&](const Expr& expr) { read(expr, needs); });
    read_nested(literal, needs);
    needs.barrier = needs.barrier || (literal.kind == Literal::Kind::kAggregate && literal.expr.can_err);
  }

  /// Inside nested bodies a variable of this level may also stand where it would be bound.
  void read_nested(const Literal& literal, Needs& needs) {
    for (const Body& body : literal.bodies) {
      each_literal_in(body, [&](const Literal& inner) {
        needs.barrier = needs.barrier || (inner.kind == Literal::Kind::kAggregate && inner.expr.can_err) ||
                        (inner.kind == Literal::Kind::kAtom && context_.plan.erring[inner.relation]);
      });
    }
  }

  void read(const Expr& expr, Needs& needs) {
    each_node(expr, [&](const Expr& node) {
      needs.barrier = needs.barrier || node.can_err;
      if (node.op != Op::kSlot) return;
      auto slot = static_cast<uint32_t>(node.n);
      bool of_level = slot < level_.size() && level_[slot];
      bool own = std::find(needs.binds.begin(), needs.binds.end(), slot) != needs.binds.end();
      if (of_level && !own) needs.hard.push_back(slot);
    });
    needs.guarded = needs.guarded || is_guarded(expr);
  }

  bool is_bound(uint32_t slot) const { return slot < bound_.size() && bound_[slot]; }

  void take(size_t i) {
    out_.push_back(items_[i]);
    needs_[i].done = true;
    for (uint32_t slot : needs_[i].binds) {
      if (slot >= bound_.size()) bound_.resize(slot + 1);
      bound_[slot] = true;
    }
    // an atom whose matched variable is bound further right binds it
    if (items_[i].literal->kind != Literal::Kind::kAtom) return;
    for (const Arg& arg : items_[i].literal->args) {
      if (arg.mode != Arg::Mode::kMatch || arg.expr.op != Op::kSlot) continue;
      auto slot = static_cast<uint32_t>(arg.expr.n);
      if (slot >= bound_.size()) bound_.resize(slot + 1);
      bound_[slot] = true;
    }
  }

  void segment(size_t begin, size_t end) {
    if (begin == 0) take_first(end);
    for (size_t left = open(begin, end); left > 0; --left) take(best(begin, end));
  }

  size_t open(size_t begin, size_t end) const {
    size_t count = 0;
    for (size_t i = begin; i < end; ++i) count += needs_[i].done ? 0 : 1;
    return count;
  }

  void take_first(size_t end) {
    for (size_t i = 0; i < end; ++i) {
      if (items_[i].literal == context_.first && !needs_[i].guarded) return take(i);
    }
  }

  size_t best(size_t begin, size_t end) const {
    size_t found = end;
    int least = INT32_MAX;
    bool earlier_open = false;
    for (size_t i = begin; i < end; ++i) {
      if (needs_[i].done) continue;
      bool ready = std::all_of(needs_[i].hard.begin(), needs_[i].hard.end(), [&](uint32_t s) { return is_bound(s); });
      if (ready && !(needs_[i].guarded && earlier_open)) {
        int cost = cost_of(items_[i]);
        if (cost < least) {
          least = cost;
          found = i;
        }
      }
      earlier_open = true;
    }
    return found;  // INVARIANT: canonical order is possible, so the leftmost open item is always ready
  }

  int cost_of(const Item& item) const {
    const Literal& literal = *item.literal;
    switch (literal.kind) {
      case Literal::Kind::kTest:
      case Literal::Kind::kLet:
      case Literal::Kind::kSome:
        return 0;
      case Literal::Kind::kAtom:
        return cost_of_atom(literal);
      case Literal::Kind::kInstance:
        return matches(literal.args[0]) ? 1 : 4;
      case Literal::Kind::kNot:
      case Literal::Kind::kExists:
      case Literal::Kind::kForall:
      case Literal::Kind::kAggregate:
        return 2;
      case Literal::Kind::kOr:
        return literal.lookup ? 1 : literal.exports.empty() ? 2 : 3;
      case Literal::Kind::kMember:
      case Literal::Kind::kHierarchy:
        return 3;
    }
    return 4;
  }

  bool matches(const Arg& arg) const {
    if (arg.mode == Arg::Mode::kBind) return is_bound(arg.slot);
    if (arg.mode == Arg::Mode::kIgnore) return false;
    return arg.expr.op != Op::kSlot || is_bound(static_cast<uint32_t>(arg.expr.n)) ||
           static_cast<size_t>(arg.expr.n) >= level_.size() || !level_[static_cast<size_t>(arg.expr.n)];
  }

  int cost_of_atom(const Literal& literal) const {
    std::vector<uint32_t> columns;
    for (uint32_t i = 0; i < literal.args.size(); ++i) {
      if (matches(literal.args[i])) columns.push_back(i);
    }
    if (is_unique(context_.plan.schema.relations[literal.relation], columns)) return 1;
    return columns.empty() ? 4 : 3;
  }

  const OrderContext& context_;
  std::vector<bool> bound_;
  std::vector<bool> level_;  // by slot: bound by some item of this body
  std::vector<Item> items_;
  std::vector<Needs> needs_;
  std::vector<Item> out_;
};

bool expandable(const Literal& literal) {
  return literal.kind == Literal::Kind::kOr && !literal.exports.empty() && !literal.lookup;
}

size_t ways(const Body& body) {
  size_t product = 1;
  for (const Literal& literal : body.literals) {
    if (!expandable(literal)) continue;
    size_t sum = 0;
    for (const Body& inner : literal.bodies) sum = std::min(sum + ways(inner), kMostBodies + 1);
    product = std::min(product * sum, kMostBodies + 1);
  }
  return product;
}

void expand(const Body& body, size_t from, Body prefix, std::vector<Body>& out) {
  for (size_t i = from; i < body.literals.size(); ++i) {
    if (!expandable(body.literals[i])) {
      prefix.literals.push_back(body.literals[i]);
      continue;
    }
    for (const Body& alternative : body.literals[i].bodies) {
      std::vector<Body> inner;
      expand(alternative, 0, prefix, inner);
      for (Body& begun : inner) expand(body, i + 1, std::move(begun), out);
    }
    return;
  }
  out.push_back(std::move(prefix));
}

}  // namespace

std::vector<Item> order_items(const Body& body, const OrderContext& context) { return Order(body, context).run(); }

std::span<const Body> expand_ors(const Body& body, std::vector<Body>& storage) {
  bool any = std::any_of(body.literals.begin(), body.literals.end(), expandable);
  if (!any || ways(body) > kMostBodies) return {&body, 1};
  expand(body, 0, {}, storage);
  return storage;
}

}  // namespace lictor
