// tests/unit/load/nearest_shape_test.cpp
#include "load/nearest_shape.hpp"

#include "unit/load/sample_load.hpp"

namespace fenqun::load {
namespace {

struct Found {
  explicit Found(std::size_t rows) : codes(rows), squared(rows) {}
  std::vector<std::uint32_t> codes;
  std::vector<float> squared;
  bool operator==(const Found&) const = default;
};

/// By guess; expects what a search of all distances gives. Returns how many rows were searched again.
std::uint64_t expect_exact(const Matrix<float>& rows, const Matrix<float>& shapes) {
  const PackedShapes packed(shapes.view());
  Found direct(rows.rows());
  shape_kernels().nearest(rows.view(), packed, direct.codes.data(), direct.squared.data());
  Found found(rows.rows());
  NearestShape search(shapes.view(), packed);
  search.find(rows.view(), found.codes.data(), found.squared.data());
  EXPECT_TRUE(found == direct) << rows.rows() << 'x' << rows.cols() << ' ' << shapes.rows();
  return search.searched_again();
}

TEST(NearestShape, GivesTheBitsOfADirectSearch) {
  Random random(31);
  for (int trial = 0; trial < 60; ++trial) {
    const auto rows = cluster::noise(1 + random.below(200), 1 + random.below(50), random.next());
    expect_exact(rows, cluster::noise(1 + random.below(90), rows.cols(), random.next()));
  }
}

TEST(NearestShape, ProvesMostGuesses) {
  EXPECT_LT(expect_exact(cluster::noise(2000, 24, 1), cluster::noise(300, 24, 2)), 100U);
}

TEST(NearestShape, SettlesEqualAndNearlyEqualShapesByDistance) {
  auto shapes = cluster::noise(64, 24, 3);
  Random random(4);
  for (std::size_t k = 1; k < 64; ++k) {
    for (std::size_t c = 0; c < 24; ++c) {
      const double away = k % 3 == 0 ? 0 : 3e-7 * random.normal();
      shapes(k, c) = static_cast<float>(static_cast<double>(shapes(0, c)) * (1 + away));
    }
  }
  EXPECT_GT(expect_exact(cluster::noise(500, 24, 5), shapes), 450U);
  expect_exact(shapes, shapes);
}

TEST(NearestShape, HoldsForAnyScaleAndForRowsOfZeros) {
  for (const float scale : {1e6F, 1.0F, 1e-10F, 1e-19F, 1e-30F}) {
    auto rows = cluster::noise(100, 24, 6);
    auto shapes = cluster::noise(70, 24, 7);
    for (std::size_t r = 0; r < rows.rows(); ++r) {
      for (float& value : rows.row(r)) value *= scale / 8;
    }
    for (std::size_t r = 0; r < shapes.rows(); ++r) {
      for (float& value : shapes.row(r)) value *= scale / 8;
    }
    std::ranges::fill(rows.row(50), 0.0F);
    expect_exact(rows, shapes);
  }
}

TEST(NearestShape, HoldsWhereOneShapeIsFarLongerThanTheOthers) {
  auto shapes = cluster::noise(70, 24, 7);
  for (float& value : shapes.row(40)) value *= 10000;
  EXPECT_GT(expect_exact(cluster::noise(300, 24, 8), shapes), 0U);
}

}  // namespace
}  // namespace fenqun::load
