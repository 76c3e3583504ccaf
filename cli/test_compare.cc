#include "cli/test_compare.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

#include "cli/decision_text.h"
#include "cli/output.h"

namespace lictor::cli {
namespace {

using Row = std::vector<Datum>;

std::string quoted(const std::string& text) { return fmt::format("\"{}\"", printable(text)); }

std::string errors_text(const DecisionResult& got) {
  std::string out = fmt::format("{}", got.errors.size());
  for (const EvalError& error : got.errors) out += fmt::format("; {}", printable(error.message));
  return out;
}

std::string application_text(const Schema& schema, const Application& application) {
  bool change = application.verb != Verb::kEmit;
  const DeclInfo& info =
      change ? schema.relations[application.signature].info : schema.obligations[application.signature].info;
  const std::vector<FieldDecl>& params =
      change ? schema.relations[application.signature].columns : schema.obligations[application.signature].params;
  AppliedSignature signature{info.name, {}, false, application.verb};
  for (size_t i = 0; i < application.args.size(); ++i) {
    const Expr& arg = application.args[i];
    if (i < application.any.size() && application.any[i]) continue;
    signature.args.emplace_back(params[i].name, arg.constant ? *arg.constant : Datum{});
  }
  return signature_text(schema, signature);
}

std::string joined(const std::vector<std::string>& texts) {
  return texts.empty() ? "none" : fmt::format("{}", fmt::join(texts, ", "));
}

/// The row of a lifecycle's history says what the clause says; a test that does not speak of it need not repeat it.
bool is_left_out(const Schema& schema, const TestStatement& expected, const AppliedSignature& change) {
  auto is_this = [&](const RelationDecl& relation) { return relation.moves && relation.info.name == change.name; };
  return std::ranges::any_of(schema.relations, is_this) &&
         std::ranges::none_of(expected.then, [&](const Application& wanted) {
           return wanted.verb != Verb::kEmit && is_this(schema.relations[wanted.signature]);
         });
}

/// Obligations in any order, changes in theirs.
void compare_obligations(const Schema& schema, const TestStatement& expected, const DecisionResult& got,
                         std::vector<Difference>& differences) {
  std::vector<std::string> wanted, emitted, wanted_changes, changes;
  for (const Application& application : expected.then) {
    (application.verb == Verb::kEmit ? wanted : wanted_changes).push_back(application_text(schema, application));
  }
  for (const AppliedSignature& signature : got.obligations) emitted.push_back(signature_text(schema, signature));
  for (const AppliedSignature& change : got.changes) {
    if (!is_left_out(schema, expected, change)) changes.push_back(signature_text(schema, change));
  }
  std::sort(wanted.begin(), wanted.end());
  std::sort(emitted.begin(), emitted.end());
  if (wanted != emitted) differences.push_back({"obligations", joined(wanted), joined(emitted)});
  if (wanted_changes != changes) differences.push_back({"changes", joined(wanted_changes), joined(changes)});
}

bool matches(const Schema& schema, const TestStatement& statement, const Row& row) {
  for (size_t i = 0; i < row.size(); ++i) {
    if (statement.pattern[i] && compare(schema, *statement.pattern[i], row[i]) != 0) return false;
  }
  return true;
}

/// Rows as an author would write them, sorted and distinct.
std::vector<std::string> row_texts(const Schema& schema, const std::vector<Row>& rows) {
  std::vector<std::string> out;
  for (const Row& row : rows) {
    std::vector<std::string> cells;
    for (const Datum& value : row) cells.push_back(printable(show_source(schema, value)));
    out.push_back(fmt::format("({})", fmt::join(cells, ", ")));
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace

std::vector<Difference> compare_decision(const Schema& schema, const TestStatement& expected,
                                         const DecisionResult& got) {
  std::vector<Difference> out;
  std::string wanted_outcome(outcome_name(expected.outcome)), got_outcome(outcome_name(got.outcome));
  if (wanted_outcome != got_outcome) out.push_back({"outcome", wanted_outcome, got_outcome});
  if (expected.clause && *expected.clause != got.winner.id) out.push_back({"clause", *expected.clause, got.winner.id});
  if (expected.reason && *expected.reason != got.winner.reason) {
    out.push_back({"reason", quoted(*expected.reason), quoted(got.winner.reason)});
  }
  if (expected.has_then) compare_obligations(schema, expected, got, out);
  for (const auto& [name, value] : expected.yields) {
    auto found = std::ranges::find(got.yields, name, &std::pair<std::string, Datum>::first);
    std::string wanted = printable(show_source(schema, value));
    std::string yielded = found == got.yields.end() ? "none" : printable(show_source(schema, found->second));
    if (wanted != yielded) out.push_back({name, wanted, yielded});
  }
  if (expected.errors && *expected.errors != static_cast<int64_t>(got.errors.size())) {
    out.push_back({"errors", fmt::format("{}", *expected.errors), errors_text(got)});
  }
  return out;
}

std::vector<Difference> compare_rows(const Schema& schema, const TestStatement& expected, const std::vector<Row>& all) {
  std::vector<Row> open, wanted;
  for (const Row& row : all) {
    if (!matches(schema, expected, row)) continue;
    Row& projected = open.emplace_back();
    for (uint32_t column : expected.open_columns) projected.push_back(row[column]);
  }
  for (const FactRow& row : expected.rows) wanted.push_back(row.values);
  std::vector<std::string> got = row_texts(schema, open), should = row_texts(schema, wanted), missing, unexpected;
  std::set_difference(should.begin(), should.end(), got.begin(), got.end(), std::back_inserter(missing));
  std::set_difference(got.begin(), got.end(), should.begin(), should.end(), std::back_inserter(unexpected));
  std::vector<Difference> out;
  for (const std::string& row : missing) out.push_back({"row", row, ""});
  for (const std::string& row : unexpected) out.push_back({"row", "", row});
  return out;
}

std::string difference_text(const Difference& difference) {
  if (difference.what == "row") {
    return difference.got.empty() ? fmt::format("missing row     {}\n", difference.expected)
                                  : fmt::format("unexpected row  {}\n", difference.got);
  }
  return fmt::format("{:12}expected {}\n{:12}got      {}\n", difference.what, difference.expected, "", difference.got);
}

}  // namespace lictor::cli
