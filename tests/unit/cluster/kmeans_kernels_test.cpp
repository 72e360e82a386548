// tests/unit/cluster/kmeans_kernels_test.cpp
#include "cluster/kmeans_kernels.hpp"

#include "unit/cluster/sample_rows.hpp"

#include <algorithm>
#include <limits>

namespace fenqun::cluster {
namespace {

struct Found {
  explicit Found(std::size_t rows) : labels(rows), squared(rows), next_labels(rows), next_squared(rows) {}
  std::vector<std::uint32_t> labels;
  std::vector<float> squared;
  std::vector<std::uint32_t> next_labels;
  std::vector<float> next_squared;
  bool operator==(const Found&) const = default;
};

Found search_two(const KMeansKernels& level, const Matrix<float>& rows, const Matrix<float>& centroids) {
  Found out(rows.rows());
  std::vector<float> scratch(scratch_size(centroids.rows(), centroids.cols()));
  level.nearest_two(rows.view(), centroids.view(), scratch, out.labels.data(), out.squared.data(),
                    out.next_labels.data(), out.next_squared.data());
  return out;
}

/// By sorting every distance, with the same arithmetic.
Found search_plainly(const Matrix<float>& rows, const Matrix<float>& centroids) {
  Found out(rows.rows());
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    std::vector<std::pair<float, std::uint32_t>> all;
    for (std::uint32_t k = 0; k < centroids.rows(); ++k) {
      all.emplace_back(squared_distance(rows.row(r), centroids.row(k)), k);
    }
    all.emplace_back(std::numeric_limits<float>::infinity(), std::numeric_limits<std::uint32_t>::max());
    std::ranges::sort(all);
    out.squared[r] = all[0].first;
    out.labels[r] = all[0].second;
    out.next_squared[r] = all[1].first;
    out.next_labels[r] = all[1].second;
  }
  return out;
}

TEST(KMeansKernels, EveryLevelFindsWhatAPlainSearchFindsForAnyShape) {
  Random random(21);
  for (int trial = 0; trial < 60; ++trial) {
    const auto rows = noise(1 + random.below(100), 1 + random.below(80), random.next());
    const auto centroids = noise(1 + random.below(20), rows.cols(), random.next());
    const auto expected = search_plainly(rows, centroids);
    for (const auto& level : kernel_levels()) {
      const auto found = search_two(level, rows, centroids);
      EXPECT_TRUE(found == expected) << level.level << ' ' << rows.rows() << 'x' << rows.cols() << ' '
                                     << centroids.rows();
      Found nearest(rows.rows());
      std::vector<float> scratch(scratch_size(centroids.rows(), centroids.cols()));
      level.nearest(rows.view(), centroids.view(), scratch, nearest.labels.data(), nearest.squared.data());
      EXPECT_EQ(nearest.labels, expected.labels);
      EXPECT_EQ(nearest.squared, expected.squared);
    }
  }
}

TEST(KMeansKernels, CentroidsThatCoincideGoByLabel) {
  const auto rows = noise(70, 5, 1);
  Matrix<float> centroids(4, 5);  // four times the same
  for (const auto& level : kernel_levels()) {
    const auto found = search_two(level, rows, centroids);
    EXPECT_EQ(found.labels, std::vector<std::uint32_t>(70, 0)) << level.level;
    EXPECT_EQ(found.next_labels, std::vector<std::uint32_t>(70, 1)) << level.level;
    EXPECT_EQ(found.squared, found.next_squared);
  }
}

TEST(KMeansKernels, SumsAddEachRowToItsGroupInDouble) {
  const auto rows = matrix_of<float>({{1, 2}, {1e-8F, 4}, {5, 6}});
  const std::vector<std::uint32_t> labels = {1, 1, 0};
  const std::vector<float> squared = {0.5F, 1e-9F, 2};
  for (const auto& level : kernel_levels()) {
    std::vector<double> sums(4);
    std::vector<std::uint64_t> counts(2);
    const double total = level.add_rows(rows.view(), labels.data(), squared.data(), sums.data(), counts.data());
    EXPECT_EQ(total, 0.5 + static_cast<double>(1e-9F) + 2) << level.level;
    EXPECT_EQ(sums, (std::vector<double>{5, 6, 1 + static_cast<double>(1e-8F), 6})) << level.level;
    EXPECT_EQ(counts, (std::vector<std::uint64_t>{1, 2})) << level.level;
  }
}

TEST(KMeansKernels, SumsAreTheSameBitsOnEveryLevelForAnyWidth) {
  for (std::size_t cols = 1; cols < 40; ++cols) {
    const auto rows = noise(300, cols, cols);
    std::vector<std::uint32_t> labels(300);
    for (std::size_t r = 0; r < labels.size(); ++r) labels[r] = static_cast<std::uint32_t>(r * r % 7);
    const std::vector<float> squared(300, 1);
    std::vector<double> expected(7 * cols);
    for (std::size_t r = 0; r < labels.size(); ++r) {
      for (std::size_t c = 0; c < cols; ++c) expected[labels[r] * cols + c] += static_cast<double>(rows(r, c));
    }
    for (const auto& level : kernel_levels()) {
      std::vector<double> sums(7 * cols);
      std::vector<std::uint64_t> counts(7);
      EXPECT_EQ(level.add_rows(rows.view(), labels.data(), squared.data(), sums.data(), counts.data()), 300.0);
      EXPECT_EQ(sums, expected) << level.level << ' ' << cols;
    }
  }
}

}  // namespace
}  // namespace fenqun::cluster
