// The columns of relations that only rules declare: how many, which one is the request, and of what types.
//
// What a head says (`all(r: Admit, c: Container)`) is taken as it is. The rest follows from the rules: each rule is
// checked, silently, with what is known so far; when that tells more about its head, the rules that read the head are
// checked again. A type only ever grows (nothing, T, T?; ranges are joined), so this ends.
#include <algorithm>
#include <deque>
#include <unordered_set>
#include <utility>

#include "compiler/check.h"
#include "compiler/literal_names.h"

namespace lictor {
namespace {

/// One use of a bare word as an argument of an atom.
struct WordUse {
  std::string_view word;
  uint32_t relation;
  uint32_t position;
};

class Inference {
 public:
  explicit Inference(CheckContext& context) : cx_(context), readers_(context.schema().relations.size()) {}

  void run() {
    for (uint32_t m = 0; m < cx_.modules.size(); ++m) {
      for (const ast::Rule& rule : cx_.modules[m].rules) {
        if (rule.principle) head(m, rule);
      }
      for (const ast::Rule& rule : cx_.modules[m].rules) {
        if (!rule.principle) head(m, rule);
      }
    }
    for (uint32_t i = 0; i < cx_.rules.size(); ++i) read_atoms(i);
    find_requests();
    make_columns();
    find_types();
    // Reported already: checked against the other heads' types they would only be reported again.
    std::erase_if(cx_.rules, [&](const RuleSource& source) { return disagree_.count(source.rule) != 0; });
  }

 private:
  bool declared(uint32_t relation) const { return cx_.names.relations()[relation].position != kNoIndex; }

  void head(uint32_t module, const ast::Rule& rule) {
    const Symbol* symbol = cx_.names.find(module, rule.head.name.text);
    bool qualified = rule.head.name.text.find('.') != std::string::npos;
    if (symbol == nullptr || symbol->kind != SymbolKind::kRelation) return;
    if (symbol->module != module && (!qualified || symbol->is_private)) return;
    RelationDecl& relation = cx_.schema().relations[symbol->index];
    if (symbol->module != module && !declared(symbol->index)) {
      cx_.report(Diag::kNotDefinable, rule.head.name.span)
          .arg(relation.info.name)
          .arg("it has no declaration, so only its own module makes its rows")
          .related(relation.info.span, "its first rule");
      return;
    }
    if (relation.is_event) {
      cx_.report(Diag::kNotDefinable, rule.head.name.span).arg(relation.info.name).arg("it is an event, which happens");
      return;
    }
    if (rule.principle) relation.sealed = true;
    if ((relation.sealed || relation.moves) && !rule.principle) {
      cx_.report(Diag::kNotDefinable, rule.head.name.span)
          .arg(relation.info.name)
          .arg("a constitution, lifecycle or watch gives its rows")
          .related(relation.info.span, "declared here");
      return;
    }
    size_t arity = declared(symbol->index) ? relation.columns.size() : arity_of(symbol->index, rule);
    if (rule.args.size() != arity) {
      cx_.report(Diag::kArity, rule.head.name.span)
          .arg(rule.head.name.text)
          .arg(count_of(arity, "argument"))
          .arg(std::to_string(rule.args.size()))
          .related(relation.info.span, "declared here");
      return;
    }
    relation.derived = true;
    if (typed_request(rule, module, symbol->index)) cx_.rules.push_back({&rule, module, symbol->index});
  }

  size_t arity_of(uint32_t relation, const ast::Rule& rule) {
    return arities_.emplace(relation, rule.args.size()).first->second;
  }

  /// False when a head's request does not fit its relation.
  bool typed_request(const ast::Rule& rule, uint32_t module, uint32_t index) {
    bool ok = true;
    for (uint32_t i = 0; i < rule.args.size(); ++i) {
      if (!rule.arg_types[i]) continue;
      TypeId type = resolve_type(cx_, module, *rule.arg_types[i], true);
      if (cx_.types().kind(type) != TypeKind::kRequest) continue;
      const RelationDecl& relation = cx_.schema().relations[index];
      bool same = relation.request == cx_.types()[type].decl && relation.request_position == i;
      ok &= same || set_request(index, i, cx_.types()[type].decl, rule.args[i].span);
    }
    return ok;
  }

