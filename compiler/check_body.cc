// A body: its literals in canonical order, and the literals that hold bodies of their own.
//
// Names that the body's own literals bind belong to it; everything that needs one waits. A name of a nested body that
// nobody outside binds is local to the nested body.
#include <algorithm>
#include <unordered_set>

#include "compiler/checker.h"

namespace lictor {
namespace {

using Owned = std::unordered_map<std::string_view, uint32_t>;  // Level::owned

/// What literal `names` has to wait for, among the names that this body binds.
void add_needs(BindOrder& order, uint32_t literal, ast::LiteralKind kind, const LiteralNames& names,
               const Owned& owned) {
  // An atom or a group may use what it binds itself; `x = x + 1` needs x from elsewhere.
  bool shares = kind == ast::LiteralKind::kExpr || kind == ast::LiteralKind::kGroup;
  std::unordered_set<std::string_view> binds;
  if (shares) binds.insert(names.binds.begin(), names.binds.end());
  auto container = owned.find(names.container);
  bool binds_container = container != owned.end() && container->second == 0;  // nobody else does
  for (std::string_view name : names.uses) {
    if (owned.count(name) == 0 || binds.count(name) != 0) continue;
    if (binds_container && name == names.container) continue;
    order.need(literal, name);
  }
  for (std::string_view name : names.partial) {
    if (owned.count(name) != 0) order.need(literal, name);
  }
  if (!binds_container) return;
  for (std::string_view name : names.binds) {
    if (auto it = owned.find(name); it != owned.end() && it->second > 1) order.need(literal, name);
  }
}

const ast::Expr* name_at(const ast::Expr& expr, std::string_view name) {
  if (expr.kind == ast::ExprKind::kName) return expr.text == name ? &expr : nullptr;
  for (const ast::Expr& arg : expr.args) {
    if (const ast::Expr* found = name_at(arg, name); found != nullptr) return found;
  }
  return nullptr;
}

const ast::Expr* name_at(const ast::Literal& literal, std::string_view name) {
  for (const ast::Expr& expr : literal.expr) {
    if (const ast::Expr* found = name_at(expr, name); found != nullptr) return found;
  }
  for (const ast::Body& body : literal.bodies) {
    for (const ast::Literal& inner : body) {
      if (const ast::Expr* found = name_at(inner, name); found != nullptr) return found;
    }
  }
  return nullptr;
}

/// Where the name stands in a literal, or the whole literal.
Span span_of(const ast::Literal& literal, std::string_view name) {
  const ast::Expr* found = name_at(literal, name);
  return found == nullptr ? literal.span : found->span;
}

}  // namespace

Body Checker::body(const ast::Body& body) {
  Body out;
  Level level;
  level.parent = &root_;
  // The variables outlive the body: head and message read them.
  check_level(body, level, out.literals);
  for (auto& [name, local] : level.locals) root_.locals[name] = local;
  return out;
}

void Checker::check_level(const ast::Body& body, Level& level, std::vector<Literal>& out) {
  Level* outer_level = level_;
  std::vector<Literal>* outer_hoist = hoist_;
  level_ = &level;
  hoist_ = &out;

  std::vector<const ast::Literal*> literals = flatten(body);
  std::vector<LiteralNames> names;
  names.reserve(literals.size());
  Owned& owned = level.owned;
  for (const ast::Literal* literal : literals) {
    names.push_back(reader.of_literal(*literal));
    const LiteralNames& here = names.back();
    for (std::string_view name : here.binds) {
      if (!is_bound(name)) ++owned[name];
    }
    for (const NameList* list : {&here.binds, &here.partial, &here.uses}) {
      for (std::string_view name : *list) ++level.uses[name];
    }
  }
  for (const auto& [name, times] : level.uses) {
    if (times > 1) written_.insert(name);
  }
  for (const LiteralNames& here : names) {
    // `x in y` binds y only where nobody else does.
    if (!here.container.empty() && !is_bound(here.container)) owned.emplace(here.container, 0);
  }
  group_errors(literals, names);

  out.reserve(out.size() + literals.size());
  BindOrder order(literals.size());
  for (uint32_t i = 0; i < literals.size(); ++i) add_needs(order, i, literals[i]->kind, names[i], owned);
  order.start();
  while (true) {
    size_t at = order.next();
    if (at == SIZE_MAX) {
      at = order.leftmost_waiting();
      if (at == SIZE_MAX) break;
      release(*literals[at], names[at], order);
      continue;
    }
    level.current = &names[at];
    size_t first = out.size();
    bool done = check_literal(*literals[at], names[at], order, out);
    for (size_t i = first; i + 1 < out.size(); ++i) out[i].hoisted = true;
    level.current = nullptr;
    if (!done) {
      order.postpone(static_cast<uint32_t>(at), names[at].binds.front());
      continue;
    }
    for (std::string_view name : names[at].binds) order.bound(name);
    if (!names[at].container.empty()) order.bound(names[at].container);
  }
  level_ = outer_level;
  hoist_ = outer_hoist;
}

/// Nobody can bind what a literal waits for: says so once, and goes on as if it were bound.
void Checker::release(const ast::Literal& literal, const LiteralNames& names, BindOrder& order) {
  bool any = false;
  auto give = [&](std::string_view name) {
    if (level_->owned.count(name) == 0 || order.is_bound(name)) return;
    if (!is_bound(name)) report_unbound(name, span_of(literal, name));
    order.bound(name);
    any = true;
  };
  for (std::string_view name : names.uses) give(name);
  for (std::string_view name : names.partial) give(name);
  // `x in Group("g")` can wait for what it binds itself.
  for (std::string_view name : names.binds) {
    if (!any) give(name);
  }
}

/// An `or` that binds a name in some alternatives only, while somebody outside reads it and nobody else binds it.
void Checker::group_errors(const std::vector<const ast::Literal*>& literals, const std::vector<LiteralNames>& names) {
  for (size_t i = 0; i < literals.size(); ++i) {
    for (std::string_view name : names[i].partial) {
      if (level_->owned.count(name) != 0 || is_bound(name) || !outside(name, names[i])) continue;
      cx_.report(Diag::kNotInEveryBranch, span_of(*literals[i], name)).arg(name);
      uint32_t slot = new_slot(name, kErrorType, literals[i]->span);
      counts_[slot] = 2;
      level_->locals[name] = {slot, true};
    }
  }
}

bool Checker::check_literal(const ast::Literal& literal, const LiteralNames& names, const BindOrder& order,
                            std::vector<Literal>& out) {
  switch (literal.kind) {
    case ast::LiteralKind::kExpr: {
      const ast::Expr& expr = literal.expr[0];
      const Symbol* symbol = atom_symbol(cx_, module_, expr);
      if (!literal.within.empty() && (symbol == nullptr || !is_event(*symbol))) {
        cx_.report(Diag::kNoEvent, literal.within[0].span).arg(expr.text.empty() ? "this" : "`" + expr.text + "`");
      }
      if (symbol != nullptr) {
        atom(expr, *symbol, names, literal.within, out);
      } else if (expr.kind == ast::ExprKind::kBinary && expr.text == "in") {
        return member(expr, order, names, out);
      } else {
        test(expr, out);
      }
      return true;
    }
    case ast::LiteralKind::kEquals:
      equals(literal.expr[0], literal.expr[1], literal.span, out);
      return true;
    case ast::LiteralKind::kSome:
      if (!some_row(literal, names, out)) some(literal, out);
      return true;
    case ast::LiteralKind::kNot:
      negation(literal, names, out);
      return true;
    case ast::LiteralKind::kExists:
      nested(literal, Literal::Kind::kExists, out);
      return true;
    case ast::LiteralKind::kForall:
      nested(literal, Literal::Kind::kForall, out);
      return true;
    case ast::LiteralKind::kGroup:
      group(literal, names, out);
      return true;
    case ast::LiteralKind::kGranted:
      granted(literal, out);
      return true;
  }
  return true;
}

bool Checker::is_event(const Symbol& symbol) const {
  return symbol.kind == SymbolKind::kRelation && cx_.program.schema.relations[symbol.index].is_event;
}

void Checker::nested(const ast::Literal& literal, Literal::Kind kind, std::vector<Literal>& out) {
  Literal made;
  made.kind = kind;
  made.span = literal.span;
  made.bodies.resize(literal.bodies.size());
  // Each body sees the variables of the one before it: forall (p(x)) => (q(x)).
  std::vector<Level> levels(literal.bodies.size());
  Level* outer = level_;
  size_t known = narrowed_.size();
  for (size_t i = 0; i < literal.bodies.size(); ++i) {
    levels[i].parent = level_;
    NameList later;
    for (size_t k = i + 1; k < literal.bodies.size(); ++k) reader.of_body(literal.bodies[k], later);
    for (std::string_view name : later) ++levels[i].uses[name];
    check_level(literal.bodies[i], levels[i], made.bodies[i].literals);
    for (std::string_view name : later) --levels[i].uses[name];
    level_ = &levels[i];
  }
  level_ = outer;
  forget(known);
  out.push_back(std::move(made));
}

void Checker::negation(const ast::Literal& literal, const LiteralNames& names, std::vector<Literal>& out) {
  const ast::Literal& inner = literal.bodies[0][0];
  const bool plain = inner.kind == ast::LiteralKind::kExpr && atom_symbol(cx_, module_, inner.expr[0]) == nullptr;
  // A variable that stands elsewhere too would look as if `not` could bind it.
  for (std::string_view name : names.uses) {
    if (is_bound(name) || name.front() == '_' || !outside(name, names)) continue;
    if (binds_inside(literal.bodies[0], name)) report_unbound(name, span_of(literal, name));
  }
  Literal made;
  made.kind = Literal::Kind::kNot;
  made.span = literal.span;
  made.bodies.resize(1);
  Level level;
  level.parent = level_;
  size_t known = narrowed_.size();
  check_level(literal.bodies[0], level, made.bodies[0].literals);
  forget(known);
  std::vector<Literal>& body = made.bodies[0].literals;
  if (plain && body.size() == 1 && body[0].kind == Literal::Kind::kTest) {
    Expr negated;
    negated.op = Op::kNot;
    negated.type = kBoolType;
    negated.span = literal.span;
    negated.args.push_back(std::move(body[0].expr));
    add_test(std::move(negated), literal.span, out);
    return;
  }
  out.push_back(std::move(made));
}

/// Does some literal of the body (not of bodies nested in it) bind the name?
bool Checker::binds_inside(const ast::Body& body, std::string_view name) const {
  for (const ast::Literal* literal : flatten(body)) {
    LiteralNames names = reader.of_literal(*literal);
    for (const NameList* list : {&names.binds, &names.partial}) {
      if (std::find(list->begin(), list->end(), name) != list->end()) return true;
    }
  }
  return false;
}

void Checker::group(const ast::Literal& literal, const LiteralNames& names, std::vector<Literal>& out) {
  Literal made;
  made.kind = Literal::Kind::kOr;
  made.span = literal.span;
  made.bodies.resize(literal.bodies.size());
  std::unordered_map<std::string_view, uint32_t> exports;
  for (std::string_view name : names.binds) {
    if (is_bound(name) || exports.count(name) != 0 || !outside(name, names)) continue;
    // Inside of an alternative that has to bind the name itself, its slot is there already.
    const Level::Local* known = find(name);
    exports[name] = known != nullptr ? known->slot : new_slot(name, kErrorType, span_of(literal, name));
    made.exports.push_back(exports[name]);
  }
  for (size_t i = 0; i < literal.bodies.size(); ++i) {
    Level level;
    level.parent = level_;
    for (auto [name, slot] : exports) level.locals[name] = {slot, false};
    size_t known = narrowed_.size();
    check_level(literal.bodies[i], level, made.bodies[i].literals);
    forget(known);
  }
  for (auto [name, slot] : exports) level_->locals[name] = {slot, true};
  std::sort(made.exports.begin(), made.exports.end());
  out.push_back(std::move(made));
}

void Checker::add_test(Expr expr, Span span, std::vector<Literal>& out) {
  Literal made;
  made.kind = Literal::Kind::kTest;
  made.span = span;
  made.expr = std::move(expr);
  learn(made.expr, true);
  out.push_back(std::move(made));
}

void Checker::test(const ast::Expr& expr, std::vector<Literal>& out) {
  if (expr.kind == ast::ExprKind::kCall && !is_function(cx_, module_, expr.text)) {
    for (const ast::Expr& arg : expr.args) {
      bool unbound = arg.kind == ast::ExprKind::kName && reader.is_variable(arg.text) && !is_bound(arg.text);
      if (unbound) counts_[bind(arg.text, kErrorType, arg.span)] = 2;
    }
  }
  Expr checked = this->expr(expr, kBoolType);
  if (checked.type != kErrorType && unwrap(cx_.types(), checked.type) != kBoolType) {
    cx_.report(Diag::kNotACondition, expr.span).arg("a value of type `" + type_name(cx_.schema(), checked.type) + "`");
  } else if (checked.type != kErrorType && checked.type != kBoolType) {
    checked = coerce(cx_, std::move(checked), kBoolType);
  }
  add_test(std::move(checked), expr.span, out);
}

}  // namespace lictor
