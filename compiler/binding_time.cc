// One walk over the rules in the order of the strata; the rules of a recursive stratum share the latest time of all.
#include "compiler/binding_time.h"

#include <algorithm>

#include "compiler/core_walk.h"
#include "compiler/strata.h"

namespace lictor {
namespace {

BindingTime later(BindingTime a, BindingTime b) { return std::max(a, b); }

BindingTime of_source(FactSource source) {
  return source == FactSource::kInline ? BindingTime::kLoad : BindingTime::kFact;
}

BindingTime of_entity(const Schema& schema, TypeId type) {
  const Type& entity = schema.types[schema.types.kind(type) == TypeKind::kOptional ? schema.types[type].elem : type];
  if (entity.kind == TypeKind::kUnion) {
    BindingTime out = BindingTime::kLoad;
    for (TypeId member : entity.members) out = later(out, of_entity(schema, member));
    return out;
  }
  return entity.kind == TypeKind::kEntity ? of_source(schema.entities[entity.decl].source) : BindingTime::kLoad;
}

BindingTime of_expr(const Schema& schema, const Expr& expr) {
  BindingTime out = BindingTime::kLoad;
  switch (expr.op) {
    case Op::kField:
    case Op::kNow:
    case Op::kGranted:
      return BindingTime::kRequest;
    case Op::kAttr: {
      TypeId owner = expr.args[0].type;
      if (schema.types.kind(owner) == TypeKind::kOptional) owner = schema.types[owner].elem;
      const EntityDecl& entity = schema.entities[schema.types[owner].decl];
      bool brought = entity.attributes[static_cast<size_t>(expr.n)].from_request;
      out = brought ? BindingTime::kRequest : of_source(entity.source);
      break;
    }
    case Op::kInEntity:
      out = later(of_entity(schema, expr.args[0].type), of_entity(schema, expr.args[1].type));
      break;
    default:
      break;
  }
  for (const Expr& arg : expr.args) out = later(out, of_expr(schema, arg));
  return out;
}

BindingTime of_literal(const Schema& schema, const Literal& literal) {
  BindingTime out = of_expr(schema, literal.expr);
  for (const Arg& arg : literal.args) {
    if (arg.mode == Arg::Mode::kMatch) out = later(out, of_expr(schema, arg.expr));
  }
  for (const Expr& expr : literal.tuple) out = later(out, of_expr(schema, expr));
  if (literal.kind == Literal::Kind::kAtom) out = later(out, schema.relations[literal.relation].time);
  if (literal.kind == Literal::Kind::kInstance) out = later(out, of_source(schema.entities[literal.relation].source));
  if (literal.kind == Literal::Kind::kHierarchy) {
    // The free side has its type from the other one; facts of either type may add to the hierarchy.
    for (const Arg& arg : literal.args) {
      if (arg.mode == Arg::Mode::kMatch) out = later(out, BindingTime::kFact);
    }
  }
  return out;
}

BindingTime of_rule(const Schema& schema, const Rule& rule) {
  BindingTime out = BindingTime::kLoad;
  visit_literals(rule.body, false,
                 [&](const Literal& literal, bool) { out = later(out, of_literal(schema, literal)); });
  for (const Expr& arg : rule.args) out = later(out, of_expr(schema, arg));
  return out;
}

BindingTime base_time(const RelationDecl& relation) {
  if (relation.request != kNoIndex) return BindingTime::kRequest;
  bool only_rules = relation.derived && relation.source == FactSource::kNone;
  return only_rules ? BindingTime::kLoad : of_source(relation.source);
}

/// What reads `now`, by itself or through what it reads and asks.
class NowReaders {
 public:
  explicit NowReaders(const Program& program)
      : program_(program), relations_(program.schema.relations.size()), decisions_(program.decisions.size()) {
    // Decisions ask one another and rules ask decisions: until nothing changes.
    for (bool changed = true; changed;) {
      changed = false;
      for (const Stratum& stratum : program.strata) stratum_reads(stratum);
      for (size_t i = 0; i < program.decisions.size(); ++i) {
        bool reads = decision(program.decisions[i]);
        changed = changed || reads != decisions_[i];
        decisions_[i] = reads;
      }
    }
  }

  bool decision(const Decision& decision) const {
    bool any = false;
    each_root_of_default(decision, [&](const Expr& e) { any = any || expr(e); });
    for (const Clause& clause : decision.clauses) {
      any = any || body(clause.body);
      each_root_of_clause(clause, [&](const Expr& e) { any = any || expr(e); });
    }
    return any;
  }

 private:
  bool expr(const Expr& root) const {
    return any_node(root, [&](const Expr& node) {
      return node.op == Op::kNow || (node.op == Op::kGranted && decisions_[static_cast<size_t>(node.n)]);
    });
  }

  bool body(const Body& body) const {
    bool found = false;
    each_literal_in(body, [&](const Literal& literal) {
      found = found || (literal.kind == Literal::Kind::kAtom && relations_[literal.relation]);
    });
    each_root_in(body, [&](const Expr& e) { found = found || expr(e); });
    return found;
  }

  void stratum_reads(const Stratum& stratum) {
    bool any = std::any_of(stratum.rules.begin(), stratum.rules.end(), [&](uint32_t rule) {
      const Rule& source = program_.rules[rule];
      return body(source.body) ||
             std::any_of(source.args.begin(), source.args.end(), [&](const Expr& arg) { return expr(arg); });
    });
    for (uint32_t relation : stratum.relations) relations_[relation] = any;
  }

  const Program& program_;
  std::vector<bool> relations_, decisions_;
};

}  // namespace

void find_binding_times(Program& program) {
  Schema& schema = program.schema;
  for (RelationDecl& relation : schema.relations) relation.time = base_time(relation);
  for (const Stratum& stratum : program.strata) {
    BindingTime time = BindingTime::kLoad;
    for (uint32_t relation : stratum.relations) time = later(time, schema.relations[relation].time);
    for (uint32_t rule : stratum.rules) time = later(time, of_rule(schema, program.rules[rule]));
    for (uint32_t relation : stratum.relations) schema.relations[relation].time = time;
  }
}

std::vector<bool> decisions_reading_now(const Program& program) {
  NowReaders readers(program);
  std::vector<bool> out;
  for (const Decision& decision : program.decisions) out.push_back(readers.decision(decision));
  for (const Decision& probe : program.probes) out.push_back(readers.decision(probe));
  return out;
}

}  // namespace lictor
