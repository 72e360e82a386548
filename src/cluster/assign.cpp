// cluster/assign.cpp
#include "cluster/assign.hpp"

#include "cluster/kmeans_kernels.hpp"
#include "cluster/prepared_rows.hpp"
#include "cluster/row_blocks.hpp"
#include "cluster/row_checks.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

namespace fenqun::cluster {
namespace {

Result<void> check_model(RowView<const float> rows, RowView<const float> centroids, WorkerPool& pool) {
  FENQUN_CHECK(check_option("centroids", centroids.rows(), 1, kMaxClusters));
  if (rows.cols() != centroids.cols()) {
    return fail(ErrorCode::InvalidArgument, "cluster.columns_differ",
                {{"columns", std::to_string(rows.cols())}, {"expected", std::to_string(centroids.cols())}});
  }
  FENQUN_CHECK(check_option("columns", rows.cols(), 1, kMaxColumns));
  return check_values(centroids, pool, "cluster.bad_centroid");
}

/// What the kernels say as the caller asked for it.
void finish(std::span<float> distances, Distance distance, const GroupedRows& rows, std::size_t first) {
  for (std::size_t i = 0; i < distances.size(); ++i) {
    const auto factor = static_cast<float>(rows.factor(first + i));
    float& value = distances[i];
    switch (distance) {
      case Distance::Euclidean:
        value = std::sqrt(value * factor);
        break;
      case Distance::Manhattan:
        value *= factor;
        break;
      case Distance::Cosine:
        value *= 0.5F;  // |a - b|^2 = 2 - 2 cos for unit vectors
        break;
    }
  }
}

}  // namespace

Result<Assignment> assign_rows(RowView<const float> rows, RowView<const float> centroids, const AssignOptions& options,
                               WorkerPool& pool, const std::stop_token& stop) {
  FENQUN_CHECK(check_model(rows, centroids, pool));
  if (stop.stop_requested()) return fail(ErrorCode::Cancelled, "base.cancelled");
  const std::size_t n = rows.rows();
  if (n == 0) return Assignment{};
  KMeansOptions how;
  how.distance = options.distance;
  how.missing = options.missing;
  FENQUN_TRY(const auto prepared, prepare_rows(rows, how, pool));
  Matrix<float> unit;
  if (options.distance == Distance::Cosine) {
    unit = Matrix<float>(centroids.rows(), centroids.cols());
    for (std::size_t k = 0; k < centroids.rows(); ++k) std::ranges::copy(centroids.row(k), unit.row(k).begin());
    FENQUN_CHECK(make_unit(unit, pool, "cluster.zero_centroid"));
    centroids = std::as_const(unit).view();
  }
  const std::size_t next_size = options.wants_next ? n : 0;
  Assignment out{std::vector<std::uint32_t>(n), std::vector<float>(n), std::vector<std::uint32_t>(next_size),
                 std::vector<float>(next_size)};
  const SearchKernels& search = kernels().search(prepared.rows.metric);
  pool.for_blocks(n, rows_per_block(n), [&](std::size_t, std::size_t begin, std::size_t end) {
    std::vector<float> scratch(scratch_size(centroids.rows(), centroids.cols()));
    const auto part = prepared.rows.part(begin, end);
    const std::span<float> distances(out.distances.data() + begin, end - begin);
    if (!options.wants_next) {
      search.nearest(part, centroids, scratch, out.labels.data() + begin, distances.data());
    } else {
      const std::span<float> next(out.next_distances.data() + begin, end - begin);
      search.nearest_two(part, centroids, scratch, out.labels.data() + begin, distances.data(),
                         out.next_labels.data() + begin, next.data());
      finish(next, options.distance, prepared.rows, begin);
    }
    finish(distances, options.distance, prepared.rows, begin);
  });
  return out;
}

Result<Assignment> assign_rows(RowView<const float> rows, RowView<const float> centroids, WorkerPool& pool,
                               const std::stop_token& stop) {
  return assign_rows(rows, centroids, {}, pool, stop);
}

}  // namespace fenqun::cluster
