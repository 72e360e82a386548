// load/customer_curves.cpp
#include "load/customer_curves.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <utility>

namespace fenqun::load {
namespace {

constexpr std::size_t kBlock = 64;
constexpr std::size_t kWaves = 6;  // constant, line, yearly and half-yearly cosine and sine

/// Makes one row per customer by `shape(customer, row) -> CurveState` and keeps those that are shaped.
template <class Shape>
Result<CustomerCurves> make_curves(std::size_t customers, std::size_t cols, WorkerPool& pool,
                                   const std::stop_token& stop, const Shape& shape) {
  Matrix<float> all(customers, cols);
  CustomerCurves out;
  out.states.resize(customers);
  FENQUN_CHECK(for_ranges(customers, kBlock, pool, stop, [&](std::size_t begin, std::size_t end) {
    for (std::size_t r = begin; r < end; ++r) out.states[r] = shape(r, all.row(r));
  }));
  for (std::uint32_t r = 0; r < customers; ++r) {
    ++out.counts[static_cast<std::size_t>(out.states[r])];
    if (out.states[r] == CurveState::Shaped) out.customers.push_back(r);
  }
  out.rows = Matrix<float>(out.customers.size(), cols);
  for (std::size_t i = 0; i < out.customers.size(); ++i) {
    std::ranges::copy(all.row(out.customers[i]), out.rows.row(i).begin());
  }
  return out;
}

CurveState share_hours(std::span<const float> readings, std::uint32_t least_days, std::span<float> row) {
  std::array<double, kHoursPerDay> means{};
  double total = 0;
  bool is_negative = false;
  for (std::size_t s = 0; s < kHoursPerDay; ++s) {
    std::uint32_t days = 0;
    for (std::size_t h = s; h < readings.size(); h += kHoursPerDay) {
      if (std::isnan(readings[h])) continue;
      means[s] += static_cast<double>(readings[h]);
      is_negative |= readings[h] < 0;
      ++days;
    }
    if (days < least_days) return CurveState::TooFewReadings;
    means[s] /= days;
    total += means[s];
  }
  if (is_negative) return CurveState::Negative;
  if (!(total > 0)) return CurveState::NoEnergy;
  for (std::size_t s = 0; s < kHoursPerDay; ++s) row[s] = static_cast<float>(means[s] / total);
  return CurveState::Shaped;
}

CurveState share_months(std::span<const float> energy, std::span<float> row) {
  double total = 0;
  bool is_negative = false;
  for (const float value : energy) {
    total += static_cast<double>(value);
    is_negative |= value < 0;
  }
  if (std::isnan(total)) return CurveState::TooFewReadings;
  if (is_negative) return CurveState::Negative;
  if (!(total > 0)) return CurveState::NoEnergy;
  const double mean = total / static_cast<double>(energy.size());
  for (std::size_t m = 0; m < energy.size(); ++m) row[m] = static_cast<float>(static_cast<double>(energy[m]) / mean);
  return CurveState::Shaped;
}

/// Orthonormal constant, line and waves over the months (Gram & Schmidt, twice for the last digits).
class Waves {
 public:
  explicit Waves(std::size_t months) : basis_(kWaves, months) {
    const auto middle = static_cast<double>(months - 1) / 2;
    for (std::size_t m = 0; m < months; ++m) {
      const double turn = 2 * std::numbers::pi * static_cast<double>(m) / 12;
      const std::array<double, kWaves> values{
          1, static_cast<double>(m) - middle, std::cos(turn), std::sin(turn), std::cos(2 * turn), std::sin(2 * turn)};
      for (std::size_t w = 0; w < kWaves; ++w) basis_(w, m) = values[w];
    }
    for (std::size_t w = 0; w < kWaves; ++w) make_orthonormal(w);
    for (std::size_t m = 0; m < months; ++m) line_length_ += (static_cast<double>(m) - middle) * basis_(1, m);
  }

  [[nodiscard]] double slope(std::span<const float> row) const { return along(1, row) / line_length_; }

