// tests/unit/cluster/medoids_test.cpp - numbers of an independent tool stand in golden_kin_test.cpp.
#include "cluster/medoids.hpp"

#include "cluster/agreement.hpp"
#include "unit/cluster/sample_rows.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace fenqun::cluster {
namespace {

class Medoids : public testing::Test {
 protected:
  static MedoidOptions of(std::uint32_t k, Distance distance = Distance::Euclidean) {
    MedoidOptions options;
    options.kmeans.cluster_count = k;
    options.kmeans.distance = distance;
    return options;
  }
  Result<MedoidFit> fit(const Matrix<float>& rows, const MedoidOptions& options, const std::stop_token& stop = {}) {
    return fit_medoids(rows.view(), options, pool, stop);
  }
  WorkerPool pool{2};
};

double euclidean(const Matrix<float>& rows, std::size_t a, std::size_t b) {
  double sum = 0;
  for (std::size_t c = 0; c < rows.cols(); ++c)
    sum += std::pow(static_cast<double>(rows(a, c)) - static_cast<double>(rows(b, c)), 2);
  return std::sqrt(sum);
}

double deviation_of(const Matrix<float>& rows, const std::vector<std::size_t>& medoids) {
  double sum = 0;
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    double least = std::numeric_limits<double>::infinity();
    for (const auto medoid : medoids) least = std::min(least, euclidean(rows, r, medoid));
    sum += least;
  }
  return sum;
}

TEST_F(Medoids, OneMedoidIsTheMiddleOfALine) {
  const auto found = fit(matrix_of<float>({{0}, {1}, {2}, {3}, {100}}), of(1)).value();
  EXPECT_EQ(found.medoids, std::vector<std::size_t>{2});
  EXPECT_EQ(found.deviation, 2 + 1 + 1 + 98);
  EXPECT_EQ(found.fit.inertia, 4 + 1 + 1 + 98 * 98);
  EXPECT_EQ(found.fit.centroids, matrix_of<float>({{2}}));
}

TEST_F(Medoids, EveryMedoidIsARowOfItsGroupAndNoSwapIsBetter) {
  Random random(2);
  for (int trial = 0; trial < 10; ++trial) {
    const auto rows = noise(40 + random.below(30), 2, random.next());
    const auto found = fit(rows, of(3)).value();
    EXPECT_TRUE(found.fit.converged);
    EXPECT_NEAR(found.deviation, deviation_of(rows, found.medoids), 1e-5);
    for (std::size_t g = 0; g < 3; ++g) {
      EXPECT_EQ(found.fit.labels[found.medoids[g]], g);
      EXPECT_TRUE(std::ranges::equal(found.fit.centroids.row(g), rows.row(found.medoids[g])));
      for (std::size_t r = 0; r < rows.rows(); ++r) {
        auto swapped = found.medoids;
        swapped[g] = r;
        EXPECT_GE(deviation_of(rows, swapped), found.deviation - 1e-4);
      }
    }
  }
}

TEST_F(Medoids, TheDeviationFallsWithEverySwap) {
  const auto rows = noise(500, 3, 4);
  auto options = of(6);
  options.initial_medoids = {0, 1, 2, 3, 4, 5};
  const auto found = fit(rows, options).value();
  ASSERT_GT(found.deviation_by_swap.size(), 3U);
  EXPECT_NEAR(found.deviation_by_swap.front(), deviation_of(rows, options.initial_medoids), 1e-3);
  for (std::size_t i = 1; i < found.deviation_by_swap.size(); ++i)
    EXPECT_LT(found.deviation_by_swap[i], found.deviation_by_swap[i - 1]);
  EXPECT_NEAR(found.deviation_by_swap.back(), found.deviation, 1e-4);
}

TEST_F(Medoids, FindsGroupsThatLieApartByEveryDistance) {
  const auto data = planted(600, 3, 3, 20, 1);
  for (const auto distance : {Distance::Euclidean, Distance::Manhattan, Distance::Cosine}) {
    const auto found = fit(data.rows, of(3, distance)).value();
    EXPECT_EQ(adjusted_rand_index(found.fit.labels, data.labels).value(), 1.0);
    EXPECT_FALSE(found.is_sampled);
  }
}

TEST_F(Medoids, ASampleComesCloseToTheWholeTable) {
  const auto rows = noise(4000, 4, 3);
  const auto whole = fit(rows, of(5)).value();
  auto options = of(5);
  options.whole_rows = 1000;
  options.sample_rows = 400;
  const auto sampled = fit(rows, options).value();
  EXPECT_TRUE(sampled.is_sampled);
  EXPECT_LE(sampled.deviation, whole.deviation * 1.02);
  EXPECT_GE(sampled.deviation, whole.deviation * 0.999);
  options.samples = 1;
  EXPECT_GE(fit(rows, options).value().deviation, sampled.deviation);
  std::uint64_t total = 0;
  for (const auto size : sampled.fit.sizes) total += size;
  EXPECT_EQ(total, 4000U);
}

TEST_F(Medoids, OneRowAloneAndAsManyAsRows) {
  EXPECT_EQ(fit(matrix_of<float>({{3, 4}}), of(1)).value().deviation, 0);
  const auto all = fit(noise(9, 2, 1), of(9)).value();
  EXPECT_EQ(std::set<std::size_t>(all.medoids.begin(), all.medoids.end()).size(), 9U);
  EXPECT_EQ(all.deviation, 0);
}

