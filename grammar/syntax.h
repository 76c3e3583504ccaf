// The lossless syntax tree: what stands in a file, nothing dropped, nothing interpreted.
//
// Nodes lie in one array in order of text, a node before its children; `size` counts a node and everything below it, so
// the next sibling of node i is i + size. What lies between two tokens is layout and comments; printing tokens and gaps
// gives back every byte of the text. Immutable once parse() returned it; valid while the SourceMap lives.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "grammar/source.h"

namespace lictor {

enum class SyntaxKind : uint8_t {
#define LICTOR_TOKEN(id, name) id,
#define LICTOR_NODE(id, name) id,
#include "grammar/syntax.def"
#undef LICTOR_TOKEN
#undef LICTOR_NODE
};

std::string_view name(SyntaxKind kind);
constexpr bool is_token(SyntaxKind kind) { return kind <= SyntaxKind::kSkipped; }

/// A comment of the text, without its line break. A doc comment begins with exactly three slashes.
struct Comment {
  uint32_t begin = 0;
  uint32_t end = 0;
  bool doc = false;
};

struct SyntaxNode {
  SyntaxKind kind;
  uint32_t begin;  // bytes of the text, first token to last token
  uint32_t end;
  uint32_t size;  // nodes in this subtree, this one included
};

/// Node 0 is the root.
class SyntaxTree {
 public:
  uint32_t file = kNoFile;
  std::string_view text;  // the whole file, owned by the SourceMap; of a part of a string: a copy, owned by the caller
  uint32_t origin = 0;    // where `text` begins in the file; offsets of nodes count from the start of `text`
  std::vector<SyntaxNode> nodes;
  std::vector<Comment> comments;  // in order; those inside skipped text included
  uint64_t nesting = 0;           // the most brackets open at one place: how deep recursion over the tree can go
  bool complete = true;           // false: something was refused or skipped; the diagnostics say what

  const SyntaxNode& operator[](uint32_t i) const { return nodes[i]; }
  SyntaxKind kind(uint32_t i) const { return nodes[i].kind; }
  Span span(uint32_t i) const { return {file, origin + nodes[i].begin, origin + nodes[i].end}; }
  std::string_view text_of(uint32_t i) const { return text.substr(nodes[i].begin, nodes[i].end - nodes[i].begin); }

  /// Children of `i` from first to last: for (uint32_t c = first(i); c != end(i); c = next(c)).
  uint32_t first(uint32_t i) const { return i + 1; }
  uint32_t end(uint32_t i) const { return i + nodes[i].size; }
  uint32_t next(uint32_t i) const { return i + nodes[i].size; }
  /// The first child of that kind, or 0 (the root is nobody's child).
  uint32_t child(uint32_t i, SyntaxKind kind) const;
  /// How many children of that kind there are.
  size_t count(uint32_t i, SyntaxKind kind) const;
  /// Whether a direct child is that keyword or symbol.
  bool has_token(uint32_t i, std::string_view text) const;
};

/// Every byte of the text again, put together from tokens and gaps.
std::string print(const SyntaxTree& tree);

/// The canonical text of a tree: a node per line, indented by depth, tokens with their text.
std::string dump(const SyntaxTree& tree);

}  // namespace lictor
