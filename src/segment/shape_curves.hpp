// segment/shape_curves.hpp - days with a shape, and the mean curve of each customer's days that groups are made of.
// Level 3, inside the room.
#pragma once

#include "load/day_profiles.hpp"
#include "segment/day_curves.hpp"

#include <stop_token>

namespace fenqun::segment {

inline constexpr std::size_t kCurveWidth = kDayTypes * load::kHoursPerDay;  // working days first, then rest days

/// Days with a shape: row p of profiles is one, of customer owner_of[p].
struct Shaped {
  load::DayProfiles profiles;
  std::vector<std::uint32_t> owner_of;
  std::vector<std::uint8_t> season_of;
  std::vector<std::uint8_t> day_type_of;
};
/// Errors: those of load::normalise_days.
Result<Shaped> shape_days(const DayCurves& days, WorkerPool& pool, const std::stop_token& stop = {});

/// The curves that are grouped: mean share of each hour over a customer's days of a type.
struct Curves {
  std::vector<std::uint32_t> owners;  // ascending
  Matrix<float> rows;                 // owners x kCurveWidth
  Matrix<std::uint32_t> days;         // customers x kDayTypes: days with a shape, of everybody
};
/// Of customers with days of both types and `least_days` in all.
Curves mean_curves(const Shaped& shaped, std::size_t customers, int least_days);

}  // namespace fenqun::segment
