// app/preparation.hpp - use case: the feature months of a workspace. Level 6.
#pragma once

#include "app/context.hpp"
#include "features/prepare.hpp"
#include "report/preparation.hpp"

#include <filesystem>
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

/// Errors: as features::prepare and features::latest_month, BadData "app.month_without_data" (a month after the
/// latest).
Result<PreparedMonths> prepare_months(Session& session, const PrepareRequest& request);

/// The record of a month's preparation with all that it takes to tell it. Its catalogue and contracts are those of the
/// session, which must outlive it.
struct StepsOutcome {
  report::PreparationModel model;
  bool is_stored = false;  // it is the record of the prepared month; else the steps were tried and nothing was written
};

/// The record of the five steps of a prepared month (absent: the latest). Errors: BadData (no month is prepared),
/// Database.
Result<StepsOutcome> look_at_steps(Session& session, std::optional<Month> month);
/// One step and those before it: as recorded while nothing that the month (absent: the latest of the data) rests on has
/// changed and `rebuild` is not asked for, else tried anew without writing anything. Errors: as features::try_steps.
Result<StepsOutcome> try_step(Session& session, const PrepareRequest& request, features::Step step);
struct PreparationFiles {
  std::filesystem::path html;           // the record
  std::filesystem::path customers_csv;  // what write_readiness_list says of each customer
};
/// Writes the record of a prepared month into reports/<month>/ of the workspace. Errors: Io, BadData, Database.
Result<PreparationFiles> write_preparation_report(Session& session, const StepsOutcome& steps);

}  // namespace fenqun::app
