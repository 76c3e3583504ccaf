// Tests: what is given, tables of cases, fixtures, and `for all`. Expectations: check_expect.cc.
#include <algorithm>

#include "compiler/binding_time.h"
#include "compiler/case_columns.h"
#include "compiler/check_facts.h"
#include "compiler/test_checker.h"

namespace lictor {

Test TestChecker::check(const ast::Test& source) {
  Test out;
  out.title = source.head.name.text;
  out.module = path_text(cx_.modules[module_].name);
  out.span = source.head.span;
  out.statements = statements(source.statements);
  return out;
}

void TestChecker::check_fixture(const ast::Fixture& source, CheckedFixture& out) {
  out.state = CheckedFixture::State::kOpen;
  for (const ast::Statement& statement : source.statements) {
    if (statement.kind == ast::StatementKind::kGiven) given(statement, out.statements);
    if (statement.kind == ast::StatementKind::kAt) at(statement, out.statements);
    if (statement.kind == ast::StatementKind::kWith) with(statement, out.statements);
    if (std::string_view word = barred_in_fixture(statement.kind); !word.empty()) {
      cx_.report(Diag::kFixtureStatement, statement.span).arg(word);
    }
  }
  out.has_time = has_time_;
  out.state = CheckedFixture::State::kDone;
}

std::string_view TestChecker::barred_in_fixture(ast::StatementKind kind) {
  switch (kind) {
    case ast::StatementKind::kExpect:
    case ast::StatementKind::kExpectRows:
      return "`expect`";
    case ast::StatementKind::kCases:
      return "`cases`";
    case ast::StatementKind::kForAll:
      return "`for all`";
    default:
      return "";
  }
}

std::vector<TestStatement> TestChecker::statements(std::span<const ast::Statement> list) {
  std::vector<TestStatement> out;
  for (size_t i = 0; i < list.size(); ++i) {
    switch (list[i].kind) {
      case ast::StatementKind::kGiven:
        given(list[i], out);
        break;
      case ast::StatementKind::kAt:
        at(list[i], out);
        break;
      case ast::StatementKind::kWith:
        with(list[i], out);
        break;
      case ast::StatementKind::kExpect:
        expect(list[i], out);
        break;
      case ast::StatementKind::kExpectRows:
        expect_rows(list[i], out);
        break;
      case ast::StatementKind::kExpectRefused:
        expect_refused(list[i], out);
        break;
      case ast::StatementKind::kCases:
        cases(list[i], list.subspan(i + 1), out);
        return out;
      case ast::StatementKind::kForAll:
        for_all(list[i], out);
        break;
    }
  }
  return out;
}

TestStatement TestChecker::start(const ast::Statement& source) {
  TestStatement out;
  out.kind = source.kind;
  out.span = source.span;
  return out;
}

// ---- given, at, with ----------------------------------------------------------------------------------------------

void TestChecker::given(const ast::Statement& source, std::vector<TestStatement>& out) {
  for (size_t i = 0; i < source.facts.size(); ++i) {
    const ast::Expr& fact = source.facts[i];
    if (fact.kind != ast::ExprKind::kCall) {
      given_fixture(fact, out);
      continue;
    }
    if (fact.history) {
      cx_.report(Diag::kBadFact, fact.span);
      continue;
    }
    const Symbol* symbol = cx_.names.resolve(module_, fact.text, fact.span, "entity or relation");
    if (symbol == nullptr) continue;
    cx_.note_symbol(module_, fact.name_span, fact.text, *symbol);
    const std::vector<ast::Expr> none;
    const auto& parents = i < source.memberships.size() ? source.memberships[i] : none;
    if (symbol->kind == SymbolKind::kEntity) {
      given_instance(source, fact, symbol->index, parents, out);
    } else if (symbol->kind == SymbolKind::kRelation) {
      given_rows(source, fact, symbol->index, parents, out);
    } else {
      wrong_kind(fact, *symbol, "an entity type or a relation");
    }
  }
}

std::string TestChecker::path_of(const ast::Expr& expr) {
  return expr.kind == ast::ExprKind::kField ? path_of(expr.args[0]) + "." + expr.text : expr.text;
}

void TestChecker::given_fixture(const ast::Expr& name, std::vector<TestStatement>& out) {
  std::string path = path_of(name);
  const Symbol* symbol = cx_.names.resolve(module_, path, name.span, "fixture");
  if (symbol == nullptr) return;
  cx_.note_symbol(module_, name.span, path, *symbol);
  if (symbol->kind != SymbolKind::kFixture) {
    cx_.report(Diag::kWrongKind, name.span)
        .arg(path)
        .arg(describe(symbol->kind))
        .arg("a fixture")
        .related(symbol->span, "declared here");
    return;
  }
  CheckedFixture& fixture = fixtures_[symbol->index];
  const Names::Declared& declared = cx_.names.fixtures()[symbol->index];
  const ast::Fixture& source = cx_.modules[declared.module].fixtures[declared.position];
  if (fixture.state == CheckedFixture::State::kOpen) {
    cx_.report(Diag::kFixtureCycle, name.span).arg(path).related(symbol->span, "declared here");
    return;
  }
  if (fixture.state == CheckedFixture::State::kNew) {
    TestChecker(cx_, declared.module, reads_now_, fixtures_).check_fixture(source, fixture);
  }
  has_time_ = has_time_ || fixture.has_time;
  if (out.size() + fixture.statements.size() > kMostStatements) {
    cx_.report(Diag::kTestTooLarge, name.span).arg("`" + path + "`").arg(kMostStatements).arg("statements");
    return;
  }
  out.insert(out.end(), fixture.statements.begin(), fixture.statements.end());
}

void TestChecker::given_instance(const ast::Statement& source, const ast::Expr& fact, uint32_t entity,
                                 const std::vector<ast::Expr>& parents, std::vector<TestStatement>& out) {
  auto instance = check_instance(cx_, module_, entity, fact.args, fact.arg_names, parents, fact.span, true);
  if (!instance) return;
  TestStatement made = start(source);
  made.span = fact.span;
  made.entity = entity;
  made.instance = std::move(*instance);
  out.push_back(std::move(made));
}

void TestChecker::given_rows(const ast::Statement& source, const ast::Expr& fact, uint32_t relation,
                             const std::vector<ast::Expr>& parents, std::vector<TestStatement>& out) {
  const RelationDecl& decl = cx_.schema().relations[relation];
  if (cx_.names.relations()[relation].position == kNoIndex || decl.sealed) {
    cx_.report(Diag::kGivenDerived, fact.span).arg(decl.info.name).related(decl.info.span, "its first rule");
    return;
  }
  if (!parents.empty()) cx_.report(Diag::kBadType, parents[0].span).arg("a row").arg("in an entity");
  for (FactRow& row : check_row(cx_, module_, relation, fact.args, fact.arg_names, fact.span, true)) {
    bool timeless =
        decl.is_event && row.values.size() == decl.columns.size() && row.values[decl.event_time()].n == kTimeOfTest;
    if (timeless && !has_time_) {
      cx_.report(Diag::kNowWithoutAt, fact.span)
          .arg(fact.text)
          .hint("write `at` and a time before `given`, or give the event its own: `" + fact.text +
                "(..., at: time\"...\")`");
    }
    TestStatement made = start(source);
    made.span = fact.span;
    made.relation = relation;
    made.row = std::move(row);
    out.push_back(std::move(made));
  }
}

void TestChecker::at(const ast::Statement& source, std::vector<TestStatement>& out) {
  std::optional<Datum> time = check_constant(cx_, module_, source.value[0], kTimeType);
  has_time_ = true;
  if (!time) return;
  TestStatement made = start(source);
  made.value = std::move(*time);
  out.push_back(std::move(made));
}

void TestChecker::with(const ast::Statement& source, std::vector<TestStatement>& out) {
  const Symbol* symbol = cx_.names.resolve(module_, source.name.text, source.name.span, "parameter");
  if (symbol == nullptr) return;
  cx_.note_symbol(module_, source.name.span, source.name.text, *symbol);
  if (symbol->kind != SymbolKind::kParam) {
    ast::Expr word;
    word.text = source.name.text;
    word.span = source.name.span;
    return wrong_kind(word, *symbol, "a parameter");
  }
  auto value = check_constant(cx_, module_, source.value[0], cx_.schema().params[symbol->index].type, true);
  if (!value) return;
  TestStatement made = start(source);
  made.param = symbol->index;
  made.value = std::move(*value);
  out.push_back(std::move(made));
}

void TestChecker::wrong_kind(const ast::Expr& expr, const Symbol& symbol, std::string_view wanted) {
  cx_.report(Diag::kWrongKind, expr.span)
      .arg(expr.text)
      .arg(describe(symbol.kind))
      .arg(wanted)
      .related(symbol.span, "declared here");
}

// ---- cases, for all -----------------------------------------------------------------------------------------------

void TestChecker::cases(const ast::Statement& table, std::span<const ast::Statement> rest,
                        std::vector<TestStatement>& out) {
  std::vector<bool> used(table.columns.size());
  TestStatement made = start(table);
  check_columns(table.columns, used);
  if (table.rows.empty()) cx_.report(Diag::kNoCases, table.span);
  for (const ast::Row& row : table.rows) {
    if (++cases_ > kMostCases) {
      if (cases_ == kMostCases + 1) {
        cx_.report(Diag::kTestTooLarge, table.span).arg("the test").arg(kMostCases).arg("cases");
      }
      break;
    }
    std::optional<ast::Row> values = in_order(row, table.columns);
    if (!values) {
      used.assign(used.size(), true);  // nobody should be told that a column is not read
      continue;
    }
    bool had_time = has_time_;
    std::vector<ast::Statement> written = with_case(rest, table.columns, *values, *cx_.diagnostics, used);
    made.cases.push_back({row.span, statements(written)});
    has_time_ = had_time;
  }
  for (size_t i = 0; i < used.size(); ++i) {
    const ast::Name& column = table.columns[i];
    if (used[i] || table.rows.empty() || column.text.starts_with("_")) continue;
    cx_.report(Diag::kSingleVariable, column.span).arg(column.text);
  }
  out.push_back(std::move(made));
}

void TestChecker::check_columns(const std::vector<ast::Name>& columns, std::vector<bool>& used) {
  for (size_t i = 0; i < columns.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (columns[i].text != columns[j].text) continue;
      used[i] = true;  // one mistake is enough
      cx_.report(Diag::kDuplicateName, columns[i].span)
          .arg("the column")
          .arg(columns[i].text)
          .related(columns[j].span, "named here first");
      break;
    }
    if (const EnumDecl* decl = cx_.names.visible_enum_with(module_, columns[i].text)) {
      cx_.report(Diag::kVariableLikeMember, columns[i].span)
          .arg(columns[i].text)
          .arg(decl->info.name)
          .related(decl->info.span, "declared here");
    }
  }
}

