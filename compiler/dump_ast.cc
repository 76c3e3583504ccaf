// Depth-first printing; recursion is bounded by Limits::depth, so callers with deep texts use run_nested().
#include "compiler/dump_ast.h"

#include <fmt/format.h>

namespace lictor::ast {
namespace {

class Dumper {
 public:
  std::string take() { return std::move(out_); }

  void module(const Module& m);
  void expr(const Expr& e);
  void body(const Body& b, std::string_view word);

 private:
  template <class... Args>
  void put(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<Args>(args)...);
  }

  void exprs(const std::vector<Expr>& list, std::string_view label = "") {
    if (list.empty()) return;
    put(" ");
    if (!label.empty()) put("({} ", label);
    for (size_t i = 0; i < list.size(); ++i) {
      if (i > 0) put(" ");
      expr(list[i]);
    }
    if (!label.empty()) put(")");
  }
  void quoted(std::string_view text);
  void literal(const Literal& l);
  void type(const TypeExpr& t);
  void path(const Path& p);
  void fields(const std::vector<Field>& list);
  void names(std::string_view label, const std::vector<Name>& list);
  void annotations(const std::vector<Annotation>& list);
  void head(std::string_view what, const Head& h);
  void row(const Row& r);
  void rows(const std::optional<Rows>& rows);
  void applications(std::string_view label, const std::vector<Application>& list);
  void decision(const Decision& d);
  void test(const Test& t);
  void statement(const Statement& s);

  std::string out_;
};

std::string_view word(ExprKind kind) {
  static constexpr std::string_view kWords[] = {
      "int",    "decimal", "percent", "duration", "time",     "date",  "clock", "ip",       "regex", "glob",
      "string", "bool",    "none",    "name",     "wildcard", "field", "safe",  "index",    "call",  "unary",
      "binary", "set",     "map",     "list",     "tuple",    "range", "case",  "aggregate"};
  return kWords[static_cast<size_t>(kind)];
}

std::string_view word(Outcome outcome) {
  return outcome == Outcome::kAllow ? "allow" : outcome == Outcome::kDeny ? "deny" : "require";
}

void Dumper::quoted(std::string_view text) {
  put("\"");
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      put("\\{}", c);
    } else if (byte < 0x20) {
      put("\\x{:02x}", byte);
    } else {
      out_ += c;
    }
  }
  put("\"");
}

void Dumper::expr(const Expr& e) {
  put("({}", word(e.kind));
  if (e.kind == ExprKind::kString) {
    for (const StringPart& part : e.parts) {
      put(" ");
      if (part.expr.empty()) quoted(part.text);
      if (!part.expr.empty()) expr(part.expr[0]);
    }
    put(")");
    return;
  }
  if (!e.text.empty()) put(" {}", e.text);
  if (e.has_else) put(" else");
  exprs(e.param, "param");
  for (size_t i = 0; i < e.args.size(); ++i) {
    put(" ");
    if (i < e.arg_names.size() && !e.arg_names[i].text.empty()) put("{}: ", e.arg_names[i].text);
    expr(e.args[i]);
  }
  if (!e.body.empty()) {
    put(" ");
    body(e.body, "and");
  }
  put(")");
}

void Dumper::body(const Body& b, std::string_view label) {
  put("({}", label);
  for (const Literal& l : b) {
    put(" ");
    literal(l);
  }
  put(")");
}

void Dumper::literal(const Literal& l) {
  static constexpr std::string_view kWords[] = {"", "not", "or", "exists", "forall", "some", "equals", "granted"};
  if (l.kind == LiteralKind::kExpr) return expr(l.expr[0]);
  put("({}", kWords[static_cast<size_t>(l.kind)]);
  if (!l.name.text.empty()) put(" {}", l.name.text);
  exprs(l.expr);
  for (const Body& b : l.bodies) {
    put(" ");
    body(b, "and");
  }
  put(")");
}

void Dumper::path(const Path& p) {
  for (size_t i = 0; i < p.parts.size(); ++i) put("{}{}", i > 0 ? "." : "", p.parts[i].text);
}

void Dumper::type(const TypeExpr& t) {
  static constexpr std::string_view kWords[] = {"", "optional", "set", "list", "map", "record", "union"};
  if (t.kind == TypeExprKind::kNamed) {
    path(t.name);
    exprs(t.range, "range");
    return;
  }
  put("({}{}", t.open ? "open " : "", kWords[static_cast<size_t>(t.kind)]);
  for (const TypeExpr& arg : t.args) {
    put(" ");
    type(arg);
  }
  fields(t.fields);
  put(")");
}

