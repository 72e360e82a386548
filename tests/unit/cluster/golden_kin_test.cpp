// tests/unit/cluster/golden_kin_test.cpp - k-means' kin, silhouette and gap against numbers of independent tools;
// origin in tests/golden/cluster/README.md.
#include "cluster/bisecting.hpp"
#include "cluster/gap.hpp"
#include "cluster/gaussian_mixture.hpp"
#include "cluster/kmeans.hpp"
#include "cluster/medoids.hpp"
#include "cluster/scaling.hpp"
#include "cluster/silhouette.hpp"
#include "unit/cluster/golden_data.hpp"
#include "unit/cluster/sample_rows.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace fenqun::cluster {
namespace {

class GoldenKin : public testing::TestWithParam<std::string> {
 protected:
  Matrix<float> scaled(const ColumnScaling& rule, RowNorm norm = RowNorm::None) {
    return scaled(rule, norm, table.values);
  }
  Matrix<float> scaled(const ColumnScaling& rule, RowNorm norm, const Matrix<double>& later) {
    const std::vector<ColumnScaling> rules(table.values.cols(), rule);
    const auto fitted = fit_scaling(table.values.view(), rules, pool, norm).value();
    return apply_scaling(fitted, later.view(), pool).value();
  }
  Matrix<float> zscored() { return scaled({ScalingMethod::ZScore}); }
  void expect_scaled(const std::string& name, const Matrix<float>& rows) {
    const auto at = places(golden, "scaled_rows");
    const auto expected = golden.child("scaled").value().child(name).value().items().value();
    ASSERT_EQ(expected.size(), at.size());
    for (std::size_t i = 0; i < at.size(); ++i) {
      const auto values = list_of(expected[i]);
      for (std::size_t c = 0; c < rows.cols(); ++c)
        EXPECT_NEAR(rows(at[i], c), values[c], 1e-6 * std::max(1.0, std::abs(values[c])))
            << name << ' ' << i << ' ' << c;
    }
    double sum = 0;
    for (const float value : rows.values()) sum += static_cast<double>(value) * static_cast<double>(value);
    const double total = golden.child("scaled_square_sum").value().number(name).value();
    EXPECT_NEAR(sum, total, 1e-6 * total) << name;
  }
  KMeansFit fit_from_given_start(const Matrix<float>& rows) {
    const auto start = start_rows();
    KMeansOptions options{.cluster_count = static_cast<std::uint32_t>(start.size()), .max_rounds = 1000};
    options.tolerance = 0;
    options.initial_centroids = Matrix<float>(start.size(), rows.cols());
    for (std::size_t k = 0; k < start.size(); ++k)
      std::ranges::copy(rows.row(start[k]), options.initial_centroids.row(k).begin());
    return fit_kmeans(rows.view(), options, pool).value();
  }
  std::vector<std::size_t> start_rows() { return places(golden, "start_rows"); }
  static std::vector<std::size_t> places(const Settings& node, const std::string& key) {
    std::vector<std::size_t> out;
    for (const double value : list_of(node.child(key).value())) out.push_back(static_cast<std::size_t>(value));
    return out;
  }

