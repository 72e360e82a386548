// datagen/load_shape.hpp - the hours and quarters of a customer's day, by the shape of its kind. Level 3.
#pragma once

#include "datagen/calendar.hpp"
#include "datagen/customer.hpp"
#include "datagen/usage.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace fenqun::datagen {

/// By shape: the share of energy in the peak, flat and valley hours of a mean week (five working days, two of rest).
std::vector<std::array<double, 3>> band_shares(const Shapes& shapes);

/// Energy of the pieces of one day in ten-thousandths of a kWh.
using DayHours = std::array<std::int64_t, 24>;
using DayQuarters = std::array<std::int64_t, 96>;

/// Every answer depends on (seed, customer number, day) alone. Immutable: safe from several threads.
class LoadModel {
 public:
  LoadModel(const Parameters& parameters, const Calendar& calendar, std::uint64_t seed)
      : parameters_(parameters), calendar_(calendar), seed_(seed) {}

  /// Splits a day's energy over its hours, days since 1970: in each price band they sum to the day's energy exactly.
  [[nodiscard]] DayHours hours(std::uint32_t number, const Customer& customer, std::int32_t day,
                               const Energy& energy) const;
  /// Splits each hour over its quarters, which sum to it exactly; loads run on smoothly from hour to hour.
  [[nodiscard]] DayQuarters quarters(std::uint32_t number, std::int32_t day, const DayHours& hours) const;

 private:
  const Parameters& parameters_;
  const Calendar& calendar_;
  std::uint64_t seed_;
};

}  // namespace fenqun::datagen
