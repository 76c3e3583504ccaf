// Lets: each is checked once, in order of dependency, and kept ready to be inlined.
#include <algorithm>
#include <utility>

#include "compiler/checker.h"
#include "compiler/graph.h"
#include "compiler/ranges.h"
#include "compiler/substitute.h"

namespace lictor {
namespace {

const ast::Let& source_of(const CheckContext& context, uint32_t let) {
  const Names::Declared& at = context.names.lets()[let];
  return context.modules[at.module].lets[at.position];
}

void collect(const ast::Literal& literal, NameList& out);

/// Every word and callee in the expression, dotted paths too.
void collect(const ast::Expr& expr, NameList& out) {
  if (expr.kind == ast::ExprKind::kName || expr.kind == ast::ExprKind::kCall) out.push_back(expr.text);
  for (const ast::Expr& arg : expr.args) collect(arg, out);
  for (const ast::Literal& literal : expr.body) collect(literal, out);
}

void collect(const ast::Literal& literal, NameList& out) {
  for (const ast::Expr& expr : literal.expr) collect(expr, out);
  for (const ast::Body& body : literal.bodies) {
    for (const ast::Literal& inner : body) collect(inner, out);
  }
}

Graph dependencies(const CheckContext& context) {
  Graph graph(context.lets.size());
  for (uint32_t let = 0; let < graph.size(); ++let) {
    NameList names;
    collect(source_of(context, let).value, names);
    for (std::string_view name : names) {
      const Symbol* symbol = context.names.find(context.names.lets()[let].module, name);
      if (symbol != nullptr && symbol->kind == SymbolKind::kLet) graph[let].push_back(symbol->index);
    }
    std::sort(graph[let].begin(), graph[let].end());
    graph[let].erase(std::unique(graph[let].begin(), graph[let].end()), graph[let].end());
  }
  return graph;
}

void report_cycle(CheckContext& context, const Graph& graph, const std::vector<uint32_t>& component) {
  uint32_t first = component.front();
  std::vector<uint32_t> cycle = {first, first};
  for (uint32_t target : graph[first]) {
    if (!std::binary_search(component.begin(), component.end(), target)) continue;
    cycle = shortest_cycle(graph, component, first, target);
    break;
  }
  std::string path;
  for (uint32_t let : cycle) path += (path.empty() ? "`" : " -> `") + source_of(context, let).head.name.text + "`";
  auto report = context.report(Diag::kCyclicLet, source_of(context, first).head.name.span);
  report.arg(source_of(context, first).head.name.text).arg(path);
  for (size_t i = 1; i + 1 < cycle.size(); ++i) {
    report.related(source_of(context, cycle[i]).head.name.span, "which reads the next");
  }
}

bool aggregates(const ast::Expr& expr) {
  if (expr.kind == ast::ExprKind::kAggregate) return true;
  return std::ranges::any_of(expr.args, aggregates);
}

/// The type that is written for a let, said nothing about: it is looked at again when the let is checked.
TypeId written_type(CheckContext& context, uint32_t index) {
  const ast::Let& source = source_of(context, index);
  if (!source.type) return kErrorType;
  Diagnostics unheard(context.sources);
  Diagnostics* heard = std::exchange(context.diagnostics, &unheard);
  context.names.report_to(unheard, true);
  TypeId type = resolve_type(context, context.names.lets()[index].module, *source.type);
  context.diagnostics = heard;
  context.names.report_to(*heard, false);
  return type;
}

void check_let(CheckContext& context, uint32_t index) {
  const ast::Let& source = source_of(context, index);
  uint32_t module = context.names.lets()[index].module;
  LetDef let;
  Checker checker(context, module);
  for (const ast::Field& param : source.params) {
    FieldDecl field;
    field.name = param.name.text;
    field.span = param.name.span;
    field.type = resolve_type(context, module, param.type, true);
    if (!param.default_value.empty())
      field.default_value = check_constant(context, module, param.default_value[0], field.type);
    bool taken =
        std::any_of(let.params.begin(), let.params.end(), [&](const FieldDecl& p) { return p.name == field.name; });
    if (taken) context.report(Diag::kDuplicateName, field.span).arg("the parameter").arg(field.name);
    if (context.types().kind(field.type) == TypeKind::kRequest) {
      checker.reserve_slot(field.span);  // so that slots and parameters have the same numbers
      checker.set_request(param.name.text, context.types()[field.type].decl, field.span);
    } else {
      if (!checker.reader.is_variable(field.name))
        context.report(Diag::kDuplicateName, field.span).arg("the name").arg(field.name);
      checker.add_variable(param.name.text, field.type, field.span);
    }
    let.params.push_back(std::move(field));
  }
  checker.set_hoist(&let.prelude.literals);
  TypeId declared = source.type ? resolve_type(context, module, *source.type) : kErrorType;
  let.value = source.type ? checker.stored(source.value, declared) : checker.expr(source.value, kErrorType);
  let.type = source.type && let.value.type != kErrorType ? declared : let.value.type;
  if (let.type == kNoneType) {
    context.report(Diag::kCannotInfer, source.value.span).arg("`none`");
    let.type = kErrorType;
  }
  checker.finish();
  let.frame = std::move(checker.frame);
  if (source.type) check_value_range(context, SlotRanges(context.schema(), let.frame), let.value, declared);
  Extent value = extent(let.value);
  Extent prelude = extent(let.prelude);
  let.size = static_cast<uint32_t>(value.size + prelude.size);
  let.depth = std::max(value.depth, prelude.depth);
  let.checked = true;
  context.lets[index] = std::move(let);
}

}  // namespace

void check_lets(CheckContext& context) {
  context.lets.resize(context.names.lets().size());
  Graph graph = dependencies(context);
  for (const std::vector<uint32_t>& component : strongly_connected(graph)) {
    uint32_t let = component.front();
    if (is_cycle(graph, component)) {
      report_cycle(context, graph, component);
      continue;
    }
    bool late = aggregates(source_of(context, let).value) ||
                std::ranges::any_of(graph[let], [&](uint32_t read) { return context.lets[read].late; });
    if (!late) {
      check_let(context, let);
      continue;
    }
    context.lets[let].late = true;
    context.lets[let].type = written_type(context, let);
    context.late_lets.push_back(let);
  }
}

void check_late_lets(CheckContext& context) {
  for (uint32_t let : context.late_lets) check_let(context, let);
}

}  // namespace lictor