  WorkerPool pool{2};
  Table table = read_table(GetParam());
  Settings golden = read_golden("golden_kin.yaml", GetParam());
};

TEST_P(GoldenKin, ScalingAgrees) {
  ColumnScaling winsorised{ScalingMethod::ZScore};
  winsorised.winsor_low = 0.05;
  winsorised.winsor_high = 0.9;
  expect_scaled("winsor_zscore", scaled(winsorised));
  expect_scaled("zscore_unit", scaled({ScalingMethod::ZScore}, RowNorm::Unit));
  ColumnScaling quantile{ScalingMethod::Quantile};
  quantile.knots = static_cast<std::uint32_t>(golden.number("knots").value());
  expect_scaled("quantile", scaled(quantile));
  auto later = table.values;
  for (std::size_t r = 0; r < later.rows(); ++r) {
    for (double& value : later.row(r)) value = value * 1.07 - 0.01;
  }
  expect_scaled("quantile_later", scaled(quantile, RowNorm::None, later));
  quantile.knots = 11;
  expect_scaled("quantile_11", scaled(quantile));
}

TEST_P(GoldenKin, SilhouetteOfEveryRowAgrees) {
  const auto rows = zscored();
  const auto fit = fit_from_given_start(rows);
  const auto k = static_cast<std::uint32_t>(fit.sizes.size());
  const SilhouetteOptions all{.sample_rows = 100'000};
  const auto found = estimate_silhouette(rows.view(), fit.labels, k, all, pool).value();
  EXPECT_TRUE(found.is_exact);
  EXPECT_NEAR(found.mean, golden.number("silhouette").value(), 1e-6);
  const auto values = list_of(golden.child("silhouette_values").value());
  const auto at = places(golden, "silhouette_rows");
  for (std::size_t i = 0; i < at.size(); ++i) EXPECT_NEAR(found.values[at[i]], values[i], 1e-6);
  const auto truth = estimate_silhouette(rows.view(), table.truth, k, all, pool).value();
  EXPECT_NEAR(truth.mean, golden.number("truth_silhouette").value(), 1e-6);
}

/// The reference tables are drawn by other random numbers: within four standard errors of the difference.
TEST_P(GoldenKin, GapAgreesWithinTheErrorOfItsReferences) {
  const auto rows = zscored();
  const std::size_t taken = std::min<std::size_t>(rows.rows(), 300);
  const auto expected = golden.child("gap").value();
  const auto log_inertia = list_of(expected.child("log_inertia").value());
  const auto log_reference = list_of(expected.child("log_reference").value());
  const auto deviation = list_of(expected.child("deviation").value());
  GapOptions options{.k_max = static_cast<std::uint32_t>(log_inertia.size()), .references = 100};
  options.kmeans.tolerance = 0;
  const auto found = measure_gap({rows.row(0).data(), taken, rows.cols()}, options, pool).value();
  ASSERT_EQ(found.trials.size(), log_inertia.size());
  for (std::size_t i = 0; i < log_inertia.size(); ++i) {
    const double error = deviation[i] * std::sqrt(1.0 / 100 + 1 / expected.number("references").value());
    EXPECT_NEAR(found.trials[i].log_inertia, log_inertia[i], 2e-3) << "k = " << i + 1;
    EXPECT_NEAR(found.trials[i].log_reference, log_reference[i], 4 * error) << "k = " << i + 1;
    EXPECT_NEAR(found.trials[i].standard_error / std::sqrt(1.01), deviation[i], 0.35 * deviation[i]);
  }
}

TEST_P(GoldenKin, EmFromTheGroupsOfKMeansEndsAtTheSameMixture) {
  const auto rows = zscored();
  const auto start = fit_from_given_start(rows);
  const std::size_t k = start.sizes.size();
  GaussianMixtureOptions options;
  options.kmeans.cluster_count = static_cast<std::uint32_t>(k);
  options.kmeans.initial_centroids = start.centroids;
  options.max_rounds = 5000;
  options.tolerance = 1e-12;
  options.variance_floor = 1e-12;
  const auto found = fit_gaussian_mixture(rows.view(), options, pool).value();
  const auto expected = golden.child("mixture").value();
  const double likelihood = expected.number("log_likelihood").value();
  EXPECT_NEAR(found.log_likelihood, likelihood, 1e-6 * std::abs(likelihood));
  EXPECT_NEAR(found.bic, expected.number("bic").value(), 1e-6 * std::abs(likelihood));
  const auto shares = list_of(expected.child("shares").value());
  const auto sizes = list_of(expected.child("sizes").value());
  const auto means = expected.child("means").value().items().value();
  const auto variances = expected.child("variances").value().items().value();
  for (std::size_t g = 0; g < k; ++g) {
    EXPECT_NEAR(found.model.shares[g], shares[g], 1e-5);
    EXPECT_EQ(static_cast<double>(found.fit.sizes[g]), sizes[g]);
    const auto mean = list_of(means[g]);
    const auto variance = list_of(variances[g]);
    for (std::size_t c = 0; c < rows.cols(); ++c) {
      EXPECT_NEAR(found.model.means(g, c), mean[c], 1e-4);
      EXPECT_NEAR(found.model.variances(g, c), variance[c], 1e-4 * std::max(1.0, variance[c]));
    }
  }
  const auto at = places(expected, "membership_rows");
  const auto memberships = expected.child("memberships").value().items().value();
  for (std::size_t i = 0; i < at.size(); ++i) {
    const auto values = list_of(memberships[i]);
    for (std::size_t g = 0; g < k; ++g) EXPECT_NEAR(found.memberships(at[i], g), values[g], 1e-4);
  }
}

TEST_P(GoldenKin, SwapsFromTheSameMedoidsEndAtTheSameOnes) {
  const auto rows = zscored();
  const std::vector<std::pair<std::string, Distance>> distances = {
      {"euclidean", Distance::Euclidean}, {"manhattan", Distance::Manhattan}, {"cosine", Distance::Cosine}};
  for (const auto& [name, distance] : distances) {
    const auto expected = golden.child("medoids").value().child(name).value();
    MedoidOptions options;
    options.kmeans.cluster_count = static_cast<std::uint32_t>(start_rows().size());
    options.kmeans.distance = distance;
    options.initial_medoids = start_rows();
    const auto found = fit_medoids(rows.view(), options, pool).value();
    EXPECT_EQ(found.medoids, places(expected, "medoids")) << name;
    const double deviation = expected.number("deviation").value();
    EXPECT_NEAR(found.deviation, deviation, 1e-5 * deviation) << name;
    const auto sizes = list_of(expected.child("sizes").value());
    for (std::size_t g = 0; g < sizes.size(); ++g) EXPECT_EQ(static_cast<double>(found.fit.sizes[g]), sizes[g]);
    options.initial_medoids.clear();
    EXPECT_LE(fit_medoids(rows.view(), options, pool).value().deviation,
              1.01 * expected.number("pam_deviation").value())
        << name << ": the own start should end near that of PAM's BUILD";
  }
}

TEST_P(GoldenKin, BisectingEndsAtTheSameInertia) {
  const auto rows = zscored();
  KMeansOptions options{.cluster_count = static_cast<std::uint32_t>(golden.number("k").value()), .restarts = 50};
  options.tolerance = 0;
  const auto found = fit_bisecting(rows.view(), options, SplitRule::Inertia, pool).value();
  const auto expected = golden.child("bisecting").value();
  const double inertia = expected.number("inertia").value();
  EXPECT_NEAR(found.fit.inertia, inertia, 1e-5 * inertia);
  auto sizes = found.fit.sizes;
  std::ranges::sort(sizes);
  const auto golden_sizes = list_of(expected.child("sizes").value());
  for (std::size_t g = 0; g < sizes.size(); ++g) EXPECT_EQ(static_cast<double>(sizes[g]), golden_sizes[g]);
}

INSTANTIATE_TEST_SUITE_P(Data, GoldenKin, testing::Values("iris", "wine", "synthetic"),
                         [](const auto& data) { return data.param; });

}  // namespace
}  // namespace fenqun::cluster
