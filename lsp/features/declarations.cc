// A signature is the declaration's own text, cut where its rows, clauses or body begin.
#include "lsp/features/declarations.h"

#include <algorithm>

#include "compiler/builtins.h"
#include "compiler/names.h"

namespace lictor::lsp {
namespace {

constexpr size_t kMostLines = 14;

/// Without blanks at the end and without the indent that all lines but the first share; long texts are cut.
std::string tidy(std::string_view text) {
  std::string out;
  size_t lines = 0, indent = std::string::npos;
  for (size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
    size_t first = text.find_first_not_of(' ', at + 1);
    if (first != std::string_view::npos && text[first] != '\n') indent = std::min(indent, first - at - 1);
  }
  for (size_t at = 0; at < text.size();) {
    size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    if (at > 0 && indent != std::string::npos) line.remove_prefix(std::min(indent, line.size()));
    if (++lines > kMostLines) return out + "  ...";
    out += line;
    out += '\n';
    at = end + 1;
  }
  while (!out.empty() && (out.back() == '\n' || out.back() == ' ')) out.pop_back();
  return out;
}

class Finder {
 public:
  Finder(const View& view, Span target) : view_(view), module_(view.analysis.modules[target.file]), target_(target) {}

  std::optional<Declared> find() {
    if (module_.name.span == target_) return Declared{"module", "module " + path_text(module_.name), module_.doc, ""};
    for (const auto& d : module_.params) plain(d.head, "parameter");
    for (const auto& d : module_.aliases) {
      plain(d.head, "type");
      record(d.head, "type", d.type);
    }
    for (const auto& d : module_.fixtures) plain(d.head, "fixture");
    for (const auto& d : module_.rules) head(d.head, "relation", d.head.span.end);
    for (const auto& d : module_.lets) with_fields(d.head, "let", d.params, "parameter");
    for (const auto& d : module_.requests) with_fields(d.head, "request", d.fields, "field");
    for (const auto& d : module_.obligations) with_fields(d.head, "obligation", d.params, "parameter");
    for (const auto& d : module_.requirements) with_fields(d.head, "requirement", d.params, "parameter");
    for (const auto& d : module_.events) with_fields(d.head, "event", d.columns, "column");
    for (const auto& d : module_.entities) {
      head(d.head, "entity", rows_begin(d.rows, d.head.span.end));
      fields(d.head, "entity", d.fields, "attribute");
    }
    for (const auto& d : module_.relations) {
      head(d.head, "relation", rows_begin(d.rows, d.head.span.end));
      fields(d.head, "relation", d.columns, "column");
    }
    for (const auto& d : module_.enums) enumeration(d);
    for (const auto& d : module_.decisions) decision(d);
    for (const ast::Use& use : module_.uses) {
      if (use.alias && use.alias->span == target_) found_ = Declared{"module", text(use.span), "", ""};
    }
    return std::move(found_);
  }

 private:
  std::string text(Span span) const { return tidy(view_.analysis.sources->text(span)); }
  std::string module_name() const { return path_text(module_.name); }

  static uint32_t rows_begin(const std::optional<ast::Rows>& rows, uint32_t end) {
    return rows && rows->source == ast::SourceKind::kInline ? rows->span.begin : end;
  }

  void head(const ast::Head& head, const char* what, uint32_t end) {
    if (head.name.span != target_ || found_) return;
    found_ = Declared{what, text({head.span.file, head.span.begin, end}), head.doc, module_name()};
  }
  void plain(const ast::Head& source, const char* what) { head(source, what, source.span.end); }

  void with_fields(const ast::Head& source, const char* what, const std::vector<ast::Field>& list, const char* part) {
    plain(source, what);
    fields(source, what, list, part);
  }

  void fields(const ast::Head& source, const char* what, const std::vector<ast::Field>& list, const char* part) {
    for (const ast::Field& field : list) {
      if (field.name.span == target_) found_ = Declared{part, text(field.span), "", owner(what, source)};
      record(source, what, field.type);
    }
  }

  /// The fields of a record that is written in place.
  void record(const ast::Head& source, const char* what, const ast::TypeExpr& type) {
    fields(source, what, type.fields, "field");
    for (const ast::TypeExpr& arg : type.args) record(source, what, arg);
  }

  static std::string owner(const char* what, const ast::Head& head) {
    return std::string(what) + " `" + head.name.text + "`";
  }

  void enumeration(const ast::Enum& source) {
    plain(source.head, "enum");
    for (const ast::EnumMember& member : source.members) {
      if (member.name.span != target_) continue;
      found_ = Declared{"member", source.head.name.text + "." + member.name.text, "", owner("enum", source.head)};
    }
  }

  void decision(const ast::Decision& source) {
    uint32_t end = source.head.span.end;
    std::string_view whole = view_.analysis.sources->text(source.head.span);
    if (size_t brace = whole.find('{', source.param.span.end - source.head.span.begin); brace != std::string_view::npos)
      end = source.head.span.begin + static_cast<uint32_t>(brace);
    head(source.head, "decision", end);
    for (const ast::Clause& clause : source.clauses) {
      if (clause.head.name.span != target_) continue;
      found_ = Declared{"clause", text(clause.head.span), clause.head.doc, owner("decision", source.head)};
    }
  }

  const View& view_;
  const ast::Module& module_;
  Span target_;
  std::optional<Declared> found_;
};

}  // namespace

std::optional<Declared> declared_at(const View& view, Span target) {
  if (!target.valid() || target.file >= view.analysis.modules.size()) return std::nullopt;
  return Finder(view, target).find();
}

std::optional<Declared> declared_by(const View& view, const Reference& reference) {
  if (reference.kind == RefKind::kBuiltin) {
    const Builtin& row = builtins()[reference.target.begin];
    return Declared{"function", builtin_signature(view.analysis.program.schema, row), std::string(row.doc),
                    row.module.empty() ? "built in" : std::string(row.module)};
  }
  const Schema& schema = view.analysis.program.schema;
  if (reference.kind == RefKind::kVariable) {
    std::string name(view.analysis.sources->text(reference.span));
    std::string type = reference.type == kErrorType ? "?" : type_name(schema, reference.type);
    return Declared{"variable", name + ": " + type, "", ""};
  }
  return declared_at(view, reference.target);
}

}  // namespace lictor::lsp
