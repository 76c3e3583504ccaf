// Random programs, facts and requests. Programs are made as source text, so that every stage from the parser on takes
// part. Domains are small, so that joins meet, keys collide and negations fail; numbers reach the ends of their types.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "compiler/program.h"
#include "runtime/facts.h"

namespace lictor::testing {

inline constexpr const char* kStrings[] = {"a", "b", "ab", "abc", "", "zeta", "\xC3\xA9t\xC3\xA9"};

inline constexpr const char* kAddresses[] = {"10.0.0.1",    "10.0.0.0/8", "10.128.0.0/9", "0.0.0.0/0",
                                             "2001:db8::1", "::/0",       "2001:db8::/32"};

class Generator {
 public:
  explicit Generator(uint64_t seed) : random_(seed) {}

  /// A module with enums, entities, relations, rules (recursive ones too), request-time rules and one decision `d`.
  /// Most are accepted by the checker; a caller skips the others.
  std::string program();
  /// Facts for the program's base relations and entities.
  FactSet facts(const Program& program);
  /// One value per field of the decision's request; nothing = left out.
  std::vector<std::optional<Datum>> request(const Program& program, uint32_t decision);
  int64_t now();

 private:
  struct Column {
    char type;  // I int, S string, C Color, U User, D Doc, G Group, M decimal, A ip, K clock, B Box, P Actor
  };
  struct Relation {
    std::string name;
    std::vector<Column> columns;
    bool request = false;  // its first argument is the request
    int level = 0;         // negation and aggregation look at lower levels only
    size_t keys = 0;       // columns of its key, the first ones; 0: no key
    bool expires = false;  // it has one more column, a time at which its rows expire
    bool host = false;     // the host keeps it
    bool event = false;    // its rows are events
  };
  struct Scope {
    std::vector<std::pair<std::string, char>> bound;
    bool request = false;
    int level = 0;
    int depth = 0;
  };

  static std::string type_text(char type);
  int below(int n) { return static_cast<int>(random_() % static_cast<uint64_t>(n)); }
  bool chance(int percent) { return below(100) < percent; }
  std::string fresh() { return "v" + std::to_string(++variables_); }
  std::string constant(char type);
  std::string term(Scope& scope, char type);   // an expression over bound variables
  std::string bound(Scope& scope, char type);  // a bound variable, or ""
  std::string number(Scope& scope, int depth);
  std::string number_text(Scope& scope);
  const Relation* pick(bool lower, const Scope& scope);
  std::string atom(Scope& scope, const Relation& relation, bool negated);
  std::string literal(Scope& scope);
  std::string comparison(Scope& scope);
  std::string civil(Scope& scope);
  std::string made_text(Scope& scope, const std::string& a);
  std::string nested(Scope& scope);
  std::string aggregate(Scope& scope);
  std::string body(Scope& scope, int literals);
  std::string ranging(Scope& scope);
  std::string rule(const Relation& head);
  std::string shapes();
  std::string key_part(Relation& relation);
  std::string lookup(Scope& scope, char type);
  std::string keyed(Scope& scope);
  std::string keyed_shapes();
  std::string record_declarations();
  static std::string record_fields();
  std::string box_constant();
  std::string box_of(Scope& scope);
  std::string box_literal(Scope& scope);
  std::string actor_literal(Scope& scope);
  std::string record_shapes();
  std::string combining();
  std::string expiry(Scope& scope, std::vector<std::pair<std::string, char>>& added);
  std::string annotations();
  std::string yields();
  std::string reads_yield(Scope& scope);
  std::string change(Scope& scope);
  std::string before(const Relation& relation);
  std::string behind(const Relation& relation);
  std::string granted(Scope& scope);
  std::string asked_decision();
  std::string guard(std::vector<std::pair<std::string, char>> names, int percent);
  std::string lifecycle();
  std::string watch();
  std::string clause(int number);
  std::string with_single_marked(std::string text);  // variables that stand once get an underscore
  Datum value(const Schema& schema, TypeId type);
  Datum collection(const Schema& schema, const Type& type);

  std::mt19937_64 random_;
  std::vector<Relation> relations_;
  int variables_ = 0;
  int yields_ = 0;            // of the decision
  bool asks_ = false;         // there is a decision `e`
  bool records_ = false;      // the program has records and unions
  bool governed_ = false;     // documents have a lifecycle
  bool by_priority_ = false;  // how the decision's clauses are combined
};

}  // namespace lictor::testing