void Dumper::fields(const std::vector<Field>& list) {
  for (const Field& field : list) {
    put(" ({}: ", field.name.text);
    type(field.type);
    exprs(field.default_value, "default");
    if (field.from_request) put(" from_request");
    if (field.wire) {
      put(" as ");
      quoted(*field.wire);
    }
    annotations(field.annotations);
    put(")");
  }
}

void Dumper::names(std::string_view label, const std::vector<Name>& list) {
  if (list.empty()) return;
  put(" ({}", label);
  for (const Name& name : list) put(" {}", name.text);
  put(")");
}

void Dumper::annotations(const std::vector<Annotation>& list) {
  for (const Annotation& annotation : list) {
    put(" (@{}", annotation.name.text);
    exprs(annotation.args);
    put(")");
  }
}

void Dumper::head(std::string_view what, const Head& h) {
  put("{}{} {}", h.is_private ? "private " : "", what, h.name.text);
  if (!h.doc.empty()) {
    put(" doc ");
    quoted(h.doc);
  }
  annotations(h.annotations);
}

void Dumper::row(const Row& r) {
  put(" (");
  for (size_t i = 0; i < r.values.size(); ++i) {
    if (i > 0) put(" ");
    if (!r.names[i].text.empty()) put("{}: ", r.names[i].text);
    expr(r.values[i]);
  }
  if (!r.parents.empty()) put(" in");
  for (const Expr& parent : r.parents) {
    put(" ");
    expr(parent);
  }
  put(")");
}

void Dumper::rows(const std::optional<Rows>& rows) {
  if (!rows) return;
  if (rows->source == SourceKind::kHost) put(" from host");
  if (rows->source == SourceKind::kFile) {
    put(" from ");
    quoted(rows->file);
  }
  put(" rows");
  for (const Row& r : rows->rows) row(r);
}

void Dumper::applications(std::string_view label, const std::vector<Application>& list) {
  if (list.empty()) return;
  put(" ({}", label);
  for (const Application& application : list) {
    put(" {}{}", application.verb, application.verb.empty() ? "" : " ");
    expr(application.call);
  }
  put(")");
}

void Dumper::decision(const Decision& d) {
  head("decision", d.head);
  fields({d.param});
  put(" {}\n", d.combining);
  if (d.default_clause) {
    put("  default {}", word(d.default_clause->outcome));
    exprs(d.default_clause->message);
    applications("requirements", d.default_clause->requirements);
    applications("then", d.default_clause->then);
    put("\n");
  }
  for (const Clause& clause : d.clauses) {
    put("  {}", clause.is_override ? "override " : "");
    head(word(clause.outcome), clause.head);
    exprs(clause.message);
    applications("requirements", clause.requirements);
    if (!clause.body.empty()) put(" ");
    if (!clause.body.empty()) body(clause.body, "if");
    applications("meanwhile", clause.meanwhile);
    applications("then", clause.then);
    put("\n");
  }
  for (const Yield& yield : d.yields) {
    put("  ");
    head("yield", yield.head);
    put(" ");
    type(yield.type);
    exprs(yield.value);
    if (!yield.body.empty()) put(" ");
    if (!yield.body.empty()) body(yield.body, "if");
    put("\n");
  }
}

void Dumper::statement(const Statement& s) {
  static constexpr std::string_view kWords[] = {"given",          "at",    "with",   "expect", "expect_rows",
                                                "expect_refused", "cases", "for_all"};
  static_assert(std::size(kWords) == static_cast<size_t>(ast::StatementKind::kForAll) + 1);
  put("  {}", kWords[static_cast<size_t>(s.kind)]);
  if (!s.name.text.empty()) put(" {}", s.name.text);
  for (size_t i = 0; i < s.facts.size(); ++i) {
    put(" ");
    expr(s.facts[i]);
    exprs(s.memberships[i], "in");
  }
  exprs(s.value);
  if (!s.outcome.text.empty()) put(" {}", s.outcome.text);
  if (s.clause) put(" {}", s.clause->text);
  if (s.reason) {
    put(" reason ");
    quoted(*s.reason);
  }
  if (s.reason_column) put(" reason {}", s.reason_column->text);
  if (s.has_then) put(" then");
  for (const Application& application : s.then) {
    put(" {}{}", application.verb, application.verb.empty() ? "" : " ");
    expr(application.call);
  }
  for (const auto& [name, value] : s.yields) {
    put(" yields {} ", name.text);
    expr(value);
  }
  if (s.errors) put(" errors {}", *s.errors);
  names("columns", s.columns);
  for (const Row& r : s.rows) row(r);
  if (!s.type.parts.empty()) put(" of ");
  path(s.type);
  if (!s.where.empty()) put(" ");
  if (!s.where.empty()) body(s.where, "where");
  put("\n");
  for (const Statement& inside : s.inside) statement(inside);
}

