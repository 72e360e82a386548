// strategy/order_files.hpp - work orders as files for other programs: a table, a calendar. Level 5.
#pragma once

#include "strategy/library.hpp"
#include "strategy/orders.hpp"

#include <string>
#include <vector>

namespace fenqun::strategy {

/// UTF-8 with byte order mark, comma, CRLF, titles in the language; what a spreadsheet would take for a formula begins
/// with an apostrophe.
std::string orders_csv(const std::vector<WorkOrder>& orders, const Library& library, Language language);

/// iCalendar (RFC 5545): an event of whole days for each order, from the day it begins to the day it is due. Names of
/// customers are not in it: calendars go to servers of others.
std::string orders_calendar(const std::vector<WorkOrder>& orders, const Library& library, Language language);

}  // namespace fenqun::strategy
