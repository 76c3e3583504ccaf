// The checked program as text: declarations by name, bodies in canonical order, one literal a line. Operations are
// written as calls by the names of ops.def, variables with their slot; `!` marks what can err.
#include "compiler/analyze.h"

namespace lictor {
namespace {

constexpr const char* kAggregateNames[] = {"count", "sum", "min", "max", "avg", "percentile", "collect"};
constexpr const char* kOutcomeNames[] = {"allow", "deny", "require"};
constexpr const char* kTimeNames[] = {"load", "fact", "request"};

class Dumper {
 public:
  explicit Dumper(const Program& program) : program_(program), schema_(program.schema) {}

  std::string run() {
    for (const ParamDecl& param : schema_.params) {
      line("param " + param.info.qualified() + ": " + type_name(schema_, param.type) +
           (param.value ? " = " + show_source(schema_, *param.value) : ""));
    }
    for (uint32_t i = 0; i < schema_.relations.size(); ++i) relation(i);
    for (const Rule& rule : program_.rules) this->rule(rule);
    for (size_t i = 0; i < program_.strata.size(); ++i) stratum(i);
    for (const Decision& decision : program_.decisions) this->decision(decision);
    for (const Test& test : program_.tests) {
      line("test " + std::string("\"") + test.title + "\" " + std::to_string(test.statements.size()) + " statements");
    }
    return std::move(out_);
  }

 private:
  void line(const std::string& text) { out_ += std::string(indent_ * 2, ' ') + text + "\n"; }

  void relation(uint32_t index) {
    const RelationDecl& decl = schema_.relations[index];
    std::string text = "relation " + decl.info.qualified() + "(";
    for (size_t i = 0; i < decl.columns.size(); ++i) {
      text += (i == 0 ? "" : ", ") + decl.columns[i].name + ": " + type_name(schema_, decl.columns[i].type);
    }
    text += std::string(") ") + kTimeNames[static_cast<size_t>(decl.time)];
    if (decl.request != kNoIndex) text += " request " + schema_.requests[decl.request].info.name;
    if (index < program_.rows.size() && !program_.rows[index].empty()) {
      text += " " + std::to_string(program_.rows[index].size()) + " rows";
    }
    line(text);
  }

  void rule(const Rule& rule) {
    frame_ = &rule.frame;
    std::string head = "rule " + schema_.relations[rule.head].info.name + "(";
    for (size_t i = 0; i < rule.args.size(); ++i) head += (i == 0 ? "" : ", ") + expr(rule.args[i]);
    line(head + ")" + (rule.limit ? " limit " + std::to_string(*rule.limit) : ""));
    body(rule.body);
  }

  void stratum(size_t index) {
    const Stratum& stratum = program_.strata[index];
    std::string text = "stratum " + std::to_string(index) + (stratum.recursive ? " recursive" : "") + ":";
    for (uint32_t relation : stratum.relations) text += " " + schema_.relations[relation].info.name;
    line(text);
  }

  void decision(const Decision& decision) {
    frame_ = &no_frame_;
    line("decision " + decision.info.qualified() + " default " +
         kOutcomeNames[static_cast<size_t>(decision.default_outcome)] + " " + expr(decision.default_message));
    ++indent_;
    applications("then", decision.default_then, schema_.obligations);
    for (const Clause& clause : decision.clauses) this->clause(clause);
    --indent_;
  }

  void clause(const Clause& clause) {
    frame_ = &clause.frame;
    const char* word = clause.is_yield ? "yield" : kOutcomeNames[static_cast<size_t>(clause.outcome)];
    line(std::string(clause.is_override ? "override " : "") + word + " " + clause.id + ": " + expr(clause.message) +
         (clause.can_err ? " !" : ""));
    applications("requires", clause.requirements, schema_.requirements);
    body(clause.body);
    applications("meanwhile", clause.meanwhile, schema_.obligations);
    applications("then", clause.then, schema_.obligations);
  }

