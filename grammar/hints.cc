#include "grammar/hints.h"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "grammar/diagnostics.h"

namespace lictor {
namespace {

struct Hint {
  std::string_view found;
  std::string_view text;
};

constexpr Hint kHints[] = {
    {"&", "conditions are joined by `,`"},
    {"and", "conditions are joined by `,`"},
    {"|", "alternatives are written `(a or b)`"},
    {"or", "alternatives stand in parentheses: `(a or b)`"},
    {"!", "negation is written `not`"},
    {"'", "strings stand in double quotes"},
    {"%", "the remainder is written `mod`"},
    {";", "rules and clauses end with a dot, other declarations need no mark"},
    {"null", "a missing value is written `none`"},
    {"#", "comments begin with `//`"},
    {"=>", "a rule is written `head(x) :- body.`"},
};

const std::vector<std::string>& declaration_words() {
  static const std::vector<std::string> words = {
      "module", "use",        "param",       "enum",     "type", "entity",  "relation", "event",  "request",
      "let",    "obligation", "requirement", "decision", "test", "private", "blocking", "fixture"};
  return words;
}

const std::vector<std::string>& clause_words() {
  static const std::vector<std::string> words = {"allow", "deny", "require", "default", "yield", "override"};
  return words;
}

}  // namespace

std::string hint_for(std::string_view expected, std::string_view found) {
  bool declaration = expected.starts_with("a declaration"), clause = expected.starts_with("a clause");
  if (declaration || clause) {
    std::string nearest = nearest_name(found, declaration ? declaration_words() : clause_words());
    if (!nearest.empty()) return fmt::format("did you mean `{}`?", nearest);
  }
  bool after_clause_name = expected.ends_with("end of the clause") && found.starts_with('"');
  if (after_clause_name) return "a `:` stands between the name of a clause and its message";
  for (const Hint& hint : kHints) {
    if (hint.found == found) return std::string(hint.text);
  }
  return "";
}

}  // namespace lictor
