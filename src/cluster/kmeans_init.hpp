// cluster/kmeans_init.hpp - where k-means starts. Level 1, inside the room.
#pragma once

#include "base/matrix.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "base/worker_pool.hpp"

#include <cstdint>
#include <stop_token>

namespace fenqun::cluster {

/// k rows of checked `rows`, the first drawn evenly, each further one with a chance that grows with its squared
/// distance to the nearest drawn so far: never the same row twice. Time O(n k d). Same bits for any thread count.
/// Errors: BadData (fewer distinct rows than k: args k and distinct), Cancelled.
/// Source: k-means++, Arthur & Vassilvitskii, SODA 2007.
Result<Matrix<float>> seed_plus_plus(RowView<const float> rows, std::uint32_t k, Random random, WorkerPool& pool,
                                     const std::stop_token& stop);

}  // namespace fenqun::cluster
