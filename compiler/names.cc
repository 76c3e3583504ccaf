// Declaring is one walk over all modules; looking up is two hash probes for a bare name, one more for a prefix.
#include "compiler/names.h"

#include <algorithm>

#include "compiler/builtins.h"

namespace lictor {
namespace {

constexpr size_t kMostSuggestions = 200;  // each costs a walk over all names; past this many typos nobody reads them

}  // namespace

std::string_view describe(SymbolKind kind) {
  switch (kind) {
    case SymbolKind::kParam:
      return "a parameter";
    case SymbolKind::kEnum:
      return "an enum";
    case SymbolKind::kAlias:
      return "a type";
    case SymbolKind::kEntity:
      return "an entity type";
    case SymbolKind::kRelation:
      return "a relation";
    case SymbolKind::kRequest:
      return "a request type";
    case SymbolKind::kLet:
      return "a `let`";
    case SymbolKind::kObligation:
      return "an obligation";
    case SymbolKind::kRequirement:
      return "a requirement";
    case SymbolKind::kDecision:
      return "a decision";
    case SymbolKind::kFixture:
      return "a fixture";
    case SymbolKind::kBuiltin:
      return "a function";
  }
  return {};
}

std::string path_text(const ast::Path& path) {
  std::string out;
  for (const ast::Name& part : path.parts) out += (out.empty() ? "" : ".") + part.text;
  return out;
}

Names::Names(const ModuleList& modules, const std::vector<std::string>& library, Program& program,
             Diagnostics& diagnostics)
    : modules_(modules), library_(library), program_(program), diagnostics_(&diagnostics), scopes_(modules.size()) {}

void Names::declare() {
  for (uint32_t i = 0; i < modules_.size(); ++i) {
    std::string path = path_text(modules_[i].name);
    auto [it, fresh] = by_path_.emplace(path, i);
    if (!fresh && !path.empty()) {
      diagnostics_->report(Diag::kDuplicateModule, modules_[i].name.span)
          .arg(path)
          .related(modules_[it->second].name.span, "the other one");
    }
    declare_module(i);
    declare_rule_heads(i);
    if (!path.empty()) scopes_[i].prefixes.emplace(path, i);
  }
  for (uint32_t i = 0; i < modules_.size(); ++i) {
    for (const ast::Use& use : modules_[i].uses) import(i, use);
    scopes_[i].missing.insert(modules_[i].unread.begin(), modules_[i].unread.end());
    for (const auto& [name, symbol] : scopes_[i].own) add_members(i, symbol);
    extend_relations(i);
  }
}

DeclInfo Names::decl_info(uint32_t module, const ast::Head& head) const {
  return {path_text(modules_[module].name), head.name.text, head.name.span, head.doc};
}

void Names::add(uint32_t module, const ast::Head& head, SymbolKind kind, size_t index) {
  // `has(x)` in a body asks for an optional.
  if (head.name.text == "has") diagnostics_->report(Diag::kNameTaken, head.name.span).arg(head.name.text);
  Symbol symbol{kind, static_cast<uint32_t>(index), module, head.name.span, head.is_private};
  auto [it, fresh] = scopes_[module].own.emplace(head.name.text, symbol);
  if (fresh && references_ != nullptr) references_->add(head.name.span, head.name.span, RefKind::kSymbol);
  if (fresh) {
    std::string_view name = it->first;
    size_t dot = name.rfind('.');
    if (dot == std::string_view::npos) return;
    auto [known, first] = scopes_[module].owned.emplace(name.substr(dot + 1), &it->second);
    if (!first) known->second = nullptr;
    return;
  }
  diagnostics_->report(Diag::kDuplicateName, head.name.span)
      .arg("the name")
      .arg(head.name.text)
      .related(it->second.span, "declared here first, as " + std::string(describe(it->second.kind)));
}

void Names::declare_module(uint32_t module) {
  const ast::Module& source = modules_[module];
  Schema& schema = program_.schema;
  auto each = [&](const auto& list, auto& out, SymbolKind kind) {
    for (const auto& item : list) {
      add(module, item.head, kind, out.size());
      out.emplace_back().info = decl_info(module, item.head);
    }
  };
  each(source.params, schema.params, SymbolKind::kParam);
  for (uint32_t i = 0; i < source.enums.size(); ++i) enums_.push_back({module, i});
  each(source.enums, schema.enums, SymbolKind::kEnum);
  auto first_entity = static_cast<uint32_t>(schema.entities.size());
  each(source.entities, schema.entities, SymbolKind::kEntity);
  // INVARIANT: the schema knows the type of every entity, also of one that no column, field or rule names.
  for (uint32_t i = first_entity; i < schema.entities.size(); ++i) schema.types.entity_type(i);
  each(source.requests, schema.requests, SymbolKind::kRequest);
  each(source.obligations, schema.obligations, SymbolKind::kObligation);
  each(source.requirements, schema.requirements, SymbolKind::kRequirement);
  for (uint32_t i = 0; i < source.relations.size(); ++i) relations_.push_back({module, i});
  each(source.relations, schema.relations, SymbolKind::kRelation);
  for (uint32_t i = 0; i < source.events.size(); ++i) relations_.push_back({module, i});
  each(source.events, schema.relations, SymbolKind::kRelation);
  each(source.decisions, program_.decisions, SymbolKind::kDecision);
  for (uint32_t i = 0; i < source.aliases.size(); ++i) {
    add(module, source.aliases[i].head, SymbolKind::kAlias, aliases_.size());
    aliases_.push_back({module, i});
  }
  for (uint32_t i = 0; i < source.lets.size(); ++i) {
    add(module, source.lets[i].head, SymbolKind::kLet, lets_.size());
    lets_.push_back({module, i});
  }
  for (uint32_t i = 0; i < source.fixtures.size(); ++i) {
    add(module, source.fixtures[i].head, SymbolKind::kFixture, fixtures_.size());
    fixtures_.push_back({module, i});
  }
  std::string path = path_text(source.name);
  for (uint32_t i = 0; i < builtins().size() && !path.empty(); ++i) {
    // What the module itself declares comes first.
    if (builtins()[i].module == path)
      scopes_[module].own.emplace(builtins()[i].name, Symbol{SymbolKind::kBuiltin, i, module, {}, false});
  }
}

void Names::declare_rule_heads(uint32_t module) {
  for (const ast::Rule& rule : modules_[module].rules) {
    const ast::Name& name = rule.head.name;
    if (name.text.find('.') != std::string::npos) continue;  // extend_relations()
    auto it = scopes_[module].own.find(name.text);
    auto owned = scopes_[module].owned.find(name.text);
    if (it == scopes_[module].own.end() && owned != scopes_[module].owned.end() && owned->second != nullptr &&
        owned->second->kind == SymbolKind::kRelation) {
      diagnostics_->report(Diag::kDuplicateName, name.span)
          .arg("the name")
          .arg(name.text)
          .related(owned->second->span, "a lifecycle gives a relation that is called so");
    }
    if (it == scopes_[module].own.end()) {
      add(module, rule.head, SymbolKind::kRelation, program_.schema.relations.size());
      program_.schema.relations.emplace_back().info = decl_info(module, rule.head);
      relations_.push_back({module, kNoIndex});
    } else if (it->second.kind != SymbolKind::kRelation) {
      report_no_relation(name, it->second);
    } else if (references_ != nullptr) {
      references_->add(name.span, it->second.span, RefKind::kSymbol);
    }
  }
}

void Names::report_no_relation(const ast::Name& head, const Symbol& symbol) {
  diagnostics_->report(Diag::kWrongKind, head.span)
      .arg(head.text)
      .arg(describe(symbol.kind))
      .arg("a relation")
      .related(symbol.span, "declared here");
}

/// Rules for relations that have their name from elsewhere: `roles.permission(...)`.
void Names::extend_relations(uint32_t module) {
  for (const ast::Rule& rule : modules_[module].rules) {
    const ast::Name& name = rule.head.name;
    if (name.text.find('.') == std::string::npos) continue;
    const Symbol* symbol = resolve(module, name.text, name.span, "relation");
    if (symbol == nullptr) continue;
    if (symbol->kind != SymbolKind::kRelation) {
      report_no_relation(name, *symbol);
    } else if (references_ != nullptr) {
      references_->add_path(modules_, module, name.span, name.text, symbol->span, symbol->module);
    }
  }
}

void Names::import(uint32_t module, const ast::Use& use) {
  std::string path = path_text(use.module);
  auto target = by_path_.find(path);
  if (target == by_path_.end()) {
    std::vector<std::string> known = library_;
    for (const auto& [name, index] : by_path_) known.push_back(name);
    auto report = diagnostics_->report(Diag::kUnknownModule, use.module.span);
    report.arg(path);
    if (std::string hint = suggest(path, known); !hint.empty()) report.hint(hint);
    std::unordered_set<std::string>& missing = scopes_[module].missing;
    missing.insert({use.alias ? use.alias->text : path, use.alias ? use.alias->text : use.module.parts.back().text});
    for (const ast::Name& name : use.names) missing.insert(name.text);
    return;
  }
  if (references_ != nullptr) {
    references_->add(use.module.span, modules_[target->second].name.span, RefKind::kModule);
    if (use.alias) references_->add(use.alias->span, use.alias->span, RefKind::kModule);
  }
  Scope& scope = scopes_[module];
  if (use.alias) {
    scope.prefixes[use.alias->text] = target->second;
  } else {
    scope.prefixes[path] = target->second;
    scope.prefixes.emplace(use.module.parts.back().text, target->second);
  }
  for (const ast::Name& name : use.names) import_name(module, name, target->second);
}

void Names::import_name(uint32_t module, const ast::Name& name, uint32_t target) {
  auto it = scopes_[target].own.find(name.text);
  std::string path = path_text(modules_[target].name);
  if (it == scopes_[target].own.end()) {
    std::vector<std::string> known;
    for (const auto& [text, symbol] : scopes_[target].own) known.emplace_back(text);
    auto report = diagnostics_->report(Diag::kUnknownMember, name.span);
    report.arg("module `" + path + "`").arg("name").arg(name.text);
    scopes_[module].missing.insert(name.text);
    if (std::string hint = suggest(name.text, known); !hint.empty()) report.hint(hint);
    return;
  }
  if (it->second.is_private && module != target) {
    diagnostics_->report(Diag::kPrivateName, name.span)
        .arg(name.text)
        .arg(path)
        .related(it->second.span, "declared here");
    return;
  }
  bool builtin = it->second.kind == SymbolKind::kBuiltin;
  if (references_ != nullptr && builtin) references_->add(name.span, {kNoFile, it->second.index, 0}, RefKind::kBuiltin);
  if (references_ != nullptr && !builtin) references_->add(name.span, it->second.span, RefKind::kSymbol);
  Scope& scope = scopes_[module];
  if (auto own = scope.own.find(name.text); own != scope.own.end() && own->second.module != target) {
    diagnostics_->report(Diag::kDuplicateName, name.span)
        .arg("the name")
        .arg(name.text)
        .related(own->second.span, "declared here");
    return;
  }
  auto [known, fresh] = scope.imported.emplace(name.text, it->second);
  if (!fresh && known->second.module != target) {
    diagnostics_->report(Diag::kAmbiguousName, name.span)
        .arg(name.text)
        .arg(path_text(modules_[known->second.module].name))
        .arg(path);
  }
  add_members(module, it->second);
}

void Names::add_members(uint32_t module, const Symbol& symbol) {
  if (symbol.kind != SymbolKind::kEnum) return;
  // The members are read from the Ast: the schema's entry is filled in later.
  const Declared& at = enums_[symbol.index];
  for (const ast::EnumMember& member : modules_[at.module].enums[at.position].members) {
    auto [it, fresh] = scopes_[module].members.emplace(member.name.text, symbol.index);
    it->second = std::min(it->second, symbol.index);
  }
}

const Symbol* Names::find_bare(uint32_t module, std::string_view name) const {
  const Scope& scope = scopes_[module];
  if (auto it = scope.own.find(name); it != scope.own.end()) return &it->second;
  if (auto it = scope.imported.find(name); it != scope.imported.end()) return &it->second;
  auto it = scope.owned.find(name);
  return it == scope.owned.end() ? nullptr : it->second;
}

const Symbol* Names::find(uint32_t module, std::string_view path) const {
  if (path.find('.') == std::string_view::npos) return find_bare(module, path);
  const Scope& scope = scopes_[module];
  if (auto it = scope.own.find(path); it != scope.own.end()) return &it->second;
  for (size_t dot = path.rfind('.'); dot != std::string_view::npos && dot > 0; dot = path.rfind('.', dot - 1)) {
    auto prefix = scope.prefixes.find(std::string(path.substr(0, dot)));
    if (prefix == scope.prefixes.end()) continue;
    const Scope& target = scopes_[prefix->second];
    auto it = target.own.find(path.substr(dot + 1));
    if (it != target.own.end()) return &it->second;
  }
  auto owner = scope.imported.find(path.substr(0, path.find('.')));
  if (owner == scope.imported.end()) return nullptr;
  const Scope& target = scopes_[owner->second.module];
  auto it = target.own.find(path);
  return it == target.own.end() ? nullptr : &it->second;
}

const Symbol* Names::resolve(uint32_t module, std::string_view path, Span span, std::string_view what) {
  const Symbol* symbol = find(module, path);
  if (symbol == nullptr && is_missing(module, path)) return nullptr;
  if (symbol == nullptr) {
    auto report = diagnostics_->report(Diag::kUnknownName, span);
    report.arg(what).arg(path);
    std::string hint = importable(module, path);
    if (hint.empty()) hint = suggest(module, path);
    if (!hint.empty()) report.hint(hint);
    return nullptr;
  }
  if (symbol->is_private && symbol->module != module) {
    diagnostics_->report(Diag::kPrivateName, span)
        .arg(path)
        .arg(path_text(modules_[symbol->module].name))
        .related(symbol->span, "declared here");
    return nullptr;
  }
  return symbol;
}

const EnumDecl* Names::visible_enum_with(uint32_t module, std::string_view member) const {
  auto it = scopes_[module].members.find(member);
  return it == scopes_[module].members.end() ? nullptr : &program_.schema.enums[it->second];
}

bool Names::is_prefix(uint32_t module, std::string_view word) const {
  return scopes_[module].prefixes.count(std::string(word)) != 0;
}

bool Names::is_missing(uint32_t module, std::string_view path) const {
  const Scope& scope = scopes_[module];
  auto missing = [](const Scope& in, std::string_view name) { return in.missing.contains(std::string(name)); };
  size_t dot = path.rfind('.');
  if (missing(scope, path)) return true;
  if (dot == std::string_view::npos) return false;
  // `base.Level.low`: what stands before the dots may be missing itself.
  if (is_missing(module, path.substr(0, dot))) return true;
  auto prefix = scope.prefixes.find(std::string(path.substr(0, dot)));
  return prefix != scope.prefixes.end() && missing(scopes_[prefix->second], path.substr(dot + 1));
}

std::string Names::importable(uint32_t module, std::string_view name) const {
  for (uint32_t other = 0; other < modules_.size() && !muted_; ++other) {
    auto it = scopes_[other].own.find(name);
    if (other == module || it == scopes_[other].own.end() || it->second.is_private) continue;
    return "module `" + path_text(modules_[other].name) + "` has it: `use " + path_text(modules_[other].name) + " (" +
           std::string(name) + ")`";
  }
  return {};
}

std::string Names::suggest(uint32_t module, std::string_view name) {
  if (!can_suggest()) return {};
  std::vector<std::string> known;
  for (const auto& [text, symbol] : scopes_[module].own) known.emplace_back(text);
  for (const auto& [text, symbol] : scopes_[module].imported) known.emplace_back(text);
  for (const auto& [prefix, target] : scopes_[module].prefixes) {
    if (target == module) continue;
    for (const auto& [text, symbol] : scopes_[target].own) {
      if (!symbol.is_private) known.push_back(prefix + "." + std::string(text));
    }
  }
  return suggest(name, known);
}

bool Names::can_suggest() const { return !muted_ && suggestions_ < kMostSuggestions; }

void Names::report_to(Diagnostics& diagnostics, bool muted) {
  diagnostics_ = &diagnostics;
  muted_ = muted;
}

std::string Names::suggest(std::string_view name, const std::vector<std::string>& known) {
  if (!can_suggest()) return {};
  ++suggestions_;
  std::string nearest = nearest_name(name, known);
  return nearest.empty() ? nearest : "did you mean `" + nearest + "`?";
}

}  // namespace lictor
