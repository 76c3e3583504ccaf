// A walk over all expressions with one question: can this constant become the value of a variable?
#include "compiler/read_instances.h"

#include <set>

#include "compiler/core_walk.h"

namespace lictor {
namespace {

/// Operands that are compared, or shown, and never handed on.
bool only_compares(Op op, size_t operand) {
  switch (op) {
    case Op::kEq:
    case Op::kNe:
    case Op::kInEntity:
    case Op::kInSet:
    case Op::kInList:
    case Op::kEntityId:
    case Op::kIs:
    case Op::kText:
      return true;
    case Op::kInMap:
      return operand == 0;
    case Op::kMapGet:
    case Op::kMapGetTotal:
      return operand == 1;
    default:
      return false;
  }
}

class Reader {
 public:
  explicit Reader(const Program& program) : schema_(program.schema) {}

  std::vector<ReadInstance> run(const Program& program) {
    for (const EntityDecl& decl : schema_.entities) defaults(decl.attributes);
    for (const RequestDecl& decl : schema_.requests) defaults(decl.fields);
    for (const RelationDecl& decl : schema_.relations) defaults(decl.columns);
    for (const RecordDecl& decl : schema_.records) defaults(decl.fields);
    for (const Rule& rule : program.rules) {
      frame_ = &rule.frame;
      body(rule.body);
      for (const Expr& arg : rule.args) expr(arg);
    }
    // What a message shows or an obligation carries is not read.
    for (const Decision& decision : program.decisions) {
      for (const Clause& clause : decision.clauses) {
        frame_ = &clause.frame;
        body(clause.body);
        operands(clause.message);
        applications(clause.requirements);
        applications(clause.meanwhile);
        applications(clause.then);
      }
      operands(decision.default_message);
      applications(decision.default_requirements);
      applications(decision.default_then);
    }
    return std::move(out_);
  }

 private:
  void defaults(const std::vector<FieldDecl>& fields) {
    for (const FieldDecl& field : fields) {
      if (field.default_value) constant(*field.default_value, field.span);
    }
  }

  void applications(const std::vector<Application>& list) {
    for (const Application& application : list) {
      for (const Expr& arg : application.args) operands(arg);
    }
  }

  void body(const Body& body) {
    for (const Literal& literal : body.literals) this->literal(literal);
  }

  void literal(const Literal& literal) {
    for (const Arg& arg : literal.args) {
      if (arg.mode == Arg::Mode::kMatch) operands(arg.expr);
    }
    if (literal.kind == Literal::Kind::kHierarchy) hierarchy(literal);
    bool tests = literal.kind == Literal::Kind::kMember && literal.args[0].mode == Arg::Mode::kMatch &&
                 (literal.args.size() == 1 || literal.args[1].mode != Arg::Mode::kBind);
    if (uses_expr(literal.kind)) tests ? operands(literal.expr) : expr(literal.expr);
    for (const Body& inner : literal.bodies) body(inner);
    for (const Expr& one : literal.tuple) expr(one);
  }

  /// What is in a thing, or what it is in, includes the thing itself where the types are the same.
  void hierarchy(const Literal& literal) {
    for (size_t i = 0; i < 2; ++i) {
      const Arg& known = literal.args[i];
      const Arg& bound = literal.args[1 - i];
      if (known.mode != Arg::Mode::kMatch || bound.mode != Arg::Mode::kBind) continue;
      if (entity_of(known.expr.type) == entity_of(frame_->variables[bound.slot].type)) expr(known.expr);
    }
  }

  uint32_t entity_of(TypeId id) const {
    const Type& type = schema_.types[id];
    return type.kind == TypeKind::kEntity ? type.decl : kNoIndex;
  }

  void expr(const Expr& expr) {
    if (expr.op == Op::kConst && expr.constant) return constant(*expr.constant, expr.span);
    operands(expr);
  }

  void operands(const Expr& expr) {
    for (size_t i = 0; i < expr.args.size(); ++i) {
      const Expr& arg = expr.args[i];
      bool collection = arg.op == Op::kMakeSet || arg.op == Op::kMakeList;
      if (!only_compares(expr.op, i)) {
        this->expr(arg);
      } else if (collection) {
        for (const Expr& item : arg.args) operands(item);
      } else {
        operands(arg);
      }
    }
  }

  void constant(const Datum& value, Span span) {
    if (value.none || value.type == kErrorType) return;
    for (const Datum& item : value.items) constant(item, span);
    uint32_t entity = lictor::entity_of(schema_, value);
    if (entity == kNoIndex || !schema_.entities[entity].closed) return;
    if (seen_.emplace(entity, value.text).second) out_.push_back({entity, value.text, span});
  }

  const Schema& schema_;
  const Frame* frame_ = nullptr;  // of the rule or clause that is read
  std::set<std::pair<uint32_t, std::string>> seen_;
  std::vector<ReadInstance> out_;
};

}  // namespace

std::vector<ReadInstance> read_instances(const Program& program) { return Reader(program).run(program); }

}  // namespace lictor
