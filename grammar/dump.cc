// The canonical text of a syntax tree, without recursion: the open nodes' ends are kept on a stack of their own.
#include <vector>

#include "grammar/syntax.h"

namespace lictor {

std::string dump(const SyntaxTree& tree) {
  std::string out;
  std::vector<uint32_t> ends;
  for (uint32_t i = 0; i < tree.nodes.size(); ++i) {
    while (!ends.empty() && ends.back() <= i) ends.pop_back();
    out.append(2 * ends.size(), ' ');
    out += name(tree.kind(i));
    if (is_token(tree.kind(i))) {
      out += ' ';
      out += tree.text_of(i);
    } else {
      ends.push_back(tree.end(i));
    }
    out += '\n';
  }
  return out;
}

}  // namespace lictor
