// tests/unit/load/sample_load.hpp - load curves to test with.
#pragma once

#include "base/random.hpp"
#include "load/readings.hpp"
#include "unit/cluster/sample_rows.hpp"

#include <cmath>
#include <cstring>
#include <limits>
#include <numbers>
#include <vector>

namespace fenqun::load {

using cluster::expect_error;
using cluster::matrix_of;

inline constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

/// A year's course compressed into the given days: one station.
inline Matrix<float> made_temperatures(std::size_t days, std::uint64_t seed) {
  Matrix<float> out(1, days * kHoursPerDay);
  Random random(seed);
  for (std::size_t h = 0; h < out.cols(); ++h) {
    const double day = static_cast<double>(h) / 24 / static_cast<double>(days);
    const double degrees = 15 - 13 * std::cos(2 * std::numbers::pi * day) +
                           4 * std::sin(2 * std::numbers::pi * static_cast<double>(h % 24) / 24) + random.normal();
    out(0, h) = static_cast<float>(degrees);
  }
  return out;
}

/// Customers with an evening peak that heat and cool; `gaps` = share of readings that are missing.
inline Matrix<float> made_readings(std::size_t customers, const Matrix<float>& temperatures, double gaps,
                                   std::uint64_t seed) {
  Matrix<float> out(customers, temperatures.cols());
  for (std::size_t r = 0; r < customers; ++r) {
    Random random(seed, r);
    const double peak = random.uniform(6, 22);
    const double level = random.uniform(0.1, 0.6);
    for (std::size_t h = 0; h < out.cols(); ++h) {
      const auto t = static_cast<double>(temperatures(0, h));
      const double away = (static_cast<double>(h % 24) - peak) / 3;
      const double kwh = level + 0.5 * std::exp(-away * away) + 0.02 * std::max(10 - t, 0.0) +
                         0.04 * std::max(t - 22, 0.0) + 0.05 * random.uniform();
      out(r, h) = random.chance(gaps) ? kMissing : static_cast<float>(kwh);
    }
  }
  return out;
}

/// Bit patterns: NaN equals NaN.
inline bool same_bits(const Matrix<float>& a, const Matrix<float>& b) {
  return a.rows() == b.rows() && a.cols() == b.cols() &&
         (a.values().empty() || std::memcmp(a.values().data(), b.values().data(), a.values().size() * 4) == 0);
}

}  // namespace fenqun::load
