// Literals that bind: `=`, `some`, and `in` with its three readings (elements, members of an entity, its containers).
#include <algorithm>

#include "compiler/checker.h"

namespace lictor {
namespace {

Literal made(Literal::Kind kind, Span span) {
  Literal out;
  out.kind = kind;
  out.span = span;
  return out;
}

}  // namespace

/// How a value of that type meets what is written for it: a new variable binds, anything else is compared.
Arg Checker::target_arg(const ast::Expr& target, TypeId type) {
  Arg out;
  if (target.kind == ast::ExprKind::kWildcard) return out;
  bool word = target.kind == ast::ExprKind::kName && !is_member(type, target.text);
  if (word && !is_bound(target.text) && reader.is_variable(target.text)) {
    out.mode = Arg::Mode::kBind;
    out.slot = bind(target.text, type, target.span);
    return out;
  }
  if (word && !is_bound(target.text)) {
    const EnumDecl* like = cx_.names.visible_enum_with(module_, target.text);
    bool wrong_enum = like != nullptr && cx_.names.find(module_, target.text) == nullptr;
    if (wrong_enum && cx_.types().kind(unwrap(cx_.types(), type)) != TypeKind::kEnum && type != kErrorType) {
      cx_.report(Diag::kVariableLikeMember, target.span)
          .arg(target.text)
          .arg(like->info.name)
          .related(like->info.span, "declared here");
      out.mode = Arg::Mode::kMatch;
      out.expr = error(target.span);
      return out;
    }
  }
  out.mode = Arg::Mode::kMatch;
  out.expr = comparable(type, target.span, "compared for equality") ? stored(target, type) : error(target.span);
  return out;
}

void Checker::tuple_target(const ast::Expr& left, const ast::Expr& right, Span span, std::vector<Literal>& out) {
  if (right.kind != ast::ExprKind::kTuple) {
    not_supported(left.span, "a tuple on the left of `=`");
    return;
  }
  if (left.args.size() != right.args.size()) {
    cx_.report(Diag::kArity, right.span)
        .arg("the left side")
        .arg(count_of(left.args.size(), "value"))
        .arg(std::to_string(right.args.size()));
  }
  for (size_t i = 0; i < std::min(left.args.size(), right.args.size()); ++i) {
    equals(left.args[i], right.args[i], span, out);
  }
}

void Checker::equals(const ast::Expr& left, const ast::Expr& right, Span span, std::vector<Literal>& out) {
  if (left.kind == ast::ExprKind::kTuple) return tuple_target(left, right, span, out);
  bool word = left.kind == ast::ExprKind::kName && !is_bound(left.text) && reader.is_variable(left.text);
  if (right.kind == ast::ExprKind::kAggregate) {
    Arg target;
    if (word || left.kind == ast::ExprKind::kWildcard) {
      // Its type is known when the aggregate is: aggregate() fills in the variable.
      target.mode = word ? Arg::Mode::kBind : Arg::Mode::kIgnore;
      const Level::Local* known = word ? find(left.text) : nullptr;  // an export that has its slot already
      if (word) target.slot = known != nullptr ? known->slot : new_slot(left.text, kErrorType, left.span);
      aggregate(right, target, out);
      if (word) bind_slot(left.text, target.slot);
      if (word) note_variable(target.slot, left.span);
    } else {
      target.mode = Arg::Mode::kMatch;
      target.expr = expr(left, kErrorType);
      aggregate(right, std::move(target), out);
    }
    return;
  }
  if (word || left.kind == ast::ExprKind::kWildcard) {
    Expr value = expr(right, kErrorType);
    if (value.type == kNoneType) {
      cx_.report(Diag::kCannotInfer, right.span).arg("`none`");
      value = error(right.span);
    }
    Literal let = made(Literal::Kind::kLet, span);
    let.slot = word ? bind(left.text, value.type, left.span) : invent(value.type, left.span);
    let.expr = std::move(value);
    out.push_back(std::move(let));
    return;
  }
  ast::Expr& both = made_.emplace_back();
  both.kind = ast::ExprKind::kBinary;
  both.text = "==";
  both.span = span;
  both.args = {left, right};
  add_test(comparison(both), span, out);
}

/// From here on the slot, which exists, has a value.
void Checker::bind_slot(std::string_view name, uint32_t slot) {
  level_->locals[name] = {slot, true};
  ++counts_[slot];
}

void Checker::some(const ast::Literal& literal, std::vector<Literal>& out) {
  Expr optional = expr(literal.expr[0], kErrorType);
  TypeId elem = unwrap(cx_.types(), optional.type);
  if (optional.type != kErrorType && cx_.types().kind(optional.type) != TypeKind::kOptional) {
    cx_.report(Diag::kNotOptional, literal.expr[0].span)
        .arg("some")
        .arg("`" + type_name(cx_.schema(), optional.type) + "`")
        .hint("bind it with `" + literal.name.text + " = ...`");
    elem = kErrorType;
  }
  Literal present = made(Literal::Kind::kSome, literal.span);
  present.expr = std::move(optional);
  const std::string& name = literal.name.text;
  if (name == "_") {
    present.slot = invent(elem, literal.name.span);
    out.push_back(std::move(present));
    return;
  }
  if (is_bound(name)) {
    // `=` tests a bound variable, and so does `some`.
    present.slot = invent(elem, literal.span);
    uint32_t slot = present.slot;
    out.push_back(std::move(present));
    ast::Expr& word = made_.emplace_back();
    word.kind = ast::ExprKind::kName;
    word.text = name;
    word.span = literal.name.span;
    add_test(equality(expr(word, elem), slot_expr(slot, literal.span), true, literal.span), literal.span, out);
    return;
  }
  if (!reader.is_variable(name)) {
    const EnumDecl* like = cx_.names.visible_enum_with(module_, name);
    if (like != nullptr) {
      cx_.report(Diag::kVariableLikeMember, literal.name.span).arg(name).arg(like->info.name);
    } else {
      cx_.report(Diag::kDuplicateName, literal.name.span).arg("the name").arg(name);
    }
    elem = kErrorType;
  }
  present.slot = bind(name, elem, literal.name.span);
  out.push_back(std::move(present));
}

// ---- in -------------------------------------------------------------------------------------------------------------

bool Checker::member(const ast::Expr& expr, const BindOrder& order, const LiteralNames& names,
                     std::vector<Literal>& out) {
  if (!names.container.empty() && !is_bound(names.container) && level_->owned.count(names.container) != 0) {
    containers(expr, out);
    return true;
  }
  const ast::Expr& target = expr.args[0];
  bool tuple = target.kind == ast::ExprKind::kTuple;
  bool free = tuple || (target.kind == ast::ExprKind::kName && reader.is_variable(target.text) &&
                        !is_bound(target.text) && expr.args[1].kind != ast::ExprKind::kRange);
  if (!free && target.kind != ast::ExprKind::kWildcard) {
    test(expr, out);
    return true;
  }
  Expr container = this->expr(expr.args[1], kErrorType);
  if (container.type != kErrorType && !resolved(container)) container = error(expr.span);
  return enumerate(expr, std::move(container), order, out);
}

bool Checker::enumerate(const ast::Expr& expr, Expr container, const BindOrder& order, std::vector<Literal>& out) {
  const ast::Expr& target = expr.args[0];
  const Type type = cx_.types()[container.type];
  bool pair = target.kind == ast::ExprKind::kTuple;
  if ((type.kind == TypeKind::kEntity || type.kind == TypeKind::kUnion) && !pair)
    return hierarchy(target, std::move(container), order, out);
  TypeId first = kErrorType, second = kErrorType;
  bool fits = false;
  if (pair && target.args.size() == 2 && type.kind == TypeKind::kMap) {
    first = type.key;
    second = type.elem;
    fits = true;
  } else if (pair && target.args.size() == 2 && type.kind == TypeKind::kList) {
    first = kIntType;
    second = type.elem;
    fits = true;
  } else if (!pair) {
    first = element_hint(container.type);
    fits = first != kErrorType;
  }
  if (!fits && container.type != kErrorType) {
    cx_.report(Diag::kNoOperator, expr.span)
        .arg("in")
        .arg((pair ? "a tuple and `" : "a variable and `") + type_name(cx_.schema(), container.type) + "`");
  }
  Literal members = made(Literal::Kind::kMember, expr.span);
  members.expr = std::move(container);
  if (pair) {
    for (size_t i = 0; i < target.args.size(); ++i) {
      members.args.push_back(target_arg(target.args[i], i == 0 ? first : (i == 1 ? second : kErrorType)));
    }
  } else {
    members.args.push_back(target_arg(target, first));
  }
  out.push_back(std::move(members));
  return true;
}

/// `x in Group("g")` with x free: the entities that are in it. False: wait, somebody else says which type x is of.
bool Checker::hierarchy(const ast::Expr& target, Expr container, const BindOrder& order, std::vector<Literal>& out) {
  std::vector<uint32_t> goals = entities_of(container.type);
  std::vector<uint32_t> candidates;
  for (uint32_t entity = 0; entity < cx_.ancestors.size(); ++entity) {
    const auto& reach = cx_.ancestors[entity];
    bool leads = std::ranges::any_of(goals, [&](uint32_t goal) { return std::ranges::binary_search(reach, goal); });
    if (leads) candidates.push_back(entity);
  }
  if (candidates.size() != 1 && target.kind == ast::ExprKind::kName) {
    auto owned = level_->owned.find(target.text);
    if (owned != level_->owned.end() && owned->second > 1 && !order.is_bound(target.text)) return false;
  }
  TypeId type = candidates.size() == 1 ? cx_.types().entity_type(candidates[0]) : kErrorType;
  if (candidates.size() != 1) {
    cx_.report(Diag::kAmbiguousEntity, target.span)
        .arg(target.kind == ast::ExprKind::kName ? target.text : "_")
        .arg(cx_.schema().entities[candidates.back()].info.name);
  }
  Literal members = made(Literal::Kind::kHierarchy, join(target.span, container.span));
  members.args.push_back(target_arg(target, type));
  Arg group;
  group.mode = Arg::Mode::kMatch;
  group.expr = std::move(container);
  members.args.push_back(std::move(group));
  out.push_back(std::move(members));
  return true;
}

/// `x in g` with g free: the entities that x is in.
void Checker::containers(const ast::Expr& expr, std::vector<Literal>& out) {
  Expr item = this->expr(expr.args[0], kErrorType);
  const ast::Expr& target = expr.args[1];
  TypeId type = kErrorType;
  if (item.type != kErrorType && resolved(item)) {
    TypeKind kind = cx_.types().kind(item.type);
    if (kind != TypeKind::kEntity && kind != TypeKind::kUnion) {
      report_unbound(target.text, target.span);
      return;
    }
    std::vector<uint32_t> reach;
    for (uint32_t entity : entities_of(item.type))
      reach.insert(reach.end(), cx_.ancestors[entity].begin(), cx_.ancestors[entity].end());
    std::ranges::sort(reach);
    auto twice = std::ranges::unique(reach);
    reach.erase(twice.begin(), twice.end());
    if (reach.size() == 1) {
      type = cx_.types().entity_type(reach[0]);
    } else {
      cx_.report(Diag::kAmbiguousEntity, target.span)
          .arg(target.text)
          .arg(cx_.schema().entities[reach.back()].info.name);
    }
  }
  Literal members = made(Literal::Kind::kHierarchy, expr.span);
  Arg member;
  member.mode = Arg::Mode::kMatch;
  member.expr = std::move(item);
  members.args.push_back(std::move(member));
  members.args.push_back(target_arg(target, type));
  out.push_back(std::move(members));
}

}  // namespace lictor
