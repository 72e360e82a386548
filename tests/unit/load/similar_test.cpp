// tests/unit/load/similar_test.cpp
#include "load/similar.hpp"

#include "unit/load/sample_load.hpp"

namespace fenqun::load {
namespace {

class SimilarTest : public testing::Test {
 protected:
  Result<SimilarCustomers> find(const std::stop_token& stop = {}) {
    return find_similar(readings.view(), options, pool, stop);
  }
  WorkerPool pool{4};
  SimilarOptions options{.count = 4};
  Matrix<float> readings = made_readings(300, made_temperatures(13, 1), 0.02, 9);
};

/// In double, pair by pair, missing readings as 0.
std::vector<std::pair<double, std::uint32_t>> by_cosine(const Matrix<float>& readings, std::size_t customer) {
  const auto dot = [&](std::size_t a, std::size_t b) {
    double sum = 0;
    for (std::size_t h = 0; h < readings.cols(); ++h) {
      const auto product = static_cast<double>(readings(a, h)) * static_cast<double>(readings(b, h));
      if (!std::isnan(product)) sum += product;
    }
    return sum;
  };
  std::vector<std::pair<double, std::uint32_t>> out;
  for (std::uint32_t other = 0; other < readings.rows(); ++other) {
    if (other == customer) continue;
    out.emplace_back(-dot(customer, other) / std::sqrt(dot(customer, customer) * dot(other, other)), other);
  }
  std::ranges::sort(out);
  return out;
}

TEST_F(SimilarTest, FindsWhatABruteSearchInDoubleFinds) {
  const auto found = find().value();
  EXPECT_EQ(found.compared, 300U);
  for (std::size_t r = 0; r < readings.rows(); ++r) {
    const auto expected = by_cosine(readings, r);
    for (std::size_t k = 0; k < options.count; ++k) {
      EXPECT_EQ(found.neighbours(r, k), expected[k].second) << r << ' ' << k;
      EXPECT_NEAR(found.cosines(r, k), -expected[k].first, 1e-13);
    }
  }
}

TEST_F(SimilarTest, EqualCurvesComeInTheOrderOfTheirIndexHoweverMany) {
  for (std::size_t r = 1; r < 60; ++r) {
    for (std::size_t h = 0; h < readings.cols(); ++h) readings(r, h) = readings(0, h);
  }
  const auto found = find().value();
  EXPECT_GE(found.searched_again, 60U);
  for (std::uint32_t r = 0; r < 60; ++r) {
    for (std::uint32_t k = 0; k < options.count; ++k) {
      EXPECT_EQ(found.neighbours(r, k), k < r ? k : k + 1);
      EXPECT_NEAR(found.cosines(r, k), 1, 1e-15);
      EXPECT_LE(found.cosines(r, k), 1);
    }
  }
}

TEST_F(SimilarTest, TheSizeOfACurveDoesNotMatter) {
  const auto before = find().value();
  for (std::size_t h = 0; h < readings.cols(); ++h) readings(17, h) *= 1024;
  const auto after = find().value();
  EXPECT_EQ(before.neighbours, after.neighbours);
}

TEST_F(SimilarTest, SameBitsForAnyThreadCount) {
  const auto found = find().value();
  for (const std::size_t threads : {1U, 2U}) {
    WorkerPool fewer(threads);
    const auto again = find_similar(readings.view(), options, fewer).value();
    EXPECT_EQ(found.neighbours, again.neighbours);
    EXPECT_EQ(found.cosines, again.cosines);
  }
}

TEST_F(SimilarTest, LeavesOutWhoHasTooFewReadingsOrUsesNothing) {
  for (std::size_t h = 0; h < readings.cols(); ++h) {
    readings(2, h) = 0;
    if (h % 3 != 0) readings(5, h) = kMissing;
    readings(7, h) = kMissing;
  }
  const auto found = find().value();
  EXPECT_EQ(found.compared, 297U);
  EXPECT_EQ(found.states[2], SimilarState::NoUse);
  EXPECT_EQ(found.states[5], SimilarState::TooFewReadings);
  EXPECT_EQ(found.states[7], SimilarState::TooFewReadings);
  EXPECT_EQ(found.missing[7], readings.cols());
  EXPECT_EQ(found.neighbours(5, 0), kNoCustomer);
  EXPECT_TRUE(std::isnan(found.cosines(5, 0)));
  for (const auto neighbour : found.neighbours.values()) {
    EXPECT_TRUE(neighbour != 2 && neighbour != 5 && neighbour != 7);
  }
}

TEST_F(SimilarTest, GivesAllThereAreWhenThereAreFewerThanAsked) {
  readings = matrix_of<float>({{1, 0, 0}, {1, 1, 0}, {0, 0, 1}});
  const auto found = find().value();
  EXPECT_EQ(found.neighbours(0, 0), 1U);
  EXPECT_EQ(found.neighbours(0, 1), 2U);
  EXPECT_EQ(found.neighbours(0, 2), kNoCustomer);
  EXPECT_NEAR(found.cosines(0, 0), std::sqrt(0.5), 1e-15);
  EXPECT_EQ(found.cosines(0, 1), 0);
  readings = matrix_of<float>({{1, 0, 0}});
  EXPECT_EQ(find().value().neighbours(0, 0), kNoCustomer);
  readings = Matrix<float>(0, 3);
  EXPECT_EQ(find().value().compared, 0U);
}

TEST_F(SimilarTest, TakesHugeAndTinyReadings) {
  readings = matrix_of<float>({{1e9F, 2e9F / 2, 0}, {1e-30F, 1e-30F, 0}, {-1, -1, 0}});
  const auto found = find().value();
  EXPECT_EQ(found.neighbours(0, 0), 1U);
  EXPECT_NEAR(found.cosines(0, 0), 1, 1e-12);
  EXPECT_NEAR(found.cosines(0, 1), -1, 1e-12);
}

TEST_F(SimilarTest, RefusesBadInput) {
  readings(250, 4) = std::numeric_limits<float>::infinity();
  expect_error(find(), ErrorCode::BadData, "load.bad_reading", {{"row", "250"}, {"column", "4"}});
  options.count = 0;
  expect_error(find(), ErrorCode::InvalidArgument, "load.option_range", {{"option", "count"}});
  options = {.least_share = 1.5};
  expect_error(find(), ErrorCode::InvalidArgument, "load.option_range", {{"option", "least_share"}});
}

TEST_F(SimilarTest, StopsWhenAsked) {
  std::stop_source source;
  source.request_stop();
  expect_error(find(source.get_token()), ErrorCode::Cancelled, "base.cancelled");
}

}  // namespace
}  // namespace fenqun::load
