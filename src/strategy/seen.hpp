// strategy/seen.hpp - what is known of each customer in a month when conditions are asked. Level 5, inside the room.
#pragma once

#include "base/month.hpp"
#include "base/result.hpp"
#include "segment/expression.hpp"
#include "warehouse/workspace.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace fenqun::strategy {

struct Seen {
  Month features_of;                      // the latest month prepared up to the one asked
  std::int64_t customers = 0;             // in the table
  std::vector<std::string> not_in_force;  // schemes that conditions look at and no groups are in force of
};
/// Makes a table of all customers: customer_id, each feature and group that the conditions look at (groups as in force
/// on the month's first day), own_manager, own_area, own_station, consents (NULL: nobody knows; opted out: false) and
/// draw, a number that is the customer's for ever. Errors: NotFound (nothing prepared, no groups in force), Database.
/// With `also` of the wide table's columns, and of those alone whom `where` (SQL over it) lets through.
Result<Seen> look_at_customers(warehouse::Workspace& workspace, const std::string& table, Month month,
                               const std::vector<const segment::Expression*>& conditions,
                               const std::vector<std::string>& also = {}, const std::string& where = "TRUE");

}  // namespace fenqun::strategy
