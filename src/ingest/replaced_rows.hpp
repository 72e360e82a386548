// ingest/replaced_rows.hpp - rows of the workspace that a file corrects leave their lake files and are kept. Level 2.
#pragma once

#include "ingest/staging.hpp"
#include "warehouse/lake_change.hpp"

namespace fenqun::ingest {

/// Writes the old rows (StagedEntity::replaced) as a file of <entity>.superseded that belongs to `batch_id`, and each
/// lake file that held one again without them. Errors: Internal, Io, Database, Cancelled.
Result<void> take_out_replaced(warehouse::Workspace& workspace, const StagedEntity& entity, const std::string& batch_id,
                               warehouse::LakeChanger& changer);

}  // namespace fenqun::ingest
