// load/similar.hpp - for every customer the others whose load curves are most alike, by cosine similarity.
// Level 2: may include base/ and cluster/. No I/O, no clock, no global state.
#pragma once

#include "load/readings.hpp"

#include <cstdint>
#include <limits>
#include <stop_token>
#include <vector>

namespace fenqun::load {

inline constexpr std::uint32_t kNoCustomer = std::numeric_limits<std::uint32_t>::max();

struct SimilarOptions {
  std::uint32_t count = 10;  // k, 1..1000
  double least_share = 0.5;  // 0..1: a customer with a smaller share of its readings there is not compared
};

/// Why a customer is compared with nobody.
enum class SimilarState : std::uint8_t { Compared, TooFewReadings, NoUse };

struct SimilarCustomers {
  Matrix<std::uint32_t> neighbours;  // customers x k, the most similar first, of equals the lower index; kNoCustomer
                                     // where there are no more, and for customers that are not compared
  Matrix<double> cosines;            // customers x k, -1..1; NaN where there is no neighbour
  std::vector<SimilarState> states;
  std::vector<std::uint32_t> missing;  // per customer: hours without a reading
  std::uint64_t compared = 0;          // customers that are
  std::uint64_t searched_again = 0;    // customers whose candidates were too close to call in single precision
};

/// Exact top k of all pairs: single-precision sums over 128 hours, these added in double, are within kCosineBound of
/// the cosine and choose candidates; their cosines are then computed in double, and a customer for whom a pair left
/// out could still belong among the first k is compared with everybody in double. The ranking is that of the cosines
/// in double. A missing reading counts as 0, in the product as in the norm: an hour that only one customer has makes
/// two customers less alike. Same neighbours and cosines, bit for bit, for any thread count and level of instructions;
/// searched_again may differ between levels. Time O(customers² hours / 2) single-precision products, plus O(customers
/// hours) double ones for each customer searched again (many equal or nearly equal curves). Memory: one copy of the
/// readings, n (k + 8) candidates.
/// Errors: InvalidArgument (options), those of check_readings, Cancelled (within 128 x 128 pairs).
/// Source: Liu et al., ACM TODS 42(1), 2016. See docs/math/meter_tasks.md.
Result<SimilarCustomers> find_similar(RowView<const float> readings, const SimilarOptions& options, WorkerPool& pool,
                                      const std::stop_token& stop = {});

}  // namespace fenqun::load
