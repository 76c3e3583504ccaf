// One walk over the rules in the order of the strata; the rules of a recursive stratum share the latest time of all.
#include "compiler/binding_time.h"

#include <algorithm>

#include "compiler/strata.h"

namespace lictor {
namespace {

BindingTime later(BindingTime a, BindingTime b) { return std::max(a, b); }

BindingTime of_source(FactSource source) {
  return source == FactSource::kInline ? BindingTime::kLoad : BindingTime::kFact;
}

BindingTime of_entity(const Schema& schema, TypeId type) {
  const Type& entity = schema.types[schema.types.kind(type) == TypeKind::kOptional ? schema.types[type].elem : type];
  return entity.kind == TypeKind::kEntity ? of_source(schema.entities[entity.decl].source) : BindingTime::kLoad;
}

BindingTime of_expr(const Schema& schema, const Expr& expr) {
  BindingTime out = BindingTime::kLoad;
  switch (expr.op) {
    case Op::kField:
    case Op::kNow:
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

bool body_reads_now(const Body& body, const std::vector<bool>& relations) {
  bool found = false;
  visit_literals(body, false, [&](const Literal& literal, bool) {
    found = found || reads_now(literal.expr) || (literal.kind == Literal::Kind::kAtom && relations[literal.relation]) ||
            std::any_of(literal.tuple.begin(), literal.tuple.end(), reads_now) ||
            std::any_of(literal.args.begin(), literal.args.end(),
                        [](const Arg& arg) { return arg.mode == Arg::Mode::kMatch && reads_now(arg.expr); });
  });
  return found;
}

bool any_reads_now(const std::vector<Application>& applications) {
  return std::any_of(applications.begin(), applications.end(), [](const Application& application) {
    return std::any_of(application.args.begin(), application.args.end(), reads_now);
  });
}

std::vector<bool> relations_reading_now(const Program& program) {
  std::vector<bool> out(program.schema.relations.size());
  for (const Stratum& stratum : program.strata) {
    bool any = std::any_of(stratum.rules.begin(), stratum.rules.end(), [&](uint32_t rule) {
      const Rule& source = program.rules[rule];
      return body_reads_now(source.body, out) || std::any_of(source.args.begin(), source.args.end(), reads_now);
    });
    for (uint32_t relation : stratum.relations) out[relation] = any;
  }
  return out;
}

}  // namespace

bool reads_now(const Expr& expr) {
  return expr.op == Op::kNow || std::any_of(expr.args.begin(), expr.args.end(), reads_now);
}

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
  std::vector<bool> relations = relations_reading_now(program);
  std::vector<bool> out;
  auto add = [&](const Decision& decision) {
    bool any = reads_now(decision.default_message) || any_reads_now(decision.default_requirements) ||
               any_reads_now(decision.default_then);
    for (const Clause& clause : decision.clauses) {
      any = any || body_reads_now(clause.body, relations) || reads_now(clause.message) ||
            any_reads_now(clause.requirements) || any_reads_now(clause.meanwhile) || any_reads_now(clause.then);
    }
    out.push_back(any);
  };
  for (const Decision& decision : program.decisions) add(decision);
  for (const Decision& probe : program.probes) add(probe);
  return out;
}

}  // namespace lictor
