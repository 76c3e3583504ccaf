// The plan as text: one step a line, nested pipelines indented, variables by name.
//
//   scan complexity by #0 (action = r.action, _, level -> n)
//   filter a.maturity >= m
#include <unordered_map>

#include "compiler/plan.h"
#include "compiler/plan_walk.h"

namespace lictor {
namespace {

constexpr size_t kMostRows = 20;  // of a table, before the dump only counts them

const char* infix(Op op) {
  switch (op) {
    case Op::kAdd:
      return "+";
    case Op::kSub:
      return "-";
    case Op::kMul:
      return "*";
    case Op::kDiv:
      return "/";
    case Op::kMod:
      return "mod";
    case Op::kDecMul:
      return "*.";
    case Op::kDecDiv:
      return "/.";
    case Op::kEq:
      return "==";
    case Op::kNe:
      return "!=";
    case Op::kLt:
    case Op::kTextLt:
      return "<";
    case Op::kLe:
    case Op::kTextLe:
      return "<=";
    case Op::kAnd:
      return "and";
    case Op::kOr:
      return "or";
    case Op::kCoalesce:
      return "??";
    case Op::kInEntity:
    case Op::kInSet:
    case Op::kInList:
    case Op::kInMap:
      return "in";
    default:
      return nullptr;
  }
}

const char* aggregate_name(Aggregate aggregate) {
  constexpr const char* kNames[] = {"count", "sum", "min", "max", "avg", "percentile", "collect"};
  return kNames[static_cast<size_t>(aggregate)];
}

const char* outcome_text(ast::Outcome outcome) {
  constexpr const char* kNames[] = {"allow", "deny", "require"};
  return kNames[static_cast<size_t>(outcome)];
}

/// What a frame's slots and the request's fields are called. A name that stands twice carries its slot.
class Names {
 public:
  Names(const Schema& schema, const std::vector<std::string>& slots, uint32_t request)
      : schema_(schema), slots_(slots), request_(request) {
    for (const std::string& name : slots) ++count_[name];
  }

  std::string slot(uint64_t slot) const {
    if (slot >= slots_.size()) return "slot" + std::to_string(slot);
    const std::string& name = slots_[slot];
    return count_.at(name) == 1 ? name : name + "." + std::to_string(slot);
  }

  std::string field(uint64_t field) const {
    if (request_ >= schema_.requests.size() || field >= schema_.requests[request_].fields.size()) {
      return "request." + std::to_string(field);
    }
    return "request." + schema_.requests[request_].fields[field].name;
  }

  const Schema& schema() const { return schema_; }

 private:
  const Schema& schema_;
  const std::vector<std::string>& slots_;
  uint32_t request_;
  std::unordered_map<std::string, uint32_t> count_;
};

class Printer {
 public:
  explicit Printer(const Plan& plan) : plan_(plan), schema_(plan.schema) {}

  std::string run() {
    section("params", plan_.params.size(), [&](size_t i) {
      line(1, schema_.params[i].info.qualified() + " = " + show_source(schema_, plan_.params[i]));
    });
    section("constants", plan_.constants.size(),
            [&](size_t i) { line(1, "#" + std::to_string(i) + " " + show_source(schema_, plan_.constants[i])); });
    section("indexes", plan_.indexes.size(), [&](size_t i) { index(i); });
    tables();
    section("strata", plan_.strata.size(), [&](size_t i) { stratum(i, plan_.strata[i]); });
    section("request strata", plan_.request_strata.size(), [&](size_t i) { stratum(i, plan_.request_strata[i]); });
    section("views", plan_.views.size(), [&](size_t i) { view(plan_.views[i]); });
    section("watches", schema_.watches.size(), [&](size_t i) { watch(schema_.watches[i]); });
    for (const DecisionPlan& decision : plan_.decisions) this->decision(decision);
    return std::move(out_);
  }

 private:
  void line(size_t indent, const std::string& text) {
    out_.append(2 * indent, ' ');
    out_ += text;
    out_ += '\n';
  }

