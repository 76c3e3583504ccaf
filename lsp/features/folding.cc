// What can be folded: declarations and clauses of several lines, runs of comments.
#include "grammar/parse.h"
#include "lsp/features/features.h"

namespace lictor::lsp {
namespace {

bool folds(SyntaxKind kind) {
  switch (kind) {
    case SyntaxKind::kDeclaration:
    case SyntaxKind::kClause:
    case SyntaxKind::kDefault:
    case SyntaxKind::kRows:
    case SyntaxKind::kFields:
    case SyntaxKind::kExpectRows:
    case SyntaxKind::kCase:
    case SyntaxKind::kAggregate:
    case SyntaxKind::kBraces:
      return true;
    default:
      return false;
  }
}

void add(const Document& document, size_t begin, size_t end, const char* kind, json& out) {
  uint32_t first = document.position(begin, Encoding::kUtf8).line, last = document.position(end, Encoding::kUtf8).line;
  if (last <= first) return;
  json range = {{"startLine", first}, {"endLine", last}};
  if (kind != nullptr) range["kind"] = kind;
  // Two that begin on one line would fold as one; the outer comes first.
  bool again = !out.empty() && out.back()["startLine"] == first;
  if (!again) out.push_back(std::move(range));
}

}  // namespace

Answer folding_ranges(const FeatureContext& context, const json& params) {
  const Document* document = context.workspace.find(uri_from(params));
  if (document == nullptr) return std::unexpected(RpcError{ErrorCode::kInvalidParams, "the document is not open"});
  SourceMap sources;
  uint32_t file = sources.add("document", document->text());
  Diagnostics diagnostics(sources);
  SyntaxTree tree = parse(sources, file, diagnostics);
  json out = json::array();
  for (const SyntaxNode& node : tree.nodes) {
    if (folds(node.kind)) add(*document, node.begin, node.end, nullptr, out);
  }
  for (size_t i = 0; i < tree.comments.size();) {
    size_t last = i;
    auto joined = [&](size_t at) {
      std::string_view gap =
          tree.text.substr(tree.comments[at].end, tree.comments[at + 1].begin - tree.comments[at].end);
      return gap.find_first_not_of(" \t\r\n") == std::string_view::npos && gap.find('\n') == gap.rfind('\n');
    };
    while (last + 1 < tree.comments.size() && joined(last)) ++last;
    add(*document, tree.comments[i].begin, tree.comments[last].end, "comment", out);
    i = last + 1;
  }
  return out;
}

}  // namespace lictor::lsp
