// Steps: what does not hold jumps to the scope's `fail`; a looping step makes its `next` instruction the new `fail`.
#include "runtime/code_builder.h"

#include <algorithm>
#include <cassert>

#include "compiler/plan_walk.h"
#include "runtime/values.h"

namespace lictor {
namespace {

bool mentions_slot(const Expr& expr, const std::vector<uint32_t>& slots) {
  if (expr.op == Op::kSlot) return std::find(slots.begin(), slots.end(), static_cast<uint32_t>(expr.n)) != slots.end();
  return std::any_of(expr.args.begin(), expr.args.end(), [&](const Expr& arg) { return mentions_slot(arg, slots); });
}

}  // namespace

CodeBuilder::CodeBuilder(const Plan& plan, uint32_t slots, LiveRelations* live, const DecisionPlan* decision)
    : plan_(plan), schema_(plan.schema), live_(live), decision_(decision) {
  code_.frame = slots;
}

std::optional<Code> CodeBuilder::build(const Pipeline& whole) {
  Scope scope;
  scope.fail = label();
  Label end = scope.fail;
  pipeline(whole, scope, [&](Scope& inner) {
    std::vector<Operand> words;
    for (const Expr& value : whole.emit) words.push_back(expr(value, inner));
    uint32_t first = put(words);
    Instr& instr = add(Vm::kEmit);
    instr.a = first;
    instr.n = static_cast<uint16_t>(words.size());
    instr.target = inner.fail;
  });
  bind(end);
  add(Vm::kHalt);
  if (code_.instrs.size() >= kMostInstructions) return std::nullopt;
  for (Instr& instr : code_.instrs) instr.target = labels_[instr.target];
  code_.emits = static_cast<uint32_t>(whole.emit.size());
  return std::move(code_);
}

// ---- Parts ----------------------------------------------------------------------------------------------------------

Instr& CodeBuilder::add(Vm op) {
  code_.instrs.emplace_back();
  code_.instrs.back().op = op;
  return code_.instrs.back();
}

uint32_t CodeBuilder::take(uint32_t words) {
  uint32_t first = code_.frame;
  code_.frame += words;
  return first;
}

uint32_t CodeBuilder::site(Span span) {
  uint64_t key = static_cast<uint64_t>(span.file) << 48 ^ static_cast<uint64_t>(span.begin) << 24 ^ span.end;
  auto [found, added] = sites_.try_emplace(key, static_cast<uint32_t>(code_.sites.size()));
  if (!added && code_.sites[found->second] == span) return found->second;
  code_.sites.push_back(span);
  return static_cast<uint32_t>(code_.sites.size() - 1);
}

uint32_t CodeBuilder::put(const std::vector<Operand>& operands) {
  auto first = static_cast<uint32_t>(code_.pool.size());
  code_.pool.insert(code_.pool.end(), operands.begin(), operands.end());
  return first;
}

CodeBuilder::Label CodeBuilder::label() {
  labels_.push_back(0);
  return static_cast<Label>(labels_.size() - 1);
}

void CodeBuilder::bind(Label label) { labels_[label] = static_cast<uint32_t>(code_.instrs.size()); }

void CodeBuilder::jump(Label label) { add(Vm::kJump).target = label; }

bool CodeBuilder::is_live(uint32_t relation) const {
  return live_ != nullptr &&
         std::find(live_->relations.begin(), live_->relations.end(), relation) != live_->relations.end();
}

uint32_t CodeBuilder::chain(uint32_t index) {
  auto found = std::find(live_->indexes.begin(), live_->indexes.end(), index);
  if (found == live_->indexes.end()) found = live_->indexes.insert(found, index);
  return static_cast<uint32_t>(found - live_->indexes.begin());
}

/// Can running this pipeline report an error, its own or that of a relation it reads? Then no solution may be skipped.
bool CodeBuilder::reports(const Pipeline& pipeline) const {
  if (pipeline.can_err) return true;
  return std::any_of(pipeline.steps.begin(), pipeline.steps.end(), [&](const Step& step) {
    if (step.op == StepOp::kScan && step.relation < plan_.erring.size() && plan_.erring[step.relation]) return true;
    return std::any_of(step.bodies.begin(), step.bodies.end(), [&](const Pipeline& body) { return reports(body); });
  });
}

// ---- Steps ----------------------------------------------------------------------------------------------------------

void CodeBuilder::pipeline(const Pipeline& pipeline, Scope& scope, const Then& then) {
  for (const Step& one : pipeline.steps) {
    if (code_.instrs.size() >= kMostInstructions) return;  // build() gives up
    step(one, scope);
  }
  then(scope);
}

void CodeBuilder::step(const Step& step, Scope& scope) {
  switch (step.op) {
    case StepOp::kScan:
      return scan(step, scope);
    case StepOp::kCall:
      return call(step, scope);
    case StepOp::kAny:
      return any(step, scope);
    case StepOp::kLookup:
      return lookup(step, scope);
    case StepOp::kAggregate:
      return aggregate(step, scope);
    case StepOp::kFilter:
      return unless(step.expr, scope.fail, scope);
    case StepOp::kLet:
      return into(scope.slots + step.slot, step.expr, scope);
    case StepOp::kSome: {
      into(scope.slots + step.slot, step.expr, scope);
      return compare(Vm::kUnlessNe, operand(Base::kFrame, scope.slots + step.slot), immediate(kNoneWord), scope.fail);
    }
    case StepOp::kInstances:
    case StepOp::kMember:
    case StepOp::kContainers:
    case StepOp::kMembers:
      return member(step, scope);
  }
}

void CodeBuilder::match_value(const Arg& arg, Operand value, Scope& scope) {
  if (arg.mode == Arg::Mode::kBind) {
    Instr& instr = add(Vm::kMove);
    instr.dst = scope.slots + arg.slot;
    instr.a = value;
  } else if (arg.mode == Arg::Mode::kMatch) {
    compare(Vm::kUnlessEq, value, expr(arg.expr, scope), scope.fail);
  }
}

/// Expressions to match are evaluated before the loop, so that they err once and even where there is no row. Only where
/// one mentions a variable that the same atom binds it must wait for the row.
void CodeBuilder::match_columns(const Step& step, const std::vector<Operand>& early, uint32_t iterator, Scope& scope) {
  for (size_t column = 0; column < step.args.size(); ++column) {
    const Arg& arg = step.args[column];
    if (arg.mode == Arg::Mode::kIgnore) continue;
    bool bound = arg.mode == Arg::Mode::kBind;
    if (!bound && early[column] == kNoIndex - 1) continue;  // the index has seen to it
    Operand wanted = 0;
    if (!bound) wanted = early[column] != kNoIndex ? early[column] : expr(arg.expr, scope);
    Instr& instr = add(bound ? Vm::kColumnBind : Vm::kColumnMatch);
    instr.n = static_cast<uint16_t>(column);
    instr.a = iterator;
    instr.b = wanted;
    instr.dst = bound ? scope.slots + arg.slot : 0;
    instr.target = scope.fail;
  }
}

void CodeBuilder::scan(const Step& step, Scope& scope) {
  const RelationDecl& relation = schema_.relations[step.relation];
  bool live = is_live(step.relation);
  bool on_request = !live && relation.time == BindingTime::kRequest;
  if (on_request) {
    Instr& reach = add(Vm::kReach);
    reach.a = step.relation;
  }
  std::vector<uint32_t> own;
  std::vector<Operand> early(step.args.size(), kNoIndex);
  for (size_t column = 0; column < step.args.size(); ++column) {
    const Arg& arg = step.args[column];
    if (arg.mode == Arg::Mode::kBind) own.push_back(arg.slot);
    if (arg.mode == Arg::Mode::kMatch && !mentions_slot(arg.expr, own)) early[column] = expr(arg.expr, scope);
  }
  uint32_t iterator = take(kIteratorWords);
  auto words = static_cast<uint16_t>(relation.columns.size());
  uint8_t flags = static_cast<uint8_t>((on_request ? kFlagRequest : 0) | (step.delta ? kFlagDelta : 0));
  if (step.index == kNoIndex) {
    Instr& open = add(live ? Vm::kLiveOpen : Vm::kScanOpen);
    open.dst = iterator;
    open.a = step.relation;
    open.flags = flags;
    Label next = label();
    bind(next);
    Instr& loop = add(live ? Vm::kLiveNext : Vm::kScanNext);
    loop.dst = iterator;
    loop.a = step.relation;
    loop.n = words;
    loop.target = scope.fail;
    scope.fail = next;
  } else {
    const Index& index = plan_.indexes[step.index];
    std::vector<Operand> key;
    for (uint32_t column : index.columns) {
      assert(early[column] != kNoIndex);  // INVARIANT: an index covers matched columns only
      key.push_back(early[column]);
      early[column] = kNoIndex - 1;
    }
    bool one = index.unique && !live;
    std::optional<Operand> row;
    if (one && key.size() == 1 && !on_request) row = bound_row(step.args[index.columns[0]].expr, step.index);
    uint32_t first = row ? 0 : put(key);
    uint32_t number = live ? chain(step.index) : step.index;
    Instr& open = add(row ? Vm::kIndexBound : one ? Vm::kIndexOne : live ? Vm::kChainOpen : Vm::kIndexOpen);
    open.dst = iterator;
    open.a = row ? *row : number;
    open.b = first;
    open.n = static_cast<uint16_t>(key.size());
    open.x = step.relation;
    open.flags = flags;
    open.target = scope.fail;
    if (!one) {
      Label next = label();
      bind(next);
      Instr& loop = add(live ? Vm::kChainNext : Vm::kIndexNext);
      loop.dst = iterator;
      loop.a = number;
      loop.x = step.relation;
      loop.n = words;
      loop.flags = flags;
      loop.target = scope.fail;
      scope.fail = next;
    }
  }
  match_columns(step, early, iterator, scope);
}

void CodeBuilder::member(const Step& step, Scope& scope) {
  uint32_t iterator = take(kIteratorWords);
  bool instances = step.op == StepOp::kInstances;
  bool closure = step.op == StepOp::kContainers || step.op == StepOp::kMembers;
  TypeKind kind = instances || closure ? TypeKind::kSet : base_kind(schema_, step.expr.type);
  Operand from = instances ? step.relation : expr(step.expr, scope);
  std::vector<Operand> early(step.args.size(), kNoIndex);
  for (size_t i = 0; i < step.args.size(); ++i) {
    if (step.args[i].mode == Arg::Mode::kMatch && errs(step.args[i].expr)) early[i] = expr(step.args[i].expr, scope);
  }
  Instr& open = add(instances ? Vm::kInstancesOpen : closure ? Vm::kClosureOpen : Vm::kMemberOpen);
  open.dst = iterator;
  open.a = from;
  open.flags = step.op == StepOp::kMembers ? kFlagDelta : 0;
  Label next = label();
  bind(next);
  Instr& loop = add(instances ? Vm::kInstancesNext : Vm::kMemberNext);
  loop.dst = iterator;
  loop.a = from;
  loop.n = kind == TypeKind::kMap ? 2 : 1;
  loop.target = scope.fail;
  scope.fail = next;
  if (closure && step.relation != kNoIndex) {
    uint32_t word = take(1);
    Instr& read = add(Vm::kColumnBind);
    read.a = iterator;
    read.dst = word;
    Instr& type = add(Vm::kUnlessType);
    type.a = operand(Base::kFrame, word);
    type.n = static_cast<uint16_t>(step.relation);
    type.target = scope.fail;
  }
  if (kind == TypeKind::kList && step.args.size() == 2) {
    uint32_t position = take(1);
    Instr& read = add(Vm::kMemberIndex);
    read.a = iterator;
    read.dst = position;
    match_value(step.args[0], operand(Base::kFrame, position), scope);
    Step rest;
    rest.args = {step.args[1]};
    return match_columns(rest, {early[1]}, iterator, scope);
  }
  match_columns(step, early, iterator, scope);
}

/// The view's own code stands here, with slots of its own. After each of its solutions the steps to the right go on; where
/// they fail, they jump back into the alternative that made the solution.
void CodeBuilder::call(const Step& step, Scope& scope) {
  const View& view = plan_.views[step.view];
  Scope inner{take(view.slots), scope.fail};
  for (size_t i = 0; i < step.inputs.size(); ++i) {
    into(inner.slots + static_cast<uint32_t>(i), step.inputs[i], scope);
  }
  std::vector<Operand> outputs;
  if (view.alternatives.size() == 1) {
    pipeline(view.alternatives[0], inner, [&](Scope& at) {
      for (const Expr& value : view.alternatives[0].emit) outputs.push_back(expr(value, at));
    });
    scope.fail = inner.fail;
  } else {
    uint32_t result = take(view.outputs);
    uint32_t back = take(1);
    Label found = label();
    for (const Pipeline& alternative : view.alternatives) {
      Label other = label();
      Scope at{inner.slots, other};
      pipeline(alternative, at, [&](Scope& end) {
        for (uint32_t i = 0; i < view.outputs; ++i) into(result + i, alternative.emit[i], end);
        Instr& remember = add(Vm::kRemember);
        remember.dst = back;
        remember.target = end.fail;
        jump(found);
      });
      bind(other);
    }
    jump(scope.fail);
    Label again = label();
    bind(again);
    add(Vm::kJumpBack).a = back;
    bind(found);
    for (uint32_t i = 0; i < view.outputs; ++i) outputs.push_back(operand(Base::kFrame, result + i));
    scope.fail = again;
  }
  for (size_t i = 0; i < step.args.size() && i < outputs.size(); ++i) match_value(step.args[i], outputs[i], scope);
}

void CodeBuilder::any(const Step& step, Scope& scope) {
  bool whole = std::any_of(step.bodies.begin(), step.bodies.end(), [&](const Pipeline& body) { return reports(body); });
  uint32_t flag = whole ? take(1) : 0;
  if (whole) {
    Instr& clear = add(Vm::kMove);
    clear.dst = flag;
    clear.a = immediate(0);
  }
  Label found = label();
  for (const Pipeline& body : step.bodies) {
    Label other = label();
    Scope inner{scope.slots, other};
    pipeline(body, inner, [&](Scope& at) {
      if (!whole) return jump(step.negated ? scope.fail : found);
      Instr& set = add(Vm::kMove);
      set.dst = flag;
      set.a = immediate(1);
      jump(at.fail);
    });
    bind(other);
  }
  if (whole) {
    compare(step.negated ? Vm::kIf : Vm::kUnless, operand(Base::kFrame, flag), 0, scope.fail);
  } else if (!step.negated) {
    jump(scope.fail);
  }
  bind(found);
}

/// One solution is all there is. Where its value errs, the whole step does not hold.
void CodeBuilder::lookup(const Step& step, Scope& scope) {
  uint32_t result = scope.slots + step.slot;
  Instr& none = add(Vm::kMove);
  none.dst = result;
  none.a = immediate(kNoneWord);
  Label done = label();
  Scope inner{scope.slots, done};
  pipeline(step.bodies[0], inner, [&](Scope& at) {
    Scope outside{at.slots, scope.fail};
    into(result, step.tuple[0], outside);
  });
  bind(done);
}

void CodeBuilder::aggregate(const Step& step, Scope& scope) {
  uint32_t bag = take(1);
  Instr& open = add(Vm::kBagOpen);
  open.dst = bag;
  open.n = static_cast<uint16_t>(step.tuple.size());
  Label done = label();
  Scope inner{scope.slots, done};
  pipeline(step.bodies[0], inner, [&](Scope& at) {
    std::vector<Operand> words;
    for (const Expr& value : step.tuple) words.push_back(expr(value, at));
    uint32_t first = put(words);
    Instr& put_in = add(Vm::kBagAdd);
    put_in.a = bag;
    put_in.b = first;
    put_in.n = static_cast<uint16_t>(words.size());
    jump(at.fail);
  });
  bind(done);
  uint32_t where = site(step.expr.span.valid() ? step.expr.span : step.span);
  code_.aggregates.push_back({step.aggregate, step.tuple[0].type, step.percentile, where});
  uint32_t result = take(1);
  Instr& close = add(Vm::kBagClose);
  close.dst = result;
  close.a = bag;
  close.x = static_cast<uint32_t>(code_.aggregates.size() - 1);
  close.target = scope.fail;
  match_value(step.args[0], operand(Base::kFrame, result), scope);
}

}  // namespace lictor
