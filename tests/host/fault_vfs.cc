// A shim over the unix VFS: every file carries the real file behind it; only xRead, xWrite, xTruncate and xSync
// look at the plan.
#include "tests/host/fault_vfs.h"

#include <sqlite3.h>

#include <cstring>
#include <new>

namespace lictor::testing {

namespace {

struct PlanOfReads {
  int64_t left = -1;  // reads until the fault; -1: none is planned
  bool lasting = false;
  bool is_short = false;
};
PlanOfReads g_reads;

struct PlanOfFaults {
  int64_t left = -1;  // operations until the fault; -1: none is planned
  bool lasting = false;
  bool struck = false;
  int code = SQLITE_IOERR;
  int64_t operations = 0;
};
PlanOfFaults g_plan;

/// SQLITE_OK, or the fault's code.
int count(int code_of_io_error) {
  ++g_plan.operations;
  if (g_plan.left < 0) return SQLITE_OK;
  if (g_plan.left > 0) {
    --g_plan.left;
    return SQLITE_OK;
  }
  g_plan.struck = true;
  if (!g_plan.lasting) g_plan.left = -1;
  return g_plan.code == SQLITE_FULL ? SQLITE_FULL : code_of_io_error;
}

struct File {
  sqlite3_file base;
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};
sqlite3_file* real(sqlite3_file* file) { return reinterpret_cast<File*>(file)->real(); }

int do_close(sqlite3_file* f) { return real(f)->pMethods->xClose(real(f)); }
int do_read(sqlite3_file* f, void* b, int n, sqlite3_int64 at) {
  int code = real(f)->pMethods->xRead(real(f), b, n, at);
  if (g_reads.left < 0) return code;
  if (g_reads.left > 0) {
    --g_reads.left;
    return code;
  }
  g_plan.struck = true;
  if (!g_reads.lasting) g_reads.left = -1;
  if (!g_reads.is_short) return SQLITE_IOERR_READ;
  std::memset(static_cast<char*>(b) + n / 2, 0, static_cast<size_t>(n - n / 2));
  return SQLITE_IOERR_SHORT_READ;
}
int do_write(sqlite3_file* f, const void* b, int n, sqlite3_int64 at) {
  if (int code = count(SQLITE_IOERR_WRITE)) return code;
  return real(f)->pMethods->xWrite(real(f), b, n, at);
}
int do_truncate(sqlite3_file* f, sqlite3_int64 size) {
  if (int code = count(SQLITE_IOERR_TRUNCATE)) return code;
  return real(f)->pMethods->xTruncate(real(f), size);
}
int do_sync(sqlite3_file* f, int flags) {
  if (int code = count(SQLITE_IOERR_FSYNC)) return code == SQLITE_FULL ? SQLITE_IOERR_FSYNC : code;
  return real(f)->pMethods->xSync(real(f), flags);
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

int do_open(sqlite3_vfs*, sqlite3_filename name, sqlite3_file* file, int flags, int* out_flags) {
  auto* ours = new (file) File{};
  int code = g_real->xOpen(g_real, name, ours->real(), flags, out_flags);
  ours->base.pMethods = ours->real()->pMethods != nullptr ? &kMethods : nullptr;
  return code;
}

}  // namespace

FaultVfs::FaultVfs() {
  g_plan = {};
  g_reads = {};
  g_real = sqlite3_vfs_find(nullptr);
  g_vfs = *g_real;
  g_vfs.zName = "lictor-fault";
  g_vfs.szOsFile = static_cast<int>(sizeof(File)) + g_real->szOsFile;
  g_vfs.xOpen = do_open;
  sqlite3_vfs_register(&g_vfs, 1);
}

FaultVfs::~FaultVfs() {
  sqlite3_vfs_unregister(&g_vfs);
  sqlite3_vfs_register(g_real, 1);
}

void FaultVfs::fail_after(int64_t operations, Kind kind, bool lasting) {
  g_plan.left = operations;
  g_plan.lasting = lasting;
  g_plan.struck = false;
  g_plan.code = kind == Kind::kDiskFull ? SQLITE_FULL : SQLITE_IOERR;
}
void FaultVfs::fail_read_after(int64_t reads, ReadKind kind, bool lasting) {
  g_reads = {reads, lasting, kind == ReadKind::kShort};
  g_plan.struck = false;
}
void FaultVfs::heal() {
  g_plan.left = -1;
  g_reads.left = -1;
}
bool FaultVfs::struck() const { return g_plan.struck; }
int64_t FaultVfs::operations() const { return g_plan.operations; }

}  // namespace lictor::testing