  [[nodiscard]] double seasonal(std::span<const float> row) const {
    double around = 0;  // the straight line
    const double level = along(0, row);
    const double line = along(1, row);
    for (std::size_t m = 0; m < row.size(); ++m) {
      const double rest = static_cast<double>(row[m]) - level * basis_(0, m) - line * basis_(1, m);
      around += rest * rest;
    }
    // Rows have mean 1 in single precision: less than this is rounding.
    constexpr double kRounding = 1e-12;
    if (around <= kRounding * static_cast<double>(row.size())) return 0;
    double rest = around;
    for (std::size_t w = 2; w < kWaves; ++w) {
      const double part = along(w, row);
      rest -= part * part;
    }
    const auto months = static_cast<double>(row.size());
    return std::clamp(1 - (rest / (months - kWaves)) / (around / (months - 2)), 0.0, 1.0);
  }

 private:
  [[nodiscard]] double along(std::size_t w, std::span<const float> row) const {
    double sum = 0;
    for (std::size_t m = 0; m < row.size(); ++m) sum += basis_(w, m) * static_cast<double>(row[m]);
    return sum;
  }

  void make_orthonormal(std::size_t w) {
    const auto own = basis_.row(w);
    for (int pass = 0; pass < 2; ++pass) {
      for (std::size_t v = 0; v < w; ++v) {
        const auto other = basis_.row(v);
        double product = 0;
        for (std::size_t m = 0; m < own.size(); ++m) product += own[m] * other[m];
        for (std::size_t m = 0; m < own.size(); ++m) own[m] -= product * other[m];
      }
    }
    double squares = 0;
    for (const double value : own) squares += value * value;
    for (double& value : own) value /= std::sqrt(squares);
  }

  Matrix<double> basis_;
  double line_length_ = 0;
};

}  // namespace

Result<CustomerCurves> shape_hours(RowView<const float> readings, std::uint32_t least_days, WorkerPool& pool,
                                   const std::stop_token& stop) {
  FENQUN_CHECK(check_option("least_days", least_days, 1, 100000));
  FENQUN_CHECK(check_days(readings, pool));
  return make_curves(readings.rows(), kHoursPerDay, pool, stop, [&](std::size_t r, std::span<float> row) {
    return share_hours(readings.row(r), least_days, row);
  });
}

Result<MonthTrends> shape_months(RowView<const float> energy_kwh, WorkerPool& pool, const std::stop_token& stop) {
  FENQUN_CHECK(check_option("months", static_cast<double>(energy_kwh.cols()), 12, 36));
  FENQUN_CHECK(check_readings(energy_kwh, pool));
  MonthTrends out;
  FENQUN_TRY(out.curves,
             make_curves(energy_kwh.rows(), energy_kwh.cols(), pool, stop,
                         [&](std::size_t r, std::span<float> row) { return share_months(energy_kwh.row(r), row); }));
  const Waves waves(energy_kwh.cols());
  const std::size_t count = out.curves.customers.size();
  out.slope.resize(count);
  out.seasonal.resize(count);
  FENQUN_CHECK(for_ranges(count, kBlock, pool, stop, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const auto row = std::as_const(out.curves.rows).row(i);
      out.slope[i] = waves.slope(row);
      out.seasonal[i] = waves.seasonal(row);
    }
  }));
  return out;
}

Result<CurveGroups> group_curves(const CustomerCurves& curves, const cluster::ChooseKOptions& options, WorkerPool& pool,
                                 const cluster::TrialProgress& on_trial, const std::stop_token& stop) {
  if (curves.rows.rows() == 0)
    return fail(ErrorCode::BadData, "load.no_curves", {{"customers", std::to_string(curves.states.size())}});
  CurveGroups out;
  FENQUN_TRY(out.choice, cluster::choose_k(curves.rows.view(), options, pool, on_trial, stop));
  out.group_of.assign(curves.states.size(), kNoGroup);
  for (std::size_t i = 0; i < curves.customers.size(); ++i) {
    out.group_of[curves.customers[i]] = out.choice.fit.labels[i];
  }
  return out;
}

}  // namespace fenqun::load
