#include "compiler/rows_probe.h"

#include <algorithm>

#include "compiler/check.h"

namespace lictor {
namespace {

constexpr const char* kNoFields = "$rows";

uint32_t empty_request(Schema& schema) {
  auto found = std::ranges::find(schema.requests, kNoFields, [](const RequestDecl& r) { return r.info.name; });
  if (found != schema.requests.end()) return static_cast<uint32_t>(found - schema.requests.begin());
  schema.requests.emplace_back().info.name = kNoFields;
  return static_cast<uint32_t>(schema.requests.size() - 1);
}

Expr no_text(Span span) {
  Datum nothing;
  nothing.type = kStringType;
  return constant(std::move(nothing), span);
}

}  // namespace

std::string rows_probe_name(const RelationDecl& relation) { return "$rows " + relation.info.name; }

Decision rows_probe(Program& program, uint32_t relation) {
  const RelationDecl& decl = program.schema.relations[relation];
  Decision probe;
  probe.info = decl.info;
  probe.info.name = rows_probe_name(decl);
  probe.span = decl.info.span;
  probe.default_message = no_text(decl.info.span);
  Clause& clause = probe.clauses.emplace_back();
  clause.id = "row";
  clause.outcome = ast::Outcome::kAllow;
  clause.span = decl.info.span;
  clause.message = no_text(decl.info.span);
  Literal& atom = clause.body.literals.emplace_back();
  atom.kind = Literal::Kind::kAtom;
  atom.span = decl.info.span;
  atom.relation = relation;
  for (uint32_t i = 0; i < decl.columns.size(); ++i) {
    Arg& arg = atom.args.emplace_back();
    arg.mode = Arg::Mode::kBind;
    arg.slot = i;
    clause.frame.variables.push_back({decl.columns[i].name, decl.columns[i].type, decl.info.span});
    clause.instance.push_back(i);
  }
  probe.request = empty_request(program.schema);
  return probe;
}

}  // namespace lictor
