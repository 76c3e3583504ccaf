// Making a new audit log, all or nothing.
#pragma once

#include <string>

#include "lictor/error.h"

namespace lictor {

/// Makes an empty log at `path` with mode 0600: a complete one or none at all, whenever the process or the power dies.
/// REQUIRES: nothing is at `path`, and the caller holds its lock. kInvalid: a write-ahead log without its log lies there.
Result<void> create_audit_file(const std::string& path);

/// Is there anything at `path`?
bool file_exists(const std::string& path);

}  // namespace lictor
