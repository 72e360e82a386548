// tests/unit/load/adaptive_shapes_test.cpp
#include "load/adaptive_shapes.hpp"

#include "load/day_profiles.hpp"
#include "unit/load/sample_load.hpp"

#include <numeric>
#include <thread>

namespace fenqun::load {
namespace {

class AdaptiveShapesTest : public testing::Test {
 protected:
  AdaptiveShapesTest() {
    const auto readings = made_readings(30, made_temperatures(60, 1), 0, 5);
    profiles = normalise_days(days_of(readings.view()).value(), pool).value().rows;
  }
  Result<AdaptiveShapes> find(const std::stop_token& stop = {}) {
    return find_shapes(profiles.view(), options, pool, stop);
  }
  /// Profiles above theta in the group they ended in.
  std::uint64_t violations_of(const AdaptiveShapes& found) {
    std::uint64_t out = 0;
    for (std::size_t r = 0; r < profiles.rows(); ++r) {
      const auto shape = found.dictionary.shapes.row(found.codes[r]);
      double squared = 0;
      double length = 0;
      for (std::size_t c = 0; c < shape.size(); ++c) {
        const double difference = static_cast<double>(profiles(r, c)) - static_cast<double>(shape[c]);
        squared += difference * difference;
        length += static_cast<double>(shape[c]) * static_cast<double>(shape[c]);
      }
      out += squared > options.theta * length ? 1U : 0U;
    }
    return out;
  }
  WorkerPool pool{4};
  Matrix<float> profiles;
  AdaptiveShapeOptions options{.kmeans = {.cluster_count = 3, .max_rounds = 20, .restarts = 1}, .theta = 0.01};
};

TEST_F(AdaptiveShapesTest, EveryProfileIsWithinTheThresholdOfItsShape) {
  const auto found = find().value();
  EXPECT_GT(found.splits, 5U);
  EXPECT_EQ(found.violations, 0U);
  EXPECT_EQ(violations_of(found), 0U);
  EXPECT_EQ(found.dictionary.shapes.rows(), 3 + found.splits);
  EXPECT_EQ(found.groups_by_level.front(), 3U);
  EXPECT_EQ(found.groups_by_level.back(), found.dictionary.shapes.rows());
  EXPECT_FALSE(found.is_limited);
}

TEST_F(AdaptiveShapesTest, ShapesAreTheMeansOfTheirMembersTheMostFrequentFirst) {
  const auto found = find().value();
  Matrix<double> sums(found.dictionary.shapes.rows(), 24);
  std::vector<std::uint64_t> members(sums.rows());
  for (std::size_t r = 0; r < profiles.rows(); ++r) {
    ++members[found.codes[r]];
    for (std::size_t c = 0; c < 24; ++c) sums(found.codes[r], c) += static_cast<double>(profiles(r, c));
  }
  EXPECT_EQ(members, found.dictionary.members);
  EXPECT_TRUE(std::ranges::is_sorted(members, std::greater<>()));
  for (std::size_t k = 0; k < members.size(); ++k) {
    EXPECT_NEAR(found.dictionary.shapes(k, 7), sums(k, 7) / static_cast<double>(members[k]), 1e-8);
  }
}

TEST_F(AdaptiveShapesTest, ATighterThresholdNeedsMoreShapes) {
  const auto loose = find().value();
  options.theta = 0.003;
  EXPECT_GT(find().value().dictionary.shapes.rows(), loose.dictionary.shapes.rows());
  options.theta = 100;
  const auto first = find().value();
  EXPECT_EQ(first.splits, 0U);
  EXPECT_EQ(first.dictionary.shapes.rows(), 3U);
}

TEST_F(AdaptiveShapesTest, StopsAtMostShapesAndTellsWhatIsLeft) {
  options.theta = 0.001;
  options.most_shapes = 20;
  const auto found = find().value();
  EXPECT_TRUE(found.is_limited);
  EXPECT_EQ(found.dictionary.shapes.rows(), 20U);
  EXPECT_GT(found.violations, 0U);
  EXPECT_EQ(found.violations, violations_of(found));
}

TEST_F(AdaptiveShapesTest, DoesNotSplitGroupsBelowLeastMembers) {
  options.theta = 0.001;
  options.least_members = 40;
  const auto found = find().value();
  EXPECT_FALSE(found.is_limited);
  EXPECT_EQ(found.violations, violations_of(found));
  options.least_members = 2;
  EXPECT_GT(find().value().dictionary.shapes.rows(), found.dictionary.shapes.rows());
}

TEST_F(AdaptiveShapesTest, EqualProfilesMakeOneShape) {
  profiles = Matrix<float>(50, 24);
  for (std::size_t r = 0; r < 50; ++r) profiles(r, 4) = 1;
  options.theta = 1e-9;
  EXPECT_EQ(find().value().dictionary.members, (std::vector<std::uint64_t>{50}));
  profiles(49, 4) = 0;
  profiles(49, 5) = 1;
  EXPECT_EQ(find().value().dictionary.members, (std::vector<std::uint64_t>{49, 1}));
  profiles = matrix_of<float>({{0.25F, 0.75F}});
  EXPECT_EQ(find().value().codes, (std::vector<std::uint32_t>{0}));
}

TEST_F(AdaptiveShapesTest, SameBitsForAnyThreadCount) {
  const auto found = find().value();
  for (const std::size_t threads : {1U, 2U}) {
    WorkerPool fewer(threads);
    const auto again = find_shapes(profiles.view(), options, fewer).value();
    EXPECT_EQ(found.dictionary.shapes, again.dictionary.shapes);
    EXPECT_EQ(found.codes, again.codes);
  }
}

TEST_F(AdaptiveShapesTest, RefusesBadInput) {
  profiles(17, 3) = kMissing;
  expect_error(find(), ErrorCode::BadData, "load.bad_share", {{"row", "17"}, {"column", "3"}});
  std::ranges::fill(profiles.row(17), 0.0F);
  expect_error(find(), ErrorCode::BadData, "load.zero_profile", {{"row", "17"}});
  profiles = Matrix<float>(0, 24);
  expect_error(find(), ErrorCode::BadData, "load.no_profiles");
  options.most_shapes = 2;
  expect_error(find(), ErrorCode::InvalidArgument, "load.option_range", {{"option", "most_shapes"}});
  options.least_members = 1;
  expect_error(find(), ErrorCode::InvalidArgument, "load.option_range", {{"option", "least_members"}});
  options.theta = std::nan("");
  expect_error(find(), ErrorCode::InvalidArgument, "load.option_range", {{"option", "theta"}});
}

TEST_F(AdaptiveShapesTest, StopsWhenAsked) {
  std::stop_source source;
  source.request_stop();
  expect_error(find(source.get_token()), ErrorCode::Cancelled, "base.cancelled");
}

TEST_F(AdaptiveShapesTest, StopsWhenAskedByAnotherThread) {
  options.theta = 1e-9;
  options.kmeans.max_rounds = 100000;
  options.kmeans.tolerance = 0;
  std::stop_source source;
  std::jthread other([&] { source.request_stop(); });
  const auto found = find(source.get_token());
  if (!found) expect_error(found, ErrorCode::Cancelled, "base.cancelled");
  other.join();
  expect_error(find(source.get_token()), ErrorCode::Cancelled, "base.cancelled");
}

TEST(SampleRows, DrawsEachRowEquallyOftenInOrder) {
  std::vector<int> drawn(20);
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const auto rows = sample_rows(20, 5, seed);
    ASSERT_EQ(rows.size(), 5U);
    EXPECT_TRUE(std::ranges::is_sorted(rows, std::less_equal<>()));
    for (const auto row : rows) ++drawn[row];
  }
  for (const int times : drawn) EXPECT_NEAR(times, 500, 100);
  EXPECT_EQ(sample_rows(3, 9, 1), (std::vector<std::uint32_t>{0, 1, 2}));
  EXPECT_EQ(sample_rows(0, 9, 1), std::vector<std::uint32_t>());
}

TEST_F(AdaptiveShapesTest, AStudyTellsWhatTheCapCosts) {
  const ShapeStudyOptions study{.search = options, .sample = 600, .cap = 12};
  const auto found = study_shapes(profiles.view(), study, pool).value();
  EXPECT_GT(found.found_shapes, 12U);
  EXPECT_EQ(found.merged.dictionary.members.size(), 12U);
  EXPECT_EQ(found.merged.new_code_of.size(), found.found_shapes);
  EXPECT_EQ(found.sample_before.profiles, 600U);
  EXPECT_LT(found.sample_before.mean_error, found.sample_after.mean_error);
  EXPECT_EQ(found.encoding.coverage.profiles, profiles.rows());
  EXPECT_EQ(found.encoding.codes.size(), profiles.rows());
  const auto again =
      encode_profiles(profiles.view(), found.merged.dictionary.shapes.view(), options.theta, pool).value();
  EXPECT_EQ(again.codes, found.encoding.codes);
}

}  // namespace
}  // namespace fenqun::load
