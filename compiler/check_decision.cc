// Decisions: clauses, their messages, requirements and obligations, and the default.
#include <algorithm>
#include <unordered_map>

#include "compiler/checker.h"
#include "compiler/ranges.h"
#include "compiler/substitute.h"

namespace lictor {
namespace {

const std::vector<FieldDecl>& params_of(const Schema& schema, const Application& application, SymbolKind kind) {
  if (application.verb != Verb::kEmit) return schema.relations[application.signature].columns;
  const auto& decls = kind == SymbolKind::kObligation ? schema.obligations : schema.requirements;
  return decls[application.signature].params;
}

std::string_view outcome_word(ast::Outcome outcome) {
  return outcome == ast::Outcome::kAllow ? "allow" : (outcome == ast::Outcome::kDeny ? "deny" : "require");
}

void add_slots(const Expr& expr, std::vector<uint32_t>& out) {
  if (expr.op == Op::kSlot) out.push_back(static_cast<uint32_t>(expr.n));
  for (const Expr& arg : expr.args) add_slots(arg, out);
}

/// The text of an annotation's argument, as an author wrote it without quotes.
std::string annotation_text(const CheckContext& context, const ast::Annotation& annotation) {
  std::string out;
  for (const ast::Expr& arg : annotation.args) {
    if (!out.empty()) out += ", ";
    if (arg.kind != ast::ExprKind::kString) {
      out += context.sources.text(arg.span);
      continue;
    }
    for (const ast::StringPart& part : arg.parts) out += part.text;
  }
  return out;
}

class DecisionChecker {
 public:
  DecisionChecker(CheckContext& context, uint32_t module, const ast::Decision& source)
      : cx_(context), module_(module), source_(source) {}

  /// The condition of `for all` in a test as a decision that allows where it holds.
  void check_probe(const ast::Statement& statement, Decision& decision) {
    decision.info.name = "where " + statement.name.text;
    decision.info.module = path_text(cx_.modules[module_].name);
    decision.span = statement.span;
    request(decision);
    decision.default_message = text("", statement.span);
    Clause& clause = decision.clauses.emplace_back();
    clause.id = "holds";
    clause.outcome = ast::Outcome::kAllow;
    clause.span = statement.span;
    Checker checker(cx_, module_);
    prepare(checker);
    clause.body = checker.body(statement.where);
    clause.message = text("", statement.span);
    checker.finish();
    clause.frame = std::move(checker.frame);
  }

  void check(Decision& decision) {
    decision.span = source_.head.span;
    request(decision);
    check_combining(cx_, source_, decision);
    std::unordered_map<std::string_view, Span> ids;
    std::vector<Clause> yields;
    yields.reserve(source_.yields.size());
    for (const ast::Yield& yield : source_.yields) {
      if (distinct(ids, yield.head.name, "the yield")) yields.push_back(check_yield(yield));
    }
    defaults(decision);
    decision.clauses.reserve(source_.clauses.size() + yields.size());
    for (const ast::Clause& clause : source_.clauses) {
      const ast::Name& id = clause.head.name;
      if (id.text == "default") cx_.report(Diag::kNameTaken, id.span).arg(id.text);
      distinct(ids, id, "the clause");
      decision.clauses.push_back(check_clause(clause));
      check_clause_annotations(cx_, module_, clause, decision, decision.clauses.back());
    }
    std::ranges::move(yields, std::back_inserter(decision.clauses));
  }

 private:
  bool distinct(std::unordered_map<std::string_view, Span>& ids, const ast::Name& id, std::string_view what) {
    auto [it, fresh] = ids.emplace(id.text, id.span);
    if (fresh) return true;
    cx_.report(Diag::kDuplicateName, id.span).arg(what).arg(id.text).related(it->second, "declared here first");
    return false;
  }

  void request(Decision& decision) {
    TypeId type = resolve_type(cx_, module_, source_.param.type, true);
    if (cx_.types().kind(type) == TypeKind::kRequest) {
      decision.request = request_ = cx_.types()[type].decl;
    } else if (type != kErrorType) {
      cx_.report(Diag::kTakesRequest, source_.param.type.span).arg("`" + type_name(cx_.schema(), type) + "`");
    }
  }

