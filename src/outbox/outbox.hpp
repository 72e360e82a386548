// outbox/outbox.hpp - notices that wait, are sent, sent again, or given up; none lost, none sent twice. Level 2.
//   queued ─send→ sending ─taken→ sent (awaiting, where receipts come) ─receipt→ delivered, undelivered
//                    ├─later→ queued, after a wait ─too often→ dead
//                    ├─refused→ dead
//                    └─nobody can tell→ unsure
//   withdrawn: taken back before it was sent. incomplete, no_recipient: never could be sent. retry leads from dead and
//   unsure back to queued.
#pragma once

#include "base/result.hpp"
#include "outbox/channels.hpp"
#include "warehouse/workspace.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace fenqun::outbox {

struct SendRequest {
  std::string now;         // "2026-07-14 09:30:00", local
  std::int64_t now_s = 0;  // the same moment in seconds, for signatures
  bool rehearse = false;   // only tell what would be sent
  std::int64_t limit = 0;  // at most so many; 0: all that are due
  std::string quiet_from;  // "21:00"; both empty: no quiet hours
  std::string quiet_to;
  std::function<bool(std::int64_t done, std::int64_t all)> go_on;  // progress; false: stop after this one
};
struct Example {
  std::string channel;
  std::string recipient;
  std::string text;
};
struct ChannelCount {
  std::int64_t due = 0;
  std::int64_t sent = 0;
  std::int64_t later = 0;    // failed, will be tried again
  std::int64_t dead = 0;     // given up
  std::int64_t unsure = 0;   // may have arrived
  std::int64_t quiet = 0;    // held until the quiet hours end
  std::int64_t waiting = 0;  // the channel has no adapter
};
struct SendOutcome {
  std::map<std::string, ChannelCount> channels;
  std::vector<Example> examples;  // of a rehearsal: the first of each channel
};

/// Sends what is due. First what an earlier run left in the middle is put right: web hooks are sent again under the
/// same key, files are looked for, mails become unsure. One at a time in a process. Errors: Io (a folder that cannot
/// be written), Database; what was sent until then is noted.
Result<SendOutcome> send_due(warehouse::Workspace& workspace, const ChannelSet& channels, const SendRequest& request);

struct Notice {
  std::string notice_id;
  std::string order_id;
  std::string customer_id;
  std::string channel;
  std::string recipient;
  std::string text;
  std::string state;
  int attempts = 0;
  std::string due_at;
  std::string last_error;
  std::string changed_at;
};
struct NoticeFilter {
  std::string state;
  std::string channel;
  std::string customer;
  std::int64_t limit = 50;  // 0: all
  std::int64_t offset = 0;
  std::string customers_sql;  // a condition on customer_id: of whom; empty: everybody
};
struct NoticeList {
  std::int64_t found = 0;
  std::vector<Notice> notices;  // latest change first
};
/// Errors: Database.
Result<NoticeList> list_notices(warehouse::Workspace& workspace, const NoticeFilter& filter);

/// Puts a dead or unsure notice back into the queue. Errors: NotFound, Denied (another state), Database.
Result<void> retry(warehouse::Workspace& workspace, const std::string& notice_id, const std::string& now);

/// What the other side says became of a notice; the same again changes nothing. Errors: NotFound, Denied (never sent),
/// Conflict (something else was said of it before), Database.
Result<void> take_receipt(warehouse::Workspace& workspace, const std::string& notice_id, bool delivered,
                          const std::string& detail, const std::string& now);

}  // namespace fenqun::outbox
