// ledger/preview.hpp - what a scheme would change, before anything is kept of it. Level 4.
#pragma once

#include "base/worker_pool.hpp"
#include "ledger/run_diff.hpp"
#include "segment/run.hpp"

#include <cstdint>

namespace fenqun::ledger {

enum class PreviewBase : std::uint8_t {
  Nothing,    // neither the scheme nor the one it was cloned from was ever run
  Published,  // the run in force in that month
  Latest      // none is in force: the latest run of the month, else of any
};

/// `diff.first` is what there is (empty with PreviewBase::Nothing), `diff.second` what would be; its run_id names no
/// stored run.
struct Preview {
  PreviewBase base = PreviewBase::Nothing;
  RunDiff diff;
  std::int64_t gained = 0;   // customers with a group who had none, though looked at before
  std::int64_t lost = 0;     // customers without a group who had one, still looked at
  std::int64_t entered = 0;  // looked at only by the new scheme
  std::int64_t left = 0;     // no longer looked at
};

/// Runs `scheme` on a month without keeping anything and compares with the runs of the same name, or else of the scheme
/// that it was cloned from. Groups go by their codes where both sides name them. Errors: as segment::work_out_run.
Result<Preview> preview_scheme(warehouse::Workspace& workspace, const features::FeatureCatalogue& catalogue,
                               const segment::Scheme& scheme, const segment::SegmentOptions& options, WorkerPool& pool);

}  // namespace fenqun::ledger
