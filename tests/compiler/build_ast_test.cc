// Pairs of source and Ast; the mistakes that only show when the tree is read; deep texts on small stacks; and the law
// that the formatter changes no meaning.
#include "compiler/build_ast.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "compiler/dump_ast.h"
#include "grammar/big_stack.h"
#include "grammar/format.h"
#include "grammar/parse.h"

namespace lictor {
namespace {

struct Built {
  SourceMap sources;
  Diagnostics diagnostics{sources};
  ast::Module module;

  explicit Built(std::string text) {
    module = build_module(sources, sources.add("a.lictor", std::move(text)), diagnostics);
  }
  std::string codes() const {
    std::string out;
    for (const Diagnostic& d : diagnostics.sorted()) {
      out += d.code + " " + std::to_string(d.place.line) + ":" + std::to_string(d.place.column) + "\n";
    }
    return out;
  }
};

std::string expression(const std::string& text) {
  SourceMap sources;
  Diagnostics diagnostics(sources);
  auto out = build_expression(sources, sources.add("query", text), diagnostics);
  return out.empty() ? "error " + diagnostics.sorted()[0].code : ast::dump(out[0]);
}

std::string body(const std::string& text) {
  Built built("module m\np(1) :- " + text + ".");
  EXPECT_EQ(built.codes(), "") << text;
  return built.module.rules.empty() ? "" : ast::dump(built.module.rules[0].body);
}

struct Pair {
  const char* source;
  const char* dump;
};

TEST(BuildExpression, Precedence) {
  const Pair kPairs[] = {
      {"a + b * c - d", "(binary - (binary + (name a) (binary * (name b) (name c))) (name d))"},
      {"a * b mod c / d", "(binary / (binary mod (binary * (name a) (name b)) (name c)) (name d))"},
      {"a ?? b ?? c", "(binary ?? (name a) (binary ?? (name b) (name c)))"},
      {"a == b ?? c", "(binary == (name a) (binary ?? (name b) (name c)))"},
      {"a ?? 0 > 3", "(binary > (binary ?? (name a) (int 0)) (int 3))"},
      {"a ?? b + 1", "(binary ?? (name a) (binary + (name b) (int 1)))"},
      {"a ?? b in s", "(binary in (binary ?? (name a) (name b)) (name s))"},
      {"x in a ?? 1..9", "(binary in (name x) (range (binary ?? (name a) (int 1)) (int 9)))"},
      {"a + 1 < b * 2", "(binary < (binary + (name a) (int 1)) (binary * (name b) (int 2)))"},
      {"x in 1..n + 1", "(binary in (name x) (range (int 1) (binary + (name n) (int 1))))"},
      {"x not in s", "(binary not in (name x) (name s))"},
      {"x is User", "(binary is (name x) (name User))"},
      {"not a == b", "(binary == (unary not (name a)) (name b))"},
      {"- a.b * c", "(binary * (unary - (field b (name a))) (name c))"},
      {"- -a - -b", "(binary - (unary - (unary - (name a))) (unary - (name b)))"},
      {"has a?.b", "(unary has (safe b (name a)))"},
      {"(a + b) * c", "(binary * (binary + (name a) (name b)) (name c))"},
      {"m[k].f(x).g", "error E0105"},
      {"a.b.f(x, n: 1).g", "(field g (call a.b.f (name x) n: (int 1)))"},
      {"f(m[k])", "(call f (index (name m) (name k)))"},
  };
  for (const Pair& pair : kPairs) EXPECT_EQ(expression(pair.source), pair.dump) << pair.source;
}

TEST(BuildExpression, Literals) {
  const Pair kPairs[] = {
      {"1_000", "(int 1000)"},
      {"0.95", "(decimal 0.95)"},
      {"99.5%", "(percent 99.5)"},
      {"200ms", "(duration 200ms)"},
      {"09:00", "(clock 09:00)"},
      {"time\"2026-01-01T00:00:00Z\"", "(time 2026-01-01T00:00:00Z)"},
      {"ip\"10.0.0.0/8\"", "(ip 10.0.0.0/8)"},
      {"re\"a\\d\"", "(regex a\\d)"},
      {"glob\"*.png\"", "(glob *.png)"},
      {"true", "(bool true)"},
      {"none", "(none none)"},
      {"_", "(wildcard _)"},
      {"_x", "(name _x)"},
      {"{ a, b }", "(set (name a) (name b))"},
      {"{}", "(set)"},
      {"{ a: 1, b: 2, }", "(map (name a) (int 1) (name b) (int 2))"},
      {"[1, 2]", "(list (int 1) (int 2))"},
      {"(a, b)", "(tuple (name a) (name b))"},
      {"case { a => 1; else => 2 }", "(case else (name a) (int 1) (int 2))"},
      {"count { a, b : p(a), q(b) }", "(aggregate count (name a) (name b) (and (call p (name a)) (call q (name b))))"},
      {"percentile(95%) { l : p(l) }", "(aggregate percentile (param (percent 95)) (name l) (and (call p (name l))))"},
      {"999999999999999999999999999", "(int 999999999999999999999999999)"},
  };
  for (const Pair& pair : kPairs) EXPECT_EQ(expression(pair.source), pair.dump) << pair.source;
}

TEST(BuildExpression, Strings) {
  EXPECT_EQ(expression(R"("a\n\t\"\\\{\}\u{e4}\u{1F600}")"),
            "(string \"a\\x0a\\x09\\\"\\\\{}\xC3\xA4\xF0\x9F\x98\x80\")");
  EXPECT_EQ(expression(R"("a\0b")"), "(string \"a\\x00b\")");
  EXPECT_EQ(expression(R"("{a}")"), "(string \"{a}\")") << "braces mean something in messages only";
  for (const char* wrong : {R"("\x")", R"("\u{}")", R"("\u{110000}")", R"("\u{d800}")", R"("\u41")", R"("\u{zz}")"}) {
    EXPECT_EQ(expression(wrong), "error E0102") << wrong;
  }
}

TEST(BuildBody, Literals) {
  const Pair kPairs[] = {
      {"q(x), not q(y)", "(and (call q (name x)) (not (and (call q (name y)))))"},
      {"not a == b", "(and (not (and (binary == (name a) (name b)))))"},
      {"not not a", "(and (not (and (not (and (name a))))))"},
      {"(a, b or c)", "(and (or (and (name a) (name b)) (and (name c))))"},
      {"(a)", "(and (or (and (name a))))"},
      {"not (a or b)", "(and (not (and (or (and (name a)) (and (name b))))))"},
      {"(k, v) in m", "(and (binary in (tuple (name k) (name v)) (name m)))"},
      {"(a, b) = f(x)", "(and (equals (tuple (name a) (name b)) (call f (name x))))"},
      {"(a + b) > 3", "(and (binary > (binary + (name a) (name b)) (int 3)))"},
      {"x = y", "(and (equals (name x) (name y)))"},
      {"some v = x.y", "(and (some v (field y (name x))))"},
      {"exists (q(x), r(x))", "(and (exists (and (call q (name x)) (call r (name x)))))"},
      {"forall (q(x)) => (r(x))", "(and (forall (and (call q (name x))) (and (call r (name x)))))"},
      {"granted a.b(x: 1)", "(and (granted (call a.b x: (int 1))))"},
  };
  for (const Pair& pair : kPairs) EXPECT_EQ(body(pair.source), pair.dump) << pair.source;
}

TEST(BuildModule, MessagesHoldExpressions) {
  Built built(R"(module m
decision d(r: R) {
  deny a: "x {r.a ?? \"no\n{e}\"} \{y\} {n + 1}" if r.b then alert(text: "t {r.c}", plain: {"{n}"}).
})");
  ASSERT_EQ(built.codes(), "");
  const ast::Clause& clause = built.module.decisions[0].clauses[0];
  EXPECT_EQ(
      ast::dump(clause.message[0]),
      "(string \"x \" (binary ?? (field a (name r)) (string \"no\\x0a{e}\")) \" {y} \" (binary + (name n) (int 1)))");
  EXPECT_EQ(ast::dump(clause.then[0].call),
            "(call alert text: (string \"t \" (field c (name r))) plain: (set (string (name n))))");
  const ast::Expr& inner = clause.message[0].parts[1].expr[0];
  EXPECT_EQ(built.sources.text(inner.args[0].span), "r.a");
  EXPECT_EQ(built.sources.text(clause.message[0].parts[3].expr[0].args[1].span), "1");
}

TEST(BuildModule, InstancesSayWhatTheyAreIn) {
  Built built(R"(module m
entity Group in Group { ("a" in Group("b")) ("b") }
entity User in Group { n: int } { ("u" in { Group("a"), Group("b") }, n: 1) }
)");
  ASSERT_EQ(built.codes(), "");
  const ast::Row& group = built.module.entities[0].rows->rows[0];
  EXPECT_EQ(ast::dump(group.values[0]), "(string \"a\")");
  ASSERT_EQ(group.parents.size(), 1u);
  EXPECT_EQ(ast::dump(group.parents[0]), "(call Group (string \"b\"))");
  EXPECT_EQ(built.module.entities[1].rows->rows[0].parents.size(), 2u);
}

TEST(BuildModule, DocCommentsAndAnnotations) {
  Built built(
      "/// the module\nmodule m\n\n/// not attached\n\n/// first\n///second\n@owner(\"me\") @since(\"1\")\n"
      "private param p: int\nparam q: int /// trailing\nparam s: int\n"
      "decision d(r: R) {\n  /// clause\n  @severity(high)\n  deny a.\n}\n");
  EXPECT_EQ(built.module.doc, "the module");
  const ast::Head& head = built.module.params[0].head;
  EXPECT_EQ(head.doc, "first\nsecond");
  EXPECT_TRUE(head.is_private);
  ASSERT_EQ(head.annotations.size(), 2u);
  EXPECT_EQ(head.annotations[0].name.text, "owner");
  EXPECT_EQ(built.module.params[2].head.doc, "");
  EXPECT_EQ(built.module.decisions[0].clauses[0].head.doc, "clause");
  EXPECT_EQ(built.module.decisions[0].clauses[0].head.annotations.size(), 1u);
}

TEST(BuildModule, SpansNameTheirText) {
  Built built("module m\nrelation r(a: int 1..4, b: E?) key(a)\np(x) :- not q(x, -y.z).\n");
  auto text = [&](Span span) { return std::string(built.sources.text(span)); };
  const ast::Relation& relation = built.module.relations[0];
  EXPECT_EQ(text(relation.head.span), "relation r(a: int 1..4, b: E?) key(a)");
  EXPECT_EQ(text(relation.head.name.span), "r");
  EXPECT_EQ(text(relation.columns[0].span), "a: int 1..4");
  EXPECT_EQ(text(relation.columns[0].type.range[1].span), "4");
  EXPECT_EQ(text(relation.columns[1].type.span), "E?");
  EXPECT_EQ(text(relation.columns[1].type.args[0].span), "E");
  const ast::Literal& literal = built.module.rules[0].body[0];
  EXPECT_EQ(text(literal.span), "not q(x, -y.z)");
  const ast::Expr& call = literal.bodies[0][0].expr[0];
  EXPECT_EQ(text(call.span), "q(x, -y.z)");
  EXPECT_EQ(text(call.name_span), "q");
  EXPECT_EQ(text(call.args[1].span), "-y.z");
  EXPECT_EQ(text(call.args[1].args[0].name_span), "z");
}

TEST(BuildModule, MistakesBeyondTheGrammar) {
  const Pair kPairs[] = {
      {"p(1).", "E0107 1:1\n"},
      {"param p: int\nmodule m", "E0107 1:1\n"},
      {"module m\nmodule n", "E0108 2:1\n"},
      {"module m\np(x) :- a < b < c.", "E0104 2:15\n"},
      {"module m\np(x) :- a == b in c.", "E0104 2:16\n"},
      {"module m\np(x) :- a == (b or c).", "E0106 2:14\n"},
      {"module m\np(x) :- a == (b = c).", "E0106 2:15\n"},
      {"module m\np(x) :- a == (exists (b)).", "E0106 2:15\n"},
      {"module m\np(x) :- f(a)(b).", "E0105 2:9\n"},
      {"module m\nenum E { a < b, c }", "E0109 2:15\n"},
      {"module m\nparam m: E = { a: 1, b }", "E0109 2:22\n"},
      {"module m\ntype T = map<A>", "E0110 2:10\n"},
      {"module m\ntype T = set<A, B>", "E0110 2:10\n"},
      {"module m\nentity E { a: int = 1 = 2 }", "E0111 2:25\n"},
      {"module m\nlet x = case { else => 1; a => 2 }", "E0111 2:27\n"},
      {"module m\ndecision d(r: R) { default deny default deny }", "E0111 2:33\n"},
      {"module m\ntest \"t\" { given 1 + 2 }", "E0114 2:18\n"},
      {"module m\ntest \"t\" { expect d() deny errors 99999999999999999999 }", "E0113 2:35\n"},
      {"module m\ndecision d(r: R) { deny a: \"{\". }", "E0103 2:29\n"},
      {"module m\ndecision d(r: R) { deny a: \"}\". }", "E0103 2:29\n"},
      {"module m\ndecision d(r: R) { deny a: \"{ }\". }", "E0103 2:29\n"},
      {"module m\ndecision d(r: R) { deny a: \"x {a +}\". }", "E0101 2:35\n"},
      {"module m\ndecision d(r: R) { deny a: \"x {a b}\". }", "E0101 2:34\n"},
  };
  for (const Pair& pair : kPairs) EXPECT_EQ(Built(pair.source).codes(), pair.dump) << pair.source;
}

TEST(BuildModule, EmptyTextsAreValid) {
  for (const char* text : {"", "// nothing\n", "\n"}) EXPECT_EQ(Built(text).codes(), "");
}

TEST(BuildModule, BrokenStatementsCostOnlyThemselves) {
  Built built("module m\np(1).\np(2.\np(3).\ndecision d(r: R) { allow a. allow . deny b. }\n");
  EXPECT_EQ(built.module.rules.size(), 2u);
  EXPECT_EQ(built.module.decisions[0].clauses.size(), 2u);
}

std::string repeat(const std::string& text, size_t count) {
  std::string out;
  for (size_t i = 0; i < count; ++i) out += text;
  return out;
}

/// Building, copying and destroying an Ast as deep as the limits allow, on a thread with 512 KiB of stack.
TEST(Depth, LegalTextsOnASmallStack) {
  run_on_big_stack(512 << 10, [] {
    const std::string kBodies[] = {
        "x == " + repeat("(", 1000) + "1" + repeat(")", 1000),
        "x == " + repeat("[", 1000) + "1" + repeat("]", 1000),
        repeat("(", 999) + "q(x)" + repeat(")", 999),
        repeat("not (", 900) + "q(x)" + repeat(")", 900),
        repeat("not ", 1900) + "q(x)",
        repeat("exists (", 900) + "q(x)" + repeat(")", 900),
        "x == " + repeat("- ", 1900) + "1",
        "x == 1" + repeat(" + 1", 1900),
        "x == a" + repeat(".b", 1900),
        "x == " + repeat("a ?? ", 1900) + "b",
    };
    for (const std::string& text : kBodies) {
      Built built("module m\np(1) :- " + text + ".");
      EXPECT_EQ(built.codes(), "") << text.substr(0, 20);
    }
  });
}

TEST(Depth, DeeperIsRefused) {
  const std::string kBodies[] = {
      repeat("not ", 100'000) + "q(x)",         "x == " + repeat("- ", 100'000) + "1",
      "x == 1" + repeat(" + 1", 100'000),       "x == a" + repeat(".b", 100'000),
      "x == " + repeat("a ?? ", 100'000) + "b", "x == " + repeat("(", 1001) + "1" + repeat(")", 1001),
  };
  for (const std::string& text : kBodies) {
    Built built("module m\np(1) :- " + text + ".");
    ASSERT_EQ(built.diagnostics.sorted().size(), 1u) << text.substr(0, 20);
    EXPECT_EQ(built.diagnostics.sorted()[0].code, "E0009") << text.substr(0, 20);
  }
}

TEST(Depth, MessagesHaveTheSameLimit) {
  std::string deep = repeat("(", 1001) + "1" + repeat(")", 1001);
  EXPECT_EQ(Built("module m\ndecision d(r: R) { deny a: \"{" + deep + "}\". }").diagnostics.sorted()[0].code, "E0009");
  std::string legal = repeat("(", 900) + "1" + repeat(")", 900);
  run_on_big_stack(
      512 << 10, [&] { EXPECT_EQ(Built("module m\ndecision d(r: R) { deny a: \"{" + legal + "}\". }").codes(), ""); });
}

TEST(Depth, WideIsNotDeep) {
  Built built("module m\np(1) :- (q(1)" + repeat(" or q(1)", 100'000) + ")" + repeat(", q(2)", 100'000) + ".");
  EXPECT_EQ(built.codes(), "");
  EXPECT_EQ(built.module.rules[0].body.size(), 100'001u);
  EXPECT_EQ(built.module.rules[0].body[0].bodies.size(), 100'001u);
}

std::string formatted(const std::string& text) {
  SourceMap sources;
  Diagnostics diagnostics(sources);
  return format(parse(sources, sources.add("a.lictor", text), diagnostics));
}

TEST(FormatLaw, KeepsTheMeaningOfEveryPolicyOfTheTree) {
  size_t found = 0;
  for (const char* folder : {"policies", "stdlib", "tests", "bench", "examples"}) {
    std::filesystem::path root = std::filesystem::path(LICTOR_SOURCE_DIR) / folder;
    if (!std::filesystem::exists(root)) continue;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
      if (entry.path().extension() != ".lictor") continue;
      std::ifstream in(entry.path());
      std::string text{std::istreambuf_iterator<char>(in), {}};
      Built before(text), after(formatted(text));
      EXPECT_EQ(ast::dump(after.module), ast::dump(before.module)) << entry.path();
      ++found;
    }
  }
  EXPECT_GE(found, 3u);
}

}  // namespace
}  // namespace lictor
