// SQLite's file layer over a disk that keeps only what was synced: at a chosen write, sync, truncation or removal the power
// fails, and what the disk then holds can be written out, in each of the ways in which a disk may have worked. While one
// lives it is the default file layer of the process.
#pragma once

#include <cstdint>
#include <random>
#include <string>

namespace lictor::testing {

class PowerVfs {
 public:
  PowerVfs();
  ~PowerVfs();
  PowerVfs(const PowerVfs&) = delete;
  PowerVfs& operator=(const PowerVfs&) = delete;

  /// Forgets all files and counts; the power fails at the operation after `operations` more. -1: never.
  void start(int64_t fail_after);
  /// Has it failed?
  bool failed() const;
  int64_t operations() const;

  /// The sync after `syncs` more fails once, and what it should have written is lost for ever: the system drops such pages.
  void lose_sync(int64_t syncs);
  bool sync_was_lost() const;

  enum class Kept : uint8_t {
    kSynced,      // only what was synced
    kAll,         // all that was written, as if it had been synced
    kSome,        // any of the writes since the last sync, so also later ones without earlier ones
    kTornSectors  // any of their sectors of 512 bytes
  };
  /// Writes the file `path`, as the disk has it, to `target`, and its write-ahead log beside it.
  void write_image(const std::string& path, const std::string& target, Kept kept, std::mt19937_64& random) const;
};

}  // namespace lictor::testing
