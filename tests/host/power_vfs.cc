// A shim over the unix VFS. Beside every real file stand its bytes as of the last sync and the writes since then.
#include "tests/host/power_vfs.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <new>
#include <vector>

#include "tests/host/audit_files.h"

namespace lictor::testing {
namespace {

struct Pending {
  sqlite3_int64 at = 0;
  std::string bytes;
  bool truncates = false;  // to `at`
};

struct DiskFile {
  bool exists = false;   // on the disk, for certain
  bool removed = false;  // but not yet for certain
  std::string synced;    // its bytes on the disk
  std::vector<Pending> pending;
};

struct Disk {
  std::map<std::string, DiskFile> files;
  int64_t left = -1;  // operations until the power fails
  bool failed = false;
  int64_t operations = 0;
  int64_t syncs_left = -1;  // until one is lost
  bool sync_lost = false;
};
Disk g_disk;

void apply(std::string& bytes, const Pending& write) {
  auto at = static_cast<size_t>(write.at);
  if (write.truncates) return bytes.resize(std::min(bytes.size(), at));
  if (bytes.size() < at + write.bytes.size()) bytes.resize(at + write.bytes.size());
  std::copy(write.bytes.begin(), write.bytes.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at));
}

/// False once the power is gone. The operation at which it goes has begun: what it writes may or may not be there.
bool powered() {
  if (g_disk.failed) return false;
  ++g_disk.operations;
  if (g_disk.left == 0) g_disk.failed = true;
  if (g_disk.left > 0) --g_disk.left;
  return true;
}

struct File {
  sqlite3_file base;
  DiskFile* disk;
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};
File* of(sqlite3_file* file) { return reinterpret_cast<File*>(file); }
sqlite3_file* real(sqlite3_file* file) { return of(file)->real(); }

int do_close(sqlite3_file* f) { return real(f)->pMethods->xClose(real(f)); }
int do_read(sqlite3_file* f, void* b, int n, sqlite3_int64 at) { return real(f)->pMethods->xRead(real(f), b, n, at); }
int do_write(sqlite3_file* f, const void* b, int n, sqlite3_int64 at) {
  if (!powered()) return SQLITE_IOERR_WRITE;
  of(f)->disk->pending.push_back({at, std::string(static_cast<const char*>(b), static_cast<size_t>(n)), false});
  if (g_disk.failed) return SQLITE_IOERR_WRITE;
  return real(f)->pMethods->xWrite(real(f), b, n, at);
}
int do_truncate(sqlite3_file* f, sqlite3_int64 size) {
  if (!powered()) return SQLITE_IOERR_TRUNCATE;
  of(f)->disk->pending.push_back({size, {}, true});
  if (g_disk.failed) return SQLITE_IOERR_TRUNCATE;
  return real(f)->pMethods->xTruncate(real(f), size);
}

/// The pages are dropped: the disk never gets them, and who reads the file sees what the disk has.
int lose(sqlite3_file* f) {
  DiskFile& disk = *of(f)->disk;
  g_disk.sync_lost = true;
  disk.pending.clear();
  real(f)->pMethods->xTruncate(real(f), static_cast<sqlite3_int64>(disk.synced.size()));
  real(f)->pMethods->xWrite(real(f), disk.synced.data(), static_cast<int>(disk.synced.size()), 0);
  return SQLITE_IOERR_FSYNC;
}

int do_sync(sqlite3_file* f, int) {
  if (!powered() || g_disk.failed) return SQLITE_IOERR_FSYNC;
  if (g_disk.syncs_left == 0) {
    g_disk.syncs_left = -1;
    return lose(f);
  }
  if (g_disk.syncs_left > 0) --g_disk.syncs_left;
  DiskFile& disk = *of(f)->disk;
  for (const Pending& write : disk.pending) apply(disk.synced, write);
  disk.pending.clear();
  disk.exists = true;  // the unix layer syncs the folder with a new file's first sync
  return SQLITE_OK;
}
int do_size(sqlite3_file* f, sqlite3_int64* size) { return real(f)->pMethods->xFileSize(real(f), size); }
int do_lock(sqlite3_file* f, int level) { return real(f)->pMethods->xLock(real(f), level); }
int do_unlock(sqlite3_file* f, int level) { return real(f)->pMethods->xUnlock(real(f), level); }
int do_check(sqlite3_file* f, int* out) { return real(f)->pMethods->xCheckReservedLock(real(f), out); }
int do_control(sqlite3_file* f, int op, void* arg) { return real(f)->pMethods->xFileControl(real(f), op, arg); }
int do_sector(sqlite3_file* f) { return real(f)->pMethods->xSectorSize(real(f)); }
int do_traits(sqlite3_file* f) { return real(f)->pMethods->xDeviceCharacteristics(real(f)); }
int do_map(sqlite3_file* f, int page, int size, int extend, void volatile** out) {
  return real(f)->pMethods->xShmMap(real(f), page, size, extend, out);
}
int do_shm_lock(sqlite3_file* f, int offset, int n, int flags) {
  return real(f)->pMethods->xShmLock(real(f), offset, n, flags);
}
void do_barrier(sqlite3_file* f) { real(f)->pMethods->xShmBarrier(real(f)); }
int do_unmap(sqlite3_file* f, int remove) { return real(f)->pMethods->xShmUnmap(real(f), remove); }

const sqlite3_io_methods kMethods = {2,           do_close,   do_read,  do_write,   do_truncate, do_sync,   do_size,
                                     do_lock,     do_unlock,  do_check, do_control, do_sector,   do_traits, do_map,
                                     do_shm_lock, do_barrier, do_unmap, nullptr,    nullptr};

sqlite3_vfs* g_real = nullptr;
sqlite3_vfs g_vfs;

DiskFile& disk_file(const char* name) {
  auto [found, is_new] = g_disk.files.try_emplace(name);
  DiskFile& disk = found->second;
  if (is_new && std::filesystem::exists(name)) {
    disk.exists = true;
    disk.synced = read_file(name);
  }
  return disk;
}

int do_open(sqlite3_vfs*, sqlite3_filename name, sqlite3_file* file, int flags, int* out_flags) {
  auto* ours = new (file) File{};
  DiskFile& disk = disk_file(name != nullptr ? name : "");  // before the real one makes it
  int code = g_real->xOpen(g_real, name, ours->real(), flags, out_flags);
  ours->base.pMethods = ours->real()->pMethods != nullptr ? &kMethods : nullptr;
  ours->disk = &disk;
  if (code == SQLITE_OK && disk.removed) {  // made anew; whether the old one is gone from the disk stays open
    disk.removed = false;
    disk.pending.push_back({0, {}, true});
  }
  return code;
}

int do_delete(sqlite3_vfs*, const char* name, int sync_folder) {
  if (!powered()) return SQLITE_IOERR_DELETE;
  DiskFile& disk = disk_file(name);
  disk.removed = true;
  if (g_disk.failed) return SQLITE_IOERR_DELETE;
  if (sync_folder != 0) disk = {};
  return g_real->xDelete(g_real, name, sync_folder);
}

class Image {
 public:
  Image(PowerVfs::Kept kept, std::mt19937_64& random) : kept_(kept), random_(random) {}

