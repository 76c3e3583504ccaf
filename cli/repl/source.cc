#include "cli/repl/source.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "cli/repl/entry.h"
#include "compiler/build_ast.h"
#include "compiler/names.h"
#include "grammar/big_stack.h"

namespace lictor::cli {
namespace {

/// Calls `each` with the head of every declaration and rule.
template <class Each>
void for_heads(const ast::Module& module, Each each) {
  auto all = [&](const auto& list) {
    for (const auto& item : list) each(item.head);
  };
  all(module.params);
  all(module.enums);
  all(module.aliases);
  all(module.entities);
  all(module.relations);
  all(module.events);
  all(module.requests);
  all(module.lets);
  all(module.obligations);
  all(module.requirements);
  all(module.decisions);
  all(module.rules);
}

/// Its mistakes are left to the check.
ast::Module parsed(const std::string& text) {
  ast::Module module;
  run_on_big_stack(kBigStack, [&] {
    SourceMap sources;
    uint32_t file = sources.add("", "module session\n" + text + "\n");
    Diagnostics diagnostics(sources);
    module = build_module(sources, file, diagnostics);
  });
  return module;
}

/// The names that the session's own declarations declare.
std::set<std::string> declared(const std::vector<std::string>& declarations) {
  std::set<std::string> out;
  ast::Module module = parsed(fmt::format("{}", fmt::join(declarations, "\n")));
  for_heads(module, [&](const ast::Head& head) { out.insert(head.name.text); });
  return out;
}

/// By module: its public names.
std::map<std::string, std::set<std::string>> public_names(const ModuleList& bundle) {
  std::map<std::string, std::set<std::string>> out;
  for (const ast::Module& module : bundle) {
    std::string path = path_text(module.name);
    if (path.empty() || path.starts_with("std.")) continue;
    std::set<std::string> hidden;
    for_heads(module, [&](const ast::Head& head) {
      out[path].insert(head.name.text);
      if (head.is_private) hidden.insert(head.name.text);
    });
    for (const std::string& name : hidden) out[path].erase(name);
  }
  return out;
}

}  // namespace

ast::Body body_of(const std::string& body) {
  ast::Module module = parsed(fmt::format("{}(true) :-\n{}\n.", kAnswer, body));
  return module.rules.empty() ? ast::Body{} : std::move(module.rules[0].body);
}

SessionSource::SessionSource(const ModuleList& bundle, const Entries& entries, Focus focus,
                             const QuestionRule* question) {
  module_ = "session";
  std::set<std::string> taken;
  for (const ast::Module& other : bundle) taken.insert(path_text(other.name));
  while (taken.contains(module_)) module_ += "_";
  add("module " + module_);
  imports(bundle, entries);
  for (const std::string& use : entries.uses) add(use, focus == Focus::kUse && &use == &entries.uses.back());
  for (const std::string& one : entries.declarations)
    add(one, focus == Focus::kDeclaration && &one == &entries.declarations.back());
  for (const Change& change : entries.changes) {
    if (change.kind != Change::Kind::kGiven) continue;
    add("test \"given\" {");
    add(change.text, focus == Focus::kGiven && &change == &entries.changes.back());
    add("}");
  }
  if (question == nullptr) return;
  add(question->head);
  add(question->body, true);
  add(".");
}

void SessionSource::add(std::string_view text, bool focus) {
  auto lines_of = [](std::string_view lines) { return static_cast<uint32_t>(std::ranges::count(lines, '\n')); };
  if (focus) {
    first_ = lines_of(text_) + 1;
    lines_ = lines_of(text) + 1;
    typed_ = text;
  }
  text_ += text;
  text_ += '\n';
}

void SessionSource::imports(const ModuleList& bundle, const Entries& entries) {
  std::map<std::string, std::set<std::string>> modules = public_names(bundle);
  std::map<std::string, int> count;
  for (const auto& [module, names] : modules) {
    for (const std::string& name : names) ++count[name];
  }
  std::set<std::string> own = declared(entries.declarations);
  for (auto& [module, names] : modules) {
    std::erase_if(names, [&](const std::string& name) { return count[name] > 1 || own.contains(name); });
    add(names.empty() ? "use " + module : fmt::format("use {} ({})", module, fmt::join(names, ", ")));
  }
}

void SessionSource::move(Place& place) const {
  if (place.file != kFile || place.line < first_ || place.line > first_ + lines_) return;
  place.file = kTyped;
  place.line -= first_ - 1;
  if (place.end_line >= first_) place.end_line -= first_ - 1;
}

Diagnostic SessionSource::as_typed(Diagnostic diagnostic) const {
  move(diagnostic.place);
  for (Related& related : diagnostic.related) move(related.place);
  return diagnostic;
}

}  // namespace lictor::cli
