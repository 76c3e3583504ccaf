// A decision: what it asks, how its clauses combine, and the clauses as a table in source order.
#include <fmt/format.h>

#include "cli/doc/entry.h"
#include "cli/doc/html.h"

namespace lictor::cli {
namespace {

std::string outcome_badge(ast::Outcome outcome, bool is_override) {
  std::string_view word = outcome == ast::Outcome::kAllow  ? "allow"
                          : outcome == ast::Outcome::kDeny ? "deny"
                                                           : "require";
  return fmt::format("{}<span class=\"badge {}\">{}</span>", is_override ? "<span class=\"badge\">override</span>" : "",
                     word, word);
}

/// The text of a message; what stands in braces as code.
std::string message_text(const DocContext& context, const std::vector<ast::Expr>& message) {
  std::string out;
  if (message.empty()) return out;
  for (const ast::StringPart& part : message[0].parts) {
    out += html(part.text);
    if (!part.expr.empty()) out += "<code>{" + context.links.code(part.expr[0].span) + "}</code>";
  }
  return out;
}

std::string applications(const DocContext& context, std::string_view word, const std::vector<ast::Application>& list) {
  std::string out;
  for (const ast::Application& one : list) {
    std::string_view lead = out.empty() ? word : "";
    std::string verb = one.verb.empty() ? "" : html(one.verb) + " ";
    out += fmt::format("<p>{}{}<code>{}{}</code></p>", lead.empty() ? "" : "<span class=\"soft\">",
                       lead.empty() ? "" : fmt::format("{}</span> ", lead), verb, context.links.code(one.call.span));
  }
  return out;
}

std::string row(const std::string& id, const std::string& outcome, const std::string& name, const std::string& message,
                const std::string& condition, const std::string& effects) {
  return fmt::format("<tr{}><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                     id.empty() ? "" : " id=\"" + id + "\"", outcome, name, message, condition, effects);
}

std::string clause_row(const DocContext& context, const ast::Decision& decision, const ast::Clause& clause) {
  std::string name = "<code>" + html(clause.head.name.text) + "</code>" + html_doc(clause.head.doc);
  if (std::string all = badges(context, clause.head.annotations, false); !all.empty()) name += "<p>" + all + "</p>";
  Span body = span_of(clause.body);
  std::string condition =
      body.valid() ? "<pre>" + context.links.code(body) + "</pre>" : "<span class=\"soft\">always</span>";
  std::string effects = applications(context, "requires", clause.requirements) +
                        applications(context, "meanwhile", clause.meanwhile) +
                        applications(context, "then", clause.then);
  return row(html(decision.head.name.text + "." + clause.head.name.text),
             outcome_badge(clause.outcome, clause.is_override), name, message_text(context, clause.message), condition,
             effects);
}

std::string default_row(const DocContext& context, const ast::Default& one) {
  std::string effects = applications(context, "requires", one.requirements) + applications(context, "then", one.then);
  return row("", outcome_badge(one.outcome, false), "<code>default</code>", message_text(context, one.message),
             "<span class=\"soft\">where no clause decides</span>", effects);
}

std::string yields(const DocContext& context, const ast::Decision& decision) {
  if (decision.yields.empty()) return "";
  std::string out =
      "<div class=\"scroll\"><table>\n<tr><th>Yields</th><th>Type</th><th>Value</th><th>Where</th></tr>\n";
  for (const ast::Yield& one : decision.yields) {
    Span body = span_of(one.body);
    out +=
        fmt::format("<tr><td><code>{}</code>{}</td><td><code>{}</code></td><td><code>{}</code></td><td>{}</td></tr>\n",
                    html(one.head.name.text), html_doc(one.head.doc), context.links.code(one.type.span),
                    one.value.empty() ? "" : context.links.code(one.value[0].span),
                    body.valid() ? "<pre>" + context.links.code(body) + "</pre>" : "");
  }
  return out + "</table></div>\n";
}

}  // namespace

std::string decision_body(const DocContext& context, const ast::Decision& decision) {
  std::string combining = decision.combining.empty() ? "deny_overrides" : decision.combining;
  std::string out = heading(context, "decision", decision.head);
  out += fmt::format("<p>Asked with <code>{}</code>; clauses combine by <code>{}</code>.</p>\n",
                     context.links.code(decision.param.type.span), html(combining));
  out +=
      "<div class=\"scroll\"><table class=\"clauses\">\n<tr><th>Outcome</th><th>Clause</th><th>Message</th>"
      "<th>Condition</th><th>Effects</th></tr>\n";
  for (const ast::Clause& clause : decision.clauses) out += clause_row(context, decision, clause);
  if (decision.default_clause) out += default_row(context, *decision.default_clause);
  return out + "</table></div>\n" + yields(context, decision);
}

}  // namespace lictor::cli
