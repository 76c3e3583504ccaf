// The grammar of Lictor as PEGTL rules, and nothing else: no actions, no states, no messages.
//
// Read it as the reference: a rule here has the name it has in docs/language.md. Tokens take the layout behind them with
// them, so that rules of the syntax never speak of blanks. Expressions and bodies are flat; precedence is put in
// afterwards (compiler/build_ast_expr.cc), so that the depth of recursion is the depth of brackets.
// `must<X>` says: from here on only X fits; messages.h holds what is reported where it does not. Each rule that can fail
// after having taken a token is a type of its own, never an anonymous seq<>: parse.cc takes back what such a rule made.
#pragma once

#include <tao/pegtl.hpp>

namespace lictor::grammar {

namespace p = tao::pegtl;
using p::at;
using p::must;
using p::not_at;
using p::one;
using p::opt;
using p::plus;
using p::seq;
using p::sor;
using p::star;

// ---- Layout ----------------------------------------------------------------------------------------------------------

struct comment : seq<p::two<'/'>, p::until<at<p::eolf>>> {};
struct layout : star<sor<plus<one<' ', '\n', '\t', '\r'>>, comment>> {};

// ---- Words and symbols -----------------------------------------------------------------------------------------------

template <class Text>
struct key_text : Text {};
template <class... Text>
struct symbol_text : seq<Text...> {};

template <class Text>
struct key : seq<key_text<Text>, layout> {};
template <class... Text>
struct symbol : seq<symbol_text<Text...>, layout> {};

/// A word that has its meaning only if `Next` stands behind it.
template <class Text, class Next>
struct key_before : seq<at<Text, layout, Next>, key_text<Text>, layout> {};

#define LICTOR_KEY(id, text) \
  struct id : key<TAO_PEGTL_KEYWORD(text)> {}
LICTOR_KEY(kw_all, "all");
LICTOR_KEY(kw_allow, "allow");
LICTOR_KEY(kw_as, "as");
LICTOR_KEY(kw_at, "at");
LICTOR_KEY(kw_case, "case");
LICTOR_KEY(kw_combining, "combining");
LICTOR_KEY(kw_default, "default");
LICTOR_KEY(kw_deny, "deny");
LICTOR_KEY(kw_else, "else");
LICTOR_KEY(kw_exists, "exists");
LICTOR_KEY(kw_expect, "expect");
LICTOR_KEY(kw_expires, "expires");
LICTOR_KEY(kw_false, "false");
LICTOR_KEY(kw_forall, "forall");
LICTOR_KEY(kw_from, "from");
LICTOR_KEY(kw_given, "given");
LICTOR_KEY(kw_host, "host");
LICTOR_KEY(kw_if, "if");
LICTOR_KEY(kw_in, "in");
LICTOR_KEY(kw_is, "is");
LICTOR_KEY(kw_keep, "keep");
LICTOR_KEY(kw_key, "key");
LICTOR_KEY(kw_limit, "limit");
LICTOR_KEY(kw_meanwhile, "meanwhile");
LICTOR_KEY(kw_mod, "mod");
LICTOR_KEY(kw_none, "none");
LICTOR_KEY(kw_not, "not");
LICTOR_KEY(kw_of, "of");
LICTOR_KEY(kw_or, "or");
LICTOR_KEY(kw_override, "override");
LICTOR_KEY(kw_request, "request");
LICTOR_KEY(kw_require, "require");
LICTOR_KEY(kw_some, "some");
LICTOR_KEY(kw_then, "then");
LICTOR_KEY(kw_principle, "principle");
LICTOR_KEY(kw_true, "true");
LICTOR_KEY(kw_violated, "violated");
LICTOR_KEY(kw_where, "where");
LICTOR_KEY(kw_within, "within");
LICTOR_KEY(kw_with, "with");
LICTOR_KEY(kw_yield, "yield");
#undef LICTOR_KEY

#define LICTOR_SYMBOL(id, ...) \
  struct id : symbol<__VA_ARGS__> {}
LICTOR_SYMBOL(lparen, one<'('>);
LICTOR_SYMBOL(rparen, one<')'>);
LICTOR_SYMBOL(lbrace, one<'{'>);
LICTOR_SYMBOL(rbrace, one<'}'>);
LICTOR_SYMBOL(lbracket, one<'['>);
LICTOR_SYMBOL(rbracket, one<']'>);
LICTOR_SYMBOL(langle, one<'<'>);
LICTOR_SYMBOL(rangle, one<'>'>);
LICTOR_SYMBOL(comma, one<','>);
LICTOR_SYMBOL(semicolon, one<';'>);
LICTOR_SYMBOL(colon, one<':'>, not_at<one<'-'>>);
LICTOR_SYMBOL(turnstile, p::string<':', '-'>);
LICTOR_SYMBOL(arrow, p::string<'-', '>'>);
LICTOR_SYMBOL(implies, p::string<'=', '>'>);
LICTOR_SYMBOL(assign, one<'='>, not_at<one<'=', '>'>>);
LICTOR_SYMBOL(bar, one<'|'>);
LICTOR_SYMBOL(question, one<'?'>, not_at<one<'?', '.'>>);
LICTOR_SYMBOL(at_sign, one<'@'>);
LICTOR_SYMBOL(dot, one<'.'>, at<p::identifier_first>);
LICTOR_SYMBOL(safe_dot, p::string<'?', '.'>, at<p::identifier_first>);
LICTOR_SYMBOL(range_dots, p::two<'.'>);
/// The dot that ends a clause: no letter, digit, `_` or dot follows at once.
LICTOR_SYMBOL(clause_dot, one<'.'>, not_at<sor<p::identifier_other, one<'.'>>>);
#undef LICTOR_SYMBOL

/// The few words that are never names.
struct reserved
    : seq<at<one<'c', 'e', 'f', 'i', 'n', 'o', 's', 't'>>,
          sor<TAO_PEGTL_KEYWORD("true"), TAO_PEGTL_KEYWORD("false"), TAO_PEGTL_KEYWORD("none"),
              TAO_PEGTL_KEYWORD("not"), TAO_PEGTL_KEYWORD("in"), TAO_PEGTL_KEYWORD("or"), TAO_PEGTL_KEYWORD("exists"),
              TAO_PEGTL_KEYWORD("forall"), TAO_PEGTL_KEYWORD("some"), TAO_PEGTL_KEYWORD("if"),
              TAO_PEGTL_KEYWORD("then"), TAO_PEGTL_KEYWORD("case"), TAO_PEGTL_KEYWORD("else")>> {};
struct word_text : p::identifier {};
struct any_word : seq<word_text, layout> {};  // behind a dot even a reserved word is a name
struct name : seq<not_at<reserved>, word_text, layout> {};

// ---- Literals --------------------------------------------------------------------------------------------------------

struct digits : seq<p::digit, star<opt<one<'_'>>, p::digit>> {};
struct number_end : not_at<p::identifier_other> {};
struct clock_seconds : seq<one<':'>, p::digit, p::digit, opt<one<'.'>, plus<p::digit>>> {};
struct clock_text : seq<p::digit, p::digit, one<':'>, p::digit, p::digit, opt<clock_seconds>, number_end> {};
struct unit : sor<p::string<'u', 's'>, p::string<'m', 's'>, one<'s', 'm', 'h', 'd', 'w'>> {};
struct duration_text : seq<digits, unit, number_end> {};
struct fraction : seq<digits, one<'.'>, digits> {};
struct percent_text : seq<sor<fraction, digits>, one<'%'>> {};
struct decimal_text : seq<fraction, number_end> {};
struct int_text : seq<digits, must<number_end>> {};
struct number_goes_on : sor<p::identifier_other, one<'.', ':', '%'>> {};
struct plain_int : seq<at<plus<p::digit>, not_at<number_goes_on>>, int_text> {};
struct number_text : sor<plain_int, clock_text, duration_text, percent_text, decimal_text, int_text> {};
struct number : seq<number_text, layout> {};

struct string_end : one<'"'> {};
struct string_inside : star<sor<seq<one<'\\'>, p::not_one<'\n'>>, p::not_one<'"', '\n', '\\'>>> {};
struct quoted : seq<one<'"'>, string_inside, must<string_end>> {};
struct string_text : quoted {};
struct time_text : seq<p::string<'t', 'i', 'm', 'e'>, quoted> {};
struct date_text : seq<p::string<'d', 'a', 't', 'e'>, quoted> {};
struct ip_text : seq<p::string<'i', 'p'>, quoted> {};
struct regex_text : seq<p::string<'r', 'e'>, quoted> {};
struct glob_text : seq<p::string<'g', 'l', 'o', 'b'>, quoted> {};
struct string : seq<string_text, layout> {};
struct marked_string : seq<sor<time_text, date_text, ip_text, regex_text, glob_text>, layout> {};

// ---- Lists -----------------------------------------------------------------------------------------------------------

/// The end of a list behind an item: what could have gone on was a comma.
template <class Close>
struct list_end : Close {};
template <class Item, class Close>
struct list_tail : star<comma, sor<at<Close>, must<Item>>> {};
/// `Open item, item, Close`, perhaps empty; a comma may stand behind the last item.
template <class Open, class Item, class Close>
struct list_of : seq<Open, sor<Close, seq<must<Item>, list_tail<Item, Close>, must<list_end<Close>>>>> {};
/// The same with at least one item.
template <class Open, class Item, class Close>
struct some_of : seq<Open, must<Item>, list_tail<Item, Close>, must<list_end<Close>>> {};

// ---- Expressions -----------------------------------------------------------------------------------------------------

struct expression;
struct body;
struct literal;

struct path : seq<name, star<dot, any_word>> {};

struct named_arg : seq<at<p::identifier, layout, one<':'>, not_at<one<'-'>>>, name, must<colon>, must<expression>> {};
struct arg : sor<named_arg, expression> {};
struct args : list_of<lparen, arg, rparen> {};

struct alternative : seq<literal, star<comma, must<literal>>> {};
struct paren_body : alternative {};
struct paren : seq<lparen, must<paren_body>, star<kw_or, must<paren_body>>, must<list_end<rparen>>> {};

struct braces_item : seq<expression, opt<colon, must<expression>>> {};
struct braces : list_of<lbrace, braces_item, rbrace> {};
struct list : list_of<lbracket, expression, rbracket> {};

struct case_arm : seq<sor<kw_else, expression>, must<implies>, must<expression>> {};
struct case_separator : sor<semicolon, at<rbrace>> {};
struct case_arms : plus<case_arm, must<case_separator>> {};
struct case_of : seq<kw_case, must<lbrace>, must<case_arms>, must<rbrace>> {};

struct aggregate_word : sor<TAO_PEGTL_KEYWORD("count"), TAO_PEGTL_KEYWORD("sum"), TAO_PEGTL_KEYWORD("min"),
                            TAO_PEGTL_KEYWORD("max"), TAO_PEGTL_KEYWORD("avg"), TAO_PEGTL_KEYWORD("collect")> {};
struct aggregate_tuple : seq<must<expression>, star<comma, must<expression>>> {};
struct aggregate_rest : seq<must<lbrace>, aggregate_tuple, must<colon>, must<body>, must<list_end<rbrace>>> {};
struct percentile_start : key_before<TAO_PEGTL_KEYWORD("percentile"), one<'('>> {};
struct percentile : seq<percentile_start, lparen, must<expression>, must<rparen>, aggregate_rest> {};
struct plain_aggregate : seq<key_before<aggregate_word, one<'{'>>, aggregate_rest> {};
struct aggregate : sor<plain_aggregate, percentile> {};

struct constant : sor<kw_true, kw_false, kw_none> {};
struct kw_history : key_before<TAO_PEGTL_KEYWORD("history"), TAO_PEGTL_KEYWORD("of")> {};
struct history : seq<kw_history, kw_of, must<path>, must<args>> {};
// Most operands are names and most literals plain expressions: a look at the first letters tells them from what begins
// with a word of the language, for the price of one comparison.
struct operand_by_letter
    : seq<at<p::identifier_first>,
          sor<seq<at<one<'d', 'g', 'i', 'r', 't'>, p::alpha>, marked_string>, seq<at<one<'f', 'n', 't'>>, constant>,
              seq<at<one<'c'>>, case_of>, seq<at<one<'a', 'c', 'm', 'p', 's'>>, aggregate>, seq<at<one<'h'>>, history>,
              name>> {};
struct operand : sor<operand_by_letter, seq<at<p::digit>, number>, string, paren, braces, list> {};

struct field_access : seq<dot, any_word> {};
struct safe_field_access : seq<safe_dot, any_word> {};
struct index : seq<lbracket, must<expression>, must<rbracket>> {};
struct suffix : seq<at<one<'.', '?', '(', '['>>, sor<field_access, safe_field_access, args, index>> {};

struct minus : symbol<seq<one<'-'>, not_at<one<'>'>>>> {};
struct kw_has : key_before<TAO_PEGTL_KEYWORD("has"), sor<p::identifier_first, one<'('>>> {};
struct prefix : sor<minus, kw_not, kw_has> {};
struct prefixed : seq<plus<prefix>, must<operand>> {};
struct term : seq<sor<seq<at<one<'-', 'h', 'n'>>, prefixed>, operand>, star<suffix>> {};

struct op_symbol
    : symbol<sor<p::two<'?'>, p::string<'=', '='>, p::string<'!', '='>, p::string<'<', '='>, p::string<'>', '='>,
                 one<'<', '>', '+', '*', '/'>, seq<one<'-'>, not_at<one<'>'>>>, p::two<'.'>>> {};
struct op_not_in : seq<at<TAO_PEGTL_KEYWORD("not"), layout, TAO_PEGTL_KEYWORD("in")>, kw_not, kw_in> {};
struct op_word : sor<kw_in, kw_mod, kw_is, op_not_in> {};
struct operator_ : sor<seq<at<one<'?', '=', '!', '<', '>', '+', '-', '*', '/', '.'>>, op_symbol>,
                       seq<at<one<'i', 'm', 'n'>>, op_word>> {};
struct expression : seq<term, star<operator_, must<term>>> {};

// ---- Bodies ----------------------------------------------------------------------------------------------------------

struct exists : seq<kw_exists, must<lparen>, must<body>, must<list_end<rparen>>> {};
struct forall : seq<kw_forall, must<lparen>, must<body>, must<list_end<rparen>>, must<implies>, must<lparen>,
                    must<body>, must<list_end<rparen>>> {};
struct some : seq<kw_some, must<name>, must<assign>, must<expression>> {};
struct granted_start : key_before<TAO_PEGTL_KEYWORD("granted"), p::identifier_first> {};
struct granted : seq<granted_start, must<path>, must<args>> {};
struct within : seq<kw_within, must<expression>> {};
struct equation : seq<expression, opt<at<one<'=', 'w'>>, sor<within, seq<assign, must<expression>>>>> {};
struct condition_core : sor<seq<at<one<'e', 'f', 'g', 's'>>, sor<exists, forall, some, granted>>, equation> {};
struct negated : seq<plus<kw_not>, must<condition_core>> {};
struct literal : sor<seq<at<one<'n'>>, negated>, condition_core> {};
struct body : seq<literal, star<comma, must<literal>>> {};

// ---- Types -----------------------------------------------------------------------------------------------------------

struct type;
struct field;
struct fields : list_of<lbrace, field, rbrace> {};
struct params : list_of<lparen, field, rparen> {};

struct kw_open : key_before<TAO_PEGTL_KEYWORD("open"), TAO_PEGTL_KEYWORD("record")> {};
struct kw_record : key_before<TAO_PEGTL_KEYWORD("record"), one<'{'>> {};
struct record : seq<opt<kw_open>, kw_record, fields> {};
struct type_args : some_of<langle, type, rangle> {};
struct bound : seq<opt<minus>, number> {};
struct range : seq<at<sor<p::digit, one<'-'>>>, bound, must<range_dots>, must<bound>> {};
struct generic_word : sor<TAO_PEGTL_KEYWORD("set"), TAO_PEGTL_KEYWORD("list"), TAO_PEGTL_KEYWORD("map")> {};
struct generic_type : seq<at<generic_word, layout, one<'<'>>, name, type_args> {};
struct named_type : sor<generic_type, seq<path, opt<range>>> {};
struct type_term : seq<sor<record, named_type>, opt<question>> {};
struct type : seq<type_term, star<bar, must<type_term>>> {};

struct annotation : seq<at_sign, must<name>, opt<args>> {};
struct annotations : star<annotation> {};
struct initial_value : seq<assign, must<expression>> {};
struct from_request : seq<kw_from, must<kw_request>> {};
struct wire_name : seq<kw_as, must<string>> {};
struct field : seq<annotations, name, must<colon>, must<type>, star<sor<initial_value, from_request, wire_name>>> {};

// ---- Declarations ----------------------------------------------------------------------------------------------------

/// A word that begins a declaration: a name follows. `param(x) :- ...` is a rule all the same.
template <class Text>
struct declares : key_before<Text, p::identifier_first> {};

struct row_arg : arg {};
struct row : list_of<lparen, row_arg, rparen> {};
struct rows_end : rbrace {};
struct rows : seq<lbrace, star<row, opt<comma>>, must<rows_end>> {};
struct source_origin : sor<string, kw_host> {};
struct source : seq<kw_from, must<source_origin>> {};
struct key_names : some_of<lparen, name, rparen> {};
struct key_part : seq<kw_key, must<key_names>> {};
struct expires : seq<kw_expires, must<kw_at>, must<name>> {};

struct module_decl : seq<declares<TAO_PEGTL_KEYWORD("module")>, must<path>> {};
struct use_names : some_of<lparen, name, rparen> {};
struct use_alias : seq<kw_as, must<name>> {};
struct use_decl : seq<declares<TAO_PEGTL_KEYWORD("use")>, must<path>, opt<sor<use_alias, use_names>>> {};
struct param_decl : seq<declares<TAO_PEGTL_KEYWORD("param")>, must<name>, must<colon>, must<type>, opt<initial_value>> {
};

struct enum_member : seq<name, opt<wire_name>> {};
struct enum_separator : sor<comma, langle> {};
struct enum_tail : star<enum_separator, sor<at<rbrace>, must<enum_member>>> {};
struct enum_end : rbrace {};
struct enum_decl
    : seq<declares<TAO_PEGTL_KEYWORD("enum")>, must<name>, must<lbrace>, must<enum_member>, enum_tail, must<enum_end>> {
};
struct type_decl : seq<declares<TAO_PEGTL_KEYWORD("type")>, must<name>, must<assign>, must<type>> {};

struct parents : seq<kw_in, must<path>, star<comma, must<path>>> {};
struct rows_ahead : at<lbrace, lparen> {};  // no attributes: the braces hold instances
struct entity_decl : seq<declares<TAO_PEGTL_KEYWORD("entity")>, must<name>, opt<parents>,
                         opt<not_at<rows_ahead>, fields>, opt<key_part>, opt<source>, opt<rows>> {};
struct relation_decl : seq<declares<TAO_PEGTL_KEYWORD("relation")>, must<name>, must<params>, opt<key_part>,
                           opt<expires>, opt<source>, opt<rows>> {};
struct event_decl
    : seq<declares<TAO_PEGTL_KEYWORD("event")>, must<name>, must<params>, must<kw_keep>, must<expression>> {};
struct request_decl : seq<declares<TAO_PEGTL_KEYWORD("request")>, must<name>, must<fields>> {};

struct result_type : seq<arrow, must<type>> {};
struct let_decl : seq<declares<TAO_PEGTL_KEYWORD("let")>, must<name>, opt<params>, opt<result_type>, must<assign>,
                      must<expression>> {};

struct kw_blocking : key_before<TAO_PEGTL_KEYWORD("blocking"), TAO_PEGTL_KEYWORD("obligation")> {};
struct signature_word : sor<TAO_PEGTL_KEYWORD("obligation"), TAO_PEGTL_KEYWORD("requirement")> {};
struct signature_decl : seq<opt<kw_blocking>, declares<signature_word>, must<name>, must<params>> {};

struct head_arg : seq<expression, opt<colon, must<type>>> {};
struct head_args : list_of<lparen, head_arg, rparen> {};
struct rule_body : seq<turnstile, must<body>> {};
struct rule_limit : seq<kw_limit, must<expression>> {};
struct rule_dot : clause_dot {};
struct head_name : seq<name, star<dot, any_word>> {};
struct rule_decl : seq<head_name, head_args, opt<rule_body>, opt<rule_limit>, must<rule_dot>> {};

// ---- Decisions -------------------------------------------------------------------------------------------------------

struct message : string {};
struct verb : key_before<sor<TAO_PEGTL_KEYWORD("insert"), TAO_PEGTL_KEYWORD("remove")>, p::identifier_first> {};
struct not_a_clause_word
    : not_at<sor<TAO_PEGTL_KEYWORD("meanwhile"), TAO_PEGTL_KEYWORD("allow"), TAO_PEGTL_KEYWORD("deny"),
                 TAO_PEGTL_KEYWORD("require"), TAO_PEGTL_KEYWORD("override"), TAO_PEGTL_KEYWORD("default"),
                 TAO_PEGTL_KEYWORD("yield")>> {};
struct application : seq<opt<verb>, path, must<args>> {};
struct application_list : seq<application, star<comma, must<application>>> {};
struct requirements : seq<not_a_clause_word, application_list> {};
struct condition : seq<kw_if, must<body>> {};
struct meanwhile : seq<kw_meanwhile, must<application_list>> {};
struct then : seq<kw_then, must<application_list>> {};

struct outcome : sor<kw_allow, kw_deny, kw_require> {};
struct clause_message : seq<colon, must<message>> {};
struct clause_end : clause_dot {};
struct clause : seq<annotations, opt<kw_override>, outcome, must<name>, opt<clause_message>, opt<requirements>,
                    opt<condition>, opt<meanwhile>, opt<then>, must<clause_end>> {};
struct default_outcome : sor<kw_deny, kw_require> {};
struct default_clause
    : seq<kw_default, must<default_outcome>, opt<message>, opt<requirements>, opt<then>, opt<clause_dot>> {};
struct yield : seq<annotations, kw_yield, must<name>, must<colon>, must<type>, opt<initial_value>, opt<condition>,
                   opt<clause_dot>> {};
struct decision_part : sor<default_clause, clause, yield> {};

/// One part of a decision or statement of a test, with its own recovery (parse.cc).
struct decision_item : must<decision_part> {};
struct block_end : rbrace {};
struct decision_param : seq<must<lparen>, must<field>, must<rparen>> {};
struct combining : seq<kw_combining, must<name>> {};
struct decision_decl : seq<declares<TAO_PEGTL_KEYWORD("decision")>, must<name>, decision_param, opt<combining>,
                           must<lbrace>, star<decision_item>, must<block_end>> {};

// ---- Constitutions -----------------------------------------------------------------------------------------------------

struct principle_end : clause_dot {};
struct principle : seq<annotations, kw_principle, must<name>, must<colon>, must<message>, must<kw_violated>,
                       must<condition>, must<principle_end>> {};
struct constitution_item : must<principle> {};
struct constitution_decl : seq<declares<TAO_PEGTL_KEYWORD("constitution")>, must<name>, decision_param, must<lbrace>,
                               star<constitution_item>, must<block_end>> {};

struct kw_hold : key_before<TAO_PEGTL_KEYWORD("for"), sor<p::digit, p::identifier_first>> {};
struct hold : seq<kw_hold, must<expression>> {};
struct kw_clear : key_before<TAO_PEGTL_KEYWORD("clear"), p::identifier_first> {};
struct clear : seq<kw_clear, must<application_list>> {};
struct watch_decl : seq<declares<TAO_PEGTL_KEYWORD("watch")>, must<name>, must<params>, must<colon>, must<message>,
                        must<condition>, opt<hold>, must<then>, opt<clear>, opt<clause_dot>> {};

// ---- Lifecycles --------------------------------------------------------------------------------------------------------

struct state_names : seq<name, star<comma, must<name>>> {};
struct kw_initial : key_before<TAO_PEGTL_KEYWORD("initial"), p::identifier_first> {};
struct kw_finals : key_before<TAO_PEGTL_KEYWORD("final"), p::identifier_first> {};
struct initial_state : seq<kw_initial, state_names, opt<clause_dot>> {};
struct final_states : seq<kw_finals, state_names, opt<clause_dot>> {};
struct kw_on : key_before<TAO_PEGTL_KEYWORD("on"), p::identifier_first> {};
struct on_events : seq<kw_on, must<state_names>> {};
struct clause_requirements : seq<not_at<kw_on>, requirements> {};
struct lifecycle_outcome : sor<kw_deny, kw_require> {};
struct lifecycle_clause
    : seq<annotations, opt<kw_override>, lifecycle_outcome, must<name>, opt<clause_message>, opt<clause_requirements>,
          must<on_events>, opt<condition>, opt<meanwhile>, opt<then>, must<clause_end>> {};
struct required : seq<kw_require, must<application_list>> {};
struct on_event : seq<kw_on, must<name>, opt<params>, opt<clause_message>, opt<required>, opt<condition>,
                      opt<meanwhile>, opt<then>> {};
struct kw_after : key_before<TAO_PEGTL_KEYWORD("after"), sor<p::digit, p::identifier_first>> {};
struct after : seq<kw_after, must<expression>, opt<condition>> {};
struct trigger : sor<on_event, after> {};
struct transition : seq<annotations, state_names, must<arrow>, must<name>, must<trigger>, must<clause_end>> {};
struct lifecycle_part : sor<initial_state, final_states, lifecycle_clause, transition> {};
struct lifecycle_item : must<lifecycle_part> {};
struct kw_lifecycle : key_before<TAO_PEGTL_KEYWORD("lifecycle"), TAO_PEGTL_KEYWORD("of")> {};
struct lifecycle_decl
    : seq<kw_lifecycle, kw_of, must<name>, decision_param, must<lbrace>, star<lifecycle_item>, must<block_end>> {};

// ---- Invariants --------------------------------------------------------------------------------------------------------

struct invariant_message : message {};
struct invariant_holds : seq<kw_not, must<lparen>, must<body>, must<rparen>> {};
struct invariant_decl : seq<declares<TAO_PEGTL_KEYWORD("invariant")>, must<name>, must<params>, must<colon>,
                            must<invariant_message>, must<invariant_holds>, opt<clause_dot>> {};

// ---- Tests -----------------------------------------------------------------------------------------------------------

struct given : seq<kw_given, must<expression>, star<comma, must<expression>>> {};
struct at_time : seq<kw_at, must<expression>> {};
struct with_param : seq<kw_with, must<name>, must<assign>, must<expression>> {};

struct kw_rows : key_before<TAO_PEGTL_KEYWORD("rows"), p::identifier_first> {};
struct kw_cases : key_before<TAO_PEGTL_KEYWORD("cases"), one<'('>> {};
struct kw_for : key_before<TAO_PEGTL_KEYWORD("for"), TAO_PEGTL_KEYWORD("all")> {};
struct statement_word : sor<TAO_PEGTL_KEYWORD("given"), TAO_PEGTL_KEYWORD("at"), TAO_PEGTL_KEYWORD("with"),
                            TAO_PEGTL_KEYWORD("expect"), kw_cases, kw_for> {};
/// A word that stands for a column of `cases`.
struct case_word : seq<not_at<statement_word>, name> {};
struct kw_reason : key_before<TAO_PEGTL_KEYWORD("reason"), sor<one<'"'>, at<case_word>>> {};
struct kw_errors : key_before<TAO_PEGTL_KEYWORD("errors"), p::digit> {};
struct kw_yields : key_before<TAO_PEGTL_KEYWORD("yields"), p::identifier_first> {};
struct expectation_word : sor<kw_reason, kw_errors, kw_yields> {};
struct expected_outcome : sor<outcome, seq<not_at<expectation_word>, case_word>> {};
struct clause_id : sor<kw_default, seq<not_at<expectation_word>, case_word>> {};
struct expected_reason : seq<kw_reason, sor<string, case_word>> {};
struct effects_expected : sor<kw_none, application_list> {};
struct expected_effects : seq<kw_then, must<effects_expected>> {};
struct expected_yield : seq<name, must<assign>, must<expression>> {};
struct expected_yields : seq<kw_yields, expected_yield, star<comma, must<expected_yield>>> {};
struct expected_errors : seq<kw_errors, number> {};
struct call : seq<path, must<args>> {};
struct history_call : seq<history> {};
struct rows_call : sor<history_call, call> {};
struct expect_rows_ahead : seq<TAO_PEGTL_KEYWORD("expect"), layout, kw_rows> {};
struct expect_rows : seq<at<expect_rows_ahead>, kw_expect, kw_rows, must<rows_call>, must<rows>> {};
struct kw_refused : key_before<TAO_PEGTL_KEYWORD("refused"), sor<one<'}'>, p::identifier_first, p::eof>> {};
struct expect_refused_ahead : seq<TAO_PEGTL_KEYWORD("expect"), layout, kw_refused> {};
struct refusing : seq<not_at<statement_word>, path> {};
struct expect_refused : seq<at<expect_refused_ahead>, kw_expect, kw_refused, opt<refusing>> {};
struct expect : seq<kw_expect, must<call>, must<expected_outcome>, opt<clause_id>, opt<expected_reason>,
                    opt<expected_effects>, opt<expected_yields>, opt<expected_errors>> {};

struct case_columns : some_of<lparen, name, rparen> {};
struct cases : seq<kw_cases, case_columns, must<rows>> {};
struct where : seq<kw_where, must<body>> {};
struct next_expect : seq<not_at<expect_rows_ahead>, expect> {};
struct for_all
    : seq<kw_for, kw_all, must<name>, must<colon>, must<path>, opt<where>, must<next_expect>, star<next_expect>> {};
struct statement : sor<given, at_time, with_param, expect_rows, expect_refused, expect, cases, for_all> {};
struct test_item : must<statement> {};
struct fixture_decl
    : seq<declares<TAO_PEGTL_KEYWORD("fixture")>, must<name>, must<lbrace>, star<test_item>, must<block_end>> {};
struct test_decl
    : seq<key_before<TAO_PEGTL_KEYWORD("test"), one<'"'>>, string, must<lbrace>, star<test_item>, must<block_end>> {};

// ---- Files -----------------------------------------------------------------------------------------------------------

struct kw_private : key_before<TAO_PEGTL_KEYWORD("private"), p::identifier_first> {};
struct declaration_body : sor<module_decl, use_decl, param_decl, enum_decl, type_decl, entity_decl, relation_decl,
                              event_decl, request_decl, let_decl, signature_decl, decision_decl, constitution_decl,
                              lifecycle_decl, watch_decl, invariant_decl, fixture_decl, test_decl, rule_decl> {};
struct declaration : seq<annotations, opt<kw_private>, must<declaration_body>> {};
struct module_item : seq<not_at<p::eof>, declaration> {};
struct end_of_file : p::eof {};
struct module_file : seq<layout, star<module_item>, must<end_of_file>> {};
struct query : seq<layout, must<expression>, must<end_of_file>> {};

}  // namespace lictor::grammar
