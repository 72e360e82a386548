// app/batches.hpp - use cases around what was loaded: look at it, take it back. Level 6.
#pragma once

#include "app/context.hpp"
#include "ingest/batches.hpp"

namespace fenqun::app {

/// In the order of loading. Errors: Database.
Result<std::vector<ingest::Batch>> list_batches(Session& session);

/// As ingest::undo_batch, which see, with progress.
Result<ingest::UndoOutcome> undo_batch(Session& session, const std::string& batch);

}  // namespace fenqun::app
