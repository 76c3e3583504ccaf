// Calls of built-in functions, and civil time: `civil(t, zone)` is no value, a field of it is.
#include <algorithm>

#include "compiler/builtins.h"
#include "compiler/checker.h"
#include "compiler/civil.h"
#include "compiler/core_walk.h"
#include "compiler/zones.h"

namespace lictor {
namespace {

bool fits(const TypeTable& types, const Builtin& row, const std::vector<Expr>& args) {
  for (size_t i = 0; i < args.size(); ++i) {
    const Type& type = types[args[i].type];
    const BuiltinParam& param = row.params[i];
    bool any = param.kind == TypeKind::kError && type.kind != TypeKind::kCivil;
    if (type.kind != param.kind && !any) return false;
    bool collection = param.kind == TypeKind::kSet || param.kind == TypeKind::kList;
    if (collection && param.elem != TypeKind::kError && types.kind(type.elem) != param.elem) return false;
    if (collection && param.elem == TypeKind::kError && !same_base(types, args[0].type, args[i].type)) return false;
  }
  return true;
}

TypeId result_type(TypeTable& types, const Builtin& row, const std::vector<Expr>& args) {
  switch (row.shape) {
    case Builtin::Shape::kPlain:
      return row.result;
    case Builtin::Shape::kOptional:
      return types.optional_of(row.result);
    case Builtin::Shape::kList:
      return types.list_of(row.result);
    case Builtin::Shape::kFirst: {
      TypeId type = args[0].type;
      for (const Expr& arg : args) type = join_types(types, type, arg.type);
      return type;
    }
  }
  return kErrorType;
}

/// "2 arguments", or "1 or 2 arguments".
std::string arities(std::string_view module, std::string_view name) {
  std::vector<size_t> all;
  for (const Builtin& known : builtins()) {
    if (known.module == module && known.name == name) all.push_back(known.params.size());
  }
  auto [least, most] = std::ranges::minmax(all);
  return (least == most ? "" : std::to_string(least) + " or ") + count_of(most, "argument");
}

}  // namespace

Expr Checker::builtin_call(const ast::Expr& expr, std::string_view module) {
  std::string_view name = std::string_view(expr.text).substr(expr.text.rfind('.') + 1);
  std::vector<Expr> args;
  bool failed = false;
  for (size_t i = 0; i < expr.args.size(); ++i) {
    args.push_back(this->expr(expr.args[i], i == 0 ? kErrorType : args[0].type));
    failed |= args.back().type == kErrorType || !resolved(args.back());
    if (!expr.arg_names[i].text.empty()) {
      cx_.report(Diag::kUnknownMember, expr.arg_names[i].span)
          .arg("the function `" + expr.text + "`")
          .arg("parameter")
          .arg(expr.arg_names[i].text);
      failed = true;
    }
  }
  if (failed) return error(expr.span);
  bool right_count = false;
  for (const Builtin& known : builtins()) {
    if (known.module != module || known.name != name || known.params.size() != args.size()) continue;
    right_count = true;
    if (!fits(cx_.types(), known, args)) continue;
    cx_.note(expr.name_span, {kNoFile, static_cast<uint32_t>(&known - builtins().data()), 0}, RefKind::kBuiltin);
    if (known.op == Op::kCivil && !check_zone(args[1])) return error(expr.span);
    Expr out;
    out.op = known.op;
    out.n = known.op == Op::kCivil ? kWholeCivil : 0;
    out.type = result_type(cx_.types(), known, args);
    out.span = expr.span;
    out.args = std::move(args);
    return out;
  }
  if (!right_count) {
    cx_.report(Diag::kArity, expr.span).arg(expr.text).arg(arities(module, name)).arg(std::to_string(args.size()));
    return error(expr.span);
  }
  std::string types;
  for (const Expr& arg : args) types += (types.empty() ? "`" : ", `") + type_name(cx_.schema(), arg.type) + "`";
  cx_.report(Diag::kNoOperator, expr.span).arg(expr.text).arg(types);
  return error(expr.span);
}

// ---- Civil time -----------------------------------------------------------------------------------------------------

/// A zone that stands in the text must exist; one that is computed is looked up when a decision is made.
bool Checker::check_zone(const Expr& zone) {
  if (zone.op != Op::kConst || known_zone(zone.constant->text)) return true;
  auto report = cx_.report(Diag::kUnknownZone, zone.span);
  report.arg(zone.constant->text);
  if (std::string hint = cx_.names.suggest(zone.constant->text, zone_names()); !hint.empty()) report.hint(hint);
  return false;
}

namespace {

/// `(case { c => civil(...); else => civil(...) }).clock` is a `case` of clocks. False where a civil time is neither.
bool take_field(Expr& expr, int64_t field, TypeId type) {
  expr.type = type;
  if (expr.op == Op::kIf) return take_field(expr.args[1], field, type) && take_field(expr.args[2], field, type);
  if (expr.op != Op::kCivil || expr.n != kWholeCivil) return false;
  expr.n = field;
  return true;
}

}  // namespace

Expr Checker::civil_field(const ast::Expr& expr, const Expr& base) {
  auto at = std::ranges::find(kCivilFields, expr.text);
  if (at == std::end(kCivilFields)) {
    return unknown_member(expr.name_span, "a civil time", "field", expr.text,
                          {std::begin(kCivilFields), std::end(kCivilFields)}, {});
  }
  auto field = static_cast<CivilField>(at - std::begin(kCivilFields));
  TypeTable& types = cx_.types();
  TypeId type = kErrorType;
  switch (field) {
    case CivilField::kClock:
      type = kClockType;
      break;
    case CivilField::kDate:
      type = kDateType;
      break;
    case CivilField::kWeekday:
      type = weekday_type();
      break;
    case CivilField::kYear:
      type = types.ranged(kIntType, 1, 9999);
      break;
    case CivilField::kMonth:
      type = types.ranged(kIntType, 1, 12);
      break;
    case CivilField::kDay:
      type = types.ranged(kIntType, 1, 31);
      break;
    case CivilField::kHour:
      type = types.ranged(kIntType, 0, 23);
      break;
    case CivilField::kMinute:
      type = types.ranged(kIntType, 0, 59);
      break;
  }
  Expr out = base;
  out.span = expr.span;
  if (take_field(out, static_cast<int64_t>(field), type)) return out;
  cx_.report(Diag::kCivilValue, base.span);
  return error(expr.span);
}

/// The enum of std.time, which is loaded where its `civil` is called.
TypeId Checker::weekday_type() {
  const auto& enums = cx_.schema().enums;
  auto at = std::ranges::find_if(enums, [](const EnumDecl& e) { return e.info.qualified() == "std.time.Weekday"; });
  return at == enums.end() ? kErrorType : cx_.types().enum_type(static_cast<uint32_t>(at - enums.begin()));
}

namespace {

/// `look` on every expression of rules and decisions.
template <class Look>
void each_expression(const Program& program, const Look& look) {
  auto root = [&](const Expr& expr) { each_node(expr, look); };
  auto all = [&](const std::vector<Decision>& decisions) {
    for (const Decision& decision : decisions) {
      each_root_of_default(decision, root);
      for (const Clause& clause : decision.clauses) each_root_of_clause(clause, root);
    }
  };
  for (const Rule& rule : program.rules) each_root_of_rule(rule, root);
  all(program.decisions);
  all(program.probes);
}

}  // namespace

void check_civil(const Program& program, Diagnostics& diagnostics) {
  std::unordered_set<uint32_t> said;  // places: a `let` that is used twice is one mistake
  each_expression(program, [&](const Expr& expr) {
    if (expr.op != Op::kCivil || expr.n != kWholeCivil || !said.insert(expr.span.begin).second) return;
    diagnostics.report(Diag::kCivilValue, expr.span);
  });
}

bool uses_civil(const Program& program) {
  bool used = false;
  each_expression(program, [&](const Expr& expr) { used = used || expr.op == Op::kCivil; });
  return used;
}

}  // namespace lictor
