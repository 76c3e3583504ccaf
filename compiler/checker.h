// The checker of one rule, clause, let or constant: syntax in, core language out, variables numbered in one frame.
//
// A variable gets its slot and its type where it is bound; since literals are checked in canonical order (bind_order.h),
// whatever reads it comes later and finds its type known. Level is one body's scope; nested bodies have nested levels.
#pragma once

#include <deque>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "compiler/bind_order.h"
#include "compiler/check.h"
#include "compiler/literal_names.h"

namespace lictor {

/// A scope of variables. `parent` encloses it; both live on the stack of the check.
struct Level {
  struct Local {
    uint32_t slot = 0;
    bool bound = true;  // false: an export of an `or` that this alternative has not bound yet
  };
  Level* parent = nullptr;
  std::unordered_map<std::string_view, Local> locals;
  std::unordered_map<std::string_view, uint32_t> uses;   // how often each name stands in this level's literals
  std::unordered_map<std::string_view, uint32_t> owned;  // names that its literals bind, and how many of them do
  const LiteralNames* current = nullptr;                 // of the literal that encloses the inner level
};

class Checker {
 public:
  Checker(CheckContext& context, uint32_t module);

  // ---- what the surroundings give -----------------------------------------------------------------------------------
  void set_request(std::string_view name, uint32_t request, Span span);
  /// The decision's yields that can be read here, by name. REQUIRES: the map outlives the checker.
  void set_yields(const std::unordered_map<std::string_view, LetDef>& yields) { reader.yields = &yields; }
  /// A variable that is bound from outside (a let's parameter); it may stand only once.
  uint32_t add_variable(std::string_view name, TypeId type, Span span);
  /// The same without a name.
  void reserve_slot(Span span) { invent(kErrorType, span); }
  /// Names that are used outside the body (head, message): they keep an `or` exporting them.
  void used_outside(const NameList& names);
  /// Variables have no value here: report them as "a constant is needed".
  void only_constants(bool strings_are_ids);
  /// Where aggregates inside of expressions go; null: they are refused.
  void set_hoist(std::vector<Literal>* hoist) { hoist_ = hoist; }

  // ---- checking -----------------------------------------------------------------------------------------------------
  /// The body's literals in canonical order.
  Body body(const ast::Body& body);
  /// `expected` is a hint: literals adapt to it, the result may still be of another type.
  Expr expr(const ast::Expr& expr, TypeId expected);
  /// An expression of that type; reports otherwise.
  Expr value(const ast::Expr& expr, TypeId type);
  /// The same for a place that holds a type with a range: a constant outside of it is reported here, other values by
  /// check_value_ranges (ranges.h).
  Expr stored(const ast::Expr& expr, TypeId type);
  /// A message: a string with expressions in braces.
  Expr message(const ast::Expr& text);
  /// `alert(severity: critical)` against the parameters of an obligation or requirement, by declared order. `any`: `_` may
  /// stand for an argument, which is then noted there, as are those that a call by name leaves out.
  std::vector<Expr> arguments(const ast::Expr& call, const std::vector<FieldDecl>& params, std::string_view what,
                              Span declared, std::vector<bool>* any = nullptr);
  /// `alert(...)`, `insert used(...)`: what a clause or an expectation of a test says of it. Nothing after a report of what
  /// is called.
  std::optional<Application> application(const ast::Application& source, SymbolKind kind);
  /// Reports the variables that stand only once. Call last.
  void finish();

  Frame frame;
  NameReader reader;

 private:
  // Names and variables (checker.cc)
  Level::Local* find(std::string_view name);
  bool is_bound(std::string_view name);
  uint32_t new_slot(std::string_view name, TypeId type, Span span);
  uint32_t bind(std::string_view name, TypeId type, Span span);
  void bind_slot(std::string_view name, uint32_t slot);
  uint32_t invent(TypeId type, Span span);
  Expr slot_expr(uint32_t slot, Span span);
  Expr error(Span span);
  void note_variable(uint32_t slot, Span span);
  void note_request(Span span);
  bool outside(std::string_view name, const LiteralNames& literal);
  void report_unbound(std::string_view name, Span span);

