// Errors that cross the border of the library.
//
// Four kinds of error are kept apart (docs/architecture.md):
//   1. mistakes in the user's source: a list of Diagnostic, each with a code and a place;
//   2. failures of the surroundings (file, store, JIT): an Error in a Result<T>;
//   3. errors while a policy is evaluated: values inside a decision, never a Result;
//   4. bugs of our own: assert, with `INVARIANT:` beside it.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <utility>
#include <vector>

namespace lictor {

enum class Severity : uint8_t { kError, kWarning, kNote };

/// A place in a text, for people: lines and columns count from 1, columns in UTF-8 bytes; the end is exclusive.
/// `file` is the name the text was loaded under. line == 0 means "no place" (whole file or no file).
struct Place {
  std::string file;
  uint32_t line = 0;
  uint32_t column = 0;
  uint32_t end_line = 0;
  uint32_t end_column = 0;
};

struct Related {
  Place place;
  std::string message;
};

/// One finding about the user's input. `code` is stable ("E0312") and explained by `lictor explain CODE`.
struct Diagnostic {
  std::string code;
  Severity severity = Severity::kError;
  std::string message;  // lower case, back-quotes around user input, at most 1 KiB
  Place place;
  std::vector<std::string> hints;  // "did you mean `maturity`?"
  std::vector<Related> related;
};

/// What kind of failure; it decides the exit code of the command line (docs/architecture.md).
enum class ErrorKind : uint8_t {
  kUsage,        // the caller asked for something that makes no sense here (exit 2)
  kUnreadable,   // a file or input cannot be read (exit 3)
  kInvalid,      // the bundle, facts or request have mistakes, see `diagnostics` (exit 3)
  kNotFound,     // a decision, relation, parameter set ... that is not declared (exit 3)
  kLimit,        // a limit in force was exceeded (exit 3)
  kUnavailable,  // the surroundings failed: disk, store, code generation (exit 70)
  kInternal,     // a bug of our own (exit 70)
};

struct Error {
  ErrorKind kind = ErrorKind::kInternal;
  std::string message;
  std::vector<Diagnostic> diagnostics;  // for kInvalid: the mistakes, in order of place
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(ErrorKind kind, std::string message, std::vector<Diagnostic> diagnostics = {}) {
  return std::unexpected<Error>(Error{kind, std::move(message), std::move(diagnostics)});
}

}  // namespace lictor
