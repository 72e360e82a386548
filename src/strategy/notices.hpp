// strategy/notices.hpp - orders to tell customers something become notices with their text and recipient. Level 5.
#pragma once

#include "base/month.hpp"
#include "base/result.hpp"
#include "strategy/library.hpp"
#include "warehouse/workspace.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace fenqun::strategy {

/// queued + incomplete + no_recipient = made.
struct NoticesMade {
  std::int64_t orders = 0;        // open notice orders of the month
  std::int64_t made = 0;          // of these, without a notice before
  std::int64_t queued = 0;        // can be sent
  std::int64_t incomplete = 0;    // a variable of the text has no value for the customer
  std::int64_t no_recipient = 0;  // no number or address for the channel
};
/// Notices for the open orders of kind `notice` of a month whose action has a message; the same again makes none. Who
/// is told in Chinese: the message's Chinese text. Due from the day on which the order begins. `now`: "2026-07-14
/// 09:30:00". Cost: a pass over the month's notice orders. Errors: Database.
Result<NoticesMade> make_notices(warehouse::Workspace& workspace, const Library& library, Month month,
                                 const std::string& now);

/// Takes back what waits and must not be sent any more: of orders that were cancelled since, and promotion for
/// customers who have opted out since. How many. Errors: Database.
Result<std::int64_t> withdraw_notices(warehouse::Workspace& workspace, const std::string& now);

/// Closes orders whose notice was sent (where no receipt is expected) or has its receipt, with what came of it.
/// How many. Errors: Database.
Result<std::int64_t> close_told_orders(warehouse::Workspace& workspace, const std::string& now);

}  // namespace fenqun::strategy
