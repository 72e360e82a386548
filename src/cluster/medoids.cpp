// cluster/medoids.cpp
#include "cluster/medoids.hpp"

#include "base/random.hpp"
#include "cluster/assign.hpp"
#include "cluster/drawn_rows.hpp"
#include "cluster/medoid_search.hpp"
#include "cluster/row_checks.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

namespace fenqun::cluster {
namespace {

constexpr std::uint32_t kMostSearched = 20'000;
constexpr std::uint64_t kSampleStream = 0x6D65646F;  // apart from the streams of restarts

/// The medoids of the groups that k-means finds.
Result<std::vector<std::size_t>> start_of(RowView<const float> rows, const Matrix<float>& distances,
                                          const KMeansOptions& options, WorkerPool& pool, const std::stop_token& stop) {
  FENQUN_TRY(const auto fit, fit_kmeans(rows, options, pool, stop));
  std::vector<std::vector<std::size_t>> groups(fit.sizes.size());
  for (std::size_t r = 0; r < rows.rows(); ++r) groups[fit.labels[r]].push_back(r);
  std::vector<std::size_t> out(groups.size());
  pool.for_blocks(out.size(), 1,
                  [&](std::size_t g, std::size_t, std::size_t) { out[g] = medoid_of(distances, groups[g]); });
  return out;
}

Result<MedoidSearch> search(RowView<const float> rows, const MedoidOptions& options, WorkerPool& pool,
                            const std::stop_token& stop) {
  const auto distances = all_distances(rows, options.kmeans.distance, pool);
  auto start = options.initial_medoids;
  if (start.empty()) {
    FENQUN_TRY(start, start_of(rows, distances, options.kmeans, pool, stop));
  }
  return swap_medoids(distances, std::move(start), options.max_rounds, stop);
}

/// The medoids over all rows of the table: labels, sizes, deviation.
Result<MedoidFit> measure(RowView<const float> rows, MedoidSearch found, Distance distance, WorkerPool& pool,
                          const std::stop_token& stop) {
  MedoidFit out;
  out.fit.centroids = gather_rows(rows, found.medoids);
  const AssignOptions by{.distance = distance, .wants_next = false};
  FENQUN_TRY(auto assigned, assign_rows(rows, std::as_const(out.fit.centroids).view(), by, pool, stop));
  out.fit.sizes.assign(found.medoids.size(), 0);
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    const auto apart = static_cast<double>(assigned.distances[r]);
    out.deviation += apart;
    out.fit.inertia += distance == Distance::Euclidean ? apart * apart : apart;
    ++out.fit.sizes[assigned.labels[r]];
  }
  const auto empty = static_cast<std::size_t>(std::ranges::count(out.fit.sizes, 0U));
  if (empty > 0) {
    const auto k = out.fit.sizes.size();
    return fail(ErrorCode::BadData, "cluster.too_few_distinct_rows",
                {{"k", std::to_string(k)}, {"distinct", std::to_string(k - empty)}});
  }
  out.fit.labels = std::move(assigned.labels);
  out.fit.rounds = found.passes;
  out.fit.converged = found.converged;
  out.medoids = std::move(found.medoids);
  out.deviation_by_swap = std::move(found.deviations);
  return out;
}

/// `count` rows, the medoids found so far among them.
std::vector<std::size_t> draw_sample(std::size_t rows, std::size_t count, const std::vector<std::size_t>& medoids,
                                     Random random) {
  auto out = draw_rows(rows, count, random);
  out.insert(out.end(), medoids.begin(), medoids.end());
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

Result<MedoidFit> search_samples(RowView<const float> rows, const MedoidOptions& options, WorkerPool& pool,
                                 const std::stop_token& stop) {
  MedoidFit best;
  for (std::uint32_t s = 0; s < options.samples; ++s) {
    const auto numbers = draw_sample(rows.rows(), options.sample_rows, best.medoids,
                                     Random(options.kmeans.seed ^ mix64(kSampleStream), s));
    const auto sample = gather_rows(rows, numbers);
    auto found = search(sample.view(), options, pool, stop);
    if (!found) {
      return fail(std::move(found).error().with_context(
          "cluster.in_sample", {{"sample", std::to_string(numbers.size())}, {"rows", std::to_string(rows.rows())}}));
    }
    for (auto& medoid : found->medoids) medoid = numbers[medoid];
    FENQUN_TRY(auto fit, measure(rows, std::move(*found), options.kmeans.distance, pool, stop));
    if (s > 0 && !(fit.deviation < best.deviation)) continue;
    best = std::move(fit);
    best.fit.restart = s;
  }
  best.is_sampled = true;
  return best;
}

Result<void> check_medoids(const std::vector<std::size_t>& medoids, std::size_t rows, std::uint32_t k) {
  if (medoids.empty()) return {};
  auto sorted = medoids;
  std::ranges::sort(sorted);
  const auto twice = std::ranges::adjacent_find(sorted);
  if (medoids.size() == k && sorted.back() < rows && twice == sorted.end()) return {};
  std::string given;
  for (const auto medoid : medoids) given += (given.empty() ? "" : ", ") + std::to_string(medoid);
  return fail(ErrorCode::InvalidArgument, "cluster.start_medoids",
              {{"medoids", given}, {"k", std::to_string(k)}, {"rows", std::to_string(rows)}});
}

Result<void> check_input(RowView<const float> rows, const MedoidOptions& options, WorkerPool& pool) {
  const auto& kmeans = options.kmeans;
  KMeansOptions plain = kmeans;
  plain.distance = Distance::Euclidean;
  FENQUN_CHECK(check_plain(plain));
  FENQUN_CHECK(check_option("cluster_count", kmeans.cluster_count, 1, kMaxClusters));
  FENQUN_CHECK(check_option("initial_centroids", kmeans.initial_centroids.rows(), 0, 0));
  FENQUN_CHECK(check_option("max_rounds", options.max_rounds, 1, std::numeric_limits<std::uint32_t>::max()));
  FENQUN_CHECK(check_option("whole_rows", options.whole_rows, 2, kMostSearched));
  FENQUN_CHECK(check_option("samples", options.samples, 1, 1000));
  FENQUN_CHECK(check_option("sample_rows", options.sample_rows, 2, kMostSearched));
  FENQUN_CHECK(check_rows(rows, pool));
  if (kmeans.cluster_count > rows.rows()) {
    return fail(ErrorCode::InvalidArgument, "cluster.more_groups_than_rows",
                {{"k", std::to_string(kmeans.cluster_count)}, {"rows", std::to_string(rows.rows())}});
  }
  FENQUN_CHECK(check_medoids(options.initial_medoids, rows.rows(), kmeans.cluster_count));
  if (!options.initial_medoids.empty()) return check_option("rows", rows.rows(), 1, kMostSearched);
  if (rows.rows() <= options.whole_rows) return {};
  return check_option("sample_rows", options.sample_rows, std::uint64_t{kmeans.cluster_count} + 1, kMostSearched);
}

}  // namespace

Result<MedoidFit> fit_medoids(RowView<const float> rows, const MedoidOptions& options, WorkerPool& pool,
                              const std::stop_token& stop) {
  FENQUN_CHECK(check_input(rows, options, pool));
  if (rows.rows() > options.whole_rows && options.initial_medoids.empty())
    return search_samples(rows, options, pool, stop);
  FENQUN_TRY(auto found, search(rows, options, pool, stop));
  return measure(rows, std::move(found), options.kmeans.distance, pool, stop);
}

}  // namespace fenqun::cluster
