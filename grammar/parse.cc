// The only file that runs PEGTL. The control class below does three things around each rule:
//   * a rule with a kind (rule_kinds.h) appends a node or token to the tree, and takes back what it appended when it
//     fails: nodes stand before their children, so taking back is cutting the array;
//   * `must<Rule>` throws a Mistake with the rule's text (messages.h);
//   * the three guarded rules catch it, report it, and go on behind the statement (recover.h).
// The input counts offsets only; lines and columns are computed when a diagnostic is shown.
#include "grammar/parse.h"

#include <fmt/format.h>

#include "grammar/big_stack.h"
#include "grammar/hints.h"
#include "grammar/messages.h"
#include "grammar/recover.h"
#include "grammar/rule_kinds.h"
#include "grammar/text_check.h"

namespace lictor {
namespace {

namespace p = tao::pegtl;
using Input = p::memory_input<p::tracking_mode::lazy, p::eol::lf, const char*>;

struct Mistake {
  const char* at;
  const char* expected;
};
struct TooManyMistakes {
  uint32_t at;
};

/// The tree being built, and where mistakes go.
class Builder {
 public:
  Builder(SyntaxTree& tree, Diagnostics& diagnostics, uint64_t limit)
      : tree_(tree), diagnostics_(diagnostics), mistakes_left_(limit) {}

  uint32_t mark() const { return static_cast<uint32_t>(tree_.nodes.size()); }
  void cut(uint32_t mark) { tree_.nodes.resize(mark, SyntaxNode{}); }

  void token(SyntaxKind kind, const char* begin, const char* end) {
    tree_.nodes.push_back({kind, offset(begin), offset(end), 1});
  }
  void open(SyntaxKind kind, const char* begin) { tree_.nodes.push_back({kind, offset(begin), offset(begin), 1}); }
  /// The last entry of the array is the node's last token: it has none below it.
  void close(uint32_t node) {
    uint32_t end = tree_.nodes.back().end;
    tree_.nodes[node].end = end;
    tree_.nodes[node].size = mark() - node;
  }

  std::string_view text() const { return tree_.text; }
  uint32_t offset(const char* at) const { return static_cast<uint32_t>(at - tree_.text.data()); }

  /// `begin`: where the statement with the mistake begins.
  /// `block_end`: it is the brace at the end of the block that is missing.
  void report(const Mistake& mistake, uint32_t begin, bool block_end = false);
  /// Covers [begin, end) by an error node and leaves what was refused out of the tree.
  void skipped(uint32_t mark, uint32_t begin, uint32_t end);

  bool left_block = false;  // the block being read ended without its brace; already reported

 private:
  uint32_t last_token_end() const;
  std::string_view last_token() const;
  /// Names where the decision, test or fixture begins whose brace is missing.
  void relate_block(Diagnostics::Builder& report) const;

