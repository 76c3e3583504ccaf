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

/// After a sync that failed the system may go on to show pages that are not on the disk and never will be. This makes it
/// forget what it keeps of the write-ahead log, so that recovery reads what is really there. The file itself is left
/// alone: to close a descriptor of it would drop SQLite's locks, and it is written anew from the log anyway.
Result<void> drop_cached_log(const std::string& path);

}  // namespace lictor
