// Pieces of the policies as HTML, every name a link to where it is declared.
//
// Anchors: a declaration is `#NAME`, what stands in it (member, field, clause) `#NAME.PART`, on the page of its module.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "compiler/analyze.h"

namespace lictor::cli {

class SourceLinks {
 public:
  /// REQUIRES: the analysis has references, and outlives it.
  explicit SourceLinks(const Analysis& analysis);

  /// "modules/atom.maturity.html".
  static std::string page_of(std::string_view module);

  /// The text of the span with links, seen from a page in modules/; lines that follow are moved left as far as the first.
  std::string code(Span span) const;

 private:
  void add(const ast::Module& module, Span name, std::string anchor);
  void add_module(const ast::Module& module);
  std::string target(Span name, std::string_view written) const;

  const Analysis& analysis_;
  struct Anchor {
    std::string page, name;  // "" for a module
  };
  std::map<std::pair<uint32_t, uint32_t>, std::vector<Anchor>> anchors_;  // by file and begin of a name
};

}  // namespace lictor::cli
