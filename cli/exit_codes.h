// What the command's exit code says; scripts depend on it (docs/architecture.md).
#pragma once

#include "lictor/error.h"

namespace lictor::cli {

inline constexpr int kExitOk = 0;          // fine; for `eval`: allow
inline constexpr int kExitFindings = 1;    // findings of a check, failed tests; for `eval`: deny
inline constexpr int kExitUsage = 2;       // the command line makes no sense
inline constexpr int kExitUnreadable = 3;  // the input cannot be read, or has errors
inline constexpr int kExitRequire = 4;     // `eval`: an approval is needed
inline constexpr int kExitInternal = 70;   // the surroundings failed, or a bug of our own

constexpr int exit_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kUsage:
      return kExitUsage;
    case ErrorKind::kUnreadable:
    case ErrorKind::kInvalid:
    case ErrorKind::kNotFound:
    case ErrorKind::kLimit:
      return kExitUnreadable;
    case ErrorKind::kUnavailable:
    case ErrorKind::kInternal:
      return kExitInternal;
  }
  return kExitInternal;
}

}  // namespace lictor::cli
