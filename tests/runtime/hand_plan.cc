#include "tests/runtime/hand_plan.h"

namespace lictor::testing {
namespace {

struct Maker {
  Plan plan;
  TypeId maturity = 0, agent = 0, maybe_agent = 0;

  Expr leaf(Op op, TypeId type, int64_t n) {
    Expr out;
    out.op = op;
    out.type = type;
    out.n = n;
    return out;
  }
  Expr slot(TypeId type, int64_t n) { return leaf(Op::kSlot, type, n); }
  Expr field(TypeId type, int64_t n) { return leaf(Op::kField, type, n); }
  Expr node(Op op, TypeId type, std::vector<Expr> args, int64_t n = 0) {
    Expr out = leaf(op, type, n);
    out.args = std::move(args);
    return out;
  }
  Expr constant(Datum value, int64_t number = 0) {
    Expr out = leaf(Op::kConst, value.type, number);
    out.constant = std::make_shared<const Datum>(std::move(value));
    return out;
  }
  static Datum text(std::string value) {
    Datum out;
    out.type = kStringType;
    out.text = std::move(value);
    return out;
  }
  static Datum number(TypeId type, int64_t n) {
    Datum out;
    out.type = type;
    out.n = n;
    return out;
  }
  Datum entity(std::string id) {
    Datum out = text(std::move(id));
    out.type = agent;
    return out;
  }
  static Arg ignore() { return {}; }
  static Arg bind(uint32_t slot) {
    Arg out;
    out.mode = Arg::Mode::kBind;
    out.slot = slot;
    return out;
  }
  static Arg match(Expr expr) {
    Arg out;
    out.mode = Arg::Mode::kMatch;
    out.expr = std::move(expr);
    return out;
  }
  Step scan(uint32_t relation, uint32_t index, std::vector<Arg> args, bool delta = false) {
    Step out;
    out.op = StepOp::kScan;
    out.relation = relation;
    out.index = index;
    out.args = std::move(args);
    out.delta = delta;
    return out;
  }
  Step some(uint32_t slot, Expr expr) {
    Step out;
    out.op = StepOp::kSome;
    out.slot = slot;
    out.expr = std::move(expr);
    return out;
  }
  Step filter(Expr expr) {
    Step out;
    out.op = StepOp::kFilter;
    out.expr = std::move(expr);
    return out;
  }

  FieldDecl declare(std::string name, TypeId type) {
    FieldDecl out;
    out.name = out.wire = std::move(name);
    out.type = type;
    return out;
  }

  void schema() {
    Schema& s = plan.schema;
    EnumDecl levels;
    levels.info.name = "Maturity";
    levels.ordered = true;
    levels.members = {{"student", "student"}, {"intern", "intern"}, {"supervised", "super-vised"}};
    s.enums.push_back(levels);
    maturity = s.types.enum_type(0);
    EntityDecl group;
    group.info.name = "Group";
    group.parents = {0};
    EntityDecl decl;
    decl.info.name = "Agent";
    decl.parents = {0};
    decl.closed = true;
    s.entities = {group, decl};
    agent = s.types.entity_type(1);
    maybe_agent = s.types.optional_of(agent);
    s.entities[1].attributes = {declare("maturity", maturity), declare("boss", maybe_agent)};
    relation("complexity", {declare("action", kStringType), declare("level", s.types.ranged(kIntType, 1, 4))}, {0});
    relation("least", {declare("level", s.types.ranged(kIntType, 1, 4)), declare("maturity", maturity)}, {0});
    relation("reports", {declare("who", agent), declare("to", agent)}, {});
    relation("chain", {declare("who", agent), declare("to", agent)}, {});
    s.relations[kChain].derived = true;
    RequestDecl act;
    act.info.name = "Act";
    act.fields = {declare("agent", maybe_agent), declare("action", kStringType), declare("amount", kIntType)};
    act.fields[2].default_value = number(kIntType, 1);
    s.requests = {act};
  }

  void relation(std::string name, std::vector<FieldDecl> columns, std::vector<uint32_t> key) {
    RelationDecl out;
    out.info.name = std::move(name);
    out.columns = std::move(columns);
    out.key = std::move(key);
    out.time = BindingTime::kFact;
    plan.schema.relations.push_back(std::move(out));
  }

  void rules() {
    // 0: complexity by action, 1: least by level, 2: reports by who, 3: chain by both, 4: chain by who
    plan.indexes = {{kComplexity, {0}, true},
                    {kLeast, {0}, true},
                    {kReports, {0}, false},
                    {kChain, {0, 1}, true},
                    {kChain, {0}, false}};
    StratumPlan stratum;
    stratum.relations = {kChain};
    stratum.recursive = true;
    RulePlan base;
    base.rule = 0;
    base.head = kChain;
    base.slots = 2;
    base.pipeline.steps = {scan(kReports, kNoIndex, {bind(0), bind(1)})};
    base.pipeline.emit = {slot(agent, 0), slot(agent, 1)};
    RulePlan step;
    step.rule = 1;
    step.head = kChain;
    step.slots = 3;
    step.pipeline.steps = {scan(kReports, kNoIndex, {bind(0), bind(1)}),
                           scan(kChain, 4, {match(slot(agent, 1)), bind(2)})};
    step.pipeline.emit = {slot(agent, 0), slot(agent, 2)};
    Pipeline delta;
    delta.steps = {scan(kReports, kNoIndex, {bind(0), bind(1)}),
                   scan(kChain, 4, {match(slot(agent, 1)), bind(2)}, true)};
    delta.emit = step.pipeline.emit;
    step.deltas = {delta};
    stratum.rules = {base, step};
    plan.strata = {stratum};
    Rule rule;
    rule.head = kChain;
    plan.rules = {rule, rule};
  }

