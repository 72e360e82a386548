// ingest/taking_back.hpp - the rows of batches leave the workspace and those they had replaced come back, in one
// commit. Level 2.
#pragma once

#include "ingest/batches.hpp"

#include <set>
#include <string>
#include <vector>

namespace fenqun::ingest {

/// Forget: an undo; table batch_undone remembers it. ToReload: the batches are loaded again afterwards; what their
/// months had given up to retention stays marked as such.
enum class Purpose : std::uint8_t { Forget, ToReload };

/// Takes `batches` back together; `statements` run in the same transaction. No batch outside may rest on one of them.
/// Rows that they had replaced stand again, as further files of the batches that had them, but for rows of months that
/// were given up to retention since: those count as given up. A file known as damaged is not read: to reload, all rows
/// it could hold must be of `batches`; to forget, it is refused when it may hold rows that are needed.
/// Errors: BadData "ingest.undo_damaged", Io, Database, Cancelled.
Result<std::vector<UndoneEntity>> take_back(warehouse::Workspace& workspace, const std::set<std::string>& batches,
                                            Purpose purpose, std::vector<std::string> statements);

}  // namespace fenqun::ingest
