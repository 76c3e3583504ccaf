#include "cli/rows.h"

#include <algorithm>
#include <iterator>

#include "compiler/rows_probe.h"

namespace lictor::cli {
namespace {

/// An instance as a row: itself, then its attributes.
std::vector<Row> instance_rows(const Engine& engine, uint32_t entity) {
  std::vector<Row> rows;
  TypeId type = *engine.plan().schema.types.find_entity_type(entity);
  for (EntityFact& fact : engine.instances(entity)) {
    Row& row = rows.emplace_back();
    Datum self;
    self.type = type;
    self.text = fact.id;
    row.push_back(std::move(self));
    std::move(fact.attributes.begin(), fact.attributes.end(), std::back_inserter(row));
  }
  return rows;
}

/// Columns to show: all, but a variable that stands twice once.
std::vector<uint32_t> shown_columns(const Query& query) {
  std::vector<uint32_t> out;
  for (uint32_t i = 0; i < query.columns.size(); ++i) {
    bool repeats =
        std::any_of(query.equal.begin(), query.equal.end(), [&](const auto& pair) { return pair.second == i; });
    if (!repeats) out.push_back(i);
  }
  return out;
}

}  // namespace

Result<std::vector<Row>> rows_at(Engine& engine, uint32_t relation, int64_t now) {
  const RelationDecl& decl = engine.plan().schema.relations[relation];
  if (!depends_on_time(decl)) return engine.rows(relation);
  const std::vector<DecisionPlan>& decisions = engine.plan().decisions;
  auto probe = std::ranges::find_if(decisions, [&](const DecisionPlan& plan) {
    return plan.decision.info.name == rows_probe_name(decl) && plan.decision.info.module == decl.info.module;
  });
  if (probe == decisions.end()) return engine.rows(relation);
  Result<BoundRequest> request =
      BoundRequest::from_values(engine, static_cast<uint32_t>(probe - decisions.begin()), {});
  if (!request) return std::unexpected(request.error());
  DecisionResult result = engine.evaluate(*request, now);
  if (!result.errors.empty()) return fail(ErrorKind::kInvalid, result.errors[0].message);
  std::vector<Row> rows;
  auto add = [&](const Instance& instance) {
    if (instance.clause < 0) return;
    Row& row = rows.emplace_back();
    for (const auto& [name, value] : instance.bindings) row.push_back(value);
  };
  add(result.winner);
  for (const Instance& instance : result.also) add(instance);
  return rows;
}

bool matches(const Schema& schema, const Query& query, const Row& row, int64_t now) {
  if (query.relation != kNoIndex && !query.history && !is_seen(schema.relations[query.relation], row, now))
    return false;
  for (size_t i = 0; i < query.columns.size(); ++i) {
    if (query.columns[i] && compare(schema, *query.columns[i], row[i]) != 0) return false;
  }
  return std::all_of(query.equal.begin(), query.equal.end(),
                     [&](const auto& pair) { return compare(schema, row[pair.first], row[pair.second]) == 0; });
}

Result<std::vector<Row>> matching_rows(Engine& engine, const Query& query, int64_t now) {
  Result<std::vector<Row>> rows =
      query.entity != kNoIndex ? instance_rows(engine, query.entity) : rows_at(engine, query.relation, now);
  if (rows) std::erase_if(*rows, [&](const Row& row) { return !matches(engine.plan().schema, query, row, now); });
  return rows;
}

Result<Table> find_rows(Engine& engine, const Query& query, int64_t now) {
  Result<std::vector<Row>> rows = matching_rows(engine, query, now);
  if (!rows) return std::unexpected(rows.error());
  Table table;
  std::vector<uint32_t> columns = shown_columns(query);
  for (uint32_t column : columns) table.columns.push_back(query.names[column]);
  if (query.entity != kNoIndex) {
    for (const FieldDecl& attribute : engine.plan().schema.entities[query.entity].attributes) {
      columns.push_back(static_cast<uint32_t>(columns.size()));
      table.columns.push_back(attribute.name);
    }
  }
  for (Row& row : *rows) {
    Row& shown = table.rows.emplace_back();
    for (uint32_t column : columns) shown.push_back(std::move(row[column]));
  }
  return table;
}

void show_table(const Schema& schema, const Table& table, std::string_view format, Output& output) {
  if (format == "json") return output.data(table_json(schema, table));
  if (format == "csv") return output.data(table_csv(schema, table));
  if (!table.rows.empty()) output.data(table_text(schema, table, output));
  output.message(plural(table.rows.size(), "row") + "\n");
}

}  // namespace lictor::cli
