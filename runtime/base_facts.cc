// Instances that are given are numbered before any that is only mentioned, so the two stay apart.
#include "runtime/base_facts.h"

#include <algorithm>

#include "compiler/literals.h"
#include "runtime/problems.h"
#include "runtime/values.h"

namespace lictor {
namespace {

class Encoder {
 public:
  Encoder(const Schema& schema, const FactSet& facts, const Plan* plan) : schema_(schema), facts_(facts), plan_(plan) {}

  Result<BaseFacts> run() {
    out_.values = std::make_unique<ValueTable>(static_cast<uint32_t>(schema_.entities.size()), nullptr);
    out_.entities.resize(schema_.entities.size());
    number_instances();
    for (uint32_t type = 0; type < facts_.entities.size(); ++type) encode_instances(type);
    out_.rows.resize(schema_.relations.size());
    encode_relations(false);
    out_.values->freeze_entities();
    encode_relations(true);  // what only the policy names is no instance
    std::sort(out_.edges.begin(), out_.edges.end());
    out_.edges.erase(std::unique(out_.edges.begin(), out_.edges.end()), out_.edges.end());
    for (uint32_t type = 0; type < schema_.entities.size(); ++type) finish(type);
    find_unknown();
    if (plan_ != nullptr) find_undeclared();
    if (problems_.any()) return std::unexpected(problems_.error("the facts are not consistent"));
    return std::move(out_);
  }

 private:
  void number_instances() {
    for (uint32_t type = 0; type < facts_.entities.size(); ++type) {
      for (const EntityFact& fact : facts_.entities[type]) out_.values->entity(type, fact.id);
      out_.entities[type].declared = out_.values->numbered(type);
    }
  }

  int64_t default_word(const FieldDecl& field) {
    return field.default_value ? to_word(schema_, *out_.values, field.type, *field.default_value) : kNoneWord;
  }

  void encode_instances(uint32_t type) {
    const EntityDecl& decl = schema_.entities[type];
    BaseEntities& entities = out_.entities[type];
    size_t size = entities.declared + size_t{1};
    entities.columns.assign(decl.attributes.size(), std::vector<int64_t>(size, kNoneWord));
    std::vector<bool> seen(size, false);
    for (size_t i = 0; i < facts_.entities[type].size(); ++i) {
      const EntityFact& fact = facts_.entities[type][i];
      int64_t entity = *out_.values->find_entity(type, fact.id);
      uint32_t number = entity_number_of(entity);
      for (size_t a = 0; a < decl.attributes.size(); ++a) {
        const FieldDecl& field = decl.attributes[a];
        bool given = a < fact.attributes.size();
        int64_t word = given ? to_word(schema_, *out_.values, field.type, fact.attributes[a]) : default_word(field);
        if (seen[number] && entities.columns[a][number] != word) {
          std::string name = decl.info.name + "(" + quote(fact.id) + ")";
          problems_.add(Diag::kFactsDisagree, {name, field.name}, place_of(true, type, i));
        }
        entities.columns[a][number] = word;
      }
      seen[number] = true;
      for (const auto& [parent, id] : fact.parents) out_.edges.emplace_back(entity, out_.values->entity(parent, id));
    }
  }

  void finish(uint32_t type) {
    const EntityDecl& decl = schema_.entities[type];
    BaseEntities& entities = out_.entities[type];
    entities.known = out_.values->known(type);
    entities.columns.resize(decl.attributes.size());
    for (size_t a = 0; a < decl.attributes.size(); ++a) {
      std::vector<int64_t>& column = entities.columns[a];
      if (column.empty()) column.push_back(kNoneWord);
      column.resize(entities.known + size_t{2}, default_word(decl.attributes[a]));
    }
  }

  void encode_relations(bool synthetic) {
    for (uint32_t relation = 0; relation < schema_.relations.size(); ++relation) {
      if (schema_.relations[relation].synthetic == synthetic) encode_rows(relation);
    }
  }

