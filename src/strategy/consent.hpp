// strategy/consent.hpp - customers who want no promotion any more. Level 5.
#pragma once

#include "base/result.hpp"
#include "warehouse/workspace.hpp"

#include <string>

namespace fenqun::strategy {

/// From now on no plan and no event gives the customer promotion, whatever the loaded data says of consent. Said again
/// it changes nothing (false). `now`: "2026-07-14 09:30:00". Errors: NotFound, InvalidArgument (nobody named),
/// Database.
Result<bool> opt_out(warehouse::Workspace& workspace, const std::string& customer, const std::string& by,
                     const std::string& note, const std::string& now);
/// What the loaded data says of consent counts again. False: the customer had not opted out. Errors: as opt_out().
Result<bool> opt_in(warehouse::Workspace& workspace, const std::string& customer, const std::string& by,
                    const std::string& now);
/// SQL: the customers who have opted out, as one column customer_id.
std::string opted_out_sql();

}  // namespace fenqun::strategy
