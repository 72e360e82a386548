// load/histogram.cpp
#include "load/histogram.hpp"

#include <cmath>
#include <limits>

namespace fenqun::load {
namespace {

constexpr std::size_t kBlock = 16;

struct Range {
  float least = std::numeric_limits<float>::infinity();
  float most = -std::numeric_limits<float>::infinity();
  std::uint32_t missing = 0;
};

// Comparisons with NaN are false, so a missing reading changes neither end.
Range range_of(std::span<const float> row) {
  constexpr std::size_t kLanes = 16;
  float low[kLanes];
  float high[kLanes];
  std::uint32_t gaps[kLanes] = {};
  std::fill_n(low, kLanes, std::numeric_limits<float>::infinity());
  std::fill_n(high, kLanes, -std::numeric_limits<float>::infinity());
  for (std::size_t h = 0; h < row.size(); h += kLanes) {
    const std::size_t count = std::min(kLanes, row.size() - h);
    for (std::size_t i = 0; i < count; ++i) {
      const float value = row[h + i];
      low[i] = value < low[i] ? value : low[i];
      high[i] = value > high[i] ? value : high[i];
      gaps[i] += std::isnan(value) ? 1U : 0U;
    }
  }
  Range out;
  for (std::size_t i = 0; i < kLanes; ++i) {
    out.least = std::min(out.least, low[i]);
    out.most = std::max(out.most, high[i]);
    out.missing += gaps[i];
  }
  return out;
}

void count_row(std::span<const float> row, const Range& range, std::span<std::uint32_t> counts) {
  const auto low = static_cast<double>(range.least);
  const double width = static_cast<double>(range.most) - low;
  const auto buckets = static_cast<double>(counts.size());
  const auto last = static_cast<std::uint32_t>(counts.size() - 1);
  const double divisor = width > 0 ? width : 1;
  for (const float value : row) {
    if (std::isnan(value)) continue;
    // Multiplied first: a reading on an edge must come out whole.
    const auto bucket = static_cast<std::uint32_t>((static_cast<double>(value) - low) * buckets / divisor);
    ++counts[std::min(bucket, last)];
  }
}

}  // namespace

Result<Histograms> count_histograms(RowView<const float> readings, WorkerPool& pool, std::uint32_t buckets,
                                    const std::stop_token& stop) {
  constexpr double kMostBuckets = 65536;
  FENQUN_CHECK(check_option("buckets", buckets, 1, kMostBuckets));
  FENQUN_CHECK(check_readings(readings, pool));
  const std::size_t n = readings.rows();
  constexpr float kNoValue = std::numeric_limits<float>::quiet_NaN();
  Histograms out{Matrix<std::uint32_t>(n, buckets), std::vector<float>(n, kNoValue), std::vector<float>(n, kNoValue),
                 std::vector<std::uint32_t>(n), 0};
  FENQUN_CHECK(for_ranges(n, kBlock, pool, stop, [&](std::size_t begin, std::size_t end) {
    for (std::size_t r = begin; r < end; ++r) {
      const Range range = range_of(readings.row(r));
      out.missing[r] = range.missing;
      if (range.missing == readings.cols()) continue;
      out.least_kwh[r] = range.least;
      out.most_kwh[r] = range.most;
      count_row(readings.row(r), range, out.counts.row(r));
    }
  }));
  for (const auto missing : out.missing) out.missing_total += missing;
  return out;
}

}  // namespace fenqun::load
