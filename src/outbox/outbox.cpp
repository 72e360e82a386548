// outbox/outbox.cpp
#include "outbox/outbox.hpp"

#include "base/file.hpp"
#include "outbox/adapter.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <mutex>
#include <optional>

namespace fenqun::outbox {
namespace {

using warehouse::sql_text;
using warehouse::Workspace;

constexpr std::int64_t kPage = 200;

std::unique_lock<std::mutex> hold_outbox() {
  static std::mutex mutex;
  return std::unique_lock(mutex);
}

// Do these hours, over midnight too, hold the time?
bool is_quiet(const SendRequest& request) {
  if (request.quiet_from.empty() || request.quiet_to.empty()) return false;
  const auto time = request.now.substr(11, 5);
  const bool over_midnight = request.quiet_from > request.quiet_to;
  return over_midnight ? time >= request.quiet_from || time < request.quiet_to
                       : time >= request.quiet_from && time < request.quiet_to;
}

class Sending {
 public:
  Sending(Workspace& workspace, const ChannelSet& channels, const SendRequest& request)
      : workspace_(workspace), channels_(channels), request_(request) {}

  Result<SendOutcome> send() {
    if (!request_.rehearse) FENQUN_CHECK(put_right());
    FENQUN_TRY(const auto due, connection().query("SELECT channel, count(*) FROM notice WHERE state = 'queued' AND "
                                                  "due_at <= " +
                                                  now() + " GROUP BY channel ORDER BY channel"));
    for (std::size_t r = 0; r < due.rows.size(); ++r) {
      out_.channels[due.text(r, 0)].due = due.integer(r, 1);
      all_ += due.integer(r, 1);
    }
    for (auto& [name, count] : out_.channels) {
      const auto at = channels_.channels.find(name);
      const bool is_loud = std::find(channels_.loud.begin(), channels_.loud.end(), name) != channels_.loud.end();
      if (at == channels_.channels.end() || at->second.adapter == Adapter::None) {
        count.waiting = count.due;
      } else if (is_loud && is_quiet(request_)) {
        count.quiet = count.due;
      } else if (request_.rehearse) {
        FENQUN_CHECK(show(name));
      } else if (at->second.adapter == Adapter::FileDrop) {
        FENQUN_CHECK(drop(name, at->second, count));
      } else {
        FENQUN_CHECK(send_each(name, at->second, count));
      }
    }
    return std::move(out_);
  }

 private:
  warehouse::Connection& connection() { return workspace_.connection(); }
  [[nodiscard]] std::string now() const { return "TIMESTAMP " + sql_text(request_.now); }
  [[nodiscard]] bool is_over() const { return stopped_ || (request_.limit > 0 && done_ >= request_.limit); }

  Result<void> all_or_nothing(const std::vector<std::string>& statements) {
    FENQUN_CHECK(connection().execute("BEGIN"));
    for (const auto& one : statements) {
      if (auto done = connection().execute(one); !done) {
        static_cast<void>(connection().execute("ROLLBACK"));
        return done;
      }
    }
    return connection().execute("COMMIT");
  }

  // What an earlier run began and did not end.
  Result<void> put_right() {
    FENQUN_TRY(
        const auto begun,
        connection().query("SELECT n.channel, a.detail, count(*) FROM notice n JOIN notice_attempt a ON "
                           "a.notice_id = n.notice_id AND a.attempt = n.attempts WHERE n.state = 'sending' GROUP "
                           "BY n.channel, a.detail"));
    for (std::size_t r = 0; r < begun.rows.size(); ++r) {
      const auto channel = begun.text(r, 0);
      const auto at = channels_.channels.find(channel);
      const bool is_file = !begun.is_null(r, 1);
      std::string state = "queued";
      if (is_file) {
        state = std::filesystem::exists(begun.text(r, 1)) ? sent_state(channel) : "queued";
      } else if (at != channels_.channels.end() && at->second.adapter == Adapter::Smtp) {
        state = "unsure";
      }
      const auto which = fmt::format(
          "notice_id IN (SELECT n.notice_id FROM notice n JOIN notice_attempt a ON "
          "a.notice_id = n.notice_id AND a.attempt = n.attempts WHERE n.state = 'sending' AND "
          "n.channel = {} AND a.detail IS NOT DISTINCT FROM {})",
          sql_text(channel), is_file ? sql_text(begun.text(r, 1)) : "NULL");
      FENQUN_CHECK(all_or_nothing(
          {"UPDATE notice_attempt SET result = 'interrupted' WHERE result = 'begun' AND " + which,
           fmt::format(
               "UPDATE notice SET state = '{}', last_error = {}, changed_at = {} WHERE state = 'sending' AND {}", state,
               state == "queued" || state == "unsure" ? "'interrupted'" : "NULL", now(), which)}));
    }
    return {};
  }

