// cluster/row_checks.cpp
#include "cluster/row_checks.hpp"

#include "cluster/row_blocks.hpp"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <optional>
#include <vector>

namespace fenqun::cluster {
namespace {

/// Compares bit patterns, which for magnitudes order like the numbers with Inf and NaN on top: vectorises.
bool has_bad_value(std::span<const float> values) noexcept {
  constexpr auto kLimit = std::bit_cast<std::int32_t>(kMaxValue);
  std::int32_t bad = 0;
  for (const float value : values) bad |= (std::bit_cast<std::int32_t>(value) & 0x7FFFFFFF) > kLimit ? 1 : 0;
  return bad != 0;
}

std::optional<std::size_t> first_bad_row(RowView<const float> rows, std::size_t begin, std::size_t end) noexcept {
  for (std::size_t r = begin; r < end; ++r) {
    if (has_bad_value(rows.row(r))) return r;
  }
  return std::nullopt;
}

}  // namespace

Result<void> check_values(RowView<const float> rows, WorkerPool& pool, const std::string& key) {
  const std::size_t block_rows = rows_per_block(rows.rows());
  std::vector<std::optional<std::size_t>> bad(WorkerPool::block_count(rows.rows(), block_rows));
  pool.for_blocks(rows.rows(), block_rows, [&](std::size_t block, std::size_t begin, std::size_t end) {
    bad[block] = first_bad_row(rows, begin, end);
  });
  for (const auto& row : bad) {
    if (!row) continue;
    for (std::size_t c = 0; c < rows.cols(); ++c) {
      const float value = rows(*row, c);
      if (std::abs(value) <= kMaxValue) continue;
      return fail(ErrorCode::BadData, key,
                  {{"row", std::to_string(*row)},
                   {"column", std::to_string(c)},
                   {"value", fmt::format("{}", value)},
                   {"limit", fmt::format("{}", kMaxValue)}});
    }
  }
  return {};
}

Result<void> check_shape(RowView<const float> rows) {
  if (rows.rows() == 0) return fail(ErrorCode::BadData, "cluster.no_rows");
  if (rows.cols() == 0) return fail(ErrorCode::BadData, "cluster.no_columns");
  return check_option("columns", rows.cols(), 1, kMaxColumns);
}

Result<void> check_rows(RowView<const float> rows, WorkerPool& pool) {
  FENQUN_CHECK(check_shape(rows));
  return check_values(rows, pool);
}

Result<void> check_plain(const KMeansOptions& options) {
  const auto refuse = [](const char* option) {
    return fail(ErrorCode::InvalidArgument, "cluster.option_unsupported", {{"option", option}});
  };
  if (options.distance != Distance::Euclidean) return refuse("distance");
  if (options.missing != MissingValues::Refused) return refuse("missing");
  if (!options.row_weights.empty()) return refuse("row_weights");
  return {};
}

Result<void> check_option(const std::string& option, std::uint64_t value, std::uint64_t low, std::uint64_t high) {
  if (value >= low && value <= high) return {};
  return fail(ErrorCode::InvalidArgument, "cluster.option_range",
              {{"option", option}, {"value", std::to_string(value)}, {"expected", fmt::format("{}..{}", low, high)}});
}

Result<void> check_labels(std::span<const std::uint32_t> labels, std::size_t rows, std::uint32_t cluster_count) {
  FENQUN_CHECK(check_option("cluster_count", cluster_count, 2, kMaxClusters));
  if (labels.size() != rows) {
    return fail(ErrorCode::InvalidArgument, "cluster.labels_differ",
                {{"labels", std::to_string(labels.size())}, {"rows", std::to_string(rows)}});
  }
  for (std::size_t r = 0; r < rows; ++r) {
    if (labels[r] < cluster_count) continue;
    return fail(ErrorCode::InvalidArgument, "cluster.label_range",
                {{"row", std::to_string(r)},
                 {"label", std::to_string(labels[r])},
                 {"last", std::to_string(cluster_count - 1)}});
  }
  return {};
}

}  // namespace fenqun::cluster
