// Sets, lists and maps as expressions. What is constant becomes one constant, sorted and without duplicates.
#include <algorithm>
#include <unordered_set>

#include "compiler/checker.h"

namespace lictor {
namespace {

/// One constant where all parts are constants.
Expr folded(const Schema& schema, Expr expr) {
  bool constants =
      std::all_of(expr.args.begin(), expr.args.end(), [](const Expr& arg) { return arg.op == Op::kConst; });
  if (!constants) return expr;
  std::optional<Datum> value = constant_value(schema, expr);
  return value ? constant(std::move(*value), expr.span) : expr;
}

}  // namespace

Expr Checker::elements(const ast::Expr& expr, TypeId elem, bool set) {
  Expr out;
  out.op = set ? Op::kMakeSet : Op::kMakeList;
  out.span = expr.span;
  out.args.reserve(expr.args.size());
  bool failed = false;
  for (const ast::Expr& item : expr.args) {
    Expr checked = this->expr(item, elem);
    if (elem == kErrorType) elem = unwrap(cx_.types(), checked.type);
    if (elem != kErrorType) checked = coerce(cx_, std::move(checked), elem);
    failed |= checked.type == kErrorType || checked.type == kNoneType;
    out.args.push_back(std::move(checked));
  }
  if (elem == kErrorType || elem == kNoneType) {
    if (!failed) cx_.report(Diag::kCannotInfer, expr.span).arg(set ? "the empty set" : "the empty list");
    return error(expr.span);
  }
  if (failed || (set && !comparable(elem, expr.span, "an element of a set"))) return error(expr.span);
  out.type = set ? cx_.types().set_of(elem) : cx_.types().list_of(elem);
  return folded(cx_.schema(), std::move(out));
}

Expr Checker::braces(const ast::Expr& expr, TypeId expected) {
  TypeId wanted = unwrap(cx_.types(), expected);
  const Type type = cx_.types()[wanted];
  if (type.kind == TypeKind::kMap && expr.args.empty()) {
    Datum empty;
    empty.type = wanted;
    Expr out = constant(std::move(empty), expr.span);
    check_keys(out, expr.span);
    return out;
  }
  if (type.kind == TypeKind::kRecord) return record(expr, wanted);
  return elements(expr, type.kind == TypeKind::kSet ? type.elem : kErrorType, true);
}

Expr Checker::list(const ast::Expr& expr, TypeId expected) {
  const Type type = cx_.types()[unwrap(cx_.types(), expected)];
  return elements(expr, type.kind == TypeKind::kList ? type.elem : kErrorType, false);
}

/// Are the keys words that mean nothing here, as the names of fields do?
bool Checker::looks_like_record(const ast::Expr& expr) {
  for (size_t i = 0; i < expr.args.size(); i += 2) {
    const ast::Expr& key = expr.args[i];
    bool word = key.kind == ast::ExprKind::kName && find(key.text) == nullptr && key.text != "now" &&
                cx_.names.find(module_, key.text) == nullptr &&
                cx_.names.visible_enum_with(module_, key.text) == nullptr;
    if (!word) return false;
  }
  return !expr.args.empty();
}

Expr Checker::map(const ast::Expr& expr, TypeId expected) {
  const Type type = cx_.types()[unwrap(cx_.types(), expected)];
  if (type.kind == TypeKind::kRecord) return record(expr, unwrap(cx_.types(), expected));
  bool known = type.kind == TypeKind::kMap;
  if (!known && looks_like_record(expr)) {
    for (size_t i = 1; i < expr.args.size(); i += 2) this->expr(expr.args[i], kErrorType);
    cx_.report(Diag::kCannotInfer, expr.span)
        .arg("this record")
        .hint("give its type to where it stands, such as a head's argument: `p({ name: n }: Image) :- ...`");
    return error(expr.span);
  }
  TypeId sides[2] = {known ? type.key : kErrorType, known ? type.elem : kErrorType};
  Expr out;
  out.op = Op::kMakeMap;
  out.span = expr.span;
  bool failed = false;
  for (size_t i = 0; i < expr.args.size(); ++i) {
    TypeId& side = sides[i % 2];
    Expr checked = this->expr(expr.args[i], side);
    if (side == kErrorType) side = unwrap(cx_.types(), checked.type);
    if (side != kErrorType) checked = coerce(cx_, std::move(checked), side);
    failed |= checked.type == kErrorType || checked.type == kNoneType;
    out.args.push_back(std::move(checked));
  }
  if (failed || sides[0] == kErrorType || sides[1] == kErrorType) return error(expr.span);
  out.type = cx_.types().map_of(sides[0], sides[1]);
  check_keys(out, expr.span);
  return folded(cx_.schema(), std::move(out));
}

/// No key twice; a map keyed by an enum has them all.
void Checker::check_keys(const Expr& map, Span span) {
  std::unordered_set<std::string> seen;
  bool constant_keys = true;
  for (size_t i = 0; map.op == Op::kMakeMap && i < map.args.size(); i += 2) {
    std::optional<Datum> key = constant_value(cx_.schema(), map.args[i]);
    constant_keys &= key.has_value();
    if (!key) continue;
    std::string text = show_source(cx_.schema(), *key);
    if (!seen.insert(text).second) cx_.report(Diag::kDuplicateKey, map.args[i].span).arg("`" + text + "`");
  }
  TypeId key_type = cx_.types()[map.type].key;
  if (cx_.types().kind(key_type) != TypeKind::kEnum) return;
  if (!constant_keys) {
    cx_.report(Diag::kNotConstant, span).hint("the keys of a map keyed by an enum are its members");
    return;
  }
  std::string missing;
  for (const EnumMemberDecl& member : cx_.schema().enums[cx_.types()[key_type].decl].members) {
    if (seen.count(member.name) == 0) missing += (missing.empty() ? "`" : ", `") + member.name + "`";
  }
  if (!missing.empty()) cx_.report(Diag::kIncompleteMap, span).arg(missing);
}

}  // namespace lictor
