// cluster/prepared_rows.cpp
#include "cluster/prepared_rows.hpp"

#include "cluster/row_blocks.hpp"
#include "cluster/row_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

namespace fenqun::cluster {
namespace {

constexpr float kMaxRowWeight = 1e6F;

Result<void> check_weights(std::span<const float> weights, std::size_t rows) {
  if (weights.empty()) return {};
  if (weights.size() != rows) {
    return fail(ErrorCode::InvalidArgument, "cluster.row_weights_differ",
                {{"weights", std::to_string(weights.size())}, {"rows", std::to_string(rows)}});
  }
  for (std::size_t r = 0; r < weights.size(); ++r) {
    if (weights[r] >= 0 && weights[r] <= kMaxRowWeight) continue;
    return fail(ErrorCode::InvalidArgument, "cluster.bad_row_weight",
                {{"row", std::to_string(r)},
                 {"weight", fmt::format("{}", weights[r])},
                 {"limit", fmt::format("{}", kMaxRowWeight)}});
  }
  if (std::ranges::none_of(weights, [](float weight) { return weight > 0; })) {
    return fail(ErrorCode::InvalidArgument, "cluster.row_weights_all_zero", {{"rows", std::to_string(rows)}});
  }
  return {};
}

/// Of one block of rows, or of all.
struct Present {
  std::vector<std::uint64_t> counts;  // d
  std::vector<double> sums;           // d
  std::uint64_t rows_with_missing = 0;
  std::optional<std::size_t> empty_row;
  std::optional<std::pair<std::size_t, std::size_t>> bad;  // row, column
};

Present look_at(RowView<const float> rows, std::size_t begin, std::size_t end, float* factors) {
  const std::size_t cols = rows.cols();
  Present out{std::vector<std::uint64_t>(cols), std::vector<double>(cols), 0, {}, {}};
  for (std::size_t r = begin; r < end; ++r) {
    const auto row = rows.row(r);
    std::size_t present = 0;
    for (std::size_t c = 0; c < cols; ++c) {
      if (std::isnan(row[c])) continue;
      if (!(std::abs(row[c]) <= kMaxValue) && !out.bad) out.bad = {r, c};
      ++present;
      ++out.counts[c];
      out.sums[c] += static_cast<double>(row[c]);
    }
    if (present == 0 && !out.empty_row) out.empty_row = r;
    out.rows_with_missing += present < cols ? 1U : 0U;
    factors[r - begin] = static_cast<float>(cols) / static_cast<float>(std::max<std::size_t>(present, 1));
  }
  return out;
}

Result<void> refuse_unusable(const Present& found, RowView<const float> rows) {
  if (found.bad) {
    return fail(ErrorCode::BadData, "cluster.bad_value",
                {{"row", std::to_string(found.bad->first)},
                 {"column", std::to_string(found.bad->second)},
                 {"value", fmt::format("{}", rows(found.bad->first, found.bad->second))},
                 {"limit", fmt::format("{}", kMaxValue)}});
  }
  if (found.empty_row) {
    return fail(ErrorCode::BadData, "cluster.row_without_values", {{"row", std::to_string(*found.empty_row)}});
  }
  return {};
}

/// Factors, means and report of rows with missing values.
Result<void> prepare_missing(RowView<const float> rows, WorkerPool& pool, PreparedRows& out) {
  out.factors.resize(rows.rows());
  const std::size_t block_rows = rows_per_block(rows.rows(), rows.cols());
  std::vector<Present> parts(WorkerPool::block_count(rows.rows(), block_rows));
  pool.for_blocks(rows.rows(), block_rows, [&](std::size_t block, std::size_t begin, std::size_t end) {
    parts[block] = look_at(rows, begin, end, out.factors.data() + begin);
  });
  Present all{std::vector<std::uint64_t>(rows.cols()), std::vector<double>(rows.cols()), 0, {}, {}};
  for (const auto& part : parts) {
    for (std::size_t c = 0; c < rows.cols(); ++c) {
      all.counts[c] += part.counts[c];
      all.sums[c] += part.sums[c];
    }
    all.rows_with_missing += part.rows_with_missing;
    if (!all.empty_row) all.empty_row = part.empty_row;
    if (!all.bad) all.bad = part.bad;
  }
  FENQUN_CHECK(refuse_unusable(all, rows));
  out.missing.rows = all.rows_with_missing;
  for (std::size_t c = 0; c < rows.cols(); ++c) {
    out.missing.by_column.push_back(rows.rows() - all.counts[c]);
    out.missing.values += out.missing.by_column.back();
    const auto count = static_cast<double>(std::max<std::uint64_t>(all.counts[c], 1));
    out.means.push_back(static_cast<float>(all.sums[c] / count));
  }
  return {};
}

}  // namespace

Result<void> make_unit(Matrix<float>& rows, WorkerPool& pool, const std::string& key) {
  const std::size_t block_rows = rows_per_block(rows.rows());
  std::vector<std::optional<std::size_t>> zero(WorkerPool::block_count(rows.rows(), block_rows));
  pool.for_blocks(rows.rows(), block_rows, [&](std::size_t block, std::size_t begin, std::size_t end) {
    for (std::size_t r = begin; r < end; ++r) {
      double squared = 0;
      for (const float value : rows.row(r)) squared += static_cast<double>(value) * static_cast<double>(value);
      if (!(squared > 0) && !zero[block]) zero[block] = r;
      const double length = std::sqrt(squared);
      for (float& value : rows.row(r)) value = static_cast<float>(static_cast<double>(value) / length);
    }
  });
  for (const auto& row : zero) {
    if (row) return fail(ErrorCode::BadData, key, {{"row", std::to_string(*row)}});
  }
  return {};
}

Result<PreparedRows> prepare_rows(RowView<const float> rows, const KMeansOptions& options, WorkerPool& pool) {
  PreparedRows out;
  out.rows.rows = rows;
  FENQUN_CHECK(check_shape(rows));
  FENQUN_CHECK(check_weights(options.row_weights, rows.rows()));
  const bool is_partial = options.missing == MissingValues::PartialDistance;
  if (is_partial && options.distance == Distance::Cosine) {
    return fail(ErrorCode::InvalidArgument, "cluster.missing_with_cosine");
  }
  if (is_partial) {
    FENQUN_CHECK(prepare_missing(rows, pool, out));
  } else {
    FENQUN_CHECK(check_values(rows, pool));
  }
  const bool is_manhattan = options.distance == Distance::Manhattan;
  if (out.missing.values > 0) {
    out.rows.metric = is_manhattan ? RowMetric::ManhattanPresent : RowMetric::SquaredPresent;
    out.rows.means = out.means;
    for (std::size_t r = 0; r < options.row_weights.size(); ++r) out.factors[r] *= options.row_weights[r];
    out.rows.factors = out.factors;
  } else {
    out.rows.metric = is_manhattan ? RowMetric::Manhattan : RowMetric::Squared;
    out.rows.factors = options.row_weights;
  }
  if (options.distance == Distance::Cosine) {
    out.unit = Matrix<float>(rows.rows(), rows.cols());
    for (std::size_t r = 0; r < rows.rows(); ++r) std::ranges::copy(rows.row(r), out.unit.row(r).begin());
    FENQUN_CHECK(make_unit(out.unit, pool, "cluster.zero_row"));
    out.rows.rows = std::as_const(out.unit).view();
    out.rows.is_unit = true;
  }
  return out;
}

Result<void> check_columns(const PreparedRows& prepared) {
  const std::uint64_t rows = prepared.rows.size();
  const auto empty = std::ranges::find(prepared.missing.by_column, rows);
  if (empty == prepared.missing.by_column.end()) return {};
  return fail(ErrorCode::BadData, "cluster.column_without_values",
              {{"column", std::to_string(empty - prepared.missing.by_column.begin())}, {"rows", std::to_string(rows)}});
}

}  // namespace fenqun::cluster
