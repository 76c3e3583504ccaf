// `--watch`: runs something again whenever a file of the given paths changes.
//
// Files are looked at a few times a second: that works on every file system, sees a file that was replaced by a rename,
// deleted or made anew, and misses nothing that happens while the last run goes on. A change is waited out, so that an
// editor that writes in several steps causes one run.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "cli/output.h"

namespace lictor::cli {

struct FileState {
  uint64_t device = 0, inode = 0, size = 0;
  int64_t modified = 0, changed = 0;  // nanoseconds
  bool operator==(const FileState&) const = default;
};
using FileStates = std::map<std::string, FileState>;

/// The files that matter below each folder (policies, lictor.toml, lictor.lock, data files; hidden ones and links to folders
/// left out), and each other path as it is. What is missing is left out.
FileStates look_at(const std::vector<std::string>& paths);

/// "a.lictor changed", "b.csv is new", "c.lictor is gone", in order of names; `most` of them, then how many more.
std::vector<std::string> changes_between(const FileStates& before, const FileStates& after, size_t most = 5);

struct WatchedRun {
  int code = 0;
  std::vector<std::string> also;  // further paths to look at: what the run has read
};

/// Runs `once` now and after each change of `paths`, until SIGINT or SIGTERM comes; `stop` turns true then, and a second
/// signal ends the process at once. Gives the code of the last run that was not stopped (0 where there is none). The
/// screen is cleared before a run only where data goes to a terminal.
int watch(const std::vector<std::string>& paths, const std::function<WatchedRun(const std::atomic<bool>& stop)>& once,
          Output& output);

}  // namespace lictor::cli