  /// False, and reported, when the relation cannot have it there.
  bool set_request(uint32_t index, uint32_t position, uint32_t request, Span span) {
    RelationDecl& relation = cx_.schema().relations[index];
    if (relation.request == kNoIndex && !declared(index)) {
      relation.request = request;
      relation.request_position = position;
      return true;
    }
    if (declared(index)) {
      cx_.report(Diag::kNotDefinable, span).arg(relation.info.name).arg("its columns hold facts, not requests");
    } else if (relation.request_position != position) {
      cx_.report(Diag::kTwoRequests, span).arg(cx_.schema().requests[request].info.name);
    } else if (relation.request != request) {
      cx_.report(Diag::kWrongRequest, span)
          .arg(relation.info.name)
          .arg(cx_.schema().requests[relation.request].info.name)
          .arg("`" + cx_.schema().requests[request].info.name + "`");
    }
    return false;
  }

  // ---- which rule reads what ----------------------------------------------------------------------------------------

  void read_atoms(uint32_t rule) {
    std::vector<WordUse> uses;
    std::unordered_set<uint32_t> relations;
    walk(cx_.rules[rule].rule->body, cx_.rules[rule].module, uses, relations);
    for (uint32_t relation : relations) readers_[relation].push_back(rule);
    word_uses_.push_back(std::move(uses));
  }

  void walk(const ast::Body& body, uint32_t module, std::vector<WordUse>& uses,
            std::unordered_set<uint32_t>& relations) {
    for (const ast::Literal& literal : body) {
      for (const ast::Expr& expr : literal.expr) walk(expr, module, uses, relations);
      for (const ast::Body& inner : literal.bodies) walk(inner, module, uses, relations);
    }
  }

  void walk(const ast::Expr& expr, uint32_t module, std::vector<WordUse>& uses,
            std::unordered_set<uint32_t>& relations) {
    const Symbol* symbol = atom_symbol(cx_, module, expr);
    if (symbol != nullptr && symbol->kind == SymbolKind::kRelation) {
      relations.insert(symbol->index);
      for (uint32_t i = 0; i < expr.args.size(); ++i) {
        if (expr.args[i].kind == ast::ExprKind::kName) uses.push_back({expr.args[i].text, symbol->index, i});
      }
    }
    for (const ast::Expr& arg : expr.args) walk(arg, module, uses, relations);
    walk(expr.body, module, uses, relations);
  }

  // ---- requests -----------------------------------------------------------------------------------------------------

  /// A head variable that is handed on where a request is wanted is the request.
  void find_requests() {
    std::deque<uint32_t> open;
    for (uint32_t i = 0; i < cx_.rules.size(); ++i) open.push_back(i);
    while (!open.empty()) {
      uint32_t rule = open.front();
      open.pop_front();
      uint32_t head = cx_.rules[rule].relation;
      if (cx_.schema().relations[head].request != kNoIndex || declared(head)) continue;
      if (!handed_on(rule)) continue;
      for (uint32_t reader : readers_[head]) open.push_back(reader);
    }
  }

  bool handed_on(uint32_t rule) {
    const ast::Rule& source = *cx_.rules[rule].rule;
    for (const WordUse& use : word_uses_[rule]) {
      const RelationDecl& read = cx_.schema().relations[use.relation];
      if (read.request == kNoIndex || read.request_position != use.position) continue;
      for (uint32_t i = 0; i < source.args.size(); ++i) {
        if (source.args[i].kind != ast::ExprKind::kName || source.args[i].text != use.word) continue;
        return set_request(cx_.rules[rule].relation, i, read.request, source.args[i].span);
      }
    }
    return false;
  }

  // ---- columns ------------------------------------------------------------------------------------------------------

  void make_columns() {
    for (const RuleSource& source : cx_.rules) {
      RelationDecl& relation = cx_.schema().relations[source.relation];
      if (!declared(source.relation) && made_.insert(source.relation).second) name_columns(*source.rule, relation);
      if (!written_types(source)) disagree_.insert(source.rule);
    }
  }

  void name_columns(const ast::Rule& rule, RelationDecl& relation) {
    std::unordered_set<std::string> taken;
    for (uint32_t i = 0; i < rule.args.size(); ++i) {
      if (relation.request != kNoIndex && i == relation.request_position) continue;
      FieldDecl column;
      column.name = rule.args[i].kind == ast::ExprKind::kName ? rule.args[i].text : "column" + std::to_string(i + 1);
      while (!taken.insert(column.name).second) column.name += "_";
      column.wire = column.name;
      column.span = rule.args[i].span;
      relation.columns.push_back(std::move(column));
    }
  }

