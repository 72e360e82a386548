// ingest/batches.hpp - what was loaded, in which order, what rests on what; and taking a batch back. Level 2.
#pragma once

#include "ingest/ingest.hpp"

#include <string>
#include <vector>

namespace fenqun::ingest {

/// A loaded file.
struct Batch {
  std::string batch_id;
  std::string source;  // the file's name
  std::string path;    // where it lay
  std::string mapping;
  std::string loaded_at;  // in the workspace's zone, "2026-07-01 09:30:00"
  EntityCounts total;
  std::vector<EntityCounts> entities;
  std::vector<std::string> rests_on;  // earlier batches whose rows it says again or replaces
};

/// In the order of loading. Errors: Database.
Result<std::vector<Batch>> list_batches(warehouse::Workspace& workspace);

struct UndoneEntity {
  std::string entity;
  std::int64_t rows_removed = 0;   // of the batch
  std::int64_t rows_restored = 0;  // older rows that it had replaced
  std::int64_t rows_expired = 0;   // such rows of months that were given up to retention since: they stay away
};

struct UndoOutcome {
  std::string batch_id;
  std::string source;
  std::vector<UndoneEntity> entities;
};

/// Takes a batch back: its rows, its quarantine and its counts go, the rows that it had replaced stand again as before
/// (but for those of months that retention gave up since), and the same file can be loaded anew. A batch that waits to
/// be loaded again (reload.hpp) is given up. Works beside damaged files that it need not read. Table batch_undone
/// remembers it. All or nothing, like a load. `batch`: an id, or the beginning of one that is the only one of that
/// beginning. Errors: NotFound "ingest.no_batch", InvalidArgument "ingest.batch_unclear", Denied "ingest.batch_needed"
/// (a later batch said rows of this one again, so did not load them, or replaced them: those have to be undone first),
/// Denied "ingest.batch_expired" (what it had replaced was given up to retention), BadData "ingest.undo_damaged" (a
/// file that it has to read is damaged), Io, Database, Cancelled.
Result<UndoOutcome> undo_batch(warehouse::Workspace& workspace, const std::string& batch);

}  // namespace fenqun::ingest
