#include "cli/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace lictor::cli {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  bool close() {
    int fd = fd_;
    fd_ = -1;
    return fd <= STDERR_FILENO || ::close(fd) == 0;
  }

 private:
  int fd_;
};

std::string reason() { return std::strerror(errno); }

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    ssize_t n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    text.remove_prefix(static_cast<size_t>(n));
  }
  return true;
}

/// Removes the file unless the work came to its end.
struct Cleanup {
  std::string path;
  bool keep = false;
  ~Cleanup() {
    if (!keep) ::unlink(path.c_str());
  }
};

}  // namespace

Result<std::string> read_file(const std::string& path, uint64_t limit) {
  std::string name = path == "-" ? "standard input" : fmt::format("`{}`", path);
  Descriptor file(path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return fail(ErrorKind::kUnreadable, fmt::format("{} cannot be read: {}", name, reason()));
  std::string out;
  char buffer[64 << 10];
  for (;;) {
    ssize_t n = ::read(file.get(), buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail(ErrorKind::kUnreadable, fmt::format("{} cannot be read: {}", name, reason()));
    if (n == 0) return out;
    out.append(buffer, static_cast<size_t>(n));
    if (out.size() > limit) return fail(ErrorKind::kLimit, fmt::format("{} has more than {} bytes", name, limit));
  }
}

Result<void> replace_file(const std::string& path, std::string_view text) {
  auto failure = [&](std::string_view what) {
    return fail(ErrorKind::kUnavailable, fmt::format("`{}` cannot be {}: {}", path, what, reason()));
  };
  std::error_code error;
  std::string target = std::filesystem::canonical(path, error).string();
  struct stat status{};
  if (error || ::stat(target.c_str(), &status) != 0) return failure("found");
  std::string beside = target + ".XXXXXX";
  Descriptor file(::mkstemp(beside.data()));
  if (file.get() < 0) return failure("replaced");
  Cleanup cleanup{beside};
  bool written =
      write_all(file.get(), text) && ::fchmod(file.get(), status.st_mode & 07777) == 0 && ::fsync(file.get()) == 0;
  if (!written || !file.close() || ::rename(beside.c_str(), target.c_str()) != 0) return failure("replaced");
  cleanup.keep = true;
  return {};
}

Result<void> make_file(const std::string& path, std::string_view text) {
  auto failure = [&] { return fail(ErrorKind::kUnavailable, fmt::format("`{}` cannot be made: {}", path, reason())); };
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (file.get() < 0) return failure();
  Cleanup cleanup{path};
  if (!write_all(file.get(), text) || !file.close()) return failure();
  cleanup.keep = true;
  return {};
}

}  // namespace lictor::cli
