// The naive evaluator: the meaning of a checked program, written for reading, not for speed. The other engines must agree
// with it. It walks core bodies from left to right over Datums; it knows no plan, index, word, symbol id or snapshot, and
// shares with the engines only the checked Program, the order of values (compare) and how values are shown (show).
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "compiler/program.h"
#include "runtime/facts.h"

namespace lictor::testing {

/// Equality of values whatever their static type says: optional or not, ranged or not.
std::string key_of(const Schema& schema, const Datum& value);
std::string key_of(const Schema& schema, const std::vector<Datum>& row);

struct NaiveInstance {
  int clause = -1;
  std::string id = "default";
  ast::Outcome outcome = ast::Outcome::kDeny;
  bool is_override = false;
  bool erred = false;
  std::string reason;
  std::vector<Datum> values;
  Mode mode = Mode::kEnforce;
  std::string text() const;
};

struct NaiveDecision {
  NaiveInstance winner;
  ast::Outcome outcome = ast::Outcome::kDeny;
  std::vector<NaiveInstance> also;
  std::vector<NaiveInstance> observed;
  std::vector<std::string> obligations;  // name(args) as source, in order, distinct
  std::vector<std::string> requirements;
  std::vector<std::string> changes;
  std::vector<std::string> yields;  // "name = value"
  std::set<std::string> errors;     // "kind@begin-end"
  bool deciding_erred = false;
};

class Naive {
 public:
  using Rows = std::map<std::string, std::vector<Datum>>;

  /// Evaluates all rules that need no request. `params` by Schema::params.
  Naive(const Program& program, std::vector<Datum> params, const FactSet& facts);

  /// Errors at fact time: a change of facts with any is refused.
  const std::set<std::string>& fact_errors() const { return fact_errors_; }
  std::vector<std::vector<Datum>> rows(uint32_t relation) const;

  /// `fields` by request field, defaults filled in, unknown entities already none.
  NaiveDecision decide(uint32_t decision, const std::vector<Datum>& fields, int64_t now);

 private:
  friend class BodyWalk;  // checks proofs against the model

  struct Scope {  // one rule or clause being evaluated
    std::vector<std::optional<Datum>> slots;
    const Frame* frame = nullptr;
    std::set<std::string>* errors = nullptr;  // where its errors go
    std::set<uint32_t>* reached = nullptr;    // request-time relations it read
  };
  using Then = std::function<void()>;

  std::optional<Datum> eval(const Expr& expr, Scope& scope);
  std::optional<Datum> function(const Expr& expr, const std::vector<Datum>& v, Scope& scope);
  std::optional<Datum> arithmetic(const Expr& expr, const Datum& a, const Datum& b, Scope& scope);
  Datum attribute(const Datum& entity, const Expr& expr) const;
  bool in_entity(const Datum& member, const Datum& group) const;
  std::optional<Datum> fail(const Expr& expr, const char* kind, Scope& scope);
  bool same(const Datum& a, const Datum& b) const;
  bool less(const Datum& a, const Datum& b) const;

  void solve(const Body& body, size_t from, Scope& scope, const Then& then);
  void literal(const Literal& literal, Scope& scope, const Then& then);
  void match(const std::vector<Arg>& args, const std::vector<Datum>& row, Scope& scope, const Then& then);
  void member(const Literal& literal, Scope& scope, const Then& then);
  void hierarchy(const Literal& literal, Scope& scope, const Then& then);
  void aggregate(const Literal& literal, Scope& scope, const Then& then);
  bool holds(const Body& body, Scope& scope);
  bool holds_for_all(const Literal& literal, Scope& scope);

  /// Instances that are asked for together.
  struct Step {
    ast::Outcome outcome = ast::Outcome::kDeny;
    std::vector<NaiveInstance> instances;
  };
  /// The steps of one rank (or of what is only observed), in the order of deciding.
  static std::vector<Step> steps_of(const Decision& decision, const std::vector<NaiveInstance>& rank);
  void check_keys(const Stratum& stratum, std::map<uint32_t, std::set<std::string>>* errors);
  void run_strata(bool request_time, std::map<uint32_t, std::set<std::string>>* errors,
                  const std::set<uint32_t>* needed = nullptr);
  /// Relations that the decision's clauses read, directly or through rules.
  std::set<uint32_t> relations_of(const Decision& decision) const;
  std::optional<Datum> granted(const Expr& expr, std::vector<Datum> fields, Scope& scope);
  bool run_rule(const Rule& rule, Scope& scope);
  void add_instances(const FactSet& facts);
  void mention(const Datum& value);
  bool is_request_time(uint32_t relation) const;
  std::vector<NaiveInstance> instances_of(const Clause& clause, int number, NaiveDecision& out,
                                          std::map<int, std::map<std::string, Scope>>& scopes);
  /// Changes among them go to `changes`, if anywhere.
  void applications(const std::vector<Application>& list, const std::vector<SignatureDecl>& signatures, Scope& scope,
                    std::vector<std::string>& out, std::vector<std::string>* changes = nullptr);

  const Program& program_;
  const Schema& schema_;
  std::vector<Datum> params_;
  std::vector<Rows> relations_;
  std::vector<Rows> given_;                                  // base rows, before any rule ran
  std::vector<std::map<std::string, EntityFact>> entities_;  // by type, by id
  std::map<std::string, std::set<std::string>> containers_;  // "type:id" to the same, reflexive
  std::set<std::string> fact_errors_;
  std::vector<Datum> fields_;
  uint32_t request_ = kNoIndex;  // their type
  int64_t now_ = 0;
  std::map<uint32_t, std::set<std::string>> request_errors_;  // by request-time relation, with what it read
};

}  // namespace lictor::testing
