// load/readings.hpp - hourly readings of many customers, and the temperatures that go with them.
// Level 2: may include base/ and cluster/. No I/O, no clock, no global state.
#pragma once

#include "base/matrix.hpp"
#include "base/result.hpp"
#include "base/worker_pool.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stop_token>
#include <string>

namespace fenqun::load {

inline constexpr std::size_t kHoursPerDay = 24;
inline constexpr float kMaxReading = 1e9F;  // kWh in an hour; beyond it (and Inf) is refused

/// What the readings of all customers are set against. Hour h of a customer has the temperature of hour h of its
/// station. Does not own.
struct Weather {
  RowView<const float> temperatures;          // stations x hours, degrees Celsius, finite, within +-100
  std::span<const std::uint32_t> station_of;  // one per customer, < stations
};

/// `readings` is customers x hours, kWh; NaN = missing. At least one hour; 0 customers are no error.
/// Errors: BadData (no hours; Inf or beyond +-kMaxReading: names row and column, both from 0).
Result<void> check_readings(RowView<const float> readings, WorkerPool& pool);
/// check_readings, and the hours are whole days.
/// Errors: BadData, and InvalidArgument (not a multiple of 24).
Result<void> check_days(RowView<const float> readings, WorkerPool& pool);
/// Errors: InvalidArgument (hours or customers differ from the readings', a station that is not there), BadData (a
/// temperature that is no number within +-100: names station and hour).
Result<void> check_weather(const Weather& weather, RowView<const float> readings);

/// Errors: InvalidArgument naming the option.
Result<void> check_option(const std::string& option, double value, double low, double high);

/// Calls body(begin, end) for blocks of `block` of [0, count), on the threads of the pool; what a block writes must
/// belong to it alone.
/// Errors: Cancelled (stop seen before a block; blocks begun are finished).
template <class Body>
Result<void> for_ranges(std::size_t count, std::size_t block, WorkerPool& pool, const std::stop_token& stop,
                        const Body& body) {
  pool.for_blocks(count, block, [&](std::size_t, std::size_t begin, std::size_t end) {
    if (!stop.stop_requested()) body(begin, end);
  });
  if (stop.stop_requested()) return fail(ErrorCode::Cancelled, "base.cancelled");
  return {};
}

}  // namespace fenqun::load
