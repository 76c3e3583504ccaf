// Expectations of tests.
#include <algorithm>

#include "compiler/pattern_columns.h"
#include "compiler/rows_probe.h"
#include "compiler/test_checker.h"

namespace lictor {

// ---- expect -------------------------------------------------------------------------------------------------------

void TestChecker::expect(const ast::Statement& source, std::vector<TestStatement>& out) {
  const ast::Expr& call = source.value[0];
  const Symbol* symbol = cx_.names.resolve(module_, call.text, call.span, "decision");
  if (symbol == nullptr) return;
  cx_.note_symbol(module_, call.name_span, call.text, *symbol);
  if (symbol->kind != SymbolKind::kDecision) return wrong_kind(call, *symbol, "a decision");
  const Decision& decision = cx_.program.decisions[symbol->index];
  TestStatement made = start(source);
  made.decision = symbol->index;
  if (decision.request != kNoIndex) made.fields = request_fields(call, cx_.schema().requests[decision.request]);
  expected(source, decision, made);
  if (reads_now_[symbol->index] && !has_time_) cx_.report(Diag::kNowWithoutAt, call.span).arg(call.text);
  out.push_back(std::move(made));
}

void TestChecker::expected(const ast::Statement& source, const Decision& decision, TestStatement& made) {
  made.outcome = outcome(source.outcome);
  if (source.reason_column) {
    cx_.report(Diag::kUnknownName, source.reason_column->span).arg("column of cases").arg(source.reason_column->text);
  }
  if (source.clause) check_clause_id(decision, *source.clause);
  if (source.clause) made.clause = source.clause->text;
  made.reason = source.reason;
  made.has_then = source.has_then;
  made.then = obligations(source);
  made.yields = yields(source, decision);
  made.errors = source.errors;
}

ast::Outcome TestChecker::outcome(const ast::Name& word) {
  if (word.text == "allow") return ast::Outcome::kAllow;
  if (word.text == "deny") return ast::Outcome::kDeny;
  if (word.text == "require") return ast::Outcome::kRequire;
  auto report = cx_.report(Diag::kUnknownOutcome, word.span);
  report.arg(word.text);
  if (std::string hint = cx_.names.suggest(word.text, {"allow", "deny", "require"}); !hint.empty()) report.hint(hint);
  return ast::Outcome::kDeny;
}

// ---- expect, its parts ----------------------------------------------------------------------------------------------

void TestChecker::check_clause_id(const Decision& decision, const ast::Name& id) {
  std::vector<std::string> known{"default"};
  for (const Clause& clause : decision.clauses) {
    if (!clause.is_yield) known.push_back(clause.id);
  }
  if (std::find(known.begin(), known.end(), id.text) != known.end()) return;
  auto report = cx_.report(Diag::kUnknownMember, id.span);
  report.arg("decision `" + decision.info.name + "`").arg("clause").arg(id.text);
  if (std::string hint = cx_.names.suggest(id.text, known); !hint.empty()) report.hint(hint);
}

std::vector<std::optional<Datum>> TestChecker::request_fields(const ast::Expr& call, const RequestDecl& request) {
  std::vector<std::optional<Datum>> out(request.fields.size());
  std::vector<bool> given(request.fields.size());
  bool misspelt = false;  // then the field that is missing may be the one that was meant
  for (size_t i = 0; i < call.args.size(); ++i) {
    const ast::Name& name = call.arg_names[i];
    auto it = std::find_if(request.fields.begin(), request.fields.end(),
                           [&](const FieldDecl& field) { return field.name == name.text; });
    if (it == request.fields.end()) {
      unknown_field(call.args[i], name, request);
      misspelt = true;
      continue;
    }
    auto at = static_cast<size_t>(it - request.fields.begin());
    cx_.note(name.span, it->span, RefKind::kField, it->type);
    if (given[at]) cx_.report(Diag::kArgumentTwice, name.span).arg(name.text);
    given[at] = true;
    out[at] = check_constant(cx_, module_, call.args[i], it->type, true);
  }
  for (size_t i = 0; i < given.size() && !misspelt; ++i) {
    if (given[i] || !request.fields[i].mandatory(cx_.types())) continue;
    cx_.report(Diag::kMissingArgument, call.span)
        .arg("the request `" + request.info.name + "`")
        .arg("`" + request.fields[i].name + "`")
        .related(request.fields[i].span, "declared here without a default");
  }
  return out;
}

void TestChecker::unknown_field(const ast::Expr& value, const ast::Name& name, const RequestDecl& request) {
  std::vector<std::string> known;
  for (const FieldDecl& field : request.fields) known.push_back(field.name);
  if (name.text.empty()) {
    cx_.report(Diag::kMissingArgument, value.span)
        .arg("the value")
        .arg("the name of a field")
        .hint("write `" + (known.empty() ? std::string("field") : known[0]) + ": ...`");
    return;
  }
  auto report = cx_.report(Diag::kUnknownMember, name.span);
  report.arg("request `" + request.info.name + "`").arg("field").arg(name.text);
  if (std::string hint = cx_.names.suggest(name.text, known); !hint.empty()) report.hint(hint);
  report.related(request.info.span, "declared here");
}

std::vector<Application> TestChecker::obligations(const ast::Statement& source) {
  std::vector<Application> out;
  for (const ast::Application& application : source.then) {
    Checker checker(cx_, module_);
    checker.only_constants(true);
    std::optional<Application> made = checker.application(application, SymbolKind::kObligation);
    if (!made) continue;
    for (Expr& arg : made->args) {
      std::optional<Datum> value = constant_value(cx_.schema(), arg);
      if (!value && arg.type != kErrorType) cx_.report(Diag::kNotConstant, arg.span);
      if (value) arg = constant(std::move(*value), arg.span);
    }
    out.push_back(std::move(*made));
  }
  return out;
}

std::vector<std::pair<std::string, Datum>> TestChecker::yields(const ast::Statement& source, const Decision& decision) {
  std::vector<std::pair<std::string, Datum>> out;
  for (const auto& [name, value] : source.yields) {
    auto same = [&name = name](const Clause& clause) { return clause.is_yield && clause.id == name.text; };
    auto yield = std::ranges::find_if(decision.clauses, same);
    if (yield == decision.clauses.end()) {
      std::vector<std::string> known;
      for (const Clause& clause : decision.clauses) {
        if (clause.is_yield) known.push_back(clause.id);
      }
      auto report = cx_.report(Diag::kUnknownMember, name.span);
      report.arg("decision `" + decision.info.name + "`").arg("yield").arg(name.text);
      if (std::string hint = cx_.names.suggest(name.text, known); !hint.empty()) report.hint(hint);
      continue;
    }
    if (yield->instance.empty()) continue;  // it has a mistake of its own
    TypeId type = cx_.types().optional_of(yield->frame.variables[yield->instance[0]].type);
    auto expected = check_constant(cx_, module_, value, type, true);
    if (expected) out.emplace_back(name.text, std::move(*expected));
  }
  return out;
}

// ---- expect refused -----------------------------------------------------------------------------------------------

void TestChecker::expect_refused(const ast::Statement& source, std::vector<TestStatement>& out) {
  TestStatement made = start(source);
  if (std::string path = path_text(source.type); !path.empty()) {
    const Symbol* symbol = cx_.names.resolve(module_, path, source.type.span, "invariant");
    if (symbol == nullptr) return;
    cx_.note_symbol(module_, source.type.span, path, *symbol);
    auto is_this = [&](const Invariant& invariant) { return invariant.relation == symbol->index; };
    if (symbol->kind != SymbolKind::kRelation || std::ranges::none_of(cx_.program.invariants, is_this)) {
      cx_.report(Diag::kWrongKind, source.type.span)
          .arg(path)
          .arg(describe(symbol->kind))
          .arg("an invariant")
          .related(symbol->span, "declared here");
      return;
    }
    made.relation = symbol->index;
  }
  out.push_back(std::move(made));
}

// ---- expect rows --------------------------------------------------------------------------------------------------

void TestChecker::expect_rows(const ast::Statement& source, std::vector<TestStatement>& out) {
  const ast::Expr& call = source.value[0];
  const Symbol* symbol = cx_.names.resolve(module_, call.text, call.span, "relation");
  if (symbol == nullptr) return;
  cx_.note_symbol(module_, call.name_span, call.text, *symbol);
  if (symbol->kind != SymbolKind::kRelation) return wrong_kind(call, *symbol, "a relation");
  const RelationDecl& decl = cx_.schema().relations[symbol->index];
  bool by_time = depends_on_time(decl);
  if (decl.time == BindingTime::kRequest && !by_time) {
    cx_.report(Diag::kRowsNeedRequest, call.span).arg(decl.info.name);
    return;
  }
  TestStatement made = start(source);
  if (by_time && !has_time_) cx_.report(Diag::kNowWithoutAt, call.span).arg(call.text);
  if (by_time) {
    made.probe = static_cast<uint32_t>(cx_.program.probes.size());
    cx_.program.probes.push_back(rows_probe(cx_.program, symbol->index));
  }
  made.visible_only = !by_time && (decl.expires != kNoIndex || decl.is_event) && !call.history;
  if (made.visible_only && !has_time_) cx_.report(Diag::kNowWithoutAt, call.span).arg(call.text);
  if (call.history && decl.expires == kNoIndex && !decl.is_event)
    cx_.report(Diag::kNoHistory, call.span).arg(decl.info.name);
  std::vector<size_t> columns = pattern_columns(*cx_.diagnostics, decl, call);
  if (std::ranges::find(columns, SIZE_MAX) != columns.end()) return;
  made.relation = symbol->index;
  made.pattern.resize(decl.columns.size());
  for (size_t i = 0; i < columns.size(); ++i) {
    auto column = static_cast<uint32_t>(columns[i]);
    auto again = [&](const ast::Expr& other) {
      return other.kind == ast::ExprKind::kName && other.text == call.args[i].text;
    };
    bool twice = call.args[i].kind == ast::ExprKind::kName &&
                 std::any_of(call.args.begin(), call.args.begin() + static_cast<ptrdiff_t>(i), again) &&
                 !is_member(decl.columns[column].type, call.args[i].text);
    if (twice) {
      cx_.report(Diag::kNotSupported, call.args[i].span).arg("a variable that stands twice in `expect rows`");
      return;
    }
    made.pattern[column] = pattern_column(call.args[i], decl.columns[column].type, column, made);
  }
  for (const ast::Row& row : source.rows) expected_row(row, decl, made);
  out.push_back(std::move(made));
}

std::optional<Datum> TestChecker::pattern_column(const ast::Expr& arg, TypeId type, uint32_t column,
                                                 TestStatement& statement) {
  if (arg.kind == ast::ExprKind::kWildcard) return std::nullopt;
  bool open = arg.kind == ast::ExprKind::kName && !is_member(type, arg.text) &&
              cx_.names.find(module_, arg.text) == nullptr && cx_.names.visible_enum_with(module_, arg.text) == nullptr;
  if (open) {
    statement.open_columns.push_back(column);
    return std::nullopt;
  }
  return check_constant(cx_, module_, arg, type, true);
}

bool TestChecker::is_member(TypeId type, std::string_view word) {
  type = unwrap(cx_.types(), type);
  if (cx_.types().kind(type) != TypeKind::kEnum) return false;
  const auto& members = cx_.schema().enums[cx_.types()[type].decl].members;
  return std::any_of(members.begin(), members.end(), [&](const auto& member) { return member.name == word; });
}

void TestChecker::expected_row(const ast::Row& row, const RelationDecl& decl, TestStatement& statement) {
  if (row.values.size() != statement.open_columns.size()) {
    cx_.report(Diag::kArity, row.span)
        .arg("the pattern")
        .arg(count_of(statement.open_columns.size(), "value"))
        .arg(std::to_string(row.values.size()));
    return;
  }
  FactRow out;
  out.span = row.span;
  for (size_t i = 0; i < row.values.size(); ++i) {
    auto value = check_constant(cx_, module_, row.values[i], decl.columns[statement.open_columns[i]].type, true);
    if (!value) return;
    out.values.push_back(std::move(*value));
  }
  statement.rows.push_back(std::move(out));
}

}  // namespace lictor
