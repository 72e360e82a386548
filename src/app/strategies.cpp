// app/strategies.cpp
#include "app/strategies.hpp"

#include "app/segmentation.hpp"

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

std::string today(const Session& session) { return now_of(session).substr(0, 10); }

}  // namespace fenqun::app
