#include "cli/doc/entry.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/doc/html.h"

namespace lictor::cli {
namespace {

constexpr int64_t kLongSource = 16;  // lines; what is longer is folded

std::string argument(const DocContext& context, const ast::Expr& expr) {
  if (expr.kind == ast::ExprKind::kString && expr.parts.size() == 1 && expr.parts[0].expr.empty())
    return html(expr.parts[0].text);
  return context.links.code(expr.span);
}

/// Where a source leads to may be followed when it is a web address.
std::string source_link(const ast::Annotation& annotation) {
  if (annotation.name.text != "source" || annotation.args.size() != 1) return "";
  const ast::Expr& expr = annotation.args[0];
  if (expr.kind != ast::ExprKind::kString || expr.parts.size() != 1) return "";
  const std::string& to = expr.parts[0].text;
  if (!to.starts_with("https://") && !to.starts_with("http://")) return "";
  return fmt::format("<a href=\"{0}\" rel=\"noreferrer\">{0}</a>", html(to));
}

std::string badge(const DocContext& context, const ast::Annotation& annotation) {
  std::string value = source_link(annotation);
  for (const ast::Expr& expr : value.empty() ? annotation.args : std::vector<ast::Expr>())
    value += (value.empty() ? "" : ", ") + argument(context, expr);
  return fmt::format("<span class=\"badge\">{}{}{}</span>", html(annotation.name.text), value.empty() ? "" : ": ",
                     value);
}

bool has(const std::vector<ast::Annotation>& annotations, std::string_view name) {
  return std::ranges::any_of(annotations, [&](const ast::Annotation& one) { return one.name.text == name; });
}

std::string title_of(const DocContext& context, const ast::Head& head) {
  for (const ast::Annotation& one : head.annotations) {
    if (one.name.text == "title" && one.args.size() == 1) return " &ndash; " + argument(context, one.args[0]);
  }
  return "";
}

std::string field_notes(const DocContext& context, const ast::Field& field, const std::vector<ast::Name>& keys) {
  std::string out;
  auto note = [&](const std::string& text) { out += "<span class=\"badge\">" + text + "</span>"; };
  if (std::ranges::any_of(keys, [&](const ast::Name& key) { return key.text == field.name.text; })) note("key");
  if (field.from_request) note("from request");
  if (field.wire) note("as &quot;" + html(*field.wire) + "&quot;");
  return out + badges(context, field.annotations, false);
}

}  // namespace

std::string badges(const DocContext& context, const std::vector<ast::Annotation>& annotations, bool is_private) {
  std::string out = is_private ? "<span class=\"badge\">private</span>" : "";
  for (const ast::Annotation& one : annotations) {
    if (one.name.text != "title") out += badge(context, one);
  }
  return out;
}

std::string heading(const DocContext& context, std::string_view kind, const ast::Head& head) {
  std::string id = html(head.name.text);
  std::string out = fmt::format(
      "<h3 id=\"{0}\"><span class=\"kind\">{1}</span> <code{2}>{0}</code>{3}<a class=\"self\" "
      "href=\"#{0}\">#</a></h3>\n",
      id, html(kind), has(head.annotations, "deprecated") ? " class=\"old\"" : "", title_of(context, head));
  std::string all = badges(context, head.annotations, head.is_private);
  if (!all.empty()) out += "<p>" + all + "</p>\n";
  return out + html_doc(head.doc);
}

std::string field_table(const DocContext& context, std::string_view owner, std::string_view what,
                        const std::vector<ast::Field>& fields, const std::vector<ast::Name>& keys) {
  if (fields.empty()) return "";
  auto any = [&](auto test) { return std::ranges::any_of(fields, test); };
  bool defaults = any([](const ast::Field& field) { return !field.default_value.empty(); });
  bool notes = any([&](const ast::Field& field) { return !field_notes(context, field, keys).empty(); });
  std::string out = fmt::format("<div class=\"scroll\"><table>\n<tr><th>{}</th><th>Type</th>{}{}</tr>\n", what,
                                defaults ? "<th>Default</th>" : "", notes ? "<th></th>" : "");
  for (const ast::Field& field : fields) {
    out += fmt::format("<tr id=\"{0}.{1}\"><td><code>{1}</code></td><td><code>{2}</code></td>", html(owner),
                       html(field.name.text), context.links.code(field.type.span));
    std::string value = field.default_value.empty() ? "" : context.links.code(field.default_value[0].span);
    if (defaults) out += value.empty() ? "<td></td>" : "<td><code>" + value + "</code></td>";
    if (notes) out += "<td>" + field_notes(context, field, keys) + "</td>";
    out += "</tr>\n";
  }
  return out + "</table></div>\n";
}

std::string code_block(const std::string& code) { return "<pre>" + code + "</pre>\n"; }

std::string source_block(const DocContext& context, Span span) {
  std::string block = code_block(context.links.code(span));
  if (std::ranges::count(context.text(span), '\n') < kLongSource) return block;
  return "<details><summary>Source</summary>\n" + block + "</details>\n";
}

Span span_of(const ast::Body& body) { return body.empty() ? Span() : join(body.front().span, body.back().span); }

}  // namespace lictor::cli
