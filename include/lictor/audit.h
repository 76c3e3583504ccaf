// The audit log: every decision, in order, in one SQLite file that shows later whether anybody touched it.
//
//   auto log = lictor::AuditLog::open("decisions.audit");
//   log->append(lictor::audit_record(request, verdict));           // durable when it returns
//   lictor::AuditHead head = log->head();                          // keep it elsewhere
//   auto report = lictor::verify_audit("decisions.audit", head);   // report->ok, report->bad, report->finding
//
// Records form a chain: each carries the SHA-256 over the one before it and its own fields, docs/audit.md has the bytes.
// So a record that was edited, deleted, inserted, moved or doubled is found, at its exact place. A tail that was cut off,
// or a chain that was computed anew, can be found only with a head that was kept elsewhere; verify says which it checked.
//
// One AuditLog writes a file at a time: a lock refuses a second, in this process or another. All writes and all
// checkpoints go through its one connection. Any thread may call append(); calls that meet share one transaction.
// Nothing here throws, save std::bad_alloc.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lictor/error.h"

namespace lictor {

class Request;
class Verdict;

/// One decision as the log keeps it. The log fills in `seq`, `request_digest` and `hash`.
struct AuditRecord {
  uint64_t seq = 0;                    // from 1, without gaps
  int64_t time = 0;                    // when it was recorded: microseconds since 1970, UTC
  std::string id;                      // of the decision: a ULID
  std::string bundle;                  // "sha256:..."
  std::string decision;                // "atom.maturity.govern"
  uint64_t facts = 0;                  // version of the facts
  std::string request_digest;          // SHA-256 of `request`, 64 hex digits
  std::optional<std::string> request;  // canonical JSON; nothing where the log keeps digests only
  std::string outcome;                 // "allow", "deny", "require"
  std::string clause;
  std::string reason;
  bool is_override = false;
  std::vector<std::string> errors;
  std::string engine;  // "interp", "jit"
  int64_t now = 0;     // the `now` of the decision: microseconds since 1970, UTC
  std::string hash;    // of the chain up to here, 64 hex digits
};

/// How far a log goes: the newest record and the chain's hash there. seq 0 is the empty log, whose hash is its genesis.
struct AuditHead {
  uint64_t seq = 0;
  std::string hash;
  bool operator==(const AuditHead&) const = default;
};

struct AuditOptions {
  /// true: append() returns when the records are on disk (one fsync per transaction, about 1 to 4 ms). false: the newest
  /// commits may be lost with the power, never torn; some 100 times quicker for single appends.
  bool durable = true;
  /// Keep the request's text beside its digest. Off for requests that must not be kept.
  bool keep_requests = true;
  /// Verify the whole file before it is opened for writing (about 2 s per million records); otherwise its schema and the
  /// newest record are checked.
  bool verify_all = false;
  /// Allow files on network file systems, whose locks often do nothing.
  bool allow_network = false;
};

class AuditLog {
 public:
  /// Opens `path` for appending, or makes it with mode 0600. kUnavailable: another writer has it, or the disk fails.
  /// kInvalid: not an audit log, of a newer format, damaged, or tampered with; it is left as it is.
  static Result<AuditLog> open(const std::string& path, const AuditOptions& options = {});
  AuditLog(AuditLog&&) noexcept;
  AuditLog& operator=(AuditLog&&) noexcept;
  ~AuditLog();

  /// Appends all of `records` in their order, or none. Returns the head after them. kUnavailable: the disk is full
  /// (then it goes on when there is space again), or it fails: the fate of a failed commit is unknown, so the log refuses
  /// to go on until it is opened again.
  Result<AuditHead> append(std::span<const AuditRecord> records);
  Result<AuditHead> append(const AuditRecord& record);

  AuditHead head() const;
  /// Which log this is: 32 hex digits, chosen when the file was made.
  std::string identity() const;

 private:
  struct Impl;
  explicit AuditLog(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// What verify_audit() found.
struct AuditReport {
  bool ok = false;
  uint64_t records = 0;  // verified before the first bad position
  AuditHead head;        // after those
  std::string identity;
  std::optional<uint64_t> bad;  // the first bad position: a seq
  std::string finding;          // what is wrong there; "" when ok
  bool checked_head = false;    // was an expected head given, and does the log contain it?
  std::string guarantee;        // what this verification can and cannot show, for people
};

/// Verifies the file without changing it; a writer may go on meanwhile. With `expected`, a head kept elsewhere, a cut
/// tail and a rewritten chain are found too. Fails only where the file cannot be read or is not an audit log; tampering
/// is a report with ok == false. About 2 s per million records.
Result<AuditReport> verify_audit(const std::string& path, const std::optional<AuditHead>& expected = std::nullopt);

/// Calls `visit` with each record from `first_seq` on, in order, until it returns false. Checks no hashes.
Result<void> read_audit(const std::string& path, uint64_t first_seq,
                        const std::function<bool(const AuditRecord&)>& visit);

/// "lictor-audit-head-1 SEQ HASH": one line to keep elsewhere, and back.
std::string head_text(const AuditHead& head);
Result<AuditHead> parse_head(std::string_view text);

/// The record of a decision, stamped with the system clock.
AuditRecord audit_record(const Request& request, const Verdict& verdict);

}  // namespace lictor
