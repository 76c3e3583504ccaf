// `owner[m]`: a relation with a key and one column more, read as a partial function.
//
// `some s = owner[m]` is the atom `owner(m, s)`. Everywhere else two literals are put before the literal in which it
// stands: one for the key, and one that binds the value of the row with that key, or none:
//
//   k = m, (owner(k, s), v = some s  or  not owner(k, _), v = none)
//
// So proofs and the explanation of denials know no literal more. Engines look once: a plan has one step for the `or`.
#include <algorithm>

#include "compiler/checker.h"

namespace lictor {
namespace {

Arg matching(Expr expr) {
  Arg out;
  out.mode = Arg::Mode::kMatch;
  out.expr = std::move(expr);
  return out;
}

bool in_key(const RelationDecl& relation, uint32_t column) {
  return std::find(relation.key.begin(), relation.key.end(), column) != relation.key.end();
}

/// The columns besides the key; that of `expires at` only where there is no other.
std::vector<uint32_t> value_columns(const RelationDecl& relation) {
  std::vector<uint32_t> out;
  for (uint32_t c = 0; c < relation.columns.size(); ++c) {
    if (!in_key(relation, c) && c != relation.expires) out.push_back(c);
  }
  bool time_alone = out.empty() && relation.expires != kNoIndex && !in_key(relation, relation.expires);
  if (time_alone) out.push_back(relation.expires);
  return out;
}

}  // namespace

const Symbol* Checker::keyed_relation(const ast::Expr& expr) {
  if (expr.kind != ast::ExprKind::kIndex || expr.args[0].kind != ast::ExprKind::kName) return nullptr;
  if (find(expr.args[0].text) != nullptr) return nullptr;
  const Symbol* symbol = cx_.names.find(module_, expr.args[0].text);
  return symbol != nullptr && symbol->kind == SymbolKind::kRelation ? symbol : nullptr;
}

/// The relation as a call with a value for each column of the key, and nothing for the one that is left. Reports, and is
/// null, where the relation is no such function.
ast::Expr* Checker::lookup_call(const ast::Expr& expr, const Symbol& symbol) {
  const RelationDecl& relation = cx_.schema().relations[symbol.index];
  const std::string& name = expr.args[0].text;
  if (symbol.is_private && symbol.module != module_) cx_.names.resolve(module_, name, expr.args[0].span, "relation");
  size_t values = value_columns(relation).size();
  if (relation.key.empty() || values != 1) {
    std::string found =
        relation.key.empty() ? "without a key" : "with " + std::to_string(values) + " columns besides its key";
    cx_.report(Diag::kTypeMismatch, expr.args[0].span)
        .arg("a relation with a key and one column besides it before `[`")
        .arg("`" + name + "`, " + found)
        .related(relation.info.span, "declared here");
    return nullptr;
  }
  bool several = relation.key.size() > 1 && expr.args[1].kind == ast::ExprKind::kTuple;
  size_t given = several ? expr.args[1].args.size() : 1;
  if (given != relation.key.size()) {
    cx_.report(Diag::kTypeMismatch, expr.args[1].span)
        .arg(std::to_string(relation.key.size()) + " values in parentheses, the key of `" + name + "`")
        .arg(std::to_string(given))
        .related(relation.info.span, "declared here");
    return nullptr;
  }
  ast::Expr& call = made_.emplace_back();
  call.kind = ast::ExprKind::kCall;
  call.text = name;
  call.span = expr.span;
  call.name_span = expr.args[0].span;
  ast::Expr nothing;
  nothing.kind = ast::ExprKind::kWildcard;
  nothing.span = expr.span;
  call.args.assign(relation.columns.size(), nothing);
  call.arg_names.resize(relation.columns.size());
  for (size_t i = 0; i < given; ++i) {
    call.args[relation.key[i]] = several ? expr.args[1].args[i] : expr.args[1];
  }
  return &call;
}

bool Checker::some_row(const ast::Literal& literal, const LiteralNames& names, std::vector<Literal>& out) {
  const Symbol* symbol = keyed_relation(literal.expr[0]);
  if (symbol == nullptr) return false;
  const RelationDecl relation = cx_.schema().relations[symbol->index];
  ast::Expr* call = lookup_call(literal.expr[0], *symbol);
  if (call == nullptr) {
    if (literal.name.text != "_" && !is_bound(literal.name.text))
      bind(literal.name.text, kErrorType, literal.name.span);
    return true;
  }
  uint32_t result = value_columns(relation)[0];
  for (uint32_t column = 0; column < relation.columns.size(); ++column) {
    const ast::Expr& key = call->args[column];
    bool free = key.kind == ast::ExprKind::kName && reader.is_variable(key.text) && !is_bound(key.text);
    free = free || key.kind == ast::ExprKind::kWildcard;
    if (in_key(relation, column) && free) return false;  // a function does not bind its argument: reported there
    if (column != result) continue;
    if (cx_.types().kind(relation.columns[column].type) == TypeKind::kOptional) return false;
    ast::Expr& value = call->args[column];
    value.kind = literal.name.text == "_" ? ast::ExprKind::kWildcard : ast::ExprKind::kName;
    value.text = literal.name.text;
    value.span = literal.name.span;
  }
  atom(*call, *symbol, names, {}, out);
  return true;
}

Expr Checker::lookup(const ast::Expr& expr, const Symbol& symbol) {
  ast::Expr* call = lookup_call(expr, symbol);
  if (call == nullptr) return error(expr.span);
  if (constants_) {
    cx_.report(Diag::kNotConstant, expr.span);
    return error(expr.span);
  }
  if (hoist_ == nullptr) return not_supported(expr.span, "a relation as a function outside of rules and clauses");
  const RelationDecl relation = cx_.schema().relations[symbol.index];  // a copy: the check may add types
  Literal row;
  row.kind = Literal::Kind::kAtom;
  row.span = expr.span;
  row.relation = symbol.index;
  row.args.resize(relation.columns.size());
  uint32_t column = value_columns(relation)[0];
  for (uint32_t c = 0; c < relation.columns.size(); ++c) {
    row.args[c].mode = Arg::Mode::kIgnore;
    if (!in_key(relation, c)) continue;
    Expr key = value(call->args[c], relation.columns[c].type);
    if (key.type == kErrorType) return error(expr.span);
    if (key.op != Op::kSlot && key.op != Op::kConst) {  // evaluated once
      uint32_t slot = invent(key.type, key.span);
      Span span = key.span;
      hoist_->push_back(let_literal(slot, std::move(key), span));
      key = slot_expr(slot, span);
    }
    row.args[c] = matching(std::move(key));
  }
  TypeId found = relation.columns[column].type;
  TypeId optional = cx_.types().optional_of(found);
  Literal either;
  either.kind = Literal::Kind::kOr;
  either.span = expr.span;
  either.bodies.resize(2);
  either.lookup = relation.expires == kNoIndex;
  uint32_t result = invent(optional, expr.span);
  either.exports.push_back(result);

  Literal none;
  none.kind = Literal::Kind::kNot;
  none.span = expr.span;
  none.bodies.resize(1);
  row.args[column].mode = Arg::Mode::kIgnore;
  auto add_row = [&](Literal atom, std::vector<Literal>& to) {
    std::optional<Expr> visible;
    if (relation.expires != kNoIndex) visible = still_visible(relation, atom);
    to.push_back(std::move(atom));
    if (visible) add_test(std::move(*visible), relation.expires_span, to);
  };
  add_row(row, none.bodies[0].literals);
  row.args[column].mode = Arg::Mode::kBind;
  row.args[column].slot = invent(found, expr.span);
  Expr some = coerce(cx_, slot_expr(row.args[column].slot, expr.span), optional);
  add_row(std::move(row), either.bodies[0].literals);
  either.bodies[0].literals.push_back(let_literal(result, std::move(some), expr.span));
  Expr nothing;
  nothing.op = Op::kConst;
  nothing.type = kNoneType;
  nothing.span = expr.span;
  either.bodies[1].literals.push_back(std::move(none));
  either.bodies[1].literals.push_back(let_literal(result, coerce(cx_, std::move(nothing), optional), expr.span));
  hoist_->push_back(std::move(either));
  return slot_expr(result, expr.span);
}

}  // namespace lictor
