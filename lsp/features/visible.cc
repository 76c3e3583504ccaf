#include "lsp/features/visible.h"

#include <algorithm>
#include <map>

#include "compiler/builtins.h"
#include "compiler/references.h"
#include "grammar/parse.h"

namespace lictor::lsp {
namespace {

/// Every declaration of a module, once for each name.
std::vector<std::pair<const ast::Head*, SymbolKind>> heads(const ast::Module& module) {
  std::vector<std::pair<const ast::Head*, SymbolKind>> out;
  auto each = [&](const auto& list, SymbolKind kind) {
    for (const auto& item : list) out.emplace_back(&item.head, kind);
  };
  each(module.params, SymbolKind::kParam);
  each(module.enums, SymbolKind::kEnum);
  each(module.aliases, SymbolKind::kAlias);
  each(module.entities, SymbolKind::kEntity);
  each(module.relations, SymbolKind::kRelation);
  each(module.events, SymbolKind::kRelation);
  each(module.requests, SymbolKind::kRequest);
  each(module.lets, SymbolKind::kLet);
  each(module.obligations, SymbolKind::kObligation);
  each(module.requirements, SymbolKind::kRequirement);
  each(module.decisions, SymbolKind::kDecision);
  each(module.fixtures, SymbolKind::kFixture);
  each(module.rules, SymbolKind::kRelation);
  std::map<std::string_view, bool> seen;
  std::erase_if(out, [&](const auto& item) { return !seen.emplace(item.first->name.text, true).second; });
  return out;
}

const ast::Module* find_module(const View& view, std::string_view path) {
  for (const ast::Module& module : view.analysis.modules) {
    if (path_text(module.name) == path) return &module;
  }
  return nullptr;
}

std::vector<VisibleName> public_names(const ast::Module& module) {
  std::vector<VisibleName> out;
  for (auto [head, kind] : heads(module)) {
    if (!head->is_private) out.push_back({head->name.text, kind, head->doc});
  }
  std::string path = path_text(module.name);
  for (const Builtin& row : builtins()) {
    bool named = std::ranges::any_of(out, [&](const VisibleName& name) { return name.text == row.name; });
    if (!path.empty() && row.module == path && !named)
      out.push_back({std::string(row.name), SymbolKind::kBuiltin, std::string(row.doc)});
  }
  return out;
}

/// The declarations of `list` by that module and name.
template <class Decl>
const Decl* by_name(const std::vector<Decl>& list, std::string_view module, std::string_view name) {
  auto it = std::ranges::find_if(list, [&](const Decl& d) { return d.info.name == name && d.info.module == module; });
  return it == list.end() ? nullptr : &*it;
}

/// The module that a path's name comes from, and the name.
std::pair<std::string, std::string> owner_of(const View& view, uint32_t file, std::string_view path) {
  size_t dot = path.rfind('.');
  if (dot != std::string_view::npos)
    return {module_of_prefix(view, file, path.substr(0, dot)), std::string(path.substr(dot + 1))};
  const ast::Module& module = view.analysis.modules[file];
  for (const ast::Use& use : module.uses) {
    for (const ast::Name& name : use.names) {
      if (name.text == path) return {path_text(use.module), std::string(path)};
    }
  }
  return {path_text(module.name), std::string(path)};
}

bool holds(Span span, uint32_t offset) { return span.begin <= offset && offset < span.end; }

/// The rule, clause or let around a byte; `request`: the name of the decision's request.
Span statement_around(const ast::Module& module, uint32_t offset, const ast::Field** request) {
  for (const ast::Rule& rule : module.rules) {
    if (holds(rule.head.span, offset)) return rule.head.span;
  }
  for (const ast::Let& let : module.lets) {
    if (holds(let.head.span, offset)) return let.head.span;
  }
  for (const ast::Decision& decision : module.decisions) {
    if (!holds(decision.head.span, offset)) continue;
    *request = &decision.param;
    for (const ast::Clause& clause : decision.clauses) {
      if (holds(clause.head.span, offset)) return clause.head.span;
    }
  }
  return {};
}

}  // namespace

std::vector<VisibleName> visible(const View& view, uint32_t file) {
  const ast::Module& module = view.analysis.modules[file];
  std::vector<VisibleName> out;
  for (auto [head, kind] : heads(module)) out.push_back({head->name.text, kind, head->doc});
  for (const ast::Use& use : module.uses) {
    const ast::Module* from = use.names.empty() ? nullptr : find_module(view, path_text(use.module));
    if (from == nullptr) continue;
    for (VisibleName& name : public_names(*from)) {
      bool imported = std::ranges::any_of(use.names, [&](const ast::Name& n) { return n.text == name.text; });
      if (imported) out.push_back(std::move(name));
    }
  }
  return out;
}

std::vector<VisibleName> exported(const View& view, const std::string& module, const Options& options) {
  if (const ast::Module* found = find_module(view, module)) return public_names(*found);
  // Nobody uses it yet, so it was not loaded.
  std::optional<SourceText> text = view.load_module(options, module);
  if (!text) return {};
  SourceMap sources;
  Diagnostics diagnostics(sources);
  return public_names(*ParseCache().parse(text->name, text->text, false, sources, diagnostics));
}

std::vector<std::string> prefixes(const View& view, uint32_t file) {
  std::vector<std::string> out;
  for (const ast::Use& use : view.analysis.modules[file].uses)
    out.push_back(use.alias ? use.alias->text : use.module.parts.back().text);
  return out;
}

std::string module_of_prefix(const View& view, uint32_t file, std::string_view prefix) {
  for (const ast::Use& use : view.analysis.modules[file].uses) {
    std::string path = path_text(use.module);
    bool named = use.alias ? use.alias->text == prefix : path == prefix || use.module.parts.back().text == prefix;
    if (named) return path;
  }
  return {};
}

std::vector<FieldDecl> parameters_of(const View& view, uint32_t file, std::string_view callee) {
  const Schema& schema = view.analysis.program.schema;
  auto [module, name] = owner_of(view, file, callee);
  if (const auto* decl = by_name(schema.relations, module, name)) return decl->columns;
  if (const auto* decl = by_name(schema.entities, module, name)) return decl->attributes;
  if (const auto* decl = by_name(schema.obligations, module, name)) return decl->params;
  if (const auto* decl = by_name(schema.requirements, module, name)) return decl->params;
  const auto* decision = by_name(view.analysis.program.decisions, module, name);
  if (decision != nullptr && decision->request != kNoIndex) return schema.requests[decision->request].fields;
  return {};
}

std::vector<VisibleVariable> variables_around(const View& view, uint32_t file, uint32_t offset) {
  const ast::Field* request = nullptr;
  Span around = statement_around(view.analysis.modules[file], offset, &request);
  std::map<std::string, TypeId> found;
  if (request != nullptr) found[request->name.text] = kErrorType;
  for (const Reference& reference : view.analysis.references->all()) {
    bool here = reference.kind == RefKind::kVariable && reference.span.file == file && around.valid() &&
                holds(around, reference.span.begin);
    if (!here) continue;
    TypeId& type = found[std::string(view.analysis.sources->text(reference.span))];
    if (type == kErrorType) type = reference.type;
  }
  std::vector<VisibleVariable> out;
  for (auto& [name, type] : found) {
    if (name != kHoleName) out.push_back({name, type});
  }
  return out;
}

}  // namespace lictor::lsp
