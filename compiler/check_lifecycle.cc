// What can only be seen when the declarations that lifecycles and watches stand for are checked.
#include <algorithm>

#include "compiler/checker.h"
#include "compiler/exclusion.h"

namespace lictor {
namespace {

const Clause* clause_of(const Decision& decision, const std::string& id) {
  auto it = std::ranges::find(decision.clauses, id, &Clause::id);
  return it == decision.clauses.end() ? nullptr : &*it;
}

/// A state that both can lead out of, or null.
const ast::Name* common(const ast::Transition& a, const ast::Transition& b) {
  for (const ast::Name& from : a.from) {
    if (std::ranges::find(b.from, from.text, &ast::Name::text) != b.from.end()) return &from;
  }
  return nullptr;
}

/// `after` wants a duration that is known and long enough to be one: a literal, or a parameter.
void check_after(CheckContext& context, uint32_t module, const ast::Expr& after) {
  if (after.kind == ast::ExprKind::kDuration) {
    std::optional<Datum> length = check_constant(context, module, after, kDurationType);
    if (length && length->n <= 0)
      context.report(Diag::kOutOfRange, after.span).arg(show(context.schema(), *length)).arg("more than 0s");
    return;
  }
  const Symbol* symbol = after.kind == ast::ExprKind::kName ? context.names.find(module, after.text) : nullptr;
  if (symbol == nullptr || symbol->kind != SymbolKind::kParam)
    context.report(Diag::kNotConstant, after.span).hint("write a duration such as `30d`, or a parameter");
}

void check_targets(CheckContext& context, uint32_t module, const ast::Lifecycle& lifecycle) {
  const auto& transitions = lifecycle.transitions;
  for (size_t i = 0; i < transitions.size(); ++i) {
    for (size_t j = i + 1; j < transitions.size(); ++j) {
      const ast::Transition &a = transitions[i], &b = transitions[j];
      const ast::Name* from = common(a, b);
      if (a.event.text != b.event.text || a.to.text == b.to.text || from == nullptr) continue;
      if (a.event.text.empty()) {  // both by time
        context.report(Diag::kTwoTargets, b.span)
            .arg("after")
            .arg(from->text)
            .arg(a.to.text)
            .arg(b.to.text)
            .hint("time leads from a state to one other")
            .related(a.span, "the other transition");
        continue;
      }
      const Symbol* symbol = context.names.find(module, lifecycle.head.name.text + "." + a.event.text);
      if (symbol == nullptr || symbol->kind != SymbolKind::kDecision) continue;
      const Decision& decision = context.program.decisions[symbol->index];
      const Clause *first = clause_of(decision, a.clause.text), *second = clause_of(decision, b.clause.text);
      if (first == nullptr || second == nullptr) continue;
      // The first literal is the state, of which they have one in common.
      auto guard = [](const Clause& clause) {
        return Body{{clause.body.literals.begin() + 1, clause.body.literals.end()}};
      };
      if (first->body.literals.empty() || second->body.literals.empty()) continue;
      if (exclude_each_other(context.schema(), guard(*first), guard(*second))) continue;
      context.report(Diag::kTwoTargets, b.event.span)
          .arg(a.event.text)
          .arg(from->text)
          .arg(a.to.text)
          .arg(b.to.text)
          .related(a.event.span, "the other transition");
    }
  }
}

}  // namespace

void check_lifecycles(CheckContext& context) {
  for (uint32_t m = 0; m < context.modules.size(); ++m) {
    for (const ast::Lifecycle& lifecycle : context.modules[m].lifecycles) {
      check_targets(context, m, lifecycle);
      for (const ast::Transition& transition : lifecycle.transitions) {
        if (!transition.after.empty()) check_after(context, m, transition.after[0]);
      }
    }
  }
}

void check_watches(CheckContext& context) {
  for (uint32_t m = 0; m < context.modules.size(); ++m) {
    for (const ast::Watch& source : context.modules[m].watches) {
      const Symbol* relation = context.names.find(m, source.name.text);
      const Symbol* entry = context.names.find(m, source.name.text + ".entry");
      const Symbol* exit = context.names.find(m, source.name.text + ".exit");
      bool own = relation != nullptr && entry != nullptr && exit != nullptr &&
                 relation->kind == SymbolKind::kRelation && relation->span == source.name.span;
      if (!own) continue;  // the second of two
      WatchDecl made;
      made.info = context.schema().relations[relation->index].info;
      made.relation = relation->index;
      made.entry = entry->index;
      made.exit = exit->index;
      if (!source.hold.empty()) {
        std::optional<Datum> hold = check_constant(context, m, source.hold[0], kDurationType);
        if (hold && hold->n <= 0) {
          context.report(Diag::kOutOfRange, source.hold[0].span).arg(show(context.schema(), *hold)).arg("more than 0s");
        }
        if (hold) made.hold = hold->n;
      }
      context.schema().watches.push_back(std::move(made));
    }
  }
}

}  // namespace lictor