std::optional<ast::Row> TestChecker::in_order(const ast::Row& row, const std::vector<ast::Name>& columns) {
  ast::Row out;
  out.span = row.span;
  out.values.resize(columns.size());
  std::vector<bool> given(columns.size());
  bool ok = row.values.size() == columns.size();
  if (!ok) {
    cx_.report(Diag::kArity, row.span)
        .arg("the table")
        .arg(count_of(columns.size(), "value"))
        .arg(std::to_string(row.values.size()));
  }
  for (size_t i = 0; i < row.values.size() && ok; ++i) {
    const std::string& name = row.names[i].text;
    auto it = std::ranges::find(columns, name, &ast::Name::text);
    size_t column = name.empty() ? i : static_cast<size_t>(it - columns.begin());
    if (column == columns.size()) {
      cx_.report(Diag::kUnknownMember, row.names[i].span).arg("the table").arg("column").arg(name);
      return std::nullopt;
    }
    if (given[column]) {
      cx_.report(Diag::kArgumentTwice, row.values[i].span).arg(columns[column].text);
      return std::nullopt;
    }
    given[column] = true;
    out.values[column] = row.values[i];
  }
  return ok ? std::optional(std::move(out)) : std::nullopt;
}

void TestChecker::for_all(const ast::Statement& source, std::vector<TestStatement>& out) {
  ast::TypeExpr type;
  type.name = source.type;
  type.span = source.type.span;
  TypeId resolved = resolve_type(cx_, module_, type, true);
  if (resolved == kErrorType) return;
  if (cx_.types().kind(resolved) != TypeKind::kRequest) {
    cx_.report(Diag::kTakesRequest, source.type.span).arg("`" + type_name(cx_.schema(), resolved) + "`");
    return;
  }
  if (const EnumDecl* decl = cx_.names.visible_enum_with(module_, source.name.text)) {
    cx_.report(Diag::kVariableLikeMember, source.name.span)
        .arg(source.name.text)
        .arg(decl->info.name)
        .related(decl->info.span, "declared here");
  }
  TestStatement made = start(source);
  made.request = cx_.types()[resolved].decl;
  made.variable = source.name.text;
  if (auto probe = cx_.probes.find({source.span.file, source.span.begin}); probe != cx_.probes.end())
    made.probe = probe->second;
  size_t decisions = cx_.program.decisions.size();
  if (made.probe != kNoIndex && reads_now_[decisions + made.probe] && !has_time_) {
    cx_.report(Diag::kNowWithoutAt, source.span).arg("where");
  }
  for (const ast::Statement& inside : source.inside) expect_of_all(inside, made);
  out.push_back(std::move(made));
}

