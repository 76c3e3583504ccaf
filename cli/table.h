// Rows of values as people and scripts read them.
#pragma once

#include <string>
#include <vector>

#include "cli/output.h"
#include "compiler/schema.h"

namespace lictor::cli {

/// Columns with names, and rows of the same width.
struct Table {
  std::vector<std::string> columns;
  std::vector<std::vector<Datum>> rows;
};

/// Columns aligned, a line of names first.
std::string table_text(const Schema& schema, const Table& table, const Output& output);
/// Quoted as RFC 4180 has it, with a header row, lines ended by \n; an absent optional is an empty cell, an empty text is `""`.
std::string table_csv(const Schema& schema, const Table& table);
/// An array of objects, one per line.
std::string table_json(const Schema& schema, const Table& table);

}  // namespace lictor::cli