TEST_F(Medoids, DuplicateRowsAndAConstantColumnDoNoHarm) {
  Matrix<float> rows(120, 2);
  for (std::size_t r = 0; r < 120; ++r) {
    rows(r, 0) = static_cast<float>(r % 4);
    rows(r, 1) = 9;
  }
  EXPECT_EQ(fit(rows, of(4)).value().deviation, 0);
  expect_error(fit(rows, of(5)), ErrorCode::BadData, "cluster.too_few_distinct_rows", {{"distinct", "4"}});
}

TEST_F(Medoids, OrderOfRowsDoesNotMatterMuchAndScaleNotAtAll) {
  const auto data = planted(300, 2, 3, 8, 5);
  const auto found = fit(data.rows, of(3)).value();
  for (const float factor : {0x1p40F, 0x1p-50F}) {
    auto rows = data.rows;
    for (std::size_t r = 0; r < rows.rows(); ++r) {
      for (float& value : rows.row(r)) value *= factor;
    }
    EXPECT_EQ(fit(rows, of(3)).value().medoids, found.medoids);
  }
  Matrix<float> turned(300, 2);
  for (std::size_t r = 0; r < 300; ++r) std::ranges::copy(data.rows.row(299 - r), turned.row(r).begin());
  EXPECT_NEAR(fit(turned, of(3)).value().deviation, found.deviation, 0.01 * found.deviation);
}

TEST_F(Medoids, ThreadsDoNotChangeABit) {
  const auto rows = noise(1500, 3, 6);
  auto options = of(4);
  for (const std::uint32_t whole : {2000U, 500U}) {
    options.whole_rows = whole;
    options.sample_rows = 300;
    const auto expected = fit(rows, options).value();
    for (const std::size_t threads : {1U, 4U}) {
      WorkerPool other(threads);
      const auto found = fit_medoids(rows.view(), options, other).value();
      EXPECT_EQ(found.medoids, expected.medoids);
      EXPECT_EQ(found.deviation, expected.deviation);
      EXPECT_EQ(found.fit.labels, expected.fit.labels);
    }
  }
}

TEST_F(Medoids, RefusesWhatCannotBe) {
  auto rows = noise(30, 2, 1);
  const auto refused = [&](const MedoidOptions& options, const std::string& name) {
    expect_error(fit(rows, options), ErrorCode::InvalidArgument, "cluster.option_range", {{"option", name}});
  };
  refused(of(0), "cluster_count");
  auto options = of(2);
  options.max_rounds = 0;
  refused(options, "max_rounds");
  options = of(2);
  options.whole_rows = 50'000;
  refused(options, "whole_rows");
  options = of(2);
  options.samples = 0;
  refused(options, "samples");
  options = of(5);
  options.whole_rows = 10;
  options.sample_rows = 5;
  refused(options, "sample_rows");
  for (const auto& start : std::vector<std::vector<std::size_t>>{{1}, {1, 1}, {1, 30}}) {
    options = of(2);
    options.initial_medoids = start;
    expect_error(fit(rows, options), ErrorCode::InvalidArgument, "cluster.start_medoids", {{"k", "2"}, {"rows", "30"}});
  }
  options = of(2);
  options.kmeans.missing = MissingValues::PartialDistance;
  expect_error(fit(rows, options), ErrorCode::InvalidArgument, "cluster.option_unsupported", {{"option", "missing"}});
  expect_error(fit(rows, of(31)), ErrorCode::InvalidArgument, "cluster.more_groups_than_rows");
  expect_error(fit(Matrix<float>(0, 2), of(1)), ErrorCode::BadData, "cluster.no_rows");
  rows(3, 0) = rows(3, 1) = 0;
  expect_error(fit(rows, of(2, Distance::Cosine)), ErrorCode::BadData, "cluster.zero_row", {{"row", "3"}});
  rows(9, 1) = std::numeric_limits<float>::infinity();
  expect_error(fit(rows, of(2)), ErrorCode::BadData, "cluster.bad_value", {{"row", "9"}, {"column", "1"}});
}

TEST_F(Medoids, StopsWhenAsked) {
  std::stop_source source;
  source.request_stop();
  auto options = of(2);
  expect_error(fit(noise(100, 2, 1), options, source.get_token()), ErrorCode::Cancelled, "base.cancelled");
  options.initial_medoids = {0, 1};
  expect_error(fit(noise(100, 2, 1), options, source.get_token()), ErrorCode::Cancelled, "base.cancelled");
}

TEST_F(Medoids, OfEqualRowsAreRefusedWhereverTheyBegin) {
  const auto rows = matrix_of<float>({{1, 2}, {3, 4}, {1, 2}, {3, 4}});
  MedoidOptions options;
  options.kmeans.cluster_count = 3;
  options.initial_medoids = {0, 1, 2};
  expect_error(fit_medoids(rows.view(), options, pool), ErrorCode::BadData, "cluster.too_few_distinct_rows",
               {{"k", "3"}, {"distinct", "2"}});
}

}  // namespace
}  // namespace fenqun::cluster
