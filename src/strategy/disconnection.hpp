// strategy/disconnection.hpp - the legal clock of a disconnection for non-payment. Level 5.
#pragma once

#include "base/asset.hpp"
#include "base/result.hpp"
#include "features/catalogue.hpp"
#include "segment/expression.hpp"
#include "strategy/library.hpp"
#include "strategy/orders.hpp"
#include "warehouse/workspace.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fenqun::strategy {

/// config/law/disconnection.yaml. Conditions are asked of the latest prepared month.
struct DisconnectionLaw {
  BilingualText source;
  int payments_known_days = 3;  // payments are loaded up to at most so many days ago
  int least_days_overdue = 30;  // more than these
  int least_dunnings = 1;
  std::vector<std::pair<segment::Expression, int>> notice_days;  // the first that holds, else the longest time
  std::vector<Channel> written_channels;
  int last_notice_minutes = 30;
  int restore_working_days = 1;                    // after all is paid
  std::optional<segment::Expression> report_when;  // to the power administration
  std::optional<segment::Expression> never_when;
  std::string origin;
};
/// Errors: BadData naming file and line, Io.
Result<DisconnectionLaw> load_disconnection_law(const AssetStore& assets, const features::FeatureCatalogue& catalogue);

/// In the order in which they are asked for.
enum class LegalStep : std::uint8_t { Allowed, Current, Overdue, Dunned, Approved, Reported, Notice, LastNotice };
std::string_view name_of(LegalStep step) noexcept;  // "allowed", "current", "overdue" ...
/// Steps that people record. Errors: InvalidArgument naming them.
Result<LegalStep> parse_recorded_step(std::string_view text);

struct StepState {
  LegalStep step = LegalStep::Overdue;
  bool needed = true;
  bool done = false;
  std::string done_at;  // "2026-07-14 09:30"; of recorded steps
  std::string done_by;
  std::optional<Error> missing;  // what is missing, where it is needed and not done
};

/// How far the clock of a customer is. The matter is the oldest unpaid bill: once that is paid, notices count no
/// longer.
struct DisconnectionClock {
  std::string customer_id;
  std::string owed_cny;  // "1234.56": bills past their due date, less what was paid of them
  std::int64_t unpaid_bills = 0;
  std::string oldest_due_on;  // "2026-05-31"
  std::int64_t days_overdue = 0;
  std::vector<StepState> steps;
  std::optional<std::string> order_id;  // of the disconnection that was ordered already
};

/// `now` and `cut_at` are "2026-07-14 09:30"; `cut_at` empty: as if it were to be now.
/// Errors: NotFound (no such customer), Denied (nothing is owed; payments that name no bill, so that nobody can tell),
/// InvalidArgument (a time that is none), Database.
Result<DisconnectionClock> examine_disconnection(warehouse::Workspace& workspace, const DisconnectionLaw& law,
                                                 const std::string& customer_id, const std::string& now,
                                                 const std::string& cut_at = "");

struct StepRequest {
  std::string customer_id;
  LegalStep step = LegalStep::Notice;
  std::string by;
  std::string at;       // when it was done, not after `now`; empty: now
  std::string channel;  // Notice: one of written_channels
  std::string note;
  std::string now;
};
/// Records a step of the matter as it is now. Errors: as examine_disconnection; InvalidArgument (nobody named, a time
/// in the future or before the bill was due, a notice that is not written).
Result<DisconnectionClock> record_step(warehouse::Workspace& workspace, const DisconnectionLaw& law,
                                       const StepRequest& request);

struct DisconnectionRequest {
  std::string customer_id;
  std::string by;
  std::string cut_at;
  std::string now;
};
/// Makes the order, once for a matter. Errors: as examine_disconnection; Denied (a step is missing: the first one, with
/// what it takes; or the time has passed), InvalidArgument (nobody named). Nothing is changed then.
Result<WorkOrder> order_disconnection(warehouse::Workspace& workspace, const Library& library,
                                      const DisconnectionLaw& law, const DisconnectionRequest& request);

}  // namespace fenqun::strategy
