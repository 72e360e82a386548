// cluster/drift.cpp
#include "cluster/drift.hpp"

#include "cluster/row_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

namespace fenqun::cluster {
namespace {

constexpr double kRaise = 0.5;
constexpr std::uint32_t kMostBins = 1000;

Result<void> check_table(RowView<const double> rows, WorkerPool& pool) {
  if (rows.rows() == 0) return fail(ErrorCode::BadData, "cluster.no_rows");
  if (rows.cols() == 0) return fail(ErrorCode::BadData, "cluster.no_columns");
  FENQUN_CHECK(check_option("columns", rows.cols(), 1, kMaxColumns));
  std::vector<std::size_t> bad(rows.cols(), rows.rows());
  pool.for_blocks(rows.cols(), 1, [&](std::size_t column, std::size_t, std::size_t) {
    for (std::size_t r = 0; r < rows.rows(); ++r) {
      if (!std::isinf(rows(r, column))) continue;
      bad[column] = r;
      return;
    }
  });
  const auto first = std::min_element(bad.begin(), bad.end());
  if (*first == rows.rows()) return {};
  const auto column = static_cast<std::size_t>(first - bad.begin());
  return fail(ErrorCode::BadData, "cluster.not_finite",
              {{"row", std::to_string(*first)},
               {"column", std::to_string(column)},
               {"value", fmt::format("{}", rows(*first, column))}});
}

std::size_t bin_of(const std::vector<double>& edges, double value) {
  return static_cast<std::size_t>(std::lower_bound(edges.begin(), edges.end(), value) - edges.begin());
}

void count(RowView<const double> rows, std::size_t column, const std::vector<double>& edges,
           std::vector<std::uint64_t>& counts, std::uint64_t& missing) {
  counts.assign(edges.size() + 1, 0);
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    const double value = rows(r, column);
    if (std::isnan(value))
      ++missing;
    else
      ++counts[bin_of(edges, value)];
  }
}

/// The value that ends each of `bins` equal shares, but the last; equal ones once, and none that leaves nothing above.
std::vector<double> edges_of(std::vector<double> values, std::uint32_t bins) {
  std::vector<double> edges;
  std::sort(values.begin(), values.end());
  for (std::uint32_t b = 1; b < bins && !values.empty(); ++b) {
    const auto below = (values.size() * b + bins - 1) / bins;
    const double edge = values[std::max<std::size_t>(below, 1) - 1];
    if (edge < values.back() && (edges.empty() || edge > edges.back())) edges.push_back(edge);
  }
  return edges;
}

double divergence(std::uint64_t fitted, std::uint64_t fitted_rows, std::uint64_t now, std::uint64_t rows,
                  std::size_t places) {
  const double raised = kRaise * static_cast<double>(places);
  const double p = (static_cast<double>(fitted) + kRaise) / (static_cast<double>(fitted_rows) + raised);
  const double q = (static_cast<double>(now) + kRaise) / (static_cast<double>(rows) + raised);
  return (q - p) * std::log(q / p);
}

}  // namespace

Result<FittedBins> fit_bins(RowView<const double> rows, std::uint32_t bins, WorkerPool& pool) {
  FENQUN_CHECK(check_option("bins", bins, 2, kMostBins));
  FENQUN_CHECK(check_table(rows, pool));
  FittedBins out;
  out.rows = rows.rows();
  out.features.resize(rows.cols());
  pool.for_blocks(rows.cols(), 1, [&](std::size_t column, std::size_t, std::size_t) {
    std::vector<double> values;
    values.reserve(rows.rows());
    for (std::size_t r = 0; r < rows.rows(); ++r) {
      if (!std::isnan(rows(r, column))) values.push_back(rows(r, column));
    }
    auto& feature = out.features[column];
    feature.edges = edges_of(std::move(values), bins);
    count(rows, column, feature.edges, feature.counts, feature.missing);
  });
  return out;
}

Result<std::vector<FeatureDrift>> measure_drift(const FittedBins& fitted, RowView<const double> rows,
                                                WorkerPool& pool) {
  if (rows.rows() == 0) return fail(ErrorCode::BadData, "cluster.no_rows");
  if (rows.cols() != fitted.features.size()) {
    return fail(ErrorCode::InvalidArgument, "cluster.columns_differ",
                {{"columns", std::to_string(rows.cols())}, {"expected", std::to_string(fitted.features.size())}});
  }
  FENQUN_CHECK(check_table(rows, pool));
  std::vector<FeatureDrift> out(rows.cols());
  pool.for_blocks(rows.cols(), 1, [&](std::size_t column, std::size_t, std::size_t) {
    const auto& before = fitted.features[column];
    auto& drift = out[column];
    count(rows, column, before.edges, drift.counts, drift.missing);
    const auto places = before.counts.size() + 1;
    for (std::size_t b = 0; b < before.counts.size(); ++b)
      drift.by_bin.push_back(divergence(before.counts[b], fitted.rows, drift.counts[b], rows.rows(), places));
    drift.by_bin.push_back(divergence(before.missing, fitted.rows, drift.missing, rows.rows(), places));
    for (const double part : drift.by_bin) drift.psi += part;
  });
  return out;
}

}  // namespace fenqun::cluster
