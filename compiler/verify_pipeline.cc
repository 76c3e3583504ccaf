// One pipeline, from left to right: what each step reads must be bound, what it binds must be new, and all must fit the
// schema, the indexes and the views.
#include "compiler/verify_pipeline.h"

#include <algorithm>

#include "compiler/fold.h"
#include "compiler/plan_walk.h"

namespace lictor {

void PipelineVerifier::find(const std::string& what) {
  std::string at = scope_->where;
  if (step_ != nullptr) at += std::string(", step ") + name(step_->op);
  findings_.push_back(at + ": " + what);
}

void PipelineVerifier::check(const Pipeline& pipeline, const PipelineScope& scope) {
  scope_ = &scope;
  step_ = nullptr;
  std::vector<bool> bound(scope.slots);
  for (uint32_t i = 0; i < scope.inputs && i < scope.slots; ++i) bound[i] = true;
  this->pipeline(pipeline, std::move(bound), false);
}

void PipelineVerifier::pipeline(const Pipeline& pipeline, std::vector<bool> bound, bool nested) {
  bool single = true;
  for (const Step& step : pipeline.steps) {
    size_t before = findings_.size();
    step_ = &step;
    this->step(step, bound);
    if (findings_.size() != before) return;  // what follows would only repeat it
    single = single && is_single(plan_, step);
  }
  step_ = nullptr;
  if (nested && !pipeline.emit.empty()) find("a nested pipeline emits");
  for (const Expr& expr : pipeline.emit) root(expr, bound);
  if (can_err(plan_, pipeline) && !pipeline.can_err) find("can err and does not say so");
  if (pipeline.single && !single) find("may have more than one solution and says it has not");
}

void PipelineVerifier::step(const Step& step, std::vector<bool>& bound) {
  const Schema& schema = plan_.schema;
  if (uses_expr(step.op)) root(step.expr, bound);
  switch (step.op) {
    case StepOp::kScan:
      scan(step, bound);
      break;
    case StepOp::kInstances:
      if (step.relation >= schema.entities.size()) return find("no such entity type");
      args(step, 1, bound);
      for (const Arg& arg : step.args) {
        TypeId type = arg.mode == Arg::Mode::kBind ? slot_type(arg.slot) : arg.expr.type;
        bool fits = schema.types.kind(unwrapped(type)) == TypeKind::kEntity &&
                    schema.types[unwrapped(type)].decl == step.relation;
        if (arg.mode != Arg::Mode::kIgnore && !fits) find("an argument of another type than the instances");
      }
      break;
    case StepOp::kCall:
      call(step, bound);
      break;
    case StepOp::kMember:
      member(step, bound);
      break;
    case StepOp::kContainers:
    case StepOp::kMembers:
      closure(step, bound);
      break;
    case StepOp::kFilter:
      if (!is_bool(step.expr)) find("the test is not a bool");
      break;
    case StepOp::kLet:
      if (!same_kind(step.expr.type, slot_type(step.slot))) find("the value's type is not the slot's");
      break;
    case StepOp::kSome:
      if (schema.types.kind(step.expr.type) != TypeKind::kOptional)
        find("the value is not optional");
      else if (!same_kind(schema.types[step.expr.type].elem, slot_type(step.slot)))
        find("the value's type is not the slot's");
      break;
    case StepOp::kAny:
      if (step.bodies.empty()) find("has no body");
      for (const Pipeline& body : step.bodies) pipeline(body, bound, true);
      step_ = &step;
      break;
    case StepOp::kLookup:
      if (step.tuple.size() != 1) return find("has no value");
      nested_tuple(step, bound);
      if (schema.types.kind(step.tuple[0].type) != TypeKind::kOptional) find("the value is not optional");
      if (!same_kind(step.tuple[0].type, slot_type(step.slot))) find("the value's type is not the slot's");
      break;
    case StepOp::kAggregate:
      aggregate(step, bound);
      break;
  }
  bool nests = step.op == StepOp::kAny || step.op == StepOp::kLookup || step.op == StepOp::kAggregate;
  if (!nests && !step.bodies.empty()) find("has bodies");
  each_bound_slot(step, [&](uint32_t slot) { bind(slot, bound); });
}

void PipelineVerifier::bind(uint32_t slot, std::vector<bool>& bound) {
  if (slot >= bound.size()) return find("binds slot " + std::to_string(slot) + " of " + std::to_string(bound.size()));
  if (bound[slot]) return find("binds slot " + std::to_string(slot) + " again");
  bound[slot] = true;
}

void PipelineVerifier::args(const Step& step, size_t count, const std::vector<bool>& bound) {
  if (step.args.size() != count) {
    find(std::to_string(step.args.size()) + " arguments for " + std::to_string(count));
  }
  for (const Arg& arg : step.args) {
    if (arg.mode == Arg::Mode::kMatch) root(arg.expr, bound);
  }
}

void PipelineVerifier::arg_type(const Arg& arg, TypeId type) {
  if (arg.mode == Arg::Mode::kIgnore) return;
  TypeId given = arg.mode == Arg::Mode::kBind ? slot_type(arg.slot) : arg.expr.type;
  if (!same_kind(given, type)) {
    find("an argument of type " + type_name(plan_.schema, given) + " for " + type_name(plan_.schema, type));
  }
}

void PipelineVerifier::scan(const Step& step, const std::vector<bool>& bound) {
  if (step.relation >= plan_.schema.relations.size()) return find("no such relation");
  const RelationDecl& relation = plan_.schema.relations[step.relation];
  args(step, relation.columns.size(), bound);
  for (size_t i = 0; i < step.args.size() && i < relation.columns.size(); ++i) {
    arg_type(step.args[i], relation.columns[i].type);
  }
  if (step.relation < scope_->readable.size() && !scope_->readable[step.relation]) {
    find("reads " + relation.info.name + ", which is not computed before");
  }
  if (step.delta && !scope_->may_delta) find("reads new rows outside of a fixpoint");
  if (step.index == kNoIndex) return;
  if (step.index >= plan_.indexes.size()) return find("no such index");
  const Index& index = plan_.indexes[step.index];
  if (index.relation != step.relation) return find("the index is of another relation");
  std::vector<uint32_t> matched = matched_columns(step);
  bool covered = std::includes(matched.begin(), matched.end(), index.columns.begin(), index.columns.end());
  if (!covered) find("the index needs a column that the scan does not match");
  if (step.delta) find("new rows have no index");
}

void PipelineVerifier::call(const Step& step, const std::vector<bool>& bound) {
  if (step.view >= plan_.views.size()) return find("no such view");
  const View& view = plan_.views[step.view];
  args(step, view.outputs, bound);
  if (step.inputs.size() != view.inputs) find("the inputs are not as many as the view's");
  for (const Expr& input : step.inputs) root(input, bound);
  for (size_t i = 0; i < step.inputs.size() && i < view.slot_types.size(); ++i) {
    if (!same_kind(step.inputs[i].type, view.slot_types[i])) find("an input of another type than the view's");
  }
  for (const Pipeline& alternative : view.alternatives) {
    for (size_t i = 0; i < step.args.size() && i < alternative.emit.size(); ++i) {
      arg_type(step.args[i], alternative.emit[i].type);
    }
  }
}

void PipelineVerifier::member(const Step& step, const std::vector<bool>& bound) {
  const Type& type = plan_.schema.types[step.expr.type];
  bool one = step.args.size() == 1;
  args(step, one ? 1 : 2, bound);
  switch (type.kind) {
    case TypeKind::kSet:
      if (!one)
        find("pairs of a set");
      else
        arg_type(step.args[0], type.elem);
      break;
    case TypeKind::kList:
      if (!one) arg_type(step.args[0], kIntType);
      arg_type(step.args[one ? 0 : 1], type.elem);
      break;
    case TypeKind::kMap:
      arg_type(step.args[0], type.key);
      if (!one) arg_type(step.args[1], type.elem);
      break;
    default:
      find("not a collection");
  }
}

void PipelineVerifier::closure(const Step& step, const std::vector<bool>& bound) {
  if (step.relation >= plan_.schema.entities.size()) return find("no such entity type");
  if (!is_entity(step.expr.type)) find("not an entity");
  args(step, 1, bound);
}

void PipelineVerifier::aggregate(const Step& step, std::vector<bool>& bound) {
  args(step, 1, bound);
  if (step.tuple.empty()) return find("has no value");
  if (!step.args.empty()) arg_type(step.args[0], step.expr.type);
  nested_tuple(step, bound);
}

/// The one body, and the values that are read where it holds.
void PipelineVerifier::nested_tuple(const Step& step, const std::vector<bool>& bound) {
  if (step.bodies.size() != 1) return find("needs one body");
  std::vector<bool> inside = bound;
  pipeline(step.bodies[0], inside, true);
  step_ = &step;
  each_step(step.bodies[0], [](const Step&) {});
  for (const Step& inner : step.bodies[0].steps) {
    each_bound_slot(inner, [&](uint32_t slot) {
      if (slot < inside.size()) inside[slot] = true;
    });
  }
  bool tuple_errs = false;
  for (const Expr& expr : step.tuple) {
    root(expr, inside);
    tuple_errs = tuple_errs || errs(expr);
  }
  if (tuple_errs && !step.bodies[0].can_err) find("its tuple can err and its body does not say so");
}

void PipelineVerifier::root(const Expr& expr, const std::vector<bool>& bound) {
  each_node(expr, [&](const Expr& each) { node(each, bound); });
}

void PipelineVerifier::node(const Expr& expr, const std::vector<bool>& bound) {
  const OpInfo& op = info(expr.op);
  if (op.arity >= 0 && expr.args.size() != static_cast<size_t>(op.arity)) {
    return find(std::string(op.name) + " of " + std::to_string(expr.args.size()) + " operands");
  }
  if (expr.can_err && !op.errs) find(std::string(op.name) + " cannot err and says so");
  auto n = static_cast<size_t>(expr.n);
  switch (expr.op) {
    case Op::kConst:
      return constant(expr);
    case Op::kSlot:
      if (n >= bound.size()) return find("reads slot " + std::to_string(n) + " of " + std::to_string(bound.size()));
      if (!bound[n]) return find("reads slot " + std::to_string(n) + " before it is bound");
      if (!same_kind(expr.type, slot_type(static_cast<uint32_t>(n)))) find("reads a slot as another type");
      return;
    case Op::kField:
      if (!scope_->at_request_time) return find("reads the request at fact time");
      if (scope_->request >= plan_.schema.requests.size()) return find("reads a request that it has not");
      if (n >= plan_.schema.requests[scope_->request].fields.size()) return find("no such field");
      if (!same_kind(expr.type, plan_.schema.requests[scope_->request].fields[n].type))
        find("reads a field as another type");
      return;
    case Op::kParam:
      return find("a parameter is left");
    case Op::kNow:
      if (!scope_->at_request_time) find("reads `now` at fact time");
      return;
    default:
      return operands(expr);
  }
}

void PipelineVerifier::constant(const Expr& expr) {
  if (expr.constant == nullptr) return find("a constant without a value");
  bool immediate = is_immediate(plan_.schema, *expr.constant);
  if (immediate && expr.n != word_of(plan_.schema, *expr.constant)) return find("a constant's word is not its value");
  if (immediate || (expr.n == -1 && plan_.constants.empty())) return;
  auto n = static_cast<size_t>(expr.n);
  if (n >= plan_.constants.size()) return find("a constant without a number");
  if (!same_value(plan_.constants[n], *expr.constant)) find("a constant's number is another's");
}

void PipelineVerifier::operands(const Expr& expr) {
  const TypeTable& types = plan_.schema.types;
  auto kind = [&](size_t arg) { return types.kind(expr.args[arg].type); };
  auto n = static_cast<size_t>(expr.n);
  switch (expr.op) {
    case Op::kAttr: {
      const Type& of = types[unwrapped(expr.args[0].type)];
      if (of.kind != TypeKind::kEntity) return find("an attribute of something that is no entity");
      if (n >= plan_.schema.entities[of.decl].attributes.size()) find("no such attribute");
      return;
    }
    case Op::kRecordField: {
      const Type& of = types[unwrapped(expr.args[0].type)];
      if (of.kind != TypeKind::kRecord) return find("a field of something that is no record");
      if (n >= plan_.schema.records[of.decl].fields.size()) find("no such field of a record");
      return;
    }
    case Op::kMakeRecord: {
      const Type& of = types[unwrapped(expr.type)];
      if (of.kind != TypeKind::kRecord) return find("makes a record of something that is none");
      if (expr.args.size() != plan_.schema.records[of.decl].fields.size()) find("another number of fields");
      return;
    }
    case Op::kIs:
    case Op::kAs:
      if (!is_entity(expr.args[0].type)) return find("the type of something that is no entity");
      if (expr.op == Op::kAs && !is_entity(expr.type)) find("an entity as something that is none");
      if (expr.op == Op::kIs && n >= plan_.schema.entities.size()) find("no such entity type");
      return;
    case Op::kEq:
    case Op::kNe:
    case Op::kLt:
    case Op::kLe:
    case Op::kTextLt:
    case Op::kTextLe:
      if (!same_kind(expr.args[0].type, expr.args[1].type)) find("compares values of two types");
      return;
    case Op::kNot:
      if (!is_bool(expr.args[0])) find("not of something that is no bool");
      return;
    case Op::kAnd:
    case Op::kOr:
      if (!is_bool(expr.args[0]) || !is_bool(expr.args[1])) find("logic on something that is no bool");
      return;
    case Op::kIf:
      if (!is_bool(expr.args[0])) find("a condition that is no bool");
      return;
    case Op::kInSet:
      if (kind(1) != TypeKind::kSet) find("membership in something that is no set");
      return;
    case Op::kInList:
      if (kind(1) != TypeKind::kList) find("membership in something that is no list");
      return;
    case Op::kInMap:
      if (kind(1) != TypeKind::kMap) find("membership in something that is no map");
      return;
    case Op::kMapGet:
    case Op::kMapGetTotal:
      if (kind(0) != TypeKind::kMap) find("an element of something that is no map");
      return;
    default:
      return;
  }
}

/// Of an entity type or a union of them, optional or not.
bool PipelineVerifier::is_entity(TypeId type) const {
  TypeKind kind = plan_.schema.types.kind(unwrapped(type));
  return kind == TypeKind::kEntity || kind == TypeKind::kUnion;
}

TypeId PipelineVerifier::slot_type(uint32_t slot) const {
  return slot < scope_->types->size() ? (*scope_->types)[slot] : kErrorType;
}

TypeId PipelineVerifier::unwrapped(TypeId type) const {
  return plan_.schema.types.kind(type) == TypeKind::kOptional ? plan_.schema.types[type].elem : type;
}

/// Equal but for ranges; kErrorType only stands for what has been reported already.
bool PipelineVerifier::same_kind(TypeId a, TypeId b) const {
  if (a == b) return true;
  const Type& x = plan_.schema.types[a];
  const Type& y = plan_.schema.types[b];
  if (x.kind != y.kind) return false;
  if (x.kind == TypeKind::kOptional || x.kind == TypeKind::kSet || x.kind == TypeKind::kList)
    return same_kind(x.elem, y.elem);
  if (x.kind == TypeKind::kMap) return same_kind(x.key, y.key) && same_kind(x.elem, y.elem);
  return x.decl == y.decl && x.members == y.members;
}

}  // namespace lictor
