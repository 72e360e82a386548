// segment/shape_curves.cpp
#include "segment/shape_curves.hpp"

namespace fenqun::segment {

using load::kHoursPerDay;

Result<Shaped> shape_days(const DayCurves& days, WorkerPool& pool, const std::stop_token& stop) {
  Shaped out;
  FENQUN_TRY(out.profiles, load::normalise_days(days.hours.view(), pool, 0, stop));
  for (const auto day : out.profiles.day_of) {
    out.owner_of.push_back(days.owner_of[day]);
    out.season_of.push_back(days.season_of[day]);
    out.day_type_of.push_back(days.day_type_of[day]);
  }
  return out;
}

Curves mean_curves(const Shaped& shaped, std::size_t customers, int least_days) {
  Matrix<double> sums(customers, kCurveWidth);
  Curves out;
  out.days = Matrix<std::uint32_t>(customers, kDayTypes);
  for (std::size_t p = 0; p < shaped.owner_of.size(); ++p) {
    const auto owner = shaped.owner_of[p];
    const auto type = shaped.day_type_of[p];
    ++out.days(owner, type);
    for (std::size_t h = 0; h < kHoursPerDay; ++h) {
      sums(owner, type * kHoursPerDay + h) += static_cast<double>(shaped.profiles.rows(p, h));
    }
  }
  for (std::uint32_t c = 0; c < customers; ++c) {
    const auto work = out.days(c, 0), rest = out.days(c, 1);
    if (work > 0 && rest > 0 && work + rest >= static_cast<std::uint32_t>(least_days)) out.owners.push_back(c);
  }
  out.rows = Matrix<float>(out.owners.size(), kCurveWidth);
  for (std::size_t r = 0; r < out.owners.size(); ++r) {
    for (std::size_t i = 0; i < kCurveWidth; ++i) {
      out.rows(r, i) = static_cast<float>(sums(out.owners[r], i) / out.days(out.owners[r], i / kHoursPerDay));
    }
  }
  return out;
}

}  // namespace fenqun::segment
