// app/preparation.cpp
#include "app/preparation.hpp"

#include <algorithm>

namespace fenqun::app {
namespace {

Result<features::PrepareOutcome> prepare_one(Session& session, Month month, features::Reuse reuse) {
  ProgressStage stage(session, "app.stage_prepare", {{"month", month.text()}});
  FENQUN_TRY(auto outcome, features::prepare(session.workspace, session.catalogue, month, reuse));
  stage.done();
  return outcome;
}

}  // namespace

Result<PreparedMonths> prepare_months(Session& session, const PrepareRequest& request) {
  const auto reuse = request.rebuild ? features::Reuse::Refused : features::Reuse::Allowed;
  PreparedMonths out;
  auto month = request.month;
  std::vector<Month> stale;
  if (!month) {
    FENQUN_TRY(month, features::latest_month(session.workspace));
    FENQUN_TRY(stale, features::stale_months(session.workspace, session.catalogue));
  }
  FENQUN_TRY(out.month, prepare_one(session, *month, reuse));
  std::erase(stale, *month);
  // What they rest on month by month was made just now.
  for (const auto other : stale) {
    FENQUN_TRY(auto outcome, prepare_one(session, other, features::Reuse::Allowed));
    out.refreshed.push_back(std::move(outcome));
  }
  return out;
}

}  // namespace fenqun::app
