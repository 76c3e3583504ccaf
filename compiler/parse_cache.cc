#include "compiler/parse_cache.h"

#include "compiler/build_ast.h"

namespace lictor {

std::shared_ptr<const ast::Module> ParseCache::parse(std::string name, std::string text, bool tests, SourceMap& sources,
                                                     Diagnostics& diagnostics) {
  uint32_t file = sources.size();
  if (entries_.size() <= file) entries_.resize(file + 1);
  Entry& entry = entries_[file];
  bool same = entry.module && entry.tests == tests && entry.source->name() == name && entry.source->text() == text;
  if (same) {
    sources.add(entry.source);
  } else {
    ++parsed_;
    entry.source = std::make_shared<const SourceFile>(std::move(name), std::move(text));
    entry.tests = tests;
    sources.add(entry.source);
    Diagnostics own(sources);
    auto module = std::make_shared<ast::Module>(build_module(sources, file, own));
    if (!tests) module->tests.clear();
    if (!tests) {
      for (ast::Fixture& fixture : module->fixtures) fixture.statements.clear();  // its name may stand behind `use`
    }
    entry.module = std::move(module);
    entry.found = own.take();
  }
  diagnostics.add(entry.found);
  return entry.module;
}

void ParseCache::shrink(size_t count) {
  if (entries_.size() > count) entries_.resize(count);
}

}  // namespace lictor
