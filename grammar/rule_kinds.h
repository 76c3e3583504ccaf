// Which rules of the grammar leave something in the syntax tree, and as what. Rules not named here leave nothing.
#pragma once

#include "grammar/grammar.h"
#include "grammar/syntax.h"

namespace lictor::grammar {

inline constexpr auto kNoKind = static_cast<SyntaxKind>(255);

template <class Rule>
inline constexpr SyntaxKind kKindOf = kNoKind;
template <class Text>
inline constexpr SyntaxKind kKindOf<key_text<Text>> = SyntaxKind::kKeyword;
template <class... Text>
inline constexpr SyntaxKind kKindOf<symbol_text<Text...>> = SyntaxKind::kSymbol;

#define LICTOR_KIND(rule, kind) \
  template <>                   \
  inline constexpr SyntaxKind kKindOf<rule> = SyntaxKind::kind
LICTOR_KIND(word_text, kWord);
LICTOR_KIND(int_text, kInt);
LICTOR_KIND(decimal_text, kDecimal);
LICTOR_KIND(percent_text, kPercent);
LICTOR_KIND(duration_text, kDuration);
LICTOR_KIND(clock_text, kClock);
LICTOR_KIND(string_text, kString);
LICTOR_KIND(time_text, kTime);
LICTOR_KIND(date_text, kDate);
LICTOR_KIND(ip_text, kIp);
LICTOR_KIND(regex_text, kRegex);
LICTOR_KIND(glob_text, kGlob);

LICTOR_KIND(module_file, kModule);
LICTOR_KIND(query, kQuery);
LICTOR_KIND(declaration, kDeclaration);
LICTOR_KIND(annotation, kAnnotation);
LICTOR_KIND(module_decl, kModuleDecl);
LICTOR_KIND(use_decl, kUseDecl);
LICTOR_KIND(param_decl, kParamDecl);
LICTOR_KIND(enum_decl, kEnumDecl);
LICTOR_KIND(enum_member, kEnumMember);
LICTOR_KIND(type_decl, kTypeDecl);
LICTOR_KIND(entity_decl, kEntityDecl);
LICTOR_KIND(parents, kParents);
LICTOR_KIND(fields, kFields);
LICTOR_KIND(relation_decl, kRelationDecl);
LICTOR_KIND(event_decl, kEventDecl);
LICTOR_KIND(request_decl, kRequestDecl);
LICTOR_KIND(let_decl, kLetDecl);
LICTOR_KIND(signature_decl, kSignatureDecl);
LICTOR_KIND(rule_decl, kRuleDecl);
LICTOR_KIND(head_args, kHeadArgs);
LICTOR_KIND(decision_decl, kDecisionDecl);
LICTOR_KIND(constitution_decl, kConstitutionDecl);
LICTOR_KIND(invariant_decl, kInvariantDecl);
LICTOR_KIND(principle, kPrinciple);
LICTOR_KIND(lifecycle_decl, kLifecycleDecl);
LICTOR_KIND(initial_state, kInitial);
LICTOR_KIND(final_states, kFinal);
LICTOR_KIND(state_names, kStates);
LICTOR_KIND(on_events, kEvents);
LICTOR_KIND(transition, kTransition);
LICTOR_KIND(required, kRequired);
LICTOR_KIND(lifecycle_clause, kLifecycleClause);
LICTOR_KIND(after, kAfter);
LICTOR_KIND(watch_decl, kWatchDecl);
LICTOR_KIND(hold, kHold);
LICTOR_KIND(clear, kEffects);
LICTOR_KIND(test_decl, kTestDecl);
LICTOR_KIND(fixture_decl, kFixtureDecl);
LICTOR_KIND(params, kParams);
LICTOR_KIND(decision_param, kParams);
LICTOR_KIND(field, kField);
LICTOR_KIND(key_names, kNames);
LICTOR_KIND(use_names, kNames);
LICTOR_KIND(expires, kExpires);
LICTOR_KIND(source, kSource);
LICTOR_KIND(rows, kRows);
LICTOR_KIND(row, kRow);
LICTOR_KIND(clause, kClause);
LICTOR_KIND(default_clause, kDefault);
LICTOR_KIND(yield, kYield);
LICTOR_KIND(requirements, kApplications);
LICTOR_KIND(application, kApplication);
LICTOR_KIND(condition, kCondition);
LICTOR_KIND(meanwhile, kEffects);
LICTOR_KIND(then, kEffects);
LICTOR_KIND(expected_effects, kEffects);
LICTOR_KIND(given, kGiven);
LICTOR_KIND(at_time, kAt);
LICTOR_KIND(with_param, kWith);
LICTOR_KIND(expect, kExpect);
LICTOR_KIND(expected_yields, kYields);
LICTOR_KIND(expected_yield, kYieldValue);
LICTOR_KIND(expect_rows, kExpectRows);
LICTOR_KIND(expect_refused, kExpectRefused);
LICTOR_KIND(cases, kCases);
LICTOR_KIND(case_columns, kNames);
LICTOR_KIND(for_all, kForAll);
LICTOR_KIND(where, kWhere);
LICTOR_KIND(call, kExpression);
LICTOR_KIND(type, kType);
LICTOR_KIND(type_term, kTypeTerm);
LICTOR_KIND(type_args, kTypeArgs);
LICTOR_KIND(range, kRange);
LICTOR_KIND(path, kPath);
LICTOR_KIND(body, kBody);
LICTOR_KIND(paren_body, kBody);
LICTOR_KIND(literal, kLiteral);
LICTOR_KIND(within, kWithin);
LICTOR_KIND(exists, kExists);
LICTOR_KIND(forall, kForall);
LICTOR_KIND(some, kSome);
LICTOR_KIND(granted, kGranted);
LICTOR_KIND(expression, kExpression);
LICTOR_KIND(index, kIndex);
LICTOR_KIND(args, kArgs);
LICTOR_KIND(named_arg, kNamedArg);
LICTOR_KIND(paren, kParen);
LICTOR_KIND(braces, kBraces);
LICTOR_KIND(list, kList);
LICTOR_KIND(case_of, kCase);
LICTOR_KIND(case_arm, kCaseArm);
LICTOR_KIND(aggregate, kAggregate);
LICTOR_KIND(history, kHistory);
LICTOR_KIND(history_call, kExpression);
#undef LICTOR_KIND

}  // namespace lictor::grammar
