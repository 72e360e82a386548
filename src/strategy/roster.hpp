// strategy/roster.hpp - who does the work: employees for many orders at once. Level 5, inside the room.
#pragma once

#include "base/month.hpp"
#include "base/result.hpp"
#include "warehouse/workspace.hpp"

#include <string>

namespace fenqun::strategy {

/// Makes the table `owned` of `scratch` from the rows of `source` (SQL of a table with customer_id, owner_role and
/// team_of) and of `seen` beside it: each row with area_id, station, owner_id and second_id (a meter reader, where
/// team_of is 2). A customer's own manager and its area's manager come first, then employees of the role at the
/// station, then of anywhere; a whole transformer area has the same ones, who go house by house. NULL: nobody has the
/// role. Employees who left before the month do not count. Errors: Database.
Result<void> assign_employees(warehouse::Workspace& workspace, const std::string& scratch, Month month,
                              const std::string& source);

}  // namespace fenqun::strategy
