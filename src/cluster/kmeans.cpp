// cluster/kmeans.cpp
#include "cluster/kmeans.hpp"

#include "cluster/kmeans_init.hpp"
#include "cluster/lloyd.hpp"
#include "cluster/prepared_rows.hpp"
#include "cluster/row_checks.hpp"

#include <fmt/format.h>

#include <limits>
#include <string>
#include <utility>

namespace fenqun::cluster {
namespace {

constexpr std::uint32_t kAny = std::numeric_limits<std::uint32_t>::max();

Result<void> check_start(RowView<const float> rows, const KMeansOptions& options, WorkerPool& pool) {
  const auto& start = options.initial_centroids;
  if (start.rows() == 0) return {};
  if (start.rows() != options.cluster_count || start.cols() != rows.cols()) {
    return fail(ErrorCode::InvalidArgument, "cluster.start_shape",
                {{"rows", std::to_string(start.rows())},
                 {"columns", std::to_string(start.cols())},
                 {"k", std::to_string(options.cluster_count)},
                 {"expected_columns", std::to_string(rows.cols())}});
  }
  return check_values(start.view(), pool, "cluster.bad_centroid");
}

Result<void> check_options(RowView<const float> rows, const KMeansOptions& options) {
  FENQUN_CHECK(check_option("cluster_count", options.cluster_count, 1, kMaxClusters));
  FENQUN_CHECK(check_option("max_rounds", options.max_rounds, 1, kAny));
  FENQUN_CHECK(check_option("restarts", options.restarts, 1, kAny));
  if (!(options.tolerance >= 0 && options.tolerance < 1)) {
    return fail(ErrorCode::InvalidArgument, "cluster.option_range",
                {{"option", "tolerance"}, {"value", fmt::format("{}", options.tolerance)}, {"expected", "0..1"}});
  }
  FENQUN_CHECK(check_shape(rows));
  if (options.cluster_count > rows.rows()) {
    return fail(ErrorCode::InvalidArgument, "cluster.more_groups_than_rows",
                {{"k", std::to_string(options.cluster_count)}, {"rows", std::to_string(rows.rows())}});
  }
  return {};
}

Result<Matrix<float>> find_start(const GroupedRows& rows, const KMeansOptions& options, std::uint32_t restart,
                                 WorkerPool& pool, const std::stop_token& stop) {
  const Random random(options.seed, restart);
  if (options.start == StartMethod::Parallel) return seed_parallel(rows, options.cluster_count, random, pool, stop);
  return seed_plus_plus(rows, options.cluster_count, random, pool, stop);
}

}  // namespace

Result<KMeansFit> fit_kmeans(RowView<const float> rows, const KMeansOptions& options, WorkerPool& pool,
                             const std::stop_token& stop) {
  FENQUN_CHECK(check_options(rows, options));
  FENQUN_TRY(auto prepared, prepare_rows(rows, options, pool));
  FENQUN_CHECK(check_columns(prepared));
  FENQUN_CHECK(check_start(rows, options, pool));
  const bool is_given = options.initial_centroids.rows() > 0;
  const std::uint32_t restarts = is_given ? 1 : options.restarts;
  Lloyd lloyd(prepared.rows, options, pool, stop);
  KMeansFit best;
  std::vector<double> inertias;
  for (std::uint32_t restart = 0; restart < restarts; ++restart) {
    Matrix<float> start = options.initial_centroids;
    if (!is_given) {
      FENQUN_TRY(start, find_start(prepared.rows, options, restart, pool, stop));
    } else if (options.distance == Distance::Cosine) {
      FENQUN_CHECK(make_unit(start, pool, "cluster.zero_centroid"));
    }
    FENQUN_TRY(auto fit, lloyd.run(start, restart));
    fit.start = std::move(start);
    inertias.push_back(fit.inertia);
    if (restart == 0 || fit.inertia < best.inertia) {
      best = std::move(fit);
    }
  }
  best.inertia_by_restart = std::move(inertias);
  best.missing = std::move(prepared.missing);
  return best;
}

}  // namespace fenqun::cluster
