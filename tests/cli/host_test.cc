// lictor host audit: an intact log, a tampered one, an export.
#include <gmock/gmock.h>
#include <sqlite3.h>

#include "lictor/audit.h"
#include "tests/cli/command.h"

namespace lictor::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class HostAudit : public CommandTest {
 protected:
  HostAudit() {
    auto log = AuditLog::open(path("log"));
    if (!log) std::abort();
    for (int i = 1; i <= 3; ++i) {
      AuditRecord record;
      record.time = i * 1'000'000;
      record.id = "01J0000000000000000000000" + std::to_string(i);
      record.bundle = "sha256:00";
      record.decision = "doors.enter";
      record.request = R"({"n":)" + std::to_string(i) + "}";
      record.outcome = "deny";
      record.clause = "default";
      record.reason = "no";
      record.engine = "interp";
      if (!log->append(record)) std::abort();
    }
    head_ = log->head();
  }
  /// Changes a row as somebody who covers the traces would: the trigger that forbids it is there again afterwards.
  void tamper() const {
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(path("log").c_str(), &db), SQLITE_OK);
    std::string trigger;
    auto keep = [](void* out, int, char** values, char**) {
      *static_cast<std::string*>(out) = values[0];
      return 0;
    };
    sqlite3_exec(db, "SELECT sql FROM sqlite_schema WHERE name = 'record_no_update'", keep, &trigger, nullptr);
    std::string all = "DROP TRIGGER record_no_update; UPDATE record SET outcome = 'allow' WHERE seq = 2; " + trigger;
    char* error = nullptr;
    EXPECT_EQ(sqlite3_exec(db, all.c_str(), nullptr, nullptr, &error), SQLITE_OK) << (error ? error : "");
    sqlite3_close(db);
  }

  AuditHead head_;
};

TEST_F(HostAudit, AnIntactLog) {
  Ran ran = lictor({"host", "audit", "verify", "log"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, AllOf(StartsWith("intact: log, 3 records verified\n"), HasSubstr("3:" + head_.hash)));
  Ran head = lictor({"host", "audit", "verify", "log", "--head", "3:" + head_.hash, "--format", "json"});
  EXPECT_EQ(head.code, 0);
  nlohmann::json json = parse_json(head.out);
  EXPECT_EQ(json["ok"], true);
  EXPECT_EQ(json["records"], 3);
  EXPECT_EQ(json["checked_head"], true);
}

TEST_F(HostAudit, AHeadThatTheLogDoesNotHave) {
  Ran ran = lictor({"host", "audit", "verify", "log", "--head", "4:" + head_.hash});
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.out, StartsWith("broken: "));
}

TEST_F(HostAudit, AnEditedRecordIsFoundAtItsPlace) {
  tamper();
  Ran ran = lictor({"host", "audit", "verify", "log", "--format", "json"});
  EXPECT_EQ(ran.code, 1);
  nlohmann::json json = parse_json(ran.out);
  EXPECT_EQ(json["ok"], false);
  EXPECT_EQ(json["bad"], 2);
  EXPECT_NE(json["finding"], "");
}

TEST_F(HostAudit, WhatIsNoLog) {
  write("text", "hello");
  EXPECT_EQ(lictor({"host", "audit", "verify", "text"}).code, 3);
  EXPECT_EQ(lictor({"host", "audit", "verify", "nowhere"}).code, 3);
  EXPECT_EQ(lictor({"host", "audit", "export", "text"}).code, 3);
}

TEST_F(HostAudit, ExportIsJsonLines) {
  Ran ran = lictor({"host", "audit", "export", "log", "--from", "2"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(std::count(ran.out.begin(), ran.out.end(), '\n'), 2);
  nlohmann::json first = parse_json(ran.out.substr(0, ran.out.find('\n')));
  EXPECT_EQ(first["seq"], 2);
  EXPECT_EQ(first["request"]["n"], 2);
  EXPECT_EQ(first["time"], "1970-01-01T00:00:02Z");
  EXPECT_EQ(first["outcome"], "deny");
}

}  // namespace
}  // namespace lictor::test
