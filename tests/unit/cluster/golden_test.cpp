// tests/unit/cluster/golden_test.cpp - against numbers of an independent tool; origin in
// tests/golden/cluster/README.md.
#include "cluster/agreement.hpp"
#include "cluster/kmeans.hpp"
#include "cluster/quality.hpp"
#include "cluster/scaling.hpp"
#include "cluster/streaming.hpp"
#include "unit/cluster/golden_data.hpp"
#include "unit/cluster/sample_rows.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace fenqun::cluster {
namespace {

constexpr double kTolerance = 1e-5;  // relative: our rows and centroids are float

class ClusterGolden : public testing::TestWithParam<std::string> {
 protected:
  double number(const std::string& key) { return golden.number(key).value(); }
  Matrix<float> scaled(ScalingMethod method, PreTransform pre = PreTransform::None) {
    const std::vector<ColumnScaling> rules(table.values.cols(), {method, pre, 1});
    const auto fitted = fit_scaling(table.values.view(), rules, pool).value();
    return apply_scaling(fitted, table.values.view(), pool).value();
  }
  KMeansOptions given_start(const Matrix<float>& rows) {
    const auto start = list_of(golden.child("start_rows").value());
    KMeansOptions options{.cluster_count = static_cast<std::uint32_t>(start.size()),
                          .max_rounds = 1000,
                          .tolerance = 0,
                          .initial_centroids = Matrix<float>(start.size(), rows.cols())};
    for (std::size_t k = 0; k < start.size(); ++k) {
      std::ranges::copy(rows.row(static_cast<std::size_t>(start[k])), options.initial_centroids.row(k).begin());
    }
    return options;
  }
  KMeansFit fit_from_given_start(const Matrix<float>& rows) {
    return fit_kmeans(rows.view(), given_start(rows), pool).value();
  }
  void expect_fit(const KMeansFit& fit) {
    EXPECT_TRUE(fit.converged);
    EXPECT_EQ(static_cast<double>(fit.rounds), number("rounds"));
    expect_close(fit.inertia, "inertia");
    const auto sizes = list_of(golden.child("sizes").value());
    const auto centroids = golden.child("centroids").value().items().value();
    for (std::size_t k = 0; k < sizes.size(); ++k) {
      EXPECT_EQ(static_cast<double>(fit.sizes[k]), sizes[k]);
      const auto values = list_of(centroids[k]);
      for (std::size_t c = 0; c < values.size(); ++c) EXPECT_NEAR(fit.centroids(k, c), values[c], kTolerance);
    }
  }
  void expect_labels(const std::vector<std::uint32_t>& labels) {
    std::string text;
    for (const auto label : labels) text += std::to_string(label);
    EXPECT_EQ(text, golden.text("labels").value());
  }
  void expect_close(double value, const std::string& key) {
    EXPECT_NEAR(value, number(key), kTolerance * std::abs(number(key))) << key;
  }
  void expect_scaled(const std::string& name, const Matrix<float>& rows) {
    const auto places = list_of(golden.child("scaled_rows").value());
    const auto expected = golden.child("scaled").value().child(name).value().items().value();
    ASSERT_EQ(expected.size(), places.size());
    for (std::size_t i = 0; i < places.size(); ++i) {
      const auto row = rows.row(static_cast<std::size_t>(places[i]));
      const auto values = list_of(expected[i]);
      for (std::size_t c = 0; c < row.size(); ++c) {
        EXPECT_NEAR(row[c], values[c], 1e-6 * std::max(1.0, std::abs(values[c]))) << name << ' ' << i << ' ' << c;
      }
    }
    double sum = 0;
    for (const float value : rows.values()) sum += static_cast<double>(value) * static_cast<double>(value);
    const double total = golden.child("scaled_square_sum").value().number(name).value();
    EXPECT_NEAR(sum, total, 1e-6 * total) << name;
  }

  WorkerPool pool{2};
  Table table = read_table(GetParam());
  Settings golden = read_golden("golden.yaml", GetParam());
};

TEST_P(ClusterGolden, ScalingAgrees) {
  expect_scaled("zscore", scaled(ScalingMethod::ZScore));
  expect_scaled("robust", scaled(ScalingMethod::Robust));
  expect_scaled("minmax", scaled(ScalingMethod::MinMax));
  expect_scaled("robust_log", scaled(ScalingMethod::Robust, PreTransform::Log1p));
}

TEST_P(ClusterGolden, LloydFromTheSameStartEndsAtTheSamePlace) {
  const auto fit = fit_from_given_start(scaled(ScalingMethod::ZScore));
  expect_fit(fit);
  expect_labels(fit.labels);
  expect_close(adjusted_rand_index(table.truth, fit.labels).value(), "adjusted_rand");
}

TEST_P(ClusterGolden, AStreamOfPiecesEndsThereToo) {
  const auto rows = scaled(ScalingMethod::ZScore);
  MatrixSource source(rows.view(), 7);
  const auto streamed = fit_streamed_kmeans(source, {.kmeans = given_start(rows)}, pool).value();
  expect_fit(streamed.fit);
  std::vector<std::uint32_t> labels;
  const auto take = [&](std::uint64_t, std::span<const std::uint32_t> some, auto) -> Result<void> {
    labels.insert(labels.end(), some.begin(), some.end());
    return {};
  };
  ASSERT_TRUE(assign_streamed(source, streamed.fit.centroids.view(), take, pool).has_value());
  expect_labels(labels);
}

TEST_P(ClusterGolden, EightRestartsComeWithinAPercentOfTheBestOfTwoHundred) {
  const auto rows = scaled(ScalingMethod::ZScore);
  const auto k = static_cast<std::uint32_t>(number("k"));
  const auto fit = fit_kmeans(rows.view(), {.cluster_count = k}, pool).value();
  EXPECT_LE(fit.inertia, number("best_inertia") * 1.01);
  EXPECT_GE(fit.inertia, number("best_inertia") * (1 - kTolerance));
}

TEST_P(ClusterGolden, IndicesAgree) {
  const auto rows = scaled(ScalingMethod::ZScore);
  const auto k = static_cast<std::uint32_t>(number("k"));
  const auto fit = fit_from_given_start(rows);
  const auto found = measure_quality(rows.view(), fit.labels, k, pool).value();
  expect_close(found.centroid_silhouette, "centroid_silhouette");
  expect_close(found.calinski_harabasz.value(), "calinski_harabasz");
  expect_close(found.davies_bouldin.value(), "davies_bouldin");
  const auto truth = measure_quality(rows.view(), table.truth, k, pool).value();
  expect_close(truth.centroid_silhouette, "truth_centroid_silhouette");
  expect_close(truth.calinski_harabasz.value(), "truth_calinski_harabasz");
  expect_close(truth.davies_bouldin.value(), "truth_davies_bouldin");
}

INSTANTIATE_TEST_SUITE_P(Data, ClusterGolden, testing::Values("iris", "wine", "synthetic"),
                         [](const auto& data) { return data.param; });

}  // namespace
}  // namespace fenqun::cluster
