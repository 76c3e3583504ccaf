// The parts that all declarations of a page share: heading, annotations, doc comment, tables of fields, source.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/doc/source_links.h"
#include "host/bundle.h"

namespace lictor::cli {

/// What the writers of a page have at hand.
struct DocContext {
  const Bundle& bundle;
  const SourceLinks& links;
  const ast::Module& module;
  const Schema& schema() const { return bundle.analysis.program.schema; }
  std::string_view text(Span span) const { return bundle.analysis.sources->text(span); }
};

/// One thing that the contents of a page list.
struct DocEntry {
  std::string section;  // "Decisions"
  std::string kind;     // "decision"
  std::string name;     // also its anchor
  std::string body;     // HTML
  std::string summary;  // HTML
};

/// Badges of annotations, and of `private`; "" where there are none.
std::string badges(const DocContext& context, const std::vector<ast::Annotation>& annotations, bool is_private);
/// Heading, badges and doc comment.
std::string heading(const DocContext& context, std::string_view kind, const ast::Head& head);
/// A table of fields; "" where there are none. `keys`: names of the key.
std::string field_table(const DocContext& context, std::string_view owner, std::string_view what,
                        const std::vector<ast::Field>& fields, const std::vector<ast::Name>& keys = {});
/// `<pre>` with the source, folded where it is long.
std::string source_block(const DocContext& context, Span span);
/// Code of a condition.
std::string code_block(const std::string& code);
Span span_of(const ast::Body& body);

/// The section of one decision.
std::string decision_body(const DocContext& context, const ast::Decision& decision);
/// Picture, transitions and source of a lifecycle.
std::string lifecycle_body(const DocContext& context, const ast::Lifecycle& lifecycle);
/// All entries of a module, in the order of their source.
std::vector<DocEntry> entries_of(const DocContext& context);

}  // namespace lictor::cli
