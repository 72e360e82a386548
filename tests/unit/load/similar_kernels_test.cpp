// tests/unit/load/similar_kernels_test.cpp
#include "load/similar_kernels.hpp"

#include "unit/load/sample_load.hpp"

#include <cstdlib>
#include <string_view>

namespace fenqun::load {
namespace {

TEST(SimilarKernels, EveryLevelAddsProductsWithinTheRoundingOfAStep) {
  Random random(3);
  for (const std::size_t hours : {1U, 7U, 128U}) {
    std::vector<float> a(hours * kPanel);
    std::vector<float> b(hours * kPanel);
    for (auto& value : a) value = static_cast<float>(random.normal());
    for (auto& value : b) value = static_cast<float>(random.normal());
    constexpr std::size_t kStride = kPanel + 3;
    std::vector<double> expected(kPanel * kStride, 0.25);
    std::vector<double> most(expected.size());
    for (std::size_t i = 0; i < kPanel; ++i) {
      for (std::size_t j = 0; j < kPanel; ++j) {
        for (std::size_t h = 0; h < hours; ++h) {
          const double product = static_cast<double>(a[h * kPanel + i]) * static_cast<double>(b[h * kPanel + j]);
          expected[i * kStride + j] += product;
          most[i * kStride + j] += std::abs(product) * static_cast<double>(hours + 1) / (1U << 24U);
        }
      }
    }
    for (const auto& level : similar_kernel_levels()) {
      std::vector<double> sums(kPanel * kStride, 0.25);
      level.add_products(a.data(), b.data(), hours, sums.data(), kStride);
      for (std::size_t i = 0; i < sums.size(); ++i) {
        EXPECT_LE(std::abs(sums[i] - expected[i]), most[i]) << level.level << ' ' << hours;
      }
    }
  }
}

TEST(SimilarKernels, EveryLevelGivesTheSameBitsOfAProductInDouble) {
  Random random(4);
  for (const std::size_t hours : {0U, 1U, 8U, 100U, 1003U}) {
    std::vector<float> a(hours);
    std::vector<float> b(hours);
    double expected = 0;
    for (std::size_t h = 0; h < hours; ++h) {
      a[h] = random.chance(0.1) ? kMissing : static_cast<float>(random.normal());
      b[h] = random.chance(0.1) ? kMissing : static_cast<float>(random.normal());
      if (!std::isnan(a[h]) && !std::isnan(b[h])) expected += static_cast<double>(a[h]) * static_cast<double>(b[h]);
    }
    const double first = similar_kernel_levels().front().dot(a.data(), b.data(), hours);
    EXPECT_NEAR(first, expected, 1e-12);
    for (const auto& level : similar_kernel_levels()) {
      EXPECT_EQ(level.dot(a.data(), b.data(), hours), first) << level.level;
      EXPECT_EQ(level.dot(b.data(), a.data(), hours), first) << level.level;
    }
  }
}

TEST(SimilarKernels, StayWithinTheBoundThatIsStated) {
  constexpr std::size_t kHours = 8760;
  Random random(5);
  std::vector<float> a(kHours * kPanel);
  std::vector<double> exact(a.size());
  for (std::size_t i = 0; i < kPanel; ++i) {
    double squares = 0;
    for (std::size_t h = 0; h < kHours; ++h) {
      exact[h * kPanel + i] = random.uniform(0.5, 1);
      squares += exact[h * kPanel + i] * exact[h * kPanel + i];
    }
    for (std::size_t h = 0; h < kHours; ++h) {
      a[h * kPanel + i] = static_cast<float>(exact[h * kPanel + i] /= std::sqrt(squares));
    }
  }
  std::vector<double> sums(kPanel * kPanel);
  for (std::size_t begin = 0; begin < kHours; begin += kHoursPerStep) {
    const float* const at = a.data() + begin * kPanel;
    similar_kernels().add_products(at, at, std::min(kHoursPerStep, kHours - begin), sums.data(), kPanel);
  }
  for (std::size_t i = 0; i < kPanel; ++i) {
    for (std::size_t j = 0; j < kPanel; ++j) {
      double cosine = 0;
      for (std::size_t h = 0; h < kHours; ++h) cosine += exact[h * kPanel + i] * exact[h * kPanel + j];
      EXPECT_LT(std::abs(sums[i * kPanel + j] - cosine), kCosineBound);
    }
  }
}

TEST(SimilarKernels, TheLevelAskedForIsTheOneInUse) {
  const char* const wanted = std::getenv("FENQUN_TEST_LEVEL");
  EXPECT_EQ(similar_kernels().level,
            wanted == nullptr ? similar_kernel_levels().back().level : std::string_view(wanted));
}

}  // namespace
}  // namespace fenqun::load
