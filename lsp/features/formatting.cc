// The canonical layout of `lictor fmt`. Only the lines that differ are sent, so that the cursor stays where it was.
#include <algorithm>

#include "grammar/format.h"
#include "grammar/parse.h"
#include "lsp/features/features.h"

namespace lictor::lsp {
namespace {

/// Where the first and the last difference lie, moved to borders of lines.
struct Difference {
  size_t begin = 0;
  size_t old_end = 0;
  size_t new_end = 0;
};

Difference difference(std::string_view before, std::string_view after) {
  auto first = std::mismatch(before.begin(), before.end(), after.begin(), after.end());
  auto begin = static_cast<size_t>(first.first - before.begin());
  begin = begin == 0 ? 0 : before.rfind('\n', begin - 1) + 1;  // npos + 1 is 0
  size_t most = std::min(before.size(), after.size()) - begin, same = 0;
  while (same < most && before[before.size() - 1 - same] == after[after.size() - 1 - same]) ++same;
  // Back to the start of a line in both texts.
  while (same > 0 && (before[before.size() - same - 1] != '\n' || after[after.size() - same - 1] != '\n')) --same;
  return {begin, before.size() - same, after.size() - same};
}

}  // namespace

Answer formatting(const FeatureContext& context, const json& params) {
  const Document* document = context.workspace.find(uri_from(params));
  if (document == nullptr) return std::unexpected(RpcError{ErrorCode::kInvalidParams, "the document is not open"});
  SourceMap sources;
  uint32_t file = sources.add("document", document->text());
  Diagnostics diagnostics(sources);
  SyntaxTree tree = parse(sources, file, diagnostics);
  json edits = json::array();
  if (diagnostics.has_errors() || !tree.complete) return edits;
  std::string after = format(tree);
  if (after == document->text()) return edits;
  Difference found = difference(document->text(), after);
  edits.push_back({{"range", to_json(document->range(found.begin, found.old_end, context.workspace.encoding))},
                   {"newText", after.substr(found.begin, found.new_end - found.begin)}});
  return edits;
}

}  // namespace lictor::lsp
