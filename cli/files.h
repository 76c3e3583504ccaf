// Reading and writing files for commands: with a limit, and never half.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lictor/error.h"

namespace lictor::cli {

/// The bytes of a file, or of stdin for "-". kUnreadable; kLimit when there are more than `limit` bytes (no more are read).
Result<std::string> read_file(const std::string& path, uint64_t limit);

/// Replaces the file's content at once: written beside it, then renamed, with the mode it had. A link is followed.
/// kUnavailable; the old content is then still there.
Result<void> replace_file(const std::string& path, std::string_view text);

/// Makes a file that must not exist yet. kUnavailable.
Result<void> make_file(const std::string& path, std::string_view text);

}  // namespace lictor::cli
