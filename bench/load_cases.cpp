// bench/load_cases.cpp - hourly readings of a year: the tasks of the public smart-meter benchmark, shapes of days.
#include "base/random.hpp"
#include "base/worker_pool.hpp"
#include "cases.hpp"
#include "load/adaptive_shapes.hpp"
#include "load/daily_profile.hpp"
#include "load/day_profiles.hpp"
#include "load/histogram.hpp"
#include "load/similar.hpp"
#include "load/three_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

namespace fenqun::bench {
namespace {

constexpr std::size_t kHours = 8760;

double wave(double phase) { return std::cos(2 * std::numbers::pi * phase); }

/// One station: cold winters, hot summers, warm afternoons.
Matrix<float> make_temperatures() {
  Matrix<float> out(1, kHours);
  Random random(1);
  for (std::size_t h = 0; h < kHours; ++h) {
    const auto hour = static_cast<double>(h);
    out(0, h) = static_cast<float>(15 - 14 * wave(hour / kHours) - 5 * wave((hour - 3) / 24) + 2 * random.normal());
  }
  return out;
}

void make_customer(const Matrix<float>& temperatures, std::size_t customer, std::span<float> kwh) {
  Random random(2, customer);
  const double base = random.lognormal(-0.7, 0.6);
  const double evening = random.uniform(14, 22);
  const double heating = random.uniform(0, 0.08);
  const double cooling = random.uniform(0, 0.1);
  for (std::size_t h = 0; h < kHours; ++h) {
    const auto celsius = static_cast<double>(temperatures(0, h));
    const double weather = heating * std::max(0.0, 14 - celsius) + cooling * std::max(0.0, celsius - 24);
    const double day = base * (1 + 0.5 * wave((static_cast<double>(h % 24) - evening) / 24));
    kwh[h] = static_cast<float>(std::max(0.0, day + weather + 0.1 * base * (random.uniform() - 0.5)));
  }
}

Matrix<float> make_year(std::size_t customers, const Matrix<float>& temperatures, WorkerPool& pool) {
  Matrix<float> out(customers, kHours);
  pool.for_blocks(customers, 64, [&](std::size_t, std::size_t begin, std::size_t end) {
    for (; begin < end; ++begin) make_customer(temperatures, begin, out.row(begin));
  });
  return out;
}

}  // namespace

Result<std::string> make_readings(const Words& words) {
  WorkerPool pool;
  const auto readings = make_year(std::stoull(words[2]), make_temperatures(), pool);
  FENQUN_CHECK(write_table(words[1], readings));
  return fmt::format("{{\"rows\": {}, \"columns\": {}}}", readings.rows(), kHours);
}

Result<std::string> measure_meter_tasks(const Words& words) {
  WorkerPool pool(std::stoull(words[2]));
  const auto temperatures = make_temperatures();
  const auto readings = make_year(std::stoull(words[1]), temperatures, pool);
  const std::vector<std::uint32_t> station_of(readings.rows(), 0);
  const load::Weather weather{temperatures.view(), station_of};
  Result<load::Histograms> histograms;
  Result<std::vector<load::ThermalSensitivity>> lines;
  Result<load::DailyProfiles> profiles;
  const double histogram = seconds_of([&] { histograms = load::count_histograms(readings.view(), pool); });
  const double three_line = seconds_of([&] { lines = load::fit_three_lines(readings.view(), weather, {}, pool); });
  const double par = seconds_of([&] { profiles = load::fit_daily_profiles(readings.view(), weather, {}, pool); });
  if (!histograms) return fail(histograms.error());
  if (!lines) return fail(lines.error());
  if (!profiles) return fail(profiles.error());
  const auto fitted = std::ranges::count(*lines, load::ThermalState::Fitted, &load::ThermalSensitivity::state);
  const auto& counts = histograms->counts.values();
  return fmt::format(
      "{{\"histogram_s\": {}, \"three_line_s\": {}, \"par_s\": {}, \"customers\": {}, \"counted\": {}, \"fitted\": {}, "
      "\"unfitted_hours\": {}}}",
      histogram, three_line, par, readings.rows(), std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}),
      fitted, profiles->unfitted_hours);
}