  void watch(const WatchDecl& watch) {
    auto decision = [&](uint32_t index) { return plan_.decisions[index].decision.info.name; };
    Datum hold;
    hold.type = kDurationType;
    hold.n = watch.hold;
    line(1, schema_.relations[watch.relation].info.name + " for " + show(schema_, hold) + ": " + decision(watch.entry) +
                ", " + decision(watch.exit));
  }

  template <class Fn>
  void section(const char* title, size_t count, Fn&& item) {
    if (count == 0) return;
    line(0, title);
    for (size_t i = 0; i < count; ++i) item(i);
  }

  std::string relation_name(uint32_t relation) const {
    return relation < schema_.relations.size() ? schema_.relations[relation].info.name : "relation?";
  }

  std::string column_name(uint32_t relation, size_t column) const {
    if (relation >= schema_.relations.size()) return "?";
    const auto& columns = schema_.relations[relation].columns;
    return column < columns.size() ? columns[column].name : "?";
  }

  void index(size_t i) {
    const Index& index = plan_.indexes[i];
    std::string text = "#" + std::to_string(i) + " " + relation_name(index.relation) + "(";
    for (size_t c = 0; c < index.columns.size(); ++c) {
      text += (c == 0 ? "" : ", ") + column_name(index.relation, index.columns[c]);
    }
    line(1, text + ")" + (index.unique ? " unique" : ""));
  }

  void tables() {
    for (uint32_t r = 0; r < schema_.relations.size(); ++r) {
      const RelationDecl& relation = schema_.relations[r];
      if (!relation.synthetic) continue;
      std::string columns;
      for (const FieldDecl& column : relation.columns) {
        columns += (columns.empty() ? "" : ", ") + column.name + ": " + type_name(schema_, column.type);
      }
      line(0, "table " + relation.info.name + "(" + columns + ")");
      const auto& rows = plan_.rows[r];
      for (size_t i = 0; i < rows.size() && i < kMostRows; ++i) line(1, row(rows[i]));
      if (rows.size() > kMostRows) line(1, "... " + std::to_string(rows.size()) + " rows");
    }
  }

  std::string row(const FactRow& row) const {
    std::string text;
    for (const Datum& value : row.values) text += (text.empty() ? "" : ", ") + show_source(schema_, value);
    return "(" + text + ")";
  }

  void stratum(size_t i, const StratumPlan& stratum) {
    std::string text = std::to_string(i) + ":";
    for (uint32_t relation : stratum.relations) text += " " + relation_name(relation);
    line(1, text + (stratum.recursive ? " recursive" : ""));
    for (const RulePlan& rule : stratum.rules) {
      uint32_t request = rule.head < schema_.relations.size() ? schema_.relations[rule.head].request : kNoIndex;
      Names names(schema_, rule.slot_names, request);
      pipeline(2, "rule " + std::to_string(rule.rule) + " " + relation_name(rule.head), rule.pipeline, names);
      for (const Pipeline& delta : rule.deltas) pipeline(3, "delta", delta, names);
    }
  }

  void view(const View& view) {
    Names names(schema_, view.slot_names, view.request);
    std::string text = view.name + "(";
    for (uint32_t i = 0; i < view.inputs; ++i) text += (i == 0 ? "" : ", ") + names.slot(i);
    line(1, text + ")");
    for (const Pipeline& alternative : view.alternatives) pipeline(2, "alternative", alternative, names);
  }

  void decision(const DecisionPlan& decision) {
    line(0, "decision " + decision.decision.info.name + (decision.uses_now ? " uses now" : ""));
    if (!decision.request_strata.empty()) {
      std::string text = "request strata";
      for (uint32_t stratum : decision.request_strata) text += " " + std::to_string(stratum);
      line(1, text);
    }
    for (const BoundRow& row : decision.bound_rows) bound_row(decision, row);
    for (const ClauseGroup& group : decision.groups) this->group(decision, group);
    std::vector<bool> grouped(decision.clauses.size());
    for (const ClauseGroup& group : decision.groups) {
      for (uint32_t clause : group.clauses) {
        if (clause < grouped.size()) grouped[clause] = true;
      }
    }
    for (size_t i = 0; i < grouped.size(); ++i) {
      if (!grouped[i]) line(1, "never " + decision.clauses[i].clause.id);
    }
  }

