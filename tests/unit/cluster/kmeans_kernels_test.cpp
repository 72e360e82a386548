// tests/unit/cluster/kmeans_kernels_test.cpp
#include "cluster/kmeans_kernels.hpp"

#include "unit/cluster/sample_rows.hpp"

#include <algorithm>
#include <cstdlib>
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
      std::vector<float> own(rows.rows());
      level.own(rows.view(), centroids.view(), expected.labels.data(), own.data());
      EXPECT_EQ(own, expected.squared) << level.level;
      Found nearest(rows.rows());
      std::vector<float> scratch(scratch_size(centroids.rows(), centroids.cols()));
      level.nearest(rows.view(), centroids.view(), scratch, nearest.labels.data(), nearest.squared.data());
      EXPECT_EQ(nearest.labels, expected.labels);
      EXPECT_EQ(nearest.squared, expected.squared);
    }
  }
}

TEST(KMeansKernels, TheLevelAskedForIsTheOneInUse) {
  const char* const wanted = std::getenv("FENQUN_TEST_LEVEL");
  EXPECT_EQ(kernels().level, wanted == nullptr ? kernel_levels().back().level : std::string_view(wanted));
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
  for (const auto& level : kernel_levels()) {
    std::vector<double> sums(4);
    std::vector<std::uint64_t> counts(2);
    level.add_rows(rows.view(), labels.data(), sums.data(), counts.data());
    EXPECT_EQ(sums, (std::vector<double>{5, 6, 1 + static_cast<double>(1e-8F), 6})) << level.level;
    EXPECT_EQ(counts, (std::vector<std::uint64_t>{1, 2})) << level.level;
  }
}

TEST(KMeansKernels, SumsAreTheSameBitsOnEveryLevelForAnyWidth) {
  for (std::size_t cols = 1; cols < 40; ++cols) {
    const auto rows = noise(300, cols, cols);
    std::vector<std::uint32_t> labels(300);
    for (std::size_t r = 0; r < labels.size(); ++r) labels[r] = static_cast<std::uint32_t>(r * r % 7);
    std::vector<double> expected(7 * cols);
    for (std::size_t r = 0; r < labels.size(); ++r) {
      for (std::size_t c = 0; c < cols; ++c) expected[labels[r] * cols + c] += static_cast<double>(rows(r, c));
    }
    for (const auto& level : kernel_levels()) {
      std::vector<double> sums(7 * cols);
      std::vector<std::uint64_t> counts(7);
      level.add_rows(rows.view(), labels.data(), sums.data(), counts.data());
      EXPECT_EQ(sums, expected) << level.level << ' ' << cols;
    }
  }
}

TEST(KMeansKernels, RowsMoveBetweenSumsAndOnlyThoseWhoseLabelsDiffer) {
  const auto rows = noise(100, 11, 5);
  std::vector<std::uint32_t> from(100);
  std::vector<std::uint32_t> to(100);
  for (std::size_t r = 0; r < 100; ++r) {
    from[r] = static_cast<std::uint32_t>(r % 3);
    to[r] = r % 7 == 0 ? static_cast<std::uint32_t>(r % 2) : from[r];
  }
  for (const auto& level : kernel_levels()) {
    std::vector<double> sums(3 * 11);
    std::vector<double> expected(3 * 11);
    std::vector<std::uint64_t> counts(3);
    std::vector<std::uint64_t> expected_counts(3);
    level.add_rows(rows.view(), from.data(), sums.data(), counts.data());
    level.add_rows(rows.view(), to.data(), expected.data(), expected_counts.data());
    std::size_t differ = 0;
    for (std::size_t r = 0; r < 100; ++r) differ += from[r] != to[r] ? 1U : 0U;
    EXPECT_EQ(level.move_rows(rows.view(), from.data(), to.data(), sums.data(), counts.data()), differ) << level.level;
    EXPECT_EQ(counts, expected_counts);
    for (std::size_t i = 0; i < sums.size(); ++i) EXPECT_NEAR(sums[i], expected[i], 1e-12);
  }
}

TEST(KMeansKernels, AddUpIsTheSameBitsOnEveryLevel) {
  for (const std::size_t count : {0U, 1U, 7U, 8U, 9U, 255U}) {
    const auto values = noise(count + 1, 1, count);
    const std::span<const float> some(values.values().data(), count);
    const double first = kernel_levels().front().add_up(some);
    for (const auto& level : kernel_levels()) EXPECT_EQ(level.add_up(some), first) << level.level << ' ' << count;
    double plain = 0;
    for (const float value : some) plain += static_cast<double>(value);
    EXPECT_NEAR(first, plain, 1e-9);
  }
}

TEST(KMeansKernels, MarginsThatRunOutAreOpen) {
  Random random(3);
  for (const std::size_t count : {1U, 5U, 16U, 200U, 256U}) {
    std::vector<float> before(count);
    std::vector<std::uint32_t> labels(count);
    for (std::size_t i = 0; i < count; ++i) {
      before[i] = static_cast<float>(random.uniform());
      labels[i] = static_cast<std::uint32_t>(random.below(4));
    }
    const std::vector<float> less = {0, 0.25F, 0.5F, 2};
    for (const auto& level : kernel_levels()) {
      auto margins = before;
      std::vector<std::uint8_t> open(count + 1);
      const std::size_t found = level.narrow_margins(margins, labels.data(), less.data(), open.data());
      std::vector<std::uint8_t> expected;
      for (std::size_t i = 0; i < count; ++i) {
        EXPECT_EQ(margins[i], (before[i] - less[labels[i]]) * kMarginKept);
        if (!(margins[i] > 0)) expected.push_back(static_cast<std::uint8_t>(i));
      }
      open.resize(found);
      EXPECT_EQ(open, expected) << level.level << ' ' << count;
    }
  }
}

TEST(KMeansKernels, EveryMetricFindsWhatAPlainSearchFinds) {
  Random random(4);
  for (const auto metric :
       {RowMetric::Squared, RowMetric::SquaredPresent, RowMetric::Manhattan, RowMetric::ManhattanPresent}) {
    const bool is_missing = metric == RowMetric::SquaredPresent || metric == RowMetric::ManhattanPresent;
    for (int trial = 0; trial < 20; ++trial) {
      auto rows = noise(1 + random.below(90), 1 + random.below(70), random.next());
      const auto centroids = noise(1 + random.below(9), rows.cols(), random.next());
      for (std::size_t r = 0; is_missing && r < rows.rows(); ++r) {
        rows(r, random.below(rows.cols())) = std::numeric_limits<float>::quiet_NaN();
      }
      for (const auto& level : kernel_levels()) {
        std::vector<std::uint32_t> labels(rows.rows());
        std::vector<float> distances(rows.rows());
        std::vector<float> scratch(scratch_size(centroids.rows(), centroids.cols()));
        level.search(metric).nearest(rows.view(), centroids.view(), scratch, labels.data(), distances.data());
        for (std::size_t r = 0; r < rows.rows(); ++r) {
          std::vector<float> all;
          for (std::size_t k = 0; k < centroids.rows(); ++k) {
            all.push_back(row_distance(metric, rows.row(r), centroids.row(k)));
          }
          const auto least = std::ranges::min_element(all);
          EXPECT_EQ(distances[r], *least) << level.level;
          EXPECT_EQ(labels[r], static_cast<std::uint32_t>(least - all.begin())) << level.level;
        }
      }
    }
  }
}

}  // namespace
}  // namespace fenqun::cluster
