#include "grammar/syntax.h"

#include <iterator>

namespace lictor {

std::string_view name(SyntaxKind kind) {
  static constexpr std::string_view kNames[] = {
#define LICTOR_TOKEN(id, name) name,
#define LICTOR_NODE(id, name) name,
#include "grammar/syntax.def"
#undef LICTOR_TOKEN
#undef LICTOR_NODE
  };
  return kNames[static_cast<size_t>(kind)];
}

uint32_t SyntaxTree::child(uint32_t i, SyntaxKind kind) const {
  for (uint32_t c = first(i); c != end(i); c = next(c)) {
    if (nodes[c].kind == kind) return c;
  }
  return 0;
}

size_t SyntaxTree::count(uint32_t i, SyntaxKind kind) const {
  size_t found = 0;
  for (uint32_t c = first(i); c != end(i); c = next(c)) found += nodes[c].kind == kind;
  return found;
}

bool SyntaxTree::has_token(uint32_t i, std::string_view wanted) const {
  for (uint32_t c = first(i); c != end(i); c = next(c)) {
    bool fixed = nodes[c].kind == SyntaxKind::kKeyword || nodes[c].kind == SyntaxKind::kSymbol;
    if (fixed && text_of(c) == wanted) return true;
  }
  return false;
}

std::string print(const SyntaxTree& tree) {
  std::string out;
  out.reserve(tree.text.size());
  uint32_t at = 0;
  for (const SyntaxNode& node : tree.nodes) {
    if (!is_token(node.kind)) continue;
    out += tree.text.substr(at, node.begin - at);
    out += tree.text.substr(node.begin, node.end - node.begin);
    at = node.end;
  }
  out += tree.text.substr(at);
  return out;
}

}  // namespace lictor
