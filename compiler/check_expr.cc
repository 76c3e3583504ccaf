// Expressions: literals, names, `case`. Fields, operators, calls and collections have files of their own.
#include <algorithm>

#include "compiler/checked_text.h"
#include "compiler/checker.h"
#include "compiler/literals.h"
#include "compiler/ranges.h"

namespace lictor {
namespace {

struct TimeLiteral {
  ast::ExprKind kind;
  TypeId type;
  std::optional<int64_t> (*parse)(std::string_view);
  std::string_view what, hint;
};
constexpr TimeLiteral kTimeLiterals[] = {
    {ast::ExprKind::kTime, kTimeType, parse_time, "an exact time",
     "a time is RFC 3339 with an offset, such as `2026-01-01T00:00:00Z`, to the microsecond"},
    {ast::ExprKind::kDuration, kDurationType, parse_duration, "a duration",
     "a duration is a whole number and one of us ms s m h d w"},
    {ast::ExprKind::kDate, kDateType, parse_date, "a date",
     "a date is a day of the years 1 to 9999, such as `2026-01-31`"},
    {ast::ExprKind::kClock, kClockType, parse_clock, "a clock time",
     "a clock time lies in `00:00` to `23:59:59.999999`"}};

constexpr size_t kMostArms = 1000;  // of one `case`: it becomes nested choices, as deep as it has arms

}  // namespace

Expr Checker::expr(const ast::Expr& expr, TypeId expected) {
  using ast::ExprKind;
  switch (expr.kind) {
    case ExprKind::kInt:
    case ExprKind::kDecimal:
    case ExprKind::kPercent:
      return number(expr, expected, false);
    case ExprKind::kDuration:
    case ExprKind::kTime:
    case ExprKind::kDate:
    case ExprKind::kClock:
    case ExprKind::kBool:
    case ExprKind::kNone:
      return literal(expr, expected);
    case ExprKind::kIp:
      return marked(expr, kIpType);
    case ExprKind::kRegex:
      return marked(expr, kRegexType);
    case ExprKind::kGlob:
      return marked(expr, kGlobType);
    case ExprKind::kString:
      return string(expr, expected);
    case ExprKind::kName:
      return name(expr, expected);
    case ExprKind::kWildcard:
      cx_.report(Diag::kUnbound, expr.span).arg("_").hint("`_` can only be ignored, it has no value");
      return error(expr.span);
    case ExprKind::kField:
    case ExprKind::kSafeField:
      return field(expr, expected);
    case ExprKind::kIndex:
      return index(expr);
    case ExprKind::kCall:
      return call(expr);
    case ExprKind::kUnary:
      return unary(expr, expected);
    case ExprKind::kBinary:
      return binary(expr, expected);
    case ExprKind::kBraces:
      return braces(expr, expected);
    case ExprKind::kMap:
      return map(expr, expected);
    case ExprKind::kList:
      return list(expr, expected);
    case ExprKind::kTuple:
      return not_supported(expr.span, "a tuple as a value");
    case ExprKind::kRange:
      return not_supported(expr.span, "a range as a value (other than after `in`)");
    case ExprKind::kCase:
      return case_expr(expr, expected);
    case ExprKind::kAggregate:
      return hoisted_aggregate(expr);
  }
  return error(expr.span);
}

Expr Checker::value(const ast::Expr& expr, TypeId type) {
  Expr out = coerce(cx_, this->expr(expr, type), type);
  out.span = expr.span;
  return out;
}

Expr Checker::stored(const ast::Expr& expr, TypeId type) {
  Expr out = value(expr, type);
  if (out.type == kErrorType) return out;
  if (std::optional<Datum> known = constant_value(cx_.schema(), out)) check_ranges(cx_, type, *known, expr.span);
  return out;
}

Expr Checker::not_supported(Span span, std::string_view what) {
  cx_.report(Diag::kNotSupported, span).arg(what);
  return error(span);
}

Expr Checker::unknown_member(Span span, std::string owner, std::string_view kind, std::string_view name,
                             const std::vector<std::string>& known, Span declared) {
  auto report = cx_.report(Diag::kUnknownMember, span);
  report.arg(owner).arg(kind).arg(name);
  if (std::string hint = cx_.names.suggest(name, known); !hint.empty()) report.hint(hint);
  if (declared.valid()) report.related(declared, "declared here");
  return error(span);
}

// ---- Literals -------------------------------------------------------------------------------------------------------

Expr Checker::number(const ast::Expr& expr, TypeId expected, bool negative) {
  std::string text = (negative ? "-" : "") + expr.text;
  TypeKind wanted = cx_.types().kind(unwrap(cx_.types(), expected));
  if (wanted == TypeKind::kFloat) return float_number(expr, text);
  bool whole = expr.kind == ast::ExprKind::kInt && wanted != TypeKind::kDecimal;
  std::optional<int64_t> word = expr.kind == ast::ExprKind::kPercent ? parse_percent(text)
                                : whole                              ? parse_int(text)
                                                                     : parse_decimal(text);
  if (!word) {
    cx_.report(Diag::kDoesNotFit, expr.span).arg(text).arg(whole ? "an int" : "a decimal");
    return error(expr.span);
  }
  return constant(whole ? kIntType : kDecimalType, *word, expr.span);
}

Expr Checker::float_number(const ast::Expr& expr, const std::string& text) {
  std::optional<int64_t> bits = expr.kind == ast::ExprKind::kPercent ? parse_float(text + "e-2") : parse_float(text);
  if (bits) return constant(kFloatType, *bits, expr.span);
  cx_.report(Diag::kDoesNotFit, expr.span).arg(text).arg("a float");
  return error(expr.span);
}

Expr Checker::literal(const ast::Expr& expr, TypeId expected) {
  if (expr.kind == ast::ExprKind::kBool) return constant(kBoolType, expr.text == "true" ? 1 : 0, expr.span);
  if (expr.kind == ast::ExprKind::kNone) {
    Datum none;
    none.none = true;
    none.type = cx_.types().kind(expected) == TypeKind::kOptional ? expected : kNoneType;
    return constant(std::move(none), expr.span);
  }
  const TimeLiteral& form = *std::ranges::find(kTimeLiterals, expr.kind, &TimeLiteral::kind);
  if (std::optional<int64_t> word = form.parse(expr.text)) return constant(form.type, *word, expr.span);
  cx_.report(Diag::kBadLiteral, expr.span).arg(expr.text).arg(form.what).hint(std::string(form.hint));
  return error(expr.span);
}

/// `ip"..."` and the like: a text that must have a form.
Expr Checker::marked(const ast::Expr& expr, TypeId type) {
  TypeKind kind = cx_.types().kind(type);
  CheckedText checked = check_text(kind, expr.text);
  if (!checked.ok()) {
    cx_.report(Diag::kBadLiteral, expr.span).arg(expr.text).arg(text_form(kind)).hint(checked.why);
    return error(expr.span);
  }
  Datum value;
  value.type = type;
  value.text = std::move(checked.text);
  return constant(std::move(value), expr.span);
}

Expr Checker::string(const ast::Expr& expr, TypeId expected) {
  Datum value;
  value.type = kStringType;
  for (const ast::StringPart& part : expr.parts) {
    if (!part.expr.empty()) return not_supported(expr.span, "an expression inside of a string that is not a message");
    value.text += part.text;
  }
  TypeId wanted = unwrap(cx_.types(), expected);
  if (strings_are_ids_ && cx_.types().kind(wanted) == TypeKind::kEntity) value.type = wanted;
  if (wanted == kDigestType) {
    ast::Expr digest = expr;
    digest.text = value.text;
    return marked(digest, kDigestType);
  }
  if (strings_are_ids_ && cx_.types().kind(wanted) == TypeKind::kUnion) {
    std::optional<TypedId> typed = typed_id(cx_.schema(), wanted, value.text);
    if (typed) {
      value.type = wanted;
      value.n = typed->entity;
      value.text = std::string(typed->id);
    }
  }
  return constant(std::move(value), expr.span);
}

Expr Checker::message(const ast::Expr& text) {
  Expr out;
  out.op = Op::kText;
  out.type = kStringType;
  out.span = text.span;
  std::string plain;
  auto flush = [&] {
    if (plain.empty()) return;
    Datum part;
    part.type = kStringType;
    part.text = std::move(plain);
    plain.clear();
    out.args.push_back(constant(std::move(part), text.span));
  };
  bool fixed = true;
  for (const ast::StringPart& part : text.parts) {
    plain += part.text;
    for (const ast::Expr& inner : part.expr) {
      flush();
      fixed = false;
      out.args.push_back(expr(inner, kErrorType));
    }
  }
  if (!fixed) {
    flush();
    return out;
  }
  Datum whole;
  whole.type = kStringType;
  whole.text = std::move(plain);
  return constant(std::move(whole), text.span);
}

// ---- Names ----------------------------------------------------------------------------------------------------------

bool Checker::is_member(TypeId type, std::string_view word) {
  type = unwrap(cx_.types(), type);
  if (cx_.types().kind(type) != TypeKind::kEnum) return false;
  const auto& members = cx_.schema().enums[cx_.types()[type].decl].members;
  return std::any_of(members.begin(), members.end(), [&](const auto& member) { return member.name == word; });
}

Expr Checker::member_constant(TypeId enum_type, std::string_view member, Span span) {
  const auto& members = cx_.schema().enums[cx_.types()[enum_type].decl].members;
  auto it = std::find_if(members.begin(), members.end(), [&](const auto& known) { return known.name == member; });
  if (span.valid() && span.end - span.begin >= member.size())
    cx_.note({span.file, span.end - static_cast<uint32_t>(member.size()), span.end}, it->span, RefKind::kMember,
             enum_type);
  return constant(enum_type, it - members.begin(), span);
}

Expr Checker::name(const ast::Expr& expr, TypeId expected) {
  if (cx_.is_hole(expr.text)) cx_.references->expect(expr.span, expected);
  if (is_member(expected, expr.text)) return member_constant(unwrap(cx_.types(), expected), expr.text, expr.span);
  if (Level::Local* local = find(expr.text); local != nullptr) {
    if (!local->bound) {
      report_unbound(expr.text, expr.span);
      local->bound = true;
      frame.variables[local->slot].type = kErrorType;
      counts_[local->slot] = 2;
    }
    ++counts_[local->slot];
    note_variable(local->slot, expr.span);
    return narrowed(slot_expr(local->slot, expr.span));
  }
  if (expr.text == request_name_ && !expr.text.empty()) {
    note_request(expr.span);
    cx_.report(Diag::kRequestIsNoValue, expr.span).arg(expr.text);
    return error(expr.span);
  }
  if (reader.yields != nullptr && !constants_) {
    auto yield = reader.yields->find(expr.text);
    if (yield != reader.yields->end()) return yield_value(yield->second, expr);
  }
  if (expr.text == "now" && !constants_) {
    Expr out;
    out.op = Op::kNow;
    out.type = kTimeType;
    out.span = expr.span;
    return out;
  }
  if (const Symbol* symbol = cx_.names.find(module_, expr.text); symbol != nullptr) {
    return symbol_value(*symbol, expr, expected);
  }
  return unknown_name(expr, expected);
}

Expr Checker::symbol_value(const Symbol& symbol, const ast::Expr& expr, TypeId) {
  cx_.note_symbol(module_, expr.span, expr.text, symbol);
  if (symbol.is_private && symbol.module != module_) {
    cx_.names.resolve(module_, expr.text, expr.span, "name");
    return error(expr.span);
  }
  if (symbol.kind == SymbolKind::kParam && !constants_) {
    Expr out;
    out.op = Op::kParam;
    out.n = symbol.index;
    out.type = cx_.schema().params[symbol.index].type;
    out.span = expr.span;
    return narrowed(std::move(out));
  }
  if (symbol.kind == SymbolKind::kLet && !constants_) return let_call(symbol, expr);
  if (symbol.kind == SymbolKind::kParam || symbol.kind == SymbolKind::kLet) {
    cx_.report(Diag::kNotConstant, expr.span);
    return error(expr.span);
  }
  cx_.report(Diag::kWrongKind, expr.span)
      .arg(expr.text)
      .arg(describe(symbol.kind))
      .arg("a value")
      .related(symbol.span, "declared here");
  return error(expr.span);
}

/// A word that is most likely a misspelt member of the enum, rather than a variable that nothing binds.
bool Checker::is_like_member(TypeId type, std::string_view word) {
  std::vector<std::string> known;
  for (const EnumMemberDecl& member : cx_.schema().enums[cx_.types()[type].decl].members) known.push_back(member.name);
  return !nearest_name(word, known).empty();
}

Expr Checker::unknown_name(const ast::Expr& expr, TypeId expected) {
  if (const EnumDecl* declared = cx_.names.visible_enum_with(module_, expr.text); declared != nullptr) {
    auto number = static_cast<uint32_t>(declared - cx_.schema().enums.data());
    return member_constant(cx_.types().enum_type(number), expr.text, expr.span);
  }
  TypeId wanted = unwrap(cx_.types(), expected);
  if (cx_.types().kind(wanted) == TypeKind::kEnum && (constants_ || is_like_member(wanted, expr.text))) {
    const EnumDecl& declared = cx_.schema().enums[cx_.types()[wanted].decl];
    std::vector<std::string> known;
    for (const EnumMemberDecl& member : declared.members) known.push_back(member.name);
    return unknown_member(expr.span, "enum `" + declared.info.name + "`", "member", expr.text, known,
                          declared.info.span);
  }
  report_unbound(expr.text, expr.span);
  return error(expr.span);
}

// ---- case -------------------------------------------------------------------------------------------------------------

Expr Checker::case_expr(const ast::Expr& expr, TypeId expected) {
  if (!expr.has_else) {
    cx_.report(Diag::kMissingArgument, expr.span).arg("the `case`").arg("an `else`");
    return error(expr.span);
  }
  if (expr.args.size() > kMostArms) {
    cx_.report(Diag::kLetTooLarge, expr.span).arg("case").arg(int64_t{kMostArms}).arg("arms");
    return error(expr.span);
  }
  // The arms agree on the first type that is known; T and T? together are T?.
  std::vector<Expr> conditions, values;
  TypeId type = expected;
  for (size_t i = 0; i < expr.args.size(); ++i) {
    bool is_value = i % 2 == 1 || i + 1 == expr.args.size();
    if (!is_value) {
      conditions.push_back(value(expr.args[i], kBoolType));
      continue;
    }
    size_t known = narrowed_.size();
    for (size_t c = 0; c < conditions.size(); ++c) learn(conditions[c], i % 2 == 1 && c + 1 == conditions.size());
    Expr arm = this->expr(expr.args[i], type);
    forget(known);
    if (type == kErrorType || (arm.type != kErrorType && cx_.types().kind(arm.type) == TypeKind::kOptional &&
                               same_base(cx_.types(), cx_.types()[arm.type].elem, type))) {
      type = arm.type;
    } else if (type == kNoneType && arm.type != kNoneType) {
      type = cx_.types().optional_of(arm.type);
    } else if (arm.type == kNoneType && type != kNoneType) {
      type = cx_.types().optional_of(type);
    }
    values.push_back(std::move(arm));
  }
  TypeId shared = kErrorType;
  for (Expr& arm : values) {
    arm = coerce(cx_, std::move(arm), type);
    shared = same_base(cx_.types(), shared, arm.type) ? join_types(cx_.types(), shared, arm.type) : shared;
  }
  Expr out = std::move(values.back());
  for (size_t i = conditions.size(); i-- > 0;) {
    Expr choice;
    choice.op = Op::kIf;
    choice.type = shared;
    choice.span = expr.span;
    choice.args.reserve(3);
    choice.args.push_back(std::move(conditions[i]));
    choice.args.push_back(std::move(values[i]));
    choice.args.push_back(std::move(out));
    out = std::move(choice);
  }
  return out;
}

}  // namespace lictor
