// tests/unit/cluster/kmeans_badarg_test.cpp
#include "cluster/kmeans.hpp"

#include "unit/cluster/sample_rows.hpp"

#include <cmath>
#include <limits>

namespace fenqun::cluster {
namespace {

class KMeansBadarg : public testing::Test {
 protected:
  Result<KMeansFit> fit(const KMeansOptions& options) { return fit_kmeans(rows.view(), options, pool); }
  void expect_option(const KMeansOptions& options, const std::string& name, const std::string& value) {
    expect_error(fit(options), ErrorCode::InvalidArgument, "cluster.option_range",
                 {{"option", name}, {"value", value}});
  }
  WorkerPool pool{2};
  Matrix<float> rows = noise(6000, 3, 1);
};

TEST_F(KMeansBadarg, RefusesOptionsOutOfRange) {
  expect_option({.cluster_count = 0}, "cluster_count", "0");
  expect_option({.cluster_count = 4097}, "cluster_count", "4097");
  expect_option({.max_rounds = 0}, "max_rounds", "0");
  expect_option({.restarts = 0}, "restarts", "0");
  expect_option({.tolerance = -0.5}, "tolerance", "-0.5");
  expect_option({.tolerance = 1}, "tolerance", "1");
  expect_option({.tolerance = std::numeric_limits<double>::quiet_NaN()}, "tolerance", "nan");
}

TEST_F(KMeansBadarg, RefusesATableWithoutRowsOrColumnsOrWithTooMany) {
  rows = Matrix<float>(0, 3);
  expect_error(fit({}), ErrorCode::BadData, "cluster.no_rows");
  rows = Matrix<float>(3, 0);
  expect_error(fit({}), ErrorCode::BadData, "cluster.no_columns");
  rows = Matrix<float>(9, 65537);
  expect_option({}, "columns", "65537");
}

TEST_F(KMeansBadarg, RefusesMoreGroupsThanRows) {
  rows = noise(5, 3, 1);
  expect_error(fit({.cluster_count = 6}), ErrorCode::InvalidArgument, "cluster.more_groups_than_rows",
               {{"k", "6"}, {"rows", "5"}});
}

TEST_F(KMeansBadarg, RefusesMoreGroupsThanDistinctRowsAndSaysHowManyThereAre) {
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    for (std::size_t c = 0; c < 3; ++c) rows(r, c) = static_cast<float>(r % 4);
  }
  const TextArgs counts = {{"k", "5"}, {"distinct", "4"}};
  expect_error(fit({.cluster_count = 5}), ErrorCode::BadData, "cluster.too_few_distinct_rows", counts);
  KMeansOptions given{.cluster_count = 5};
  given.initial_centroids = noise(5, 3, 2);
  expect_error(fit(given), ErrorCode::BadData, "cluster.too_few_distinct_rows", counts);
}

TEST_F(KMeansBadarg, NamesTheFirstRowAndColumnWithAValueThatCannotBe) {
  for (const float value : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(), -2e16F}) {
    rows = noise(6000, 3, 1);
    rows(5999, 0) = value;
    rows(4321, 2) = value;
    rows(4321, 1) = value;
    expect_error(fit({}), ErrorCode::BadData, "cluster.bad_value", {{"row", "4321"}, {"column", "1"}});
  }
}

TEST_F(KMeansBadarg, TakesTheLargestValuesItPromises) {
  rows(17, 1) = 1e16F;
  rows(18, 1) = -1e16F;
  const auto found = fit({.cluster_count = 3});
  ASSERT_TRUE(found.has_value());
  EXPECT_TRUE(std::isfinite(found->inertia));
}

