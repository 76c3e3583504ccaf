// The entries of a module: each declaration once, however many parts of the program it makes. A constitution and an
// invariant are written as one and read as several (build_ast_constitution.cc); they are shown as they are written.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "cli/doc/entry.h"
#include "cli/doc/html.h"
#include "compiler/names.h"

namespace lictor::cli {
namespace {

struct Placed {
  uint32_t begin = 0;
  DocEntry entry;
};

template <class Decl>
const Decl* declared(const std::vector<Decl>& list, const ast::Module& module, std::string_view name) {
  std::string path = path_text(module.name);
  auto it = std::ranges::find_if(list, [&](const Decl& d) { return d.info.name == name && d.info.module == path; });
  return it == list.end() ? nullptr : &*it;
}

class Entries {
 public:
  explicit Entries(const DocContext& context) : context_(context), module_(context.module) {}

  std::vector<DocEntry> all() {
    constitution();
    for (const ast::Lifecycle& one : module_.lifecycles) lifecycle(one);
    for (const ast::Watch& one : module_.watches) watch(one);
    for (const ast::Decision& one : module_.decisions)
      add("Decisions", "decision", one.head, decision_body(context_, one));
    for (const ast::Param& one : module_.params) add("Parameters", "param", one.head, param(one));
    for (const ast::Request& one : module_.requests)
      add("Requests", "request", one.head,
          heading(context_, "request", one.head) + field_table(context_, one.head.name.text, "Field", one.fields));
    for (const ast::Enum& one : module_.enums) add("Types", "enum", one.head, enumeration(one));
    for (const ast::TypeAlias& one : module_.aliases)
      add("Types", "type", one.head,
          heading(context_, "type", one.head) + field_table(context_, one.head.name.text, "Field", one.type.fields) +
              source_block(context_, one.head.span));
    for (const ast::Entity& one : module_.entities) add("Types", "entity", one.head, entity(one));
    for (const ast::Relation& one : module_.relations) {
      if (!one.sealed) add("Relations", "relation", one.head, relation(one));
    }
    for (const ast::Event& one : module_.events)
      add("Relations", "event", one.head,
          heading(context_, "event", one.head) + field_table(context_, one.head.name.text, "Column", one.columns) +
              source_block(context_, one.head.span));
    derived();
    for (const ast::Let& one : module_.lets)
      add("Values", "let", one.head, heading(context_, "let", one.head) + source_block(context_, one.head.span));
    for (const ast::Signature& one : module_.obligations)
      add("Obligations and requirements", "obligation", one.head, signature("obligation", one));
    for (const ast::Signature& one : module_.requirements)
      add("Obligations and requirements", "requirement", one.head, signature("requirement", one));
    std::ranges::stable_sort(placed_, {}, &Placed::begin);
    std::vector<DocEntry> out;
    for (Placed& one : placed_) out.push_back(std::move(one.entry));
    return out;
  }

 private:
  bool is_part(const ast::Head& head) const {
    return std::ranges::any_of(
        wholes_, [&](const Span& whole) { return whole.begin <= head.span.begin && head.span.end <= whole.end; });
  }

  void add(std::string section, std::string kind, const ast::Head& head, std::string body) {
    if (is_part(head)) return;
    placed_.push_back({head.span.begin,
                       {.section = std::move(section),
                        .kind = std::move(kind),
                        .name = head.name.text,
                        .body = std::move(body),
                        .summary = html_summary(head.doc)}});
  }

  // ---- Kinds --------------------------------------------------------------------------------------------------------

  std::string param(const ast::Param& one) const {
    std::string out = heading(context_, "param", one.head) + "<div class=\"scroll\"><table>\n<tr><th>Type</th>";
    std::string value = one.value.empty() ? "<span class=\"soft\">must be given</span>"
                                          : "<code>" + context_.links.code(one.value[0].span) + "</code>";
    std::string heads = "<th>Default</th>", cells = "<td>" + value + "</td>";
    const Schema& schema = context_.schema();
    const ParamDecl* decl = declared(schema.params, module_, one.head.name.text);
    for (const ParamSet& set : context_.bundle.params) {
      for (const auto& [index, datum] : set.values) {
        if (decl != &schema.params[index]) continue;
        heads += "<th>Set <code>" + html(set.name) + "</code></th>";
        cells += "<td><code>" + html(show_source(schema, datum)) + "</code></td>";
      }
    }
    return out + fmt::format("{}</tr>\n<tr><td><code>{}</code></td>{}</tr>\n</table></div>\n", heads,
                             context_.links.code(one.type.span), cells);
  }

