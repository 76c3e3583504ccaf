// The words for outcomes and errors.
#include "runtime/decision.h"

namespace lictor {

std::string_view outcome_name(ast::Outcome outcome) {
  switch (outcome) {
    case ast::Outcome::kAllow:
      return "allow";
    case ast::Outcome::kDeny:
      return "deny";
    case ast::Outcome::kRequire:
      return "require";
  }
  return "deny";
}

std::string_view mode_name(Mode mode) {
  switch (mode) {
    case Mode::kEnforce:
      return "enforce";
    case Mode::kWarn:
      return "warn";
    case Mode::kObserve:
      return "observe";
    case Mode::kYield:
      return "yield";
  }
  return "enforce";
}

std::string_view error_text(EvalErrorKind kind) {
  switch (kind) {
    case EvalErrorKind::kOverflow:
      return "overflow";
    case EvalErrorKind::kDivisionByZero:
      return "division by zero";
    case EvalErrorKind::kNotWhole:
      return "conversion of a decimal that is not whole";
    case EvalErrorKind::kLimit:
      return "the limit of rows was reached";
    case EvalErrorKind::kZone:
      return "unknown time zone";
    case EvalErrorKind::kKey:
      return "two values for one key";
    case EvalErrorKind::kYield:
      return "two values for one yield";
    case EvalErrorKind::kGranted:
      return "errors in the decision that `granted` asks";
    case EvalErrorKind::kBudget:
      return "the budget of steps or memory was exhausted";
  }
  return "error";
}

}  // namespace lictor