  void write(const std::string& path, const std::string& target) {
    std::filesystem::remove(target);
    auto found = g_disk.files.find(path);
    if (found == g_disk.files.end()) return;
    const DiskFile& disk = found->second;
    bool there = disk.exists || (!disk.pending.empty() && chosen());
    if (disk.removed && chosen()) there = false;
    if (!there) return;
    std::string bytes = disk.synced;
    for (const Pending& write : disk.pending) keep(bytes, write);
    write_file(target, bytes);
  }

 private:
  bool chosen() { return kept_ == PowerVfs::Kept::kAll || (kept_ != PowerVfs::Kept::kSynced && random_() % 2 == 0); }

  void keep(std::string& bytes, const Pending& write) {
    constexpr size_t kSector = 512;
    if (kept_ != PowerVfs::Kept::kTornSectors || write.truncates) {
      if (chosen()) apply(bytes, write);
      return;
    }
    for (size_t from = 0; from < write.bytes.size();) {
      size_t size = std::min(kSector - static_cast<size_t>(write.at + static_cast<sqlite3_int64>(from)) % kSector,
                             write.bytes.size() - from);
      if (chosen()) apply(bytes, {write.at + static_cast<sqlite3_int64>(from), write.bytes.substr(from, size), false});
      from += size;
    }
  }

  PowerVfs::Kept kept_;
  std::mt19937_64& random_;
};

}  // namespace

PowerVfs::PowerVfs() {
  g_disk = {};
  g_real = sqlite3_vfs_find(nullptr);
  g_vfs = *g_real;
  g_vfs.zName = "lictor-power";
  g_vfs.szOsFile = static_cast<int>(sizeof(File)) + g_real->szOsFile;
  g_vfs.xOpen = do_open;
  g_vfs.xDelete = do_delete;
  sqlite3_vfs_register(&g_vfs, 1);
}

PowerVfs::~PowerVfs() {
  sqlite3_vfs_unregister(&g_vfs);
  sqlite3_vfs_register(g_real, 1);
}

void PowerVfs::start(int64_t fail_after) {
  g_disk = {};
  g_disk.left = fail_after;
}
bool PowerVfs::failed() const { return g_disk.failed; }
int64_t PowerVfs::operations() const { return g_disk.operations; }
void PowerVfs::lose_sync(int64_t syncs) { g_disk.syncs_left = syncs; }
bool PowerVfs::sync_was_lost() const { return g_disk.sync_lost; }

void PowerVfs::write_image(const std::string& path, const std::string& target, Kept kept,
                           std::mt19937_64& random) const {
  Image image(kept, random);
  image.write(path, target);
  image.write(path + "-wal", target + "-wal");
  for (const char* left : {"-shm", "-journal", ".lock"}) std::filesystem::remove(target + left);
}

}  // namespace lictor::testing
