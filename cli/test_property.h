// `for all r: Act where … expect …`: requests of a type are generated, and an expectation that one of them does not meet
// is shown with the simplest such request that can be found (after QuickCheck, Claessen and Hughes 2000).
//
// Where the type has few requests, all of them are tried, and the test proves what it says for the given facts. Else
// values come from where policies look: ids and texts of the facts, constants of the policy and their neighbours, the
// ends of ranges. The same seed gives the same requests on every machine.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "compiler/program.h"
#include "runtime/coverage.h"
#include "runtime/engine.h"

namespace lictor::cli {

using RequestFields = std::vector<std::optional<Datum>>;  // by field; nothing: left out

/// Values of one type to choose from, simple ones first.
struct Domain {
  std::vector<Datum> values;
  bool complete = false;  // there are no others
};

/// Makes requests of one type against the facts of an engine. REQUIRES: the program outlives it.
class RequestMaker {
 public:
  RequestMaker(const Program& program, uint32_t request, const Engine& engine, uint64_t seed);

  /// How many requests there are, or nothing where they are too many to count or to try.
  std::optional<uint64_t> count() const;
  /// The number-th of all. REQUIRES: number < count().
  RequestFields at(uint64_t number) const;
  /// REQUIRES: count() is not 0.
  RequestFields random();
  /// Requests a little simpler than this one, which at() or random() made.
  std::vector<RequestFields> simpler(const RequestFields& request) const;

 private:
  void collect(const Program& program);
  void collect(const FactSet& facts);
  void collect(const Datum& value);
  Domain domain_of(TypeId id);
  void instances(const Type& type, TypeId id, Domain& out);
  void union_members(const std::vector<TypeId>& members, TypeId id, Domain& out);
  void records(uint32_t decl, TypeId id, Domain& out);
  void texts(TypeKind kind, TypeId id, Domain& out);
  void numbers(const Type& type, TypeId id, Domain& out);
  void collections(const Type& type, TypeId id, Domain& out);
  static std::optional<Datum> field(const Datum& value);
  uint64_t below(uint64_t bound);

  const Schema& schema_;
  const RequestDecl& request_;
  std::mt19937_64 random_;
  std::vector<std::set<std::string>> known_;         // by entity type: ids
  std::map<TypeKind, std::set<std::string>> texts_;  // of policy and facts
  std::map<TypeKind, std::set<int64_t>> numbers_;    // of policy and facts
  std::vector<Domain> domains_;                      // by field
};

struct PropertyResult {
  uint64_t made = 0;   // requests
  uint64_t tried = 0;  // of them, those that fulfil the condition
  bool exhaustive = false;
  uint64_t all = 0;  // how many there are, where all are tried
  bool failed = false;
  size_t expectation = 0;  // of the statement's, the one that is not met
  RequestFields fields;    // by this request
};

/// REQUIRES: statement.kind is kForAll; all engines have the same facts, and the statement's probe as last decision.
class Property {
 public:
  Property(const Program& program, const TestStatement& statement, const std::vector<Engine*>& engines, int64_t now,
           Coverage* coverage)
      : program_(program), all_(statement), engines_(engines), now_(now), coverage_(coverage) {}
  /// Tries `most` requests that fulfil the condition, or all there are if they are not many more.
  PropertyResult run(uint64_t most, uint64_t seed);

 private:
  enum class Verdict : uint8_t { kOutside, kMet, kFailed };
  Verdict judge(const RequestFields& fields, size_t& expectation) const;
  bool fulfils_condition(const RequestFields& fields) const;
  bool meets(const TestStatement& expected, const RequestFields& fields) const;
  void shrink(const RequestMaker& maker, PropertyResult& result) const;

  const Program& program_;
  const TestStatement& all_;
  const std::vector<Engine*>& engines_;
  int64_t now_;
  Coverage* coverage_;  // null: nobody asked for it
};

/// "agent: \"a1\", action: \"read\"": as it would stand in an expectation.
std::string fields_text(const Schema& schema, const RequestDecl& request, const RequestFields& fields);

}  // namespace lictor::cli