  std::string enumeration(const ast::Enum& one) const {
    bool wire = std::ranges::any_of(one.members, [](const ast::EnumMember& member) { return member.wire.has_value(); });
    std::string out = heading(context_, "enum", one.head);
    if (one.ordered) out += "<p>Ordered, from least to greatest.</p>\n";
    out += fmt::format("<div class=\"scroll\"><table>\n<tr><th>Member</th>{}</tr>\n", wire ? "<th>In JSON</th>" : "");
    for (const ast::EnumMember& member : one.members) {
      out +=
          fmt::format("<tr id=\"{0}.{1}\"><td><code>{1}</code></td>", html(one.head.name.text), html(member.name.text));
      if (wire) out += "<td><code>&quot;" + html(member.wire.value_or(member.name.text)) + "&quot;</code></td>";
      out += "</tr>\n";
    }
    return out + "</table></div>\n";
  }

  static std::string origin(const std::optional<ast::Rows>& rows) {
    if (!rows) return "";
    if (rows->source == ast::SourceKind::kHost) return "<p>Kept by the host; changes at run time.</p>\n";
    if (rows->source == ast::SourceKind::kFile) return "<p>Read from <code>" + html(rows->file) + "</code>.</p>\n";
    return "";
  }

  std::string entity(const ast::Entity& one) const {
    std::string out = heading(context_, "entity", one.head);
    std::string in;
    for (const ast::Path& parent : one.parents)
      in += (in.empty() ? "" : ", ") + ("<code>" + context_.links.code(parent.span) + "</code>");
    if (!in.empty()) out += "<p>In " + in + ".</p>\n";
    out += field_table(context_, one.head.name.text, "Attribute", one.fields, one.key) + origin(one.rows);
    bool rows = one.rows && one.rows->source == ast::SourceKind::kInline;
    return rows ? out + source_block(context_, one.head.span) : out;
  }

  std::string relation(const ast::Relation& one) {
    std::string out = heading(context_, "relation", one.head);
    out += field_table(context_, one.head.name.text, "Column", one.columns, one.key) + origin(one.rows);
    if (one.expires_at) out += "<p>A row is over at its <code>" + html(one.expires_at->text) + "</code>.</p>\n";
    if (one.rows && one.rows->source == ast::SourceKind::kInline) out += source_block(context_, one.head.span);
    return out + rules_of(one.head.name.text);
  }

  std::string rules_of(const std::string& name) {
    std::string out;
    for (const ast::Rule& rule : module_.rules) {
      if (rule.head.name.text == name && !is_part(rule.head))
        out += html_doc(rule.head.doc) + code_block(context_.links.code(rule.head.span));
    }
    return out;
  }

  std::string signature(std::string_view kind, const ast::Signature& one) const {
    std::string out = heading(context_, kind, one.head);
    if (one.blocking) out += "<p>Blocking: it is carried out before the answer.</p>\n";
    return out + field_table(context_, one.head.name.text, "Argument", one.params);
  }

  // ---- What rules define ----------------------------------------------------------------------------------------------

  /// Relations that have rules and no declaration, at their first rule.
  void derived() {
    std::set<std::string> seen;
    for (const ast::Relation& one : module_.relations) seen.insert(one.head.name.text);
    for (const ast::Rule& rule : module_.rules) {
      if (is_part(rule.head) || !seen.insert(rule.head.name.text).second) continue;
      auto same = [&](const ast::Invariant& one) { return one.name.text == rule.head.name.text; };
      auto claim = std::ranges::find_if(module_.invariants, same);
      if (claim != module_.invariants.end()) {
        add("Invariants", "invariant", rule.head, invariant(*claim, rule));
        continue;
      }
      ast::Head head = rule.head;
      std::string body = heading(context_, "relation", without_doc(head)) + inferred(rule.head.name.text);
      add("Relations", "relation", rule.head, body + rules_of(rule.head.name.text));
    }
  }

  /// The doc comment of a rule stands with the rule.
  static const ast::Head& without_doc(ast::Head& head) {
    head.doc.clear();
    return head;
  }

  std::string invariant(const ast::Invariant& one, const ast::Rule& rule) const {
    std::string out = heading(context_, "invariant", rule.head);
    if (!one.message.empty()) out += "<p>" + context_.links.code(one.message[0].span) + "</p>\n";
    return out + source_block(context_, rule.head.span);
  }

  std::string inferred(const std::string& name) const {
    const RelationDecl* decl = declared(context_.schema().relations, module_, name);
    if (decl == nullptr) return "";
    std::vector<std::pair<std::string, std::string>> columns;
    for (const FieldDecl& column : decl->columns)
      columns.emplace_back(column.name, type_name(context_.schema(), column.type));
    if (decl->request != kNoIndex) {
      const RequestDecl& request = context_.schema().requests[decl->request];
      columns.insert(columns.begin() + decl->request_position, {"request", request.info.name});
    }
    std::string out;
    for (const auto& [column, type] : columns)
      out += fmt::format("{}{}: {}", out.empty() ? "" : ", ", html(column), html(type));
    return "<p><span class=\"soft\">Derived, with the columns</span> <code>" + out + "</code></p>\n";
  }