  SyntaxTree& tree_;
  Diagnostics& diagnostics_;
  uint64_t mistakes_left_;
};

uint32_t Builder::last_token_end() const {
  for (size_t i = tree_.nodes.size(); i > 0; --i) {
    if (is_token(tree_.nodes[i - 1].kind)) return tree_.nodes[i - 1].end;
  }
  return 0;
}

std::string_view Builder::last_token() const {
  for (size_t i = tree_.nodes.size(); i > 0; --i) {
    const SyntaxNode& node = tree_.nodes[i - 1];
    if (is_token(node.kind)) return text().substr(node.begin, node.end - node.begin);
  }
  return {};
}

void Builder::relate_block(Diagnostics::Builder& report) const {
  for (size_t i = tree_.nodes.size(); i > 0; --i) {
    const SyntaxNode& node = tree_.nodes[i - 1];
    bool block = node.kind == SyntaxKind::kDecisionDecl || node.kind == SyntaxKind::kConstitutionDecl ||
                 node.kind == SyntaxKind::kTestDecl || node.kind == SyntaxKind::kFixtureDecl;
    if (!block) continue;
    uint32_t end = node.begin + static_cast<uint32_t>(token_at(text(), node.begin).size());
    report.related({tree_.file, tree_.origin + node.begin, tree_.origin + end}, "it was opened here");
    return;
  }
}

std::string describe(std::string_view text, uint32_t at) {
  std::string_view token = token_at(text, at);
  if (token.empty()) return "the end of the text";
  if (token == "\n" || token == "\r") return "the end of the line";
  if (token.front() == '"') return token.size() > 40 ? "a string" : fmt::format("the string {}", token);
  return fmt::format("`{}`", token);
}

void Builder::report(const Mistake& mistake, uint32_t begin, bool block_end) {
  uint32_t at = offset(mistake.at);
  if (mistakes_left_ == 0) throw TooManyMistakes{at};
  --mistakes_left_;
  tree_.complete = false;
  uint32_t behind = last_token_end();
  auto length = static_cast<uint32_t>(token_at(text(), at).size());
  // What is missing at the end of a line is shown there, not at the start of whatever comes next.
  bool later_line = at != begin && behind > 0 && behind < at &&
                    text().substr(behind, at - behind).find('\n') != std::string_view::npos;
  Span span{tree_.file, tree_.origin + (later_line ? behind : at), tree_.origin + (later_line ? behind : at + length)};
  auto report = diagnostics_.report(Diag::kExpected, span);
  report.arg(mistake.expected).arg(describe(text(), at));
  std::string_view found = text().substr(at, 2) == "/*" ? "/*" : token_at(text(), at);
  std::string hint = hint_for(mistake.expected, found, last_token());
  if (!hint.empty()) report.hint(std::move(hint));
  if (block_end) relate_block(report);
}

void Builder::skipped(uint32_t mark, uint32_t begin, uint32_t end) {
  cut(mark);
  while (end > begin &&
         (text()[end - 1] == ' ' || text()[end - 1] == '\n' || text()[end - 1] == '\t' || text()[end - 1] == '\r'))
    --end;
  if (end == begin) return;
  tree_.nodes.push_back({SyntaxKind::kError, begin, end, 2});
  tree_.nodes.push_back({SyntaxKind::kSkipped, begin, end, 1});
}

// ---- Around each rule ------------------------------------------------------------------------------------------------

template <class Rule>
inline constexpr bool kIsGuarded = false;
template <>
inline constexpr bool kIsGuarded<grammar::module_item> = true;
template <>
inline constexpr bool kIsGuarded<grammar::decision_item> = true;
template <>
inline constexpr bool kIsGuarded<grammar::constitution_item> = true;
template <>
inline constexpr bool kIsGuarded<grammar::lifecycle_item> = true;
template <>
inline constexpr bool kIsGuarded<grammar::test_item> = true;

template <class Rule>
inline constexpr Level kLevelOf = Level::kDeclaration;
template <>
inline constexpr Level kLevelOf<grammar::decision_item> = Level::kDecisionPart;
template <>
inline constexpr Level kLevelOf<grammar::constitution_item> = Level::kDecisionPart;
template <>
inline constexpr Level kLevelOf<grammar::lifecycle_item> = Level::kDecisionPart;
template <>
inline constexpr Level kLevelOf<grammar::test_item> = Level::kTestStatement;

template <class Rule>
struct Control;

/// Runs `Rule` itself, without what Control does around it; the caller rewinds the input where it fails. With `Mode`
/// nothing, rules inside leave no trace.
template <class Rule, p::apply_mode Mode>
bool run_rule(Input& in, Builder& builder) {
  return p::match<Rule, Mode, p::rewind_mode::active, p::nothing, Control>(in, builder);
}

template <class Rule>
bool run_token(Input& in, Builder& builder) {
  const char* begin = in.current();
  auto marker = in.template mark<p::rewind_mode::required>();
  if (!marker(run_rule<Rule, p::apply_mode::nothing>(in, builder))) return false;
  builder.token(grammar::kKindOf<Rule>, begin, in.current());
  return true;
}

template <class Rule>
bool run_node(Input& in, Builder& builder) {
  constexpr SyntaxKind kind = grammar::kKindOf<Rule>;
  uint32_t mark = builder.mark();
  if constexpr (kind != grammar::kNoKind) builder.open(kind, in.current());
  auto marker = in.template mark<p::rewind_mode::required>();
  bool matched = run_rule<Rule, p::apply_mode::action>(in, builder);
  if (!matched) {
    builder.cut(mark);
  } else if constexpr (kind != grammar::kNoKind) {
    builder.close(mark);
  }
  return marker(matched);
}

void go_on_at(Input& in, Builder& builder, uint32_t offset) {
  in.bump(offset - builder.offset(in.current()));
  (void)run_rule<grammar::layout, p::apply_mode::nothing>(in, builder);
}

/// One statement; a mistake in it is reported and passed over. False where the statements end.
template <class Rule>
bool run_guarded(Input& in, Builder& builder) {
  constexpr Level level = kLevelOf<Rule>;
  if (in.empty() || builder.left_block) return false;
  if (level != Level::kDeclaration && *in.current() == '}') return false;
  uint32_t mark = builder.mark(), begin = builder.offset(in.current());
  uint32_t mistake_at = 0;
  bool left = false;  // a declaration begins here: the closing brace is missing
  try {
    return run_node<Rule>(in, builder);
  } catch (const Mistake& mistake) {
    mistake_at = builder.offset(mistake.at);
    left = level != Level::kDeclaration && mistake_at == begin && block_was_left(builder.text(), begin, level);
    if (!left) builder.report(mistake, begin);
  }
  if (left) {
    builder.cut(mark);
    builder.left_block = true;
    builder.report({in.current(), grammar::kExpectedText<grammar::block_end>}, 0, true);
    return true;
  }
  uint32_t restart = find_restart(builder.text(), begin, mistake_at, level);
  builder.skipped(mark, begin, restart);
  go_on_at(in, builder, restart);
  if (level != Level::kDeclaration) {
    builder.left_block = in.empty() || block_was_left(builder.text(), builder.offset(in.current()), level);
  }
  return true;
}

/// The brace at the end of a decision or test. Where it is missing the block is kept: all its parts were read.
bool run_block_end(Input& in, Builder& builder) {
  if (!builder.left_block && !run_node<grammar::block_end>(in, builder)) {
    builder.report({in.current(), grammar::kExpectedText<grammar::block_end>}, 0, true);
  }
  builder.left_block = false;
  return true;
}

template <class Rule>
inline constexpr bool kIsTerminal = std::is_same_v<typename Rule::subs_t, p::empty_list>;

template <class Rule>
struct Control : p::normal<Rule> {
  template <p::apply_mode A, p::rewind_mode M, template <class...> class Action, template <class...> class C>
  static bool match(Input& in, Builder& builder) {
    constexpr SyntaxKind kind = grammar::kKindOf<Rule>;
    if constexpr (A == p::apply_mode::nothing || kIsTerminal<Rule>) {
      return p::match<Rule, p::apply_mode::nothing, M, Action, C>(in, builder);
    } else if constexpr (std::is_same_v<Rule, grammar::layout>) {
      return p::match<Rule, p::apply_mode::nothing, M, Action, C>(in, builder);
    } else if constexpr (kind != grammar::kNoKind && is_token(kind)) {
      return run_token<Rule>(in, builder);
    } else if constexpr (kIsGuarded<Rule>) {
      return run_guarded<Rule>(in, builder);
    } else if constexpr (std::is_same_v<Rule, grammar::block_end>) {
      return run_block_end(in, builder);
    } else {
      return run_node<Rule>(in, builder);
    }
  }

