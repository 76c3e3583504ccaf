// Files parsed by an earlier analysis, for a caller that analyses again and again while few texts change (the editor).
//
// A file is taken over when its number, name and text are the same: spans inside its module hold the number. What the
// parser reported is kept with it and reported again. Not thread-safe; may be dropped or emptied at any time.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "compiler/ast.h"
#include "grammar/diagnostics.h"

namespace lictor {

class ParseCache {
 public:
  /// Adds the text to `sources` and gives its module, parsed now or before. `tests`: with its test blocks.
  std::shared_ptr<const ast::Module> parse(std::string name, std::string text, bool tests, SourceMap& sources,
                                           Diagnostics& diagnostics);
  /// Forgets the files from number `count` on.
  void shrink(size_t count);
  /// How many texts the parser has read for this cache.
  uint64_t parsed() const { return parsed_; }

 private:
  struct Entry {
    std::shared_ptr<const SourceFile> source;
    std::shared_ptr<const ast::Module> module;
    Diagnostics::Found found;
    bool tests = true;
  };
  std::vector<Entry> entries_;  // by file number
  uint64_t parsed_ = 0;
};

}  // namespace lictor
