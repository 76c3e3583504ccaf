// The rows of a relation, or the instances of an entity type, that match a pattern: `lictor query` and `lictor repl`.
#pragma once

#include <string>
#include <vector>

#include "cli/table.h"
#include "compiler/analyze.h"
#include "runtime/engine.h"

namespace lictor::cli {

using Row = std::vector<Datum>;

/// The rows of a relation at that time. Of one that depends on `now` they are asked with its rows probe.
/// REQUIRES: the plan has that probe.
Result<std::vector<Row>> rows_at(Engine& engine, uint32_t relation, int64_t now);

/// Does the row match? An instance's row is itself, then its attributes. A row that has expired at `now` does not.
bool matches(const Schema& schema, const Query& query, const Row& row, int64_t now);
Result<std::vector<Row>> matching_rows(Engine& engine, const Query& query, int64_t now);
/// Their columns as they are shown: all, but a variable that stands twice once; of an instance its attributes too.
Result<Table> find_rows(Engine& engine, const Query& query, int64_t now);

/// As `format` says (text, json, csv); for text, how many there are goes to the messages.
void show_table(const Schema& schema, const Table& table, std::string_view format, Output& output);

}  // namespace lictor::cli