  [[noreturn]] static void raise(const Input& in, Builder&) {
    static_assert(grammar::kExpectedText<Rule> != nullptr, "a rule under must<> needs its line in messages.h");
    throw Mistake{in.current(), grammar::kExpectedText<Rule>};
  }
};

// ---- Entry points ----------------------------------------------------------------------------------------------------

SyntaxTree refused(SyntaxTree tree, SyntaxKind root) {
  auto end = static_cast<uint32_t>(tree.text.size());
  tree.complete = false;
  tree.nodes = {{root, 0, end, 1}};
  if (end > 0) tree.nodes = {{root, 0, end, 3}, {SyntaxKind::kError, 0, end, 2}, {SyntaxKind::kSkipped, 0, end, 1}};
  return tree;
}

template <class Root>
void run_grammar(SyntaxTree& tree, Diagnostics& diagnostics, uint64_t limit) {
  Input in(tree.text.data(), tree.text.data() + tree.text.size(), "");
  Builder builder(tree, diagnostics, limit);
  constexpr SyntaxKind root = grammar::kKindOf<Root>;
  tree.nodes.reserve(tree.text.size() / 4 + 16);
  try {
    (void)run_rule<Root, p::apply_mode::action>(in, builder);
  } catch (const Mistake& mistake) {
    builder.report(mistake, 0);
    tree = refused(std::move(tree), root);
  } catch (const TooManyMistakes& mistake) {
    diagnostics.report(Diag::kTooManyErrors, {tree.file, mistake.at, mistake.at}).arg(static_cast<int64_t>(limit));
    tree = refused(std::move(tree), root);
  }
}

/// The root spans the whole text, layout at both ends included.
template <class Root>
void run_root(SyntaxTree& tree, Diagnostics& diagnostics, uint64_t limit) {
  constexpr SyntaxKind root = grammar::kKindOf<Root>;
  auto end = static_cast<uint32_t>(tree.text.size());
  tree.nodes.push_back({root, 0, end, 1});
  run_grammar<Root>(tree, diagnostics, limit);
  tree.nodes[0].size = static_cast<uint32_t>(tree.nodes.size());
}

template <class Root>
SyntaxTree parse_file(const SourceMap& sources, uint32_t file, Diagnostics& diagnostics, const Limits& limits) {
  SyntaxTree tree;
  tree.file = file;
  tree.text = sources.file(file).text();
  TextCheck check = check_text(sources, file, limits, diagnostics);
  tree.comments = std::move(check.comments);
  tree.nesting = check.nesting;
  if (!check.ok) return refused(std::move(tree), grammar::kKindOf<Root>);
  run_nested(check.nesting, [&] { run_root<Root>(tree, diagnostics, limits.diagnostics); });
  return tree;
}

}  // namespace

SyntaxTree parse(const SourceMap& sources, uint32_t file, Diagnostics& diagnostics, const Limits& limits) {
  return parse_file<grammar::module_file>(sources, file, diagnostics, limits);
}

SyntaxTree parse_query(const SourceMap& sources, uint32_t file, Diagnostics& diagnostics, const Limits& limits) {
  return parse_file<grammar::query>(sources, file, diagnostics, limits);
}

SyntaxTree parse_inside(std::string_view text, uint32_t file, uint32_t origin, Diagnostics& diagnostics,
                        const Limits& limits) {
  SyntaxTree tree;
  tree.file = file;
  tree.text = text;
  tree.origin = origin;
  TextCheck check = check_text(text, file, origin, limits, diagnostics);
  tree.nesting = check.nesting;
  if (!check.ok) return refused(std::move(tree), SyntaxKind::kQuery);
  run_nested(check.nesting, [&] { run_root<grammar::query>(tree, diagnostics, 1); });
  return tree;
}

}  // namespace lictor