  [[nodiscard]] std::string sent_state(const std::string& channel) const {
    const auto at = channels_.channels.find(channel);
    return at != channels_.channels.end() && at->second.receipts ? "awaiting" : "sent";
  }

  Result<warehouse::RowSet> due_of(const std::string& channel, std::int64_t most) {
    return connection().query(fmt::format(
        "SELECT notice_id, recipient, text, CAST(attempts AS BIGINT), customer_id, order_id FROM notice WHERE state = "
        "'queued' AND due_at <= {} AND channel = {} ORDER BY due_at, notice_id{}",
        now(), sql_text(channel), most > 0 ? " LIMIT " + std::to_string(most) : ""));
  }

  Result<void> show(const std::string& channel) {
    FENQUN_TRY(const auto found, due_of(channel, 1));
    if (!found.rows.empty()) out_.examples.push_back({channel, found.text(0, 1), found.text(0, 2)});
    return {};
  }

  // Marked before, so that a run that dies is known by it.
  Result<void> begin(const std::string& channel, const std::string& ids, const std::string& file) {
    return all_or_nothing(
        {fmt::format("UPDATE notice SET state = 'sending', attempts = attempts + 1, changed_at = {} WHERE notice_id IN "
                     "({})",
                     now(), ids),
         fmt::format("INSERT INTO notice_attempt SELECT notice_id, attempts, {}, {}, 'begun', {} FROM notice WHERE "
                     "notice_id IN ({})",
                     now(), sql_text(name_of(channels_.channels.at(channel).adapter)),
                     file.empty() ? "NULL" : sql_text(file), ids)});
  }

  // All that is due in one file, which has its name only once it is complete.
  Result<void> drop(const std::string& channel, const Channel& to, ChannelCount& count) {
    FENQUN_TRY(const auto found, due_of(channel, request_.limit > 0 ? request_.limit - done_ : 0));
    if (found.rows.empty()) return {};
    std::string ids;
    std::string lines;
    for (std::size_t r = 0; r < found.rows.size(); ++r) {
      ids += (ids.empty() ? "" : ", ") + sql_text(found.text(r, 0));
      lines += nlohmann::ordered_json{{"notice", found.text(r, 0)},
                                      {"channel", channel},
                                      {"recipient", found.text(r, 1)},
                                      {"text", found.text(r, 2)}}
                   .dump() +
               "\n";
    }
    std::error_code ec;
    std::filesystem::create_directories(to.folder, ec);
    if (ec) return fail(ErrorCode::Io, "outbox.no_folder", {{"path", to.folder.string()}, {"reason", ec.message()}});
    auto stamp = request_.now;
    std::replace_if(
        stamp.begin(), stamp.end(), [](char c) { return c == ' ' || c == ':'; }, '-');
    const auto file = to.folder / fmt::format("{}-{}-{}.jsonl", channel, stamp, hash_text(lines).substr(0, 12));
    FENQUN_CHECK(begin(channel, ids, file.string()));
    if (auto written = write_file_atomically(file, lines); !written) {
      FENQUN_CHECK(all_or_nothing(
          {fmt::format(
               "UPDATE notice SET state = 'queued', last_error = 'file', changed_at = {} WHERE notice_id IN ({})",
               now(), ids),
           fmt::format("UPDATE notice_attempt SET result = 'failed' WHERE result = 'begun' AND notice_id IN ({})",
                       ids)}));
      return written;
    }
    FENQUN_CHECK(all_or_nothing(
        {fmt::format("UPDATE notice SET state = '{}', last_error = NULL, changed_at = {} WHERE notice_id IN ({})",
                     sent_state(channel), now(), ids),
         fmt::format("UPDATE notice_attempt SET result = 'taken' WHERE result = 'begun' AND notice_id IN ({})", ids)}));
    count.sent += std::ssize(found.rows);
    done_ += std::ssize(found.rows);
    stopped_ = request_.go_on && !request_.go_on(done_, all_);
    return {};
  }

