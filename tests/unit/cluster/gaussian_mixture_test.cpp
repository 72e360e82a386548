// tests/unit/cluster/gaussian_mixture_test.cpp - numbers of an independent tool stand in golden_kin_test.cpp.
#include "cluster/gaussian_mixture.hpp"

#include "cluster/agreement.hpp"
#include "unit/cluster/sample_rows.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

namespace fenqun::cluster {
namespace {

class Mixture : public testing::Test {
 protected:
  static GaussianMixtureOptions of(std::uint32_t k) {
    GaussianMixtureOptions options;
    options.kmeans.cluster_count = k;
    return options;
  }
  Result<GaussianMixtureFit> fit(const Matrix<float>& rows, const GaussianMixtureOptions& options,
                                 const std::stop_token& stop = {}) {
    return fit_gaussian_mixture(rows.view(), options, pool, stop);
  }
  WorkerPool pool{2};
};

/// Two clouds over each other: one narrow, one wide. No k-means can tell them apart.
Planted narrow_and_wide(std::size_t n) {
  Planted out{noise(n, 2, 5), std::vector<std::uint32_t>(n)};
  for (std::size_t r = 0; r < n; ++r) {
    out.labels[r] = r % 3 == 0 ? 1 : 0;
    for (float& value : out.rows.row(r)) value *= out.labels[r] == 1 ? 8.0F : 0.5F;
    out.rows(r, 0) += out.labels[r] == 1 ? 3.0F : 0.0F;
  }
  return out;
}

TEST_F(Mixture, OneCloudIsMeanVarianceAndTheDensityByHand) {
  const auto found = fit(matrix_of<float>({{1}, {3}}), of(1)).value();
  EXPECT_EQ(found.model.means(0, 0), 2);
  EXPECT_EQ(found.model.variances(0, 0), 1);
  EXPECT_NEAR(found.log_likelihood, 2 * (-0.5 * std::log(2 * std::numbers::pi) - 0.5), 1e-12);
  EXPECT_NEAR(found.bic, -2 * found.log_likelihood + 2 * std::log(2.0), 1e-12);
  EXPECT_EQ(found.memberships, matrix_of<float>({{1}, {1}}));
  EXPECT_EQ(found.fit.inertia, 2);
}

TEST_F(Mixture, TellsANarrowCloudInsideAWideOneApart) {
  const auto data = narrow_and_wide(3000);
  const auto found = fit(data.rows, of(2)).value();
  EXPECT_TRUE(found.fit.converged);
  EXPECT_GT(adjusted_rand_index(found.fit.labels, data.labels).value(), 0.75);
  const auto kmeans = fit_kmeans(data.rows.view(), {.cluster_count = 2}, pool).value();
  EXPECT_LT(adjusted_rand_index(kmeans.labels, data.labels).value(), 0.4);
  const std::size_t wide = found.model.variances(0, 1) > found.model.variances(1, 1) ? 0 : 1;
  EXPECT_NEAR(found.model.shares[wide], 1.0 / 3, 0.03);
  EXPECT_NEAR(std::sqrt(found.model.variances(wide, 1)), 8, 0.5);
  EXPECT_NEAR(std::sqrt(found.model.variances(1 - wide, 1)), 0.5, 0.03);
}

TEST_F(Mixture, TheLikelihoodNeverFallsAndMembershipsAddUp) {
  Random random(3);
  for (int trial = 0; trial < 20; ++trial) {
    const std::size_t n = 30 + random.below(300);
    const std::size_t d = 1 + random.below(4);
    auto rows = noise(n, d, random.next());
    if (trial % 3 == 0) {
      for (std::size_t r = 0; r < n; ++r) rows(r, 0) = std::round(rows(r, 0));  // narrow clouds: the floor is met
    }
    const auto found = fit(rows, of(static_cast<std::uint32_t>(1 + random.below(5)))).value();
    const auto& by_round = found.log_likelihood_by_round;
    EXPECT_EQ(by_round.size(), found.fit.rounds);
    EXPECT_EQ(by_round.back(), found.log_likelihood);
    for (std::size_t i = 1; i < by_round.size(); ++i)
      EXPECT_GE(by_round[i], by_round[i - 1] - 1e-9 * std::abs(by_round[i]));
    EXPECT_NEAR(std::accumulate(found.model.shares.begin(), found.model.shares.end(), 0.0), 1, 1e-12);
    for (std::size_t r = 0; r < n; ++r) {
      const auto row = found.memberships.row(r);
      EXPECT_NEAR(std::accumulate(row.begin(), row.end(), 0.0), 1, 1e-5);
      EXPECT_EQ(row[found.fit.labels[r]], std::ranges::max(row));
    }
  }
}

TEST_F(Mixture, TheBicNamesThePlantedNumberOfClouds) {
  const auto data = planted(1500, 3, 3, 6, 2);
  std::uint32_t best = 0;
  double least = std::numeric_limits<double>::infinity();
  for (std::uint32_t k = 1; k <= 6; ++k) {
    const double bic = fit(data.rows, of(k)).value().bic;
    if (bic >= least) continue;
    least = bic;
    best = k;
  }
  EXPECT_EQ(best, 3U);
}

TEST_F(Mixture, NoCloudIsNarrowerThanTheFloor) {
  Matrix<float> rows(100, 1);
  for (std::size_t r = 0; r < 100; ++r) rows(r, 0) = r < 50 ? 0.0F : 1.0F;  // variance 0.25
  auto options = of(2);
  options.variance_floor = 0.01;
  const auto found = fit(rows, options).value();
  for (std::size_t g = 0; g < 2; ++g) EXPECT_DOUBLE_EQ(found.model.variances(g, 0), 0.0025);
  EXPECT_TRUE(std::isfinite(found.log_likelihood));
}

TEST_F(Mixture, AConstantColumnIsLeftOut) {
  const auto data = planted(400, 2, 2, 8, 1);
  Matrix<float> wider(400, 3);
  for (std::size_t r = 0; r < 400; ++r) {
    std::ranges::copy(data.rows.row(r), wider.row(r).begin());
    wider(r, 2) = 5;
  }
  const auto with = fit(wider, of(2)).value();
  const auto without = fit(data.rows, of(2)).value();
  EXPECT_EQ(with.log_likelihood, without.log_likelihood);
  EXPECT_EQ(with.bic, without.bic);
  EXPECT_EQ(with.memberships, without.memberships);
  EXPECT_EQ(with.model.variances(0, 2), 0);
  EXPECT_EQ(with.model.means(1, 2), 5);
}

TEST_F(Mixture, AsManyCloudsAsRowsIsPossible) {
  const auto found = fit(noise(6, 2, 4), of(6)).value();
  EXPECT_EQ(found.fit.sizes, std::vector<std::uint64_t>(6, 1));
  EXPECT_TRUE(std::isfinite(found.log_likelihood));
}

TEST_F(Mixture, OrderOfRowsDoesNotMatterAndLaterRowsAreMeasuredByTheSameModel) {
  const auto data = planted(900, 3, 3, 4, 6);
  const auto found = fit(data.rows, of(3)).value();
  EXPECT_EQ(find_memberships(data.rows.view(), found.model, pool).value(), found.memberships);
  Matrix<float> turned(900, 3);
  for (std::size_t r = 0; r < 900; ++r) std::ranges::copy(data.rows.row(899 - r), turned.row(r).begin());
  const auto again = fit(turned, of(3)).value();
  EXPECT_NEAR(again.log_likelihood, found.log_likelihood, 1e-5 * std::abs(found.log_likelihood));
  EXPECT_EQ(find_memberships(Matrix<float>(0, 3).view(), found.model, pool).value().rows(), 0U);
}

TEST_F(Mixture, HugeAndTinyValuesGiveTheSameMemberships) {
  const auto data = planted(300, 2, 2, 4, 8);
  const auto expected = fit(data.rows, of(2)).value();
  for (const float factor : {0x1p45F, 0x1p-60F}) {
    auto rows = data.rows;
    for (std::size_t r = 0; r < rows.rows(); ++r) {
      for (float& value : rows.row(r)) value *= factor;
    }
    const auto found = fit(rows, of(2)).value();
    for (std::size_t r = 0; r < rows.rows(); ++r)
      EXPECT_NEAR(found.memberships(r, 0), expected.memberships(r, 0), 1e-5);
  }
}

TEST_F(Mixture, ThreadsDoNotChangeABit) {
  const auto data = planted(5000, 4, 3, 3, 9);
  const auto expected = fit(data.rows, of(4)).value();
  for (const std::size_t threads : {1U, 4U}) {
    WorkerPool other(threads);
    const auto found = fit_gaussian_mixture(data.rows.view(), of(4), other).value();
    EXPECT_EQ(found.memberships, expected.memberships);
    EXPECT_EQ(found.log_likelihood_by_round, expected.log_likelihood_by_round);
    EXPECT_EQ(found.model.means, expected.model.means);
    EXPECT_EQ(found.fit.inertia, expected.fit.inertia);
  }
}

TEST_F(Mixture, RefusesWhatCannotBe) {
  auto rows = noise(20, 2, 1);
  const auto refused = [&](const GaussianMixtureOptions& options, const std::string& name) {
    expect_error(fit(rows, options), ErrorCode::InvalidArgument, "cluster.option_range", {{"option", name}});
  };
  auto options = of(2);
  options.max_rounds = 0;
  refused(options, "max_rounds");
  options = of(2);
  options.tolerance = -1;
  refused(options, "tolerance");
  for (const double floor : {0.0, 2.0, std::numeric_limits<double>::quiet_NaN()}) {
    options = of(2);
    options.variance_floor = floor;
    refused(options, "variance_floor");
  }
  options = of(2);
  options.kmeans.distance = Distance::Cosine;
  expect_error(fit(rows, options), ErrorCode::InvalidArgument, "cluster.option_unsupported", {{"option", "distance"}});
  expect_error(fit(rows, of(21)), ErrorCode::InvalidArgument, "cluster.more_groups_than_rows");
  expect_error(fit(Matrix<float>(20, 2), of(2)), ErrorCode::BadData, "cluster.too_few_distinct_rows");
  const auto model = fit(rows, of(2)).value().model;
  expect_error(find_memberships(Matrix<float>(3, 5).view(), model, pool), ErrorCode::InvalidArgument,
               "cluster.columns_differ");
  auto damaged = model;
  damaged.shares.pop_back();
  expect_error(find_memberships(rows.view(), damaged, pool), ErrorCode::InvalidArgument, "cluster.option_range",
               {{"option", "means"}});
  rows(7, 1) = std::numeric_limits<float>::infinity();
  expect_error(fit(rows, of(2)), ErrorCode::BadData, "cluster.bad_value", {{"row", "7"}, {"column", "1"}});
  expect_error(find_memberships(rows.view(), model, pool), ErrorCode::BadData, "cluster.bad_value", {{"row", "7"}});
}

TEST_F(Mixture, StopsWhenAskedAtOnceOrAfterKMeans) {
  const auto data = planted(500, 2, 2, 3, 1);
  std::stop_source source;
  auto options = of(2);
  options.kmeans.restarts = 1;
  options.kmeans.max_rounds = 1;
  options.kmeans.on_round = [&](const KMeansRound&) { source.request_stop(); };  // the last and only round
  expect_error(fit(data.rows, options, source.get_token()), ErrorCode::Cancelled, "base.cancelled");
  options.kmeans.on_round = {};
  expect_error(fit(data.rows, options, source.get_token()), ErrorCode::Cancelled, "base.cancelled");
}

}  // namespace
}  // namespace fenqun::cluster
