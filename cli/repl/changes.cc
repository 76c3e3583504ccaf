#include "cli/repl/changes.h"

#include "cli/rows.h"

namespace lictor::cli {
namespace {

void give(const Program& program, const Test& test, FactSet& facts) {
  for (const TestStatement& given : test.statements) {
    if (given.kind != ast::StatementKind::kGiven) continue;
    if (given.entity == kNoIndex) {
      facts.rows[given.relation].push_back(given.row.values);
      continue;
    }
    EntityFact fact{given.instance.id, given.instance.attributes, {}};
    for (const Datum& parent : given.instance.parents)
      fact.parents.emplace_back(program.schema.types[parent.type].decl, parent.text);
    // Given again, an instance is what was said last.
    std::erase_if(facts.entities[given.entity], [&](const EntityFact& known) { return known.id == fact.id; });
    facts.entities[given.entity].push_back(std::move(fact));
  }
}

Result<void> forget(const Bundle& bundle, const std::string& pattern, FactSet& facts) {
  Result<Query> query = analyze_query(bundle.analysis, pattern);
  if (!query) return std::unexpected(query.error());
  const Schema& schema = bundle.analysis.program.schema;
  size_t gone = 0;
  if (query->entity != kNoIndex) {
    TypeId type = *schema.types.find_entity_type(query->entity);
    gone = std::erase_if(facts.entities[query->entity], [&](const EntityFact& fact) {
      Datum self;
      self.type = type;
      self.text = fact.id;
      return matches(schema, *query, {std::move(self)}, INT64_MIN);
    });
  } else {
    const RelationDecl& relation = schema.relations[query->relation];
    if (relation.derived)
      return fail(ErrorKind::kUsage, "`" + relation.info.name + "` follows from rules; forget what they read");
    gone = std::erase_if(facts.rows[query->relation],
                         [&](const Row& row) { return matches(schema, *query, row, INT64_MIN); });
  }
  if (gone == 0) return fail(ErrorKind::kNotFound, "there is no such fact: `" + pattern + "`");
  facts.origins.clear();  // they count instances and rows
  return {};
}

}  // namespace

Result<void> apply_changes(const Bundle& bundle, const std::string& module, const std::vector<Change>& changes,
                           FactSet& facts) {
  const Program& program = bundle.analysis.program;
  auto test = program.tests.begin();
  for (const Change& change : changes) {
    switch (change.kind) {
      case Change::Kind::kGiven:
        while (test != program.tests.end() && test->module != module) ++test;
        if (test == program.tests.end()) return fail(ErrorKind::kInternal, "a given fact was lost");
        give(program, *test++, facts);
        break;
      case Change::Kind::kForget:
        if (auto done = forget(bundle, change.text, facts); !done) return done;
        break;
      case Change::Kind::kFile:
        if (auto done = add_facts_file(program.schema, change.text, facts, bundle.fact_limits); !done) return done;
        break;
    }
  }
  return {};
}

}  // namespace lictor::cli
