// flock() on a file of its own: it is bound to the open file, so a second take() in one process is refused too, and the
// kernel lets go of it when its holder dies, however that happens. SQLite's own locks are on another file: closing a
// descriptor of the database would drop those.
#include "host/store/file_lock.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/file.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace lictor {

Result<FileLock> FileLock::take(const std::string& path) {
  FileLock lock;
  lock.descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (lock.descriptor_ < 0) {
    return fail(ErrorKind::kUnavailable, "`" + path + "` cannot be opened: " + std::strerror(errno));
  }
  if (::flock(lock.descriptor_, LOCK_EX | LOCK_NB) != 0) {
    return fail(ErrorKind::kUnavailable, errno == EWOULDBLOCK
                                             ? "it is open for writing already (`" + path + "` is locked)"
                                             : "`" + path + "` cannot be locked: " + std::strerror(errno));
  }
  return lock;
}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool on_network_file_system(const std::string& path) {
  constexpr unsigned kCifs = 0xff534d42u, kSmb2 = 0xfe534d42u, kCeph = 0x00c36400u, kFuse = 0x65735546u;
  struct statfs info{};
  std::string place = path;
  if (::statfs(place.c_str(), &info) != 0) {
    size_t slash = path.rfind('/');
    place = slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
    if (::statfs(place.c_str(), &info) != 0) return false;
  }
  auto type = static_cast<unsigned>(info.f_type);
  return type == NFS_SUPER_MAGIC || type == SMB_SUPER_MAGIC || type == AFS_SUPER_MAGIC || type == CODA_SUPER_MAGIC ||
         type == kCifs || type == kSmb2 || type == kCeph || type == kFuse;
}

}  // namespace lictor
