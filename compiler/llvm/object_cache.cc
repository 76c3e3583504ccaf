// Reading trusts nothing: owner, mode, size, magic, key and checksum must fit before a byte is handed on.
#include "compiler/llvm/object_cache.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <vector>

namespace lictor::native {
namespace {

constexpr std::string_view kMagic = "LICTORO1";
constexpr size_t kHeader = 8 + 32 + 32;
constexpr off_t kLargest = 256 << 20;
constexpr size_t kMostFiles = 128;
constexpr mode_t kOthers = S_IRWXG | S_IRWXO;

class File {
 public:
  explicit File(int fd) : fd_(fd) {}
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }

 private:
  int fd_;
};

bool read_all(int fd, std::string& into) {
  size_t at = 0;
  while (at < into.size()) {
    ssize_t got = ::read(fd, into.data() + at, into.size() - at);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    at += static_cast<size_t>(got);
  }
  return true;
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t put = ::write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(put));
  }
  return true;
}

std::string_view view(const Digest& digest) { return {reinterpret_cast<const char*>(digest.data()), digest.size()}; }

/// The object is bound to its key: a sound file under another's name is no hit.
Digest checksum(const Digest& key, std::string_view object) { return sha256({view(key), object}); }

}  // namespace

std::string ObjectCache::path(const Digest& key) const {
  constexpr char kHex[] = "0123456789abcdef";
  std::string name;
  for (uint8_t byte : key) {
    name.push_back(kHex[byte >> 4]);
    name.push_back(kHex[byte & 15]);
  }
  return folder_ + "/" + name + ".o";
}

bool ObjectCache::folder_is_ours() const {
  struct stat info{};
  return ::stat(folder_.c_str(), &info) == 0 && S_ISDIR(info.st_mode) && info.st_uid == ::geteuid() &&
         (info.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

std::optional<std::string> ObjectCache::load(const Digest& key) const {
  if (folder_.empty() || !folder_is_ours()) return std::nullopt;
  File file(::open(path(key).c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  struct stat info{};
  if (!file.is_open() || ::fstat(file.fd(), &info) != 0) return std::nullopt;
  if (!S_ISREG(info.st_mode) || info.st_uid != ::geteuid() || (info.st_mode & kOthers) != 0) return std::nullopt;
  if (info.st_size < static_cast<off_t>(kHeader) || info.st_size > kLargest) return std::nullopt;
  std::string bytes(static_cast<size_t>(info.st_size), '\0');
  if (!read_all(file.fd(), bytes)) return std::nullopt;
  std::string_view whole = bytes;
  if (whole.substr(0, 8) != kMagic || whole.substr(8, 32) != view(key)) return std::nullopt;
  std::string_view object = whole.substr(kHeader);
  if (whole.substr(40, 32) != view(checksum(key, object))) return std::nullopt;
  ::futimens(file.fd(), nullptr);  // in use: pruned last
  bytes.erase(0, kHeader);
  return bytes;
}

void ObjectCache::store(const Digest& key, std::string_view object) const {
  if (folder_.empty() || object.size() > static_cast<size_t>(kLargest) - kHeader) return;
  std::error_code error;
  if (!std::filesystem::exists(folder_, error)) {
    std::filesystem::create_directories(std::filesystem::path(folder_).parent_path(), error);
    if (::mkdir(folder_.c_str(), S_IRWXU) != 0 && errno != EEXIST) return;
  }
  if (!folder_is_ours()) return;
  static std::atomic<uint32_t> serial{0};
  std::string whole = path(key);
  std::string temporary = whole + "." + std::to_string(::getpid()) + "." + std::to_string(serial++);
  bool written = false;
  {
    File file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (!file.is_open()) return;
    std::string head(kMagic);
    head.append(view(key)).append(view(checksum(key, object)));
    written = write_all(file.fd(), head) && write_all(file.fd(), object);
  }
  if (!written || ::rename(temporary.c_str(), whole.c_str()) != 0) ::unlink(temporary.c_str());
  prune();
}

void ObjectCache::prune() const {
  std::error_code error;
  std::vector<std::pair<std::filesystem::file_time_type, std::filesystem::path>> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, error)) {
    if (entry.path().extension() == ".o") files.emplace_back(entry.last_write_time(error), entry.path());
  }
  if (files.size() <= kMostFiles) return;
  std::sort(files.begin(), files.end());
  for (size_t i = 0; i + kMostFiles < files.size(); ++i) std::filesystem::remove(files[i].second, error);
}

}  // namespace lictor::native