  // Expressions (check_expr.cc, fields in check_field.cc)
  Expr literal(const ast::Expr& expr, TypeId expected);
  Expr marked(const ast::Expr& expr, TypeId type);
  Expr float_number(const ast::Expr& expr, const std::string& text);
  Expr number(const ast::Expr& expr, TypeId expected, bool negative);
  Expr string(const ast::Expr& expr, TypeId expected);
  Expr name(const ast::Expr& expr, TypeId expected);
  Expr symbol_value(const Symbol& symbol, const ast::Expr& expr, TypeId expected);
  Expr unknown_name(const ast::Expr& expr, TypeId expected);
  Expr member_constant(TypeId enum_type, std::string_view member, Span span);
  bool is_member(TypeId type, std::string_view word);
  bool is_like_member(TypeId type, std::string_view word);
  Expr field(const ast::Expr& expr, TypeId expected);
  Expr dotted_name(const ast::Expr& expr, TypeId expected, bool& found);
  Expr request_field(const ast::Expr& expr);
  Expr attribute(const ast::Expr& expr, Expr base);
  Expr civil_field(const ast::Expr& expr, const Expr& base);
  Expr entity_id(Expr base, bool optional, Span span);
  Expr index(const ast::Expr& expr);
  Expr case_expr(const ast::Expr& expr, TypeId expected);
  Expr not_supported(Span span, std::string_view what);
  Expr unknown_member(Span span, std::string owner, std::string_view kind, std::string_view name,
                      const std::vector<std::string>& known, Span declared);

  // Operators (check_operator.cc)
  Expr unary(const ast::Expr& expr, TypeId expected);
  Expr binary(const ast::Expr& expr, TypeId expected);
  std::pair<Expr, Expr> operands(const ast::Expr& expr, TypeId expected);
  Expr arithmetic(const ast::Expr& expr, TypeId expected);
  Expr comparison(const ast::Expr& expr);
  Expr equality(Expr a, Expr b, bool equal, Span span);
  bool make_alike(Expr& a, Expr& b);
  Expr coalesce(const ast::Expr& expr, TypeId expected);
  Expr membership(const ast::Expr& expr);
  Expr in_range(const ast::Expr& expr);
  Expr contains(const ast::Expr& expr, Expr item, Expr container);
  bool may_be_in(TypeId item, TypeId container);
  Expr no_operator(const ast::Expr& expr, const Expr& a, const Expr& b);
  bool resolved(const Expr& expr);
  bool comparable(TypeId type, Span span, std::string_view role);
  TypeId element_hint(TypeId container);

  // Calls (check_call.cc)
  Expr call(const ast::Expr& expr);
  void read_args(const ast::Expr& call);
  Expr entity_constant(const Symbol& symbol, const ast::Expr& expr);
  bool is_request(const ast::Expr& arg, uint32_t wanted, std::string_view reader);
  Expr let_call(const Symbol& symbol, const ast::Expr& expr);
  Expr builtin_call(const ast::Expr& expr, std::string_view module);
  bool check_zone(const Expr& zone);
  TypeId weekday_type();
  Expr inlined(const LetDef& let, std::vector<Expr> args, const ast::Expr& expr);
  Expr yield_value(const LetDef& yield, const ast::Expr& expr);

  // Collections (check_collection.cc)
  Expr braces(const ast::Expr& expr, TypeId expected);
  Expr list(const ast::Expr& expr, TypeId expected);
  Expr elements(const ast::Expr& expr, TypeId elem, bool set);
  Expr map(const ast::Expr& expr, TypeId expected);
  bool looks_like_record(const ast::Expr& expr);
  void check_keys(const Expr& map, Span span);

  // Records (check_record.cc)
  Expr record(const ast::Expr& expr, TypeId type);
  std::vector<const ast::Expr*> written_fields(const ast::Expr& expr, TypeId type, const RecordDecl& decl);
  Expr in_record(Expr value, TypeId type);
  Expr record_field(const ast::Expr& expr, Expr base, TypeId owner, bool optional);

  // Unions (check_union.cc)
  Expr is(const ast::Expr& expr);
  /// The declarations of an entity type, or of a union's members.
  std::vector<uint32_t> entities_of(TypeId type);
  TypeId type_behind_is(const ast::Expr& expr);
  /// From here on the test is known to hold, or not to hold.
  void learn(const Expr& test, bool holds);
  void forget(size_t known) { narrowed_.erase(narrowed_.begin() + static_cast<ptrdiff_t>(known), narrowed_.end()); }
  /// A variable or path of a union as the members that it can still be.
  Expr narrowed(Expr expr);
  std::string narrowing_hint(const ast::Expr& base, TypeId type, std::string_view attribute);

