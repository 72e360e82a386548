// ledger/change.hpp - what a publication changes in the ledger, worked out beside it. Level 4, inside the room.
#pragma once

#include "ledger/publication.hpp"
#include "warehouse/workspace.hpp"

#include <string>
#include <utility>
#include <vector>

namespace fenqun::ledger {

/// Codes of the run's groups and the codes they have in the ledger.
using CodeMap = std::vector<std::pair<std::string, std::string>>;

/// Fills in the counts of `publication` (customers .. ended) and makes two tables in the scratch catalogue: `opened`,
/// the rows to be written (columns as in `membership` without superseded_by), and `ended`, the row_id of rows to be
/// superseded. A customer whose group and reason stay has no part in either: the interval stays open; several intervals
/// within the time of the publication become one. Cost: one join of the run with what is in force.
/// Errors: Database, Cancelled.
Result<void> work_out_change(warehouse::Workspace& workspace, const std::string& scratch, const CodeMap& codes,
                             Publication& publication);

/// SQL: customers with group_code and reason in a run, groups under their ledger codes; nobody for an empty id.
std::string said_sql(const std::string& run_id, const CodeMap& codes);
/// SQL: rows of `membership` that say what is in force for a scheme in a month.
std::string standing_sql(const std::string& scheme, Month month);

}  // namespace fenqun::ledger
