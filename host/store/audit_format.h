// The audit log's format: its schema and the bytes that its chain hashes. docs/audit.md is the specification.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "host/sha256.h"
#include "host/store/sqlite.h"
#include "lictor/audit.h"

namespace lictor::audit_format {

inline constexpr int64_t kApplicationId = 0x4c494354;  // "LICT"
inline constexpr int64_t kVersion = 1;                 // PRAGMA user_version

/// Statements that make the tables and triggers, in order, as sqlite_schema shows them.
extern const std::vector<const char*> kSchema;

inline constexpr const char* kSelect =
    "SELECT seq, time, id, bundle, decision, facts, request_digest, request, outcome, clause, reason, override, errors,"
    " engine, now, hash FROM record WHERE seq >= ?1 ORDER BY seq";
inline constexpr const char* kInsert =
    "INSERT INTO record (seq, time, id, bundle, decision, facts, request_digest, request, outcome, clause, reason,"
    " override, errors, engine, now, hash) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";

/// One row as it lies in the table; the views live as long as what they were read or made from.
struct Row {
  int64_t seq = 0, time = 0, facts = 0, now = 0;
  bool is_override = false, has_request = false;
  std::string_view id, bundle, decision, request, outcome, clause, reason, errors, engine;
  Digest request_digest{};
  Digest hash{};
};

/// False: a column has not the form it must have (a digest of another length, an override that is neither 0 nor 1).
/// REQUIRES: the statement is kSelect and stands on a row.
bool read_row(const Statement& statement, Row& row);
/// `row` must live until the step.
void bind_row(Statement& statement, const Row& row);

/// The chain's hash after `row`, whose predecessor's is `previous`. Not thread-safe per `hash`.
Digest chain(Sha256& hash, const Digest& previous, const Row& row);
/// The hash of an empty log.
Digest genesis(std::string_view identity, int64_t created);

/// A list of texts as the column `errors` has it: a JSON array, and back.
std::string errors_text(const std::vector<std::string>& errors);
std::vector<std::string> parse_errors(std::string_view text);

AuditRecord to_record(const Row& row);

/// The table `log`: which log this is.
struct Log {
  std::string identity;  // 32 hex digits
  int64_t created = 0;   // microseconds since 1970, UTC
  Digest genesis{};
};

/// Checks that the file is an audit log of this version with exactly this schema, and reads its identity. kInvalid if not.
Result<Log> read_log(const Database& database);

}  // namespace lictor::audit_format
