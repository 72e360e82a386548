// load/day_profiles.cpp
#include "load/day_profiles.hpp"

#include <cmath>
#include <limits>

namespace fenqun::load {
namespace {

constexpr std::size_t kBlock = 4096;
constexpr double kMostRows = std::numeric_limits<std::uint32_t>::max();
constexpr double kMostColumns = 1440;

struct Judged {
  DayState state = DayState::Normalised;
  double energy = 0;
};

Judged judge(std::span<const float> day, double least_energy) {
  Judged out;
  bool is_negative = false;
  for (const float value : day) {
    out.energy += static_cast<double>(value);
    is_negative |= value < 0;
  }
  if (std::isnan(out.energy)) {
    out.state = DayState::Missing;
  } else if (is_negative) {
    out.state = DayState::Negative;
  } else if (!(out.energy > least_energy)) {
    out.state = DayState::NoEnergy;
  }
  return out;
}

}  // namespace

Result<RowView<const float>> days_of(RowView<const float> readings) {
  if (readings.cols() % kHoursPerDay != 0) {
    return fail(ErrorCode::InvalidArgument, "load.no_whole_days", {{"hours", std::to_string(readings.cols())}});
  }
  if (readings.rows() > 1 && readings.stride() != readings.cols()) {
    return fail(ErrorCode::InvalidArgument, "load.not_dense",
                {{"stride", std::to_string(readings.stride())}, {"columns", std::to_string(readings.cols())}});
  }
  const std::size_t days = readings.rows() * (readings.cols() / kHoursPerDay);
  FENQUN_CHECK(check_option("days", static_cast<double>(days), 0, kMostRows));
  return RowView<const float>(readings.data(), days, kHoursPerDay);
}

Result<DayProfiles> normalise_days(RowView<const float> days, WorkerPool& pool, double least_energy_kwh,
                                   const std::stop_token& stop) {
  FENQUN_CHECK(check_option("least_energy_kwh", least_energy_kwh, 0, static_cast<double>(kMaxReading)));
  FENQUN_CHECK(check_readings(days, pool));
  FENQUN_CHECK(check_option("columns", static_cast<double>(days.cols()), 1, kMostColumns));
  FENQUN_CHECK(check_option("days", static_cast<double>(days.rows()), 0, kMostRows));
  const std::size_t n = days.rows();
  DayProfiles out;
  out.states.resize(n);
  std::vector<std::size_t> kept(WorkerPool::block_count(n, kBlock) + 1);
  FENQUN_CHECK(for_ranges(n, kBlock, pool, stop, [&](std::size_t begin, std::size_t end) {
    std::size_t count = 0;
    for (std::size_t r = begin; r < end; ++r) {
      out.states[r] = judge(days.row(r), least_energy_kwh).state;
      count += out.states[r] == DayState::Normalised ? 1U : 0U;
    }
    kept[begin / kBlock + 1] = count;
  }));
  for (std::size_t b = 1; b < kept.size(); ++b) kept[b] += kept[b - 1];
  for (const auto state : out.states) ++out.counts[static_cast<std::size_t>(state)];

  out.rows = Matrix<float>(kept.back(), days.cols());
  out.day_of.resize(kept.back());
  out.energy_kwh.resize(kept.back());
  FENQUN_CHECK(for_ranges(n, kBlock, pool, stop, [&](std::size_t begin, std::size_t end) {
    std::size_t at = kept[begin / kBlock];
    for (std::size_t r = begin; r < end; ++r) {
      if (out.states[r] != DayState::Normalised) continue;
      const double energy = judge(days.row(r), least_energy_kwh).energy;
      for (std::size_t c = 0; c < days.cols(); ++c) {
        out.rows(at, c) = static_cast<float>(static_cast<double>(days(r, c)) / energy);
      }
      out.day_of[at] = static_cast<std::uint32_t>(r);
      out.energy_kwh[at] = static_cast<float>(energy);
      ++at;
    }
  }));
  return out;
}

}  // namespace fenqun::load
