// A checked program: the whole bundle, typed, resolved, in the core language. What check (compiler/check*.cc) makes,
// strata/binding_time/termination annotate, lower turns into a Plan, and the naive evaluator of the tests runs as it is.
//
// Request-typed arguments are gone: a rule `all(r: Admit, c) :- ...` is a relation of one column with `request` set, and
// `r.f` is Op::kField. Parameters stay (Op::kParam): lower() folds them, so that one Program serves every parameter set.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/ast.h"
#include "compiler/core.h"

namespace lictor {

struct Rule {
  uint32_t head = kNoIndex;  // relation
  std::vector<Expr> args;    // evaluated when the body holds; may err
  Body body;
  Frame frame;
  Span span;
  std::string module;
  std::string doc;
  std::optional<int64_t> limit;  // `limit N`: most rows the relation may get
};

/// What an application does: it hands something to the host, or changes a relation that the host keeps.
enum class Verb : uint8_t { kEmit, kInsert, kRemove };

/// `alert(severity: critical, text: "...")`, `insert used(r.who)`; args in declared order, defaults filled in.
struct Application {
  uint32_t signature = kNoIndex;  // in Schema::obligations or requirements; of a change in Schema::relations
  std::vector<Expr> args;
  Span span;
  Verb verb = Verb::kEmit;
  std::vector<bool> any = {};  // kRemove, by column: `_` stands there, and args has no meaning
};

/// How what applies becomes one answer (docs/language.md, section 9).
enum class Combining : uint8_t { kDenyOverrides, kPermitOverrides, kFirstApplicable, kPriority };

/// What a clause that applies is for: to decide, only to be seen, or to give the value of a `yield`. What is no kEnforce
/// decides nothing.
enum class Mode : uint8_t { kEnforce, kWarn, kObserve, kYield };

struct Clause {
  std::string id;
  ast::Outcome outcome = ast::Outcome::kDeny;
  bool is_override = false;
  Expr message;                           // of type string; kText or kConst; without message: the id
  std::vector<Application> requirements;  // of a require clause
  Body body;
  Frame frame;
  std::vector<Application> meanwhile;
  std::vector<Application> then;
  std::vector<uint32_t> instance;  // slots that message, requirements and obligations mention, ascending
  Span span;
  std::string doc;
  std::vector<std::pair<std::string, std::string>> annotations;  // name, text
  bool can_err = false;    // its own body, message or applications can err (not what it reads)
  int64_t priority = 0;    // @priority(n)
  std::vector<Expr> mode;  // @mode(...): one of type int, a Mode, over parameters alone; none: kEnforce
  /// A `yield` is kept as a clause with its name for id, whose one instance slot is the value.
  bool is_yield = false;
};

struct Decision {
  DeclInfo info;
  uint32_t request = kNoIndex;
  Combining combining = Combining::kDenyOverrides;
  ast::Outcome default_outcome = ast::Outcome::kDeny;
  Expr default_message;  // without variables
  std::vector<Application> default_requirements;
  std::vector<Application> default_then;
  std::vector<Clause> clauses;  // in source order
  Span span;
};

/// A claim about the facts: `relation` has no rows.
struct Invariant {
  uint32_t relation = kNoIndex;
  Expr message;  // slots are its columns
  Span span;     // of its name
};

/// One inline row or instance; values in column order, defaults filled in.
struct FactRow {
  std::vector<Datum> values;
  Span span;
};
struct InstanceFact {
  std::string id;
  std::vector<Datum> attributes;
  std::vector<Datum> parents;  // entity constants
  Span span;
};

struct TestStatement;

/// One row of `cases`, and the statements behind the table written out for it.
struct TestCase {
  Span span;
  std::vector<TestStatement> statements;
};

struct TestStatement {
  ast::StatementKind kind = ast::StatementKind::kGiven;
  Span span;
  // kGiven: one fact
  uint32_t entity = kNoIndex;
  InstanceFact instance;
  uint32_t relation = kNoIndex;
  FactRow row;
  // kAt, kWith
  Datum value;
  uint32_t param = kNoIndex;
  // kExpect
  uint32_t decision = kNoIndex;
  std::vector<std::optional<Datum>> fields;  // by request field; entities may bring attributes (below)
  ast::Outcome outcome = ast::Outcome::kDeny;
  std::optional<std::string> clause;  // an id or "default"
  std::optional<std::string> reason;
  bool has_then = false;
  std::vector<Application> then;                      // constants only
  std::vector<std::pair<std::string, Datum>> yields;  // none: the decision yields no such value
  std::optional<int64_t> errors;
  bool visible_only = false;  // kExpectRows: those whose time is over at `at` are no rows
  // kExpectRefused: `relation` is that of the invariant, or kNoIndex for any reason
  // kExpectRows: rows of `relation` that match `pattern` (none = any) must be exactly `rows`, given by the columns
  // that the pattern leaves open by name, in the order in which they are written (wildcards are left out)
  std::vector<std::optional<Datum>> pattern;
  std::vector<uint32_t> open_columns;
  std::vector<FactRow> rows;
  std::vector<TestCase> cases;  // kCases; it is the last statement of its list
  // kForAll: every request of the type for which the probe allows meets the expectations, whose fields are empty
  std::string variable;
  uint32_t request = kNoIndex;
  uint32_t probe =
      kNoIndex;  // Program::probes; kNoIndex: there is no condition (kExpectRows: the rows do not depend on now)
  std::vector<TestStatement> inside;
};

struct Test {
  std::string title;
  std::string module;
  Span span;
  std::vector<TestStatement> statements;
};

/// Which relations one stratum computes together, and the rules for them; strata stand in order of computation.
struct Stratum {
  std::vector<uint32_t> relations;
  std::vector<uint32_t> rules;  // indexes into Program::rules
  bool recursive = false;
};

struct Program {
  Schema schema;
  std::vector<Rule> rules;  // in source order: module order, then position
  std::vector<Decision> decisions;
  std::vector<Invariant> invariants;
  /// Conditions of `for all` in tests, as decisions: allow where they hold; and what rows_probe.h adds.
  std::vector<Decision> probes;
  std::vector<Test> tests;
  std::vector<std::vector<FactRow>> rows;            // by relation: inline rows
  std::vector<std::vector<InstanceFact>> instances;  // by entity type: inline instances
  std::vector<Stratum> strata;                       // filled in by stratify()
  std::string canonical;  // the text that the bundle hash covers, layout and comments left out
};

}  // namespace lictor
