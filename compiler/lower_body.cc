// Bodies to steps. Every literal becomes one step or a few, in the order that lower_order.cc chooses.
#include <algorithm>
#include <cassert>

#include "compiler/core_walk.h"
#include "compiler/lower_internal.h"
#include "compiler/plan_walk.h"

namespace lictor {
namespace {

Step step_of(StepOp op, Span span) {
  Step step;
  step.op = op;
  step.span = span;
  return step;
}

bool binds_nothing(const Step& step) {
  return std::none_of(step.args.begin(), step.args.end(), [](const Arg& a) { return a.mode == Arg::Mode::kBind; });
}

/// A search whose rows leave nothing behind: one solution is enough.
Step any_of_step(Step step) {
  Step any = step_of(StepOp::kAny, step.span);
  any.bodies.emplace_back();
  any.bodies[0].steps.push_back(std::move(step));
  return any;
}

Op membership_op(TypeKind collection) {
  if (collection == TypeKind::kSet) return Op::kInSet;
  return collection == TypeKind::kList ? Op::kInList : Op::kInMap;
}

Expr test_of(Op op, Expr a, Expr b, Span span) {
  Expr expr = equal_expr(std::move(a), std::move(b), span);
  expr.op = op;
  return expr;
}

}  // namespace

uint32_t SlotSpace::add(TypeId type, std::string name) {
  types.push_back(type);
  names.push_back(std::move(name));
  return static_cast<uint32_t>(types.size() - 1);
}

BodyLowerer::BodyLowerer(ViewTable& views, const Frame& source, SlotSpace& frame, bool mapped, const Literal* delta)
    : views_(views), source_(source), frame_(frame), delta_(delta), mapped_(mapped) {
  if (mapped_) map_.assign(source.variables.size(), kNoIndex);
}

void BodyLowerer::bind_outside(uint32_t source_slot, uint32_t frame_slot) {
  if (mapped_) map_[source_slot] = frame_slot;
  set_bound(frame_slot);
}

bool BodyLowerer::is_bound_outside(uint32_t source_slot) const {
  return mapped_ ? map_[source_slot] != kNoIndex : is_bound(source_slot);
}

uint32_t BodyLowerer::slot(uint32_t source_slot) {
  if (!mapped_) return source_slot;
  uint32_t& mapped = map_[source_slot];
  if (mapped == kNoIndex) {
    const Variable& variable = source_.variables[source_slot];
    mapped = frame_.add(variable.type, variable.name);
  }
  return mapped;
}

void BodyLowerer::set_bound(uint32_t frame_slot) {
  if (frame_slot >= bound_.size()) bound_.resize(std::max<size_t>(frame_slot + 1, frame_.types.size()));
  bound_[frame_slot] = true;
}

bool BodyLowerer::all_bound(const Expr& expr) const {
  return !any_node(expr, [&](const Expr& e) { return e.op == Op::kSlot && !is_bound(static_cast<uint32_t>(e.n)); });
}

std::vector<bool> BodyLowerer::bound_at_source() const {
  if (!mapped_) return bound_;
  std::vector<bool> bound(map_.size());
  for (size_t i = 0; i < map_.size(); ++i) bound[i] = map_[i] != kNoIndex && is_bound(map_[i]);
  return bound;
}

uint32_t BodyLowerer::fresh(TypeId type) { return frame_.add(type, "$" + std::to_string(frame_.types.size())); }

Expr BodyLowerer::expr(const Expr& source) {
  Expr copy = source;
  if (mapped_) {
    each_node(copy, [&](Expr& node) {
      if (node.op == Op::kSlot) node.n = slot(static_cast<uint32_t>(node.n));
    });
  }
  return copy;
}

void BodyLowerer::flush(std::vector<Step>& out) {
  for (size_t i = 0; i < pending_.size();) {
    if (!all_bound(pending_[i])) {
      ++i;
      continue;
    }
    Span span = pending_[i].span;
    out.push_back(filter_step(std::move(pending_[i]), span));
    pending_.erase(pending_.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

void BodyLowerer::lower(const Body& body, std::vector<Step>& out) {
  flush(out);
  std::vector<bool> bound = bound_at_source();
  std::vector<Item> items = order_items(body, {views_.plan(), bound, delta_});
  out.reserve(out.size() + items.size());
  for (const Item& item : items) {
    lower_item(item, out);
    flush(out);
  }
  assert(pending_.empty() && "INVARIANT: a body binds every slot that its tests read");
}

Pipeline BodyLowerer::nested(const Body& body) {
  Pipeline pipeline;
  std::vector<bool> outside = bound_;
  std::vector<Expr> waiting = std::move(pending_);
  pending_.clear();
  lower(body, pipeline.steps);
  pending_ = std::move(waiting);
  bound_ = std::move(outside);
  return pipeline;
}

/// A delta of one alternative needs no other: what those find was found before.
bool BodyLowerer::leads_to_delta(const std::vector<Body>& bodies, const Body& body) const {
  auto has_delta = [&](const Body& of) {
    bool found = false;
    each_literal_in(of, [&](const Literal& literal) { found = found || &literal == delta_; });
    return found;
  };
  if (delta_ == nullptr || std::none_of(bodies.begin(), bodies.end(), has_delta)) return true;
  return has_delta(body);
}

std::vector<Pipeline> BodyLowerer::alternatives(const std::vector<Body>& bodies) {
  std::vector<Pipeline> out;
  for (const Body& body : bodies) {
    if (leads_to_delta(bodies, body)) out.push_back(nested(body));
  }
  return out;
}

/// The argument that takes or tests `frame_slot`; `now` are the slots that the same literal binds.
Arg BodyLowerer::place(uint32_t frame_slot, Span span, std::vector<uint32_t>& now) {
  Arg arg;
  TypeId type = frame_.types[frame_slot];
  if (is_bound(frame_slot)) {
    arg.mode = Arg::Mode::kMatch;
    arg.expr = slot_expr(frame_slot, type, span);
    return arg;
  }
  arg.mode = Arg::Mode::kBind;
  arg.slot = frame_slot;
  if (std::find(now.begin(), now.end(), frame_slot) != now.end()) {
    arg.slot = fresh(type);
    test_when_bound(equal_expr(slot_expr(arg.slot, type, span), slot_expr(frame_slot, type, span), span));
  }
  now.push_back(arg.slot);
  return arg;
}

std::vector<Arg> BodyLowerer::arguments(const std::vector<Arg>& source) {
  std::vector<Arg> out;
  std::vector<uint32_t> now;
  out.reserve(source.size());
  for (const Arg& arg : source) {
    if (arg.mode == Arg::Mode::kIgnore) {
      out.push_back({});
    } else if (arg.mode == Arg::Mode::kBind) {
      out.push_back(place(slot(arg.slot), arg.expr.span, now));
    } else {
      Expr wanted = expr(arg.expr);
      if (wanted.op == Op::kSlot) {
        out.push_back(place(static_cast<uint32_t>(wanted.n), wanted.span, now));
      } else if (all_bound(wanted)) {
        out.push_back({Arg::Mode::kMatch, 0, std::move(wanted)});
      } else {
        Span span = wanted.span;
        uint32_t taken = fresh(wanted.type);
        test_when_bound(equal_expr(slot_expr(taken, wanted.type, span), std::move(wanted), span));
        now.push_back(taken);
        out.push_back({Arg::Mode::kBind, taken, {}});
      }
    }
  }
  for (uint32_t bound : now) set_bound(bound);
  return out;
}

void BodyLowerer::lower_item(const Item& item, std::vector<Step>& out) {
  const Literal& literal = *item.literal;
  switch (literal.kind) {
    case Literal::Kind::kAtom:
      return lower_atom(literal, out);
    case Literal::Kind::kInstance:
      return lower_instance(literal, out);
    case Literal::Kind::kTest:
      out.push_back(filter_step(expr(*item.test), item.test->span));
      return;
    case Literal::Kind::kLet:
      return lower_let(literal, out);
    case Literal::Kind::kSome:
      return lower_some(literal, out);
    case Literal::Kind::kMember:
      return lower_member(literal, out);
    case Literal::Kind::kHierarchy:
      return lower_hierarchy(literal, out);
    case Literal::Kind::kNot:
      return lower_any(literal, true, out);
    case Literal::Kind::kExists:
      return lower_any(literal, false, out);
    case Literal::Kind::kForall:
      return lower_forall(literal, out);
    case Literal::Kind::kOr:
      return lower_or(literal, out);
    case Literal::Kind::kAggregate:
      return lower_aggregate(literal, out);
  }
}

Step BodyLowerer::call_step(const Literal& literal, std::vector<Arg> args) {
  Step step = step_of(StepOp::kCall, literal.span);
  std::string pattern;
  for (Arg& arg : args) {
    pattern += arg.mode == Arg::Mode::kMatch ? 'b' : arg.mode == Arg::Mode::kBind ? 'f' : '_';
    if (arg.mode == Arg::Mode::kMatch)
      step.inputs.push_back(std::move(arg.expr));
    else if (arg.mode == Arg::Mode::kBind)
      step.args.push_back(std::move(arg));
  }
  step.view = views_.view_of(literal.relation, pattern);
  return step;
}

void BodyLowerer::lower_atom(const Literal& literal, std::vector<Step>& out) {
  std::vector<Arg> args = arguments(literal.args);
  if (views_.is_view(literal.relation)) {
    Step step = call_step(literal, std::move(args));
    out.push_back(binds_nothing(step) ? any_of_step(std::move(step)) : std::move(step));
    return;
  }
  Step step = step_of(StepOp::kScan, literal.span);
  step.relation = literal.relation;
  step.args = std::move(args);
  step.delta = &literal == delta_;
  const Plan& plan = views_.plan();
  bool once = step.delta || plan.erring[step.relation] || is_single(plan, step) || !binds_nothing(step);
  out.push_back(once ? std::move(step) : any_of_step(std::move(step)));
}

void BodyLowerer::lower_instance(const Literal& literal, std::vector<Step>& out) {
  Step step = step_of(StepOp::kInstances, literal.span);
  step.relation = literal.relation;
  step.args = arguments(literal.args);
  out.push_back(std::move(step));
}

void BodyLowerer::lower_let(const Literal& literal, std::vector<Step>& out) {
  Expr value = expr(literal.expr);
  uint32_t to = slot(literal.slot);
  if (is_bound(to)) {
    Expr held = slot_expr(to, frame_.types[to], literal.span);
    out.push_back(filter_step(equal_expr(std::move(held), std::move(value), literal.span), literal.span));
    return;
  }
  out.push_back(let_step(to, std::move(value), literal.span));
  set_bound(to);
}

/// A step that gives a variable its value: one that is bound already is compared with it instead.
void BodyLowerer::bind_or_test(Step step, uint32_t to, Span span, std::vector<Step>& out) {
  bool tested = is_bound(to);
  step.slot = tested ? fresh(frame_.types[to]) : to;
  Expr found = slot_expr(step.slot, frame_.types[to], span);
  set_bound(step.slot);
  out.push_back(std::move(step));
  if (!tested) return;
  Expr held = slot_expr(to, frame_.types[to], span);
  out.push_back(filter_step(equal_expr(std::move(held), std::move(found), span), span));
}

void BodyLowerer::lower_some(const Literal& literal, std::vector<Step>& out) {
  Step step = step_of(StepOp::kSome, literal.span);
  step.expr = expr(literal.expr);
  bind_or_test(std::move(step), slot(literal.slot), literal.span, out);
}

void BodyLowerer::lower_member(const Literal& literal, std::vector<Step>& out) {
  Expr collection = expr(literal.expr);
  std::vector<Arg> args = arguments(literal.args);
  TypeKind kind = views_.plan().schema.types.kind(collection.type);
  if (args.size() == 1 && args[0].mode == Arg::Mode::kMatch) {
    Expr test = test_of(membership_op(kind), std::move(args[0].expr), std::move(collection), literal.span);
    out.push_back(filter_step(std::move(test), literal.span));
    return;
  }
  Step step = step_of(StepOp::kMember, literal.span);
  step.expr = std::move(collection);
  step.args = std::move(args);
  out.push_back(std::move(step));
}

void BodyLowerer::lower_hierarchy(const Literal& literal, std::vector<Step>& out) {
  bool members = literal.args[0].mode != Arg::Mode::kMatch;  // x in G: x is looked for
  Expr known = expr(literal.args[members ? 1 : 0].expr);
  Arg sought = arguments({literal.args[members ? 0 : 1]})[0];
  if (sought.mode == Arg::Mode::kMatch) {
    Expr test = members ? test_of(Op::kInEntity, std::move(sought.expr), std::move(known), literal.span)
                        : test_of(Op::kInEntity, std::move(known), std::move(sought.expr), literal.span);
    out.push_back(filter_step(std::move(test), literal.span));
    return;
  }
  const TypeTable& types = views_.plan().schema.types;
  TypeId type = sought.mode == Arg::Mode::kBind ? frame_.types[sought.slot] : known.type;
  if (types.kind(type) == TypeKind::kOptional) type = types[type].elem;
  Step step = step_of(members ? StepOp::kMembers : StepOp::kContainers, literal.span);
  step.relation = types[type].decl;
  step.expr = std::move(known);
  step.args.push_back(std::move(sought));
  out.push_back(std::move(step));
}

void BodyLowerer::lower_any(const Literal& literal, bool negated, std::vector<Step>& out) {
  Step step = step_of(StepOp::kAny, literal.span);
  step.negated = negated;
  step.bodies = alternatives(literal.bodies);
  out.push_back(std::move(step));
}

/// No solution of the first body without a solution of the second.
void BodyLowerer::lower_forall(const Literal& literal, std::vector<Step>& out) {
  Step step = step_of(StepOp::kAny, literal.span);
  step.negated = true;
  step.bodies.emplace_back();
  std::vector<bool> outside = bound_;
  std::vector<Expr> waiting = std::move(pending_);
  pending_.clear();
  lower(literal.bodies[0], step.bodies[0].steps);
  Step inner = step_of(StepOp::kAny, literal.span);
  inner.negated = true;
  inner.bodies.push_back(nested(literal.bodies[1]));
  step.bodies[0].steps.push_back(std::move(inner));
  pending_ = std::move(waiting);
  bound_ = std::move(outside);
  out.push_back(std::move(step));
}

/// The value of the row with a key, or none: what stands before the last literal of the first body finds the row.
void BodyLowerer::lower_lookup(const Literal& literal, std::vector<Step>& out) {
  Step step = step_of(StepOp::kLookup, literal.span);
  Body row = literal.bodies[0];
  Expr value = std::move(row.literals.back().expr);
  row.literals.pop_back();
  step.bodies.push_back(nested(row));
  step.tuple.push_back(expr(value));
  bind_or_test(std::move(step), slot(literal.exports[0]), literal.span, out);
}

void BodyLowerer::lower_or(const Literal& literal, std::vector<Step>& out) {
  bool errs = literal.lookup && views_.plan().erring[literal.bodies[0].literals[0].relation];
  if (literal.lookup && !errs) return lower_lookup(literal, out);  // what errs may have more rows of a key than one
  std::vector<uint32_t> open;
  for (uint32_t exported : literal.exports) {
    if (!is_bound(slot(exported))) open.push_back(exported);
  }
  if (open.empty()) return lower_any(literal, false, out);
  lower_or_view(literal, open, out);
}

/// Source slots that the alternatives use and that are bound outside, in order of first use.
std::vector<uint32_t> BodyLowerer::inputs_of(const Literal& literal) {
  std::vector<uint32_t> inputs;
  std::vector<bool> seen(source_.variables.size());
  auto use = [&](uint32_t source_slot) {
    if (seen[source_slot] || (mapped_ && map_[source_slot] == kNoIndex) || !is_bound(slot(source_slot))) return;
    seen[source_slot] = true;
    inputs.push_back(source_slot);
  };
  for (const Body& body : literal.bodies) {
    each_literal_in(body, [&](const Literal& inner) {
      for (const Arg& arg : inner.args) {
        if (arg.mode == Arg::Mode::kBind) use(arg.slot);
      }
      if (inner.kind == Literal::Kind::kLet || inner.kind == Literal::Kind::kSome) use(inner.slot);
      for (uint32_t exported : inner.exports) use(exported);
    });
    each_root_in(body, [&](const Expr& root) {
      each_node(root, [&](const Expr& node) {
        if (node.op == Op::kSlot) use(static_cast<uint32_t>(node.n));
      });
    });
  }
  return inputs;
}

void BodyLowerer::lower_or_view(const Literal& literal, const std::vector<uint32_t>& exports, std::vector<Step>& out) {
  Step call = step_of(StepOp::kCall, literal.span);
  call.view = views_.add_anonymous();
  View view;
  view.name = "$or" + std::to_string(call.view);
  view.outputs = static_cast<uint32_t>(exports.size());
  SlotSpace space;
  space.request = view.request = frame_.request;
  std::vector<uint32_t> inputs = inputs_of(literal);
  view.inputs = static_cast<uint32_t>(inputs.size());
  for (uint32_t input : inputs) {
    uint32_t held = slot(input);
    call.inputs.push_back(slot_expr(held, frame_.types[held], literal.span));
    space.add(frame_.types[held], frame_.names[held]);
  }
  for (const Body& body : literal.bodies) {
    if (!leads_to_delta(literal.bodies, body)) continue;
    BodyLowerer inner(views_, source_, space, true, delta_);
    for (uint32_t i = 0; i < inputs.size(); ++i) inner.bind_outside(inputs[i], i);
    Pipeline& alternative = view.alternatives.emplace_back();
    inner.lower(body, alternative.steps);
    for (uint32_t exported : exports) {
      uint32_t from = inner.slot(exported);
      alternative.emit.push_back(slot_expr(from, space.types[from], literal.span));
    }
    alternative.can_err = can_err(views_.plan(), alternative);
  }
  view.slots = static_cast<uint32_t>(space.types.size());
  view.slot_types = std::move(space.types);
  view.slot_names = std::move(space.names);
  views_.plan().views[call.view] = std::move(view);
  std::vector<uint32_t> now;
  for (uint32_t exported : exports) call.args.push_back(place(slot(exported), literal.span, now));
  for (uint32_t bound : now) set_bound(bound);
  out.push_back(std::move(call));
}

void BodyLowerer::lower_aggregate(const Literal& literal, std::vector<Step>& out) {
  Step step = step_of(StepOp::kAggregate, literal.span);
  step.bodies.push_back(nested(literal.bodies[0]));
  for (const Expr& part : literal.tuple) step.tuple.push_back(expr(part));
  step.aggregate = literal.aggregate;
  step.percentile = literal.percentile;
  step.expr.type = literal.result;
  step.expr.span = literal.expr.span.valid() ? literal.expr.span : literal.span;
  step.can_err = literal.expr.can_err;
  step.args = arguments(literal.args);
  out.push_back(std::move(step));
}

}  // namespace lictor
