// segment/truth.hpp - how far a run agrees with a known classification. Level 3.
#pragma once

#include "segment/result.hpp"
#include "warehouse/workspace.hpp"

#include <filesystem>
#include <string>

namespace fenqun::segment {

/// Adjusted Rand index between `assigned` (table: customer_id, group_code) and column `column` of a CSV or Parquet file
/// with customer_id; customers without a group or without a truth are left out and not counted in `compared`. Errors:
/// NotFound (file), BadData (no such column; nobody in common), Database.
Result<TruthResult> compare_with_truth(warehouse::Workspace& workspace, const std::string& assigned,
                                       const std::filesystem::path& file, const std::string& column);

}  // namespace fenqun::segment
