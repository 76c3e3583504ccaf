// The place where something is to be completed, as far as the characters around it tell: the word, what stands before it,
// which brackets are open, and a text in which a placeholder stands there and the statement around it can be read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "grammar/syntax.h"

namespace lictor::lsp {

struct OpenBracket {
  char bracket = '(';
  uint32_t at = 0;
  std::string_view word;         // right before it: the callee of a `(`
  std::string_view declaration;  // that it belongs to: `decision`, `test`, ...
};

struct Spot {
  uint32_t begin = 0;             // of the word
  uint32_t end = 0;               // of the word, what stands behind the cursor included
  std::string_view path;          // before the word and its dot: "m.Agent"; "" without a dot
  bool has_dot = false;           // `.` or `?.` stands before the word
  bool first = false;             // nothing else stands before the word on its line
  bool in_text = false;           // in a comment or a string: nothing is to be completed
  char before = '\n';             // the last character before the word that is no blank; a line break at the start
  std::string_view line;          // the line up to the word
  std::vector<OpenBracket> open;  // outermost first
};

/// REQUIRES: `text` outlives the result.
Spot spot_at(std::string_view text, uint32_t offset);

/// The text with a placeholder for the word, and whatever must follow for the statement around it to be read. `tree`
/// is that of the text; nothing where no way was found.
struct Repaired {
  std::string text;
  uint32_t hole = 0;               // where the placeholder stands
  std::vector<SyntaxKind> around;  // the nodes that hold it, outermost first
};
std::optional<Repaired> repair(std::string_view text, const Spot& spot);

}  // namespace lictor::lsp
