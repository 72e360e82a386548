// tests/unit/segment/group_map_test.cpp
#include "segment/group_map.hpp"

#include "base/random.hpp"
#include "base/worker_pool.hpp"
#include "cluster/assign.hpp"

#include <gtest/gtest.h>

namespace fenqun::segment {
namespace {

Matrix<float> drawn(std::size_t rows, std::size_t cols, std::uint64_t seed) {
  Random random(seed);
  Matrix<float> out(rows, cols);
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < cols; ++c) out(r, c) = static_cast<float>(random.normal());
  }
  return out;
}

bool is_inside(const std::vector<MapPoint>& polygon, MapPoint p) {
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const auto a = polygon[i];
    const auto b = polygon[(i + 1) % polygon.size()];
    if ((b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x) < -1e-6) return false;
  }
  return polygon.size() >= 3;
}

double area(const std::vector<MapPoint>& polygon) {
  double sum = 0;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const auto a = polygon[i];
    const auto b = polygon[(i + 1) % polygon.size()];
    sum += a.x * b.y - b.x * a.y;
  }
  return sum / 2;
}

class GroupMapTest : public testing::Test {
 protected:
  GroupMap make(std::size_t k, std::size_t d) {
    rows_ = drawn(400, d, 1);
    centres_ = drawn(k, d, 2);
    WorkerPool pool(1);
    labels_ = cluster::assign_rows(rows_.view(), centres_.view(), pool)->labels;
    auto map = make_group_map(rows_.view(), labels_, centres_.view(), drawn(k, d, 3).view());
    EXPECT_TRUE(map.has_value());
    return std::move(*map);
  }
  Matrix<float> rows_;
  Matrix<float> centres_;
  std::vector<std::uint32_t> labels_;
};

TEST_F(GroupMapTest, WithThreeCentresEveryRowLiesInTheRegionOfItsGroupWhateverTheNumberOfColumns) {
  for (const std::size_t d : {2U, 5U, 9U}) {
    const auto map = make(3, d);
    EXPECT_NEAR(map.centre_share, 1, 1e-9);
    for (std::size_t r = 0; r < map.rows.size(); ++r)
      EXPECT_TRUE(is_inside(map.regions[labels_[r]], map.rows[r])) << d << " columns, row " << r;
  }
}

TEST_F(GroupMapTest, RegionsOfFinalAndInitialCentresFillTheFrameWithoutOverlap) {
  for (const std::size_t k : {1U, 2U, 5U, 7U}) {
    const auto map = make(k, 4);
    const double frame = (map.greatest_x - map.least_x) * (map.greatest_y - map.least_y);
    for (const auto* regions : {&map.regions, &map.start_regions}) {
      double sum = 0;
      for (const auto& region : *regions) sum += area(region);
      EXPECT_NEAR(sum / frame, 1, 1e-9) << k << " groups";
    }
  }
}

TEST_F(GroupMapTest, AxesAreOfLengthOneAndAtRightAngles) {
  const auto map = make(5, 6);
  double xx = 0;
  double xy = 0;
  for (std::size_t c = 0; c < 6; ++c) {
    xx += map.x_axis[c] * map.x_axis[c];
    xy += map.x_axis[c] * map.y_axis[c];
  }
  EXPECT_NEAR(xx, 1, 1e-9);
  EXPECT_NEAR(xy, 0, 1e-6);
  EXPECT_LT(map.centre_share, 1);
}

TEST_F(GroupMapTest, OneColumnGivesALine) {
  const auto map = make(3, 1);
  EXPECT_TRUE(map.y_axis.empty());
  for (const auto& point : map.rows) EXPECT_EQ(point.y, 0);
}

TEST_F(GroupMapTest, ColumnsThatDifferAreRefused) {
  EXPECT_FALSE(
      make_group_map(drawn(3, 2, 1).view(), std::vector<std::uint32_t>(3), drawn(2, 3, 1).view(), {}).has_value());
  EXPECT_FALSE(make_group_map({}, {}, {}, {}).has_value());
}

}  // namespace
}  // namespace fenqun::segment
