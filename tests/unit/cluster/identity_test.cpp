#include "cluster/identity.hpp"

#include "cluster/kmeans.hpp"
#include "unit/cluster/sample_rows.hpp"

#include <numeric>

namespace fenqun::cluster {
namespace {

using Labels = std::vector<std::uint32_t>;

TEST(Identity, GroupsKeepTheirNumbersUnderAnyOtherNames) {
  Random random(11);
  for (int trial = 0; trial < 30; ++trial) {
    const auto k = static_cast<std::uint32_t>(2 + random.below(7));
    Labels turned(k);
    std::iota(turned.begin(), turned.end(), 0U);
    for (auto i = k; i > 1; --i) std::swap(turned[i - 1], turned[random.below(i)]);
    Labels before(400);
    for (std::uint32_t r = 0; r < before.size(); ++r) before[r] = r % k;
    Labels after = before;
    for (auto& label : after) label = turned[label];
    const auto identity = carry_on(before, after);
    ASSERT_TRUE(identity.has_value());
    for (std::uint32_t g = 0; g < k; ++g) EXPECT_EQ(identity->names[turned[g]], g);
    EXPECT_EQ(identity->stayed, 400U);
    EXPECT_EQ(identity->moved, 0U);
    EXPECT_EQ(identity->adjusted_rand, 1.0);
    EXPECT_TRUE(identity->ended.empty());
  }
}

TEST(Identity, ASplitGroupGoesOnAsItsLargerPart) {
  const Labels before = {0, 0, 0, 0, 0, 1, 1};
  const Labels after = {2, 2, 2, 0, 0, 1, 1};
  const auto identity = *carry_on(before, after);
  EXPECT_EQ(identity.names, (Labels{2, 1, 0}));
  EXPECT_EQ(identity.matches[0].old_group, kUnmatched);
  EXPECT_EQ(identity.matches[2].common, 3U);
  EXPECT_DOUBLE_EQ(identity.matches[2].overlap, 0.6);
  EXPECT_EQ(identity.migration, matrix_of<std::uint64_t>({{3, 0, 2}, {0, 2, 0}}));
  EXPECT_EQ(identity.moved, 2U);
}

TEST(Identity, AMergedGroupEnds) {
  const auto identity = *carry_on(Labels{0, 1, 1, 2, 2, 2}, Labels{0, 0, 0, 1, 1, 1});
  EXPECT_EQ(identity.names, (Labels{1, 2}));
  EXPECT_EQ(identity.ended, (Labels{0}));
  EXPECT_EQ(identity.migration, matrix_of<std::uint64_t>({{0, 1, 0}, {0, 2, 0}, {0, 0, 3}}));
}

TEST(Identity, TooLittleInCommonIsANewGroup) {
  const Labels before = {0, 0, 0, 0, 1};
  const Labels after = {0, 0, 0, 1, 1};
  EXPECT_EQ(carry_on(before, after)->matches[1].old_group, 1U);
  const auto strict = *carry_on(before, after, {0.6});
  EXPECT_EQ(strict.matches[0].old_group, 0U);
  EXPECT_EQ(strict.matches[1].old_group, kUnmatched) << "half of the rows are in both";
  EXPECT_EQ(strict.names, (Labels{0, 2}));
  EXPECT_EQ(strict.ended, (Labels{1}));
}

TEST(Identity, MigrationAddsUpToTheOldGroups) {
  Random random(5);
  Labels before(1000);
  Labels after(1000);
  for (std::size_t r = 0; r < before.size(); ++r) {
    before[r] = static_cast<std::uint32_t>(random.below(6));
    after[r] = random.chance(0.7) ? (before[r] + 2) % 6 : static_cast<std::uint32_t>(random.below(9));
  }
  const auto identity = *carry_on(before, after);
  std::uint64_t all = 0;
  for (std::size_t o = 0; o < identity.migration.rows(); ++o) {
    const auto row = identity.migration.row(o);
    all += std::accumulate(row.begin(), row.end(), std::uint64_t{0});
  }
  EXPECT_EQ(all, 1000U);
  EXPECT_EQ(identity.stayed + identity.moved, 1000U);
  EXPECT_GT(identity.stayed, 650U);
}

TEST(Identity, AnotherSeedDoesNotRenameTheGroups) {
  const auto sample = planted(3000, 6, 5, 12, 4);
  WorkerPool pool(2);
  const auto first = *fit_kmeans(sample.rows.view(), {.cluster_count = 5, .seed = 1}, pool);
  const auto second = *fit_kmeans(sample.rows.view(), {.cluster_count = 5, .seed = 99}, pool);
  const auto identity = *carry_on(first.labels, second.labels);
  EXPECT_EQ(identity.moved, 0U);
  EXPECT_EQ(*match_centroids(first.centroids.view(), second.centroids.view()), identity.names)
      << "centroids tell the same as rows";
}

TEST(IdentityBadarg, RefusesAShareThatIsNone) {
  expect_error(carry_on(Labels{0}, Labels{0}, {1.5}), ErrorCode::InvalidArgument, "cluster.option_range",
               {{"option", "least_overlap"}, {"value", "1.5"}});
  expect_error(carry_on(Labels{0}, Labels{0}, {std::numeric_limits<double>::quiet_NaN()}), ErrorCode::InvalidArgument,
               "cluster.option_range");
}

TEST(IdentityBadarg, RefusesLabelingsOfDifferentLength) {
  expect_error(carry_on(Labels{0}, Labels{0, 1}), ErrorCode::InvalidArgument, "cluster.labels_differ");
}

TEST(IdentityBadarg, RefusesCentroidsOfOtherColumns) {
  expect_error(match_centroids(Matrix<float>(2, 3).view(), Matrix<float>(2, 4).view()), ErrorCode::InvalidArgument,
               "cluster.columns_differ", {{"columns", "4"}, {"expected", "3"}});
}

}  // namespace
}  // namespace fenqun::cluster
