// features/prepare.hpp - from checked rows to the wide table: one row per customer and month. Level 2.
#pragma once

#include "base/month.hpp"
#include "features/catalogue.hpp"
#include "features/monthly.hpp"
#include "features/preparation.hpp"
#include "warehouse/workspace.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fenqun::features {

struct FeatureCoverage {
  std::string feature;
  std::int64_t present = 0;
  std::int64_t missing = 0;
};

struct PrepareOutcome {
  Month as_of;
  std::int64_t customers = 0;               // rows written
  std::int64_t closed_or_not_yet_open = 0;  // customers left out of this month
  std::vector<FeatureCoverage> coverage;    // in the catalogue's order
  std::string fingerprint;                  // of all that the month rests on: names the file
  bool unchanged = false;                   // the month was there with this fingerprint; nothing was done
  std::vector<MonthlyOutcome> monthly;      // what was made of the tables it rests on; empty when unchanged
};

/// The last month that the loaded facts cover. Errors: BadData (nothing loaded).
Result<Month> latest_month(warehouse::Workspace& workspace);

/// Computes all features of `as_of` for all customers open in that month, sorted by customer_id, and replaces the month
/// in the lake (entity "wide", columns: as_of DATE, customer_id VARCHAR, then every catalogue feature in order; a
/// feature that cannot be told is NULL). Beside it stand the readiness of each customer (view "readiness": see
/// Workbench::write_readiness) and the record of the five steps (read_preparation). A month rests on the catalogue, on
/// the masters as they are, and on the facts of the months up to it: while these are the same, a second call does
/// nothing (unless reuse is refused), and what comes later cannot change it. Sums run on exact decimals, so the same
/// data gives the same bits for any thread count and from reused monthly tables as from new ones. Memory: bounded by
/// the database's limit. Errors: BadData (no customers), Database, Io, Cancelled.
Result<PrepareOutcome> prepare(warehouse::Workspace& workspace, const FeatureCatalogue& catalogue, Month as_of,
                               Reuse reuse = Reuse::Allowed);

/// Takes the steps up to `last` and says what they found; keeps nothing but the tables by month. Errors: as prepare().
Result<PreparationRecord> try_steps(warehouse::Workspace& workspace, const FeatureCatalogue& catalogue, Month as_of,
                                    Step last);

/// What prepare() would name the month after: a stored record with this fingerprint tells what the steps would find.
/// Errors: Database.
Result<std::string> preparation_fingerprint(warehouse::Workspace& workspace, const FeatureCatalogue& catalogue,
                                            Month as_of);

/// The months of the wide table that prepare() would make anew, ascending. Errors: Database.
Result<std::vector<Month>> stale_months(warehouse::Workspace& workspace, const FeatureCatalogue& catalogue);

}  // namespace fenqun::features