  void prepare(Checker& checker) {
    if (request_ != kNoIndex)
      checker.set_request(source_.param.name.text, request_, source_.param.name.span);
    else
      checker.add_variable(source_.param.name.text, kErrorType, source_.param.name.span);  // its type is reported
    checker.set_yields(yields_);
  }

  std::vector<Application> applications(Checker& checker, const SlotRanges& ranges,
                                        const std::vector<ast::Application>& list, SymbolKind kind) {
    std::vector<Application> out;
    for (const ast::Application& source : list) {
      std::optional<Application> made = checker.application(source, kind);
      if (!made) continue;
      const std::vector<FieldDecl>& params = params_of(cx_.schema(), *made, kind);
      for (size_t i = 0; i < made->args.size(); ++i) {
        bool any = i < made->any.size() && made->any[i];
        if (!any) check_value_range(cx_, ranges, made->args[i], params[i].type);
      }
      out.push_back(std::move(*made));
    }
    return out;
  }

  void check_shape(ast::Outcome outcome, Span span, const std::vector<ast::Application>& requirements,
                   const std::vector<ast::Application>& meanwhile) {
    if (outcome == ast::Outcome::kRequire) {
      if (requirements.empty()) cx_.report(Diag::kNoRequirement, span);
      return;
    }
    if (!requirements.empty()) {
      cx_.report(Diag::kNotARequire, requirements[0].call.span).arg("a requirement").arg(outcome_word(outcome));
    }
    if (!meanwhile.empty()) {
      cx_.report(Diag::kNotARequire, meanwhile[0].call.span).arg("`meanwhile`").arg(outcome_word(outcome));
    }
  }

  void defaults(Decision& decision) {
    if (!source_.default_clause) {
      // A default that could not be read is not missing.
      if (!cx_.diagnostics->has_error_in(source_.head.span))
        cx_.report(Diag::kMissingDefault, source_.head.name.span).arg(source_.head.name.text);
      return;
    }
    const ast::Default& source = *source_.default_clause;
    check_shape(source.outcome, source.span, source.requirements, {});
    Checker checker(cx_, module_);
    prepare(checker);
    decision.default_outcome = source.outcome;
    decision.default_message =
        source.message.empty() ? text("default", source.span) : checker.message(source.message[0]);
    SlotRanges ranges(cx_.schema(), checker.frame);
    decision.default_requirements = applications(checker, ranges, source.requirements, SymbolKind::kRequirement);
    decision.default_then = applications(checker, ranges, source.then, SymbolKind::kObligation);
  }

  Expr text(std::string_view words, Span span) {
    Datum value;
    value.type = kStringType;
    value.text = words;
    return constant(std::move(value), span);
  }

  Clause check_clause(const ast::Clause& source) {
    Clause out;
    out.id = source.head.name.text;
    out.outcome = source.outcome;
    out.is_override = source.is_override;
    out.span = source.head.span;
    out.doc = source.head.doc;
    for (const ast::Annotation& annotation : source.head.annotations) {
      out.annotations.emplace_back(annotation.name.text, annotation_text(cx_, annotation));
    }
    check_shape(source.outcome, source.head.name.span, source.requirements, source.meanwhile);
    Checker checker(cx_, module_);
    prepare(checker);
    checker.used_outside(outside_names(checker, source));
    out.body = checker.body(source.body);
    checker.set_hoist(&out.body.literals);
    out.message = source.message.empty() ? text(out.id, source.head.name.span) : checker.message(source.message[0]);
    SlotRanges ranges(cx_.schema(), checker.frame);
    for (const Literal& literal : out.body.literals) ranges.learn(literal);
    out.requirements = applications(checker, ranges, source.requirements, SymbolKind::kRequirement);
    out.meanwhile = applications(checker, ranges, source.meanwhile, SymbolKind::kObligation);
    out.then = applications(checker, ranges, source.then, SymbolKind::kObligation);
    checker.finish();
    out.frame = std::move(checker.frame);
    out.instance = instance_slots(out);
    return out;
  }

