// load/three_line.cpp
#include "load/three_line.hpp"

#include "load/piecewise.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace fenqun::load {
namespace {

constexpr std::size_t kBlock = 16;

/// The hours of a station from cold to hot.
struct HoursByDegree {
  std::vector<std::uint32_t> hours;
  std::vector<int> degrees;            // that occur, ascending
  std::vector<std::uint32_t> offsets;  // where the hours of each degree begin, and the end
};

HoursByDegree sort_hours(std::span<const float> temperatures) {
  HoursByDegree out;
  std::vector<int> rounded(temperatures.size());
  std::ranges::transform(temperatures, rounded.begin(), [](float t) { return static_cast<int>(std::lround(t)); });
  out.hours.resize(rounded.size());
  std::iota(out.hours.begin(), out.hours.end(), 0U);
  std::ranges::stable_sort(out.hours, {}, [&](std::uint32_t hour) { return rounded[hour]; });
  for (std::uint32_t i = 0; i < out.hours.size(); ++i) {
    const int degree = rounded[out.hours[i]];
    if (!out.degrees.empty() && out.degrees.back() == degree) continue;
    out.degrees.push_back(degree);
    out.offsets.push_back(i);
  }
  out.offsets.push_back(static_cast<std::uint32_t>(out.hours.size()));
  return out;
}

/// The value at place `at` (counted from 0) of the sorted `values`, which are reordered from place `from` on; what lies
/// before `from` is not above the rest.
double value_at(std::span<float> values, std::size_t from, double at) {
  const auto place = static_cast<std::size_t>(at);
  const auto nth = values.begin() + static_cast<std::ptrdiff_t>(place);
  std::nth_element(values.begin() + static_cast<std::ptrdiff_t>(from), nth, values.end());
  const double part = at - static_cast<double>(place);
  const auto low = static_cast<double>(*nth);
  if (part <= 0 || place + 1 == values.size()) return low;
  const auto high = static_cast<double>(*std::min_element(nth + 1, values.end()));
  return low + part * (high - low);
}

float slope(const ThreeLines& lines, std::size_t line) {
  return (lines.kwh[line + 1] - lines.kwh[line]) / (lines.degrees[line + 1] - lines.degrees[line]);
}

class CustomerFit {
 public:
  explicit CustomerFit(const ThreeLineOptions& options) : options_(options) {}

  ThermalSensitivity fit(std::span<const float> row, const HoursByDegree& hours) {
    ThermalSensitivity out;
    degrees_.clear();
    lower_.clear();
    upper_.clear();
    std::uint32_t present = 0;
    for (std::size_t d = 0; d < hours.degrees.size(); ++d) {
      values_.clear();
      for (std::uint32_t i = hours.offsets[d]; i < hours.offsets[d + 1]; ++i) {
        const float value = row[hours.hours[i]];
        if (!std::isnan(value)) values_.push_back(value);
      }
      const auto count = static_cast<std::uint32_t>(values_.size());
      present += count;
      if (count < options_.least_readings) {
        out.left_out += count;
        continue;
      }
      add_degree(hours.degrees[d]);
    }
    out.missing = static_cast<std::uint32_t>(row.size()) - present;
    out.degree_count = static_cast<std::uint32_t>(degrees_.size());
    if (present == 0) return out;
    out.state = ThermalState::TooFewDegrees;
    if (degrees_.size() < 3 * (options_.least_degrees - 1) + 1) return out;
    out.state = ThermalState::Fitted;
    out.lower = fitter_.fit(degrees_, lower_, options_.least_degrees);
    out.upper = fitter_.fit(degrees_, upper_, options_.least_degrees);
    out.heating_kwh_per_degree = -slope(out.upper, 0);
    out.cooling_kwh_per_degree = slope(out.upper, 2);
    out.base_load_kwh = *std::ranges::min_element(out.lower.kwh);
    return out;
  }

 private:
  void add_degree(int degree) {
    const auto last = static_cast<double>(values_.size() - 1);
    const double low_place = options_.lower_share * last;
    degrees_.push_back(degree);
    lower_.push_back(value_at(values_, 0, low_place));
    upper_.push_back(value_at(values_, static_cast<std::size_t>(low_place), options_.upper_share * last));
  }

  ThreeLineOptions options_;
  PiecewiseFitter fitter_;
  std::vector<float> values_;
  std::vector<double> degrees_;
  std::vector<double> lower_;
  std::vector<double> upper_;
};

Result<void> check_options(const ThreeLineOptions& options) {
  FENQUN_CHECK(check_option("lower_share", options.lower_share, 0, 1));
  FENQUN_CHECK(check_option("upper_share", options.upper_share, options.lower_share, 1));
  FENQUN_CHECK(check_option("least_readings", options.least_readings, 1, 10000));
  return check_option("least_degrees", options.least_degrees, 2, 50);
}

}  // namespace

Result<std::vector<ThermalSensitivity>> fit_three_lines(RowView<const float> readings, const Weather& weather,
                                                        const ThreeLineOptions& options, WorkerPool& pool,
                                                        const std::stop_token& stop) {
  FENQUN_CHECK(check_options(options));
  FENQUN_CHECK(check_weather(weather, readings));
  FENQUN_CHECK(check_readings(readings, pool));
  std::vector<HoursByDegree> stations(weather.temperatures.rows());
  for (std::size_t s = 0; s < stations.size(); ++s) stations[s] = sort_hours(weather.temperatures.row(s));
  std::vector<ThermalSensitivity> out(readings.rows());
  FENQUN_CHECK(for_ranges(readings.rows(), kBlock, pool, stop, [&](std::size_t begin, std::size_t end) {
    CustomerFit customer(options);
    for (std::size_t r = begin; r < end; ++r) out[r] = customer.fit(readings.row(r), stations[weather.station_of[r]]);
  }));
  return out;
}

}  // namespace fenqun::load
