// load/daily_profile.cpp
#include "load/daily_profile.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace fenqun::load {
namespace {

constexpr std::size_t kBlock = 16;
constexpr std::size_t kHours = kHoursPerDay;
constexpr std::size_t kTerms = kProfileTerms;
constexpr std::size_t kTemperature = kLags;
constexpr double kSmallPivot = 1e-10;

using Hours = std::array<double, kHours>;

/// The sums of the 24 models side by side: hour by hour, so that they are added many at a time.
struct Normal {
  std::array<Hours, kTerms*(kTerms + 1) / 2> squares{};  // of terms i <= j, row by row
  std::array<Hours, kTerms> products{};                  // of term and reading
};

constexpr std::size_t place(std::size_t i, std::size_t j) { return i * kTerms - i * (i + 1) / 2 + j; }

/// A day of readings: 0 where one is missing, and 1 or 0 for being there.
struct Day {
  Hours value{};
  Hours present{};
};

std::uint32_t read_day(const float* readings, Day& day) {
  std::uint32_t gaps = 0;
  for (std::size_t s = 0; s < kHours; ++s) {
    const bool is_missing = std::isnan(readings[s]);
    day.value[s] = is_missing ? 0 : static_cast<double>(readings[s]);
    day.present[s] = is_missing ? 0 : 1;
    gaps += is_missing ? 1U : 0U;
  }
  return gaps;
}

void add_products(Hours& sum, const Hours& a, const Hours& b) {
  for (std::size_t s = 0; s < kHours; ++s) sum[s] += a[s] * b[s];
}

/// `reading` and the terms of one day, all 0 at an hour that cannot be used: `terms[4]` is 1 where it can.
void add_day(Normal& normal, const Hours& reading, const std::array<Hours, kTerms>& terms) {
  for (std::size_t i = 0; i < kTerms; ++i) {
    for (std::size_t j = i; j < kTerms; ++j) add_products(normal.squares[place(i, j)], terms[i], terms[j]);
    add_products(normal.products[i], terms[i], reading);
  }
}

struct Solution {
  std::array<double, kTerms> coefficients{};
  std::uint32_t left_out = 0;  // bit j: term j
  [[nodiscard]] bool is_left_out(std::size_t term) const { return (left_out >> term & 1U) != 0; }
};

/// Cholesky of the first `terms` equations of hour s; a term that the ones before it explain stays out.
Solution solve(const Normal& normal, std::size_t s, std::size_t terms) {
  Solution out;
  std::array<std::array<double, kTerms>, kTerms> lower{};
  std::array<double, kTerms> z{};
  for (std::size_t i = 0; i < terms; ++i) {
    const double own = normal.squares[place(i, i)][s];
    double pivot = own;
    double rest = normal.products[i][s];
    for (std::size_t j = 0; j < i; ++j) {
      if (out.is_left_out(j)) continue;
      double sum = normal.squares[place(j, i)][s];
      for (std::size_t k = 0; k < j; ++k) sum -= lower[i][k] * lower[j][k];
      lower[i][j] = sum / lower[j][j];
      pivot -= lower[i][j] * lower[i][j];
      rest -= lower[i][j] * z[j];
    }
    if (!(pivot > kSmallPivot * own)) {
      out.left_out |= 1U << i;
      lower[i] = {};
      continue;
    }
    lower[i][i] = std::sqrt(pivot);
    z[i] = rest / lower[i][i];
  }
  for (std::size_t i = terms; i-- > 0;) {
    if (out.is_left_out(i)) continue;
    double sum = z[i];
    for (std::size_t j = i + 1; j < terms; ++j) sum -= lower[j][i] * out.coefficients[j];
    out.coefficients[i] = sum / lower[i][i];
  }
  return out;
}

class CustomerProfile {
 public:
  explicit CustomerProfile(const DailyProfileOptions& options) : options_(options) {}

