// segment/drift.hpp - how far the customers of a scheme have moved since a run, feature by feature. Level 3.
#pragma once

#include "base/worker_pool.hpp"
#include "segment/result.hpp"
#include "segment/scheme.hpp"
#include "warehouse/workspace.hpp"

#include <string>
#include <vector>

namespace fenqun::segment {

inline constexpr std::uint32_t kDriftBins = 10;

/// The bins of the features that a scheme clusters or sums by, over the rows of `table` (sorted by customer_id); none
/// for other methods. Errors: Database, Cancelled, those of cluster::fit_bins.
Result<std::vector<DriftBins>> fit_drift_bins(warehouse::Workspace& workspace, const Scheme& scheme,
                                              const std::string& table, WorkerPool& pool);

/// Population stability index of one feature between a run and a month; see cluster/drift.hpp.
struct FeatureDrift {
  std::string feature;
  double psi = 0;
};

/// Of the features whose bins the run holds and which the wide table still has, over the scheme's population of the
/// month; largest first. Empty where the run holds none. Errors: as take_population; Database, Cancelled.
Result<std::vector<FeatureDrift>> measure_drift_since(warehouse::Workspace& workspace, const Scheme& scheme,
                                                      const RunResult& run, Month month, WorkerPool& pool);

}  // namespace fenqun::segment
