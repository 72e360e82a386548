// ingest/known_rows.hpp - staged rows against what the workspace holds already: said before, or a correction. Level 2.
#pragma once

#include "ingest/staging.hpp"

namespace fenqun::ingest {

/// Finds the staged rows (without fault, not dropped yet) whose key the workspace holds. Only the fields that the file
/// gives are compared. A row that says the same goes to `dropped` as a duplicate; one that says something else replaces
/// the old row, which goes to `replaced`. Fills entity.months, replaced_rows, links. Assumes that no key stands twice
/// in the workspace, which ingest keeps so. Cost: of the lake the months that the file touches are read, and of the
/// others the key columns, where the key does not hold the month. Errors: Io, Database, Cancelled.
Result<void> find_known(warehouse::Workspace& workspace, const StagingArea& area, StagedEntity& entity);

}  // namespace fenqun::ingest
