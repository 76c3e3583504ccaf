#include "grammar/limits.h"

#include "grammar/diagnostics.h"

namespace lictor {

std::vector<LimitRow> limit_table(const Limits& limits) {
  return {
      {"file_bytes", limits.file_bytes, "bytes", "size of one policy file", info(Diag::kFileTooLarge).code},
      {"identifier_bytes", limits.identifier_bytes, "bytes", "length of one name", info(Diag::kNameTooLong).code},
      {"string_bytes", limits.string_bytes, "bytes", "length of one string literal as written",
       info(Diag::kStringTooLong).code},
      {"nesting", limits.nesting, "levels", "brackets open at one place", info(Diag::kTooDeep).code},
      {"depth", limits.depth, "levels", "brackets, operators, negations and fields around one operand",
       info(Diag::kTooDeep).code},
      {"diagnostics", limits.diagnostics, "findings", "syntax errors reported for one file",
       info(Diag::kTooManyErrors).code},
  };
}

}  // namespace lictor