  void bound_row(const DecisionPlan& decision, const BoundRow& row) {
    const auto& fields = schema_.requests[decision.decision.request].fields;
    std::string text = "bound row of " + (row.field < fields.size() ? fields[row.field].name : "field?");
    if (row.index < plan_.indexes.size()) {
      text += " in " + schema_.relations[plan_.indexes[row.index].relation].info.name;
    }
    line(1, text);
  }

  void group(const DecisionPlan& decision, const ClauseGroup& group) {
    std::string text = group.observed ? "observed " : "";
    text += std::string(group.is_override ? "override " : "") + outcome_text(group.outcome);
    for (size_t i = 0; i < group.clauses.size() && i < kMostRows; ++i) {
      uint32_t clause = group.clauses[i];
      text += " " + (clause < decision.clauses.size() ? decision.clauses[clause].clause.id : "clause?");
    }
    if (group.clauses.size() > kMostRows) text += " ... " + std::to_string(group.clauses.size()) + " clauses";
    Names names(schema_, group.slot_names, decision.decision.request);
    pipeline(1, text, group.pipeline, names);
    for (uint32_t clause : group.clauses) mentions(decision, clause);
  }

  void mentions(const DecisionPlan& decision, uint32_t clause) {
    if (clause >= decision.clauses.size() || decision.clauses[clause].mentions.empty()) return;
    std::string text = decision.clauses[clause].clause.id + " errs with";
    for (uint32_t relation : decision.clauses[clause].mentions) text += " " + relation_name(relation);
    line(2, text);
  }

  void pipeline(size_t indent, const std::string& title, const Pipeline& pipeline, const Names& names) {
    line(indent, title + (pipeline.can_err ? " errs" : "") + (pipeline.single ? " single" : ""));
    steps(indent + 1, pipeline, names);
    std::string text;
    for (const Expr& expr : pipeline.emit) text += (text.empty() ? "" : ", ") + this->expr(expr, names);
    if (!pipeline.emit.empty()) line(indent + 1, "emit " + text);
  }

  void steps(size_t indent, const Pipeline& pipeline, const Names& names) {
    for (const Step& step : pipeline.steps) {
      line(indent, this->step(step, names));
      for (const Pipeline& body : step.bodies) {
        if (step.bodies.size() > 1 || body.can_err) line(indent + 1, body.can_err ? "body errs" : "body");
        steps(indent + (step.bodies.size() > 1 || body.can_err ? 2 : 1), body, names);
      }
    }
  }

  std::string step(const Step& step, const Names& names) {
    std::string text = name(step.op);
    switch (step.op) {
      case StepOp::kScan:
        if (step.delta) text += " delta";
        text += " " + relation_name(step.relation);
        if (step.index != kNoIndex) text += " by #" + std::to_string(step.index);
        return text + " " + columns(step, names);
      case StepOp::kInstances:
        return text + " " + entity_name(step.relation) + " " + arg(step.args[0], names);
      case StepOp::kCall: {
        text += " " + (step.view < plan_.views.size() ? plan_.views[step.view].name : "view?");
        return text + "(" + list(step.inputs, names) + ")" + args(step, names);
      }
      case StepOp::kMember:
        return text + args(step, names) + " of " + expr(step.expr, names);
      case StepOp::kContainers:
      case StepOp::kMembers:
        return text + " " + entity_name(step.relation) + args(step, names) + " of " + expr(step.expr, names);
      case StepOp::kFilter:
        return text + " " + expr(step.expr, names);
      case StepOp::kLet:
      case StepOp::kSome:
        return text + " " + names.slot(step.slot) + " = " + expr(step.expr, names);
      case StepOp::kAny:
        return step.negated ? "not any" : text;
      case StepOp::kLookup:
        return text + " " + names.slot(step.slot) + " = " + list(step.tuple, names);
      case StepOp::kAggregate: {
        text += std::string(" ") + aggregate_name(step.aggregate);
        if (step.aggregate == Aggregate::kPercentile) text += " " + std::to_string(step.percentile);
        return text + (step.can_err ? " errs" : "") + args(step, names) + " over " + list(step.tuple, names);
      }
    }
    return text;
  }

