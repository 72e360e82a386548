// ledger/due.hpp - which schemes should be run again, and why. Level 4.
#pragma once

#include "base/worker_pool.hpp"
#include "features/catalogue.hpp"
#include "segment/drift.hpp"
#include "segment/result.hpp"
#include "segment/scheme.hpp"
#include "warehouse/workspace.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fenqun::ledger {

enum class DueReason : std::uint8_t {
  NeverRun,
  NewMonth,       // no run for the month yet
  SchemeChanged,  // the text is not that of the last run
  DataChanged,    // the last run is of the month, but what was loaded or prepared has changed since
  Drift,          // a feature has moved more than the scheme's refresh.drift_psi
  Moved           // more customers than refresh.moved_share would change group
};
std::string_view name_of(DueReason reason) noexcept;  // "never_run", "new_month" ...

struct DueScheme {
  std::string scheme;
  BilingualText title;
  segment::RefreshRule rule;
  std::string last_run;  // of the month, else the last one before, else the first after; empty: never run
  Month last_month;
  std::vector<DueReason> reasons;            // empty: not due
  std::vector<segment::FeatureDrift> drift;  // largest first; empty: the method has no features, or an old run
  std::optional<std::int64_t> compared;      // customers with a group in the last run and now; absent: not tried
  std::int64_t moved = 0;                    // of these into another group
};

/// Looks at one scheme for a month that is prepared: measures the drift since its last run and works out, without
/// keeping it, who would move against what is in force (else the latest run). Not tried where a scheme that it looks at
/// has no run for the month. Errors: as segment::measure_drift_since and preview_scheme.
Result<DueScheme> find_due(warehouse::Workspace& workspace, const features::FeatureCatalogue& catalogue,
                           const segment::Scheme& scheme, Month month, WorkerPool& pool);

}  // namespace fenqun::ledger
