// load/day_profiles.hpp - the shape of a day: each hour's share of the day's energy.
// Level 2: may include base/ and cluster/. No I/O, no clock, no global state.
#pragma once

#include "load/readings.hpp"

#include <array>
#include <cstdint>
#include <stop_token>
#include <vector>

namespace fenqun::load {

/// What became of a day; the first that holds.
enum class DayState : std::uint8_t {
  Normalised,
  Missing,   // an hour without a reading
  Negative,  // an hour below 0: fed in
  NoEnergy   // not above least_energy_kwh
};
inline constexpr std::size_t kDayStates = 4;

struct DayProfiles {
  Matrix<float> rows;                              // m x d: shares of the day, >= 0, sum 1; in the order of the days
  std::vector<std::uint32_t> day_of;               // m: the input row each comes from, ascending
  std::vector<float> energy_kwh;                   // m: what the shares are of
  std::vector<DayState> states;                    // one per input row
  std::array<std::uint64_t, kDayStates> counts{};  // by state; add up to the input rows
};

/// The days of customers x hours as (customers x days) x 24, without a copy: row r is day r % days of customer r /
/// days.
/// Errors: InvalidArgument (hours no whole days, rows not dense, more than 2^32 - 1 days).
Result<RowView<const float>> days_of(RowView<const float> readings);

/// Divides each day (a row of 1..1440 readings of equal length, kWh, NaN = missing) by its energy. A day with an hour
/// missing or negative, or with no more than `least_energy_kwh` (>= 0), has no shape and is counted instead.
/// Time O(values), memory a copy of them. Same bits for any thread count.
/// Errors: InvalidArgument (least_energy_kwh, columns, rows beyond 2^32 - 1), those of check_readings, Cancelled.
/// Source: Kwac, Flora & Rajagopal, IEEE Trans. Smart Grid 5(1), 2014. See docs/math/load_shapes.md.
Result<DayProfiles> normalise_days(RowView<const float> days, WorkerPool& pool, double least_energy_kwh = 0,
                                   const std::stop_token& stop = {});

}  // namespace fenqun::load
