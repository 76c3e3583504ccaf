// lictor query: the rows of a relation, or the instances of an entity type, that match a pattern.
#include <fmt/format.h>

#include <algorithm>

#include "cli/command.h"
#include "cli/report.h"
#include "cli/session.h"
#include "cli/table.h"

namespace lictor::cli {
namespace {

struct Options {
  BundleArguments bundle;
  std::string pattern;
  std::string format;
};

using Row = std::vector<Datum>;

/// An instance as a row: itself, then its attributes.
std::vector<Row> instance_rows(const Session& session, uint32_t entity) {
  std::vector<Row> rows;
  TypeId type = *session.schema().types.find_entity_type(entity);
  for (EntityFact& fact : session.engine->instances(entity)) {
    Row& row = rows.emplace_back();
    Datum self;
    self.type = type;
    self.text = fact.id;
    row.push_back(std::move(self));
    std::move(fact.attributes.begin(), fact.attributes.end(), std::back_inserter(row));
  }
  return rows;
}

bool matches(const Schema& schema, const Query& query, const Row& row) {
  for (size_t i = 0; i < query.columns.size(); ++i) {
    if (query.columns[i] && compare(schema, *query.columns[i], row[i]) != 0) return false;
  }
  return std::all_of(query.equal.begin(), query.equal.end(),
                     [&](const auto& pair) { return compare(schema, row[pair.first], row[pair.second]) == 0; });
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

Result<Table> find_rows(const Session& session, const std::string& pattern) {
  Result<Query> query = analyze_query(session.bundle.analysis, pattern);
  if (!query) return std::unexpected(query.error());
  Result<std::vector<Row>> rows =
      query->entity != kNoIndex ? instance_rows(session, query->entity) : session.engine->rows(query->relation);
  if (!rows) return std::unexpected(rows.error());
  Table table;
  std::vector<uint32_t> columns = shown_columns(*query);
  for (uint32_t column : columns) table.columns.push_back(query->names[column]);
  if (query->entity != kNoIndex) {
    for (const FieldDecl& attribute : session.schema().entities[query->entity].attributes) {
      columns.push_back(static_cast<uint32_t>(columns.size()));
      table.columns.push_back(attribute.name);
    }
  }
  for (Row& row : *rows) {
    if (!matches(session.schema(), *query, row)) continue;
    Row& shown = table.rows.emplace_back();
    for (uint32_t column : columns) shown.push_back(std::move(row[column]));
  }
  return table;
}

void show(const Schema& schema, const Table& table, const std::string& format, Output& output) {
  if (format == "json") return output.data(table_json(schema, table));
  if (format == "csv") return output.data(table_csv(schema, table));
  if (!table.rows.empty()) output.data(table_text(schema, table, output));
  output.message(plural(table.rows.size(), "row") + "\n");
}

int run_query(const Options& options, Output& output) {
  int code = kExitInternal;
  Session* session = open_session(options.bundle, engine_options("interp", true), options.format, output, code, true);
  if (!session) return code;
  Result<Table> table = find_rows(*session, options.pattern);
  if (!table) {
    SourceMap sources;
    sources.add("query", options.pattern);
    return report(table.error(), &sources, options.format, output);
  }
  show(session->schema(), *table, options.format, output);
  return kExitOk;
}

}  // namespace

void add_query(CLI::App& command, Run& run) {
  auto options = std::make_shared<Options>();
  add_bundle_options(command, options->bundle, false);
  command.add_option("PATTERN", options->pattern, "a relation with constants, variables and `_`: may(u, \"read\")")
      ->required();
  add_choice(command, "--format", options->format, {"text", "json", "csv"}, "how to show the rows");
  set_examples(command,
               "lictor query -b policies/atom 'complexity(action, _, 2)'\n"
               "lictor query -b . --facts facts.json 'User(u)' --format json");
  on_chosen<Options>(command, run, options, run_query);
}

}  // namespace lictor::cli