  void fit(std::size_t row, std::span<const float> readings, std::span<const float> temperatures, DailyProfiles& out) {
    normal_ = {};
    sum_ = {};
    sum_temperature_ = {};
    count_ = {};
    std::uint32_t missing = 0;
    const std::size_t days = readings.size() / kHours;
    for (std::size_t d = 0; d < days; ++d) {
      missing += read_day(readings.data() + d * kHours, ring_[d % ring_.size()]);
      for (std::size_t s = 0; s < kHours; ++s) degrees_[s] = static_cast<double>(temperatures[d * kHours + s]);
      add_reading(ring_[d % ring_.size()]);
      if (d >= kLags) add_terms(d);
    }
    out.missing[row] = missing;
    for (std::size_t s = 0; s < kHours; ++s) write_hour(row, s, out);
  }

 private:
  void add_reading(const Day& day) {
    for (std::size_t s = 0; s < kHours; ++s) sum_[s] += day.value[s];
    for (std::size_t s = 0; s < kHours; ++s) count_[s] += day.present[s];
    add_products(sum_temperature_, day.present, degrees_);
  }

  void add_terms(std::size_t d) {
    const Day& today = ring_[d % ring_.size()];
    std::array<Hours, kTerms> terms;
    Hours& usable = terms[kTerms - 1];
    usable = today.present;
    for (std::size_t lag = 1; lag <= kLags; ++lag) {
      const Day& before = ring_[(d - lag) % ring_.size()];
      for (std::size_t s = 0; s < kHours; ++s) usable[s] *= before.present[s];
    }
    for (std::size_t lag = 1; lag <= kLags; ++lag) {
      const Day& before = ring_[(d - lag) % ring_.size()];
      for (std::size_t s = 0; s < kHours; ++s) terms[lag - 1][s] = before.value[s] * usable[s];
    }
    for (std::size_t s = 0; s < kHours; ++s) terms[kTemperature][s] = degrees_[s] * usable[s];
    add_day(normal_, today.value, terms);
  }

  void write_hour(std::size_t row, std::size_t s, DailyProfiles& out) const {
    const auto days = static_cast<std::uint32_t>(normal_.squares[place(kTerms - 1, kTerms - 1)][s]);
    const auto coefficients = out.coefficients.row(row).subspan(s * kTerms, kTerms);
    out.days(row, s) = days;
    if (days < options_.least_days) {
      std::ranges::fill(coefficients, std::numeric_limits<float>::quiet_NaN());
      out.profile_kwh(row, s) = std::numeric_limits<float>::quiet_NaN();
      return;
    }
    const auto solved = solve(normal_, s, options_.constant ? kTerms : kTerms - 1);
    std::ranges::transform(solved.coefficients, coefficients.begin(), [](double a) { return static_cast<float>(a); });
    out.left_out(row, s) = static_cast<std::uint8_t>(solved.left_out);
    out.profile_kwh(row, s) =
        static_cast<float>((sum_[s] - solved.coefficients[kTemperature] * sum_temperature_[s]) / count_[s]);
  }

  DailyProfileOptions options_;
  std::array<Day, kLags + 1> ring_{};
  Hours degrees_{};
  Normal normal_;
  Hours sum_{};              // of readings
  Hours sum_temperature_{};  // of hours with a reading
  Hours count_{};
};

}  // namespace

Result<DailyProfiles> fit_daily_profiles(RowView<const float> readings, const Weather& weather,
                                         const DailyProfileOptions& options, WorkerPool& pool,
                                         const std::stop_token& stop) {
  FENQUN_CHECK(check_option("least_days", options.least_days, 6, 100000));
  FENQUN_CHECK(check_weather(weather, readings));
  FENQUN_CHECK(check_days(readings, pool));
  const std::size_t n = readings.rows();
  DailyProfiles out{Matrix<float>(n, kHours),         Matrix<float>(n, kHours * kTerms),
                    Matrix<std::uint32_t>(n, kHours), Matrix<std::uint8_t>(n, kHours),
                    std::vector<std::uint32_t>(n),    0};
  FENQUN_CHECK(for_ranges(n, kBlock, pool, stop, [&](std::size_t begin, std::size_t end) {
    CustomerProfile customer(options);
    for (std::size_t r = begin; r < end; ++r) {
      customer.fit(r, readings.row(r), weather.temperatures.row(weather.station_of[r]), out);
    }
  }));
  for (const float value : out.profile_kwh.values()) out.unfitted_hours += std::isnan(value) ? 1U : 0U;
  return out;
}

}  // namespace fenqun::load
