// load/readings.cpp
#include "load/readings.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <vector>

namespace fenqun::load {
namespace {

constexpr float kMaxDegrees = 100;

// NaN is a missing reading, so only what is larger counts: the comparison is false for NaN.
bool has_bad_reading(std::span<const float> values) noexcept {
  int bad = 0;
  for (const float value : values) bad |= std::abs(value) > kMaxReading ? 1 : 0;
  return bad != 0;
}

Result<void> differ(const std::string& what, std::size_t value, std::size_t expected) {
  return fail(ErrorCode::InvalidArgument, "load.lengths_differ",
              {{"what", what}, {"value", std::to_string(value)}, {"expected", std::to_string(expected)}});
}

}  // namespace

Result<void> check_readings(RowView<const float> readings, WorkerPool& pool) {
  if (readings.cols() == 0) return fail(ErrorCode::BadData, "load.no_hours");
  constexpr std::size_t kBlock = 64;
  constexpr auto kNone = std::numeric_limits<std::size_t>::max();
  std::vector<std::size_t> bad(WorkerPool::block_count(readings.rows(), kBlock), kNone);
  pool.for_blocks(readings.rows(), kBlock, [&](std::size_t block, std::size_t begin, std::size_t end) {
    for (std::size_t r = begin; r < end && bad[block] == kNone; ++r) {
      if (has_bad_reading(readings.row(r))) bad[block] = r;
    }
  });
  for (const std::size_t row : bad) {
    if (row == kNone) continue;
    for (std::size_t c = 0; c < readings.cols(); ++c) {
      const float value = readings(row, c);
      if (!(std::abs(value) > kMaxReading)) continue;
      return fail(ErrorCode::BadData, "load.bad_reading",
                  {{"row", std::to_string(row)},
                   {"column", std::to_string(c)},
                   {"value", fmt::format("{}", value)},
                   {"limit", fmt::format("{}", kMaxReading)}});
    }
  }
  return {};
}

Result<void> check_days(RowView<const float> readings, WorkerPool& pool) {
  FENQUN_CHECK(check_readings(readings, pool));
  if (readings.cols() % kHoursPerDay == 0) return {};
  return fail(ErrorCode::InvalidArgument, "load.no_whole_days", {{"hours", std::to_string(readings.cols())}});
}

Result<void> check_weather(const Weather& weather, RowView<const float> readings) {
  const auto& degrees = weather.temperatures;
  if (weather.station_of.size() != readings.rows()) {
    return differ("station_of", weather.station_of.size(), readings.rows());
  }
  if (degrees.cols() != readings.cols()) return differ("temperatures", degrees.cols(), readings.cols());
  for (std::size_t s = 0; s < degrees.rows(); ++s) {
    for (std::size_t h = 0; h < degrees.cols(); ++h) {
      if (std::abs(degrees(s, h)) <= kMaxDegrees) continue;
      return fail(ErrorCode::BadData, "load.bad_temperature",
                  {{"station", std::to_string(s)},
                   {"hour", std::to_string(h)},
                   {"value", fmt::format("{}", degrees(s, h))},
                   {"limit", fmt::format("{}", kMaxDegrees)}});
    }
  }
  for (std::size_t r = 0; r < readings.rows(); ++r) {
    if (weather.station_of[r] < degrees.rows()) continue;
    return fail(ErrorCode::InvalidArgument, "load.no_station",
                {{"row", std::to_string(r)},
                 {"station", std::to_string(weather.station_of[r])},
                 {"stations", std::to_string(degrees.rows())}});
  }
  return {};
}

Result<void> check_option(const std::string& option, double value, double low, double high) {
  if (value >= low && value <= high) return {};
  return fail(
      ErrorCode::InvalidArgument, "load.option_range",
      {{"option", option}, {"value", fmt::format("{}", value)}, {"expected", fmt::format("{}..{}", low, high)}});
}

}  // namespace fenqun::load
