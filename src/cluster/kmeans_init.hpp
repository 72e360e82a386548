// cluster/kmeans_init.hpp - where k-means starts. Level 1, inside the room.
#pragma once

#include "base/matrix.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "base/worker_pool.hpp"
#include "cluster/grouped_rows.hpp"

#include <cstdint>
#include <stop_token>

namespace fenqun::cluster {

/// k of the rows, the first drawn by the factors, each further one with a chance that grows with what it would add to
/// the inertia from the nearest drawn so far: never the same row twice. Time O(n k d). Same bits for any thread count.
/// Errors: BadData (fewer distinct rows than k: args k and distinct), Cancelled.
/// Source: k-means++, Arthur & Vassilvitskii, SODA 2007.
Result<Matrix<float>> seed_plus_plus(const GroupedRows& rows, std::uint32_t k, Random random, WorkerPool& pool,
                                     const std::stop_token& stop);

/// The same, from some 10 k candidates that five passes draw, each weighted by the rows it is nearest to.
/// Source: k-means||, Bahmani et al., PVLDB 5(7) (2012).
Result<Matrix<float>> seed_parallel(const GroupedRows& rows, std::uint32_t k, Random random, WorkerPool& pool,
                                    const std::stop_token& stop);

}  // namespace fenqun::cluster