  std::string entity_name(uint32_t entity) const {
    return entity < schema_.entities.size() ? schema_.entities[entity].info.name : "entity?";
  }

  std::string arg(const Arg& arg, const Names& names) {
    if (arg.mode == Arg::Mode::kIgnore) return "_";
    if (arg.mode == Arg::Mode::kBind) return "-> " + names.slot(arg.slot);
    return "= " + expr(arg.expr, names);
  }

  std::string args(const Step& step, const Names& names) {
    std::string text;
    for (const Arg& each : step.args) text += (text.empty() ? " " : ", ") + arg(each, names);
    return text;
  }

  std::string columns(const Step& step, const Names& names) {
    std::string text;
    for (size_t i = 0; i < step.args.size(); ++i) {
      const Arg& each = step.args[i];
      if (i != 0) text += ", ";
      if (each.mode != Arg::Mode::kIgnore) text += column_name(step.relation, i) + " ";
      text += arg(each, names);
    }
    return "(" + text + ")";
  }

  std::string list(const std::vector<Expr>& exprs, const Names& names) {
    std::string text;
    for (const Expr& each : exprs) text += (text.empty() ? "" : ", ") + expr(each, names);
    return text;
  }

  std::string attribute_name(const Expr& expr) const {
    TypeId type = expr.args[0].type;
    if (schema_.types.kind(type) == TypeKind::kOptional) type = schema_.types[type].elem;
    const Type& of = schema_.types[type];
    auto at = static_cast<size_t>(expr.n);
    if (of.kind == TypeKind::kEntity && at < schema_.entities[of.decl].attributes.size()) {
      return schema_.entities[of.decl].attributes[at].name;
    }
    if (of.kind == TypeKind::kRecord && at < schema_.records[of.decl].fields.size()) {
      return schema_.records[of.decl].fields[at].name;
    }
    return std::to_string(expr.n);
  }

  std::string expr(const Expr& expr, const Names& names) {
    switch (expr.op) {
      case Op::kConst:
        return expr.constant ? show_source(schema_, *expr.constant) : "const?";
      case Op::kSlot:
        return names.slot(static_cast<uint64_t>(expr.n));
      case Op::kField:
        return names.field(static_cast<uint64_t>(expr.n));
      case Op::kParam:
        return "param." + std::to_string(expr.n);
      case Op::kNow:
        return "now";
      case Op::kAttr:
      case Op::kRecordField:
        if (expr.args.size() == 1) return this->expr(expr.args[0], names) + "." + attribute_name(expr);
        break;
      case Op::kIs:
        if (expr.args.size() == 1 && static_cast<size_t>(expr.n) < schema_.entities.size())
          return "(" + this->expr(expr.args[0], names) + " is " +
                 schema_.entities[static_cast<size_t>(expr.n)].info.name + ")";
        break;
      case Op::kAs:
        if (expr.args.size() == 1)
          return "(" + this->expr(expr.args[0], names) + " as " + type_name(schema_, expr.type) + ")";
        break;
      case Op::kNot:
        if (expr.args.size() == 1) return "not " + this->expr(expr.args[0], names);
        break;
      default:
        break;
    }
    const char* sign = infix(expr.op);
    std::string mark = expr.can_err ? "!" : "";
    if (sign != nullptr && expr.args.size() == 2) {
      return "(" + this->expr(expr.args[0], names) + " " + sign + mark + " " + this->expr(expr.args[1], names) + ")";
    }
    return info(expr.op).name + mark + "(" + list(expr.args, names) + ")";
  }

  const Plan& plan_;
  const Schema& schema_;
  std::string out_;
};

}  // namespace

std::string dump(const Plan& plan) { return Printer(plan).run(); }

}  // namespace lictor