void Dumper::test(const Test& t) {
  head("test", t.head);
  put("\n");
  for (const Statement& s : t.statements) statement(s);
}

void Dumper::module(const Module& m) {
  put("module ");
  path(m.name);
  if (!m.doc.empty()) put(" doc ");
  if (!m.doc.empty()) quoted(m.doc);
  put("\n");
  for (const Use& use : m.uses) {
    put("use ");
    path(use.module);
    if (use.alias) put(" as {}", use.alias->text);
    names("names", use.names);
    put("\n");
  }
  for (const Param& param : m.params) {
    head("param", param.head);
    put(" ");
    type(param.type);
    exprs(param.value);
    put("\n");
  }
  for (const Enum& e : m.enums) {
    head(e.ordered ? "ordered enum" : "enum", e.head);
    for (const EnumMember& member : e.members) {
      put(" {}", member.name.text);
      if (member.wire) put(" as ");
      if (member.wire) quoted(*member.wire);
    }
    put("\n");
  }
  for (const TypeAlias& alias : m.aliases) {
    head("type", alias.head);
    put(" ");
    type(alias.type);
    put("\n");
  }
  for (const Entity& entity : m.entities) {
    head("entity", entity.head);
    for (const Path& parent : entity.parents) {
      put(" in ");
      path(parent);
    }
    fields(entity.fields);
    names("key", entity.key);
    rows(entity.rows);
    put("\n");
  }
  for (const Relation& relation : m.relations) {
    head("relation", relation.head);
    fields(relation.columns);
    names("key", relation.key);
    if (relation.expires_at) put(" expires {}", relation.expires_at->text);
    rows(relation.rows);
    put("\n");
  }
  for (const Event& event : m.events) {
    head("event", event.head);
    fields(event.columns);
    exprs(event.keep, "keep");
    put("\n");
  }
  for (const Request& request : m.requests) {
    head("request", request.head);
    fields(request.fields);
    put("\n");
  }
  for (const Let& let : m.lets) {
    head("let", let.head);
    fields(let.params);
    put(" -> ");
    if (let.type) type(*let.type);
    put(" ");
    expr(let.value);
    put("\n");
  }
  for (const Signature& signature : m.obligations) {
    head(signature.blocking ? "blocking obligation" : "obligation", signature.head);
    fields(signature.params);
    put("\n");
  }
  for (const Signature& signature : m.requirements) {
    head("requirement", signature.head);
    fields(signature.params);
    put("\n");
  }
  for (const Rule& rule : m.rules) {
    head("rule", rule.head);
    for (size_t i = 0; i < rule.args.size(); ++i) {
      put(" ");
      expr(rule.args[i]);
      if (rule.arg_types[i]) put(": ");
      if (rule.arg_types[i]) type(*rule.arg_types[i]);
    }
    if (!rule.body.empty()) put(" ");
    if (!rule.body.empty()) body(rule.body, "if");
    exprs(rule.limit, "limit");
    put("\n");
  }
  for (const Decision& d : m.decisions) decision(d);
  for (const Fixture& fixture : m.fixtures) {
    head("fixture", fixture.head);
    put("\n");
    for (const Statement& s : fixture.statements) statement(s);
  }
  for (const Test& t : m.tests) test(t);
}

}  // namespace

std::string dump(const Module& module) {
  Dumper dumper;
  dumper.module(module);
  return dumper.take();
}

std::string dump(const Expr& expr) {
  Dumper dumper;
  dumper.expr(expr);
  return dumper.take();
}

std::string dump(const Body& body) {
  Dumper dumper;
  dumper.body(body, "and");
  return dumper.take();
}

}  // namespace lictor::ast