  Result<void> send_each(const std::string& channel, const Channel& to, ChannelCount& count) {
    Sender sender(to);
    // A mail that nobody knows to have arrived must not take others with it.
    const auto page = to.adapter == Adapter::WebHook ? kPage : 1;
    while (!is_over()) {
      FENQUN_TRY(const auto found, due_of(channel, request_.limit > 0 ? std::min(page, request_.limit - done_) : page));
      if (found.rows.empty()) return {};
      std::string ids;
      for (std::size_t r = 0; r < found.rows.size(); ++r) ids += (r == 0 ? "" : ", ") + sql_text(found.text(r, 0));
      FENQUN_CHECK(begin(channel, ids, ""));
      std::vector<std::string> statements;
      std::size_t r = 0;
      for (; r < found.rows.size() && !stopped_; ++r) {
        const Message message{found.text(r, 0), channel, found.text(r, 1), found.text(r, 2)};
        const auto attempt = sender.send(message, request_.now_s);
        note(message.notice_id, channel, static_cast<int>(found.integer(r, 3)) + 1, attempt, count, statements);
        done_ += 1;
        stopped_ = request_.go_on && !request_.go_on(done_, all_);
      }
      // Stopped in the middle: the others were not begun after all.
      for (; r < found.rows.size(); ++r) {
        const auto id = sql_text(found.text(r, 0));
        statements.push_back("DELETE FROM notice_attempt WHERE result = 'begun' AND notice_id = " + id);
        statements.push_back("UPDATE notice SET state = 'queued', attempts = attempts - 1 WHERE notice_id = " + id);
      }
      FENQUN_CHECK(all_or_nothing(statements));
    }
    return {};
  }

  void note(const std::string& notice, const std::string& channel, int attempts, const Attempt& attempt,
            ChannelCount& count, std::vector<std::string>& statements) {
    std::string state = sent_state(channel);
    std::string result = "taken";
    std::string due = "due_at";
    switch (attempt.reply) {
      case Reply::Taken:
        count.sent += 1;
        break;
      case Reply::Later:
        result = "later";
        state = attempts >= channels_.most_attempts ? "dead" : "queued";
        due = fmt::format("{} + INTERVAL {} SECOND", now(), channels_.wait_s(attempts));
        (state == "dead" ? count.dead : count.later) += 1;
        break;
      case Reply::Refused:
        result = "refused";
        state = "dead";
        count.dead += 1;
        break;
      case Reply::Unknown:
        result = "unknown";
        state = "unsure";
        count.unsure += 1;
        break;
    }
    const auto id = sql_text(notice);
    statements.push_back(fmt::format(
        "UPDATE notice SET state = '{}', due_at = {}, last_error = {}, changed_at = {} WHERE notice_id = {}", state,
        due, attempt.reply == Reply::Taken ? "NULL" : sql_text(attempt.detail), now(), id));
    statements.push_back(
        fmt::format("UPDATE notice_attempt SET result = '{}', detail = {} WHERE result = 'begun' AND notice_id = {}",
                    result, sql_text(attempt.detail), id));
  }

