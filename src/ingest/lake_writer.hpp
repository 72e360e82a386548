// ingest/lake_writer.hpp - accepted facts of one entity as Parquet files by month, in the scratch folder. Level 2.
#pragma once

#include "ingest/staging.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace fenqun::ingest {

/// Writes `folder`/<entity>/month=YYYY-MM/<batch>.parquet for each month: the fields that the file gives, in the
/// contract's order (the views give the others as NULL), sorted by customer, time and key (the same rows in the same
/// order for any thread count), zstd. Errors: Io, Database, Cancelled.
Result<std::vector<warehouse::LakeFile>> write_months(warehouse::Workspace& workspace, const StagedEntity& entity,
                                                      const std::filesystem::path& folder, const std::string& batch_id);

}  // namespace fenqun::ingest
