// ingest/rejections.hpp - rejected rows found again in the file: line and raw text, for the error and for quarantine.
// Level 2.
#pragma once

#include "ingest/staging.hpp"

#include <string>
#include <vector>

namespace fenqun::ingest {

/// How many rejections a refusal shows.
inline constexpr std::int64_t kShownRejections = 5;

/// Error "ingest.rejected" (BadData): how many of how many rows, what share was accepted, how to load the rest; with
/// one context line "ingest.reason_<reason>" for each of the first rejections in the order of the file.
/// Returns another error when looking them up failed. Cost: a walk over the file up to the last one shown.
Error refusal(warehouse::Workspace& workspace, const StagingArea& area, const Source& source,
              const std::vector<StagedEntity>& entities, const EntityCounts& total, double accepted_share);

/// Makes table quarantine_rows in the staging catalogue with the columns of the warehouse's quarantine; returns how
/// many rows it has. Cost: a walk over the file. Errors: Io, Database, Cancelled.
Result<std::int64_t> collect_quarantine(warehouse::Workspace& workspace, const StagingArea& area, const Source& source,
                                        const std::vector<StagedEntity>& entities, const std::string& batch_id);

}  // namespace fenqun::ingest
