// tests/unit/load/shape_kernels_test.cpp
#include "load/shape_kernels.hpp"

#include "cluster/kmeans_kernels.hpp"
#include "unit/load/sample_load.hpp"

#include <cstdlib>
#include <string_view>

namespace fenqun::load {
namespace {

TEST(ShapeKernels, EveryLevelFindsWhatAPlainSearchFindsForAnyShape) {
  Random random(17);
  for (int trial = 0; trial < 60; ++trial) {
    auto rows = cluster::noise(1 + random.below(20), 1 + random.below(50), random.next());
    auto shapes = cluster::noise(1 + random.below(90), rows.cols(), random.next());
    if (shapes.rows() > 40) std::ranges::copy(shapes.row(3), shapes.row(40).begin());
    std::ranges::copy(shapes.row(shapes.rows() / 2), rows.row(0).begin());
    const PackedShapes packed(shapes.view());
    for (const auto& level : shape_kernel_levels()) {
      std::vector<std::uint32_t> codes(rows.rows());
      std::vector<float> squared(rows.rows());
      std::vector<float> all(packed.blocks() * kShapeBlock);
      level.nearest(rows.view(), packed, codes.data(), squared.data());
      for (std::size_t r = 0; r < rows.rows(); ++r) {
        level.distances(rows.row(r).data(), packed, all.data());
        std::uint32_t best = 0;
        for (std::uint32_t k = 0; k < shapes.rows(); ++k) {
          ASSERT_EQ(all[k], cluster::squared_distance(rows.row(r), shapes.row(k))) << level.level;
          if (all[k] < all[best]) best = k;
        }
        EXPECT_EQ(codes[r], best) << level.level;
        EXPECT_EQ(squared[r], all[best]) << level.level;
      }
    }
  }
}

TEST(ShapeKernels, AShapeThatWasRemovedIsNeverFound) {
  const auto shapes = matrix_of<float>({{0, 0}, {5, 5}, {9, 9}});
  PackedShapes packed(shapes.view());
  packed.remove(0);
  std::uint32_t code = 9;
  float squared = 0;
  shape_kernels().nearest({shapes.values().data(), 1, 2}, packed, &code, &squared);
  EXPECT_EQ(code, 1U);
  packed.set(2, shapes.row(0));
  shape_kernels().nearest({shapes.values().data(), 1, 2}, packed, &code, &squared);
  EXPECT_EQ(code, 2U);
  EXPECT_EQ(squared, 0);
}

TEST(ShapeKernels, TheLevelAskedForIsTheOneInUse) {
  const char* const wanted = std::getenv("FENQUN_TEST_LEVEL");
  EXPECT_EQ(shape_kernels().level, wanted == nullptr ? shape_kernel_levels().back().level : std::string_view(wanted));
}

}  // namespace
}  // namespace fenqun::load