TEST_F(KMeansBadarg, RefusesAStartOfAnotherShapeOrWithABadValue) {
  KMeansOptions options{.cluster_count = 4};
  options.initial_centroids = noise(3, 3, 1);
  expect_error(fit(options), ErrorCode::InvalidArgument, "cluster.start_shape", {{"rows", "3"}, {"k", "4"}});
  options.initial_centroids = noise(4, 2, 1);
  expect_error(fit(options), ErrorCode::InvalidArgument, "cluster.start_shape",
               {{"columns", "2"}, {"expected_columns", "3"}});
  options.initial_centroids = noise(4, 3, 1);
  options.initial_centroids(2, 1) = std::numeric_limits<float>::quiet_NaN();
  expect_error(fit(options), ErrorCode::BadData, "cluster.bad_centroid", {{"row", "2"}, {"column", "1"}});
}

TEST_F(KMeansBadarg, StopsWhenAsked) {
  std::stop_source source;
  source.request_stop();
  KMeansOptions options{.cluster_count = 3};
  expect_error(fit_kmeans(rows.view(), options, pool, source.get_token()), ErrorCode::Cancelled, "base.cancelled");
  options.initial_centroids = noise(3, 3, 1);
  expect_error(fit_kmeans(rows.view(), options, pool, source.get_token()), ErrorCode::Cancelled, "base.cancelled");
}

TEST_F(KMeansBadarg, RefusesWeightsThatDoNotFitTheRows) {
  std::vector<float> weights(5, 1);
  KMeansOptions options{.cluster_count = 3};
  options.row_weights = weights;
  expect_error(fit(options), ErrorCode::InvalidArgument, "cluster.row_weights_differ",
               {{"weights", "5"}, {"rows", "6000"}});
  weights.assign(6000, 1);
  options.row_weights = weights;
  for (const float bad : {-0.5F, 2e6F, std::numeric_limits<float>::quiet_NaN()}) {
    weights[41] = bad;
    expect_error(fit(options), ErrorCode::InvalidArgument, "cluster.bad_row_weight", {{"row", "41"}});
  }
  weights.assign(6000, 0);
  expect_error(fit(options), ErrorCode::InvalidArgument, "cluster.row_weights_all_zero", {{"rows", "6000"}});
  weights[3] = weights[4] = 1;
  expect_error(fit(options), ErrorCode::BadData, "cluster.too_few_distinct_rows", {{"k", "3"}, {"distinct", "2"}});
}

TEST_F(KMeansBadarg, RefusesRowsAndColumnsWithoutAnyValue) {
  constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();
  KMeansOptions options{.cluster_count = 3};
  options.missing = MissingValues::PartialDistance;
  rows(3000, 2) = std::numeric_limits<float>::infinity();
  expect_error(fit(options), ErrorCode::BadData, "cluster.bad_value", {{"row", "3000"}, {"column", "2"}});
  for (float& value : rows.row(3000)) value = kMissing;
  expect_error(fit(options), ErrorCode::BadData, "cluster.row_without_values", {{"row", "3000"}});
  rows(3000, 0) = 1;
  for (std::size_t r = 0; r < rows.rows(); ++r) rows(r, 1) = kMissing;
  expect_error(fit(options), ErrorCode::BadData, "cluster.column_without_values", {{"column", "1"}});
  options.distance = Distance::Cosine;
  expect_error(fit(options), ErrorCode::InvalidArgument, "cluster.missing_with_cosine");
}

TEST_F(KMeansBadarg, RefusesRowsWithoutADirectionForTheCosine) {
  for (float& value : rows.row(99)) value = 0;
  KMeansOptions options{.cluster_count = 2};
  options.distance = Distance::Cosine;
  expect_error(fit(options), ErrorCode::BadData, "cluster.zero_row", {{"row", "99"}});
  rows(99, 0) = 1;
  options.initial_centroids = Matrix<float>(2, 3);
  options.initial_centroids(0, 0) = 1;
  expect_error(fit(options), ErrorCode::BadData, "cluster.zero_centroid", {{"row", "1"}});
}

}  // namespace
}  // namespace fenqun::cluster
