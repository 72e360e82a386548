// segment/run.hpp - runs a scheme on one month of the wide table and keeps what it found. Level 3.
#pragma once

#include "base/worker_pool.hpp"
#include "segment/result.hpp"
#include "segment/scheme.hpp"
#include "warehouse/workspace.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace fenqun::segment {

/// Key of the error where a scheme looks at nobody.
inline constexpr const char* kNobodyInPopulation = "segment.nobody_in_population";

struct SegmentOptions {
  Month as_of;
  std::optional<std::uint64_t> seed;  // instead of the scheme's
  std::optional<std::uint32_t> k;     // Tiers: instead of the scheme's publish, 2..7
  // Runs of other schemes whose groups the scheme looks at; of one that is not named: its latest run of the month.
  std::vector<UsedRun> uses = {};
  std::filesystem::path truth = {};  // CSV or Parquet with customer_id and the scheme's truth column; or empty
};

/// Runs `scheme` on the customers of `as_of`: exclusions first, then missing features, then the method. Every customer
/// of the population ends in exactly one group or with one reason, even when that is nobody in any. The run's id
/// follows from scheme, month, data, options and build, so the same run again replaces itself by the same rows. Same
/// bits for any thread count. Errors: BadData (month not prepared; empty population; fewer distinct customers than the
/// groups asked for), InvalidArgument (k), NotFound (truth; a scheme whose groups are looked at was not run), Database,
/// Io, Cancelled.
Result<RunResult> run_scheme(warehouse::Workspace& workspace, const features::FeatureCatalogue& catalogue,
                             const Scheme& scheme, const SegmentOptions& options, WorkerPool& pool);

/// What a run would be, with nothing kept of it.
struct WorkedOut {
  RunResult run;
  warehouse::Workspace::Scratch scratch;  // holds the table below; a second one at the same time is not possible
  std::string everybody;  // qualified: customer_id, group_code, reason, distance_own, distance_next, next_group
};
/// As run_scheme(), up to the point where it would be stored.
Result<WorkedOut> work_out_run(warehouse::Workspace& workspace, const features::FeatureCatalogue& catalogue,
                               const Scheme& scheme, const SegmentOptions& options, WorkerPool& pool);

/// The hash of what is stored of a run, as RunResult::assignment_hash was when it was made. Cost: reads every customer
/// of the run. Errors: Database, Cancelled.
Result<std::string> hash_stored_assignment(warehouse::Workspace& workspace, const std::string& run_id);

/// The latest run of each scheme for a month (all months when absent), in the order of scheme names.
Result<std::vector<RunResult>> latest_runs(warehouse::Workspace& workspace, std::optional<Month> as_of);
/// Errors: NotFound.
Result<RunResult> find_run(warehouse::Workspace& workspace, const std::string& run_id);

}  // namespace fenqun::segment