Result<std::string> measure_similar(const Words& words) {
  FENQUN_TRY(const auto readings, read_table(words[1], std::stoull(words[2])));
  WorkerPool pool(std::stoull(words[4]));
  Result<load::SimilarCustomers> found;
  const load::SimilarOptions options{.count = static_cast<std::uint32_t>(std::stoul(words[3]))};
  const double passed = seconds_of([&] { found = load::find_similar(readings.view(), options, pool); });
  if (!found) return fail(found.error());
  const auto& cosines = found->cosines.values();
  return fmt::format("{{\"seconds\": [{}], \"cosine_sum\": {}, \"searched_again\": {}}}", passed,
                     std::accumulate(cosines.begin(), cosines.end(), 0.0), found->searched_again);
}

/// Days of a base and three peaks at hours of their own: no two alike, as in a city.
Result<std::string> make_profiles(const Words& words) {
  constexpr std::size_t kDayHours = 24;
  Matrix<float> days(std::stoull(words[2]), kDayHours);
  WorkerPool pool;
  pool.for_blocks(days.rows(), 4096, [&](std::size_t, std::size_t begin, std::size_t end) {
    for (; begin < end; ++begin) {
      Random random(3, begin);
      for (float& kwh : days.row(begin)) kwh = static_cast<float>(random.uniform(0.1, 0.3));
      for (int peak = 0; peak < 3; ++peak) {
        const double at = random.uniform(0, kDayHours);
        const double width = random.uniform(1, 4);
        const double height = random.lognormal(0, 0.7);
        for (std::size_t h = 0; h < kDayHours; ++h) {
          const double away = std::remainder(static_cast<double>(h) - at, kDayHours) / width;
          days(begin, h) += static_cast<float>(height * std::exp(-away * away));
        }
      }
    }
  });
  FENQUN_TRY(const auto profiles, load::normalise_days(std::as_const(days).view(), pool));
  FENQUN_CHECK(write_table(words[1], profiles.rows));
  return fmt::format("{{\"rows\": {}, \"columns\": {}}}", profiles.rows.rows(), profiles.rows.cols());
}

Result<std::string> measure_encoding(const Words& words) {
  FENQUN_TRY(const auto profiles, read_table(words[1], std::stoull(words[2])));
  WorkerPool pool(std::stoull(words[4]));
  Matrix<float> shapes(std::stoull(words[3]), profiles.cols());
  for (std::size_t k = 0; k < shapes.rows(); ++k) {
    std::ranges::copy(profiles.row(k * (profiles.rows() / shapes.rows())), shapes.row(k).begin());
  }
  Result<load::ShapeEncoding> encoded;
  const double passed =
      seconds_of([&] { encoded = load::encode_profiles(profiles.view(), std::as_const(shapes).view(), 0.2, pool); });
  if (!encoded) return fail(encoded.error());
  double squared = 0;
  for (std::size_t r = 0; r < profiles.rows(); ++r) {
    for (std::size_t c = 0; c < profiles.cols(); ++c) {
      const double difference = static_cast<double>(profiles(r, c)) - static_cast<double>(shapes(encoded->codes[r], c));
      squared += difference * difference;
    }
  }
  return fmt::format("{{\"seconds\": [{}], \"squared\": {}}}", passed, squared);
}

Result<std::string> measure_study(const Words& words) {
  FENQUN_TRY(const auto profiles, read_table(words[1], std::stoull(words[2])));
  WorkerPool pool(std::stoull(words[4]));
  Result<load::ShapeStudy> study;
  const load::ShapeStudyOptions options{.cap = static_cast<std::uint32_t>(std::stoul(words[3]))};
  const double passed = seconds_of([&] { study = load::study_shapes(profiles.view(), options, pool); });
  if (!study) return fail(study.error());
  return fmt::format("{{\"seconds\": [{}], \"found\": {}, \"kept\": {}, \"violation_share\": {}}}", passed,
                     study->found_shapes, study->merged.dictionary.shapes.rows(),
                     study->encoding.coverage.violation_share);
}

}  // namespace fenqun::bench
