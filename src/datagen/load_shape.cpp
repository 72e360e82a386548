// datagen/load_shape.cpp
#include "datagen/load_shape.hpp"

#include "datagen/streams.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace fenqun::datagen {
namespace {

constexpr std::int64_t kPerThousandth = 10;  // ten-thousandths of a kWh in a thousandth
constexpr double kQuarterJitter = 0.06;

std::size_t index_of(Band band) { return static_cast<std::size_t>(band); }

}  // namespace

std::vector<std::array<double, 3>> band_shares(const Shapes& shapes) {
  std::vector<std::array<double, 3>> out;
  for (const auto& shape : shapes.shapes) {
    const double work = std::accumulate(shape.work.begin(), shape.work.end(), 0.0);
    const double rest = std::accumulate(shape.rest.begin(), shape.rest.end(), 0.0);
    auto& shares = out.emplace_back();
    for (std::size_t h = 0; h < shape.work.size(); ++h) {
      shares[index_of(shapes.bands[h])] += (5 * shape.work[h] / work + 2 * shape.rest[h] / rest) / 7;
    }
  }
  return out;
}

DayHours LoadModel::hours(std::uint32_t number, const Customer& customer, std::int32_t day,
                          const Energy& energy) const {
  const auto& shapes = parameters_.shapes;
  const auto& shape = shapes.shapes[customer.shape];
  const auto& base = calendar_[day].is_rest ? shape.rest : shape.work;
  const auto month = static_cast<std::size_t>(month_of_day(day).month_of_year() - 1);
  auto random = random_for(seed_, Purpose::HourUse, number, static_cast<std::uint64_t>(day));
  Hours weights{};
  std::array<double, 3> sums{};
  for (std::size_t h = 0; h < weights.size(); ++h) {
    const double season = shapes.is_summer[month] ? shape.summer[h] : shapes.is_winter[month] ? shape.winter[h] : 1;
    const double jitter = customer.is_constant ? 0 : random.uniform(-shapes.hour_jitter, shapes.hour_jitter);
    weights[h] = base[h] * season * (1 + jitter);
    sums[index_of(shapes.bands[h])] += weights[h];
  }
  const std::array totals = {energy.peak * kPerThousandth, energy.flat * kPerThousandth,
                             energy.valley * kPerThousandth};
  std::array<double, 3> running{};
  std::array<std::int64_t, 3> given{};
  std::array<std::size_t, 3> last{};
  DayHours out{};
  for (std::size_t h = 0; h < weights.size(); ++h) {
    const auto band = index_of(shapes.bands[h]);
    running[band] += weights[h];
    const auto upto = std::min(
        totals[band], static_cast<std::int64_t>(static_cast<double>(totals[band]) * (running[band] / sums[band])));
    out[h] = upto - given[band];
    given[band] = upto;
    last[band] = h;
  }
  for (std::size_t band = 0; band < totals.size(); ++band) out[last[band]] += totals[band] - given[band];
  return out;
}

DayQuarters LoadModel::quarters(std::uint32_t number, std::int32_t day, const DayHours& hours) const {
  auto random = random_for(seed_, Purpose::QuarterUse, number, static_cast<std::uint64_t>(day));
  DayQuarters out{};
  for (std::size_t h = 0; h < hours.size(); ++h) {
    // From the hour before to the hour after, straight: quarters lie at 1/8, 3/8, 5/8 and 7/8 of the hour.
    const auto before = static_cast<double>(hours[h == 0 ? h : h - 1]);
    const auto after = static_cast<double>(hours[h + 1 == hours.size() ? h : h + 1]);
    const auto here = static_cast<double>(hours[h]) + 1e-9;
    std::array<double, 4> weights{};
    double sum = 0;
    for (std::size_t q = 0; q < weights.size(); ++q) {
      const double slope = std::clamp((after - before) / (4 * here), -0.5, 0.5) * (static_cast<double>(q) - 1.5) / 2;
      weights[q] = (1 + slope) * (1 + random.uniform(-kQuarterJitter, kQuarterJitter));
      sum += weights[q];
    }
    double running = 0;
    std::int64_t given = 0;
    for (std::size_t q = 0; q < weights.size(); ++q) {
      running += weights[q];
      const auto upto =
          q + 1 == weights.size()
              ? hours[h]
              : std::min(hours[h], static_cast<std::int64_t>(static_cast<double>(hours[h]) * running / sum));
      out[h * 4 + q] = upto - given;
      given = upto;
    }
  }
  return out;
}

}  // namespace fenqun::datagen
