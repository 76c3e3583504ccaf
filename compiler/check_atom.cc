// Atoms: rows of a relation, instances of an entity type.
#include <algorithm>
#include <unordered_set>

#include "compiler/checker.h"

namespace lictor {
namespace {

constexpr size_t kRequestArg = SIZE_MAX - 1;

Expr make(Op op, TypeId type, std::vector<Expr> args, Span span) {
  Expr out;
  out.op = op;
  out.type = type;
  out.args = std::move(args);
  out.span = span;
  return out;
}

/// By argument of the call, its column; kRequestArg for the request; SIZE_MAX for what was reported.
std::vector<size_t> columns_of(CheckContext& context, const RelationDecl& relation, const ast::Expr& call) {
  std::vector<size_t> out(call.args.size(), SIZE_MAX);
  size_t arity = relation.written() + (relation.request != kNoIndex ? 1 : 0);
  auto column = [&](size_t position) {
    if (relation.request == kNoIndex) return position;
    if (position == relation.request_position) return kRequestArg;
    return position > relation.request_position ? position - 1 : position;
  };
  size_t positional = 0;
  bool named = false;
  std::unordered_set<size_t> filled;
  for (size_t i = 0; i < call.args.size(); ++i) {
    const ast::Name& name = call.arg_names[i];
    if (name.text.empty()) {
      if (positional < arity) out[i] = column(positional);
      ++positional;
    } else {
      named = true;
      // The time of an event has a name and no place.
      auto end = relation.columns.begin() + static_cast<long>(relation.written()) + (relation.is_event ? 1 : 0);
      auto it =
          std::find_if(relation.columns.begin(), end, [&](const FieldDecl& field) { return field.name == name.text; });
      if (it == end) {
        std::vector<std::string> known;
        for (auto field = relation.columns.begin(); field != end; ++field) known.push_back(field->name);
        auto report = context.report(Diag::kUnknownMember, name.span);
        report.arg("relation `" + relation.info.name + "`").arg("column").arg(name.text);
        if (std::string hint = context.names.suggest(name.text, known); !hint.empty()) report.hint(hint);
        report.related(relation.info.span, "declared here");
        continue;
      }
      out[i] = static_cast<size_t>(it - relation.columns.begin());
      context.note(name.span, it->span, RefKind::kField, it->type);
    }
    if (out[i] != SIZE_MAX && !filled.insert(out[i]).second) {
      context.report(Diag::kArgumentTwice, call.args[i].span).arg(name.text.empty() ? call.text : name.text);
    }
  }
  if (positional > arity || (!named && positional < arity)) {
    context.report(Diag::kArity, call.span)
        .arg(relation.info.name)
        .arg(count_of(arity, "argument"))
        .arg(std::to_string(call.args.size()))
        .related(relation.info.span, "declared here");
    std::replace(out.begin(), out.end(), kRequestArg, SIZE_MAX);
  } else if (relation.request != kNoIndex && filled.count(kRequestArg) == 0) {
    context.report(Diag::kMissingArgument, call.span).arg("`" + relation.info.name + "`").arg("the request");
  }
  return out;
}

}  // namespace

void Checker::atom(const ast::Expr& expr, const Symbol& symbol, const LiteralNames& names,
                   const std::vector<ast::Expr>& within, std::vector<Literal>& out) {
  if (symbol.is_private && symbol.module != module_) {
    cx_.names.resolve(module_, expr.text, expr.span, "relation");
  }
  cx_.note_symbol(module_, expr.name_span, expr.text, symbol);
  if (symbol.kind == SymbolKind::kEntity) {
    if (expr.history) cx_.report(Diag::kNoHistory, expr.span).arg(expr.text);
    return instance_atom(expr, symbol, out);
  }
  const RelationDecl& relation = cx_.schema().relations[symbol.index];
  std::vector<size_t> columns = columns_of(cx_, relation, expr);
  Literal atom;
  atom.kind = Literal::Kind::kAtom;
  atom.span = expr.span;
  atom.relation = symbol.index;
  atom.args.resize(relation.columns.size());
  std::unordered_set<std::string_view> fresh;
  for (std::string_view name : names.binds) {
    if (!is_bound(name)) fresh.insert(name);
  }
  // An expression over a variable that this very atom binds is compared after the atom.
  std::vector<std::pair<uint32_t, const ast::Expr*>> later;
  for (size_t i = 0; i < expr.args.size(); ++i) {
    const ast::Expr& arg = expr.args[i];
    if (columns[i] == kRequestArg) {
      is_request(arg, relation.request, relation.info.name);
      continue;
    }
    if (columns[i] == SIZE_MAX) {
      // Reported; its variables count as bound.
      if (arg.kind == ast::ExprKind::kName && reader.is_variable(arg.text)) target_arg(arg, kErrorType);
      continue;
    }
    TypeId type = relation.columns[columns[i]].type;
    NameList inside;
    if (arg.kind != ast::ExprKind::kName) reader.of_expr(arg, inside);
    bool own = std::any_of(inside.begin(), inside.end(), [&](std::string_view name) { return fresh.count(name) != 0; });
    if (own) {
      Arg bind;
      bind.mode = Arg::Mode::kBind;
      bind.slot = invent(type, arg.span);
      later.emplace_back(bind.slot, &arg);
      atom.args[columns[i]] = std::move(bind);
    } else {
      atom.args[columns[i]] = target_arg(arg, type);
    }
  }
  if (expr.history && relation.expires == kNoIndex && !relation.is_event) {
    cx_.report(Diag::kNoHistory, expr.span).arg(relation.info.name).related(relation.info.span, "declared here");
  }
  std::optional<Expr> visible;
  if (!expr.history && relation.expires != kNoIndex) visible = still_visible(relation, atom);
  bool window = relation.is_event && (!expr.history || !within.empty());
  if (relation.is_event && atom.args[relation.event_time()].mode == Arg::Mode::kIgnore && window) {
    atom.args[relation.event_time()].mode = Arg::Mode::kBind;
    atom.args[relation.event_time()].slot = invent(kTimeType, expr.span);
  }
  out.push_back(atom);
  if (window) seen_event(relation, atom, within.empty() ? nullptr : &within[0], out);
  if (visible) add_test(std::move(*visible), relation.expires_span, out);
  for (auto [slot, arg] : later) {
    Expr computed = this->expr(*arg, frame.variables[slot].type);
    add_test(equality(slot_expr(slot, arg->span), std::move(computed), true, arg->span), arg->span, out);
  }
}

/// `at` within the time that events are kept, and within what the author says.
void Checker::seen_event(const RelationDecl& relation, const Literal& atom, const ast::Expr* within,
                         std::vector<Literal>& out) {
  const Arg& arg = atom.args[relation.event_time()];
  Span span = within != nullptr ? within->span : atom.span;
  auto test = [&](Expr window) {
    Expr time = arg.mode == Arg::Mode::kMatch ? arg.expr : slot_expr(arg.slot, atom.span);
    std::vector<Expr> operands;
    operands.push_back(std::move(time));
    operands.push_back(make(Op::kNow, kTimeType, {}, span));
    operands.push_back(std::move(window));
    add_test(make(Op::kWithin, kBoolType, std::move(operands), span), span, out);
  };
  int64_t keep = relation.keep;
  if (within != nullptr) {
    Expr window = value(*within, kDurationType);
    bool fixed = window.op == Op::kConst && window.type != kErrorType;
    if (fixed && window.constant->n <= 0) {
      cx_.report(Diag::kOutOfRange, within->span).arg(show(cx_.schema(), *window.constant)).arg("more than 0s");
    }
    if (fixed && window.constant->n > keep) {
      Datum kept = *window.constant;
      kept.n = keep;
      cx_.report(Diag::kWindowTooLong, within->span)
          .arg(relation.info.name)
          .arg(show(cx_.schema(), kept))
          .related(relation.info.span, "declared here");
    }
    test(std::move(window));
    if (fixed) return;
  }
  test(constant(kDurationType, keep, span));
}

/// `now < COLUMN`, or true where an optional column is none. An ignored column gets a variable for it.
Expr Checker::still_visible(const RelationDecl& relation, Literal& atom) {
  TypeId type = relation.columns[relation.expires].type;
  Arg& arg = atom.args[relation.expires];
  Expr end;
  if (arg.mode == Arg::Mode::kMatch) {
    end = arg.expr;
  } else {
    if (arg.mode == Arg::Mode::kIgnore) {
      arg.mode = Arg::Mode::kBind;
      arg.slot = invent(type, relation.expires_name);
    }
    end = slot_expr(arg.slot, relation.expires_name);
  }
  if (cx_.types().kind(type) == TypeKind::kOptional) {
    Expr always = constant(kTimeType, INT64_MAX, relation.expires_span);
    std::vector<Expr> either{std::move(end), std::move(always)};
    end = make(Op::kCoalesce, kTimeType, std::move(either), relation.expires_span);
  }
  std::vector<Expr> order{make(Op::kNow, kTimeType, {}, relation.expires_span), std::move(end)};
  return make(Op::kLt, kBoolType, std::move(order), relation.expires_span);
}

void Checker::instance_atom(const ast::Expr& expr, const Symbol& symbol, std::vector<Literal>& out) {
  const EntityDecl& entity = cx_.schema().entities[symbol.index];
  if (expr.args.size() != 1 || !expr.arg_names[0].text.empty()) {
    cx_.report(Diag::kArity, expr.span)
        .arg(entity.info.name)
        .arg("one argument")
        .arg(std::to_string(expr.args.size()))
        .hint("read attributes with a dot: `" + entity.info.name + "(x), x.attribute ...`")
        .related(entity.info.span, "declared here");
    for (const ast::Expr& arg : expr.args) {
      if (arg.kind == ast::ExprKind::kName && reader.is_variable(arg.text)) target_arg(arg, kErrorType);
    }
    return;
  }
  Literal instance;
  instance.kind = Literal::Kind::kInstance;
  instance.span = expr.span;
  instance.relation = symbol.index;
  TypeId type = cx_.types().entity_type(symbol.index);
  if (expr.args[0].kind == ast::ExprKind::kString) {
    Arg known;
    known.mode = Arg::Mode::kMatch;
    known.expr = entity_constant(symbol, expr);
    instance.args.push_back(std::move(known));
  } else {
    instance.args.push_back(target_arg(expr.args[0], type));
  }
  out.push_back(std::move(instance));
}

}  // namespace lictor