  // ---- yields -------------------------------------------------------------------------------------------------------

  /// A clause that decides nothing and has the value for its only instance slot.
  Clause check_yield(const ast::Yield& source) {
    const ast::Name& name = source.head.name;
    Clause out;
    out.id = name.text;
    out.outcome = ast::Outcome::kAllow;
    out.is_yield = true;
    out.mode = {constant(kIntType, static_cast<int64_t>(Mode::kYield), name.span)};
    out.span = source.head.span;
    out.doc = source.head.doc;
    out.message = text(out.id, name.span);
    LetDef read;
    read.name = name.span;
    cx_.note(name.span, name.span, RefKind::kVariable);
    Checker checker(cx_, module_);
    prepare(checker);
    TypeId type = resolve_type(cx_, module_, source.type);
    if (!checker.reader.is_variable(name.text)) {
      cx_.report(Diag::kYieldForm, name.span).arg(name.text).arg("has the name of something that can be read here");
    }
    if (source.value.empty()) {
      cx_.report(Diag::kYieldForm, name.span).arg(name.text).arg("has no value");
      yields_.emplace(name.text, std::move(read));
      return out;
    }
    NameList names;
    checker.reader.of_expr(source.value[0], names);
    checker.used_outside(names);
    out.body = checker.body(source.body);
    checker.set_hoist(&out.body.literals);
    Expr value = checker.stored(source.value[0], type);
    SlotRanges ranges(cx_.schema(), checker.frame);
    for (const Literal& literal : out.body.literals) ranges.learn(literal);
    check_value_range(cx_, ranges, value, type);
    checker.finish();
    out.frame = std::move(checker.frame);
    if (value.type != kErrorType) read_yield(source, out, value, type, read);
    yields_.emplace(name.text, std::move(read));
    auto slot = static_cast<uint32_t>(out.frame.variables.size());
    out.frame.variables.push_back({name.text, type, name.span});
    out.body.literals.push_back(let_literal(slot, std::move(value), source.value[0].span));
    out.instance = {slot};
    return out;
  }

  /// How clauses and later yields read it: as its value, or with a condition as that or none.
  void read_yield(const ast::Yield& source, const Clause& clause, const Expr& value, TypeId type, LetDef& out) {
    out.type = type;
    out.frame = clause.frame;
    out.prelude = clause.body;
    out.value = value;
    if (!source.body.empty()) or_none(clause, value, type, out);
    Extent own = extent(out.value);
    Extent prelude = extent(out.prelude);
    out.size = static_cast<uint32_t>(own.size + prelude.size);
    out.depth = std::max(own.depth, prelude.depth);
    out.checked = true;
  }

  /// Those that have a condition: where it does not hold the value is none.
  void or_none(const Clause& clause, const Expr& value, TypeId type, LetDef& out) {
    Span span = value.span;
    TypeId optional = cx_.types().optional_of(type);
    auto held = static_cast<uint32_t>(clause.frame.variables.size());  // variables of the second copy begin here
    const std::vector<Expr> no_params;
    Substitution second{no_params, held};
    out.frame.variables.insert(out.frame.variables.end(), clause.frame.variables.begin(), clause.frame.variables.end());
    auto result = static_cast<uint32_t>(out.frame.variables.size());
    out.frame.variables.push_back({"$" + std::to_string(result), optional, span});
    Literal either;
    either.kind = Literal::Kind::kOr;
    either.span = span;
    either.exports = {result};
    either.bodies.resize(2);
    either.bodies[0] = clause.body;
    either.bodies[0].literals.push_back(let_literal(result, coerce(cx_, value, optional), span));
    Literal absent;
    absent.kind = Literal::Kind::kNot;
    absent.span = span;
    absent.bodies.resize(1);
    for (const Literal& literal : clause.body.literals) absent.bodies[0].literals.push_back(second(literal));
    either.bodies[1].literals.push_back(std::move(absent));
    Expr none = coerce(cx_, constant(kNoneType, 0, span), optional);
    either.bodies[1].literals.push_back(let_literal(result, std::move(none), span));
    out.prelude.literals.clear();
    only_one(clause, value, out);
    out.prelude.literals.push_back(std::move(either));
    out.value = Expr{};
    out.value.op = Op::kSlot;
    out.value.type = out.type = optional;
    out.value.span = span;
    out.value.n = result;
  }

