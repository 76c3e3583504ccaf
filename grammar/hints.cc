#include "grammar/hints.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
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
    {"/*", "a comment begins with `//` and ends with its line"},
    {"when", "a condition begins with `if`"},
    {"iff", "a condition begins with `if`"},
    {"where", "a condition begins with `if`"},
    {"unless", "a condition begins with `if`: `if not (...)`"},
};

/// Words that cannot be names (grammar.h, reserved).
constexpr std::string_view kReserved[] = {"true",   "false", "none", "not",  "in",   "or",  "exists",
                                          "forall", "some",  "if",   "then", "case", "else"};

std::string habit(std::string_view word) {
  for (const Hint& hint : kHints) {
    if (hint.found == word) return std::string(hint.text);
  }
  return "";
}

bool wants_name(std::string_view expected) {
  return expected == "a name" || expected.starts_with("a field") || expected == "the name of a member";
}

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

std::string hint_for(std::string_view expected, std::string_view found, std::string_view before) {
  if (wants_name(expected) && std::find(std::begin(kReserved), std::end(kReserved), found) != std::end(kReserved))
    return fmt::format("`{}` is a word of the language and cannot be a name", found);
  bool declaration = expected.starts_with("a declaration"), clause = expected.starts_with("a clause");
  if (declaration || clause) {
    std::string nearest = nearest_name(found, declaration ? declaration_words() : clause_words());
    if (!nearest.empty()) return fmt::format("did you mean `{}`?", nearest);
  }
  bool after_clause_name = expected.ends_with("end of the clause") && found.starts_with('"');
  if (after_clause_name) return "a `:` stands between the name of a clause and its message";
  // A word that is none of ours may have been taken for the name of something that is called.
  std::string text = expected == "`(`" ? habit(before) : "";
  return text.empty() ? habit(found) : text;
}

}  // namespace lictor
