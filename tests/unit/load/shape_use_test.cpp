// tests/unit/load/shape_use_test.cpp
#include "load/shape_use.hpp"

#include "unit/load/sample_load.hpp"

namespace fenqun::load {
namespace {

class ShapeUseTest : public testing::Test {
 protected:
  [[nodiscard]] CodedDays days() const { return {codes, owners, 4, 3}; }
  [[nodiscard]] DayKinds kinds() const { return {seasons, types, 2, 2}; }
  WorkerPool pool{4};
  // Customer 0: 2 2 2 1; customer 1: 0 1 2 3; customer 2: nothing.
  std::vector<std::uint32_t> codes{2, 0, 2, 1, 2, 1, 2, 3};
  std::vector<std::uint32_t> owners{0, 1, 0, 1, 0, 0, 1, 1};
  std::vector<std::uint8_t> seasons{0, 0, 0, 1, 1, 1, 1, 1};
  std::vector<std::uint8_t> types{0, 1, 1, 0, 0, 0, 0, 1};
};

TEST_F(ShapeUseTest, MeasuresEntropyDistinctAndDominantShapes) {
  const auto found = measure_variety(days(), pool).value();
  EXPECT_EQ(found[0].days, 4U);
  EXPECT_EQ(found[0].distinct, 2U);
  EXPECT_EQ(found[0].dominant, 2U);
  EXPECT_EQ(found[0].dominant_share, 0.75);
  EXPECT_NEAR(found[0].entropy_bits, 0.75 * std::log2(4.0 / 3) + 0.25 * 2, 1e-15);
  EXPECT_NEAR(found[0].entropy_share, found[0].entropy_bits / 2, 1e-15);
  EXPECT_EQ(found[1].dominant, 0U);
  EXPECT_EQ(found[1].entropy_bits, 2);
  EXPECT_EQ(found[1].entropy_share, 1);
  EXPECT_EQ(found[2].days, 0U);
  EXPECT_EQ(found[2].dominant, kNoShape);
  EXPECT_EQ(found[2].entropy_share, 0);
}

TEST_F(ShapeUseTest, OneShapeOrOneDayHasNoEntropy) {
  codes = {1, 1, 3};
  owners = {0, 0, 1};
  const auto found = measure_variety(days(), pool).value();
  EXPECT_EQ(found[0].entropy_bits, 0);
  EXPECT_EQ(found[1].entropy_share, 0);
}

TEST_F(ShapeUseTest, TheOrderOfTheDaysDoesNotMatter) {
  const auto before = measure_variety(days(), pool).value();
  std::ranges::reverse(codes);
  std::ranges::reverse(owners);
  const auto after = measure_variety(days(), pool).value();
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(before[i].entropy_bits, after[i].entropy_bits);
    EXPECT_EQ(before[i].dominant, after[i].dominant);
  }
}

TEST_F(ShapeUseTest, TheCurveOfCoverageRisesToOne) {
  const std::vector<std::uint64_t> counts{1, 5, 0, 4};
  const auto found = cover_days(counts);
  EXPECT_EQ(found.codes, (std::vector<std::uint32_t>{1, 3, 0, 2}));
  EXPECT_EQ(found.shares, (std::vector<double>{0.5, 0.9, 1, 1}));
  EXPECT_EQ(cover_days(std::vector<std::uint64_t>{0, 0}).shares, (std::vector<double>{0, 0}));
  EXPECT_TRUE(cover_days({}).codes.empty());
}

TEST_F(ShapeUseTest, CountsShapesBySeasonAndDayType) {
  const auto found = count_cells(days(), kinds(), pool).value();
  EXPECT_EQ(found.counts, matrix_of<std::uint64_t>({{0, 1, 0, 0}, {0, 0, 2, 0}, {1, 1, 2, 0}, {0, 0, 0, 1}}));
  EXPECT_EQ(found.days, matrix_of<std::uint32_t>({{1, 1, 2, 0}, {0, 1, 2, 1}, {0, 0, 0, 0}}));
  EXPECT_EQ(found.dominant, matrix_of<std::uint32_t>(
                                {{2, 2, 1, kNoShape}, {kNoShape, 0, 1, 3}, {kNoShape, kNoShape, kNoShape, kNoShape}}));
  EXPECT_EQ(found.dominant_share, matrix_of<float>({{1, 1, 0.5F, 0}, {0, 1, 0.5F, 1}, {0, 0, 0, 0}}));
}

TEST_F(ShapeUseTest, ManyDaysGiveTheSameForAnyThreadCount) {
  Random random(2);
  codes.resize(50000);
  owners.resize(50000);
  seasons.resize(50000);
  types.resize(50000);
  for (std::size_t i = 0; i < codes.size(); ++i) {
    codes[i] = static_cast<std::uint32_t>(random.below(4));
    owners[i] = static_cast<std::uint32_t>(random.below(1000));
    seasons[i] = static_cast<std::uint8_t>(random.below(2));
    types[i] = static_cast<std::uint8_t>(random.below(2));
  }
  const CodedDays many{codes, owners, 4, 1000};
  const auto cells = count_cells(many, kinds(), pool).value();
  const auto variety = measure_variety(many, pool).value();
  std::uint64_t all = 0;
  for (const auto count : cells.counts.values()) all += count;
  EXPECT_EQ(all, 50000U);
  for (const std::size_t threads : {1U, 2U}) {
    WorkerPool fewer(threads);
    const auto again = count_cells(many, kinds(), fewer).value();
    EXPECT_EQ(cells.dominant, again.dominant);
    EXPECT_EQ(cells.dominant_share, again.dominant_share);
    EXPECT_EQ(variety[77].entropy_bits, measure_variety(many, fewer).value()[77].entropy_bits);
  }
}

TEST_F(ShapeUseTest, RefusesCodesThatAreNotThere) {
  codes[5] = 4;
  expect_error(measure_variety(days(), pool), ErrorCode::InvalidArgument, "load.code_range",
               {{"what", "codes"}, {"day", "5"}, {"value", "4"}, {"count", "4"}});
  owners.pop_back();
  expect_error(measure_variety(days(), pool), ErrorCode::InvalidArgument, "load.lengths_differ",
               {{"what", "owner_of"}, {"value", "7"}, {"expected", "8"}});
}

TEST_F(ShapeUseTest, RefusesSeasonsThatAreNotThere) {
  types[3] = 2;
  expect_error(count_cells(days(), kinds(), pool), ErrorCode::InvalidArgument, "load.code_range",
               {{"what", "day_type_of"}, {"day", "3"}});
  seasons.push_back(0);
  expect_error(count_cells(days(), kinds(), pool), ErrorCode::InvalidArgument, "load.lengths_differ",
               {{"what", "season_of"}});
  expect_error(count_cells(days(), {seasons, types, 0, 2}, pool), ErrorCode::InvalidArgument, "load.option_range",
               {{"option", "season_count"}});
}

TEST_F(ShapeUseTest, StopsWhenAsked) {
  std::stop_source source;
  source.request_stop();
  expect_error(measure_variety(days(), pool, source.get_token()), ErrorCode::Cancelled, "base.cancelled");
  expect_error(count_cells(days(), kinds(), pool, source.get_token()), ErrorCode::Cancelled, "base.cancelled");
}

}  // namespace
}  // namespace fenqun::load
