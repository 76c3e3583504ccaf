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
  Encoder(const Schema& schema, const FactSet& facts) : schema_(schema), facts_(facts) {}

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
    for (const EntityFact& fact : facts_.entities[type]) {
      int64_t entity = *out_.values->find_entity(type, fact.id);
      uint32_t number = entity_number_of(entity);
      for (size_t a = 0; a < decl.attributes.size(); ++a) {
        const FieldDecl& field = decl.attributes[a];
        bool given = a < fact.attributes.size();
        int64_t word = given ? to_word(schema_, *out_.values, field.type, fact.attributes[a]) : default_word(field);
        if (seen[number] && entities.columns[a][number] != word) {
          std::string name = decl.info.name + "(" + quote(fact.id) + ")";
          problems_.add(Diag::kFactsDisagree, {name, field.name});
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
    for (const std::vector<Datum>& row : facts_.rows[relation]) {
      for (uint32_t c = 0; c < arity; ++c) words[c] = to_word(schema_, *out_.values, decl.columns[c].type, row[c]);
      if (!rows.insert(words.data()) || decl.key.empty()) continue;
      for (size_t i = 0; i < key.size(); ++i) key[i] = words[decl.key[i]];
      if (!keys.insert(key.data())) key_conflict(decl, row);
    }
  }

  void key_conflict(const RelationDecl& decl, const std::vector<Datum>& row) {
    std::string text;
    for (uint32_t column : decl.key) text += (text.empty() ? "" : ", ") + show_source(schema_, row[column]);
    problems_.add(Diag::kFactsKey, {decl.info.name, "(" + text + ")"});
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
      for (const EntityFact& fact : facts_.entities[type]) look_at(type, fact);
    }
    for (uint32_t relation = 0; relation < facts_.rows.size(); ++relation) {
      if (schema_.relations[relation].synthetic) continue;
      for (const auto& row : facts_.rows[relation]) {
        for (const Datum& value : row) look_at(value, [&] { return row_text(relation, row); });
      }
    }
  }

  std::string row_text(uint32_t relation, const std::vector<Datum>& row) const {
    std::string text;
    for (const Datum& value : row) text += (text.empty() ? "" : ", ") + show_source(schema_, value);
    return schema_.relations[relation].info.name + "(" + text + "): ";
  }

  void look_at(uint32_t type, const EntityFact& fact) {
    auto where = [&] { return schema_.entities[type].info.name + "(" + quote(fact.id) + "): "; };
    for (const auto& [parent, id] : fact.parents) known(parent, id, where);
    for (const Datum& value : fact.attributes) look_at(value, where);
  }

  template <class Where>
  void look_at(const Datum& value, const Where& where) {
    if (value.none) return;
    TypeId type = base_type(schema_, value.type);
    if (schema_.types.kind(type) == TypeKind::kEntity) known(schema_.types[type].decl, value.text, where);
    for (const Datum& item : value.items) look_at(item, where);
  }

  template <class Where>
  void known(uint32_t type, const std::string& id, const Where& where) {
    const EntityDecl& decl = schema_.entities[type];
    if (!decl.closed) return;
    auto word = out_.values->find_entity(type, id);
    if (word && entity_number_of(*word) <= out_.entities[type].declared) return;
    problems_.add(Diag::kFactsInstance, {where(), decl.info.name, quote(id)});
  }

  const Schema& schema_;
  const FactSet& facts_;
  BaseFacts out_;
  Problems problems_;
};

}  // namespace

Result<BaseFacts> encode_facts(const Schema& schema, const FactSet& facts) { return Encoder(schema, facts).run(); }

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
  for (size_t relation = 0; relation < plan.rows.size(); ++relation) {
    for (const FactRow& row : plan.rows[relation]) facts.rows[relation].push_back(row.values);
  }
  return facts;
}

}  // namespace lictor
