// Invariants: their violations are rows of a relation that is checked like any other; here is what is special about them.
#include "compiler/checker.h"

namespace lictor {

void check_invariants(CheckContext& context) {
  for (uint32_t m = 0; m < context.modules.size(); ++m) {
    for (const ast::Invariant& source : context.modules[m].invariants) {
      const Symbol* symbol = context.names.find(m, source.name.text);
      bool own = symbol != nullptr && symbol->kind == SymbolKind::kRelation && symbol->span == source.name.span;
      if (!own) continue;  // the second of two
      const RelationDecl relation = context.schema().relations[symbol->index];
      if (relation.time == BindingTime::kRequest) {
        context.report(Diag::kInvariantTime, source.name.span).arg(relation.info.name);
      }
      Invariant made;
      made.relation = symbol->index;
      made.span = source.name.span;
      Checker checker(context, m);
      for (const FieldDecl& column : relation.columns) checker.add_variable(column.name, column.type, column.span);
      if (!source.message.empty()) made.message = checker.message(source.message[0]);
      context.program.invariants.push_back(std::move(made));
    }
  }
}

}  // namespace lictor
