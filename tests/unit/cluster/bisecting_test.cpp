// tests/unit/cluster/bisecting_test.cpp
#include "cluster/bisecting.hpp"

#include "cluster/agreement.hpp"
#include "unit/cluster/sample_rows.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace fenqun::cluster {
namespace {

class Bisecting : public testing::Test {
 protected:
  Result<BisectingFit> fit(const Matrix<float>& rows, std::uint32_t k, SplitRule rule = SplitRule::Inertia,
                           const std::stop_token& stop = {}) {
    return fit_bisecting(rows.view(), {.cluster_count = k}, rule, pool, stop);
  }
  WorkerPool pool{2};
};

/// The labels after the first `splits` splits.
std::vector<std::uint32_t> undone(const BisectingFit& found, std::size_t splits) {
  auto labels = found.fit.labels;
  for (std::size_t s = found.splits.size(); s-- > splits;) {
    std::ranges::replace(labels, static_cast<std::uint32_t>(s + 1), found.splits[s].group);
  }
  return labels;
}

/// Inertia of each group about its mean, in double.
std::map<std::uint32_t, double> inertias(const Matrix<float>& rows, const std::vector<std::uint32_t>& labels) {
  std::map<std::uint32_t, double> out;
  for (const auto label : labels) out[label] = 0;
  for (auto& [group, inertia] : out) {
    for (std::size_t c = 0; c < rows.cols(); ++c) {
      double sum = 0;
      double squares = 0;
      double count = 0;
      for (std::size_t r = 0; r < rows.rows(); ++r) {
        if (labels[r] != group) continue;
        sum += static_cast<double>(rows(r, c));
        ++count;
      }
      for (std::size_t r = 0; r < rows.rows(); ++r) {
        if (labels[r] == group) squares += std::pow(static_cast<double>(rows(r, c)) - sum / count, 2);
      }
      inertia += squares;
    }
  }
  return out;
}

TEST_F(Bisecting, FindsGroupsThatLieApart) {
  const auto data = planted(1000, 4, 4, 20, 1);
  for (const auto rule : {SplitRule::Inertia, SplitRule::Size}) {
    const auto found = fit(data.rows, 4, rule).value();
    EXPECT_EQ(adjusted_rand_index(found.fit.labels, data.labels).value(), 1.0);
    EXPECT_TRUE(found.fit.converged);
    EXPECT_EQ(found.fit.sizes, std::vector<std::uint64_t>(4, 250));
  }
}

TEST_F(Bisecting, TheTreeTellsEachSplitAndUndoingTheLastGivesTheCoarserGroups) {
  const auto rows = noise(400, 3, 2);
  const auto found = fit(rows, 6).value();
  ASSERT_EQ(found.splits.size(), 5U);
  for (std::uint32_t k = 1; k <= 6; ++k) {
    const auto coarse = fit(rows, k).value();
    EXPECT_EQ(coarse.fit.labels, undone(found, k - 1)) << k;
    EXPECT_EQ(coarse.fit.inertia, found.fit.inertia_by_round[k - 1]);
  }
  for (std::size_t s = 0; s < 5; ++s) {
    const auto& split = found.splits[s];
    const auto before = inertias(rows, undone(found, s));
    const auto after = inertias(rows, undone(found, s + 1));
    for (const auto& [group, inertia] : before) EXPECT_LE(inertia, split.inertia * (1 + 1e-5)) << "not the greatest";
    EXPECT_NEAR(split.inertia, before.at(split.group), 1e-5 * split.inertia);
    EXPECT_NEAR(split.kept_inertia, after.at(split.group), 1e-5 * split.inertia);
    EXPECT_NEAR(split.moved_inertia, after.at(static_cast<std::uint32_t>(s + 1)), 1e-5 * split.inertia);
    EXPECT_LT(split.kept_inertia + split.moved_inertia, split.inertia);
    EXPECT_LT(found.fit.inertia_by_round[s + 1], found.fit.inertia_by_round[s]);
  }
}

TEST_F(Bisecting, BySizeTheLargestGroupIsSplit) {
  const auto found = fit(noise(500, 2, 3), 5, SplitRule::Size).value();
  for (std::size_t s = 1; s < 4; ++s) {
    const auto labels = undone(found, s);
    std::vector<std::uint64_t> sizes(s + 1);
    for (const auto label : labels) ++sizes[label];
    EXPECT_EQ(found.splits[s].rows, std::ranges::max(sizes));
    EXPECT_EQ(found.splits[s].group, std::ranges::max_element(sizes) - sizes.begin());
  }
}

TEST_F(Bisecting, OneGroupAndAsManyAsRowsArePossible) {
  const auto rows = noise(7, 2, 1);
  EXPECT_EQ(fit(rows, 1).value().fit.labels, std::vector<std::uint32_t>(7, 0));
  const auto all = fit(rows, 7).value();
  EXPECT_EQ(all.fit.sizes, std::vector<std::uint64_t>(7, 1));
  EXPECT_EQ(all.fit.inertia, 0);
}

TEST_F(Bisecting, GroupsOfEqualRowsArePassedOverAndTooFewDistinctRowsAreAnError) {
  Matrix<float> rows(90, 2);
  for (std::size_t r = 0; r < 90; ++r) rows(r, 0) = r < 60 ? 0.0F : static_cast<float>(r % 3 + 1);
  const auto found = fit(rows, 4, SplitRule::Size).value();  // the largest group is all zeros
  EXPECT_EQ(found.fit.inertia, 0);
  expect_error(fit(rows, 5), ErrorCode::BadData, "cluster.too_few_distinct_rows", {{"k", "5"}, {"distinct", "4"}});
}

TEST_F(Bisecting, WorksByOtherDistancesAndRowWeights) {
  const auto data = planted(300, 3, 3, 20, 1);
  std::vector<float> weights(300, 1);
  weights[5] = 3;
  for (const auto distance : {Distance::Manhattan, Distance::Cosine}) {
    const KMeansOptions options{.cluster_count = 3, .distance = distance, .row_weights = weights};
    const auto found = fit_bisecting(data.rows.view(), options, SplitRule::Inertia, pool).value();
    EXPECT_GT(adjusted_rand_index(found.fit.labels, data.labels).value(), 0.95);
  }
}

TEST_F(Bisecting, ThreadsDoNotChangeABit) {
  const auto rows = noise(4000, 4, 5);
  const auto expected = fit(rows, 6).value();
  for (const std::size_t threads : {1U, 4U}) {
    WorkerPool other(threads);
    const auto found = fit_bisecting(rows.view(), {.cluster_count = 6}, SplitRule::Inertia, other).value();
    EXPECT_EQ(found.fit.labels, expected.fit.labels);
    EXPECT_EQ(found.fit.centroids, expected.fit.centroids);
    EXPECT_EQ(found.fit.inertia_by_round, expected.fit.inertia_by_round);
  }
}

TEST_F(Bisecting, DrillingDownSplitsOneGroupAndLeavesTheOthers) {
  const auto data = planted(900, 3, 9, 20, 4);
  std::vector<std::uint32_t> coarse(900);
  for (std::size_t r = 0; r < 900; ++r) coarse[r] = data.labels[r] % 3;
  const auto found = split_group(data.rows.view(), coarse, 3, 1, {.cluster_count = 3}, pool).value();
  EXPECT_EQ(found.rows.size(), 300U);
  for (std::size_t r = 0; r < 900; ++r) {
    const auto label = found.labels[r];
    EXPECT_TRUE(coarse[r] == 1 ? label == 1 || label == 3 || label == 4 : label == coarse[r]);
  }
  std::vector<std::uint32_t> truth;
  for (const auto row : found.rows) truth.push_back(data.labels[row]);
  EXPECT_EQ(adjusted_rand_index(found.fit.labels, truth).value(), 1.0);
}

TEST_F(Bisecting, RefusesWhatCannotBe) {
  auto rows = noise(30, 2, 1);
  expect_error(fit(rows, 0), ErrorCode::InvalidArgument, "cluster.option_range", {{"option", "cluster_count"}});
  expect_error(fit(rows, 31), ErrorCode::InvalidArgument, "cluster.more_groups_than_rows", {{"rows", "30"}});
  expect_error(fit(Matrix<float>(0, 2), 2), ErrorCode::BadData, "cluster.no_rows");
  const KMeansOptions started{.cluster_count = 2, .initial_centroids = noise(2, 2, 1)};
  expect_error(fit_bisecting(rows.view(), started, SplitRule::Size, pool), ErrorCode::InvalidArgument,
               "cluster.option_range", {{"option", "initial_centroids"}});
  const KMeansOptions partial{.cluster_count = 2, .missing = MissingValues::PartialDistance};
  expect_error(fit_bisecting(rows.view(), partial, SplitRule::Size, pool), ErrorCode::InvalidArgument,
               "cluster.option_unsupported", {{"option", "missing"}});
  std::vector<std::uint32_t> labels(30);
  expect_error(split_group(rows.view(), labels, 2, 2, {.cluster_count = 2}, pool), ErrorCode::InvalidArgument,
               "cluster.option_range", {{"option", "group"}, {"value", "2"}});
  expect_error(split_group(rows.view(), labels, 2, 1, {.cluster_count = 2}, pool), ErrorCode::InvalidArgument,
               "cluster.empty_group", {{"group", "1"}});
  labels[4] = 9;
  expect_error(split_group(rows.view(), labels, 2, 1, {.cluster_count = 2}, pool), ErrorCode::InvalidArgument,
               "cluster.label_range", {{"row", "4"}});
  rows(11, 0) = std::numeric_limits<float>::quiet_NaN();
  expect_error(fit(rows, 2), ErrorCode::BadData, "cluster.bad_value", {{"row", "11"}, {"column", "0"}});
}

TEST_F(Bisecting, StopsWhenAskedBeforeAndBetweenSplits) {
  std::stop_source source;
  std::uint32_t rounds = 0;
  KMeansOptions options{.cluster_count = 8};
  options.on_round = [&](const KMeansRound&) {
    if (++rounds == 30) source.request_stop();
  };
  expect_error(fit_bisecting(noise(500, 3, 1).view(), options, SplitRule::Inertia, pool, source.get_token()),
               ErrorCode::Cancelled, "base.cancelled");
  EXPECT_EQ(rounds, 30U);
  expect_error(fit(noise(50, 2, 1), 3, SplitRule::Size, source.get_token()), ErrorCode::Cancelled, "base.cancelled");
}

}  // namespace
}  // namespace fenqun::cluster