  // Keyed relations as functions (check_lookup.cc)
  const Symbol* keyed_relation(const ast::Expr& expr);
  ast::Expr* lookup_call(const ast::Expr& expr, const Symbol& symbol);
  Expr lookup(const ast::Expr& expr, const Symbol& symbol);
  bool some_row(const ast::Literal& literal, const LiteralNames& names, std::vector<Literal>& out);

  // Literals (check_literal.cc, check_atom.cc, check_aggregate.cc)
  void check_level(const ast::Body& body, Level& level, std::vector<Literal>& out);
  bool check_literal(const ast::Literal& literal, const LiteralNames& names, const BindOrder& order,
                     std::vector<Literal>& out);
  void release(const ast::Literal& literal, const LiteralNames& names, BindOrder& order);
  void group_errors(const std::vector<const ast::Literal*>& literals, const std::vector<LiteralNames>& names);
  void test(const ast::Expr& expr, std::vector<Literal>& out);
  /// `within`: how far back events are seen; one or none.
  void atom(const ast::Expr& expr, const Symbol& symbol, const LiteralNames& names,
            const std::vector<ast::Expr>& within, std::vector<Literal>& out);
  bool is_event(const Symbol& symbol) const;
  Expr still_visible(const RelationDecl& relation, Literal& atom);
  void seen_event(const RelationDecl& relation, const Literal& atom, const ast::Expr* within,
                  std::vector<Literal>& out);
  void count_events(Literal& aggregate, Span span);
  void instance_atom(const ast::Expr& expr, const Symbol& symbol, std::vector<Literal>& out);
  void equals(const ast::Expr& left, const ast::Expr& right, Span span, std::vector<Literal>& out);
  void some(const ast::Literal& literal, std::vector<Literal>& out);
  bool member(const ast::Expr& expr, const BindOrder& order, const LiteralNames& names, std::vector<Literal>& out);
  bool enumerate(const ast::Expr& expr, Expr container, const BindOrder& order, std::vector<Literal>& out);
  bool hierarchy(const ast::Expr& target, Expr container, const BindOrder& order, std::vector<Literal>& out);
  void containers(const ast::Expr& expr, std::vector<Literal>& out);
  void negation(const ast::Literal& literal, const LiteralNames& names, std::vector<Literal>& out);
  bool binds_inside(const ast::Body& body, std::string_view name) const;
  void nested(const ast::Literal& literal, Literal::Kind kind, std::vector<Literal>& out);
  void group(const ast::Literal& literal, const LiteralNames& names, std::vector<Literal>& out);
  void aggregate(const ast::Expr& expr, Arg target, std::vector<Literal>& out);
  TypeId aggregate_result(const ast::Expr& expr, Aggregate kind, const Expr& value);
  int64_t percentile_share(const ast::Expr& expr);
  void tuple_target(const ast::Expr& left, const ast::Expr& right, Span span, std::vector<Literal>& out);
  Expr hoisted_aggregate(const ast::Expr& expr);
  Arg target_arg(const ast::Expr& target, TypeId type);
  void add_test(Expr expr, Span span, std::vector<Literal>& out);

  // Other decisions (check_granted.cc)
  void granted(const ast::Literal& literal, std::vector<Literal>& out);
  Expr asked(const ast::Expr& call, uint32_t decision, const RequestDecl& request);

  CheckContext& cx_;
  uint32_t module_;
  size_t errors_before_;  // diagnostics when this check began
  Level root_;
  Level* level_ = &root_;
  std::string_view request_name_;
  Span request_span_;  // where it is declared
  uint32_t request_ = kNoIndex;
  std::vector<uint32_t> counts_;                  // by slot: how often the variable stands
  std::unordered_set<std::string_view> written_;  // names that stand more than once in the texts of some level
  std::vector<Literal>* hoist_ = nullptr;
  struct Narrowed {
    Expr path;
    TypeId type;
  };
  std::vector<Narrowed> narrowed_;  // what tests said; later ones say more
  std::deque<ast::Expr> made_;      // syntax that the check makes of other syntax: scopes view its names
  bool constants_ = false;
  bool strings_are_ids_ = false;
};

}  // namespace lictor
