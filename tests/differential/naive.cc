// Facts, strata and decisions of the naive evaluator.
#include "tests/differential/naive.h"

#include <algorithm>
#include <cassert>
#include <functional>
#include <utility>

#include "compiler/core_walk.h"

namespace lictor::testing {

std::string NaiveInstance::text() const {
  static const char* const names[] = {"allow", "deny", "require"};
  return std::string(is_override ? "override " : "") + names[static_cast<int>(outcome)] + " " + id +
         (erred ? " erred" : ": " + reason) +
         (mode == Mode::kWarn      ? " warns"
          : mode == Mode::kObserve ? " seen"
                                   : "");
}

Naive::Naive(const Program& program, std::vector<Datum> params, const FactSet& facts)
    : program_(program), schema_(program.schema), params_(std::move(params)) {
  relations_.resize(schema_.relations.size());
  entities_.resize(schema_.entities.size());
  add_instances(facts);
  for (uint32_t r = 0; r < schema_.relations.size() && r < facts.rows.size(); ++r) {
    int64_t number = 0;
    for (std::vector<Datum> row : facts.rows[r]) {
      if (schema_.relations[r].is_event) row[schema_.relations[r].event_number()].n = number++;
      relations_[r].emplace(key_of(schema_, row), row);
    }
  }
  given_ = relations_;
  std::map<uint32_t, std::set<std::string>> errors;
  run_strata(false, &errors);
  for (const auto& [relation, list] : errors) fact_errors_.insert(list.begin(), list.end());
}

/// Every id that facts mention is an instance, with or without a declaration of its own.
void Naive::mention(const Datum& value) {
  if (value.none) return;
  TypeId type = value.type;
  if (schema_.types.kind(type) == TypeKind::kOptional) type = schema_.types[type].elem;
  if (schema_.types.kind(type) == TypeKind::kEntity)
    entities_[schema_.types[type].decl].emplace(value.text, EntityFact{value.text, {}, {}});
  if (schema_.types.kind(type) == TypeKind::kUnion)
    entities_[static_cast<size_t>(value.n)].emplace(value.text, EntityFact{value.text, {}, {}});
  for (const Datum& item : value.items) mention(item);
}

void Naive::add_instances(const FactSet& facts) {
  std::map<std::string, std::set<std::string>> direct;
  auto key = [](uint32_t type, const std::string& id) {
    return "e" + std::to_string(type) + "/" + std::to_string(id.size()) + ":" + id;
  };
  for (uint32_t e = 0; e < schema_.entities.size() && e < facts.entities.size(); ++e) {
    for (const EntityFact& fact : facts.entities[e]) {
      entities_[e][fact.id] = fact;
      direct[key(e, fact.id)];
      for (const auto& [type, id] : fact.parents) direct[key(e, fact.id)].insert(key(type, id));
    }
  }
  for (const auto& list : facts.entities) {
    for (const EntityFact& fact : list) {
      for (const auto& [type, id] : fact.parents) entities_[type].emplace(id, EntityFact{id, {}, {}});
      for (const Datum& value : fact.attributes) mention(value);
    }
  }
  for (const auto& rows : facts.rows) {
    for (const auto& row : rows) {
      for (const Datum& value : row) mention(value);
    }
  }
  containers_ = direct;
  for (bool changed = true; changed;) {
    changed = false;
    for (auto& [member, groups] : containers_) {
      std::set<std::string> more = groups;
      for (const std::string& group : groups) {
        auto found = containers_.find(group);
        if (found != containers_.end()) more.insert(found->second.begin(), found->second.end());
      }
      if (more.size() != groups.size()) {
        groups = std::move(more);
        changed = true;
      }
    }
  }
}

bool Naive::is_request_time(uint32_t relation) const {
  return schema_.relations[relation].time == BindingTime::kRequest;
}

std::vector<std::vector<Datum>> Naive::rows(uint32_t relation) const {
  std::vector<std::vector<Datum>> out;
  for (const auto& [k, row] : relations_[relation]) out.push_back(row);
  std::sort(out.begin(), out.end(), [&](const auto& a, const auto& b) {
    for (size_t i = 0; i < a.size(); ++i) {
      int order = compare(schema_, a[i], b[i]);
      if (order) return order < 0;
    }
    return false;
  });
  return out;
}

bool Naive::run_rule(const Rule& rule, Scope& scope) {
  scope.slots.assign(rule.frame.variables.size(), std::nullopt);
  scope.frame = &rule.frame;
  std::vector<std::vector<Datum>> found;
  solve(rule.body, 0, scope, [&] {
    std::vector<Datum> row;
    for (const Expr& arg : rule.args) {
      auto value = eval(arg, scope);
      if (!value) return;
      row.push_back(*value);
    }
    found.push_back(std::move(row));
  });
  bool grew = false;
  for (auto& row : found) grew = relations_[rule.head].emplace(key_of(schema_, row), row).second || grew;
  return grew;
}

/// A relation of the stratum with two rows of one key errs.
void Naive::check_keys(const Stratum& stratum, std::map<uint32_t, std::set<std::string>>* errors) {
  for (uint32_t relation : stratum.relations) {
    const RelationDecl& decl = schema_.relations[relation];
    std::set<std::string> keys;
    for (const auto& [k, row] : relations_[relation]) {
      std::vector<Datum> key;
      for (uint32_t column : decl.key) key.push_back(row[column]);
      if (decl.key.empty() || keys.insert(key_of(schema_, key)).second) continue;
      (*errors)[relation].insert("key@" + std::to_string(decl.info.span.begin) + "-" +
                                 std::to_string(decl.info.span.end));
    }
  }
}

std::set<uint32_t> Naive::relations_of(const Decision& decision) const {
  std::set<uint32_t> out;
  std::vector<uint32_t> open;
  auto read = [&](const Body& body) {
    each_literal_in(body, [&](const Literal& literal) {
      if (literal.kind == Literal::Kind::kAtom && out.insert(literal.relation).second) open.push_back(literal.relation);
    });
  };
  for (const Clause& clause : decision.clauses) read(clause.body);
  while (!open.empty()) {
    uint32_t relation = open.back();
    open.pop_back();
    for (const Rule& rule : program_.rules) {
      if (rule.head == relation) read(rule.body);
    }
  }
  return out;
}

/// The other decision in an evaluator of its own: those that walk over relations here are not disturbed.
std::optional<Datum> Naive::granted(const Expr& expr, std::vector<Datum> fields, Scope& scope) {
  Naive asked(*this);
  NaiveDecision other = asked.decide(static_cast<uint32_t>(expr.n), fields, now_);
  if (other.deciding_erred) return fail(expr, "granted", scope);
  Datum out;
  out.type = expr.type;
  out.n = other.outcome == ast::Outcome::kAllow ? 1 : 0;
  return out;
}

void Naive::run_strata(bool request_time, std::map<uint32_t, std::set<std::string>>* errors,
                       const std::set<uint32_t>* needed) {
  for (const Stratum& stratum : program_.strata) {
    if (stratum.rules.empty()) continue;
    if (needed != nullptr && !needed->contains(stratum.relations[0])) continue;
    bool when = is_request_time(program_.rules[stratum.rules[0]].head);
    if (when != request_time) continue;
    std::set<uint32_t> reached;
    for (bool grew = true; grew;) {
      grew = false;
      for (uint32_t r : stratum.rules) {
        Scope scope;
        scope.errors = &(*errors)[program_.rules[r].head];
        scope.reached = &reached;
        grew = run_rule(program_.rules[r], scope) || grew;
      }
    }
    check_keys(stratum, errors);
    std::set<std::string> all;  // what one relation of the stratum read, all of them may show
    for (uint32_t relation : stratum.relations) all.insert((*errors)[relation].begin(), (*errors)[relation].end());
    for (uint32_t relation : reached) all.insert((*errors)[relation].begin(), (*errors)[relation].end());
    for (uint32_t relation : stratum.relations) (*errors)[relation] = all;
  }
}

void Naive::applications(const std::vector<Application>& list, const std::vector<SignatureDecl>& signatures,
                         Scope& scope, std::vector<std::string>& out, std::vector<std::string>* changes) {
  for (const Application& application : list) {
    bool change = application.verb != Verb::kEmit;
    const DeclInfo& info =
        change ? schema_.relations[application.signature].info : signatures[application.signature].info;
    const std::vector<FieldDecl>& params =
        change ? schema_.relations[application.signature].columns : signatures[application.signature].params;
    std::string text = !change ? "" : application.verb == Verb::kInsert ? "insert " : "remove ";
    text += info.name + "(";
    bool ok = true, first = true;
    for (size_t i = 0; i < application.args.size(); ++i) {
      if (i < application.any.size() && application.any[i]) continue;
      auto value = eval(application.args[i], scope);
      ok = ok && value;
      if (value) text += (first ? "" : ", ") + params[i].name + ": " + show_source(schema_, *value);
      first = false;
    }
    text += ")";
    std::vector<std::string>* into = change ? changes : &out;
    if (!ok || into == nullptr) continue;
    size_t from = 0;  // equal changes are one where no other change of their relation stands between
    for (size_t i = 0; change && i < into->size(); ++i) {
      bool of_it = (*into)[i].substr(7).starts_with(info.name + "(");
      if (of_it && (*into)[i] != text) from = i + 1;
    }
    if (std::find(into->begin() + static_cast<long>(from), into->end(), text) == into->end()) into->push_back(text);
  }
}

std::vector<NaiveInstance> Naive::instances_of(const Clause& clause, int number, NaiveDecision& out,
                                               std::map<int, std::map<std::string, Scope>>& scopes) {
  std::set<std::string> errors;
  std::set<uint32_t> reached;
  Scope scope;
  scope.slots.assign(clause.frame.variables.size(), std::nullopt);
  scope.frame = &clause.frame;
  scope.errors = &errors;
  scope.reached = &reached;
  std::map<std::string, NaiveInstance> found;
  solve(clause.body, 0, scope, [&] {
    NaiveInstance instance{number, clause.id, clause.outcome, clause.is_override, false, "", {}};
    for (uint32_t slot : clause.instance) instance.values.push_back(*scope.slots[slot]);
    auto message = eval(clause.message, scope);
    std::vector<std::string> ignored;
    applications(clause.requirements, schema_.requirements, scope, ignored);
    applications(clause.meanwhile, schema_.obligations, scope, ignored);
    applications(clause.then, schema_.obligations, scope, ignored);
    if (!message) return;
    instance.reason = message->text;
    std::string key = key_of(schema_, instance.values);
    if (found.emplace(key, instance).second) scopes[number][key] = scope;
  });
  for (uint32_t relation : reached) {
    const auto& more = request_errors_[relation];
    errors.insert(more.begin(), more.end());
  }
  out.errors.insert(errors.begin(), errors.end());
  if (!errors.empty()) {
    if (clause.outcome == ast::Outcome::kAllow) return {};
    return {NaiveInstance{number, clause.id, clause.outcome, clause.is_override, true, "", {}}};
  }
  std::vector<NaiveInstance> list;
  for (auto& [k, instance] : found) list.push_back(instance);
  std::sort(list.begin(), list.end(), [&](const NaiveInstance& a, const NaiveInstance& b) {
    for (size_t i = 0; i < a.values.size(); ++i) {
      int order = compare(schema_, a.values[i], b.values[i]);
      if (order) return order < 0;
    }
    return false;
  });
  return list;
}

std::vector<Naive::Step> Naive::steps_of(const Decision& decision, const std::vector<NaiveInstance>& rank) {
  using ast::Outcome;
  // a deny or require that erred denies
  auto acts_as = [](const NaiveInstance& one) { return one.erred ? Outcome::kDeny : one.outcome; };
  std::vector<Step> out;
  auto take = [&](const std::vector<NaiveInstance>& from, Outcome outcome) {
    Step step;
    step.outcome = outcome;
    for (const NaiveInstance& one : from) {
      if (acts_as(one) == outcome) step.instances.push_back(one);
    }
    if (!step.instances.empty()) out.push_back(std::move(step));
  };
  auto deny_first = [&](const std::vector<NaiveInstance>& from) {
    for (Outcome outcome : {Outcome::kDeny, Outcome::kRequire, Outcome::kAllow}) take(from, outcome);
  };
  switch (decision.combining) {
    case Combining::kDenyOverrides:
      deny_first(rank);
      break;
    case Combining::kPermitOverrides:
      for (Outcome outcome : {Outcome::kAllow, Outcome::kRequire, Outcome::kDeny}) take(rank, outcome);
      break;
    case Combining::kFirstApplicable:
      for (const NaiveInstance& one : rank) {
        bool same = !out.empty() && out.back().instances[0].clause == one.clause;
        if (same)
          out.back().instances.push_back(one);
        else
          take({one}, acts_as(one));
      }
      break;
    case Combining::kPriority: {
      std::map<int64_t, std::vector<NaiveInstance>, std::greater<>> by_priority;
      for (const NaiveInstance& one : rank) {
        by_priority[decision.clauses[static_cast<size_t>(one.clause)].priority].push_back(one);
      }
      for (const auto& [priority, list] : by_priority) deny_first(list);
      break;
    }
  }
  return out;
}

NaiveDecision Naive::decide(uint32_t number, const std::vector<Datum>& fields, int64_t now) {
  const Decision& decision = program_.decisions[number];
  fields_ = fields;
  request_ = decision.request;
  now_ = now;
  for (uint32_t r = 0; r < relations_.size(); ++r) {
    if (is_request_time(r)) relations_[r] = given_[r];
  }
  request_errors_.clear();
  std::set<uint32_t> needed = relations_of(decision);
  run_strata(true, &request_errors_, &needed);

  NaiveDecision out;
  std::map<int, std::map<std::string, Scope>> scopes;
  std::vector<NaiveInstance> ranks[3];  // override, plain, only observed
  for (size_t c = 0; c < decision.clauses.size(); ++c) {
    const Clause& clause = decision.clauses[c];
    Scope without;
    Mode mode = clause.mode.empty() ? Mode::kEnforce : static_cast<Mode>(eval(clause.mode[0], without)->n);
    std::set<std::string> others = std::exchange(out.errors, {});
    std::vector<NaiveInstance> instances = instances_of(clause, static_cast<int>(c), out, scopes);
    if (mode == Mode::kEnforce && !out.errors.empty()) out.deciding_erred = true;
    if (clause.is_yield && instances.size() > 1) {
      out.errors.insert("yield@" + std::to_string(clause.span.begin) + "-" + std::to_string(clause.span.end));
    }
    if (clause.is_yield && instances.size() == 1)
      out.yields.push_back(clause.id + " = " + show_source(schema_, instances[0].values[0]));
    out.errors.insert(others.begin(), others.end());
    if (clause.is_yield) continue;
    for (NaiveInstance& instance : instances) {
      instance.mode = mode;
      ranks[mode != Mode::kEnforce ? 2 : instance.is_override ? 0 : 1].push_back(instance);
    }
  }

  std::optional<std::vector<NaiveInstance>> winners, pending;
  std::vector<Step> asked;  // up to the one that decides
  std::vector<Step> all;
  out.outcome = decision.default_outcome;
  for (int rank = 0; rank < 2; ++rank) {
    bool required = false;
    for (const Step& step : steps_of(decision, ranks[rank])) {
      all.push_back(step);
      if (winners) continue;
      asked.push_back(step);
      if (step.outcome == ast::Outcome::kRequire) {
        required = true;
        if (!pending) pending = step.instances;
      } else if (step.outcome == ast::Outcome::kAllow) {
        winners = pending ? pending : step.instances;
        out.outcome = pending ? ast::Outcome::kRequire : ast::Outcome::kAllow;
      } else if (!required || decision.combining != Combining::kPermitOverrides) {
        winners = step.instances;
        out.outcome = ast::Outcome::kDeny;
      }
    }
  }

  Scope none;
  std::set<std::string> errors;
  std::set<uint32_t> reached;
  none.errors = &errors;
  none.reached = &reached;
  if (!winners) {
    out.winner.outcome = decision.default_outcome;
    if (auto message = eval(decision.default_message, none)) out.winner.reason = message->text;
    applications(decision.default_requirements, schema_.requirements, none, out.requirements);
    if (decision.default_outcome != ast::Outcome::kRequire)
      applications(decision.default_then, schema_.obligations, none, out.obligations, &out.changes);
  } else {
    out.winner = winners->front();
    for (const NaiveInstance& instance : *winners) {
      if (instance.erred) continue;
      const Clause& clause = decision.clauses[instance.clause];
      Scope& scope = scopes[instance.clause][key_of(schema_, instance.values)];
      scope.errors = &errors;
      scope.reached = &reached;
      bool asks = out.outcome == ast::Outcome::kRequire;
      applications(asks ? clause.meanwhile : clause.then, schema_.obligations, scope, out.obligations, &out.changes);
    }
    if (out.outcome == ast::Outcome::kRequire) {
      for (const Step& step : asked) {
        if (step.outcome != ast::Outcome::kRequire) continue;
        for (const NaiveInstance& instance : step.instances) {
          Scope& scope = scopes[instance.clause][key_of(schema_, instance.values)];
          scope.errors = &errors;
          scope.reached = &reached;
          applications(decision.clauses[instance.clause].requirements, schema_.requirements, scope, out.requirements);
        }
      }
    }
  }
  for (const Step& step : all) {
    for (const NaiveInstance& instance : step.instances) {
      if (winners && instance.text() == out.winner.text() && instance.clause == out.winner.clause &&
          key_of(schema_, instance.values) == key_of(schema_, out.winner.values))
        continue;
      out.also.push_back(instance);
    }
  }
  for (const Step& step : steps_of(decision, ranks[2])) {
    out.observed.insert(out.observed.end(), step.instances.begin(), step.instances.end());
  }
  return out;
}

}  // namespace lictor::testing
