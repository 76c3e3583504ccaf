// The syntax of a module as the compiler reads it: what was written, nothing resolved.
//
// grammar/ produces a lossless tree; compiler/build_ast.cc turns it into this, dropping layout and comments (doc comments
// and annotations stay). All later stages read the Ast; only the formatter and the editor read the tree.
// Recovery leaves out what could not be parsed, so an Ast may be a part of its file; the diagnostics then say so.
// Everything is held by value: copying a node copies its subtree. Nesting is bounded by the parser (Limits::nesting).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "grammar/source.h"

namespace lictor::ast {

struct Name {
  std::string text;
  Span span;
};

/// `a.b.c`
struct Path {
  std::vector<Name> parts;
  Span span;
};

// ---- Expressions ----------------------------------------------------------------------------------------------------

enum class ExprKind : uint8_t {
  kInt,        // text: digits without `_` (any length; the checker refuses what does not fit)
  kDecimal,    // text: "0.95"
  kPercent,    // text: "95" or "99.5"
  kDuration,   // text: "200ms" (units us ms s m h d w; one number and one unit)
  kTime,       // text: the inside of time"..."
  kDate,       // text: the inside of date"..."
  kClock,      // text: "09:00"
  kIp,         // text: the inside of ip"..."
  kRegex,      // text: the inside of re"..."
  kGlob,       // text: the inside of glob"..."
  kString,     // parts: literal texts (unescaped) and, in messages only, interpolated expressions
  kBool,       // text: "true" or "false"
  kNone,       // none
  kName,       // text: a bare word (variable, parameter, enum member, let ...)
  kWildcard,   // _
  kField,      // args[0].text
  kSafeField,  // args[0]?.text
  kIndex,      // args[0][args[1]]
  kCall,       // callee args: text = name or dotted path as written; args, with arg_names parallel ("" = positional)
  kUnary,      // op: "-", "not", "has"
  kBinary,  // op: "+" "-" "*" "/" "mod" "==" "!=" "<" "<=" ">" ">=" "in" "not in" "??" "is"; `=` appears as a literal only
  kBraces,  // { a, b }: args; a set
  kMap,     // { k: v, ... }: args k0 v0 k1 v1 ... (map or record, as the expected type says)
  kList,    // [ a, b ]
  kTuple,   // ( a, b ): two or more
  kRange,   // lo..hi: args lo, hi
  kCase,    // case { c1 => v1; ...; else => v }: args c1 v1 ... cn vn [velse]; has_else
  kAggregate,  // op: count sum min max avg percentile collect; args: the tuple before the colon; body; param: percentile(95%)
};

struct Literal;
struct Expr;

/// One piece of a string: text, or (in messages) an expression in braces.
struct StringPart {
  std::string text;
  std::vector<Expr> expr;  // empty or one
};

struct Expr {
  ExprKind kind = ExprKind::kNone;
  Span span;
  Span name_span;  // kField, kSafeField, kCall: where the name stands
  std::string text;
  std::vector<Expr> args;
  std::vector<Name> arg_names;  // kCall: parallel to args, "" = by position; a key: the word a column of cases replaced
  std::vector<StringPart> parts;  // kString
  std::vector<Literal> body;      // kAggregate
  std::vector<Expr> param;        // kAggregate percentile: one
  bool has_else = false;
  bool history = false;  // kCall: `history of p(...)`
};

// ---- Bodies ---------------------------------------------------------------------------------------------------------

enum class LiteralKind : uint8_t {
  kExpr,     // expr: an atom (kCall), a comparison, a bool expression, `x in y`
  kNot,      // not LITERAL: bodies[0] holds exactly that literal
  kGroup,    // ( a, b or c ): one body per alternative (one alternative: plain parentheses)
  kExists,   // exists ( body )
  kForall,   // forall ( bodies[0] ) => ( bodies[1] )
  kSome,     // some NAME = expr
  kEquals,   // left = expr   (left: kName, kTuple or any expression)
  kGranted,  // granted NAME(args): expr is a kCall
};

struct Literal {
  LiteralKind kind = LiteralKind::kExpr;
  Span span;
  std::vector<Expr> expr;    // one, or two for kEquals (left, right); kSome: the optional
  Name name;                 // kSome
  std::vector<Expr> within;  // kExpr, of an event: how far back, one or none
  std::vector<std::vector<Literal>> bodies;
};
using Body = std::vector<Literal>;

// ---- Types ----------------------------------------------------------------------------------------------------------

enum class TypeExprKind : uint8_t { kNamed, kOptional, kSet, kList, kMap, kRecord, kUnion };
struct Field;
struct TypeExpr {
  TypeExprKind kind = TypeExprKind::kNamed;
  Span span;
  Path name;                   // kNamed: int, string, Agent, m.Agent
  std::vector<Expr> range;     // kNamed with `lo..hi`: lo, hi
  std::vector<TypeExpr> args;  // kOptional, kSet, kList: 1; kMap: 2; kUnion: n
  std::vector<Field> fields;   // kRecord
  bool open = false;           // open record
};

struct Annotation {
  Name name;  // without @
  std::vector<Expr> args;
  Span span;
};

/// A field of a request, entity or record, a column of a relation, a parameter of a let, obligation or requirement.
struct Field {
  Name name;
  TypeExpr type;
  std::vector<Expr> default_value;  // empty or one
  std::optional<std::string> wire;  // as "runAsNonRoot"
  bool from_request = false;
  std::vector<Annotation> annotations;
  Span span;
};

// ---- Declarations ---------------------------------------------------------------------------------------------------

/// What every declaration has.
struct Head {
  Name name;
  Span span;        // the whole declaration
  std::string doc;  // the `///` lines above, joined by newlines
  std::vector<Annotation> annotations;
  bool is_private = false;
};

struct Use {
  Path module;
  std::optional<Name> alias;
  std::vector<Name> names;  // use m (p, q)
  Span span;
};

struct Param {
  Head head;
  TypeExpr type;
  std::vector<Expr> value;  // empty or one
};

struct EnumMember {
  Name name;
  std::optional<std::string> wire;
};
struct Enum {
  Head head;
  std::vector<EnumMember> members;
  bool ordered = false;  // written with `<`
};

struct TypeAlias {
  Head head;
  TypeExpr type;
};

/// One row: `( a, b, name: c )`. Lists in a row expand. An instance's begins with its id and what it is in.
struct Row {
  std::vector<Expr> values;
  std::vector<Name> names;    // parallel; "" = by position
  std::vector<Expr> parents;  // `( "ann" in Group("staff") )`, of an instance
  Span span;
};

enum class SourceKind : uint8_t { kInline, kFile, kHost };
struct Rows {
  SourceKind source = SourceKind::kInline;
  std::string file;  // kFile
  Span span;
  std::vector<Row> rows;  // kInline
};

struct Entity {
  Head head;
  std::vector<Path> parents;  // entity User in Group, Role
  std::vector<Field> fields;
  std::vector<Name> key;  // key(name, version)
  std::optional<Rows> rows;
  bool governed = false;  // has a lifecycle
};

struct Relation {
  Head head;
  bool moves = false;  // the history of a lifecycle
  std::vector<Field> columns;
  std::vector<Name> key;
  bool sealed = false;  // a constitution or lifecycle gives its rows, and nobody else
  std::optional<Name> expires_at;
  Span expires_span;  // of all of `expires at NAME`
  std::optional<Rows> rows;
};

struct Event {
  Head head;
  std::vector<Field> columns;
  std::vector<Expr> keep;  // a duration
};

struct Request {
  Head head;
  std::vector<Field> fields;
};

struct Let {
  Head head;
  std::vector<Field> params;
  std::optional<TypeExpr> type;
  Expr value;
};

/// `obligation alert(severity: Severity, text: string)`, also `requirement ...`.
struct Signature {
  Head head;
  std::vector<Field> params;
  bool blocking = false;  // obligations
};

/// `head(args) :- body.` A fact has an empty body.
struct Rule {
  Head head;
  std::vector<Expr> args;
  std::vector<std::optional<TypeExpr>> arg_types;  // parallel: all(r: Admit, c: Container)
  Body body;
  std::vector<Expr> limit;  // limit N
  bool principle = false;   // of a constitution or lifecycle: it may define what is sealed
};

/// The use of an obligation or requirement: `alert(severity: critical, text: "..")`.
struct Application {
  Expr call;         // kCall
  std::string verb;  // "", "insert", "remove"
};

/// `invariant NAME(params): "message" not (body)`. A relation of its name and a rule stand for its violations.
struct Invariant {
  Name name;
  std::vector<Expr> message;  // a kString
};

enum class Outcome : uint8_t { kAllow, kDeny, kRequire };

struct Clause {
  Head head;  // name = the clause's id
  Outcome outcome = Outcome::kDeny;
  bool is_override = false;
  std::vector<Expr> message;  // a kString; empty when left out
  std::vector<Application> requirements;
  Body body;
  std::vector<Application> meanwhile;
  std::vector<Application> then;
};

struct Default {
  Outcome outcome = Outcome::kDeny;
  std::vector<Expr> message;
  std::vector<Application> requirements;
  std::vector<Application> then;
  Span span;
};

struct Yield {
  Head head;
  TypeExpr type;
  std::vector<Expr> value;
  Body body;
};

struct Decision {
  Head head;
  Field param;            // r: Act
  std::string combining;  // "" = deny_overrides
  Span combining_span;
  std::optional<Default> default_clause;
  std::vector<Clause> clauses;
  std::vector<Yield> yields;
};

/// `registered, tested -> approved on approve(...)`, `staging -> approved after 30d`. `any` is written out.
struct Transition {
  std::vector<Name> from;
  Name to;
  Name event;               // empty: time brings it about
  std::vector<Expr> after;  // then: how long after the state was entered
  Name clause;              // of the event's decision
  Span span;
  std::string doc;
};

/// What a `lifecycle of E` says. Its types, relations and decisions stand in the module's other lists; their names begin
/// with the entity's: `E.State`, `E.history`, `E.approve`.
struct Lifecycle {
  Head head;  // its name is the entity's
  Field actor;
  Name initial;
  std::vector<Name> finals;
  std::vector<Name> states;  // in order of mention, the initial one first
  std::vector<Name> events;
  std::vector<Transition> transitions;
};

/// `watch NAME(params): "message" if BODY for DURATION then ... clear ...`: the relation NAME has the rows for which it
/// holds, the decisions `NAME.entry` and `NAME.exit` say what to do.
struct Watch {
  Name name;
  std::vector<Expr> hold;  // `for 2m`: one or none
};

// ---- Tests ----------------------------------------------------------------------------------------------------------

enum class StatementKind : uint8_t {
  kGiven,          // facts: expr is a kCall (entity instance, relation row, or event); or a name or path (fixture)
  kAt,             // at time"..."
  kWith,           // with param = value
  kExpect,         // expect DECISION(fields) OUTCOME [CLAUSE] [reason ..] [then OBLIGATION ..] [errors N]
  kExpectRows,     // expect rows p(x, _) { rows }
  kExpectRefused,  // expect refused [INVARIANT]: what is given so far is refused
  kCases,          // cases (a, b) { rows }: what follows in the test, once for each row
  kForAll,         // for all NAME: REQUEST where BODY, and the expectations behind it
};

struct Statement {
  StatementKind kind = StatementKind::kGiven;
  Span span;
  std::vector<Expr> facts;                     // kGiven: one or more
  std::vector<std::vector<Expr>> memberships;  // kGiven, parallel to facts: the entities after `in`
  std::vector<Expr> value;            // kAt: the time; kWith: the value; kExpect: the call; kExpectRows: the pattern
  Name name;                          // kWith: the parameter; kForAll: the variable
  Name outcome;                       // kExpect: allow deny require, or a column of cases
  std::optional<Name> clause;         // kExpect: a clause id or `default`
  std::optional<std::string> reason;  // kExpect
  std::optional<Name> reason_column;  // kExpect, instead of a reason
  std::vector<Application> then;      // kExpect: obligations and changes
  bool has_then = false;
  std::vector<std::pair<Name, Expr>> yields;  // kExpect: by name, what the decision yields
  std::optional<int64_t> errors;              // kExpect
  std::vector<Row> rows;                      // kExpectRows, kCases
  std::vector<Name> columns;                  // kCases
  Path type;                                  // kForAll; kExpectRefused: the invariant, or empty
  Body where;                                 // kForAll
  std::vector<Statement> inside;              // kForAll: expectations
};

/// What tests can give by name: `given`, `at` and `with`.
struct Fixture {
  Head head;
  std::vector<Statement> statements;
};

struct Test {
  Head head;  // name.text = the title
  std::vector<Statement> statements;
};

// ---- Module ---------------------------------------------------------------------------------------------------------

/// A whole file. Declarations are grouped by kind, each list in source order; spans give the order across lists.
struct Module {
  uint32_t file = kNoFile;
  Path name;  // empty when the file has no `module` line (an error unless the file is empty)
  std::string doc;
  std::vector<Use> uses;
  std::vector<Param> params;
  std::vector<Enum> enums;
  std::vector<TypeAlias> aliases;
  std::vector<Entity> entities;
  std::vector<Relation> relations;
  std::vector<Event> events;
  std::vector<Request> requests;
  std::vector<Let> lets;
  std::vector<Signature> obligations;
  std::vector<Signature> requirements;
  std::vector<Rule> rules;
  std::vector<Decision> decisions;
  std::vector<Invariant> invariants;
  std::vector<Lifecycle> lifecycles;
  std::vector<Watch> watches;
  std::vector<Fixture> fixtures;
  std::vector<Test> tests;
  std::vector<std::string> unread;  // names of declarations and rules that could not be read: they are not unknown
};

}  // namespace lictor::ast
