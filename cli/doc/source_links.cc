#include "cli/doc/source_links.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "cli/doc/html.h"
#include "compiler/names.h"

namespace lictor::cli {
namespace {

/// Source text as HTML, piece by piece. Comments are shown in another tone; what looks like one in a string is none.
class CodeText {
 public:
  void add(std::string_view text) {
    size_t from = 0;
    for (size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\n') {
        flush(text.substr(from, i - from));
        from = i;
        in_note_ = false;
      } else if (!in_note_ && text[i] == '"' && !(in_string_ && i > 0 && text[i - 1] == '\\')) {
        in_string_ = !in_string_;
      } else if (!in_note_ && !in_string_ && text.substr(i, 2) == "//") {
        flush(text.substr(from, i - from));
        from = i;
        in_note_ = true;
      }
    }
    flush(text.substr(from));
  }
  void add_link(const std::string& to, std::string_view text) {
    out_ += fmt::format("<a href=\"{}\">{}</a>", to, html(text));
  }
  /// Lines after the first lose up to `column` blanks.
  std::string moved_left(size_t column) const {
    std::string out;
    for (size_t i = 0; i < out_.size(); ++i) {
      out += out_[i];
      if (out_[i] != '\n') continue;
      for (size_t n = 0; n < column && i + 1 < out_.size() && out_[i + 1] == ' '; ++n) ++i;
    }
    return out;
  }

 private:
  void flush(std::string_view text) {
    if (!text.empty()) out_ += in_note_ ? "<span class=\"note\">" + html(text) + "</span>" : html(text);
  }

  std::string out_;
  bool in_string_ = false, in_note_ = false;
};

std::string_view last_part(std::string_view path) { return path.substr(path.rfind('.') + 1); }

size_t column_of(std::string_view text, size_t at) {
  size_t line = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  return line == std::string_view::npos ? at : at - line - 1;
}

}  // namespace

SourceLinks::SourceLinks(const Analysis& analysis) : analysis_(analysis) {
  for (const ast::Module& module : analysis.modules) add_module(module);
}

std::string SourceLinks::page_of(std::string_view module) { return fmt::format("modules/{}.html", module); }

void SourceLinks::add(const ast::Module& module, Span name, std::string anchor) {
  if (!name.valid()) return;
  anchors_[{name.file, name.begin}].push_back({page_of(path_text(module.name)), std::move(anchor)});
}

void SourceLinks::add_module(const ast::Module& module) {
  add(module, module.name.span, "");
  auto each = [&](const auto& list) {
    for (const auto& one : list) add(module, one.head.name.span, one.head.name.text);
  };
  auto fields = [&](const ast::Head& head, const std::vector<ast::Field>& list) {
    for (const ast::Field& field : list) add(module, field.name.span, head.name.text + "." + field.name.text);
  };
  each(module.params), each(module.enums), each(module.aliases), each(module.entities), each(module.relations);
  each(module.events), each(module.requests), each(module.lets), each(module.obligations), each(module.requirements);
  each(module.decisions);
  std::set<std::string_view> seen;  // a derived relation is declared by its first rule
  for (const ast::Rule& rule : module.rules) {
    if (seen.insert(rule.head.name.text).second) add(module, rule.head.name.span, rule.head.name.text);
  }
  for (const ast::Enum& one : module.enums) {
    for (const ast::EnumMember& member : one.members)
      add(module, member.name.span, one.head.name.text + "." + member.name.text);
  }
  for (const ast::Entity& one : module.entities) fields(one.head, one.fields);
  for (const ast::Relation& one : module.relations) fields(one.head, one.columns);
  for (const ast::Event& one : module.events) fields(one.head, one.columns);
  for (const ast::Request& one : module.requests) fields(one.head, one.fields);
  for (const ast::Signature& one : module.obligations) fields(one.head, one.params);
  for (const ast::Signature& one : module.requirements) fields(one.head, one.params);
  for (const ast::TypeAlias& one : module.aliases) fields(one.head, one.type.fields);
  for (const ast::Decision& decision : module.decisions) {
    for (const ast::Clause& clause : decision.clauses)
      add(module, clause.head.name.span, decision.head.name.text + "." + clause.head.name.text);
  }
}

/// Where a word leads to. One name in the source may stand for several declarations (a constitution's, a lifecycle's), and
/// some of what they refer to is nowhere written: a word leads only to what has its name.
std::string SourceLinks::target(Span name, std::string_view written) const {
  auto found = anchors_.find({name.file, name.begin});
  if (found == anchors_.end()) return "";
  for (const Anchor& anchor : found->second) {
    if (anchor.name.empty()) return html("../" + anchor.page);
    if (last_part(anchor.name) == last_part(written)) return html("../" + anchor.page + "#" + anchor.name);
  }
  return "";
}

std::string SourceLinks::code(Span span) const {
  if (!span.valid()) return "";
  std::string_view file = analysis_.sources->file(span.file).text();
  const std::vector<Reference>& all = analysis_.references->all();
  auto at = std::ranges::lower_bound(all, std::pair(span.file, span.begin), {},
                                     [](const Reference& one) { return std::pair(one.span.file, one.span.begin); });
  CodeText out;
  uint32_t done = span.begin;
  for (; at != all.end() && at->span.file == span.file && at->span.end <= span.end; ++at) {
    if (at->span.begin < done) continue;
    bool itself = at->target == at->span;
    std::string_view written = file.substr(at->span.begin, at->span.end - at->span.begin);
    std::string to = itself || at->kind == RefKind::kBuiltin ? "" : target(at->target, written);
    if (to.empty()) continue;
    out.add(file.substr(done, at->span.begin - done));
    out.add_link(to, written);
    done = at->span.end;
  }
  out.add(file.substr(done, span.end - done));
  return out.moved_left(column_of(file, span.begin));
}

}  // namespace lictor::cli