  void encode_rows(uint32_t relation) {
    const RelationDecl& decl = schema_.relations[relation];
    auto arity = static_cast<uint32_t>(decl.columns.size());
    out_.rows[relation] = std::make_unique<RowStore>(arity);
    if (relation >= facts_.rows.size()) return;
    RowStore& rows = *out_.rows[relation];
    rows.reserve(facts_.rows[relation].size());
    RowStore keys(static_cast<uint32_t>(decl.key.size()));
    std::vector<int64_t> words(arity);
    std::vector<int64_t> key(decl.key.size());
    for (size_t r = 0; r < facts_.rows[relation].size(); ++r) {
      const std::vector<Datum>& row = facts_.rows[relation][r];
      for (uint32_t c = 0; c < arity; ++c) words[c] = to_word(schema_, *out_.values, decl.columns[c].type, row[c]);
      if (decl.is_event) words[decl.event_number()] = static_cast<int64_t>(r);
      if (!rows.insert(words.data()) || decl.key.empty()) continue;
      for (size_t i = 0; i < key.size(); ++i) key[i] = words[decl.key[i]];
      if (!keys.insert(key.data())) key_conflict(relation, r);
    }
  }

  void key_conflict(uint32_t relation, size_t row) {
    const RelationDecl& decl = schema_.relations[relation];
    std::string text;
    for (uint32_t column : decl.key) {
      text += (text.empty() ? "" : ", ") + show_source(schema_, facts_.rows[relation][row][column]);
    }
    problems_.add(Diag::kFactsKey, {decl.info.name, "(" + text + ")"}, place_of(false, relation, row));
  }

  /// Where an instance or a row was given, as far as that is known.
  Place place_of(bool entity, uint32_t number, size_t index) const {
    const FactOrigin* origin = nullptr;
    for (const FactOrigin& one : facts_.origins) {
      if (one.entity == entity && one.number == number && one.first <= index) origin = &one;
    }
    if (origin == nullptr) return {};
    size_t at = index - origin->first;
    if (!origin->file.empty()) {
      uint32_t line = at < origin->lines.size() ? origin->lines[at] : 0;
      return {origin->file, line, line == 0 ? 0u : 1u, line, line == 0 ? 0u : 1u};
    }
    if (plan_ == nullptr || !plan_->sources) return {};
    if (entity && number < plan_->instances.size() && at < plan_->instances[number].size())
      return plan_->sources->place(plan_->instances[number][at].span);
    if (!entity && number < plan_->rows.size() && at < plan_->rows[number].size())
      return plan_->sources->place(plan_->rows[number][at].span);
    return {};
  }

  // ---- ids that a closed type does not have -------------------------------------------------------------------------

  void find_unknown() {
    bool some = false;
    for (uint32_t type = 0; type < schema_.entities.size(); ++type) {
      const BaseEntities& entities = out_.entities[type];
      some = some || (schema_.entities[type].closed && entities.known > entities.declared);
    }
    if (!some) return;
    for (uint32_t type = 0; type < facts_.entities.size(); ++type) {
      for (size_t i = 0; i < facts_.entities[type].size(); ++i) look_at(type, i);
    }
    for (uint32_t relation = 0; relation < facts_.rows.size(); ++relation) {
      if (schema_.relations[relation].synthetic) continue;
      for (size_t i = 0; i < facts_.rows[relation].size(); ++i) {
        const std::vector<Datum>& row = facts_.rows[relation][i];
        auto where = [&] { return std::pair(row_text(relation, row), place_of(false, relation, i)); };
        for (const Datum& value : row) look_at(value, where);
      }
    }
  }

  std::string row_text(uint32_t relation, const std::vector<Datum>& row) const {
    std::string text;
    for (const Datum& value : row) text += (text.empty() ? "" : ", ") + show_source(schema_, value);
    return schema_.relations[relation].info.name + "(" + text + "): ";
  }

