// Opening and appending.
//
// Group commit: callers put their records into a queue; the first that finds nobody writing becomes the writer, takes
// all that is queued, writes it as one transaction, wakes the others and goes on until the queue is empty. So fifty
// callers share one fsync, and a lone caller pays nothing for it.
//
// Order of a transaction: the chain is computed from the head in memory, rows are inserted, COMMIT; only then does the
// head move. After a commit that failed the rows may or may not be on disk: the log is then closed to writing, because
// to repeat a failed fsync and call it good loses data.
#include <unistd.h>

#include <condition_variable>
#include <mutex>
#include <utility>

#include "host/store/audit_create.h"
#include "host/store/audit_format.h"
#include "host/store/file_lock.h"
#include "lictor/audit.h"

namespace lictor {

using audit_format::Row;

namespace {

constexpr size_t kMaxPerTransaction = 4'096;

/// Says which log failed; `error` says why.
std::unexpected<Error> about(const std::string& path, Error error) {
  error.message = "the audit log `" + path + "`: " + error.message;
  return std::unexpected(std::move(error));
}

/// What one caller appends. Queued without allocating, so that a caller who runs out of memory harms nobody else.
struct Batch {
  std::span<const AuditRecord> records;
  Batch* next = nullptr;
  bool done = false;
  Result<AuditHead> outcome = AuditHead{};

  void refuse(const Error& error) noexcept {
    try {
      outcome = std::unexpected(error);
    } catch (const std::exception&) {
      outcome = std::unexpected(out_of_memory());
    }
  }
  /// Its message is short enough to need no memory.
  static Error out_of_memory() noexcept { return {ErrorKind::kUnavailable, "out of memory", {}}; }
};

/// Batches in the order in which they came.
struct BatchList {
  Batch* first = nullptr;
  Batch* last = nullptr;
  size_t count = 0;

  void push(Batch& batch) {
    batch.next = nullptr;
    (last == nullptr ? first : last->next) = &batch;
    last = &batch;
    ++count;
  }
  Batch& pop() {
    Batch& batch = *first;
    first = batch.next;
    if (first == nullptr) last = nullptr;
    --count;
    return batch;
  }
};

}  // namespace

struct AuditLog::Impl {
  std::string path;
  AuditOptions options;
  FileLock lock;
  Database database;
  Statement insert;
  Sha256 hash;
  std::string identity;
  pid_t owner = getpid();

  // The writer's, or under the mutex while nobody writes.
  int64_t seq = 0;
  Digest last{};
  bool broken = false;  // a commit failed and its fate is unknown

  mutable std::mutex mutex;
  std::condition_variable finished;
  BatchList queue;
  bool writing = false;
  AuditHead head;

  ~Impl() {
    if (getpid() != owner) database.abandon();
  }

