// cluster/assign.cpp
#include "cluster/assign.hpp"

#include "cluster/kmeans_kernels.hpp"
#include "cluster/row_blocks.hpp"
#include "cluster/row_checks.hpp"

#include <cmath>
#include <string>

namespace fenqun::cluster {

Result<Assignment> assign_rows(RowView<const float> rows, RowView<const float> centroids, WorkerPool& pool,
                               const std::stop_token& stop) {
  FENQUN_CHECK(check_option("centroids", centroids.rows(), 1, kMaxClusters));
  if (rows.cols() != centroids.cols()) {
    return fail(ErrorCode::InvalidArgument, "cluster.columns_differ",
                {{"columns", std::to_string(rows.cols())}, {"expected", std::to_string(centroids.cols())}});
  }
  FENQUN_CHECK(check_option("columns", rows.cols(), 1, kMaxColumns));
  FENQUN_CHECK(check_values(centroids, pool, "cluster.bad_centroid"));
  FENQUN_CHECK(check_values(rows, pool));
  if (stop.stop_requested()) return fail(ErrorCode::Cancelled, "base.cancelled");

  const std::size_t n = rows.rows();
  Assignment out{std::vector<std::uint32_t>(n), std::vector<float>(n), std::vector<std::uint32_t>(n),
                 std::vector<float>(n)};
  pool.for_blocks(n, rows_per_block(n), [&](std::size_t, std::size_t begin, std::size_t end) {
    std::vector<float> scratch(scratch_size(centroids.rows(), centroids.cols()));
    kernels().nearest_two({rows.row(begin).data(), end - begin, rows.cols(), rows.stride()}, centroids, scratch,
                          out.labels.data() + begin, out.distances.data() + begin, out.next_labels.data() + begin,
                          out.next_distances.data() + begin);
    for (std::size_t r = begin; r < end; ++r) {
      out.distances[r] = std::sqrt(out.distances[r]);
      out.next_distances[r] = std::sqrt(out.next_distances[r]);
    }
  });
  return out;
}

}  // namespace fenqun::cluster
