// ingest/record_locator.hpp - from a record's number, or the byte at which it begins, to its line and raw text.
// Level 2.
#pragma once

#include "ingest/staging.hpp"

namespace fenqun::ingest {

/// Reads tables wanted (ordinal: numbers among the records that the database could split) and wanted_broken
/// (byte_offset, reason, column_name: those it could not) of the staging catalogue, both sorted, and makes place
/// (ordinal, line, raw, sheet) and broken_place (line, reason, column_name, raw, sheet). Walks over the file once, no
/// further than needed; memory does not depend on how many are wanted. Errors: BadData, Io, Database, Cancelled.
Result<void> locate_records(warehouse::Workspace& workspace, const StagingArea& area, const Source& source);

}  // namespace fenqun::ingest