  // ---- Constitution -------------------------------------------------------------------------------------------------

  void constitution() {
    const ast::Relation* principles = nullptr;
    const ast::Relation* texts = nullptr;
    for (const ast::Relation& one : module_.relations) {
      if (one.sealed) (one.head.name.text == "principle" ? principles : texts) = &one;
    }
    if (principles == nullptr || texts == nullptr || !principles->rows || !texts->rows) return;
    ast::Head head = principles->head;
    head.name.text = std::string(context_.text(head.name.span));
    std::string body =
        "<span id=\"principle\"></span><span id=\"principle_text\"></span><span id=\"score\"></span>"
        "<span id=\"violated\"></span>\n" +
        heading(context_, "constitution", head) +
        "<div class=\"scroll\"><table class=\"clauses\">\n<tr><th>Principle</th><th>Severity</th>"
        "<th>Weight</th><th>Text</th><th>Violated if</th></tr>\n";
    size_t at = 0;
    for (const ast::Rule& rule : module_.rules) {
      if (!rule.principle || at >= principles->rows->rows.size()) continue;
      const ast::Row& row = principles->rows->rows[at];
      const ast::Row& text = texts->rows->rows[at++];
      body +=
          fmt::format("<tr><td><code>{}</code>{}</td><td>{}</td><td>{}</td><td>{}</td><td><pre>{}</pre></td></tr>\n",
                      html(row.values[0].parts[0].text), html_doc(rule.head.doc), word(row.values[1]),
                      word(row.values[2]), html(text.values[1].parts.empty() ? "" : text.values[1].parts[0].text),
                      context_.links.code(span_of(rule.body)));
    }
    add("Constitution", "constitution", head, body + "</table></div>\n");
    wholes_.push_back(head.span);
  }

  // ---- Lifecycles and watches -----------------------------------------------------------------------------------------

  /// Places for links to the declarations that a piece of source stands for.
  std::string places(Span whole) const {
    std::set<std::string> names;
    auto inside = [&](const ast::Head& head) { return whole.begin <= head.span.begin && head.span.end <= whole.end; };
    auto each = [&](const auto& list) {
      for (const auto& one : list) {
        if (inside(one.head)) names.insert(one.head.name.text);
      }
    };
    auto parts = [&](const ast::Head& head, const auto& list) {
      for (const auto& one : list) {
        if (inside(head)) names.insert(head.name.text + "." + one.name.text);
      }
    };
    each(module_.enums), each(module_.relations), each(module_.requests), each(module_.decisions), each(module_.rules);
    for (const ast::Enum& one : module_.enums) parts(one.head, one.members);
    for (const ast::Relation& one : module_.relations) parts(one.head, one.columns);
    for (const ast::Request& one : module_.requests) parts(one.head, one.fields);
    for (const ast::Decision& one : module_.decisions) {
      for (const ast::Clause& clause : one.clauses) {
        if (inside(one.head)) names.insert(one.head.name.text + "." + clause.head.name.text);
      }
    }
    std::string out;
    for (const std::string& name : names) out += "<span id=\"" + html(name) + "\"></span>";
    return out + "\n";
  }

  void lifecycle(const ast::Lifecycle& one) {
    ast::Head head = one.head;
    head.name.text += ".lifecycle";  // the entity has the name itself
    add("Lifecycles", "lifecycle", head,
        places(head.span) + heading(context_, "lifecycle", head) + lifecycle_body(context_, one));
    wholes_.push_back(head.span);
  }

  void watch(const ast::Watch& one) {
    for (const ast::Rule& rule : module_.rules) {
      if (rule.head.name.text != one.name.text) continue;
      ast::Head head = rule.head;
      std::string body = places(head.span);
      std::string own = "<span id=\"" + html(one.name.text) + "\"></span>";  // the heading has that place
      if (size_t at = body.find(own); at != std::string::npos) body.erase(at, own.size());
      add("Watches", "watch", head, body + heading(context_, "watch", head) + source_block(context_, head.span));
      wholes_.push_back(head.span);
      return;
    }
  }

  static std::string word(const ast::Expr& expr) { return html(expr.text); }

  const DocContext& context_;
  const ast::Module& module_;
  std::vector<Span> wholes_;  // what is shown in one piece
  std::vector<Placed> placed_;
};

}  // namespace

std::vector<DocEntry> entries_of(const DocContext& context) { return Entries(context).all(); }

}  // namespace lictor::cli
