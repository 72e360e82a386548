// load/shape_use.hpp - who uses which shapes: variability of customers, coverage of a dictionary, seasons and day
// types. Level 2: may include base/ and cluster/. No I/O, no clock, no global state.
#pragma once

#include "load/readings.hpp"

#include <cstdint>
#include <limits>
#include <span>
#include <stop_token>
#include <vector>

namespace fenqun::load {

inline constexpr std::uint32_t kNoShape = std::numeric_limits<std::uint32_t>::max();

/// Encoded days. One entry per day in each list; owners may come in any order. Does not own.
struct CodedDays {
  std::span<const std::uint32_t> codes;     // < shape_count
  std::span<const std::uint32_t> owner_of;  // customer or group, < owner_count
  std::uint32_t shape_count = 0;            // K
  std::uint32_t owner_count = 0;
};

/// One owner's shapes. Of equally frequent shapes the lowest code dominates.
struct ShapeVariety {
  std::uint32_t days = 0;
  std::uint32_t distinct = 0;         // shapes that occur
  std::uint32_t dominant = kNoShape;  // the most frequent; kNoShape without days
  double dominant_share = 0;          // 0..1 of the days
  double entropy_bits = 0;            // - sum p log2 p, 0..log2(min(K, days))
  double entropy_share = 0;           // of that maximum, 0..1; 0 where it is 0
};

/// Per owner. Time O(days log days per owner). Same bits for any thread count.
/// Errors: InvalidArgument (lists of different length; a code or owner out of range: names the day), Cancelled.
/// Source: entropy of a customer's shapes: Kwac, Flora & Rajagopal 2014. See docs/math/load_shapes.md.
Result<std::vector<ShapeVariety>> measure_variety(const CodedDays& days, WorkerPool& pool,
                                                  const std::stop_token& stop = {});

struct CoverageCurve {
  std::vector<std::uint32_t> codes;  // the most frequent first, of equals the lowest code
  std::vector<double> shares;        // shares[m - 1]: share of all days that the first m of codes cover; last 1 (0
                                     // without days)
};
/// `counts`: days by code.
CoverageCurve cover_days(std::span<const std::uint64_t> counts);

/// The kind of each day: a season and a type (weekday, weekend, holiday...), numbered by the caller.
struct DayKinds {
  std::span<const std::uint8_t> season_of;    // per day, < season_count
  std::span<const std::uint8_t> day_type_of;  // per day, < day_type_count
  std::uint32_t season_count = 0;             // 1..255
  std::uint32_t day_type_count = 0;           // 1..255
};

/// Cell = season * day_type_count + day type.
struct ShapeCells {
  Matrix<std::uint64_t> counts;  // shapes x cells, days of all owners
  Matrix<std::uint32_t>
      dominant;                  // owners x cells: the most frequent shape, of equals the lowest; kNoShape without days
  Matrix<float> dominant_share;  // owners x cells: its share of the owner's days in the cell; 0 without days
  Matrix<std::uint32_t> days;    // owners x cells
};

/// Errors: InvalidArgument (as measure_variety; a season or day type out of range: names the day), Cancelled.
Result<ShapeCells> count_cells(const CodedDays& days, const DayKinds& kinds, WorkerPool& pool,
                               const std::stop_token& stop = {});

}  // namespace fenqun::load
