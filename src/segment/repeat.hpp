// segment/repeat.hpp - a run worked out once more from what is kept of it: scheme text, options, seed. Level 3.
#pragma once

#include "base/worker_pool.hpp"
#include "features/catalogue.hpp"
#include "segment/result.hpp"
#include "warehouse/workspace.hpp"

#include <string>

namespace fenqun::segment {

struct Repeat {
  RunResult first;
  RunResult again;               // as it comes out now; not kept
  bool is_same = false;          // every customer in the same group or with the same reason, also as stored
  bool is_data_changed = false;  // the workspace's data, or the month's wide table, are not those of the run
  bool is_build_changed = false;
  bool is_assignment_changed = false;  // the stored rows are not those that the run wrote
};

/// Errors: NotFound (no such run, or the runs whose groups it looked at), those of scheme_of_run and work_out_run.
Result<Repeat> repeat_run(warehouse::Workspace& workspace, const features::FeatureCatalogue& catalogue,
                          const std::string& run_id, WorkerPool& pool);

}  // namespace fenqun::segment
