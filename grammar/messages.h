// What was expected where `must<Rule>` fails, in the words of a person. Every such rule has a line here; one without
// does not compile.
#pragma once

#include <string_view>

#include "grammar/grammar.h"

namespace lictor::grammar {

template <class Rule>
inline constexpr const char* kExpectedText = nullptr;

#define LICTOR_EXPECTED(rule, text) \
  template <>                       \
  inline constexpr const char* kExpectedText<rule> = text
LICTOR_EXPECTED(lparen, "`(`");
LICTOR_EXPECTED(rparen, "`)`");
LICTOR_EXPECTED(lbrace, "`{`");
LICTOR_EXPECTED(rbrace, "`}`");
LICTOR_EXPECTED(rbracket, "`]`");
LICTOR_EXPECTED(colon, "`:`");
LICTOR_EXPECTED(assign, "`=`");
LICTOR_EXPECTED(implies, "`=>`");
LICTOR_EXPECTED(range_dots, "`..`");
LICTOR_EXPECTED(list_end<rparen>, "`,` or `)`");
LICTOR_EXPECTED(list_end<rbrace>, "`,` or `}`");
LICTOR_EXPECTED(list_end<rbracket>, "`,` or `]`");
LICTOR_EXPECTED(list_end<rangle>, "`,` or `>`");
LICTOR_EXPECTED(enum_end, "`,`, `<` or `}`");
LICTOR_EXPECTED(case_separator, "`;` or `}`");
LICTOR_EXPECTED(kw_at, "`at`");
LICTOR_EXPECTED(kw_keep, "`keep` and a duration");
LICTOR_EXPECTED(kw_request, "`request`");
LICTOR_EXPECTED(number_end, "the end of the number or a unit (us, ms, s, m, h, d, w)");
LICTOR_EXPECTED(string_end, "`\"` that closes the string");
LICTOR_EXPECTED(name, "a name");
LICTOR_EXPECTED(string, "a string");
LICTOR_EXPECTED(message, "a message in quotes");
LICTOR_EXPECTED(path, "a name");
LICTOR_EXPECTED(args, "`(`");
LICTOR_EXPECTED(expression, "an expression");
LICTOR_EXPECTED(term, "an operand");
LICTOR_EXPECTED(operand, "an operand");
LICTOR_EXPECTED(arg, "an argument");
LICTOR_EXPECTED(row_arg, "a value");
LICTOR_EXPECTED(head_arg, "an argument");
LICTOR_EXPECTED(braces_item, "an expression");
LICTOR_EXPECTED(case_arms, "`CONDITION => VALUE` or `else => VALUE`");
LICTOR_EXPECTED(paren_body, "an expression or a condition");
LICTOR_EXPECTED(body, "a condition");
LICTOR_EXPECTED(literal, "a condition");
LICTOR_EXPECTED(condition_core, "a condition");
LICTOR_EXPECTED(type, "a type");
LICTOR_EXPECTED(type_term, "a type");
LICTOR_EXPECTED(bound, "a number");
LICTOR_EXPECTED(field, "a field `NAME: TYPE`");
LICTOR_EXPECTED(fields, "`{` and fields");
LICTOR_EXPECTED(params, "`(` and columns or parameters");
LICTOR_EXPECTED(key_names, "`(` and column names");
LICTOR_EXPECTED(enum_member, "the name of a member");
LICTOR_EXPECTED(source_origin, "a file name in quotes or `host`");
LICTOR_EXPECTED(rows, "`{` and rows");
LICTOR_EXPECTED(rows_end, "a row `( ... )` or `}`");
LICTOR_EXPECTED(rule_dot, "`,` or `.` at the end of the rule");
LICTOR_EXPECTED(clause_end, "`,` or `.` at the end of the clause");
LICTOR_EXPECTED(application, "an obligation `NAME(...)`");
LICTOR_EXPECTED(application_list, "an obligation `NAME(...)`");
LICTOR_EXPECTED(default_outcome, "`deny` or `require`");
LICTOR_EXPECTED(expected_outcome, "`allow`, `deny` or `require`");
LICTOR_EXPECTED(decision_part, "a clause (`allow`, `deny`, `require`), `default`, `yield` or `}`");
LICTOR_EXPECTED(statement, "`given`, `at`, `with`, `expect`, `cases`, `for all` or `}`");
LICTOR_EXPECTED(next_expect, "`where` or `expect`");
LICTOR_EXPECTED(rows_call, "a call `NAME(...)`");
LICTOR_EXPECTED(call, "a call `NAME(...)`");
LICTOR_EXPECTED(effects_expected, "an obligation `NAME(...)` or `none`");
LICTOR_EXPECTED(principle, "a principle (`principle NAME: \"...\" violated if ...`) or `}`");
LICTOR_EXPECTED(principle_end, "a comma or the dot that ends the principle");
LICTOR_EXPECTED(arrow, "`->`");
LICTOR_EXPECTED(then, "`then` and what to do");
LICTOR_EXPECTED(state_names, "a name");
LICTOR_EXPECTED(on_events, "`on` and the events it is for");
LICTOR_EXPECTED(trigger, "`on EVENT` or `after DURATION`");
LICTOR_EXPECTED(lifecycle_part, "`initial`, `final`, a transition (`a -> b on event`), `deny`, `require` or `}`");
LICTOR_EXPECTED(invariant_message, "a message: a string");
LICTOR_EXPECTED(invariant_holds, "`not (...)`, with what must never be");
LICTOR_EXPECTED(kw_violated, "`violated if`");
LICTOR_EXPECTED(condition, "`if`, and what violates it");
LICTOR_EXPECTED(expected_yield, "the name of a yield");
LICTOR_EXPECTED(block_end, "`}`");
LICTOR_EXPECTED(declaration_body, "a declaration or a rule");
LICTOR_EXPECTED(end_of_file, "the end of the text");
#undef LICTOR_EXPECTED

}  // namespace lictor::grammar
