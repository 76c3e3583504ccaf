// Checking: from names to a typed Program. This header is what its stages share; analyze.cc calls them in this order:
//
//   check_declarations  types of everything that has one written down; params, enums, entities, requests, columns
//   check_lets          in order of dependency, so that a use finds its let checked (check_let.cc)
//   infer_columns       types of the columns of relations that only rules declare (infer.cc)
//   check_late_lets     those with aggregates: what they read has its columns by now
//   check_rules         bodies in canonical order, heads (check_rule.cc)
//   check_decisions     clauses and defaults (check_decision.cc)
//   check_facts         inline rows and instances (check_facts.cc)
//   check_tests         after strata and binding times are known (check_test.cc)
//
// Every stage goes on after a mistake; a mistake gives the type kErrorType, which fits everywhere.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "compiler/names.h"
#include "compiler/references.h"

namespace lictor {

/// A `let` after checking: a value over its parameters, ready to be inlined.
struct LetDef {
  std::vector<FieldDecl> params;  // a request-typed one has TypeKind::kRequest
  TypeId type = kErrorType;
  Frame frame;   // slots 0..params-1 are the parameters (the request's slot is unused)
  Body prelude;  // aggregates that the value needs
  Expr value;
  uint32_t size = 0;  // operations in value and prelude
  uint32_t depth = 0;
  bool checked = false;
  bool late = false;  // it reads relations, so it is checked when their columns are known; its type is the declared one
  Span name;          // of a yield, which is read in the same way
};

struct RuleSource {
  const ast::Rule* rule;
  uint32_t module;
  uint32_t relation;  // of its head
};

/// Where a record type is written.
struct RecordSource {
  const ast::TypeExpr* type;
  uint32_t module;
};

struct CheckContext {
  const SourceMap& sources;
  const ModuleList& modules;
  Program& program;
  Names& names;
  Diagnostics* diagnostics;                      // infer_columns points it at one that is thrown away
  std::vector<RuleSource> rules;                 // those whose head fits their relation; filled in by infer_columns
  std::vector<LetDef> lets;                      // by Names::lets()
  std::vector<uint32_t> late_lets;               // those that wait for infer_columns, in order of dependency
  std::vector<TypeId> alias_types;               // by Names::aliases()
  std::vector<std::vector<uint32_t>> ancestors;  // by entity type: itself and what `in` may lead to, ascending
  std::vector<std::unordered_set<std::string>> instance_ids;      // by entity type: ids of inline instances
  std::map<std::pair<uint32_t, uint32_t>, uint32_t> probes;       // file and offset of a `for all`, to Program::probes
  std::unordered_map<const ast::TypeExpr*, TypeId> record_types;  // as written, so that each is looked at once
  std::unordered_map<std::string, uint32_t> record_shapes;  // by what tells record types apart, to Schema::records
  std::vector<RecordSource> record_sources;                 // by Schema::records
  References* references = nullptr;                         // what names refer to, where somebody asked for it
  bool record_defaults_known = false;  // from then on those of a new record type are looked at where it is written

  Schema& schema() { return program.schema; }
  TypeTable& types() { return program.schema.types; }
  Diagnostics::Builder report(Diag id, Span span) { return diagnostics->report(id, span); }

