// load/histogram.hpp - how a customer's hourly use is distributed between its own least and most.
// Level 2: may include base/ and cluster/. No I/O, no clock, no global state.
#pragma once

#include "load/readings.hpp"

#include <cstdint>
#include <stop_token>
#include <vector>

namespace fenqun::load {

struct Histograms {
  Matrix<std::uint32_t> counts;        // customers x buckets: hours in each; their sum is hours - missing
  std::vector<float> least_kwh;        // per customer; NaN without any reading
  std::vector<float> most_kwh;         // per customer; NaN without any reading
  std::vector<std::uint32_t> missing;  // per customer: hours without a reading, in no bucket
  std::uint64_t missing_total = 0;
};

/// Buckets of equal width from the customer's least to its most reading; each begins with its lower edge, the last one
/// holds the most as well. A customer whose readings are all equal has them in the first bucket. Time O(customers x
/// hours), two looks at each row; same bits for any thread count.
/// Errors: InvalidArgument (buckets outside 1..65536), those of check_readings, Cancelled (within 16 customers).
/// Source: Liu, Golab, Golab, Ilyas & Jin, ACM TODS 42(1), 2016. See docs/math/meter_tasks.md.
Result<Histograms> count_histograms(RowView<const float> readings, WorkerPool& pool, std::uint32_t buckets = 10,
                                    const std::stop_token& stop = {});

}  // namespace fenqun::load
