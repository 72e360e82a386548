// load/three_line.hpp - how a customer's use answers to heat and cold: three joined lines over temperature.
// Level 2: may include base/ and cluster/. No I/O, no clock, no global state.
#pragma once

#include "load/readings.hpp"

#include <array>
#include <cstdint>
#include <stop_token>
#include <vector>

namespace fenqun::load {

struct ThreeLineOptions {
  double lower_share = 0.1;          // 0..1, the band of the base load
  double upper_share = 0.9;          // lower_share..1, the band of heating and cooling
  std::uint32_t least_readings = 5;  // 1..10000: a degree with fewer readings is left out
  std::uint32_t least_degrees = 3;   // 2..50: degrees that each line spans, the ends included
};

enum class ThermalState : std::uint8_t { Fitted, NoReadings, TooFewDegrees };

/// The three lines of one band: kwh[i] at degrees[i], straight between.
struct ThreeLines {
  std::array<float, 4> degrees{};  // coldest, first break, second break, hottest; whole degrees Celsius
  std::array<float, 4> kwh{};
  double squared_error = 0;  // sum over degrees of (percentile - line)²
  double squared_total = 0;  // sum over degrees of (percentile - mean percentile)²
};

/// One customer. All is 0 below the counts unless state is Fitted.
struct ThermalSensitivity {
  ThermalState state = ThermalState::NoReadings;
  std::uint32_t missing = 0;       // hours without a reading
  std::uint32_t left_out = 0;      // readings at degrees with fewer than least_readings
  std::uint32_t degree_count = 0;  // degrees that count
  ThreeLines lower;
  ThreeLines upper;
  float heating_kwh_per_degree = 0;  // upper band: rise for each degree colder (left line); may be below 0
  float cooling_kwh_per_degree = 0;  // upper band: rise for each degree hotter (right line)
  float base_load_kwh = 0;           // lowest point of the lower band
};

/// Groups each customer's readings by temperature rounded to whole degrees (halves away from 0), takes two percentiles
/// of each degree (linear between neighbours, type 7) and fits to each band the continuous function of three lines
/// with the least squared error, every degree counting once; breaks are searched among the degrees, all pairs, of
/// equals the first (an advantage below 1e-12 of squared_total is none). Time O(hours + degrees²) per customer; memory
/// beside the result: an order of the hours per station and a row per thread. Same bits for any thread count.
/// Errors: InvalidArgument (options), those of check_readings and check_weather, Cancelled (within 16 customers).
/// Source: Birt et al., Energy and Buildings 50, 2012; Liu et al., ACM TODS 42(1), 2016. See docs/math/meter_tasks.md.
Result<std::vector<ThermalSensitivity>> fit_three_lines(RowView<const float> readings, const Weather& weather,
                                                        const ThreeLineOptions& options, WorkerPool& pool,
                                                        const std::stop_token& stop = {});

}  // namespace fenqun::load
