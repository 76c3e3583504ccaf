// Every limit on what a policy's text may be, in one place; `lictor limits` prints the table.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lictor {

struct Limits {
  uint64_t file_bytes = 16ull << 20;    // of one policy file
  uint64_t identifier_bytes = 255;      // of one name
  uint64_t string_bytes = 64ull << 10;  // of one string literal, as written
  uint64_t nesting = 1000;              // open brackets of all kinds
  uint64_t depth = 2000;                // levels of one expression: brackets, operators, negations and fields together
  uint64_t diagnostics = 1000;          // reported for one file by the parser
};

struct LimitRow {
  std::string_view name;
  uint64_t value;
  std::string_view unit;
  std::string_view meaning;
  std::string_view code;  // of the diagnostic when it is exceeded
};

/// One row per limit, in order of declaration.
std::vector<LimitRow> limit_table(const Limits& limits);

}  // namespace lictor
