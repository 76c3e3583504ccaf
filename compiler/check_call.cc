// Calls in expressions: entity constants, lets (inlined), built-in functions. Also the arguments of obligations.
#include <algorithm>

#include "compiler/builtins.h"
#include "compiler/checker.h"
#include "compiler/literals.h"
#include "compiler/ranges.h"
#include "compiler/substitute.h"

namespace lictor {
namespace {

constexpr uint64_t kMostInlined = 10'000;    // operations of one inlined expression
constexpr uint32_t kDeepestInlined = 1'000;  // levels

/// By parameter, the argument that fills it (SIZE_MAX: none). Reports what does not fit.
std::vector<size_t> match_arguments(CheckContext& context, Names& names, const ast::Expr& call,
                                    const std::vector<FieldDecl>& params, Span declared) {
  std::vector<size_t> out(params.size(), SIZE_MAX);
  size_t next = 0;
  for (size_t i = 0; i < call.args.size(); ++i) {
    const ast::Name& name = call.arg_names[i];
    size_t at = next;
    if (name.text.empty()) {
      if (next++ < params.size()) {
        out[at] = i;
        continue;
      }
      context.report(Diag::kArity, call.span)
          .arg(call.text)
          .arg(count_of(params.size(), "argument"))
          .arg(std::to_string(call.args.size()))
          .related(declared, "declared here");
      return out;
    }
    auto it = std::find_if(params.begin(), params.end(), [&](const FieldDecl& p) { return p.name == name.text; });
    if (it == params.end()) {
      std::vector<std::string> known;
      for (const FieldDecl& param : params) known.push_back(param.name);
      auto report = context.report(Diag::kUnknownMember, name.span);
      report.arg("`" + call.text + "`").arg("parameter").arg(name.text).related(declared, "declared here");
      if (std::string hint = names.suggest(name.text, known); !hint.empty()) report.hint(hint);
      continue;
    }
    at = static_cast<size_t>(it - params.begin());
    context.note(name.span, it->span, RefKind::kField, it->type);
    if (out[at] != SIZE_MAX) {
      context.report(Diag::kArgumentTwice, name.span).arg(name.text).related(call.args[out[at]].span, "the other one");
    }
    out[at] = i;
  }
  return out;
}

void report_missing(CheckContext& context, const ast::Expr& call, std::string_view what, std::string_view name,
                    Span declared) {
  context.report(Diag::kMissingArgument, call.span)
      .arg(std::string(what) + " `" + call.text + "`")
      .arg("`" + std::string(name) + "`")
      .related(declared, "declared here");
}

/// How to import a function that a standard module has, or "".
std::string elsewhere(std::string_view name) {
  for (const Builtin& known : builtins()) {
    if (known.name == name && !known.module.empty())
      return "`use " + std::string(known.module) + " (" + std::string(name) + ")` brings it in";
  }
  return {};
}

}  // namespace

std::vector<Expr> Checker::arguments(const ast::Expr& call, const std::vector<FieldDecl>& params, std::string_view what,
                                     Span declared, std::vector<bool>* any) {
  size_t errors = cx_.diagnostics->error_count();
  std::vector<size_t> at = match_arguments(cx_, cx_.names, call, params, declared);
  bool misspelt = cx_.diagnostics->error_count() != errors;  // then what is missing may be what was meant
  bool by_name = std::ranges::none_of(call.arg_names, [](const ast::Name& name) { return name.text.empty(); });
  if (any != nullptr) any->assign(params.size(), false);
  std::vector<Expr> out;
  for (size_t i = 0; i < params.size(); ++i) {
    const FieldDecl& param = params[i];
    bool ignored = at[i] != SIZE_MAX ? call.args[at[i]].kind == ast::ExprKind::kWildcard : by_name;
    if (any != nullptr && ignored) {
      (*any)[i] = true;
      out.push_back(constant(kBoolType, 0, call.span));
    } else if (at[i] != SIZE_MAX) {
      const ast::Expr& arg = call.args[at[i]];
      // A text given to an obligation may be a message.
      bool message = arg.kind == ast::ExprKind::kString && unwrap(cx_.types(), param.type) == kStringType;
      Expr checked = message ? coerce(cx_, this->message(arg), param.type) : stored(arg, param.type);
      out.push_back(std::move(checked));
    } else if (param.default_value) {
      out.push_back(constant(*param.default_value, call.span));
    } else if (cx_.types().kind(param.type) == TypeKind::kOptional) {
      out.push_back(coerce(cx_, constant(kNoneType, 0, call.span), param.type));
    } else {
      if (!misspelt) report_missing(cx_, call, what, param.name, declared);
      out.push_back(error(call.span));
    }
  }
  return out;
}

/// The arguments of a call that has a mistake are read all the same, so that their variables count as used.
void Checker::read_args(const ast::Expr& call) {
  for (const ast::Expr& arg : call.args) {
    bool word = arg.kind == ast::ExprKind::kName || arg.kind == ast::ExprKind::kWildcard;
    if (!word || find(arg.text) != nullptr) expr(arg, kErrorType);
  }
}

Expr Checker::call(const ast::Expr& expr) {
  const Symbol* symbol = cx_.names.find(module_, expr.text);
  if (symbol == nullptr || (symbol->is_private && symbol->module != module_)) {
    bool builtin = symbol == nullptr && std::any_of(builtins().begin(), builtins().end(), [&](const Builtin& known) {
                     return known.module.empty() && known.name == expr.text;
                   });
    if (builtin) return builtin_call(expr, "");
    if (expr.text.empty() || (symbol == nullptr && cx_.names.is_missing(module_, expr.text))) {
      // It is said elsewhere that this cannot be called.
    } else if (symbol == nullptr) {
      std::vector<std::string> known;
      for (const Builtin& function : builtins()) {
        if (function.module.empty()) known.emplace_back(function.name);
      }
      std::string hint = elsewhere(expr.text);
      if (hint.empty()) hint = cx_.names.suggest(expr.text, known);
      if (hint.empty()) hint = cx_.names.suggest(module_, expr.text);
      auto report = cx_.report(Diag::kUnknownName, expr.name_span.valid() ? expr.name_span : expr.span);
      report.arg("relation or function").arg(expr.text);
      if (!hint.empty()) report.hint(hint);
    } else {
      cx_.names.resolve(module_, expr.text, expr.span, "name");
    }
    read_args(expr);
    return error(expr.span);
  }
  if (symbol->kind == SymbolKind::kBuiltin) return builtin_call(expr, builtins()[symbol->index].module);
  if (symbol->kind != SymbolKind::kLet || constants_) cx_.note_symbol(module_, expr.name_span, expr.text, *symbol);
  if (symbol->kind == SymbolKind::kEntity) return entity_constant(*symbol, expr);
  if (symbol->kind == SymbolKind::kLet && !constants_) return let_call(*symbol, expr);
  cx_.report(Diag::kWrongKind, expr.span)
      .arg(expr.text)
      .arg(describe(symbol->kind))
      .arg(constants_ ? "a constant" : "a value")
      .related(symbol->span, "declared here");
  read_args(expr);
  return error(expr.span);
}

Expr Checker::entity_constant(const Symbol& symbol, const ast::Expr& expr) {
  const EntityDecl& entity = cx_.schema().entities[symbol.index];
  if (expr.args.size() != 1 || !expr.arg_names[0].text.empty()) {
    cx_.report(Diag::kArity, expr.span)
        .arg(entity.info.name)
        .arg("an id, such as `" + entity.info.name + "(\"a1\")`")
        .arg(count_of(expr.args.size(), "argument"));
    return error(expr.span);
  }
  if (expr.args[0].kind != ast::ExprKind::kString) {
    cx_.report(Diag::kNotConstant, expr.args[0].span).hint("an entity is named by its id as a string");
    return error(expr.span);
  }
  Expr id = string(expr.args[0], kStringType);
  if (id.type == kErrorType) return id;
  Datum value;
  value.type = cx_.types().entity_type(symbol.index);
  value.text = id.constant->text;
  if (!strings_are_ids_ && !known_instance(cx_, symbol.index, value.text)) {
    cx_.report(Diag::kUnknownInstance, expr.span)
        .arg(entity.info.name)
        .arg(quote(value.text))
        .related(entity.info.span, "its instances stand here");
  }
  return constant(std::move(value), expr.span);
}

Expr Checker::let_call(const Symbol& symbol, const ast::Expr& expr) {
  cx_.note_symbol(module_, expr.kind == ast::ExprKind::kCall ? expr.name_span : expr.span, expr.text, symbol);
  if (symbol.is_private && symbol.module != module_) {
    cx_.names.resolve(module_, expr.text, expr.span, "name");
    return error(expr.span);
  }
  const LetDef& let = cx_.lets[symbol.index];
  if (!let.checked) {  // it takes part in a cycle that was reported, or the columns are only being inferred
    read_args(expr);
    Expr unknown = error(expr.span);
    if (let.late) unknown.type = let.type;
    return unknown;
  }
  std::vector<size_t> at = match_arguments(cx_, cx_.names, expr, let.params, symbol.span);
  std::vector<Expr> args;
  bool failed = false;
  for (size_t i = 0; i < let.params.size(); ++i) {
    const FieldDecl& param = let.params[i];
    if (at[i] == SIZE_MAX && param.default_value) {
      args.push_back(constant(*param.default_value, expr.span));
      continue;
    }
    if (at[i] == SIZE_MAX) {
      report_missing(cx_, expr, "the use of", param.name, symbol.span);
      failed = true;
      continue;
    }
    const ast::Expr& arg = expr.args[at[i]];
    if (cx_.types().kind(param.type) == TypeKind::kRequest) {
      failed |= !is_request(arg, cx_.types()[param.type].decl, expr.text);
      args.push_back(error(arg.span));
      continue;
    }
    args.push_back(stored(arg, param.type));
    failed |= args.back().type == kErrorType;
    check_value_range(cx_, SlotRanges(cx_.schema(), frame), args.back(), param.type);
  }
  if (failed || let.type == kErrorType) return error(expr.span);
  return inlined(let, std::move(args), expr);
}

/// Is the argument this rule's own request, of that type? Reports otherwise.
bool Checker::is_request(const ast::Expr& arg, uint32_t wanted, std::string_view reader) {
  const RequestDecl& request = cx_.schema().requests[wanted];
  if (arg.kind == ast::ExprKind::kName && request_ != kNoIndex && arg.text == request_name_) note_request(arg.span);
  if (cx_.is_hole(arg.text)) cx_.references->expect(arg.span, cx_.types().request_type(wanted));
  if (arg.kind != ast::ExprKind::kName || request_ == kNoIndex || arg.text != request_name_) {
    cx_.report(Diag::kTypeMismatch, arg.span)
        .arg("the request of type `" + request.info.name + "`")
        .arg("`" + (arg.kind == ast::ExprKind::kName ? arg.text : std::string("a value")) + "`");
    return false;
  }
  if (request_ == wanted) return true;
  cx_.report(Diag::kWrongRequest, arg.span)
      .arg(reader)
      .arg(request.info.name)
      .arg("`" + cx_.schema().requests[request_].info.name + "`");
  return false;
}

Expr Checker::inlined(const LetDef& let, std::vector<Expr> args, const ast::Expr& expr) {
  std::vector<uint64_t> uses(args.size());
  count_slots(let.value, uses);
  count_slots(let.prelude, uses);
  uint64_t size = let.size;
  uint32_t deepest = 0;
  for (size_t i = 0; i < args.size(); ++i) {
    Extent arg = extent(args[i]);
    size += uses[i] * arg.size;
    deepest = std::max(deepest, arg.depth);
  }
  if (size > kMostInlined || let.depth + deepest > kDeepestInlined) {
    bool large = size > kMostInlined;
    cx_.report(Diag::kLetTooLarge, expr.span)
        .arg(expr.text)
        .arg(static_cast<int64_t>(large ? kMostInlined : kDeepestInlined))
        .arg(large ? "operations" : "levels");
    return error(expr.span);
  }
  auto base = static_cast<uint32_t>(frame.variables.size());
  for (size_t i = args.size(); i < let.frame.variables.size(); ++i) {
    invent(let.frame.variables[i].type, expr.span);
  }
  Substitution substitute{args, base};
  if (!let.prelude.literals.empty() && hoist_ == nullptr) return not_supported(expr.span, "an aggregate here");
  for (const Literal& literal : let.prelude.literals) hoist_->push_back(substitute(literal));
  Expr out = substitute(let.value);
  out.span = expr.span;
  return out;
}

/// What a decision yields, read by one of its clauses: computed there, as a `let` is.
Expr Checker::yield_value(const LetDef& yield, const ast::Expr& expr) {
  if (!yield.checked) return error(expr.span);  // reported where it is declared
  cx_.note(expr.span, yield.name, RefKind::kVariable, yield.type);
  return inlined(yield, {}, expr);
}
}  // namespace lictor
