// app/preparation.hpp - use case: the feature months of a workspace. Level 6.
#pragma once

#include "app/context.hpp"
#include "features/prepare.hpp"

#include <optional>
#include <vector>

namespace fenqun::app {

struct PrepareRequest {
  std::optional<Month> month;  // absent: the latest month of the data, and every prepared month that became stale
  bool rebuild = false;        // makes everything anew, whether it changed or not
};

struct PreparedMonths {
  features::PrepareOutcome month;                   // the one asked for, or the latest
  std::vector<features::PrepareOutcome> refreshed;  // others that were stale, ascending
};

/// Errors: as features::prepare and features::latest_month.
Result<PreparedMonths> prepare_months(Session& session, const PrepareRequest& request);

}  // namespace fenqun::app