  Result<void> start();
  Result<void> read_head(const Digest& genesis);
  void write_queue(std::unique_lock<std::mutex>& held) noexcept;
  BatchList take_some();
  Result<void> try_to_write(const BatchList& batches) noexcept;
  Result<void> write(const BatchList& batches);
  Result<void> insert_all(const BatchList& batches, int64_t& at, Digest& chain);
  Result<void> roll_back();
  Result<void> insert_record(const AuditRecord& record, int64_t& at, Digest& chain);
};

/// Finds the newest record and checks its hash against its predecessor's.
Result<void> AuditLog::Impl::read_head(const Digest& genesis) {
  auto newest = database.number("SELECT coalesce(max(seq), 0) FROM record");
  if (!newest) return std::unexpected(newest.error());
  seq = *newest;
  last = genesis;
  if (seq == 0) return {};

  auto statement = database.prepare(audit_format::kSelect);
  if (!statement) return std::unexpected(statement.error());
  statement->bind(0, seq > 1 ? seq - 1 : seq);
  Digest before = genesis;
  for (int64_t at = seq > 1 ? seq - 1 : seq; at <= seq; ++at) {
    auto there = statement->step();
    if (!there) return std::unexpected(there.error());
    Row row;
    bool good = *there && audit_format::read_row(*statement, row) && row.seq == at;
    if (statement->out_of_memory()) return std::unexpected(Batch::out_of_memory());
    if (good && at == seq) good = audit_format::chain(hash, before, row) == row.hash;
    if (!good)
      return fail(ErrorKind::kInvalid, "record " + std::to_string(at) + " does not fit the chain; verify the log");
    before = row.hash;
  }
  last = before;
  return {};
}

Result<void> AuditLog::Impl::start() {
  if (!file_exists(path)) {
    if (auto done = create_audit_file(path); !done) return done;
  }
  if (auto done = drop_cached_log(path); !done) return done;
  auto opened = Database::open(path, Database::Mode::kReadWriteCreate);
  if (!opened) return std::unexpected(opened.error());
  database = std::move(*opened);

  // A file that is no audit log fails here, before anything could be written to it.
  auto log = audit_format::read_log(database);
  if (!log) return std::unexpected(log.error());
  identity = log->identity;
  auto mode = database.text("PRAGMA journal_mode = WAL");
  if (!mode) return std::unexpected(mode.error());
  if (*mode != "wal") return fail(ErrorKind::kUnavailable, "write-ahead logging is not possible here");
  if (auto done = database.run(options.durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL"); !done) {
    return done;
  }
  auto level = database.number("PRAGMA synchronous");
  if (!level) return std::unexpected(level.error());
  if (*level != (options.durable ? 2 : 1)) return fail(ErrorKind::kUnavailable, "the synchronous mode cannot be set");

  if (auto done = read_head(log->genesis); !done) return done;
  head = {static_cast<uint64_t>(seq), hex(last)};

  auto statement = database.prepare(audit_format::kInsert);
  if (!statement) return std::unexpected(statement.error());
  insert = std::move(*statement);
  return {};
}

Result<AuditLog> AuditLog::open(const std::string& path, const AuditOptions& options) {
  if (path.empty()) return fail(ErrorKind::kUsage, "the audit log needs a path");
  if (!options.allow_network && on_network_file_system(path)) {
    return about(path, {ErrorKind::kUsage, "it lies on a network file system, where locks cannot be trusted", {}});
  }
  auto impl = std::make_unique<Impl>();
  impl->path = path;
  impl->options = options;
  auto lock = FileLock::take(path + ".lock");
  if (!lock) return about(path, std::move(lock.error()));
  impl->lock = std::move(*lock);

  if (auto started = impl->start(); !started) return about(path, std::move(started.error()));
  if (options.verify_all) {
    auto report = verify_audit(path);
    if (!report) return std::unexpected(std::move(report.error()));
    if (!report->ok) return about(path, {ErrorKind::kInvalid, report->finding, {}});
  }
  return AuditLog(std::move(impl));
}

Result<void> AuditLog::Impl::insert_record(const AuditRecord& record, int64_t& at, Digest& chain) {
  std::string errors = audit_format::errors_text(record.errors);
  Row row{.seq = at + 1,
          .time = record.time,
          .facts = static_cast<int64_t>(record.facts),
          .now = record.now,
          .is_override = record.is_override,
          .has_request = options.keep_requests && record.request.has_value(),
          .id = record.id,
          .bundle = record.bundle,
          .decision = record.decision,
          .request = record.request ? std::string_view(*record.request) : std::string_view(),
          .outcome = record.outcome,
          .clause = record.clause,
          .reason = record.reason,
          .errors = errors,
          .engine = record.engine};
  if (record.request) {
    row.request_digest = sha256(*record.request);
  } else if (!parse_hex(record.request_digest, row.request_digest)) {
    return fail(ErrorKind::kUsage, "a record has neither a request nor a request's digest");
  }
  row.hash = audit_format::chain(hash, chain, row);
  audit_format::bind_row(insert, row);
  if (auto stepped = insert.step(); !stepped) return std::unexpected(stepped.error());
  at = row.seq;
  chain = row.hash;
  return {};
}

/// Ends a transaction that is open still, also one whose end failed before for want of memory.
Result<void> AuditLog::Impl::roll_back() {
  return database.in_transaction() ? database.run("ROLLBACK") : Result<void>{};
}

Result<void> AuditLog::Impl::insert_all(const BatchList& batches, int64_t& at, Digest& chain) {
  for (Batch* batch = batches.first; batch != nullptr; batch = batch->next) {
    for (const AuditRecord& record : batch->records) {
      if (auto done = insert_record(record, at, chain); !done) return done;
    }
    batch->outcome = AuditHead{static_cast<uint64_t>(at), hex(chain)};
  }
  return {};
}

/// One transaction with all batches, or nothing. After a COMMIT that failed, but for want of space, `broken` is set. Once
/// it is committed nothing allocates: what is on disk is acknowledged.
Result<void> AuditLog::Impl::write(const BatchList& batches) {
  if (broken) return fail(ErrorKind::kUnavailable, "a commit failed and its fate is unknown; open the log again");
  if (auto done = roll_back(); !done) return done;
  if (auto done = database.run("BEGIN IMMEDIATE"); !done) return done;
  int64_t at = seq;
  Digest chain = last;
  if (auto done = insert_all(batches, at, chain); !done) {
    (void)roll_back();
    return done;
  }
  AuditHead newest = {static_cast<uint64_t>(at), hex(chain)};
  broken = true;  // until it is known what became of it
  if (auto done = database.run("COMMIT"); !done) {
    broken = !database.is_full();
    (void)roll_back();
    return done;
  }
  broken = false;
  seq = at;
  last = chain;
  std::lock_guard held(mutex);
  head = std::move(newest);
  return {};
}

Result<void> AuditLog::Impl::try_to_write(const BatchList& batches) noexcept {
  try {
    return write(batches);
  } catch (const std::exception&) {
    try {
      (void)roll_back();
    } catch (const std::exception&) {  // the next transaction begins with it
    }
    return std::unexpected(Batch::out_of_memory());
  }
}

/// The oldest of the queue, as many as make one transaction.
BatchList AuditLog::Impl::take_some() {
  BatchList taken;
  size_t records = 0;
  while (queue.count > 0 && (taken.count == 0 || records + queue.first->records.size() <= kMaxPerTransaction)) {
    records += queue.first->records.size();
    taken.push(queue.pop());
  }
  return taken;
}

/// Each batch of the queue gets its outcome, whatever happens. REQUIRES: `held` holds the mutex and `writing` is this
/// thread's.
void AuditLog::Impl::write_queue(std::unique_lock<std::mutex>& held) noexcept {
  while (queue.count > 0) {
    BatchList batches = take_some();
    held.unlock();
    Result<void> done = try_to_write(batches);
    bool one_at_fault = !done && batches.count > 1 && done.error().kind == ErrorKind::kUsage;
    BatchList answered;
    while (batches.count > 0) {
      Batch& batch = batches.pop();
      Result<void> alone;
      if (one_at_fault) {  // one caller's record is: let each stand for himself
        BatchList only;
        only.push(batch);
        alone = try_to_write(only);
      }
      const Result<void>& own = one_at_fault ? alone : done;
      if (!own) batch.refuse(own.error());
      answered.push(batch);
    }
    held.lock();
    while (answered.count > 0) answered.pop().done = true;
    finished.notify_all();
  }
}

Result<AuditHead> AuditLog::append(std::span<const AuditRecord> records) {
  if (getpid() != impl_->owner) {
    return about(impl_->path, {ErrorKind::kUsage, "it was opened by another process, before a fork", {}});
  }
  Batch batch{.records = records};
  std::unique_lock held(impl_->mutex);
  impl_->queue.push(batch);
  impl_->finished.wait(held, [&] { return batch.done || !impl_->writing; });
  if (!batch.done) {
    impl_->writing = true;
    impl_->write_queue(held);
    impl_->writing = false;
    impl_->finished.notify_all();
  }
  if (!batch.outcome) return about(impl_->path, std::move(batch.outcome.error()));
  return std::move(batch.outcome);
}

Result<AuditHead> AuditLog::append(const AuditRecord& record) { return append(std::span(&record, 1)); }

AuditHead AuditLog::head() const {
  std::lock_guard held(impl_->mutex);
  return impl_->head;
}

std::string AuditLog::identity() const { return impl_->identity; }

AuditLog::AuditLog(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
AuditLog::AuditLog(AuditLog&&) noexcept = default;
AuditLog& AuditLog::operator=(AuditLog&&) noexcept = default;
AuditLog::~AuditLog() = default;

}  // namespace lictor
