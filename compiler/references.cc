#include "compiler/references.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>

namespace lictor {
namespace {

auto order(const Reference& r) { return std::tuple(r.span.file, r.span.begin, r.span.end); }

/// The module's alias that a prefix is, or an invalid span.
Span alias_of(const ast::Module& module, std::string_view prefix) {
  for (const ast::Use& use : module.uses) {
    if (use.alias && use.alias->text == prefix) return use.alias->span;
  }
  return {};
}

/// Where the prefix of the path stands, without blanks before the dot; empty for a bare name.
Span prefix_of(Span span, std::string_view path, size_t name_length) {
  size_t dots = static_cast<size_t>(std::ranges::count(path, '.'));
  if (dots == 0 || span.end - span.begin < name_length + 1) return {};
  // Written without blanks, as everybody does; otherwise the place of the prefix is not worth a second parse.
  return span.end - span.begin == path.size()
             ? Span{span.file, span.begin, span.end - static_cast<uint32_t>(name_length) - 1}
             : Span{};
}

}  // namespace

void References::add(Span span, Span target, RefKind kind, TypeId type) {
  if (span.valid() && span.end > span.begin) all_.push_back({span, target, kind, type});
}

void References::add_path(const ModuleList& modules, uint32_t from, Span span, std::string_view path, Span target,
                          uint32_t module) {
  if (!span.valid()) return;
  size_t dot = path.rfind('.');
  size_t length = dot == std::string_view::npos ? path.size() : path.size() - dot - 1;
  if (span.end - span.begin < length) return;
  add({span.file, span.end - static_cast<uint32_t>(length), span.end}, target, RefKind::kSymbol);
  Span prefix = prefix_of(span, path, length);
  if (!prefix.valid()) return;
  Span alias = alias_of(modules[from], path.substr(0, dot));
  std::string_view before = path.substr(0, dot);
  const std::vector<ast::Name>& parts = modules[module].name.parts;
  bool names_module = before.find('.') != std::string_view::npos || (!parts.empty() && parts.back().text == before);
  if (!alias.valid() && !names_module) return;  // `Model.approve`: an owner
  add(prefix, alias.valid() ? alias : modules[module].name.span, RefKind::kModule);
}

void References::expect(Span span, TypeId expected) {
  hole_.span = span;
  if (hole_.expected == kErrorType) hole_.expected = expected;
}

void References::expect_member(Span span, TypeId owner) {
  hole_.span = span;
  if (hole_.owner == kErrorType) hole_.owner = owner;
}

void References::add_clauses(const ModuleList& modules) {
  std::unordered_map<uint64_t, const ast::Decision*> decisions;
  auto key = [](Span span) { return uint64_t{span.file} << 32 | span.begin; };
  for (const ast::Module& module : modules) {
    add(module.name.span, module.name.span, RefKind::kModule);
    for (const ast::Decision& decision : module.decisions) {
      decisions[key(decision.head.name.span)] = &decision;
      for (const ast::Clause& clause : decision.clauses)
        add(clause.head.name.span, clause.head.name.span, RefKind::kClause);
    }
  }
  sort();
  std::vector<Reference> found;
  for (const ast::Module& module : modules) {
    for (const ast::Test& test : module.tests) {
      for (const ast::Statement& statement : test.statements) {
        if (!statement.clause || statement.value.empty()) continue;
        const Span& call = statement.value[0].name_span;
        const Reference* name = call.valid() ? at(call.file, call.end) : nullptr;
        auto decision = name == nullptr ? decisions.end() : decisions.find(key(name->target));
        if (decision == decisions.end()) continue;
        for (const ast::Clause& clause : decision->second->clauses) {
          if (clause.head.name.text == statement.clause->text)
            found.push_back({statement.clause->span, clause.head.name.span, RefKind::kClause, kErrorType});
        }
      }
    }
  }
  all_.insert(all_.end(), found.begin(), found.end());
}

/// Of several entries for one place the one with a type is kept, else the first: they mean the same.
void References::sort() {
  std::ranges::stable_sort(all_, [](const Reference& a, const Reference& b) {
    return std::tuple_cat(order(a), std::tuple(a.type == kErrorType)) <
           std::tuple_cat(order(b), std::tuple(b.type == kErrorType));
  });
  auto rest = std::ranges::unique(all_, [](const Reference& a, const Reference& b) { return order(a) == order(b); });
  all_.erase(rest.begin(), rest.end());
}

void References::finish(const ModuleList& modules) {
  add_clauses(modules);
  sort();
}

const Reference* References::at(uint32_t file, uint32_t offset) const {
  auto behind = std::ranges::upper_bound(all_, std::pair(file, offset), {},
                                         [](const Reference& r) { return std::pair(r.span.file, r.span.begin); });
  // A prefix and its name stand apart, so at most one entry covers the byte; the one to the right wins at a border.
  if (behind == all_.begin()) return nullptr;
  const Reference& found = *(behind - 1);
  return found.span.file == file && offset <= found.span.end ? &found : nullptr;
}

}  // namespace lictor
