// app/strategies.hpp - use cases around service: the strategy library, a month's plan, work orders. Level 6.
#pragma once

#include "app/context.hpp"
#include "outbox/outbox.hpp"
#include "strategy/arrears.hpp"
#include "strategy/campaigns.hpp"
#include "strategy/disconnection.hpp"
#include "strategy/escalation.hpp"
#include "strategy/events.hpp"
#include "strategy/library.hpp"
#include "strategy/notices.hpp"
#include "strategy/orders.hpp"
#include "strategy/plan.hpp"
#include "strategy/points.hpp"

#include <optional>
#include <string>
#include <vector>

namespace fenqun::app {

/// Errors: Io.
Result<strategy::CheckedLibrary> check_strategies(Session& session);
/// Errors: as strategy::load_library.
Result<strategy::Library> load_strategies(Session& session);

/// A file of config/strategies, by its name without folder and ending.
struct StrategyFile {
  std::string name;
  std::string text;
  bool built_in = true;
};
/// Errors: NotFound, Io.
Result<StrategyFile> find_strategy_file(Session& session, const std::string& name);
/// Books, and the files of kinds, rules, services and points. Errors: Io.
std::vector<std::string> strategy_files(const Session& session);
/// The library as it would be with this text in the file's place. Errors: InvalidArgument (a name that is none), Io.
Result<strategy::CheckedLibrary> check_strategy_text(Session& session, const std::string& name,
                                                     const std::string& text);
/// Puts the text in the file's place below the workspace; what stood there is kept in history/strategies. A book that
/// changes needs a higher version. Errors: BadData (the first problem), Conflict (the version), as check_strategy_text.
Result<StrategyFile> save_strategy_text(Session& session, const std::string& name, const std::string& text);

struct ServicePlan {
  strategy::Library library;
  strategy::PlanOutcome outcome;
};
/// The plan of `month`, the one after the latest prepared when absent; `keep`: the orders are made. Errors: as
/// strategy::load_library and plan_month; NotFound (nothing is prepared).
Result<ServicePlan> plan_service(Session& session, std::optional<Month> month, const std::string& by, bool keep);
/// What the plan would be with this text in a file's place; nothing is made. Errors: as plan_service,
/// check_strategy_text; BadData (the first problem of the text).
Result<ServicePlan> preview_strategy_text(Session& session, std::optional<Month> month, const std::string& name,
                                          const std::string& text);

/// One thing done with a work order, today by the caller's clock. Errors: as strategy::load_library and move_order.
Result<strategy::MoveOutcome> move_order(Session& session, strategy::MoveRequest request);

/// How far the legal clock of a disconnection is, now by the caller's clock; with `cut_at`, for that time. Errors: as
/// strategy::load_disconnection_law and examine_disconnection.
Result<strategy::DisconnectionClock> examine_disconnection(Session& session, const std::string& customer,
                                                           const std::string& cut_at);
/// Errors: as strategy::record_step.
Result<strategy::DisconnectionClock> record_step(Session& session, strategy::StepRequest request);
/// Errors: as strategy::load_library and order_disconnection.
Result<strategy::WorkOrder> order_disconnection(Session& session, strategy::DisconnectionRequest request);

/// What another system reports, now by the caller's clock. Errors: as strategy::load_library, load_disconnection_law
/// and handle_event.
Result<strategy::EventOutcome> handle_event(Session& session, strategy::EventRequest request);

/// Errors: as strategy::load_library and settle_month.
Result<strategy::SettleOutcome> settle_points(Session& session, Month month, const std::string& by);

/// Notices of a month's orders, those that are due sent, orders whose customer was told closed. `month`: absent: this
/// one; no new notices where `make` is false. Errors: as strategy::load_library, outbox::read_channels, make_notices,
/// send_due.
struct NoticesRequest {
  std::optional<Month> month;
  std::string now;         // "2026-07-14 09:30:00", local
  std::int64_t now_s = 0;  // the same moment
  bool make = true;
  bool send = true;
  bool rehearse = false;
  std::int64_t limit = 0;
};
struct NoticesOutcome {
  Month month;
  strategy::NoticesMade made;
  std::int64_t withdrawn = 0;  // of cancelled orders, and of those who have opted out since
  outbox::SendOutcome sent;
  std::int64_t closed = 0;  // orders
};
Result<NoticesOutcome> tell_customers(Session& session, const NoticesRequest& request);

/// Who a campaign would reach, or its launch where `keep`; from today on where no day is named. Errors: as
/// strategy::load_library and launch_campaign.
struct CampaignPlan {
  strategy::Library library;
  strategy::CampaignReach reach;
};
Result<CampaignPlan> launch_campaign(Session& session, strategy::CampaignRequest request);
/// Errors: as strategy::measure_campaign.
Result<strategy::CampaignResult> measure_campaign(Session& session, const std::string& campaign,
                                                  std::optional<int> version = {});
/// Errors: as strategy::stop_campaign.
Result<std::int64_t> stop_campaign(Session& session, const std::string& campaign, const std::string& by,
                                   const std::string& because);

/// The arrears worklist, today by the caller's clock. Errors: as strategy::load_library and list_arrears.
struct ArrearsWork {
  strategy::Library library;
  strategy::ArrearsDay day;
  strategy::ArrearsList list;
};
Result<ArrearsWork> list_arrears(Session& session, strategy::ArrearsFilter filter);

/// Errors: as strategy::load_library and escalate_orders.
Result<std::vector<strategy::EscalationCount>> escalate_orders(Session& session, const std::string& by);

/// "2026-07-14", by the caller's clock.
std::string today(const Session& session);

}  // namespace fenqun::app
