// Help for the tests of the audit log: a folder that removes itself, logs filled with records, raw SQL on a file.
#pragma once

#include <sqlite3.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "lictor/audit.h"

namespace lictor::testing {

class Folder {
 public:
  /// kMemory: in memory where the system has such a place, for tests that sync thousands of times.
  enum class Where : uint8_t { kDisk, kMemory };
  explicit Folder(Where where = Where::kDisk) {
    std::error_code none;
    std::filesystem::path root = std::filesystem::temp_directory_path();
    if (where == Where::kMemory && std::filesystem::is_directory("/dev/shm", none)) root = "/dev/shm";
    std::string name = (root / "lictor-host-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::permissions(path_, std::filesystem::perms::owner_all, ignored);
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void write_file(const std::string& path, std::string_view text) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path, std::ios::binary | std::ios::trunc).write(text.data(), static_cast<std::streamsize>(text.size()));
}

inline AuditRecord sample_record(int number) {
  AuditRecord record;
  record.time = 1'767'225'600'000'000 + number;
  record.id = "id-" + std::to_string(number);
  record.bundle = "sha256:abc";
  record.decision = "atom.maturity.govern";
  record.facts = 7;
  record.request = R"({"action":"a)" + std::to_string(number) + R"("})";
  record.outcome = number % 2 == 0 ? "allow" : "deny";
  record.clause = number % 2 == 0 ? "mature" : "below";
  record.reason = "because of " + std::to_string(number);
  record.errors = number % 5 == 0 ? std::vector<std::string>{"overflow in `late`"} : std::vector<std::string>{};
  record.engine = "jit";
  record.now = record.time - 1;
  return record;
}

inline std::vector<AuditRecord> sample_records(int count, int first = 1) {
  std::vector<AuditRecord> records;
  for (int i = 0; i < count; ++i) records.push_back(sample_record(first + i));
  return records;
}

/// A closed log with `count` records at `path`; its head.
inline AuditHead make_log(const std::string& path, int count) {
  auto log = AuditLog::open(path);
  if (!log) return {};
  auto head = log->append(sample_records(count));
  return head ? *head : AuditHead{};
}

/// What an attacker does who has the file: switches the guards off, runs `sql`, puts the guards back.
inline std::string tamper(const std::string& path, const std::string& sql) {
  sqlite3* db = nullptr;
  std::string error;
  auto run = [&](const std::string& text) {
    char* message = nullptr;
    if (sqlite3_exec(db, text.c_str(), nullptr, nullptr, &message) != SQLITE_OK && error.empty()) error = message;
    sqlite3_free(message);
  };
  sqlite3_open(path.c_str(), &db);
  std::vector<std::string> triggers;
  sqlite3_exec(
      db, "SELECT sql FROM sqlite_schema WHERE type = 'trigger'",
      [](void* out, int, char** columns, char**) {
        static_cast<std::vector<std::string>*>(out)->push_back(columns[0]);
        return 0;
      },
      &triggers, nullptr);
  for (const char* name : {"log_no_delete", "log_no_update", "record_no_delete", "record_no_update"}) {
    run(std::string("DROP TRIGGER ") + name);
  }
  run(sql);
  for (const std::string& text : triggers) run(text);
  sqlite3_close(db);
  return error;
}

}  // namespace lictor::testing
