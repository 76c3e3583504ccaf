// Decisions: clauses, their messages, requirements and obligations, and the default.
#include <algorithm>
#include <unordered_map>

#include "compiler/checker.h"
#include "compiler/ranges.h"

namespace lictor {
namespace {

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
    for (const ast::Yield& yield : source_.yields) cx_.report(Diag::kNotSupported, yield.head.span).arg("`yield`");
    defaults(decision);
    std::unordered_map<std::string_view, Span> ids;
    decision.clauses.reserve(source_.clauses.size());
    for (const ast::Clause& clause : source_.clauses) {
      const ast::Name& id = clause.head.name;
      if (id.text == "default") cx_.report(Diag::kNameTaken, id.span).arg(id.text);
      auto [it, fresh] = ids.emplace(id.text, id.span);
      if (!fresh) {
        cx_.report(Diag::kDuplicateName, id.span)
            .arg("the clause")
            .arg(id.text)
            .related(it->second, "declared here first");
      }
      decision.clauses.push_back(check_clause(clause));
      check_clause_annotations(cx_, module_, clause, decision, decision.clauses.back());
    }
  }

 private:
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
  }

  std::vector<Application> applications(Checker& checker, const SlotRanges& ranges,
                                        const std::vector<ast::Application>& list, SymbolKind kind) {
    std::vector<Application> out;
    std::string_view what = kind == SymbolKind::kObligation ? "obligation" : "requirement";
    auto& decls = kind == SymbolKind::kObligation ? cx_.schema().obligations : cx_.schema().requirements;
    for (const ast::Application& application : list) {
      if (!application.verb.empty()) {
        cx_.report(Diag::kNotSupported, application.call.span).arg("`" + application.verb + "`");
        continue;
      }
      const Symbol* symbol = cx_.names.resolve(module_, application.call.text, application.call.name_span, what);
      if (symbol == nullptr) continue;
      cx_.note_symbol(module_, application.call.name_span, application.call.text, *symbol);
      if (symbol->kind != kind) {
        cx_.report(Diag::kWrongKind, application.call.span)
            .arg(application.call.text)
            .arg(describe(symbol->kind))
            .arg(describe(kind))
            .related(symbol->span, "declared here");
        continue;
      }
      const SignatureDecl& decl = decls[symbol->index];
      Application made{symbol->index, checker.arguments(application.call, decl.params, what, symbol->span),
                       application.call.span};
      for (size_t i = 0; i < made.args.size(); ++i) check_value_range(cx_, ranges, made.args[i], decl.params[i].type);
      out.push_back(std::move(made));
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
