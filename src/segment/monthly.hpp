// segment/monthly.hpp - the derived monthly tables of the lake. Level 3, inside the room.
#pragma once

#include "base/month.hpp"
#include "base/result.hpp"
#include "warehouse/workspace.hpp"

#include <string>

namespace fenqun::segment {

/// SQL: the rows of a derived entity ("_customer_month") of months first..last as a relation; empty where there are no
/// files of these months, or damaged ones alone. Errors: Database.
Result<std::string> monthly(warehouse::Workspace& workspace, const std::string& entity, Month first, Month last);

}  // namespace fenqun::segment
