// Any bytes: parsing, building and formatting never crash; the tree keeps every byte; a text without syntax errors has
// the same meaning and the same layout after it was formatted.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "compiler/build_ast.h"
#include "compiler/dump_ast.h"
#include "grammar/format.h"
#include "grammar/parse.h"

namespace {

using namespace lictor;

struct Read {
  SourceMap sources;
  Diagnostics diagnostics{sources};
  SyntaxTree tree;
  ast::Module module;

  explicit Read(std::string text) {
    uint32_t file = sources.add("fuzz.lictor", std::move(text));
    Diagnostics ignored(sources);
    tree = parse(sources, file, ignored);
    module = build_module(sources, file, diagnostics);
    for (const Diagnostic& diagnostic : diagnostics.sorted()) (void)render(diagnostic, sources, true);
  }
};

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string text(reinterpret_cast<const char*>(data), size);
  Read before(text);
  require(print(before.tree) == text);
  if (!before.tree.complete) return 0;
  std::string once = format(before.tree);
  Read after(once);
  require(after.tree.complete);
  require(ast::dump(after.module) == ast::dump(before.module));
  require(format(after.tree) == once);
  SourceMap sources;
  Diagnostics diagnostics(sources);
  (void)build_expression(sources, sources.add("query", text), diagnostics);
  return 0;
}
