// Arguments of patterns are read as those of atoms are: those without a name from the left.
#include "compiler/pattern_columns.h"

#include <algorithm>
#include <cstdint>

#include "compiler/check.h"

namespace lictor {

std::vector<size_t> pattern_columns(Diagnostics& diagnostics, const RelationDecl& relation, const ast::Expr& call) {
  std::vector<FieldDecl> columns = relation.columns;
  if (relation.is_event) columns.pop_back();
  return pattern_columns(diagnostics, columns, relation.written(), call);
}

std::vector<size_t> pattern_columns(Diagnostics& diagnostics, const std::vector<FieldDecl>& columns, size_t placed,
                                    const ast::Expr& call) {
  std::vector<size_t> out(call.args.size(), SIZE_MAX);
  std::vector<bool> filled(columns.size());
  size_t positional = 0;
  for (size_t i = 0; i < call.args.size(); ++i) {
    const ast::Name& name = call.arg_names[i];
    size_t at = positional;
    if (name.text.empty()) {
      if (++positional > placed) continue;
    } else {
      auto it = std::ranges::find(columns, name.text, &FieldDecl::name);
      if (it == columns.end()) {
        std::vector<std::string> known;
        for (const FieldDecl& column : columns) known.push_back(column.name);
        auto report = diagnostics.report(Diag::kUnknownMember, name.span);
        report.arg("`" + call.text + "`").arg("column").arg(name.text);
        if (std::string near = nearest_name(name.text, known); !near.empty())
          report.hint("did you mean `" + near + "`?");
        continue;
      }
      at = static_cast<size_t>(it - columns.begin());
    }
    if (filled[at]) {
      diagnostics.report(Diag::kArgumentTwice, call.args[i].span).arg(columns[at].name);
      continue;
    }
    filled[at] = true;
    out[i] = at;
  }
  bool by_position = positional == call.args.size();
  if (positional > placed || (by_position && positional < placed)) {
    diagnostics.report(Diag::kArity, call.span)
        .arg(call.text)
        .arg(count_of(placed, "argument"))
        .arg(std::to_string(call.args.size()));
  }
  return out;
}

}  // namespace lictor
