// app/strategies.hpp - use cases around service: the strategy library, a month's plan, work orders. Level 6.
#pragma once

#include "app/context.hpp"
#include "strategy/library.hpp"
#include "strategy/orders.hpp"
#include "strategy/plan.hpp"

#include <optional>
#include <string>

namespace fenqun::app {

/// Errors: Io.
Result<strategy::CheckedLibrary> check_strategies(Session& session);
/// Errors: as strategy::load_library.
Result<strategy::Library> load_strategies(Session& session);

struct ServicePlan {
  strategy::Library library;
  strategy::PlanOutcome outcome;
};
/// The plan of `month`, the one after the latest prepared when absent; `keep`: the orders are made. Errors: as
/// strategy::load_library and plan_month; NotFound (nothing is prepared).
Result<ServicePlan> plan_service(Session& session, std::optional<Month> month, const std::string& by, bool keep);

/// One thing done with a work order, today by the caller's clock. Errors: as strategy::load_library and move_order.
Result<strategy::MoveOutcome> move_order(Session& session, strategy::MoveRequest request);

/// "2026-07-14", by the caller's clock.
std::string today(const Session& session);

}  // namespace fenqun::app
