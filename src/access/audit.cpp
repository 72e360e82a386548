// access/audit.cpp
#include "access/audit.hpp"

#include "access/stored_names.hpp"
#include "base/file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <iterator>
#include <utility>

namespace fenqun::access {

using warehouse::sql_text;

namespace {

constexpr const char* kColumns =
    "sequence, at_s, user_name, role, action, subject, detail, outcome, address, trace_id, prior_hash, hash";

// Each value with its length: no two entries give the same text.
std::string hash_of(const AuditEntry& e) {
  std::string all = fmt::format("{} {}", e.sequence, seconds(e.at));
  for (const auto* value :
       {&e.user, &e.role, &e.action, &e.subject, &e.detail, &e.outcome, &e.address, &e.trace_id, &e.prior_hash}) {
    all += fmt::format("\n{}:{}", value->size(), *value);
  }
  return hash_text(all);
}

AuditEntry entry_of(const warehouse::RowSet& rows, std::size_t r) {
  return {rows.integer(r, 0), moment_of(rows.integer(r, 1)),
          rows.text(r, 2),    rows.text(r, 3),
          rows.text(r, 4),    rows.text(r, 5),
          rows.text(r, 6),    rows.text(r, 7),
          rows.text(r, 8),    rows.text(r, 9),
          rows.text(r, 10),   rows.text(r, 11)};
}

std::string row_of(const AuditEntry& e) {
  return fmt::format("({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {})", e.sequence, seconds(e.at), sql_text(e.user),
                     sql_text(e.role), sql_text(e.action), sql_text(e.subject), sql_text(e.detail), sql_text(e.outcome),
                     sql_text(e.address), sql_text(e.trace_id), sql_text(e.prior_hash), sql_text(e.hash));
}

std::string condition_of(const AuditQuery& query) {
  std::string out = "true";
  if (!query.user.empty()) out += " AND user_name = " + sql_text(query.user);
  if (!query.action.empty()) out += " AND contains(action, " + sql_text(query.action) + ")";
  if (!query.outcome.empty()) out += " AND outcome = " + sql_text(query.outcome);
  if (!query.part.empty()) {
    out += fmt::format(" AND (contains(subject, {0}) OR contains(detail, {0}))", sql_text(query.part));
  }
  if (query.from) out += fmt::format(" AND at_s >= {}", seconds(*query.from));
  if (query.to) out += fmt::format(" AND at_s < {}", seconds(*query.to));
  return out;
}

}  // namespace

Result<std::unique_ptr<AuditTrail>> AuditTrail::create(warehouse::Connection connection) {
  std::unique_ptr<AuditTrail> trail(new AuditTrail(std::move(connection)));
  FENQUN_TRY(const auto last,
             trail->connection_.query("SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1"));
  if (!last.rows.empty()) {
    trail->last_ = last.integer(0, 0);
    trail->head_ = last.text(0, 1);
  }
  FENQUN_TRY(trail->last_export_,
             trail->connection_.query_integer("SELECT coalesce(max(sequence), 0) FROM export_log"));
  trail->flusher_ = std::jthread([raw = trail.get()](const std::stop_token& stop) {
    constexpr auto kPause = std::chrono::milliseconds(500);
    std::mutex idle;
    std::condition_variable_any wake;
    std::unique_lock lock(idle);
    while (!stop.stop_requested()) {
      wake.wait_for(lock, stop, kPause, [] { return false; });
      // What could not be written now is tried again, and told to the next who waits for it.
      static_cast<void>(raw->flush());
    }
  });
  return trail;
}

void AuditTrail::add(AuditEntry entry) {
  const std::scoped_lock lock(mutex_);
  entry.sequence = ++last_;
  entry.prior_hash = head_;
  entry.hash = hash_of(entry);
  head_ = entry.hash;
  waiting_.push_back(std::move(entry));
}

// All that is waiting, by whoever holds `writing_`: nobody is put off by the disk who does not ask for it.
Result<void> AuditTrail::write() {
  {
    const std::scoped_lock lock(mutex_);
    std::move(waiting_.begin(), waiting_.end(), std::back_inserter(unwritten_));
    waiting_.clear();
  }
  if (unwritten_.empty()) return {};
  std::string rows;
  for (const auto& entry : unwritten_) rows += (rows.empty() ? "" : ", ") + row_of(entry);
  FENQUN_CHECK(connection_.execute("INSERT INTO audit (" + std::string(kColumns) + ") VALUES " + rows));
  unwritten_.clear();
  return {};
}

Result<void> AuditTrail::note(AuditEntry entry) {
  add(std::move(entry));
  return flush();
}

void AuditTrail::note_later(AuditEntry entry) { add(std::move(entry)); }

Result<void> AuditTrail::flush() {
  const std::scoped_lock lock(writing_);
  return write();
}

std::vector<AuditEntry> AuditTrail::take_unwritten() {
  const std::scoped_lock all(writing_, mutex_);
  auto out = std::exchange(unwritten_, {});
  std::move(waiting_.begin(), waiting_.end(), std::back_inserter(out));
  waiting_.clear();
  return out;
}

Result<PageOf<AuditEntry>> AuditTrail::search(const AuditQuery& query) {
  const std::scoped_lock lock(writing_);
  FENQUN_CHECK(write());
  const auto condition = condition_of(query);
  PageOf<AuditEntry> page;
  FENQUN_TRY(page.total, connection_.query_integer("SELECT count(*) FROM audit WHERE " + condition));
  FENQUN_TRY(const auto rows,
             connection_.query(fmt::format("SELECT {} FROM audit WHERE {} ORDER BY sequence DESC LIMIT {} OFFSET {}",
                                           kColumns, condition, query.limit, query.offset)));
  for (std::size_t r = 0; r < rows.rows.size(); ++r) page.items.push_back(entry_of(rows, r));
  return page;
}

Result<AuditVerification> AuditTrail::verify() {
  const std::scoped_lock lock(writing_);
  FENQUN_CHECK(write());
  AuditVerification out;
  std::int64_t last = 0;
  {
    const std::scoped_lock now(mutex_);
    last = last_ - static_cast<std::int64_t>(waiting_.size());
  }
  constexpr std::int64_t kPiece = 10'000;
  std::string prior;
  for (std::int64_t from = 0; !out.first_broken; from += kPiece) {
    FENQUN_TRY(const auto rows, connection_.query(fmt::format(
                                    "SELECT {} FROM audit WHERE sequence > {} AND sequence <= {} ORDER BY sequence",
                                    kColumns, from, from + kPiece)));
    for (std::size_t r = 0; r < rows.rows.size() && !out.first_broken; ++r) {
      const auto entry = entry_of(rows, r);
      const bool whole = entry.sequence == out.entries + 1 && entry.prior_hash == prior && entry.hash == hash_of(entry);
      if (!whole) out.first_broken = out.entries + 1;
      if (!whole) break;
      out.entries += 1;
      prior = entry.hash;
    }
    if (from + kPiece >= last) break;
  }
  // The last ones taken away leave a chain that is whole in itself: we know how long it was.
  if (!out.first_broken && out.entries < last) out.first_broken = out.entries + 1;
  out.head = prior;
  return out;
}

Result<void> AuditTrail::note_export(ExportEntry e) {
  const std::scoped_lock lock(writing_);
  FENQUN_CHECK(connection_.execute(
      fmt::format("INSERT INTO export_log VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {})", last_export_ + 1,
                  seconds(e.at), sql_text(e.user), sql_text(e.role), sql_text(e.subject), sql_text(e.purpose),
                  sql_text(e.format), e.rows, sql_text(e.hash), e.masked, sql_text(e.outcome))));
  last_export_ += 1;
  return {};
}

Result<PageOf<ExportEntry>> AuditTrail::exports(std::int64_t offset, std::int64_t limit) {
  const std::scoped_lock lock(writing_);
  PageOf<ExportEntry> page;
  page.total = last_export_;
  FENQUN_TRY(const auto rows, connection_.query(fmt::format(
                                  "SELECT sequence, at_s, user_name, role, subject, purpose, format, rows, hash, "
                                  "masked, outcome FROM export_log ORDER BY sequence DESC LIMIT {} OFFSET {}",
                                  limit, offset)));
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    page.items.push_back({rows.integer(r, 0), moment_of(rows.integer(r, 1)), rows.text(r, 2), rows.text(r, 3),
                          rows.text(r, 4), rows.text(r, 5), rows.text(r, 6), rows.integer(r, 7), rows.text(r, 8),
                          rows.boolean(r, 9), rows.text(r, 10)});
  }
  return page;
}

}  // namespace fenqun::access