  void applications(const char* word, const std::vector<Application>& list, const std::vector<SignatureDecl>& decls) {
    ++indent_;
    for (const Application& application : list) {
      bool change = application.verb != Verb::kEmit;
      const DeclInfo& info = change ? schema_.relations[application.signature].info : decls[application.signature].info;
      std::string text = std::string(word) + " ";
      if (change) text += application.verb == Verb::kInsert ? "insert " : "remove ";
      text += info.name + "(";
      for (size_t i = 0; i < application.args.size(); ++i) {
        bool any = i < application.any.size() && application.any[i];
        text += (i == 0 ? "" : ", ") + (any ? "_" : expr(application.args[i]));
      }
      line(text + ")");
    }
    --indent_;
  }

  void body(const Body& body) {
    ++indent_;
    for (const Literal& literal : body.literals) this->literal(literal);
    --indent_;
  }

  void literal(const Literal& literal) {
    line(head_of(literal));
    for (const Body& nested : literal.bodies) {
      ++indent_;
      line(literal.kind == Literal::Kind::kForall && &nested == &literal.bodies[1] ? "=> {" : "{");
      body(nested);
      line("}");
      --indent_;
    }
  }

  std::string head_of(const Literal& literal) const {
    switch (literal.kind) {
      case Literal::Kind::kAtom:
        return schema_.relations[literal.relation].info.name + args(literal);
      case Literal::Kind::kInstance:
        return schema_.entities[literal.relation].info.name + args(literal);
      case Literal::Kind::kTest:
        return "test " + expr(literal.expr);
      case Literal::Kind::kLet:
        return slot(literal.slot) + " = " + expr(literal.expr);
      case Literal::Kind::kSome:
        return "some " + slot(literal.slot) + " = " + expr(literal.expr);
      case Literal::Kind::kMember:
        return "member " + args(literal) + " in " + expr(literal.expr);
      case Literal::Kind::kHierarchy:
        return "hierarchy " + args(literal);
      case Literal::Kind::kNot:
        return "not";
      case Literal::Kind::kExists:
        return "exists";
      case Literal::Kind::kForall:
        return "forall";
      case Literal::Kind::kOr: {
        std::string text = "or";
        for (uint32_t exported : literal.exports) text += " " + slot(exported);
        return text;
      }
      case Literal::Kind::kAggregate: {
        std::string text = kAggregateNames[static_cast<size_t>(literal.aggregate)];
        if (literal.aggregate == Aggregate::kPercentile) text += " " + std::to_string(literal.percentile);
        for (const Expr& value : literal.tuple) text += " " + expr(value);
        return text + " -> " + args(literal) + (literal.expr.can_err ? " !" : "");
      }
    }
    return {};
  }

  std::string args(const Literal& literal) const {
    std::string out = "(";
    for (size_t i = 0; i < literal.args.size(); ++i) {
      const Arg& arg = literal.args[i];
      out += i == 0 ? "" : ", ";
      out +=
          arg.mode == Arg::Mode::kIgnore ? "_" : (arg.mode == Arg::Mode::kBind ? "?" + slot(arg.slot) : expr(arg.expr));
    }
    return out + ")";
  }

  std::string slot(uint64_t slot) const {
    std::string name = slot < frame_->variables.size() ? frame_->variables[slot].name : "";
    return name + "#" + std::to_string(slot);
  }

  std::string expr(const Expr& expr) const {
    switch (expr.op) {
      case Op::kConst:
        return expr.constant ? show_source(schema_, *expr.constant) : "()";
      case Op::kSlot:
        return slot(static_cast<uint64_t>(expr.n));
      case Op::kParam:
        return "param " + schema_.params[static_cast<size_t>(expr.n)].info.name;
      default:
        break;
    }
    std::string out = info(expr.op).name;
    if (expr.op == Op::kField || expr.op == Op::kAttr || expr.op == Op::kRecordField || expr.op == Op::kIs)
      out += "." + std::to_string(expr.n);
    if (expr.can_err) out += "!";
    if (expr.args.empty()) return out;
    out += "(";
    for (size_t i = 0; i < expr.args.size(); ++i) out += (i == 0 ? "" : ", ") + this->expr(expr.args[i]);
    return out + ")";
  }

  const Program& program_;
  const Schema& schema_;
  std::string out_;
  size_t indent_ = 0;
  Frame no_frame_;
  const Frame* frame_ = &no_frame_;
};

}  // namespace

std::string dump(const Program& program) { return Dumper(program).run(); }

}  // namespace lictor
