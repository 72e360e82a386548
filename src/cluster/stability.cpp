// cluster/stability.cpp
#include "cluster/stability.hpp"

#include "cluster/agreement.hpp"
#include "cluster/assign.hpp"
#include "cluster/drawn_rows.hpp"
#include "cluster/row_checks.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace fenqun::cluster {
namespace {

constexpr std::uint64_t kStream = 0x73746162;  // apart from the streams of restarts

/// What the resamples are compared on.
struct Compared {
  Matrix<float> rows;
  std::vector<std::uint32_t> labels;
};

/// Absent: the resample holds fewer distinct rows than groups.
Result<std::optional<double>> agreement_of(RowView<const float> rows, std::span<const std::size_t> drawn,
                                           const Compared& compared, const KMeansOptions& options,
                                           const std::stop_token& stop) {
  WorkerPool alone(1);
  const auto weights = gather_weights(options.row_weights, drawn);
  KMeansOptions kmeans = options;
  kmeans.row_weights = weights;
  kmeans.on_round = {};
  auto fit = fit_kmeans(gather_rows(rows, drawn).view(), kmeans, alone, stop);
  if (!fit) {
    const auto& key = fit.error().line.key;
    if (key == "cluster.too_few_distinct_rows" || key == "cluster.more_groups_than_rows" ||
        key == "cluster.row_weights_all_zero") {
      return std::optional<double>();
    }
    return fail(std::move(fit).error());
  }
  const AssignOptions by{.distance = options.distance, .missing = options.missing, .wants_next = false};
  FENQUN_TRY(const auto assigned, assign_rows(compared.rows.view(), fit->centroids.view(), by, alone, stop));
  FENQUN_TRY(const double agreement, adjusted_rand_index(compared.labels, assigned.labels));
  return std::optional(agreement);
}

std::vector<std::size_t> resample(std::size_t rows, std::size_t count, Random random) {
  std::vector<std::size_t> drawn(count);
  for (auto& row : drawn) row = random.below(rows);
  return drawn;
}

Result<void> check_input(RowView<const float> rows, std::span<const std::uint32_t> labels, const KMeansOptions& kmeans,
                         const StabilityOptions& options, WorkerPool& pool) {
  FENQUN_CHECK(check_option("resamples", options.resamples, 2, 1000));
  FENQUN_CHECK(check_option("sample_rows", options.sample_rows, 10, 1'000'000));
  FENQUN_CHECK(check_option("initial_centroids", kmeans.initial_centroids.rows(), 0, 0));
  FENQUN_CHECK(check_labels(labels, rows.rows(), kmeans.cluster_count));
  if (!kmeans.row_weights.empty() && kmeans.row_weights.size() != rows.rows()) {
    return fail(ErrorCode::InvalidArgument, "cluster.row_weights_differ",
                {{"weights", std::to_string(kmeans.row_weights.size())}, {"rows", std::to_string(rows.rows())}});
  }
  return check_rows(rows, pool);
}

}  // namespace

Result<Stability> measure_stability(RowView<const float> rows, std::span<const std::uint32_t> labels,
                                    const KMeansOptions& kmeans, const StabilityOptions& options, WorkerPool& pool,
                                    const std::stop_token& stop) {
  FENQUN_CHECK(check_input(rows, labels, kmeans, options, pool));
  const auto count = std::min<std::size_t>(rows.rows(), options.sample_rows);
  const auto numbers = draw_rows(rows.rows(), count, Random(kmeans.seed, kStream));
  Compared compared{gather_rows(rows, numbers), {}};
  for (const auto row : numbers) compared.labels.push_back(labels[row]);
  std::vector<Result<std::optional<double>>> found(options.resamples, std::optional<double>());
  pool.for_blocks(found.size(), 1, [&](std::size_t b, std::size_t, std::size_t) {
    const auto drawn = resample(rows.rows(), count, Random(kmeans.seed ^ mix64(kStream), b));
    found[b] = agreement_of(rows, drawn, compared, kmeans, stop);
  });
  Stability out;
  for (auto& agreement : found) {
    if (!agreement) return fail(std::move(agreement).error());
    if (*agreement)
      out.agreement.push_back(**agreement);
    else
      ++out.skipped;
  }
  if (out.agreement.empty()) {
    return fail(ErrorCode::BadData, "cluster.no_resample",
                {{"resamples", std::to_string(options.resamples)}, {"k", std::to_string(kmeans.cluster_count)}});
  }
  for (const double agreement : out.agreement) out.mean += agreement;
  out.mean /= static_cast<double>(out.agreement.size());
  out.least = *std::ranges::min_element(out.agreement);
  return out;
}

}  // namespace fenqun::cluster