  /// Says what a name refers to.
  void note(Span span, Span target, RefKind kind, TypeId type = kErrorType) {
    if (references != nullptr) references->add(span, target, kind, type);
  }
  /// The same for a path as a module wrote it.
  void note_symbol(uint32_t module, Span span, std::string_view path, const Symbol& symbol) {
    if (references != nullptr) references->add_path(modules, module, span, path, symbol.span, symbol.module);
  }
  /// Is the word an editor's question what could stand here?
  bool is_hole(std::string_view word) const { return references != nullptr && word == kHoleName; }
};

void check_declarations(CheckContext& context);
void check_lets(CheckContext& context);
void check_late_lets(CheckContext& context);
void infer_columns(CheckContext& context);
void check_rules(CheckContext& context);
void check_decisions(CheckContext& context);
void check_facts(CheckContext& context);
/// Of invariants: what they say, and that facts alone tell whether they hold. Binding times are known.
void check_invariants(CheckContext& context);
void check_watches(CheckContext& context);
/// Transitions of one event that lead from one state to different ones have guards that exclude each other.
void check_lifecycles(CheckContext& context);
void check_tests(CheckContext& context);

// ---- Types (check_type.cc) -----------------------------------------------------------------------------------------

/// The type that is written, seen from a module; kErrorType after a report. `requests`: may it be a request type?
TypeId resolve_type(CheckContext& context, uint32_t module, const ast::TypeExpr& type, bool requests = false);

/// The type that `type NAME = ...` stands for, so that its mistakes are found where nobody uses it.
void resolve_alias(CheckContext& context, uint32_t alias);

/// The record type of `type`, whose fields' types are known; `name` where `type NAME = ` stands before it (check_record.cc).
TypeId record_type(CheckContext& context, uint32_t module, const ast::TypeExpr& type, std::vector<FieldDecl> fields,
                   const ast::Name* name);
/// The values of the defaults of all record types.
void check_record_defaults(CheckContext& context);
/// Reports annotations that there are not, or not there.
void check_annotations(CheckContext& context, const std::vector<ast::Annotation>& list, bool of_clause = false);

/// The union that a value of type `from` becomes where a `to` is expected, optional where `from` is; nothing where it fits as
/// it is, or not at all (check_union.cc).
std::optional<TypeId> widened_type(TypeTable& types, TypeId from, TypeId to);
/// The same entity as a value of another type. REQUIRES: an entity type or union, or an optional of one.
Expr as_type(const Schema& schema, Expr expr, TypeId to);
Datum as_type(const Schema& schema, Datum value, TypeId to);

/// Equal but for ranges; kErrorType equals everything.
bool same_base(const TypeTable& types, TypeId a, TypeId b);
/// The smallest type that holds both: ranges are joined. REQUIRES: same_base(a, b).
TypeId join_types(TypeTable& types, TypeId a, TypeId b);
/// T of T?, else the type itself.
TypeId unwrap(const TypeTable& types, TypeId type);
/// Have values an equality, so that they can be joined, stored and compared? Not floats and requests.
bool has_equality(const TypeTable& types, TypeId type);
/// Is it int, decimal, time, duration, clock, date, float or an ordered enum?
bool is_ordered(const Schema& schema, TypeId type);

/// `expr` as a value of type `to` (T becomes T?); reports and gives kErrorType when it is not one.
Expr coerce(CheckContext& context, Expr expr, TypeId to);

/// Reports civil times that would be values (check_builtin.cc). REQUIRES: no errors so far.
void check_civil(const Program& program, Diagnostics& diagnostics);
/// Do its answers depend on time-zone data?
bool uses_civil(const Program& program);

// ---- Rules (check_rule.cc) -----------------------------------------------------------------------------------------

/// One rule. `infer`: its head's arguments may have other types than the columns so far.
Rule check_rule(CheckContext& context, const RuleSource& source, bool infer);

// ---- Constants (constants.cc) --------------------------------------------------------------------------------------

Expr constant(TypeId type, int64_t word, Span span);
Expr constant(Datum value, Span span);
/// slot = value
Literal let_literal(uint32_t slot, Expr value, Span span);
/// `combining WORD` of a decision.
void check_combining(CheckContext& context, const ast::Decision& source, Decision& out);
/// `@priority` and `@mode` of a clause of `of`, whose way of combining is known.
void check_clause_annotations(CheckContext& context, uint32_t module, const ast::Clause& source, const Decision& of,
                              Clause& out);

/// The value of an expression without variables, fields and parameters that needs no arithmetic, else nothing.
std::optional<Datum> constant_value(const Schema& schema, const Expr& expr);
/// The value that `expr` has as a constant of type `to`, ranges checked; reports and gives nothing otherwise.
/// `strings_are_ids`: in tests a string stands for the id of an entity.
std::optional<Datum> check_constant(CheckContext& context, uint32_t module, const ast::Expr& expr, TypeId to,
                                    bool strings_are_ids = false);
/// Reports when a word of `value` lies outside of the ranges of `type`.
bool check_ranges(CheckContext& context, TypeId type, const Datum& value, Span span);
/// Sorts and deduplicates sets, sorts maps by key (a repeated key keeps its last value); gives a record's values the types
/// of its fields.
void normalize(const Schema& schema, Datum& value);

// ---- Small things --------------------------------------------------------------------------------------------------

/// "2 arguments", "1 argument"
std::string count_of(size_t n, std::string_view noun);
/// Is `id` an instance of a closed entity type all of whose instances stand in the text? True where it cannot be known.
bool known_instance(const CheckContext& context, uint32_t entity, std::string_view id);

}  // namespace lictor
