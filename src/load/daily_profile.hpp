// load/daily_profile.hpp - a customer's day without the weather: periodic autoregression (PAR) with temperature.
// Level 2: may include base/ and cluster/. No I/O, no clock, no global state.
#pragma once

#include "load/readings.hpp"

#include <array>
#include <cstdint>
#include <stop_token>
#include <vector>

namespace fenqun::load {

inline constexpr std::size_t kLags = 3;                  // p
inline constexpr std::size_t kProfileTerms = kLags + 2;  // three lags, temperature, constant

struct DailyProfileOptions {
  bool constant = false;          // adds a constant term; the benchmark's formula has none
  std::uint32_t least_days = 10;  // 6..100000: an hour with fewer usable days is not fitted
};

/// What of the day's 24 models was found, customer by customer.
struct DailyProfiles {
  Matrix<float> profile_kwh;      // customers x 24: mean of reading - temperature part; NaN where not fitted
  Matrix<float> coefficients;     // customers x (24 x 5): per hour a1, a2, a3, temperature, constant; NaN there
  Matrix<std::uint32_t> days;     // customers x 24: days whose own and three earlier readings are there
  Matrix<std::uint8_t> left_out;  // customers x 24: bit j set = term j dropped because it follows from those before
  std::vector<std::uint32_t> missing;  // per customer: hours without a reading
  std::uint64_t unfitted_hours = 0;    // of customers x 24
};

/// For each hour s of the day: y(d,s) = a1 y(d-1,s) + a2 y(d-2,s) + a3 y(d-3,s) + a4 t(d,s) [+ a5] by least squares
/// over the days d whose four readings are all there. The profile is the mean of y(d,s) - a4 t(d,s) over the days with
/// a reading. Normal equations in double, Cholesky in the order of the terms; a term whose pivot falls below 1e-10 of
/// its own sum of squares is dropped (its coefficient is 0). Time O(days) per customer and hour; memory beside the
/// result: a few KB per thread. Same bits for any thread count.
/// Errors: InvalidArgument (options; hours no whole days), those of check_readings and check_weather, Cancelled
/// (within 16 customers).
/// Source: Espinoza et al., IEEE Trans. Power Syst. 20(3), 2005; Ardakanian et al., EDBT/ICDT workshops 2014; Liu et
/// al., ACM TODS 42(1), 2016. See docs/math/meter_tasks.md.
Result<DailyProfiles> fit_daily_profiles(RowView<const float> readings, const Weather& weather,
                                         const DailyProfileOptions& options, WorkerPool& pool,
                                         const std::stop_token& stop = {});

}  // namespace fenqun::load
