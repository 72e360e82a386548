// access/audit.hpp - who did what and when, each entry chained to the one before by a hash; and what left the server.
// Level 2.
#pragma once

#include "access/lock_out.hpp"
#include "warehouse/database.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace fenqun::access {

struct AuditEntry {
  std::int64_t sequence = 0;  // 1, 2, 3 ...
  Moment at;
  std::string user;
  std::string role;
  std::string action;   // "POST /session"
  std::string subject;  // what it was about: a user, a customer, a run
  std::string detail;
  std::string outcome;  // "done" or "refused"
  std::string address;  // of the caller
  std::string trace_id;
  std::string prior_hash;
  std::string hash;  // BLAKE2b-256 over all of the above
};

/// What an audit trail is searched for; empty: anything.
struct AuditQuery {
  std::string user;
  std::string action;
  std::string outcome;
  std::string part;  // of subject or detail
  std::optional<Moment> from;
  std::optional<Moment> to;  // before
  std::int64_t offset = 0;
  std::int64_t limit = 50;
};

template <typename Entry>
struct PageOf {
  std::vector<Entry> items;
  std::int64_t total = 0;
};

struct AuditVerification {
  std::int64_t entries = 0;
  std::optional<std::int64_t> first_broken;  // the first entry that is not what its hash says, or is missing
  std::string head;                          // hash of the last
};

struct ExportEntry {
  std::int64_t sequence = 0;
  Moment at;
  std::string user;
  std::string role;
  std::string subject;
  std::string purpose;
  std::string format;
  std::int64_t rows = 0;
  std::string hash;
  bool masked = false;  // personal fields were
  std::string outcome;
};

/// Tables audit and export_log. From any thread.
class AuditTrail {
 public:
  /// Errors: Database.
  static Result<std::unique_ptr<AuditTrail>> create(warehouse::Connection connection);

  /// Appends an entry; sequence and hashes are filled in. It is on disk when this returns, with all that was put off.
  /// Errors: Database.
  Result<void> note(AuditEntry entry);
  /// The same, on disk within about a second: for what is asked often and changes nothing. Waits for no disk.
  void note_later(AuditEntry entry);
  Result<void> flush();
  /// What is not on disk yet, for another trail of the same database; this one forgets it.
  std::vector<AuditEntry> take_unwritten();

  /// Latest first. Errors: Database.
  Result<PageOf<AuditEntry>> search(const AuditQuery& query);
  /// Recomputes every hash. Errors: Database.
  Result<AuditVerification> verify();

  Result<void> note_export(ExportEntry entry);
  Result<PageOf<ExportEntry>> exports(std::int64_t offset, std::int64_t limit);

 private:
  explicit AuditTrail(warehouse::Connection connection) : connection_(std::move(connection)) {}
  void add(AuditEntry entry);
  Result<void> write();

  std::mutex writing_;  // of the connection and what it writes; taken before the other
  warehouse::Connection connection_;
  std::int64_t last_export_ = 0;
  std::vector<AuditEntry> unwritten_;  // what a disk refused: the chain has no gap, it goes first the next time
  std::mutex mutex_;                   // of what follows; held for moments only
  std::int64_t last_ = 0;
  std::string head_;
  std::vector<AuditEntry> waiting_;  // numbered and chained, not yet on disk
  std::jthread flusher_;             // last: ends before what it works with
};

}  // namespace fenqun::access
