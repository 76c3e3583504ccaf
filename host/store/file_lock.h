// A lock that one holder has at a time, in this process or another, on this machine.
#pragma once

#include <string>

#include "lictor/error.h"

namespace lictor {

/// Held from take() until it dies. The lock file stays: removing it would let two holders in.
class FileLock {
 public:
  /// kUnavailable: somebody has it, or the file cannot be made.
  static Result<FileLock> take(const std::string& path);
  FileLock(FileLock&& other) noexcept : descriptor_(other.descriptor_) { other.descriptor_ = -1; }
  FileLock& operator=(FileLock&& other) noexcept;
  FileLock() = default;
  ~FileLock();

 private:
  int descriptor_ = -1;
};

/// Does `path` (or, while it does not exist, its folder) lie on a network file system, whose locks often do nothing?
bool on_network_file_system(const std::string& path);

}  // namespace lictor
