// What reaches beyond the clause that is checked: the question that `granted` puts to another decision, obligations,
// requirements, and changes of relations that the host keeps.
#include <algorithm>

#include "compiler/checker.h"
#include "compiler/ranges.h"

namespace lictor {
namespace {

/// The request type of a decision, found by name: the decision itself may be checked later. kNoIndex where it has none,
/// which is reported there.
uint32_t request_of(const CheckContext& context, const Symbol& decision) {
  for (const ast::Decision& source : context.modules[decision.module].decisions) {
    if (source.head.name.text != context.program.decisions[decision.index].info.name) continue;
    const Symbol* type = context.names.find(decision.module, path_text(source.param.type.name));
    bool request = type != nullptr && type->kind == SymbolKind::kRequest;
    return request ? type->index : kNoIndex;
  }
  return kNoIndex;
}

}  // namespace

void Checker::granted(const ast::Literal& literal, std::vector<Literal>& out) {
  const ast::Expr& call = literal.expr[0];
  const Symbol* symbol = cx_.names.resolve(module_, call.text, call.name_span, "decision");
  if (symbol == nullptr) return read_args(call);
  cx_.note_symbol(module_, call.name_span, call.text, *symbol);
  if (symbol->kind != SymbolKind::kDecision) {
    cx_.report(Diag::kWrongKind, call.span)
        .arg(call.text)
        .arg(describe(symbol->kind))
        .arg("a decision")
        .related(symbol->span, "declared here");
    return read_args(call);
  }
  uint32_t request = request_of(cx_, *symbol);
  if (request == kNoIndex) return read_args(call);
  const RequestDecl decl = cx_.schema().requests[request];  // a copy: the check may add types
  bool own = call.args.size() == 1 && call.arg_names[0].text.empty() && call.args[0].kind == ast::ExprKind::kName &&
             call.args[0].text == request_name_ && request_ != kNoIndex;
  if (own && !is_request(call.args[0], request, call.text)) return;
  Expr question;
  if (own) {
    question.op = Op::kGranted;
    question.type = kBoolType;
    question.span = literal.span;
    question.n = symbol->index;
    for (size_t i = 0; i < decl.fields.size(); ++i) {
      Expr& field = question.args.emplace_back();
      field.op = Op::kField;
      field.type = decl.fields[i].type;
      field.span = call.args[0].span;
      field.n = static_cast<int64_t>(i);
    }
  } else {
    question = asked(call, symbol->index, decl);
    question.span = literal.span;
  }
  add_test(std::move(question), literal.span, out);
}

/// The question by fields: each by its name, so that a field that is added or moved changes no question unseen.
Expr Checker::asked(const ast::Expr& call, uint32_t decision, const RequestDecl& request) {
  for (size_t i = 0; i < call.args.size(); ++i) {
    if (!call.arg_names[i].text.empty()) continue;
    cx_.report(Diag::kMissingArgument, call.args[i].span)
        .arg("the value")
        .arg("the name of a field")
        .hint("write `" + (request.fields.empty() ? std::string("field") : request.fields[0].name) + ": ...`");
    read_args(call);
    return error(call.span);
  }
  Expr out;
  out.op = Op::kGranted;
  out.type = kBoolType;
  out.n = decision;
  out.args = arguments(call, request.fields, "the question to", request.info.span);
  for (size_t i = 0; i < out.args.size(); ++i) {
    if (out.args[i].type == kErrorType) return error(call.span);
    check_value_range(cx_, SlotRanges(cx_.schema(), frame), out.args[i], request.fields[i].type);
  }
  return out;
}

std::optional<Application> Checker::application(const ast::Application& source, SymbolKind kind) {
  const ast::Expr& call = source.call;
  bool change = !source.verb.empty();
  std::string_view what = change ? "relation" : kind == SymbolKind::kObligation ? "obligation" : "requirement";
  const Symbol* symbol = cx_.names.resolve(module_, call.text, call.name_span, what);
  if (symbol == nullptr) return std::nullopt;
  cx_.note_symbol(module_, call.name_span, call.text, *symbol);
  SymbolKind wanted = change ? SymbolKind::kRelation : kind;
  if (symbol->kind != wanted || (change && kind == SymbolKind::kRequirement)) {
    cx_.report(Diag::kWrongKind, call.span)
        .arg(call.text)
        .arg(describe(symbol->kind))
        .arg(describe(kind == SymbolKind::kRequirement ? kind : wanted))
        .related(symbol->span, "declared here");
    return std::nullopt;
  }
  Application out;
  out.signature = symbol->index;
  out.span = call.span;
  if (!change) {
    const auto& decls = kind == SymbolKind::kObligation ? cx_.schema().obligations : cx_.schema().requirements;
    const std::vector<FieldDecl> params = decls[symbol->index].params;
    out.args = arguments(call, params, what, symbol->span);
    return out;
  }
  const RelationDecl relation = cx_.schema().relations[symbol->index];
  if (relation.source != FactSource::kHost) {
    cx_.report(Diag::kNotChangeable, call.span).arg(relation.info.name).related(symbol->span, "declared here");
    return std::nullopt;
  }
  if (relation.moves && source.verb != "move" && !constants_) {
    cx_.report(Diag::kWrongKind, call.span)
        .arg(call.text)
        .arg("the history of a lifecycle")
        .arg("a relation that decisions change")
        .hint("let an event of the lifecycle move the object")
        .related(symbol->span, "declared here");
    return std::nullopt;
  }
  out.verb = source.verb == "remove" ? Verb::kRemove : Verb::kInsert;
  bool removes = out.verb == Verb::kRemove;
  if (removes && relation.is_event) {
    cx_.report(Diag::kNotChangeable, call.span)
        .arg(relation.info.name)
        .hint("an event that happened stays; the host lets it go when it is older than it is kept")
        .related(symbol->span, "declared here");
    return std::nullopt;
  }
  std::vector<FieldDecl> columns = relation.columns;
  columns.resize(relation.written());
  out.args = arguments(call, columns, what, symbol->span, removes ? &out.any : nullptr);
  if (relation.is_event) {  // it happens when the decision is made, and the host numbers it
    out.any.assign(relation.columns.size(), false);
    for (uint32_t made : {relation.event_time(), relation.event_number()}) {
      out.any[made] = true;
      out.args.push_back(constant(kBoolType, 0, call.span));
    }
  }
  return out;
}

}  // namespace lictor