  /// False when a head says another type than a head before it.
  bool written_types(const RuleSource& source) {
    bool ok = true;
    for (uint32_t i = 0; i < source.rule->args.size(); ++i) {
      if (!source.rule->arg_types[i]) continue;
      RelationDecl& relation = cx_.schema().relations[source.relation];
      if (relation.request != kNoIndex && i == relation.request_position) continue;
      TypeId type = resolve_type(cx_, source.module, *source.rule->arg_types[i]);
      uint32_t at = relation.request != kNoIndex && i > relation.request_position ? i - 1 : i;
      FieldDecl& column = cx_.schema().relations[source.relation].columns[at];
      bool first = column.type == kErrorType;
      if (first) column.type = type;
      if (first || column.type == type || type == kErrorType) continue;
      ok = false;
      cx_.report(Diag::kTypesDisagree, source.rule->arg_types[i]->span)
          .arg(std::to_string(i + 1))
          .arg(relation.info.name)
          .arg("`" + type_name(cx_.schema(), type) + "`")
          .arg("`" + type_name(cx_.schema(), column.type) + "`")
          .related(column.span, "there");
    }
    return ok;
  }

  // ---- types --------------------------------------------------------------------------------------------------------

  bool open(uint32_t relation) const {
    const auto& columns = cx_.program.schema.relations[relation].columns;
    return std::any_of(columns.begin(), columns.end(), [](const FieldDecl& c) { return c.type == kErrorType; });
  }

  void find_types() {
    std::vector<bool> inferred(cx_.schema().relations.size());
    std::deque<uint32_t> queue;
    for (uint32_t i = 0; i < cx_.rules.size(); ++i) {
      uint32_t head = cx_.rules[i].relation;
      if (declared(head) || !(inferred[head] || open(head))) continue;
      inferred[head] = true;
      queue.push_back(i);
    }
    written_.resize(cx_.schema().relations.size());
    for (uint32_t r = 0; r < written_.size(); ++r) {
      for (const FieldDecl& column : cx_.schema().relations[r].columns)
        written_[r].push_back(column.type != kErrorType);
    }
    Diagnostics* real = cx_.diagnostics;
    Diagnostics scratch(cx_.sources, 0);
    cx_.diagnostics = &scratch;
    References* references = std::exchange(cx_.references, nullptr);
    cx_.names.report_to(scratch, true);
    while (!queue.empty()) {
      uint32_t rule = queue.front();
      queue.pop_front();
      uint32_t head = cx_.rules[rule].relation;
      if (!grow(head, check_rule(cx_, cx_.rules[rule], true))) continue;
      for (uint32_t reader : readers_[head]) {
        if (inferred[cx_.rules[reader].relation]) queue.push_back(reader);
      }
    }
    cx_.diagnostics = real;
    cx_.references = references;
    cx_.names.report_to(*real, false);
  }

  /// Takes in what a rule says about its head's columns. Did that tell anything new?
  bool grow(uint32_t head, const Rule& rule) {
    bool grown = false;
    for (size_t i = 0; i < rule.args.size(); ++i) {
      if (written_[head][i]) continue;
      TypeId& column = cx_.schema().relations[head].columns[i].type;
      TypeId joined = join(column, rule.args[i].type);
      grown |= joined != column;
      column = joined;
    }
    return grown;
  }

  TypeId join(TypeId old, TypeId found) {
    TypeTable& types = cx_.types();
    if (found == kErrorType || found == kNoneType) return old;
    if (same_base(types, old, found)) return join_types(types, old, found);
    if (!same_base(types, unwrap(types, old), unwrap(types, found))) return old;  // reported by the final check
    return types.optional_of(join_types(types, unwrap(types, old), unwrap(types, found)));
  }

  CheckContext& cx_;
  std::unordered_map<uint32_t, size_t> arities_;
  std::vector<std::vector<uint32_t>> readers_;   // by relation: rules that read it
  std::vector<std::vector<WordUse>> word_uses_;  // by rule
  std::unordered_set<uint32_t> made_;
  std::unordered_set<const ast::Rule*> disagree_;
  std::vector<std::vector<bool>> written_;  // by relation and column: does a head say its type?
};

}  // namespace

void infer_columns(CheckContext& context) { Inference(context).run(); }

}  // namespace lictor
