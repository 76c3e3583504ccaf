#include "cli/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "host/decision_json.h"

namespace lictor::cli {
namespace {

/// Columns of a terminal that a text takes: code points, which is right for all but wide and combining characters.
size_t width(std::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string padded(std::string_view text, size_t to) {
  return std::string(text) + std::string(to > width(text) ? to - width(text) : 0, ' ');
}

std::string csv_cell(const Schema& schema, const Datum& value) {
  if (value.none) return "";
  std::string text = show(schema, value);
  bool quote =
      text.empty() || text.find_first_of(",\"\r\n") != std::string::npos || text.front() == ' ' || text.back() == ' ';
  if (!quote) return text;
  std::string out = "\"";
  for (char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

}  // namespace

std::string table_text(const Schema& schema, const Table& table, const Output& output) {
  std::vector<std::vector<std::string>> cells;
  std::vector<size_t> widths;
  for (const std::string& name : table.columns) widths.push_back(width(name));
  for (const auto& row : table.rows) {
    auto& line = cells.emplace_back();
    for (size_t i = 0; i < row.size(); ++i) {
      line.push_back(printable(show(schema, row[i])));
      widths[i] = std::max(widths[i], width(line[i]));
    }
  }
  auto joined = [&](const std::vector<std::string>& line) {
    std::string out;
    for (size_t i = 0; i < line.size(); ++i) out += i + 1 == line.size() ? line[i] : padded(line[i], widths[i] + 2);
    return out;
  };
  std::string out = output.paint(Tone::kBold, joined(table.columns)) + "\n";
  for (const auto& line : cells) out += joined(line) + "\n";
  return out;
}

std::string table_csv(const Schema& schema, const Table& table) {
  std::string out;
  for (size_t i = 0; i < table.columns.size(); ++i) out += (i == 0 ? "" : ",") + table.columns[i];
  out += "\n";
  for (const auto& row : table.rows) {
    for (size_t i = 0; i < row.size(); ++i) out += (i == 0 ? "" : ",") + csv_cell(schema, row[i]);
    out += "\n";
  }
  return out;
}

std::string table_json(const Schema& schema, const Table& table) {
  std::string out = "[";
  for (size_t r = 0; r < table.rows.size(); ++r) {
    nlohmann::ordered_json object = nlohmann::ordered_json::object();
    for (size_t i = 0; i < table.columns.size(); ++i) object[table.columns[i]] = value_json(schema, table.rows[r][i]);
    out += (r == 0 ? "\n" : ",\n") + to_text(object);
  }
  return out + (table.rows.empty() ? "]\n" : "\n]\n");
}

}  // namespace lictor::cli
