// The checker of tests: given facts, times, parameters and expectations as constants. Here a string stands for an entity's id.
#pragma once

#include <span>
#include <vector>

#include "compiler/checker.h"

namespace lictor {

/// What a fixture gives, checked once in its own module, however many tests take it.
struct CheckedFixture {
  std::vector<TestStatement> statements;
  bool has_time = false;
  enum class State : uint8_t { kNew, kOpen, kDone } state = State::kNew;
};

class TestChecker {
 public:
  TestChecker(CheckContext& context, uint32_t module, const std::vector<bool>& reads_now,
              std::vector<CheckedFixture>& fixtures)
      : cx_(context), module_(module), reads_now_(reads_now), fixtures_(fixtures) {}
  Test check(const ast::Test& source);
  void check_fixture(const ast::Fixture& source, CheckedFixture& out);

 private:
  static constexpr int64_t kMostStatements = 100'000;  // that fixtures give
  static constexpr int64_t kMostCases = 100'000;

  static std::string_view barred_in_fixture(ast::StatementKind kind);
  std::vector<TestStatement> statements(std::span<const ast::Statement> list);
  TestStatement start(const ast::Statement& source);

  // given, at, with
  void given(const ast::Statement& source, std::vector<TestStatement>& out);
  /// "staff", "tests.staff"
  static std::string path_of(const ast::Expr& expr);
  void given_fixture(const ast::Expr& name, std::vector<TestStatement>& out);
  void given_instance(const ast::Statement& source, const ast::Expr& fact, uint32_t entity,
                      const std::vector<ast::Expr>& parents, std::vector<TestStatement>& out);
  void given_rows(const ast::Statement& source, const ast::Expr& fact, uint32_t relation,
                  const std::vector<ast::Expr>& parents, std::vector<TestStatement>& out);
  void at(const ast::Statement& source, std::vector<TestStatement>& out);
  void with(const ast::Statement& source, std::vector<TestStatement>& out);
  void wrong_kind(const ast::Expr& expr, const Symbol& symbol, std::string_view wanted);

  // expect (check_expect.cc)
  void expect(const ast::Statement& source, std::vector<TestStatement>& out);
  /// What an expectation says of the answer.
  void expected(const ast::Statement& source, const Decision& decision, TestStatement& made);
  ast::Outcome outcome(const ast::Name& word);

  // cases, for all
  void cases(const ast::Statement& table, std::span<const ast::Statement> rest, std::vector<TestStatement>& out);
  void check_columns(const std::vector<ast::Name>& columns, std::vector<bool>& used);
  /// The row with its values in the order of the columns; they stand by position or by name.
  std::optional<ast::Row> in_order(const ast::Row& row, const std::vector<ast::Name>& columns);
  void for_all(const ast::Statement& source, std::vector<TestStatement>& out);
  void expect_of_all(const ast::Statement& source, TestStatement& all);

  // expect, its parts (check_expect.cc)
  void check_clause_id(const Decision& decision, const ast::Name& id);
  std::vector<std::optional<Datum>> request_fields(const ast::Expr& call, const RequestDecl& request);
  void unknown_field(const ast::Expr& value, const ast::Name& name, const RequestDecl& request);
  std::vector<Application> obligations(const ast::Statement& source);
  std::vector<std::pair<std::string, Datum>> yields(const ast::Statement& source, const Decision& decision);

  // expect rows (check_expect.cc)
  void expect_refused(const ast::Statement& source, std::vector<TestStatement>& out);
  void expect_rows(const ast::Statement& source, std::vector<TestStatement>& out);
  /// A constant, or nothing; a word that is no constant leaves the column open.
  std::optional<Datum> pattern_column(const ast::Expr& arg, TypeId type, uint32_t column, TestStatement& statement);
  bool is_member(TypeId type, std::string_view word);
  void expected_row(const ast::Row& row, const RelationDecl& decl, TestStatement& statement);

  CheckContext& cx_;
  uint32_t module_;
  const std::vector<bool>& reads_now_;
  std::vector<CheckedFixture>& fixtures_;
  bool has_time_ = false;
  int64_t cases_ = 0;  // of this test, tables in tables multiplied
};

}  // namespace lictor
