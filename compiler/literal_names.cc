// One walk over the syntax per literal. Whether a bare word in an atom is an enum member is asked of the column's type;
// everywhere else the words that may be variables are listed, and only those that somebody binds are ever waited for.
#include "compiler/literal_names.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "compiler/builtins.h"

namespace lictor {
namespace {

bool has_member(const CheckContext& context, TypeId type, std::string_view word) {
  type = unwrap(context.program.schema.types, type);
  if (context.program.schema.types.kind(type) != TypeKind::kEnum) return false;
  const auto& members = context.program.schema.enums[context.program.schema.types[type].decl].members;
  return std::any_of(members.begin(), members.end(), [&](const auto& member) { return member.name == word; });
}

/// The column that an argument of an atom stands for, as its type; kErrorType where it cannot be said.
TypeId column_type(const CheckContext& context, const Symbol& symbol, const ast::Expr& call, size_t arg) {
  if (symbol.kind != SymbolKind::kRelation) return kErrorType;
  const RelationDecl& relation = context.program.schema.relations[symbol.index];
  if (!call.arg_names[arg].text.empty()) {
    for (const FieldDecl& column : relation.columns) {
      if (column.name == call.arg_names[arg].text) return column.type;
    }
    return kErrorType;
  }
  if (relation.request != kNoIndex) {
    if (arg == relation.request_position) return kErrorType;
    if (arg > relation.request_position) --arg;
  }
  return arg < relation.columns.size() ? relation.columns[arg].type : kErrorType;
}

}  // namespace

uint32_t LiteralNames::count(std::string_view name) const {
  if (!counted_) {
    for (const NameList* list : {&binds, &partial, &uses}) {
      for (std::string_view word : *list) ++counts_[word];
    }
    counted_ = true;
  }
  auto it = counts_.find(name);
  return it == counts_.end() ? 0 : it->second;
}

std::vector<const ast::Literal*> flatten(const ast::Body& body) {
  std::vector<const ast::Literal*> out;
  std::vector<const ast::Literal*> stack;
  for (auto it = body.rbegin(); it != body.rend(); ++it) stack.push_back(&*it);
  while (!stack.empty()) {
    const ast::Literal* literal = stack.back();
    stack.pop_back();
    if (literal->kind != ast::LiteralKind::kGroup || literal->bodies.size() != 1) {
      out.push_back(literal);
      continue;
    }
    const ast::Body& inner = literal->bodies.front();
    for (auto it = inner.rbegin(); it != inner.rend(); ++it) stack.push_back(&*it);
  }
  return out;
}

bool is_function(const CheckContext& context, uint32_t module, std::string_view name) {
  const Symbol* symbol = context.names.find(module, name);
  if (symbol != nullptr) return symbol->kind == SymbolKind::kLet || symbol->kind == SymbolKind::kBuiltin;
  const auto& table = builtins();
  return std::any_of(table.begin(), table.end(),
                     [&](const Builtin& known) { return known.module.empty() && known.name == name; });
}

const Symbol* atom_symbol(const CheckContext& context, uint32_t module, const ast::Expr& expr) {
  if (expr.kind != ast::ExprKind::kCall) return nullptr;
  const Symbol* symbol = context.names.find(module, expr.text);
  bool atom = symbol != nullptr && (symbol->kind == SymbolKind::kRelation || symbol->kind == SymbolKind::kEntity);
  return atom ? symbol : nullptr;
}

bool NameReader::is_variable(std::string_view word) const {
  if (word.empty() || word == "now" || word == request) return false;
  if (yields != nullptr && yields->contains(word)) return false;
  const Symbol* symbol = context.names.find(module, word);
  if (symbol != nullptr && (symbol->kind == SymbolKind::kParam || symbol->kind == SymbolKind::kLet)) return false;
  return context.names.visible_enum_with(module, word) == nullptr;
}

void NameReader::of_expr(const ast::Expr& expr, NameList& out) const {
  if (expr.kind == ast::ExprKind::kName) {
    if (is_variable(expr.text)) out.push_back(expr.text);
    return;
  }
  if (expr.kind == ast::ExprKind::kAggregate) return of_aggregate(expr, out);
  if (expr.kind == ast::ExprKind::kBinary && expr.text == "is") return of_expr(expr.args[0], out);  // then a type
  for (const ast::Expr& arg : expr.args) of_expr(arg, out);
  for (const ast::StringPart& part : expr.parts) {
    for (const ast::Expr& inner : part.expr) of_expr(inner, out);
  }
}

void NameReader::of_aggregate(const ast::Expr& aggregate, NameList& out) const {
  NameList inside;
  std::unordered_set<std::string_view> locals;
  for (const ast::Expr& value : aggregate.args) {
    if (value.kind == ast::ExprKind::kName) {
      locals.insert(value.text);
    } else {
      of_expr(value, inside);
    }
  }
  of_body(aggregate.body, inside);
  for (std::string_view name : inside) {
    if (locals.count(name) == 0) out.push_back(name);
  }
}

void NameReader::everything(const ast::Literal& literal, NameList& out) const {
  for (const ast::Expr& expr : literal.expr) of_expr(expr, out);
  if (is_variable(literal.name.text)) out.push_back(literal.name.text);
  for (const ast::Body& body : literal.bodies) of_body(body, out);
}

void NameReader::of_body(const ast::Body& body, NameList& out) const {
  for (const ast::Literal& literal : body) everything(literal, out);
}

void NameReader::of_atom(const ast::Expr& call, LiteralNames& out) const {
  const Symbol* symbol = atom_symbol(context, module, call);
  bool function = symbol == nullptr && is_function(context, module, call.text);
  for (size_t i = 0; i < call.args.size(); ++i) {
    const ast::Expr& arg = call.args[i];
    if (function || arg.kind != ast::ExprKind::kName) {
      of_expr(arg, out.uses);
      continue;
    }
    // An unknown relation binds too: its mistake should not make all its variables look unbound.
    bool constant = symbol != nullptr && has_member(context, column_type(context, *symbol, call, i), arg.text);
    if (is_variable(arg.text) && !constant) out.binds.push_back(arg.text);
  }
}

/// `x = ..`, `(k, v) in ..`
void NameReader::of_target(const ast::Expr& target, LiteralNames& out) const {
  if (target.kind == ast::ExprKind::kName) {
    if (is_variable(target.text)) out.binds.push_back(target.text);
  } else if (target.kind == ast::ExprKind::kTuple) {
    for (const ast::Expr& part : target.args) of_target(part, out);
  } else {
    of_expr(target, out.uses);
  }
}

void NameReader::of_member(const ast::Expr& in, LiteralNames& out) const {
  const ast::Expr& container = in.args[1];
  if (container.kind == ast::ExprKind::kRange) return of_expr(in, out.uses);
  of_target(in.args[0], out);
  of_expr(container, out.uses);
  if (container.kind == ast::ExprKind::kName && is_variable(container.text)) out.container = container.text;
}

void NameReader::of_group(const ast::Literal& group, LiteralNames& out) const {
  std::unordered_map<std::string_view, size_t> bound_in;
  NameList order;
  for (const ast::Body& body : group.bodies) {
    std::unordered_set<std::string_view> here;
    for (const ast::Literal* literal : flatten(body)) {
      LiteralNames names = of_literal(*literal);
      for (std::string_view name : names.binds) {
        if (here.insert(name).second && bound_in[name]++ == 0) order.push_back(name);
      }
      for (const NameList* list : {&names.uses, &names.partial}) {
        out.uses.insert(out.uses.end(), list->begin(), list->end());
      }
    }
  }
  for (std::string_view name : order) {
    (bound_in[name] == group.bodies.size() ? out.binds : out.partial).push_back(name);
  }
}

LiteralNames NameReader::of_literal(const ast::Literal& literal) const {
  LiteralNames out;
  switch (literal.kind) {
    case ast::LiteralKind::kExpr: {
      const ast::Expr& expr = literal.expr[0];
      if (expr.kind == ast::ExprKind::kCall) {
        of_atom(expr, out);
        for (const ast::Expr& window : literal.within) of_expr(window, out.uses);
      } else if (expr.kind == ast::ExprKind::kBinary && expr.text == "in") {
        of_member(expr, out);
      } else {
        of_expr(expr, out.uses);
      }
      break;
    }
    case ast::LiteralKind::kEquals: {
      const ast::Expr& target = literal.expr[0];
      if (target.kind == ast::ExprKind::kTuple && literal.expr[1].kind != ast::ExprKind::kTuple) {
        of_expr(target, out.uses);
      } else {
        of_target(target, out);
      }
      of_expr(literal.expr[1], out.uses);
      break;
    }
    case ast::LiteralKind::kSome:
      if (is_variable(literal.name.text)) out.binds.push_back(literal.name.text);
      of_expr(literal.expr[0], out.uses);
      break;
    case ast::LiteralKind::kGroup:
      of_group(literal, out);
      break;
    default:
      everything(literal, out.uses);
  }
  return out;
}

}  // namespace lictor
