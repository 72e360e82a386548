// segment/day_curves.hpp - the days of customers as 24 hours each, from the lake's readings. Level 3, inside the room.
#pragma once

#include "base/matrix.hpp"
#include "base/month.hpp"
#include "base/result.hpp"
#include "warehouse/workspace.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace fenqun::segment {

inline constexpr std::uint32_t kSeasons = 4;   // spring (March to May), summer, autumn, winter
inline constexpr std::uint32_t kDayTypes = 2;  // working day, rest day

/// One entry or row per customer and day that has a reading, by customer and day.
struct DayCurves {
  std::vector<std::string> customers;   // those with a reading, sorted
  std::vector<std::uint32_t> owner_of;  // index into customers
  std::vector<std::uint8_t> season_of;
  std::vector<std::uint8_t> day_type_of;  // rest days: of the calendar, else Saturday and Sunday
  Matrix<float> hours;                    // days x 24, kWh from midnight; NaN: no reading
};

/// Hourly readings of the customers of a table (column customer_id) in the `months` that end with `as_of`; of a
/// customer without any, the quarter-hourly ones (an hour needs all four). Memory: 100 bytes a day. Errors: Database,
/// Cancelled.
Result<DayCurves> read_days(warehouse::Workspace& workspace, const std::string& customers, Month as_of, int months);

}  // namespace fenqun::segment
