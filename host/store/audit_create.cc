// The log is made under another name, written to disk, and renamed: so a file at `path` is always whole, and an empty
// one was emptied by somebody. A leftover of an interrupted attempt is removed first.
#include "host/store/audit_create.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "host/store/audit_format.h"
#include "host/ulid.h"

namespace lictor {

namespace {

std::unexpected<Error> system_failure(const std::string& what) {
  return fail(ErrorKind::kUnavailable, what + ": " + std::strerror(errno));
}

Result<void> write_content(const Database& database) {
  std::array<char, 16> random{};
  if (getrandom(random.data(), random.size(), 0) != static_cast<ssize_t>(random.size())) {
    return system_failure("the system gives no random numbers");
  }
  std::string identity = hex(std::string_view(random.data(), random.size()));
  int64_t created = system_now();
  Digest genesis = audit_format::genesis(identity, created);

  if (auto done = database.run("PRAGMA synchronous = FULL; BEGIN IMMEDIATE"); !done) return done;
  for (const char* sql : audit_format::kSchema) {
    if (auto done = database.run(sql); !done) return done;
  }
  auto statement = database.prepare("INSERT INTO log (one, identity, created, genesis) VALUES (1, ?, ?, ?)");
  if (!statement) return std::unexpected(statement.error());
  statement->bind(0, std::string_view(identity));
  statement->bind(1, created);
  statement->bind_blob(2, genesis);
  if (auto row = statement->step(); !row) return std::unexpected(row.error());
  std::string last = "PRAGMA application_id = " + std::to_string(audit_format::kApplicationId) +
                     "; PRAGMA user_version = " + std::to_string(audit_format::kVersion) + "; COMMIT";
  return database.run(last.c_str());
}

Result<void> sync_folder_of(const std::string& path) {
  size_t slash = path.rfind('/');
  std::string folder = slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
  int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  bool good = descriptor >= 0 && ::fsync(descriptor) == 0;
  auto failure = good ? Result<void>{} : system_failure("`" + folder + "` cannot be synced");
  if (descriptor >= 0) ::close(descriptor);
  return failure;
}

}  // namespace

bool file_exists(const std::string& path) {
  struct stat info{};
  return ::lstat(path.c_str(), &info) == 0;
}

Result<void> drop_cached_log(const std::string& path) {
  int descriptor = ::open((path + "-wal").c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (descriptor < 0) return {};
  bool good = ::fdatasync(descriptor) == 0;
  auto failure = good ? Result<void>{} : system_failure("its write-ahead log cannot be synced");
  (void)::posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED);
  ::close(descriptor);
  return failure;
}

Result<void> create_audit_file(const std::string& path) {
  struct stat info{};
  if (::lstat((path + "-wal").c_str(), &info) == 0 && info.st_size > 0) {
    return fail(ErrorKind::kInvalid, "the file is missing, but its write-ahead log `" + path + "-wal` is there");
  }
  std::string draft = path + ".new";
  for (const char* suffix : {"", "-journal", "-wal", "-shm"}) ::unlink((draft + suffix).c_str());
  int descriptor = ::open(draft.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) return system_failure("it cannot be made");
  ::close(descriptor);

  auto database = Database::open(draft, Database::Mode::kReadWriteCreate);
  if (!database) return std::unexpected(std::move(database.error()));
  auto written = write_content(*database);
  database->close();
  if (written && ::rename(draft.c_str(), path.c_str()) != 0) written = system_failure("it cannot be made");
  if (!written) {
    ::unlink(draft.c_str());
    return written;
  }
  return sync_folder_of(path);
}

}  // namespace lictor