  Clause clause(std::string id, ast::Outcome outcome, bool is_override, std::vector<Variable> variables,
                std::vector<uint32_t> instance, Expr message) {
    Clause out;
    out.id = std::move(id);
    out.outcome = outcome;
    out.is_override = is_override;
    out.frame.variables = std::move(variables);
    out.instance = std::move(instance);
    out.message = std::move(message);
    return out;
  }

  ClauseGroup group(uint32_t number, uint32_t slots, std::vector<Step> steps, std::vector<Expr> emit) {
    const Clause& clause = plan.decisions[0].clauses[number].clause;
    ClauseGroup out;
    out.outcome = clause.outcome;
    out.is_override = clause.is_override;
    out.clauses = {number};
    out.slots = slots;
    out.pipeline.steps = std::move(steps);
    out.pipeline.emit = std::move(emit);
    out.pipeline.can_err = plan.decisions[0].clauses[number].can_err;
    return out;
  }

  std::vector<Step> gate() {
    return {some(0, field(maybe_agent, 0)), scan(kComplexity, 0, {match(field(kStringType, 1)), bind(1)}),
            scan(kLeast, 1, {match(slot(kIntType, 1)), bind(2)})};
  }

  void decision(bool erring) {
    using ast::Outcome;
    DecisionPlan d;
    d.decision.info.name = "govern";
    d.decision.info.module = "t";
    d.decision.request = 0;
    d.decision.default_message = constant(text("nothing applies"));
    std::vector<Variable> variables{{"a", agent, {}}, {"n", kIntType, {}}, {"m", maturity, {}}};
    auto message = [&](std::string head, Expr value) {
      return node(Op::kText, kStringType, {constant(text(head)), value});
    };
    d.clauses.push_back(
        {clause("mature", Outcome::kAllow, false, variables, {1}, message("level ", slot(kIntType, 1))), {}, false});
    d.clauses.push_back(
        {clause("below", Outcome::kDeny, false, variables, {0}, message("too young: ", slot(agent, 0))), {}, erring});
    d.clauses.push_back(
        {clause("unknown", Outcome::kDeny, false, {}, {}, message("unknown ", field(kStringType, 1))), {}, false});
    d.clauses.push_back({clause("boss", Outcome::kAllow, true, variables, {}, constant(text("the boss"))), {}, false});
    d.max_instance = 1;
    plan.decisions = {d};
    auto attr = node(Op::kAttr, maturity, {slot(agent, 0)}, 0);
    std::vector<Step> mature = gate();
    mature.push_back(filter(node(Op::kLe, kBoolType, {slot(maturity, 2), attr})));
    std::vector<Step> below = gate();
    below.push_back(filter(node(Op::kLt, kBoolType, {attr, slot(maturity, 2)})));
    if (erring) {
      Expr sum = node(Op::kAdd, kIntType, {constant(number(kIntType, INT64_MAX)), field(kIntType, 2)});
      sum.can_err = true;
      sum.span = {0, 10, 20};
      below.push_back(filter(node(Op::kLt, kBoolType, {constant(number(kIntType, 0)), sum})));
    }
    Step absent;
    absent.op = StepOp::kAny;
    absent.negated = true;
    absent.bodies.resize(1);
    absent.bodies[0].steps = {scan(kComplexity, 0, {match(field(kStringType, 1)), ignore()})};
    plan.constants = {entity("root")};
    std::vector<Step> boss{some(0, field(maybe_agent, 0)),
                           scan(kChain, 3, {match(slot(agent, 0)), match(constant(entity("root"), 0))})};
    auto& groups = plan.decisions[0].groups;
    groups.push_back(group(3, 1, boss, {}));
    groups.push_back(group(1, 3, below, {slot(agent, 0)}));
    groups.push_back(group(2, 0, {absent}, {}));
    groups.push_back(group(0, 3, mature, {slot(kIntType, 1)}));
  }

  void facts() {
    plan.rows.resize(4);
    auto row = [&](uint32_t relation, std::vector<Datum> values) {
      plan.rows[relation].push_back({std::move(values), {}});
    };
    row(kComplexity, {text("read"), number(kIntType, 1)});
    row(kComplexity, {text("write"), number(kIntType, 3)});
    for (int64_t level : {1, 2, 3}) row(kLeast, {number(kIntType, level), number(maturity, level - 1)});
    plan.instances.resize(2);
    auto instance = [&](std::string id, int64_t level) {
      Datum none = number(maybe_agent, 0);
      none.none = true;
      plan.instances[1].push_back({std::move(id), {number(maturity, level), none}, {}, {}});
    };
    instance("young", 0);
    instance("old", 2);
    instance("root", 0);
    instance("mid", 0);
    row(kReports, {entity("young"), entity("old")});
    row(kReports, {entity("mid"), entity("root")});
    row(kReports, {entity("root"), entity("mid")});
  }
};

}  // namespace

std::shared_ptr<const Plan> gate_plan(bool erring) {
  Maker maker;
  maker.schema();
  maker.rules();
  maker.decision(erring);
  maker.facts();
  return std::make_shared<const Plan>(std::move(maker.plan));
}

}  // namespace lictor::testing
