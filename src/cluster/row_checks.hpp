// cluster/row_checks.hpp - the checks every entry point makes once, so that kernels need none. Level 1, inside the
// room.
#pragma once

#include "base/matrix.hpp"
#include "base/result.hpp"
#include "base/worker_pool.hpp"
#include "cluster/kmeans.hpp"

#include <cstdint>
#include <span>
#include <string>

namespace fenqun::cluster {

/// Values beyond it are refused: the squares of their differences no longer add up safely in a float.
inline constexpr float kMaxValue = 1e16F;
inline constexpr std::uint32_t kMaxClusters = 4096;
inline constexpr std::size_t kMaxColumns = 65536;

/// Every value finite and within +-kMaxValue. Errors: BadData, key `key`, naming the first row and column (from 0).
Result<void> check_values(RowView<const float> rows, WorkerPool& pool, const std::string& key = "cluster.bad_value");

/// At least one row and 1..kMaxColumns columns.
Result<void> check_shape(RowView<const float> rows);

/// check_values, and at least one row and 1..kMaxColumns columns.
Result<void> check_rows(RowView<const float> rows, WorkerPool& pool);

/// Plain k-means: Euclidean, no weights of rows, no missing values. Errors: InvalidArgument naming the option.
Result<void> check_plain(const KMeansOptions& options);

/// `value` in [low, high]. Errors: InvalidArgument naming the option.
Result<void> check_option(const std::string& option, std::uint64_t value, std::uint64_t low, std::uint64_t high);

/// One label in [0, cluster_count) for each row, cluster_count in 2..kMaxClusters. Errors: InvalidArgument.
Result<void> check_labels(std::span<const std::uint32_t> labels, std::size_t rows, std::uint32_t cluster_count);

}  // namespace fenqun::cluster