  /// Whoever reads a yield that has two values errs: n = count { v : BODY, v = VALUE }, only(n).
  void only_one(const Clause& clause, const Expr& value, LetDef& out) {
    const std::vector<Expr> no_params;
    auto base = static_cast<uint32_t>(out.frame.variables.size());
    Substitution third{no_params, base};
    out.frame.variables.insert(out.frame.variables.end(), clause.frame.variables.begin(), clause.frame.variables.end());
    auto number = static_cast<uint32_t>(out.frame.variables.size());
    out.frame.variables.push_back({"$" + std::to_string(number), kIntType, value.span});
    Literal count;
    count.kind = Literal::Kind::kAggregate;
    count.hoisted = true;
    count.span = count.expr.span = value.span;
    count.aggregate = Aggregate::kCount;
    count.result = kIntType;
    Arg& target = count.args.emplace_back();
    target.mode = Arg::Mode::kBind;
    target.slot = number;
    count.tuple.push_back(third(value));
    count.bodies.resize(1);
    for (const Literal& literal : clause.body.literals) count.bodies[0].literals.push_back(third(literal));
    out.prelude.literals.push_back(std::move(count));
    Literal only;
    only.kind = Literal::Kind::kTest;
    only.hoisted = true;
    only.span = value.span;
    only.expr.op = Op::kOnly;
    only.expr.type = kBoolType;
    only.expr.span = value.span;
    Expr& found = only.expr.args.emplace_back();
    found.op = Op::kSlot;
    found.type = kIntType;
    found.span = value.span;
    found.n = number;
    out.prelude.literals.push_back(std::move(only));
  }

  NameList outside_names(const Checker& checker, const ast::Clause& source) {
    NameList names;
    for (const ast::Expr& message : source.message) checker.reader.of_expr(message, names);
    for (const auto* list : {&source.requirements, &source.meanwhile, &source.then}) {
      for (const ast::Application& application : *list) checker.reader.of_expr(application.call, names);
    }
    return names;
  }

  static std::vector<uint32_t> instance_slots(const Clause& clause) {
    std::vector<uint32_t> out;
    add_slots(clause.message, out);
    for (const auto* list : {&clause.requirements, &clause.meanwhile, &clause.then}) {
      for (const Application& application : *list) {
        for (const Expr& arg : application.args) add_slots(arg, out);
      }
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
  }

  CheckContext& cx_;
  uint32_t module_;
  const ast::Decision& source_;
  uint32_t request_ = kNoIndex;
  std::unordered_map<std::string_view, LetDef> yields_;  // those above, which can be read
};

void check_probe(CheckContext& context, uint32_t module, const ast::Statement& statement) {
  ast::Decision source;
  source.param.name = statement.name;
  source.param.type.name = statement.type;
  source.param.type.span = statement.type.span;
  source.param.span = statement.name.span;
  context.probes.emplace(std::pair(statement.span.file, statement.span.begin),
                         static_cast<uint32_t>(context.program.probes.size()));
  Decision probe;
  DecisionChecker(context, module, source).check_probe(statement, probe);
  context.program.probes.push_back(std::move(probe));
}

}  // namespace

void check_decisions(CheckContext& context) {
  size_t number = 0;
  for (uint32_t m = 0; m < context.modules.size(); ++m) {
    for (const ast::Decision& source : context.modules[m].decisions) {
      DecisionChecker(context, m, source).check(context.program.decisions[number++]);
    }
  }
  for (uint32_t m = 0; m < context.modules.size(); ++m) {
    for (const ast::Test& test : context.modules[m].tests) {
      for (const ast::Statement& statement : test.statements) {
        if (!statement.where.empty()) check_probe(context, m, statement);
      }
    }
  }
}

}  // namespace lictor
