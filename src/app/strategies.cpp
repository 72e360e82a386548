// app/strategies.cpp
#include "app/strategies.hpp"

#include "app/segmentation.hpp"

#include <utility>

namespace fenqun::app {

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
  request.today = today(session);
  return strategy::move_order(session.workspace, library, request);
}

std::string today(const Session& session) {
  return (session.caller.now ? session.caller.now() : std::string("1970-01-01")).substr(0, 10);
}

}  // namespace fenqun::app