  Workspace& workspace_;
  const ChannelSet& channels_;
  const SendRequest& request_;
  SendOutcome out_;
  std::int64_t all_ = 0;
  std::int64_t done_ = 0;
  bool stopped_ = false;
};

Result<std::string> state_of(Workspace& workspace, const std::string& notice_id) {
  FENQUN_TRY(const auto found,
             workspace.connection().query("SELECT state FROM notice WHERE notice_id = " + sql_text(notice_id)));
  if (found.rows.empty()) return fail(ErrorCode::NotFound, "outbox.no_notice", {{"notice", notice_id}});
  return found.text(0, 0);
}

}  // namespace

Result<SendOutcome> send_due(Workspace& workspace, const ChannelSet& channels, const SendRequest& request) {
  const auto held = hold_outbox();
  return Sending(workspace, channels, request).send();
}

Result<NoticeList> list_notices(Workspace& workspace, const NoticeFilter& filter) {
  std::string where = " WHERE TRUE";
  const auto equal = [&where](const char* column, const std::string& value) {
    if (!value.empty()) where += std::string(" AND ") + column + " = " + sql_text(value);
  };
  equal("state", filter.state);
  equal("channel", filter.channel);
  equal("customer_id", filter.customer);
  if (!filter.customers_sql.empty()) where += " AND (" + filter.customers_sql + ")";
  NoticeList out;
  FENQUN_TRY(out.found, workspace.connection().query_integer("SELECT count(*) FROM notice" + where));
  FENQUN_TRY(
      const auto found,
      workspace.connection().query(
          "SELECT notice_id, order_id, customer_id, channel, coalesce(recipient, ''), text, state, CAST(attempts AS "
          "BIGINT), strftime(due_at, '%Y-%m-%d %H:%M:%S'), coalesce(last_error, ''), strftime(changed_at, "
          "'%Y-%m-%d %H:%M:%S') FROM notice" +
          where + " ORDER BY changed_at DESC, notice_id" +
          (filter.limit > 0 ? fmt::format(" LIMIT {} OFFSET {}", filter.limit, filter.offset) : std::string())));
  for (std::size_t r = 0; r < found.rows.size(); ++r) {
    out.notices.push_back({found.text(r, 0), found.text(r, 1), found.text(r, 2), found.text(r, 3), found.text(r, 4),
                           found.text(r, 5), found.text(r, 6), static_cast<int>(found.integer(r, 7)), found.text(r, 8),
                           found.text(r, 9), found.text(r, 10)});
  }
  return out;
}

Result<void> retry(Workspace& workspace, const std::string& notice_id, const std::string& now) {
  const auto held = hold_outbox();
  FENQUN_TRY(const auto state, state_of(workspace, notice_id));
  if (state != "dead" && state != "unsure") {
    return fail(ErrorCode::Denied, "outbox.no_retry", {{"notice", notice_id}, {"state", state}});
  }
  return workspace.connection().execute(fmt::format(
      "UPDATE notice SET state = 'queued', due_at = TIMESTAMP {0}, changed_at = TIMESTAMP {0} WHERE notice_id = {1}",
      sql_text(now), sql_text(notice_id)));
}

Result<void> take_receipt(Workspace& workspace, const std::string& notice_id, bool delivered, const std::string& detail,
                          const std::string& now) {
  const auto held = hold_outbox();
  FENQUN_TRY(const auto state, state_of(workspace, notice_id));
  const std::string wanted = delivered ? "delivered" : "undelivered";
  if (state == wanted) return {};
  if (state == "delivered" || state == "undelivered") {
    return fail(ErrorCode::Conflict, "outbox.other_receipt", {{"notice", notice_id}, {"state", state}});
  }
  if (state != "sent" && state != "awaiting") {
    return fail(ErrorCode::Denied, "outbox.never_sent", {{"notice", notice_id}, {"state", state}});
  }
  return workspace.connection().execute(
      fmt::format("UPDATE notice SET state = '{}', last_error = {}, changed_at = TIMESTAMP {} WHERE notice_id = {}",
                  wanted, delivered || detail.empty() ? "NULL" : sql_text(detail), sql_text(now), sql_text(notice_id)));
}

}  // namespace fenqun::outbox
