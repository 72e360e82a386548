// app/strategies.cpp
#include "app/strategies.hpp"

#include "app/segmentation.hpp"

#include <algorithm>
#include <utility>

namespace fenqun::app {
namespace {

// "2026-07-14 09:30"
std::string now_of(const Session& session) {
  return session.caller.now ? session.caller.now() : std::string("1970-01-01 00:00");
}

}  // namespace

Result<strategy::CheckedLibrary> check_strategies(Session& session) {
  return strategy::check_library(session.workspace.assets(), session.catalogue);
}

Result<strategy::Library> load_strategies(Session& session) {
  return strategy::load_library(session.workspace.assets(), session.catalogue);
}

Result<ServicePlan> plan_service(Session& session, std::optional<Month> month, const std::string& by, bool keep) {
  FENQUN_TRY(auto library, load_strategies(session));
  if (!month) {
    FENQUN_TRY(const auto latest, latest_prepared_month(session));
    month = latest.plus(1);
  }
  ProgressStage stage(session, "app.progress_plan", {{"month", month->text()}});
  FENQUN_TRY(auto outcome, strategy::plan_month(session.workspace, library, {*month, by, keep}));
  stage.done();
  return ServicePlan{std::move(library), std::move(outcome)};
}

Result<strategy::MoveOutcome> move_order(Session& session, strategy::MoveRequest request) {
  FENQUN_TRY(const auto library, load_strategies(session));
  request.now = now_of(session);
  return strategy::move_order(session.workspace, library, request);
}

Result<strategy::DisconnectionClock> examine_disconnection(Session& session, const std::string& customer,
                                                           const std::string& cut_at) {
  FENQUN_TRY(const auto law, strategy::load_disconnection_law(session.workspace.assets(), session.catalogue));
  return strategy::examine_disconnection(session.workspace, law, customer, now_of(session), cut_at);
}

Result<strategy::DisconnectionClock> record_step(Session& session, strategy::StepRequest request) {
  FENQUN_TRY(const auto law, strategy::load_disconnection_law(session.workspace.assets(), session.catalogue));
  request.now = now_of(session);
  return strategy::record_step(session.workspace, law, request);
}

Result<strategy::WorkOrder> order_disconnection(Session& session, strategy::DisconnectionRequest request) {
  FENQUN_TRY(const auto library, load_strategies(session));
  FENQUN_TRY(const auto law, strategy::load_disconnection_law(session.workspace.assets(), session.catalogue));
  request.now = now_of(session);
  return strategy::order_disconnection(session.workspace, library, law, request);
}

Result<strategy::EventOutcome> handle_event(Session& session, strategy::EventRequest request) {
  FENQUN_TRY(const auto library, load_strategies(session));
  FENQUN_TRY(const auto law, strategy::load_disconnection_law(session.workspace.assets(), session.catalogue));
  request.now = now_of(session);
  return strategy::handle_event(session.workspace, library, law, request);
}

Result<strategy::SettleOutcome> settle_points(Session& session, Month month, const std::string& by) {
  FENQUN_TRY(const auto library, load_strategies(session));
  return strategy::settle_month(session.workspace, library, month, by, today(session));
}

Result<NoticesOutcome> tell_customers(Session& session, const NoticesRequest& request) {
  FENQUN_TRY(const auto library, load_strategies(session));
  FENQUN_TRY(const auto channels, outbox::read_channels(session.workspace.assets(), session.workspace.folder()));
  const auto& now = request.now;
  NoticesOutcome out;
  if (request.month) {
    out.month = *request.month;
  } else {
    FENQUN_TRY(out.month, Month::parse(now.substr(0, 7)));
  }
  if (request.make) {
    FENQUN_TRY(out.made, strategy::make_notices(session.workspace, library, out.month, now));
  }
  if (!request.send) return out;
  ProgressStage stage(session, "app.progress_notices", {{"month", out.month.text()}});
  outbox::SendRequest sending;
  sending.now = now;
  sending.now_s = request.now_s;
  sending.rehearse = request.rehearse;
  sending.limit = request.limit;
  sending.quiet_from = library.rules.quiet_from;
  sending.quiet_to = library.rules.quiet_to;
  sending.go_on = [&](std::int64_t done, std::int64_t all) {
    if (session.caller.progress != nullptr) {
      session.caller.progress->update(static_cast<double>(done) / static_cast<double>(std::max<std::int64_t>(all, 1)),
                                      "");
    }
    return !session.caller.stop.stop_requested();
  };
  FENQUN_TRY(out.sent, outbox::send_due(session.workspace, channels, sending));
  if (!request.rehearse) {
    FENQUN_TRY(out.closed, strategy::close_told_orders(session.workspace, now));
  }
  stage.done();
  return out;
}

std::string today(const Session& session) { return now_of(session).substr(0, 10); }

}  // namespace fenqun::app
