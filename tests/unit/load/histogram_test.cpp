// tests/unit/load/histogram_test.cpp
#include "load/histogram.hpp"

#include "unit/load/sample_load.hpp"

#include <numeric>

namespace fenqun::load {
namespace {

class HistogramTest : public testing::Test {
 protected:
  WorkerPool pool{4};
  std::stop_source source;
};

std::vector<std::uint32_t> row_of(const Matrix<std::uint32_t>& counts, std::size_t row) {
  return {counts.row(row).begin(), counts.row(row).end()};
}

TEST_F(HistogramTest, PutsAReadingOnAnEdgeIntoTheUpperBucketAndTheMostIntoTheLast) {
  const auto readings = matrix_of<float>({{0, 1, 2, 3, 4}});
  const auto found = count_histograms(readings.view(), pool, 4).value();
  EXPECT_EQ(row_of(found.counts, 0), (std::vector<std::uint32_t>{1, 1, 1, 2}));
  EXPECT_EQ(found.least_kwh[0], 0);
  EXPECT_EQ(found.most_kwh[0], 4);
}

TEST_F(HistogramTest, CountsMissingReadingsApart) {
  const auto readings = matrix_of<float>({{kMissing, 1, 3}, {kMissing, kMissing, kMissing}});
  const auto found = count_histograms(readings.view(), pool, 2).value();
  EXPECT_EQ(row_of(found.counts, 0), (std::vector<std::uint32_t>{1, 1}));
  EXPECT_EQ(row_of(found.counts, 1), (std::vector<std::uint32_t>{0, 0}));
  EXPECT_EQ(found.missing, (std::vector<std::uint32_t>{1, 3}));
  EXPECT_EQ(found.missing_total, 4U);
  EXPECT_TRUE(std::isnan(found.least_kwh[1]) && std::isnan(found.most_kwh[1]));
}

TEST_F(HistogramTest, HoldsEqualReadingsInTheFirstBucket) {
  const auto found = count_histograms(matrix_of<float>({{2, 2, 2}}).view(), pool, 3).value();
  EXPECT_EQ(row_of(found.counts, 0), (std::vector<std::uint32_t>{3, 0, 0}));
}

TEST_F(HistogramTest, EveryReadingIsInOneBucketForAnyThreadCount) {
  const auto readings = made_readings(70, made_temperatures(5, 1), 0.1, 2);
  const auto found = count_histograms(readings.view(), pool).value();
  for (const std::size_t threads : {1U, 2U}) {
    WorkerPool fewer(threads);
    EXPECT_EQ(found.counts, count_histograms(readings.view(), fewer).value().counts);
  }
  for (std::size_t r = 0; r < readings.rows(); ++r) {
    const auto counts = found.counts.row(r);
    EXPECT_EQ(std::accumulate(counts.begin(), counts.end(), found.missing[r]), readings.cols());
  }
}

TEST_F(HistogramTest, TakesNegativeReadingsAndHugeOnes) {
  const auto found = count_histograms(matrix_of<float>({{-1e9F, 0, 1e9F}}).view(), pool, 2).value();
  EXPECT_EQ(row_of(found.counts, 0), (std::vector<std::uint32_t>{1, 2}));
}

TEST_F(HistogramTest, TakesNoCustomers) {
  EXPECT_EQ(count_histograms(Matrix<float>(0, 24).view(), pool).value().counts.rows(), 0U);
}

TEST_F(HistogramTest, RefusesInfinityNamingRowAndHour) {
  auto readings = Matrix<float>(100, 30);
  readings(70, 29) = -std::numeric_limits<float>::infinity();
  readings(99, 0) = 2e9F;
  expect_error(count_histograms(readings.view(), pool), ErrorCode::BadData, "load.bad_reading",
               {{"row", "70"}, {"column", "29"}, {"value", "-inf"}});
}

TEST_F(HistogramTest, RefusesNoHoursAndNoBuckets) {
  expect_error(count_histograms(Matrix<float>(3, 0).view(), pool), ErrorCode::BadData, "load.no_hours");
  expect_error(count_histograms(Matrix<float>(3, 24).view(), pool, 0), ErrorCode::InvalidArgument, "load.option_range",
               {{"option", "buckets"}, {"value", "0"}});
}

TEST_F(HistogramTest, StopsWhenAsked) {
  source.request_stop();
  expect_error(count_histograms(Matrix<float>(3, 24).view(), pool, 10, source.get_token()), ErrorCode::Cancelled,
               "base.cancelled");
}

TEST_F(HistogramTest, PutsAReadingOnALowerEdgeIntoItsBucket) {
  // 0 and `width` times the number of buckets are the ends; multiples of the width are lower edges.
  for (const std::uint32_t buckets : {2U, 3U, 7U, 10U, 24U}) {
    for (std::uint32_t width = 1; width <= 200; ++width) {
      Matrix<float> readings(1, buckets + 1);
      for (std::uint32_t i = 0; i <= buckets; ++i) readings(0, i) = static_cast<float>(i * width);
      const auto found = count_histograms(std::as_const(readings).view(), pool, buckets);
      ASSERT_TRUE(found.has_value());
      for (std::uint32_t b = 0; b < buckets; ++b) {
        ASSERT_EQ(found->counts(0, b), b + 1 == buckets ? 2U : 1U) << buckets << " of " << width << ", " << b;
      }
    }
  }
}

}  // namespace
}  // namespace fenqun::load