void TestChecker::expect_of_all(const ast::Statement& source, TestStatement& all) {
  const ast::Expr& call = source.value[0];
  const Symbol* symbol = cx_.names.resolve(module_, call.text, call.span, "decision");
  if (symbol == nullptr) return;
  cx_.note_symbol(module_, call.name_span, call.text, *symbol);
  if (symbol->kind != SymbolKind::kDecision) return wrong_kind(call, *symbol, "a decision");
  bool asks = call.args.size() == 1 && call.arg_names[0].text.empty() && call.args[0].kind == ast::ExprKind::kName &&
              call.args[0].text == all.variable;
  if (!asks) {
    cx_.report(Diag::kForAllRequest, call.span).arg(all.variable);
    return;
  }
  const Decision& decision = cx_.program.decisions[symbol->index];
  if (decision.request != all.request && decision.request != kNoIndex) {
    const auto& requests = cx_.schema().requests;
    cx_.report(Diag::kWrongRequest, call.span)
        .arg(call.text)
        .arg(requests[decision.request].info.name)
        .arg("`" + requests[all.request].info.name + "`");
    return;
  }
  TestStatement made = start(source);
  made.decision = symbol->index;
  expected(source, decision, made);
  if (reads_now_[symbol->index] && !has_time_) cx_.report(Diag::kNowWithoutAt, call.span).arg(call.text);
  all.inside.push_back(std::move(made));
}

void check_tests(CheckContext& context) {
  bool any = false;
  for (uint32_t m = 0; m < context.modules.size(); ++m) {
    any = any || !context.modules[m].tests.empty() || !context.modules[m].fixtures.empty();
  }
  if (!any) return;
  std::vector<bool> reads_now = decisions_reading_now(context.program);
  std::vector<CheckedFixture> fixtures(context.names.fixtures().size());
  for (uint32_t m = 0; m < context.modules.size(); ++m) {
    for (const ast::Test& source : context.modules[m].tests) {
      context.program.tests.push_back(TestChecker(context, m, reads_now, fixtures).check(source));
    }
  }
  for (size_t i = 0; i < fixtures.size(); ++i) {  // those that no test takes
    if (fixtures[i].state != CheckedFixture::State::kNew) continue;
    const Names::Declared& at = context.names.fixtures()[i];
    TestChecker(context, at.module, reads_now, fixtures)
        .check_fixture(context.modules[at.module].fixtures[at.position], fixtures[i]);
  }
}

}  // namespace lictor
