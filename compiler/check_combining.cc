// How a decision combines its clauses, and what `@priority` and `@mode` say of one.
//
// A mode is a word, or an expression over parameters whose outermost `case` may have such words for values; it becomes an
// int, the number of the Mode. A parameter that shall say it has an enum whose members are such words:
//
//   enum Rollout { observe, enforce }
//   param rollout: Rollout = observe
//   @mode(rollout) deny late: "…" if ….
#include <algorithm>
#include <array>

#include "compiler/checker.h"
#include "compiler/core_walk.h"

namespace lictor {
namespace {

constexpr std::array<std::string_view, 4> kCombining = {"deny_overrides", "permit_overrides", "first_applicable",
                                                        "priority"};
constexpr std::array<std::string_view, 3> kModes = {"enforce", "warn", "observe"};  // by Mode

template <size_t N>
std::optional<size_t> place_in(const std::array<std::string_view, N>& words, std::string_view word) {
  auto found = std::find(words.begin(), words.end(), word);
  if (found == words.end()) return std::nullopt;
  return static_cast<size_t>(found - words.begin());
}

Expr equal_to(Expr value, int64_t word, Span span) {
  Expr out;
  out.op = Op::kEq;
  out.type = kBoolType;
  out.span = span;
  TypeId type = value.type;
  out.args.push_back(std::move(value));
  out.args.push_back(constant(type, word, span));
  return out;
}

Expr choice(Expr condition, Expr yes, Expr no) {
  Expr out;
  out.op = Op::kIf;
  out.type = kIntType;
  out.span = yes.span;
  out.args.push_back(std::move(condition));
  out.args.push_back(std::move(yes));
  out.args.push_back(std::move(no));
  return out;
}

void report_unknown(CheckContext& context, Span span, std::string_view what, const std::string& name,
                    const std::vector<std::string>& known) {
  auto report = context.report(Diag::kUnknownName, span);
  report.arg(what).arg(name);
  if (std::string hint = context.names.suggest(name, known); !hint.empty()) report.hint(hint);
}

class ModeChecker {
 public:
  ModeChecker(CheckContext& context, uint32_t module) : cx_(context), module_(module), checker_(context, module) {}

  std::optional<Expr> check(const ast::Expr& source) {
    Expr mode = this->mode(source);
    if (!ok_) return std::nullopt;
    bool reads = any_node(mode, [](const Expr& node) {
      return node.op == Op::kSlot || node.op == Op::kField || node.op == Op::kNow || node.op == Op::kAttr ||
             node.op == Op::kInEntity;
    });
    bool may_err = any_node(mode, [](const Expr& node) { return info(node.op).errs; });
    if (reads) cx_.report(Diag::kNotConstant, source.span);
    if (may_err && !reads) {
      cx_.report(Diag::kNotConstant, source.span)
          .hint("a mode that cannot be computed would be none: leave out arithmetic, which may err");
    }
    return mode;
  }

 private:
  Expr mode(const ast::Expr& source) {
    if (source.kind == ast::ExprKind::kName && cx_.names.find(module_, source.text) == nullptr) {
      if (auto word = place_in(kModes, source.text))
        return constant(kIntType, static_cast<int64_t>(*word), source.span);
      if (source.text != "now" && cx_.names.visible_enum_with(module_, source.text) == nullptr) return unknown(source);
    }
    if (source.kind == ast::ExprKind::kCase && source.has_else) return by_case(source);
    Expr value = checker_.expr(source, kErrorType);
    if (value.type == kErrorType) return fail(source);
    const Type type = cx_.types()[value.type];
    if (type.kind != TypeKind::kEnum) return mismatch(source, value);
    Expr out = constant(kIntType, 0, source.span);
    const auto& members = cx_.schema().enums[type.decl].members;
    for (size_t i = 0; i < members.size(); ++i) {
      auto word = place_in(kModes, members[i].name);
      if (!word) return mismatch(source, value);
      Expr is = equal_to(value, static_cast<int64_t>(i), source.span);
      out = choice(std::move(is), constant(kIntType, static_cast<int64_t>(*word), source.span), std::move(out));
    }
    return out;
  }

  Expr by_case(const ast::Expr& source) {
    Expr out = mode(source.args.back());
    for (size_t arm = source.args.size() / 2; arm-- > 0;) {
      Expr condition = checker_.value(source.args[2 * arm], kBoolType);
      if (condition.type == kErrorType) ok_ = false;
      out = choice(std::move(condition), mode(source.args[2 * arm + 1]), std::move(out));
    }
    return out;
  }

  Expr unknown(const ast::Expr& source) {
    report_unknown(cx_, source.span, "mode", source.text, {kModes.begin(), kModes.end()});
    return fail(source);
  }

  Expr mismatch(const ast::Expr& source, const Expr& value) {
    cx_.report(Diag::kTypeMismatch, source.span)
        .arg("`enforce`, `warn` or `observe`, or an enum of these")
        .arg("`" + type_name(cx_.schema(), value.type) + "`");
    return fail(source);
  }

  Expr fail(const ast::Expr& source) {
    ok_ = false;
    return constant(kIntType, 0, source.span);
  }

  CheckContext& cx_;
  uint32_t module_;
  Checker checker_;
  bool ok_ = true;
};

bool takes_one(CheckContext& context, const ast::Annotation& annotation) {
  if (annotation.args.size() == 1) return true;
  context.report(Diag::kArity, annotation.span)
      .arg("@" + annotation.name.text)
      .arg(count_of(1, "argument"))
      .arg(std::to_string(annotation.args.size()));
  return false;
}

}  // namespace

void check_combining(CheckContext& context, const ast::Decision& source, Decision& out) {
  if (source.combining.empty()) return;
  if (auto way = place_in(kCombining, source.combining)) {
    out.combining = static_cast<Combining>(*way);
    return;
  }
  report_unknown(context, source.combining_span, "way of combining", source.combining,
                 {kCombining.begin(), kCombining.end()});
}

void check_clause_annotations(CheckContext& context, uint32_t module, const ast::Clause& source, const Decision& of,
                              Clause& out) {
  const ast::Annotation* seen[2] = {nullptr, nullptr};
  for (const ast::Annotation& annotation : source.head.annotations) {
    const std::string& name = annotation.name.text;
    if (name == "priority" || name == "mode") {
      const ast::Annotation*& before = seen[name == "mode"];
      if (before != nullptr) {
        context.report(Diag::kArgumentTwice, annotation.span).arg("@" + name).related(before->span, "given here first");
        continue;
      }
      before = &annotation;
    }
    if ((name != "priority" && name != "mode") || !takes_one(context, annotation)) continue;
    if (name == "mode") {
      if (auto mode = ModeChecker(context, module).check(annotation.args[0])) out.mode = {std::move(*mode)};
      continue;
    }
    if (of.combining != Combining::kPriority) {
      context.report(Diag::kMisplaced, annotation.span).arg(name).arg("where clauses are not combined by `priority`");
    }
    if (auto number = check_constant(context, module, annotation.args[0], kIntType)) out.priority = number->n;
  }
}

}  // namespace lictor
