// bench/kin_cases.cpp - the kin of k-means: normal mixture, medoids, bisecting.
#include "base/worker_pool.hpp"
#include "cases.hpp"
#include "cluster/bisecting.hpp"
#include "cluster/gaussian_mixture.hpp"
#include "cluster/medoids.hpp"

#include <fmt/format.h>

#include <numeric>

namespace fenqun::bench {

Result<std::string> measure_mixture(const Words& words) {
  FENQUN_TRY(const auto rows, read_table(words[1], std::stoull(words[2])));
  const auto k = static_cast<std::uint32_t>(std::stoul(words[3]));
  WorkerPool pool(std::stoull(words[5]));
  cluster::GaussianMixtureOptions options{.kmeans = {.cluster_count = k, .max_rounds = 300, .tolerance = 0},
                                          .max_rounds = static_cast<std::uint32_t>(std::stoul(words[4])),
                                          .tolerance = 0};
  options.kmeans.initial_centroids = first_rows(rows, k);
  Result<cluster::GaussianMixtureFit> fitted;
  const double passed = seconds_of([&] { fitted = cluster::fit_gaussian_mixture(rows.view(), options, pool); });
  if (!fitted) return fail(fitted.error());
  return fmt::format("{{\"seconds\": [{}], \"rounds\": {}, \"log_likelihood\": {}}}", passed, fitted->fit.rounds,
                     fitted->log_likelihood / static_cast<double>(rows.rows()));
}

Result<std::string> measure_medoids(const Words& words) {
  FENQUN_TRY(const auto rows, read_table(words[1], std::stoull(words[2])));
  const auto k = static_cast<std::uint32_t>(std::stoul(words[3]));
  WorkerPool pool(std::stoull(words[4]));
  cluster::MedoidOptions options{.kmeans = {.cluster_count = k}};
  options.initial_medoids.resize(k);
  std::iota(options.initial_medoids.begin(), options.initial_medoids.end(), std::size_t{0});
  Result<cluster::MedoidFit> fitted;
  const double passed = seconds_of([&] { fitted = cluster::fit_medoids(rows.view(), options, pool); });
  if (!fitted) return fail(fitted.error());
  return fmt::format("{{\"seconds\": [{}], \"deviation\": {}, \"rounds\": {}}}", passed, fitted->deviation,
                     fitted->fit.rounds);
}

Result<std::string> measure_bisecting(const Words& words) {
  FENQUN_TRY(const auto rows, read_table(words[1], std::stoull(words[2])));
  WorkerPool pool(std::stoull(words[4]));
  const cluster::KMeansOptions options{.cluster_count = static_cast<std::uint32_t>(std::stoul(words[3])),
                                       .restarts = 1};
  Result<cluster::BisectingFit> fitted;
  const double passed =
      seconds_of([&] { fitted = cluster::fit_bisecting(rows.view(), options, cluster::SplitRule::Inertia, pool); });
  if (!fitted) return fail(fitted.error());
  return fmt::format("{{\"seconds\": [{}], \"inertia\": {}}}", passed, fitted->fit.inertia);
}

}  // namespace fenqun::bench
