// ingest/counts_json.hpp - the counts of a batch for machines: one form, on the command line and from the server.
// Level 2.
#pragma once

#include "ingest/ingest.hpp"

#include <nlohmann/json.hpp>

namespace fenqun::ingest {

/// `{rows_in, rows_loaded, rows_duplicate, rows_superseded, rows_rejected}`; the entity is left out.
nlohmann::ordered_json json_of(const EntityCounts& counts);

}  // namespace fenqun::ingest
