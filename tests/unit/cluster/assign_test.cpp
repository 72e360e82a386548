// tests/unit/cluster/assign_test.cpp
#include "cluster/assign.hpp"

#include "cluster/kmeans.hpp"
#include "unit/cluster/sample_rows.hpp"

#include <limits>

namespace fenqun::cluster {
namespace {

TEST(Assign, GivesTheNearestCentreAndTheNext) {
  WorkerPool pool(1);
  const auto rows = matrix_of<float>({{0, 0}, {3, 4}, {9, 0}});
  const auto out = assign_rows(rows.view(), matrix_of<float>({{10, 0}, {0, 0}, {3, 0}}).view(), pool);
  ASSERT_TRUE(out.has_value());
  EXPECT_EQ(out->labels, (std::vector<std::uint32_t>{1, 2, 0}));
  EXPECT_EQ(out->distances, (std::vector<float>{0, 4, 1}));
  EXPECT_EQ(out->next_labels, (std::vector<std::uint32_t>{2, 1, 2}));
  EXPECT_EQ(out->next_distances, (std::vector<float>{3, 5, 6}));
}

TEST(Assign, ASingleCentreHasNoNext) {
  WorkerPool pool(1);
  const auto out = assign_rows(noise(5, 2, 1).view(), noise(1, 2, 2).view(), pool);
  ASSERT_TRUE(out.has_value());
  EXPECT_EQ(out->labels, std::vector<std::uint32_t>(5, 0));
  EXPECT_EQ(out->next_labels, std::vector<std::uint32_t>(5, kNoLabel));
  EXPECT_EQ(out->next_distances, std::vector<float>(5, std::numeric_limits<float>::infinity()));
}

TEST(Assign, GivesTrainingRowsTheLabelsOfTheFitForAnyThreadCount) {
  const auto data = planted(9000, 40, 6, 6, 3);
  WorkerPool one(1);
  const auto fit = fit_kmeans(data.rows.view(), {.cluster_count = 6}, one);
  ASSERT_TRUE(fit.has_value());
  const auto expected = assign_rows(data.rows.view(), fit->centroids.view(), one);
  ASSERT_TRUE(expected.has_value());
  EXPECT_EQ(expected->labels, fit->labels);
  for (const std::size_t threads : {2U, 5U}) {
    WorkerPool pool(threads);
    const auto out = assign_rows(data.rows.view(), fit->centroids.view(), pool);
    ASSERT_TRUE(out.has_value());
    EXPECT_EQ(out->distances, expected->distances);
    EXPECT_EQ(out->next_labels, expected->next_labels);
    EXPECT_EQ(out->next_distances, expected->next_distances);
  }
}

TEST(Assign, NoRowsGiveNoLabels) {
  WorkerPool pool(2);
  const auto out = assign_rows(Matrix<float>(0, 2).view(), noise(3, 2, 1).view(), pool);
  ASSERT_TRUE(out.has_value());
  EXPECT_TRUE(out->labels.empty());
}

}  // namespace
}  // namespace fenqun::cluster
