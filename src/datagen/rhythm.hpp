// datagen/rhythm.hpp - what all customers of one kind share: seasons, weekdays, holidays, weather. Level 3.
#pragma once

#include "datagen/calendar.hpp"
#include "datagen/parameters.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace fenqun::datagen {

/// Factors of use per rhythm: one for each kind, in their order, and a last one for migrant workers' homes.
/// Immutable after construction: safe from several threads.
class Rhythms {
 public:
  /// `calendar` must reach from twelve months before the end (or the first month, if earlier) to the end.
  Rhythms(const Parameters& parameters, const Calendar& calendar, const Timeline& timeline, std::uint64_t seed);

  [[nodiscard]] std::size_t migrant() const noexcept { return seasons_.size() - 1; }
  /// Energy of month t relative to a month with factor 1; t may be negative as far as twelve months before the end.
  [[nodiscard]] double month(std::size_t rhythm, int t) const {
    return months_[rhythm * month_count_ + static_cast<std::size_t>(t - first_t_)];
  }
  /// Weight of a day among the days of its month; days of the months with readings alone.
  [[nodiscard]] double day(std::size_t rhythm, std::int32_t day) const {
    return days_[rhythm * day_count_ + static_cast<std::size_t>(day - first_day_)];
  }
  [[nodiscard]] double day_deviation(std::size_t rhythm) const { return deviations_[rhythm]; }
  /// month(rhythm, t) x level of the last twelve months, for a level that grows by `growth_per_month` (log) and is 1
  /// in the last month.
  [[nodiscard]] std::array<double, 12> last_year(std::size_t rhythm, double growth_per_month) const;

 private:
  int first_t_ = 0;
  int last_t_ = 0;
  std::int32_t first_day_ = 0;
  std::size_t month_count_ = 0;
  std::size_t day_count_ = 0;
  std::vector<std::size_t> seasons_;
  std::vector<double> months_;
  std::vector<double> days_;
  std::vector<double> deviations_;
};

}  // namespace fenqun::datagen