  void look_at(uint32_t type, size_t index) {
    const EntityFact& fact = facts_.entities[type][index];
    auto where = [&] {
      return std::pair(schema_.entities[type].info.name + "(" + quote(fact.id) + "): ", place_of(true, type, index));
    };
    for (const auto& [parent, id] : fact.parents) known(parent, id, where);
    for (const Datum& value : fact.attributes) look_at(value, where);
  }

  template <class Where>
  void look_at(const Datum& value, const Where& where) {
    if (uint32_t type = entity_of(schema_, value); type != kNoIndex) known(type, value.text, where);
    for (const Datum& item : value.items) look_at(item, where);
  }

  bool declared(uint32_t type, const std::string& id) const {
    if (!schema_.entities[type].closed) return true;
    auto word = out_.values->find_entity(type, id);
    return word && entity_number_of(*word) <= out_.entities[type].declared;
  }

  template <class Where>
  void known(uint32_t type, const std::string& id, const Where& where) {
    if (declared(type, id)) return;
    auto [text, place] = where();
    problems_.add(Diag::kFactsInstance, {text, schema_.entities[type].info.name, quote(id)}, place);
  }

  // ---- instances that parameters and the policy's text read ---------------------------------------------------------

  void find_undeclared() {
    for (size_t i = 0; i < plan_->params.size(); ++i) look_at_param(i, plan_->params[i]);
    for (const ReadInstance& one : plan_->read_instances) {
      if (declared(one.entity, one.id)) continue;
      Place place = plan_->sources ? plan_->sources->place(one.span) : Place{};
      problems_.add(Diag::kFactsRead, {schema_.entities[one.entity].info.name + "(" + quote(one.id) + ")"}, place);
    }
  }

  void look_at_param(size_t param, const Datum& value) {
    if (value.none) return;
    for (const Datum& item : value.items) look_at_param(param, item);
    uint32_t type = entity_of(schema_, value);
    if (type == kNoIndex || declared(type, value.text)) return;
    problems_.add(Diag::kUnknownParamInstance, {schema_.params[param].info.name, show_source(schema_, value)});
  }

  const Schema& schema_;
  const FactSet& facts_;
  const Plan* plan_;
  BaseFacts out_;
  Problems problems_;
};

}  // namespace

Result<BaseFacts> encode_facts(const Schema& schema, const FactSet& facts, const Plan* plan) {
  return Encoder(schema, facts, plan).run();
}

Result<void> check_facts(const Schema& schema, FactSet& facts) {
  facts.entities.resize(schema.entities.size());
  facts.rows.resize(schema.relations.size());
  auto encoded = encode_facts(schema, facts);
  if (!encoded) return std::unexpected(std::move(encoded.error()));
  return {};
}

FactSet inline_facts(const Plan& plan) {
  FactSet facts;
  facts.entities.resize(plan.schema.entities.size());
  facts.rows.resize(plan.schema.relations.size());
  for (size_t type = 0; type < plan.instances.size(); ++type) {
    for (const InstanceFact& instance : plan.instances[type]) {
      EntityFact fact{instance.id, instance.attributes, {}};
      for (const Datum& parent : instance.parents) {
        fact.parents.emplace_back(plan.schema.types[base_type(plan.schema, parent.type)].decl, parent.text);
      }
      facts.entities[type].push_back(std::move(fact));
    }
  }
  for (uint32_t type = 0; type < plan.instances.size(); ++type) {
    if (!plan.instances[type].empty()) facts.origins.push_back({type, true, 0, "", {}});
  }
  for (uint32_t relation = 0; relation < plan.rows.size(); ++relation) {
    if (!plan.rows[relation].empty()) facts.origins.push_back({relation, false, 0, "", {}});
    for (const FactRow& row : plan.rows[relation]) facts.rows[relation].push_back(row.values);
  }
  return facts;
}

}  // namespace lictor
